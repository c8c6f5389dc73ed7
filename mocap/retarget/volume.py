"""The room that an avatar's own trunk, head and thighs take up, simple enough to ask about in every frame.

Flesh is kept as tubes around bones: rings of radii, measured on the body's own mesh (see
`blender_addon.makehuman.flesh`), rigid with one bone each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mocap.retarget.pose import Pose
from mocap.rotations import Array, conjugate, from_matrix, length, multiply, rotate


@dataclass(frozen=True)
class Tube:
    """Flesh around one bone, at rest.

    Attributes:
        bone: index of the bone that carries it.
        origin: (3,) a point on its axis; axes: (3, 3) rows x, y across and z along it.
        low, high: metres from the origin along the axis between which there is flesh.
        radii: (H, A) metres from the axis to the skin, at H heights from low to high and A angles from x towards y.
    """

    bone: int
    origin: Array
    axes: Array
    low: float
    high: float
    radii: Array

    @property
    def center(self) -> Array:
        """(3,) middle of the axis."""
        out: Array = self.origin + 0.5 * (self.low + self.high) * self.axes[2]
        return out

    @property
    def reach(self) -> float:
        """Metres from the center within which all of the flesh lies."""
        return float(np.hypot(0.5 * (self.high - self.low), self.radii.max()))


@dataclass(frozen=True)
class ArmFlesh:
    """One arm below the shoulder as balls along its bones.

    Attributes:
        elbow, wrist: metres from the joint to the skin; between the two it goes linearly.
        hand: metres from the middle of the palm to its skin.
        finger: half the thickness of a finger.
    """

    elbow: float
    wrist: float
    hand: float
    finger: float


@dataclass(frozen=True)
class BodyVolume:
    """The flesh of a body.

    Attributes:
        tubes: what hands must stay out of.
        arms: how thick the arms are, by side, "Left" and "Right".
        shanks: the lower legs, which hands may hold, but no cloth goes through.
    """

    tubes: tuple[Tube, ...]
    arms: Mapping[str, ArmFlesh]
    shanks: tuple[Tube, ...] = ()


@dataclass(frozen=True)
class PosedTube:
    """A tube over T frames: where its center is (T, 3), its origin (T, 3), and its turn (T, 4) from world to tube."""

    tube: Tube
    center: Array
    origin: Array
    inward: Array


def posed_tubes(volume: BodyVolume, pose: Pose) -> list[PosedTube]:
    """All tubes over the frames of a pose."""
    out = []
    for tube in volume.tubes:
        inward = multiply(from_matrix(tube.axes), conjugate(pose.turn(tube.bone)))
        center = pose.carried(tube.bone, tube.center)
        out.append(PosedTube(tube, center, pose.carried(tube.bone, tube.origin), inward))
    return out


def push_out(tubes: list[PosedTube], frames: np.ndarray, points: Array, radii: Array) -> Array:
    """(K, P, 3) metres by which balls in the flesh have to move to lie on the skin, each out of where it is deepest.

    Args:
        frames: (K,) which of the tubes' frames are asked about.
        points: (K, P, 3) the balls' middles in these; radii: (P,) metres.
    """
    out = np.zeros_like(points)
    if not len(frames):
        return out
    deepest = np.zeros(points.shape[:2])
    middle = points.mean(axis=1)
    extent = length(points - middle[:, None]).max(axis=1) + radii.max()
    for posed in tubes:
        tube = posed.tube
        close = np.flatnonzero(length(middle - posed.center[frames]) < tube.reach + extent)
        if not len(close):
            continue
        near = length(points[close] - posed.center[frames[close], None]) < tube.reach + radii
        row, ball = np.nonzero(near)
        row = close[row]
        local = rotate(posed.inward[frames[row]], points[row, ball] - posed.origin[frames[row]])
        within = (local[:, 2] >= tube.low) & (local[:, 2] <= tube.high)
        row, ball, local = row[within], ball[within], local[within]
        depth, normal = _depth(tube, local)
        depth = depth + radii[ball]
        inside = depth > deepest[row, ball]
        row, ball = row[inside], ball[inside]
        deepest[row, ball] = depth[inside]
        out[row, ball] = depth[inside, None] * rotate(conjugate(posed.inward[frames[row]]), normal[inside])
    return out


def _depth(tube: Tube, local: Array) -> tuple[Array, Array]:
    """How deep points (K, 3) of a tube's own frame, between its ends, lie under its skin (K,), and the way out (K, 3).

    Negative outside. To first order: the radius is a surface of its own over height and angle, and the way out is its
    normal.
    """
    rows, columns = tube.radii.shape
    x, y, z = local[:, 0], local[:, 1], local[:, 2]
    per_row, per_column = (tube.high - tube.low) / (rows - 1), 2.0 * np.pi / columns
    r = np.maximum(np.sqrt(x * x + y * y), 1e-4)
    height, angle = (z - tube.low) / per_row, np.arctan2(y, x) / per_column
    i, j = np.minimum(height.astype(np.int64), rows - 2), np.floor(angle).astype(np.int64)
    u, v = height - i, angle - j
    # Angles run from −π: the column before the first is the last. Corners of the cell, round it first.
    flat = tube.radii.ravel()
    here, there = i * columns + j % columns, i * columns + (j + 1) % columns
    a, b, c, d = flat[here], flat[there], flat[here + columns], flat[there + columns]
    low, high = a + v * (b - a), c + v * (d - c)
    skin = low + u * (high - low)
    rise = (high - low) / per_row
    along = ((b - a) + u * ((d - c) - (b - a))) / (per_column * r)
    normal = np.stack(((x + along * y) / r, (y - along * x) / r, -rise), axis=-1)
    slope = length(normal)
    return (skin - r) / slope, normal / slope[:, None]

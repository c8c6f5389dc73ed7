"""The room that an avatar's own trunk, head and thighs take up, simple enough to ask about in every frame.

Flesh is kept as tubes around bones: rings of radii, measured on the body's own mesh (see
`blender_addon.makehuman.flesh`), rigid with one bone each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mocap.retarget.pose import Pose
from mocap.rotations import Array, conjugate, from_matrix, multiply, rotate


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
    """What hands must stay out of, and how thick the arms are: by side, "Left" and "Right"."""

    tubes: tuple[Tube, ...]
    arms: Mapping[str, ArmFlesh]


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


def at_frames(tubes: list[PosedTube], frames: np.ndarray) -> list[PosedTube]:
    """The same tubes in some of the frames."""
    return [PosedTube(t.tube, t.center[frames], t.origin[frames], t.inward[frames]) for t in tubes]


def push_out(tubes: list[PosedTube], points: Array, radii: Array) -> Array:
    """(T, P, 3) metres by which balls in the flesh have to move to lie on the skin, each out of where it is deepest.

    Args:
        points: (T, P, 3) the balls' middles; radii: (P,) metres.
    """
    out = np.zeros_like(points)
    deepest = np.zeros(points.shape[:2])
    for posed in tubes:
        tube = posed.tube
        near = np.sum((points - posed.center[:, None]) ** 2, axis=-1) < (tube.reach + radii) ** 2
        frame, ball = np.nonzero(near)
        if not len(frame):
            continue
        inward = posed.inward[frame]
        depth, normal = _depth(tube, rotate(inward, points[frame, ball] - posed.origin[frame]))
        depth = depth + radii[ball]
        inside = depth > np.maximum(deepest[frame, ball], 0.0)
        frame, ball = frame[inside], ball[inside]
        deepest[frame, ball] = depth[inside]
        out[frame, ball] = depth[inside, None] * rotate(conjugate(inward[inside]), normal[inside])
    return out


def _depth(tube: Tube, local: Array) -> tuple[Array, Array]:
    """How deep points (K, 3) of a tube's own frame lie under its skin (K,), and the way out (K, 3).

    Negative outside; −inf beyond the tube's ends. To first order: the radius is a surface of its own over height and
    angle, and the way out is its normal.
    """
    rows, columns = tube.radii.shape
    height = (local[:, 2] - tube.low) / (tube.high - tube.low) * (rows - 1)
    within = (height >= 0.0) & (height <= rows - 1)
    x, y = local[:, 0], local[:, 1]
    r = np.maximum(np.hypot(x, y), 1e-4)
    angle = np.arctan2(y, x) * (columns / (2.0 * np.pi))
    i = np.clip(np.floor(height).astype(np.int64), 0, rows - 2)
    j = np.floor(angle).astype(np.int64)
    u, v = np.clip(height - i, 0.0, 1.0), angle - j
    j0, j1 = j % columns, (j + 1) % columns
    a, b, c, d = tube.radii[i, j0], tube.radii[i, j1], tube.radii[i + 1, j0], tube.radii[i + 1, j1]
    low, high = a + v * (b - a), c + v * (d - c)
    skin = low + u * (high - low)
    rise = (high - low) * ((rows - 1) / (tube.high - tube.low))
    round_ = ((1.0 - u) * (b - a) + u * (d - c)) * (columns / (2.0 * np.pi)) / r
    normal = np.stack((x / r + round_ * y / r, y / r - round_ * x / r, -rise), axis=-1)
    slope = np.sqrt(np.sum(normal**2, axis=-1))
    depth = np.where(within, (skin - r) / slope, -np.inf)
    return depth, normal / slope[:, None]

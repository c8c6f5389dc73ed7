"""The upper of a boot or shoe, lofted round a shaped foot and shank. Numpy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_addon.skater.foot import Foot
from blender_addon.skater.surface import Surface, face_areas, loft, smoothstep
from mocap.rotations import Array

RING = 24
FRONT = 18  # the point of every ring that lies in front, on the foot on top
LEATHER = 0.004
PADDING = 0.006  # leather and lining between skin and the outside
TOE_BOX_HEIGHT = 0.038
# The padded collar, from the lining up and over: metres inwards and upwards from the edge.
_COLLAR = (
    (0.0055, -0.024),
    (0.0045, -0.004),
    (0.003, 0.002),
    (0.0, 0.0035),
    (-0.0022, 0.0015),
    (-0.002, -0.005),
    (0.002, -0.008),
)
_TOE_CAP = 6  # rings from the tip to the seam of the toe cap
_GROWN = 0.24  # metres of a foot for which the collar is measured
_LOWEST = -0.006  # metres below the skin of the sole


@dataclass(frozen=True)
class Upper:
    """One upper in the frame of its foot.

    Attributes:
        foot: whose.
        rings: (S, R, 3) outline across the shank, round the heel and across the forefoot, from the collar to the toes.
        with_leg: (S,) share of each ring that moves with the shank; the rest is rigid with the foot.
    """

    foot: Foot
    rings: Array
    with_leg: Array


def make_upper(foot: Foot, collar: float, leg_from: float) -> Upper:
    """The upper: sections across the shin, round the heel about a point before the instep, and across the forefoot.

    Args:
        collar: height of its edge in front, in the foot's frame; behind it is a little higher.
        leg_from: height above which it moves with the leg alone.
    """
    points, length = foot.points, foot.length
    pivot_x = float(foot.ankle[0]) + 0.27 * length
    instep = points[(np.abs(points[:, 0] - pivot_x) < 0.012) & (points[:, 2] < 0.6 * length), 2].max()
    size = length / _GROWN
    pivot_z = float(instep) + 0.016 * size
    collar = max(collar, pivot_z + 0.02 * size)

    heights = np.linspace(collar, pivot_z, 8)[:-1]
    reach = 0.06 * length
    shaft = [_section(points, (pivot_x, z), (-1.0, 0.0), reach) for z in heights]
    turns = np.linspace(0.0, 0.5 * np.pi, 9)
    heel = [_fan_section(points, (pivot_x, pivot_z), angle) for angle in turns]
    ahead = np.linspace(pivot_x, length - 0.02, 8)[1:]
    toes = [_section(points, (x, pivot_z), (0.0, -1.0), reach) for x in ahead]

    boxes = np.array(shaft + heel + toes)
    boxes += np.array((-PADDING, PADDING, -PADDING, PADDING))
    for _ in range(2):
        boxes[1:-1] = 0.25 * boxes[:-2] + 0.5 * boxes[1:-1] + 0.25 * boxes[2:]
    # A flat bed from the ball to the toes, and a toe box that leaves the toes room.
    bed = slice(len(shaft) + len(heel) - 1, None)
    boxes[bed, 1] = pivot_z + LEATHER
    boxes[bed, 0] = np.minimum(boxes[bed, 0], pivot_z - TOE_BOX_HEIGHT)
    boxes[bed, 0] = np.minimum.accumulate(boxes[bed, 0][::-1])[::-1]
    # The tongue fills the bend before the ankle.
    above = np.concatenate((heights - pivot_z, np.zeros(len(heel))))
    boxes[: len(above), 0] = np.minimum(boxes[: len(above), 0], 0.003 + 0.45 * above)

    origins = np.array(
        [(pivot_x, z) for z in heights] + [(pivot_x, pivot_z)] * len(turns) + [(x, pivot_z) for x in ahead]
    )
    depth = np.array([(-1.0, 0.0)] * len(shaft) + [(-np.cos(a), -np.sin(a)) for a in turns] + [(0.0, -1.0)] * len(toes))
    squareness = np.concatenate((np.full(len(shaft), 2.1), np.linspace(2.1, 2.8, len(heel)), np.full(len(toes), 3.0)))
    rings = np.array([_ring(*row) for row in zip(boxes, origins, depth, squareness, strict=True)])
    rings = np.concatenate((rings, _toe_cap(rings[-1], length + PADDING)))

    # The collar is cut higher behind than in front.
    behind = (pivot_x - rings[0, :, 0]) / np.ptp(rings[0, :, 0])
    rings[0, :, 2] += 0.016 * (behind - 0.5)
    # Nothing of it shows under the sole.
    rings[..., 2] = np.maximum(rings[..., 2], _LOWEST)
    with_leg = smoothstep(pivot_z, max(leg_from, pivot_z + 0.01), rings[:, :, 2].mean(axis=1))
    with_leg[len(shaft) :] = 0.0
    return Upper(foot, rings, with_leg)


def upper_surface(upper: Upper, bones: int) -> tuple[Surface, Array]:
    """The upper on a rig of so many bones, open at the collar; and (N,) metres to its seams."""
    vertices, faces = loft(upper.rings, close_end=True)
    weights = leg_weights(upper.foot, np.repeat(upper.with_leg, RING), bones)
    return Surface(upper.foot.to_rig(vertices), faces, weights), _to_seams(
        upper.rings, (1, len(upper.rings) - _TOE_CAP)
    )


def collar_surface(upper: Upper, bones: int) -> Surface:
    """The padding round the upper's edge, from outside over it and in, down to the shin."""
    edge, size = upper.rings[0], upper.foot.length / _GROWN
    inward = edge.mean(axis=0) - edge
    inward[:, 2] = 0.0
    inward /= np.linalg.norm(inward, axis=1, keepdims=True)
    rings = np.stack([edge + size * (step * inward + (0.0, 0.0, up)) for step, up in _COLLAR])
    vertices, faces = loft(rings)
    # The roll opens downwards, so that inside and outside cannot be told from its middle.
    faces = (
        faces
        if face_areas(vertices, faces)[-1] @ (vertices[faces[-1]].mean(axis=0) - edge.mean(axis=0)) > 0.0
        else faces[:, ::-1]
    )
    share = np.full(len(vertices), upper.with_leg[0])
    return Surface(upper.foot.to_rig(vertices), faces, leg_weights(upper.foot, share, bones))


def _to_seams(rings: Array, sewn: tuple[int, ...]) -> Array:
    """(S·R,) metres along the upper to the nearest of the rings that are sewn."""
    step = np.linalg.norm(np.diff(rings, axis=0), axis=2)
    along = np.concatenate((np.zeros((1, rings.shape[1])), np.cumsum(step, axis=0)))
    return np.min([np.abs(along - along[ring]) for ring in sewn], axis=0).ravel()


def leg_weights(foot: Foot, with_leg: Array, bones: int) -> Array:
    """(N, bones) weights of points that go with the shank by shares `with_leg` (N,), and else with the foot."""
    weights = np.zeros((len(with_leg), bones))
    weights[:, foot.foot_bone], weights[:, foot.leg_bone] = 1.0 - with_leg, with_leg
    return weights


def _section(points: Array, origin: tuple[float, float], direction: tuple[float, float], reach: float) -> Array:
    """Box (near, far, right, left) of the points within `reach` of the half-plane from `origin` along `direction`,
    both in (x, z); near and far are distances from the origin."""
    offset = points[:, (0, 2)] - np.array(origin)
    depth = offset @ np.array(direction)
    aside = np.abs(offset @ np.array((direction[1], -direction[0])))
    return _box(depth, points[:, 1], (aside < reach) & (depth > 0.0))


def _fan_section(points: Array, pivot: tuple[float, float], angle: float) -> Array:
    """The box of `_section` for a half-plane that points back (angle 0) to down (angle π/2)."""
    offset = np.array(pivot) - points[:, (0, 2)]
    distance = np.linalg.norm(offset, axis=1)
    here = np.abs(np.arctan2(offset[:, 1], offset[:, 0]) - angle) < np.radians(9.0)
    return _box(distance, points[:, 1], here)


def _box(depth: Array, lateral: Array, mask: np.ndarray) -> Array:
    return np.array((depth[mask].min(), depth[mask].max(), lateral[mask].min(), lateral[mask].max()))


def _ring(box: Array, origin: Array, depth: Array, squareness: float) -> Array:
    """(R, 3) a superellipse that fills a section's box."""
    angle = np.linspace(0.0, 2.0 * np.pi, RING, endpoint=False)
    cosine, sine = (np.sign(f(angle)) * np.abs(f(angle)) ** (2.0 / squareness) for f in (np.cos, np.sin))
    distance = 0.5 * (box[0] + box[1]) + 0.5 * (box[1] - box[0]) * sine
    lateral = 0.5 * (box[2] + box[3]) + 0.5 * (box[3] - box[2]) * cosine
    return np.stack((origin[0] + distance * depth[0], lateral, origin[1] + distance * depth[1]), axis=-1)


def _toe_cap(ring: Array, tip: float) -> Array:
    """(4, R, 3) rings that round the boot off from its last section to the tip."""
    start = ring[:, 0].mean()
    share = np.array((0.4, 0.7, 0.9, 1.0))
    scale = np.maximum((1.0 - share**2.4) ** (1.0 / 2.4), 0.35)[:, None]
    middle = 0.5 * (ring.min(axis=0) + ring.max(axis=0))
    bottom = ring[:, 2].min()
    out = np.empty((len(share), *ring.shape))
    out[..., 0] = (start + share * (tip - start))[:, None]
    out[..., 1] = middle[1] + scale * (ring[:, 1] - middle[1])
    out[..., 2] = bottom + (0.35 + 0.65 * scale) * (ring[:, 2] - bottom)
    return out

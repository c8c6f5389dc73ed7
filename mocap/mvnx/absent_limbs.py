"""Bodies recorded in part: the limbs that a file leaves out, filled in at rest.

MVN itself writes all 23 segments even for its UpperBody and LowerBody configurations, with the rest of the body held
straight. A file cut down by another program is brought to that same form, and says so in its warnings.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mocap.axes import FORWARD
from mocap.elements.body import skater
from mocap.errors import UserError
from mocap.rotations import Array, from_axis_angle, multiply, rotate
from mocap.skeleton import PARENTS, SEGMENTS, Skeleton

# From the identity pose, in which arms point sideways, down to where they hang, clear of hips and skirts.
_HANGING = np.radians(75.0)


def limbs_to_fill(path: Path, declared: Sequence[str]) -> tuple[str, ...]:
    """Segments of the body that a file leaves out and that can be filled in; () for a whole body.

    Args:
        path: the file, for the message.
        declared: the segments it has.

    Raises:
        UserError: what is left out is no limb from some joint outward, or so much that nobody is left.
    """
    absent = tuple(name for name in SEGMENTS if name not in declared)
    torn = [name for name in absent if any(PARENTS[child] == name for child in SEGMENTS if child in declared)]
    if torn or len(SEGMENTS) - len(absent) < 9:  # a pelvis with both legs, or with the trunk and an arm
        raise UserError(
            f"segments missing: {', '.join(torn or absent)}", file=path, mend="Export all 23 body segments."
        )
    return absent


def with_filled_limbs(skeleton: Skeleton, orientations: Array, positions: Array) -> tuple[Skeleton, Array, Array]:
    """The whole body, its absent limbs of the average skater's shape at this person's size, hanging from the others.

    Args:
        skeleton: some of the body's segments, then fingers and props.
        orientations: (T, J, 4) and positions (T, J, 3) of those.

    Returns:
        The skeleton with all 23 segments first, and its orientations and positions.
    """
    average = skater()
    recorded = [name for name in SEGMENTS if name in skeleton.names and PARENTS[name] in skeleton.names]
    own, usual = (
        sum(float(np.linalg.norm(body.offsets[body.index(name)])) for name in recorded) for body in (skeleton, average)
    )
    scale = own / usual
    names = (*SEGMENTS, *(name for name in skeleton.names if name not in SEGMENTS))
    offsets, parents = np.zeros((len(names), 3)), np.full(len(names), -1)
    turned, moved = np.empty((len(orientations), len(names), 4)), np.empty((len(positions), len(names), 3))
    points = dict(skeleton.points)
    for j, name in enumerate(names):
        if name in skeleton.names:
            k = skeleton.index(name)
            above = int(skeleton.parents[k])
            parents[j] = -1 if above < 0 else names.index(skeleton.names[above])
            offsets[j], turned[:, j], moved[:, j] = skeleton.offsets[k], orientations[:, k], positions[:, k]
            continue
        k = average.index(name)
        p = parents[j] = names.index(str(PARENTS[name]))
        offsets[j] = scale * average.offsets[k]
        points[name] = {label: scale * point for label, point in average.points[name].items()}
        turned[:, j] = multiply(turned[:, p], _at_rest(name))
        moved[:, j] = moved[:, p] + rotate(turned[:, p], offsets[j])
    return Skeleton(names, parents, offsets, points), turned, moved


def _at_rest(segment: str) -> Array:
    """(4,) how a segment at rest is turned against its parent."""
    if segment.endswith("UpperArm"):
        return from_axis_angle(FORWARD, _HANGING if segment.startswith("Right") else -_HANGING)
    return np.array((1.0, 0.0, 0.0, 0.0))

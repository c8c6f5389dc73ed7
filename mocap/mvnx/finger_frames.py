"""Fingers whose positions are told relative to the hand, brought into the world.

Whether MVN writes its finger streams in the world or relative to the hand could not be checked against a file of its
own, so the numbers decide: the carpus lies at the wrist, or it lies at the origin however far away the hand is.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mocap.rotations import Array, multiply, rotate
from mocap.skeleton import SIDES, finger_segments

# Metres: no carpus is farther from its own hand, and no skater keeps a hand this near to the origin for a whole take.
_AT_HAND = 0.25


def fingers_in_world(names: Sequence[str], orientations: Array, positions: Array) -> list[str]:
    """Turn and move, in place, the fingers that were relative to their hand.

    Args:
        names: J segments.
        orientations: (T, J, 4), changed.
        positions: (T, J, 3), changed.

    Returns:
        The sides that were relative: "Left", "Right".
    """
    relative = []
    for side in SIDES:
        fingers = [names.index(name) for name in finger_segments(side) if name in names]
        if not fingers:
            continue
        hand, nearest = names.index(f"{side}Hand"), fingers[0]
        away = np.linalg.norm(positions[:, nearest] - positions[:, hand], axis=-1)
        from_origin = np.linalg.norm(positions[:, nearest], axis=-1)
        if np.median(away) > _AT_HAND and from_origin.max() < _AT_HAND:
            for j in fingers:
                positions[:, j] = positions[:, hand] + rotate(orientations[:, hand], positions[:, j])
                orientations[:, j] = multiply(orientations[:, hand], orientations[:, j])
            relative.append(side)
    return relative

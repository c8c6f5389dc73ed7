"""Two-bone inverse kinematics: where knee or elbow goes when ankle or wrist is to be elsewhere."""

from __future__ import annotations

import numpy as np

from mocap.rotations import Array, dot, length


def middle_joint(start: Array, end: Array, upper: Array, lower: Array, toward: Array) -> Array:
    """(…, 3) the joint between two bones of given lengths that run from `start` to `end`.

    Args:
        start, end: (…, 3) the outer joints, no farther apart than the bones reach.
        upper, lower: (…) the bones' lengths.
        toward: (…, 3) a point on the side to which the joint bends.
    """
    line = end - start
    distance = length(line)
    line = line / np.maximum(distance, 1e-9)[..., None]
    pole = toward - start
    pole = pole - dot(pole, line)[..., None] * line
    pole = pole / np.maximum(length(pole), 1e-9)[..., None]
    along = (upper**2 - lower**2 + distance**2) / np.maximum(2.0 * distance, 1e-9)
    aside = np.sqrt(np.maximum(upper**2 - along**2, 0.0))
    return start + along[..., None] * line + aside[..., None] * pole


def within_reach(start: Array, end: Array, shortest: Array, longest: Array) -> Array:
    """`end` (…, 3) drawn along its line from `start` to a distance between `shortest` and `longest` (…)."""
    line = end - start
    distance = np.maximum(length(line), 1e-9)
    return start + line * (np.clip(distance, shortest, longest) / distance)[..., None]

"""Do the segments meet at the joints? The test of whether a recording's orientations mean what they should."""

from __future__ import annotations

from math import sqrt

import numpy as np

from mocap.axes import quaternions_from_mvn
from mocap.rotations import Array, conjugate, multiply, rotate
from mocap.skeleton import Skeleton

_HALF = sqrt(0.5)

# MVNX 3 may give arm segments in ISB axes while their points are not: orientation = true · this, in MVN's own axes.
# Measured on files of MVN Studio 4; the left side mirrors the right one.
_ISB_OFFSETS = {
    "RightUpperArm": (_HALF, -_HALF, 0.0, 0.0),
    "RightForeArm": (0.5, -0.5, 0.5, 0.5),
    "RightHand": (0.5, -0.5, 0.5, 0.5),
    "LeftUpperArm": (_HALF, _HALF, 0.0, 0.0),
    "LeftForeArm": (0.5, 0.5, 0.5, -0.5),
    "LeftHand": (0.5, 0.5, 0.5, -0.5),
}
_ARM_JOINTS = ("RightForeArm", "RightHand", "LeftForeArm", "LeftHand")

# MVN's own segments stay within 2 mm of each other; forearms off by a quarter turn miss by decimetres.
_SUSPICIOUS = 0.05
_SAMPLES = 64


def closure_error(skeleton: Skeleton, orientations: Array, positions: Array) -> Array:
    """Distance between each segment's origin and where its parent puts that joint.

    Args:
        skeleton: J segments.
        orientations: (T, J, 4).
        positions: (T, J, 3) metres.

    Returns:
        (T, J) metres; zero for the root.
    """
    out = np.zeros(positions.shape[:2])
    for j, parent in enumerate(skeleton.parents):
        if parent >= 0:
            joint = positions[:, parent] + rotate(orientations[:, parent], skeleton.offsets[j])
            out[:, j] = np.linalg.norm(joint - positions[:, j], axis=-1)
    return out


def without_isb_arms(skeleton: Skeleton, orientations: Array, positions: Array) -> Array | None:
    """Orientations (T, J, 4) with arms taken from ISB axes to MVN's, or None where they are in MVN's already.

    Elbows and wrists decide: they must miss their joints as recorded and meet them once turned.
    """
    every = slice(None, None, max(1, len(orientations) // _SAMPLES))
    joints = [skeleton.index(name) for name in _ARM_JOINTS]
    recorded = closure_error(skeleton, orientations[every], positions[every])[:, joints].mean()
    if recorded < _SUSPICIOUS:
        return None
    turned = _turn_arms(skeleton, orientations)
    mended = closure_error(skeleton, turned[every], positions[every])[:, joints].mean()
    return turned if mended < 0.2 * recorded else None


def _turn_arms(skeleton: Skeleton, orientations: Array) -> Array:
    out = orientations.copy()
    for name, offset in _ISB_OFFSETS.items():
        j = skeleton.index(name)
        out[:, j] = multiply(out[:, j], conjugate(quaternions_from_mvn(offset)))
    return out

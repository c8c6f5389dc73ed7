"""A small XSens-like person and motions of it, for tests that need no recording."""

from __future__ import annotations

import numpy as np

from mocap.motion import Motion, forward_kinematics
from mocap.skeleton import PARENTS, SEGMENTS, Skeleton

_OFFSETS = {
    "L5": (0.0, 0.0, 0.1), "L3": (0.0, 0.0, 0.1), "T12": (0.0, 0.0, 0.09), "T8": (0.0, 0.0, 0.09),
    "Neck": (0.0, 0.0, 0.13), "Head": (0.0, 0.0, 0.09),
    "LeftShoulder": (0.03, 0.0, 0.07), "LeftUpperArm": (0.14, 0.0, 0.0), "LeftForeArm": (0.27, 0.0, 0.0),
    "LeftHand": (0.23, 0.0, 0.0),
    "LeftUpperLeg": (0.09, 0.0, 0.0), "LeftLowerLeg": (0.0, 0.0, -0.4), "LeftFoot": (0.0, 0.0, -0.38),
    "LeftToe": (0.0, -0.15, -0.07),
}  # fmt: skip


def person() -> Skeleton:
    """23 segments of somebody of about 1.65 m."""
    offsets = dict(_OFFSETS)
    for name, (x, y, z) in _OFFSETS.items():
        if name.startswith("Left"):
            offsets["Right" + name[4:]] = (-x, y, z)
    parents = [-1 if PARENTS[s] is None else SEGMENTS.index(str(PARENTS[s])) for s in SEGMENTS]
    return Skeleton(
        names=SEGMENTS,
        parents=np.array(parents),
        offsets=np.array([offsets.get(s, (0.0, 0.0, 0.0)) for s in SEGMENTS]),
    )


def moving(local: dict[str, np.ndarray], root: np.ndarray, contacts: np.ndarray | None = None) -> Motion:
    """A motion from (T, 4) rotations in the parent's frame by segment (identity where none is given), root (T, 3)."""
    skeleton = person()
    turns = np.tile(np.array((1.0, 0.0, 0.0, 0.0)), (len(root), len(SEGMENTS), 1))
    for name, rotation in local.items():
        turns[:, skeleton.index(name)] = rotation
    orientations, positions = forward_kinematics(skeleton, root, turns)
    return Motion("test", 60.0, skeleton, orientations, positions, contacts)


def standing(count: int = 5, height: float = 0.85) -> Motion:
    """The identity pose, `count` frames, hips at `height`, both feet down."""
    return moving({}, np.tile((0.0, 0.0, height), (count, 1)), np.ones((count, 4), bool))

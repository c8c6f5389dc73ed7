"""Keeps forearms and hands out of the avatar's own trunk, head and thighs, and out of each other.

Rotations recorded on one body put the hands of a stouter one into its belly. Where that happens, elbow and wrist are
moved the shortest way out (their bones keep their lengths, the hand its attitude); where the arms are clear, they stay
exactly as recorded. Poses that touch (arms crossed on the chest, hands on the hips) come to lie on the skin.
"""

from __future__ import annotations

import numpy as np

from mocap.retarget.arm import Arm, arm_bends, arm_of
from mocap.retarget.bone_map import BoneMap
from mocap.retarget.crossing import Trunk, left_is_outer
from mocap.retarget.one_side import Way, keep_to_one_side
from mocap.retarget.pose import Pose
from mocap.retarget.pushing import Surroundings, push
from mocap.retarget.volume import BodyVolume, posed_tubes
from mocap.rotations import Array
from mocap.skeleton import SIDES

# Passes in which pushes and bones' lengths find together; more change the depths left by under a millimetre.
PASSES = 6
# Passes after smoothing, which lets a hand sink in a little where a push begins.
LAST_PASSES = 3
# Seconds over which a push is smoothed: a hand that comes to lie on a hip arrives, it does not snap.
EASE = 0.035
# The same again for the last passes; what sinks in for it is under a millimetre.
LAST_EASE = 0.02

_NONE = np.zeros(0, dtype=np.int64)


def clear_of_body(pose: Pose, bones: BoneMap, volume: BodyVolume, rate: float) -> Pose:
    """The pose with its arms out of the volume and out of each other."""
    arms = [arm_of(pose, bones.limbs[side], volume.arms[side]) for side in SIDES]
    every = np.arange(len(pose))
    trunk = _trunk(pose, bones)
    left, right = (arm.rod(every, arm.joints) for arm in arms)
    around = Surroundings(posed_tubes(volume, pose), trunk, left_is_outer(left, right, trunk))
    joints = [arm.joints.copy() for arm in arms]
    push(arms, joints, around, [every, every], PASSES)
    if all(np.array_equal(new, arm.joints) for arm, new in zip(arms, joints, strict=True)):
        return pose

    chest = pose.turn(pose.rig.index(bones.spine[-1]))
    ways = [Way(chest, arm.joints) for arm in arms]
    loose = [_one_side(k, arms, joints, ways, around, rate) for k in range(len(arms))]
    eased = [way.eased(new, EASE * rate) for way, new in zip(ways, joints, strict=True)]
    moved = [np.any(new != arm.joints, axis=(1, 2)) for arm, new in zip(arms, eased, strict=True)]
    busy = np.flatnonzero((moved[0] | moved[1]) & ~(loose[0] | loose[1]))
    push(arms, eased, around, [busy, busy], LAST_PASSES)
    eased = [way.eased(new, LAST_EASE * rate) for way, new in zip(ways, eased, strict=True)]
    turns: dict[int, Array] = {}
    for side, arm, new in zip(SIDES, arms, eased, strict=True):
        turns |= arm_bends(pose, bones.limbs[side], arm, new)
    return pose.turned(turns)


def _one_side(
    k: int, arms: list[Arm], joints: list[Array], ways: list[Way], around: Surroundings, rate: float
) -> np.ndarray:
    """(T,) bool frames in which arm `k` goes over to the other side of the body; in all others it keeps to one."""

    def push_from(frame: int) -> None:
        frames = [_NONE, _NONE]
        frames[k] = np.array([frame])
        push(arms, joints, around, frames, PASSES)

    return keep_to_one_side(ways[k], joints[k], push_from, rate)


def _trunk(pose: Pose, bones: BoneMap) -> Trunk:
    top, bottom = (pose.head(pose.rig.index(name)) for name in (bones.neck[0], bones.spine[0]))
    axis = top - bottom
    return Trunk(bottom, axis / np.maximum(np.linalg.norm(axis, axis=-1, keepdims=True), 1e-9))

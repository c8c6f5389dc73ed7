"""Keeps forearms and hands out of the avatar's own trunk, head and thighs, and out of each other.

Rotations recorded on one body put the hands of a stouter one into its belly. Where that happens, elbow and wrist are
moved the shortest way out (their bones keep their lengths, the hand its attitude); where the arms are clear, they stay
exactly as recorded. Poses that touch (arms crossed on the chest, hands on the hips) come to lie on the skin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d, label

from mocap.retarget.arm import Arm, arm_bends, arm_of
from mocap.retarget.bone_map import SIDES, BoneMap
from mocap.retarget.crossing import Trunk, left_is_outer, push_apart
from mocap.retarget.pose import Pose
from mocap.retarget.volume import BodyVolume, PosedTube, posed_tubes, push_out
from mocap.rotations import Array, conjugate, rotate

# Passes in which pushes and bones' lengths find together; more change the depths left by under a millimetre.
PASSES = 6
# Passes after smoothing, which lets a hand sink in a little where a push begins.
LAST_PASSES = 3
# Metres of a push that nobody sees.
_SETTLED = 0.0005
# Seconds over which a push is smoothed: a hand that comes to lie on a hip arrives, it does not snap.
EASE = 0.035
# The same again for the last passes; what sinks in for it is under a millimetre.
LAST_EASE = 0.02


# Metres per second relative to the chest: faster, a push has changed sides.
LEAP = 2.5
# Seconds in which a hand goes over to the side on which the recording comes out of the body.
RELEASE = 0.3
# What a frame takes over of its neighbour's push: a little inside the side on which that came out.
_HOLD = 0.8

_ALL = slice(None)


@dataclass(frozen=True)
class _Body:
    """What both arms must stay clear of, over T frames: flesh, and each other in a known order."""

    tubes: list[PosedTube]
    trunk: Trunk
    left_outer: np.ndarray


def clear_of_body(pose: Pose, bones: BoneMap, volume: BodyVolume, rate: float) -> Pose:
    """The pose with its arms out of the volume and out of each other."""
    arms = [arm_of(pose, bones.limbs[side], volume.arms[side]) for side, _ in SIDES]
    every = np.arange(len(pose))
    trunk = _trunk(pose, bones)
    left, right = (arm.rod(every, arm.joints) for arm in arms)
    body = _Body(posed_tubes(volume, pose), trunk, left_is_outer(left, right, trunk))
    joints = [arm.joints.copy() for arm in arms]
    _push(arms, joints, body, every, PASSES)
    if all(np.array_equal(new, arm.joints) for arm, new in zip(arms, joints, strict=True)):
        return pose

    ways = [_Way(pose.turn(pose.rig.index(bones.spine[-1])), arm.joints) for arm in arms]
    loose = _follow(arms, joints, ways, body, rate)
    eased = [way.eased(new, EASE * rate) for way, new in zip(ways, joints, strict=True)]
    moved = [np.any(new != arm.joints, axis=(1, 2)) for arm, new in zip(arms, eased, strict=True)]
    _push(arms, eased, body, np.flatnonzero((moved[0] | moved[1]) & ~loose), LAST_PASSES)
    eased = [way.eased(new, LAST_EASE * rate) for way, new in zip(ways, eased, strict=True)]
    turns: dict[int, Array] = {}
    for (side, _), arm, new in zip(SIDES, arms, eased, strict=True):
        turns |= arm_bends(pose, bones.limbs[side], arm, new)
    return pose.turned(turns)


@dataclass(frozen=True)
class _Way:
    """How far an arm's joints are from where they were recorded, as the chest sees it.

    In the world, half a turn of a spin would smooth to nothing.

    Attributes:
        chest: (T, 4) its turn; recorded: (T, 2, 3) elbow and wrist.
    """

    chest: Array
    recorded: Array

    def off(self, frames: slice | np.ndarray, joints: Array) -> Array:
        """(K, 2, 3) the way to joints (K, 2, 3), in some frames."""
        return rotate(conjugate(self.chest[frames, None]), joints - self.recorded[frames])

    def gone(self, frames: slice | np.ndarray, way: Array) -> Array:
        """(K, 2, 3) joints a way (K, 2, 3) off, in some frames."""
        return self.recorded[frames] + rotate(self.chest[frames, None], way)

    def eased(self, joints: Array, frames: float) -> Array:
        """Joints (T, 2, 3) reached smoothly, over some frames; where there is nothing to do they stay as recorded."""
        way = gaussian_filter1d(self.off(_ALL, joints), frames, axis=0, mode="nearest")
        way[np.abs(way).max(axis=(1, 2)) < 1e-7] = 0.0
        return self.gone(_ALL, way)


def _follow(arms: list[Arm], joints: list[Array], ways: list[_Way], body: _Body, rate: float) -> np.ndarray:
    """Mends, in place, where an arm leaps from one side of the body to the other from frame to frame.

    A hand recorded deep inside the trunk has more than one way out. For as long as it is inside, it keeps to the side
    that most of the frames chose: from there on, each frame is pushed out from where its neighbour went. If the
    recording itself then comes out on the other side, the hand goes over in `RELEASE` seconds.

    Returns:
        (T,) bool: the frames of such goings over, in which it may pass through flesh.
    """
    loose = np.zeros(len(joints[0]), dtype=bool)
    for way, now in zip(ways, joints, strict=True):
        off = way.off(_ALL, now)
        leaps = np.linalg.norm(np.diff(off, axis=0), axis=-1).max(axis=1) > LEAP / rate
        pushed = np.any(off != 0.0, axis=(1, 2))
        stretches, count = label(pushed)
        for stretch in (np.flatnonzero(stretches == i + 1) for i in range(count)):
            first, last = int(stretch[0]), int(stretch[-1])
            runs = np.split(stretch, np.flatnonzero(leaps[first:last]) + 1)
            if len(runs) == 1:
                continue
            anchor = max(runs, key=len)
            for frames in (range(int(anchor[-1]) + 1, last + 1), range(int(anchor[0]) - 1, first - 1, -1)):
                for frame in frames:
                    before = frame - frames.step
                    at = np.array([frame])
                    now[at] = way.gone(at, _HOLD * off[before][None])
                    _push(arms, joints, body, at, PASSES)
                    off[frame] = way.off(at, now[at])[0]
            for edge, step in ((last, 1), (first, -1)):
                beyond = np.arange(edge + step, edge + step * (round(RELEASE * rate) + 1), step)
                inside = (beyond >= 0) & (beyond < len(now))
                if not inside.any() or np.linalg.norm(off[edge] - off[beyond[0]], axis=-1).max() < LEAP / rate:
                    continue
                fade = 0.5 + 0.5 * np.cos(np.pi * np.arange(1, len(beyond) + 1) / (len(beyond) + 1))
                beyond, fade = beyond[inside], fade[inside]
                now[beyond] = way.gone(beyond, off[beyond] + fade[:, None, None] * off[edge])
                loose[beyond] = True
    return loose


def _trunk(pose: Pose, bones: BoneMap) -> Trunk:
    top, bottom = (pose.head(pose.rig.index(name)) for name in (bones.neck[0], bones.spine[0]))
    axis = top - bottom
    return Trunk(bottom, axis / np.maximum(np.linalg.norm(axis, axis=-1, keepdims=True), 1e-9))


def _eased(arm: Arm, joints: Array, chest: Array, rate: float) -> Array:
    """Joints (T, 2, 3) whose way from the recorded ones is smooth.

    As the chest (T, 4) sees it: in the world, half a turn of a spin would smooth to nothing.
    """
    turn = chest[:, None]
    way = rotate(conjugate(turn), joints - arm.joints)
    way = gaussian_filter1d(way, EASE * rate, axis=0, mode="nearest")
    # Exactly none where there was none in reach of the filter, so that clear frames stay as they were recorded.
    way[np.abs(way).max(axis=(1, 2)) < 1e-7] = 0.0
    return arm.joints + rotate(turn, way)


def _push(arms: list[Arm], joints: list[Array], body: _Body, frames: np.ndarray, passes: int) -> None:
    """Moves both arms' joints (T, 2, 3) out in some frames, in place; a frame in which nothing moves drops out."""
    busy = [frames, frames]
    for _ in range(passes):
        either = np.union1d(busy[0], busy[1])
        if not len(either):
            break
        rods = [arm.rod(either, now) for arm, now in zip(arms, joints, strict=True)]
        apart = push_apart(rods[0], rods[1], body.trunk.at(either), body.left_outer[either])
        for k, arm in enumerate(arms):
            out = push_out(body.tubes, busy[k], arm.tried(busy[k], joints[k]), arm.radii)
            push = apart[k]
            at = np.searchsorted(either, busy[k])
            push[at] = _larger(push[at], arm.on_joints(out))
            moving = np.einsum("tjk,tjk->tj", push, push).max(axis=1) > _SETTLED**2
            busy[k] = either[moving]
            joints[k][busy[k]] = arm.bent(busy[k], joints[k][busy[k]] + push[moving])


def _larger(a: Array, b: Array) -> Array:
    """Of two pushes (K, 2, 3) the larger one of each joint."""
    return np.where((np.sum(b**2, axis=-1) > np.sum(a**2, axis=-1))[..., None], b, a)

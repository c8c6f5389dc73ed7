"""Keeps forearms and hands out of the avatar's own trunk, head and thighs.

Rotations recorded on one body put the hands of a stouter one into its belly. Where that happens, elbow and wrist are
moved the shortest way out (their bones keep their lengths, the hand its attitude); where the arm is clear, it stays
exactly as recorded. Poses that touch (arms crossed on the chest, hands on the hips) come to lie on the skin.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import gaussian_filter1d

from mocap.retarget.bone_map import BoneMap, Limbs
from mocap.retarget.pose import Pose
from mocap.retarget.two_bones import middle_joint, within_reach
from mocap.retarget.volume import ArmFlesh, BodyVolume, PosedTube, posed_tubes, push_out
from mocap.rotations import Array, between, conjugate, multiply, rotate

# Passes in which pushes and bones' lengths find together; more change the depths left by under a millimetre.
PASSES = 6
# Passes after smoothing, which lets a hand sink in a little where a push begins.
LAST_PASSES = 3
# Metres of a push that nobody sees.
_SETTLED = 0.0005
# Seconds over which a push is smoothed: a hand that comes to lie on a hip arrives, it does not snap.
EASE = 0.035
# An arm is never stretched beyond this share of its length: a locked elbow snaps from frame to frame.
_REACH = 0.999
# Where along upper arm and forearm they are tried, from elbow's side.
_ALONG_UPPER = 0.75
_ALONG_FORE = (0.35, 0.7)
# Metres by which an upper arm and the flesh at the elbow sink into the side of the chest in everybody.
_GIVE = 0.012


@dataclass(frozen=True)
class Arm:
    """One arm over T frames.

    Attributes:
        shoulder, elbow, wrist: (T, 3) joints.
        hand: (T, P, 3) points of the hand, from the wrist.
        radii: metres of flesh around each point that `_tried` gives.
    """

    shoulder: Array
    elbow: Array
    wrist: Array
    hand: Array
    radii: Array


def clear_of_body(pose: Pose, bones: BoneMap, volume: BodyVolume, rate: float) -> Pose:
    """The pose with its arms out of the volume."""
    tubes = posed_tubes(volume, pose)
    chest = pose.turn(pose.rig.index(bones.spine[-1]))
    turns: dict[int, Array] = {}
    for side, limbs in bones.limbs.items():
        arm = _arm(pose, limbs, volume.arms[side])
        cleared = _cleared(arm, tubes, chest, rate)
        if cleared is not None:
            turns |= _turned(pose, limbs, arm, cleared)
    return pose.turned(turns) if turns else pose


def _arm(pose: Pose, limbs: Limbs, flesh: ArmFlesh) -> Arm:
    rig = pose.rig
    shoulder, elbow, wrist = (pose.head(rig.index(name)) for name in (limbs.upper_arm[0], limbs.forearm[0], limbs.hand))
    points, radii = _hand_points(pose, limbs, flesh)
    fore = [flesh.elbow + f * (flesh.wrist - flesh.elbow) for f in _ALONG_FORE]
    arm_radii = np.array([flesh.elbow - _GIVE, flesh.elbow - _GIVE, *fore, flesh.wrist, *radii])
    return Arm(shoulder, elbow, wrist, np.stack([p - wrist for p in points], axis=1), arm_radii)


def _hand_points(pose: Pose, limbs: Limbs, flesh: ArmFlesh) -> tuple[list[Array], list[float]]:
    """(T, 3) points all over a hand, and the flesh around each: palm, outer knuckles, fingertips."""
    rig = pose.rig
    hand = rig.index(limbs.hand)
    knuckle = limbs.knuckle("middle")
    end = rig.heads[rig.index(knuckle)] if knuckle else rig.tails[hand]
    points, radii = [pose.carried(hand, 0.5 * (rig.heads[hand] + end))], [flesh.hand]
    for finger, names in limbs.fingers.items():
        if finger != "ring":
            last = rig.index(names[-1])
            points.append(pose.carried(last, rig.tails[last]))
            radii.append(flesh.finger)
        if finger in ("index", "little"):
            points.append(pose.head(rig.index(names[0])))
            radii.append(0.8 * flesh.hand)
    return points, radii


def _cleared(arm: Arm, tubes: list[PosedTube], chest: Array, rate: float) -> Arm | None:
    """The arm out of the tubes; None if it was clear in every frame."""
    every = np.arange(len(arm.wrist))
    out = _pushed(arm, arm, tubes, every, PASSES)
    moved = np.concatenate([out.elbow - arm.elbow, out.wrist - arm.wrist], axis=1)
    if not moved.any():
        return None
    # Smoothed as the chest sees it: in the world, half a turn of a spin would smooth to nothing.
    inward = conjugate(chest)
    moved = np.concatenate([rotate(inward, moved[:, :3]), rotate(inward, moved[:, 3:])], axis=1)
    moved = gaussian_filter1d(moved, EASE * rate, axis=0, mode="nearest")
    near = np.flatnonzero(np.any(np.abs(moved) > 1e-7, axis=1))
    elbow, wrist = arm.elbow.copy(), arm.wrist.copy()
    elbow[near] += rotate(chest[near], moved[near, :3])
    wrist[near] += rotate(chest[near], moved[near, 3:])
    return _pushed(arm, replace(arm, elbow=elbow, wrist=wrist), tubes, near, LAST_PASSES)


def _tried(arm: Arm) -> Array:
    """(T, P, 3) points of an arm that must be clear: upper arm, elbow, forearm, wrist, hand."""
    upper = arm.shoulder + _ALONG_UPPER * (arm.elbow - arm.shoulder)
    fore = [arm.elbow + f * (arm.wrist - arm.elbow) for f in _ALONG_FORE]
    joints = np.stack((upper, arm.elbow, *fore, arm.wrist), axis=1)
    return np.concatenate((joints, arm.wrist[:, None] + arm.hand), axis=1)


def _pushed(recorded: Arm, arm: Arm, tubes: list[PosedTube], frames: np.ndarray, passes: int) -> Arm:
    """The arm pushed out in some frames, its bones as long as recorded. Frames in which nothing moves drop out."""
    on_elbow = np.array([_ALONG_UPPER, 1.0, *(1.0 - f for f in _ALONG_FORE), 0.0, *np.zeros(arm.hand.shape[1])])
    on_wrist = np.array([0.0, 0.0, *_ALONG_FORE, 1.0, *np.ones(arm.hand.shape[1])])
    square = on_elbow**2 + on_wrist**2
    elbow, wrist = arm.elbow.copy(), arm.wrist.copy()
    for _ in range(passes):
        start = arm.shoulder[frames]
        now = Arm(start, elbow[frames], wrist[frames], arm.hand[frames], arm.radii)
        push = push_out(tubes, frames, _tried(now), arm.radii)
        moving = np.einsum("tpk,tpk->tp", push, push).max(axis=1) > _SETTLED**2
        frames, push, start = frames[moving], push[moving], start[moving]
        if not len(frames):
            break
        toward = elbow[frames] + _largest(push * (on_elbow / square)[:, None])
        wanted = wrist[frames] + _largest(push * (on_wrist / square)[:, None])
        upper = _distance(recorded.elbow[frames], start)
        lower = _distance(recorded.wrist[frames], recorded.elbow[frames])
        # An arm that the take holds straighter than this stays so.
        longest = np.maximum(_REACH * (upper + lower), _distance(recorded.wrist[frames], start))
        wrist[frames] = within_reach(start, wanted, np.abs(upper - lower) + 1e-4, longest)
        elbow[frames] = middle_joint(start, wrist[frames], upper, lower, toward)
    return replace(arm, elbow=elbow, wrist=wrist)


def _distance(a: Array, b: Array) -> Array:
    return np.sqrt(np.einsum("tk,tk->t", a - b, a - b))


def _largest(vectors: Array) -> Array:
    """(T, 3) of vectors (T, P, 3) the longest one of each frame."""
    longest = np.argmax(np.einsum("tpk,tpk->tp", vectors, vectors), axis=1)
    return vectors[np.arange(len(vectors)), longest]


def _turned(pose: Pose, limbs: Limbs, before: Arm, after: Arm) -> Mapping[int, Array]:
    """Turns of the bones of upper arm and forearm that move an arm; the hand keeps its attitude."""
    index = pose.rig.index
    by = (
        between(before.elbow - before.shoulder, after.elbow - after.shoulder),
        between(before.wrist - before.elbow, after.wrist - after.elbow),
    )
    out: dict[int, Array] = {}
    for names, turn in zip((limbs.upper_arm, limbs.forearm), by, strict=True):
        out |= {b: multiply(turn, pose.turns[b]) for b in (index(name) for name in names)}
    return out

"""Hands that hold a foot: a blade pulled up behind the head, a boot caught in a spin.

Recorded rotations on limbs of other lengths bring a hand near the foot that it holds, and no nearer. Where the take has
a palm at a foot, the avatar's palm goes to the same place at its own foot, by the arm alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from scipy.ndimage import gaussian_filter1d

from mocap.motion import Motion
from mocap.retarget.bone_map import BoneMap, Limbs
from mocap.retarget.ice import Soles, edge_points
from mocap.retarget.pose import Pose
from mocap.retarget.two_bones import middle_joint, within_reach
from mocap.rotations import Array, between, dot, multiply, rotate
from mocap.skeleton import SIDES

# Metres from palm to sole: nearer than HELD a hand holds the foot, farther than FREE it has nothing to do with it.
HELD = 0.08
FREE = 0.22
# Seconds (of a Gaussian) over which a hold begins and ends.
EASE = 0.05
# An arm is never stretched beyond this share of its length: a locked elbow snaps from frame to frame.
_REACH = 0.999
# The hand's middle, where it closes around what it holds, as a share of the way to the finger tips.
_PALM = 0.5


def hold_feet(motion: Motion, bones: BoneMap, soles: Soles, pose: Pose) -> Pose:
    """The pose with every palm that the take has at a foot brought to the avatar's own; all else as it was."""
    turns: dict[int, Array] = {}
    for side in SIDES:
        shift, weight = _wanted(motion, bones, soles, pose, side)
        if weight.any():
            turns |= _reach(pose, bones.limbs[side], shift, weight)
    return pose.turned(turns) if turns else pose


def _wanted(motion: Motion, bones: BoneMap, soles: Soles, pose: Pose, side: str) -> tuple[Array, Array]:
    """How far (T, 3) a palm has to go to be at the foot it holds, and how much (T,) it holds it, 0…1."""
    palm, own = _recorded_palm(motion, side), _palm(pose, bones.limbs[side])
    shift, weight = np.zeros((len(pose), 3)), np.zeros(len(pose))
    for foot in SIDES:
        toe, heel = _recorded_sole(motion, foot)
        share, near = _nearest(palm, heel, toe)
        firm = _firmness(np.linalg.norm(palm - near, axis=-1), motion.rate)
        edge = edge_points(pose, bones.limbs[foot], soles, foot)
        there = edge[:, -1] + share[:, None] * (edge[:, 0] - edge[:, -1]) + (palm - near)
        more = firm > weight
        shift = np.where(more[:, None], there - own, shift)
        weight = np.maximum(weight, firm)
    return shift, weight


def _firmness(distance: Array, rate: float) -> Array:
    """(T,) 1 where a palm is at a foot, 0 where it is away from it, smooth in between and in time."""
    near = np.clip((FREE - distance) / (FREE - HELD), 0.0, 1.0)
    if not near.any():
        return near
    smooth: Array = gaussian_filter1d(near * near * (3.0 - 2.0 * near), EASE * rate, mode="nearest")
    return np.where(smooth > 1e-4, smooth, 0.0)


def _recorded_palm(motion: Motion, side: str) -> Array:
    """(T, 3) the middle of a recorded hand."""
    j = motion.skeleton.index(f"{side}Hand")
    tip = motion.skeleton.points.get(f"{side}Hand", {}).get(f"p{side}TopOfHand", np.zeros(3))
    return motion.positions[:, j] + rotate(motion.orientations[:, j], _PALM * tip)


def _recorded_sole(motion: Motion, side: str) -> tuple[Array, Array]:
    """(T, 3) the toe's tip and the heel under a recorded foot, on one line, as a boot keeps them."""
    j = motion.skeleton.index(f"{side}Foot")
    points = motion.skeleton.points.get(f"{side}Foot", {})
    ball = motion.skeleton.offsets[motion.skeleton.index(f"{side}Toe")]
    tip = motion.skeleton.points.get(f"{side}Toe", {}).get(f"p{side}Toe", np.zeros(3))
    toe = ball + tip
    heel = points.get(f"p{side}HeelFoot", np.array((0.0, -0.3 * toe[1], toe[2])))
    place = motion.positions[:, j]
    ends = [place + rotate(motion.orientations[:, j], point * (0.0, 1.0, 1.0)) for point in (toe, heel)]
    return ends[0], ends[1]


def _nearest(point: Array, start: Array, end: Array) -> tuple[Array, Array]:
    """Share (T,) of the way from start to end at which a segment is nearest to a point, and that place (T, 3)."""
    line = end - start
    share = dot(point - start, line) / np.maximum(dot(line, line), 1e-12)
    share = np.clip(share, 0.0, 1.0)
    return share, start + share[:, None] * line


def _palm(pose: Pose, limbs: Limbs) -> Array:
    """(T, 3) where the avatar's fingers begin, which is the middle of its hand."""
    hand = pose.rig.index(limbs.hand)
    knuckle = limbs.knuckle("middle")
    return pose.carried(hand, pose.rig.heads[pose.rig.index(knuckle)] if knuckle else pose.rig.tails[hand])


def _reach(pose: Pose, limbs: Limbs, shift: Array, weight: Array) -> Mapping[int, Array]:
    """Turns of the arm's bones that bring the wrist to where the palm's shift (T, 3) takes it, by weight (T,)."""
    index = pose.rig.index
    shoulder, elbow, wrist = (pose.head(index(b)) for b in (limbs.upper_arm[0], limbs.forearm[0], limbs.hand))
    upper, lower = (np.linalg.norm(b - a, axis=-1) for a, b in ((shoulder, elbow), (elbow, wrist)))
    longest = np.maximum(_REACH * (upper + lower), np.linalg.norm(wrist - shoulder, axis=-1))
    there = within_reach(shoulder, wrist + weight[:, None] * shift, np.abs(upper - lower) + 1e-4, longest)
    bent = middle_joint(shoulder, there, upper, lower, elbow + 0.5 * weight[:, None] * shift)
    by = (between(elbow - shoulder, bent - shoulder), between(wrist - elbow, there - bent))
    out: dict[int, Array] = {}
    for names, turn in zip((limbs.upper_arm, limbs.forearm), by, strict=True):
        out |= {b: multiply(turn, pose.turns[b]) for b in (index(name) for name in names)}
    return out

"""Stands the avatar on the ice: one level for the whole take, and the feet that are down on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from mocap.axes import UP
from mocap.motion import Motion
from mocap.retarget.bone_map import BoneMap, Limbs
from mocap.retarget.feet import bend, height_corrections, leg_of, out_of_reach, smooth_drop
from mocap.retarget.pose import Pose
from mocap.rig import Rig
from mocap.rotations import Array, multiply
from mocap.skeleton import SIDES

# Seconds (of a Gaussian) over which the hips follow the feet: longer, and a toe pick's push-off would bend the flight.
SWAY = 0.03
# Seconds over which the hips go from following one foot to following the other.
HAND_OVER = 0.12
# How far behind the ankle a heel ends, as a share of the way from the ankle to the tip of the toes.
_HEEL = 0.3


@dataclass(frozen=True)
class Soles:
    """What touches the ice, at rest.

    Attributes:
        points: per side ("Left", "Right") the (M, 3) running edge, toe first, heel last.
        supple: whether it bends at the ball of the foot (bare feet), where the rig has toes; boots are rigid.
    """

    points: Mapping[str, Array]
    supple: bool = False


def bare_soles(rig: Rig, bones: BoneMap) -> Soles:
    """Soles of an armature of which nothing but its bones is known: level with its lowest foot bone, toe to heel."""
    ends = [rig.tails[rig.index(name)] for limbs in bones.limbs.values() for name in (limbs.foot, *limbs.toes)]
    floor = min(float(end[2]) for end in ends)
    points = {}
    for side, limbs in bones.limbs.items():
        ankle, tip = rig.heads[rig.index(limbs.foot)], rig.tails[rig.index((*limbs.toes, limbs.foot)[0])]
        along = (tip - ankle) * np.array((1.0, 1.0, 0.0))
        points[side] = np.stack([ankle + share * along for share in (1.0, 0.4, -_HEEL)])
        points[side][:, 2] = floor
    return Soles(points, supple=True)


def edge_points(pose: Pose, limbs: Limbs, soles: Soles, side: str) -> Array:
    """(T, M, 3) where a running edge lies; what lies before the ball of a supple foot goes with the toes."""
    points = soles.points[side]
    foot = pose.rig.index(limbs.foot)
    out = pose.carried(foot, points)
    if soles.supple and limbs.toes:
        toe = pose.rig.index(limbs.toes[0])
        heading = points[0] - points[-1]
        before = (points - pose.rig.heads[toe]) @ heading > 0.0
        out[:, before] = pose.carried(toe, points[before])
    return out


def feet_down(motion: Motion) -> dict[str, np.ndarray]:
    """Per side, (T,) bool: the take says that heel or toe is down. All true where it says nothing."""
    said = {side: motion.foot_contacts(side) for side in SIDES}
    return {side: np.ones(len(motion), dtype=bool) if on is None else on.any(axis=1) for side, on in said.items()}


def on_ice(motion: Motion, bones: BoneMap, soles: Soles, pose: Pose) -> Pose:
    """The pose at the height of the ice, with the feet that are down on z = 0.

    First the whole take is set to the one height that its running edges agree on; never frame by frame, which would
    flatten every jump. Then the hips follow the feet that are down, slowly: legs of other proportions carry them a
    little lower in a deep knee and a little higher on a straight leg. What is left is done by the knees.
    """
    down = feet_down(motion)
    lowest = {side: edge_points(pose, bones.limbs[side], soles, side)[..., 2].min(axis=1) for side in SIDES}
    level = _ice_level(lowest, down)
    sway = _slow_part({side: lowest[side] - level for side in lowest}, down, motion.rate)
    pose = pose.moved(-(level + sway)[:, None] * UP)
    return _settle_feet(motion, bones, soles, pose, down)


def _ice_level(lowest: Mapping[str, Array], down: Mapping[str, np.ndarray]) -> float:
    """The median height over the frames in which a foot is down.

    A take without a contact (a jump cut out) stands on the lowest point of all.
    """
    touching = np.concatenate([lowest[side][down[side]] for side in lowest])
    if len(touching):
        return float(np.median(touching))
    return float(min(values.min() for values in lowest.values()))


def _slow_part(above: Mapping[str, Array], down: Mapping[str, np.ndarray], rate: float) -> Array:
    """(T,) smooth curve through the heights of the feet that are down; through the air, it goes from ice to ice."""
    weights = np.stack([_settled(down[side], rate) for side in above])
    count, total = weights.sum(axis=0), (weights * np.stack(list(above.values()))).sum(axis=0)
    on = np.flatnonzero(count)
    frames = np.arange(len(count), dtype=np.float64)
    if not len(on):
        return np.zeros(len(count))
    return gaussian_filter1d(np.interp(frames, on, total[on] / count[on]), SWAY * rate, mode="nearest")


def _settled(down: np.ndarray, rate: float) -> Array:
    """(T,) how much a foot counts: 0 while it is up, 1 while it is down, but for a rise and a fall at both ends."""
    up = np.flatnonzero(~down)
    if not len(up):
        return np.ones(len(down))
    frames = np.arange(len(down))
    after = np.searchsorted(up, frames)
    to_next = np.abs(up[np.minimum(after, len(up) - 1)] - frames)
    since_last = np.abs(frames - up[np.maximum(after - 1, 0)])
    return np.minimum(np.minimum(to_next, since_last) / max(1.0, HAND_OVER * rate), 1.0) * down


def _settle_feet(motion: Motion, bones: BoneMap, soles: Soles, pose: Pose, down: Mapping[str, np.ndarray]) -> Pose:
    """The feet that are down on z = 0; see `mocap.retarget.feet`."""
    raise_by, needed = {}, np.zeros(len(motion))
    for side, limbs in bones.limbs.items():
        lowest = edge_points(pose, limbs, soles, side)[..., 2].min(axis=1)
        raise_by[side] = height_corrections(lowest, down[side], motion.rate)
        stretch = out_of_reach(leg_of(pose, limbs), raise_by[side])
        needed = np.maximum(needed, np.where(down[side], stretch, 0.0))
    drop = smooth_drop(needed, motion.rate)
    pose = pose.moved(-drop[:, None] * UP)
    turns: dict[int, Array] = {}
    for side, limbs in bones.limbs.items():
        bends = bend(leg_of(pose, limbs), raise_by[side] + drop)
        for names, turn in zip((limbs.thigh, limbs.shank), bends, strict=True):
            turns |= {b: multiply(turn, pose.turns[b]) for b in (pose.rig.index(name) for name in names)}
    return pose.turned(turns)


def leg_length(rig: Rig, bones: BoneMap) -> float:
    """Metres from hip over knee to ankle, mean of both sides."""
    total = 0.0
    for limbs in bones.limbs.values():
        hip, knee, ankle = (rig.heads[rig.index(b)] for b in (limbs.thigh[0], limbs.shank[0], limbs.foot))
        total += float(np.linalg.norm(knee - hip) + np.linalg.norm(ankle - knee))
    return total / len(bones.limbs)


def source_leg_length(motion: Motion) -> float:
    """Metres from hip over knee to ankle of the recorded person, mean of both sides."""
    offsets, index = motion.skeleton.offsets, motion.skeleton.index
    lengths = [np.linalg.norm(offsets[index(side + s)]) for side in SIDES for s in ("LowerLeg", "Foot")]
    return float(np.sum(lengths)) / 2.0

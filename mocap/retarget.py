"""Puts a recorded motion onto an armature of other proportions and another rest pose.

Every bone gets a rotation D in the armature's space, relative to its own rest: R_bone(t) = D(t) · R_rest. Where the
rest pose of the target differs from XSens' identity pose (arms out, palms down), D(t) = R_segment(t) · A, with A taking
the rest bone's direction and then a second axis (elbow hinge, palm, knee) onto those of the identity pose. A shortest
arc alone would leave forearms and hands twisted; no A at all would leave the 50° of an A-pose in every frame.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mocap.errors import UserError
from mocap.feet import Leg, apply_bend, bend, height_corrections, leg_of, out_of_reach, smooth_drop
from mocap.motion import Motion
from mocap.rig import PoseTrack, Rig
from mocap.rotations import (
    Array,
    between,
    conjugate,
    from_axis_angle,
    from_matrix,
    hemisphere,
    multiply,
    rotate,
    slerp,
    to_matrix,
    twist_about,
)

SIDES: tuple[tuple[str, float], ...] = (("Left", 1.0), ("Right", -1.0))

_UP = np.array((0.0, 0.0, 1.0))
_FORWARD = np.array((0.0, -1.0, 0.0))


@dataclass(frozen=True)
class Limbs:
    """The bones of one side. Pairs are (near, far) halves of a limb; a rig with one bone gives it alone."""

    clavicle: str
    upper_arm: tuple[str, ...]
    forearm: tuple[str, ...]
    hand: str
    index: str
    middle: str
    little: str
    thigh: tuple[str, ...]
    shank: tuple[str, ...]
    foot: str


@dataclass(frozen=True)
class BoneMap:
    """Which bones of a rig play which segments; spine and neck from the bottom up."""

    root: str
    spine: tuple[str, ...]
    neck: tuple[str, ...]
    head: str
    limbs: Mapping[str, Limbs]

    def check(self, rig: Rig) -> None:
        """UserError that names the bones which the rig lacks."""
        wanted = [self.root, *self.spine, *self.neck, self.head]
        for limbs in self.limbs.values():
            for value in vars(limbs).values():
                wanted += [value] if isinstance(value, str) else list(value)
        missing = [name for name in wanted if name not in rig.names]
        if missing:
            raise UserError(f"the rig lacks the bones {', '.join(missing)}", mend="Choose the map of this rig.")


@dataclass(frozen=True)
class Soles:
    """What touches the ice, at rest: per side ("Left", "Right") the (M, 3) running edge, toe first, heel last."""

    points: Mapping[str, Array]


def retarget(motion: Motion, rig: Rig, bones: BoneMap, soles: Soles) -> PoseTrack:
    """The motion on the rig, its running edges standing on z = 0 where the take says that a foot is down.

    Args:
        motion: at the frame rate that the track is to have (`resample` comes first), with contacts.
        rig: target at rest.
        bones: which of its bones play which segments.
        soles: running edges (blades, or soles of bare feet), rigid with the foot bones.

    Raises:
        UserError: the rig lacks a mapped bone.
    """
    bones.check(rig)
    turns = _bone_turns(motion, rig, bones, soles)
    scale = leg_length(rig, bones) / source_leg_length(motion)
    hips = scale * _source_hips(motion)
    heads = _place(rig, turns, _root_position(rig, bones, turns, hips))
    heads = heads - fitted_ice(motion, rig, bones, soles, turns, heads) * _UP
    turns, heads = _settle_feet(motion, rig, bones, soles, turns, heads)
    return _as_track(motion, rig, turns, heads)


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
    lengths = [np.linalg.norm(offsets[index(side + s)]) for side, _ in SIDES for s in ("LowerLeg", "Foot")]
    return float(np.sum(lengths)) / 2.0


def _source_hips(motion: Motion) -> Array:
    """(T, 3) midpoint of the recorded hip joints."""
    index = motion.skeleton.index
    return 0.5 * (motion.positions[:, index("LeftUpperLeg")] + motion.positions[:, index("RightUpperLeg")])


# -- rotations -----------------------------------------------------------------------------------------------------


def _frame(primary: Array, secondary: Array) -> Array:
    """(3, 3) orthonormal columns: primary, the part of secondary across it, their cross product."""
    x = primary / np.linalg.norm(primary)
    y = secondary - np.dot(secondary, x) * x
    y = y / np.linalg.norm(y)
    return np.stack((x, y, np.cross(x, y)), axis=-1)


def alignment(rest: tuple[Array, Array], identity: tuple[Array, Array]) -> Array:
    """Quaternion (4,) A that takes the rest pose's (direction, second axis) to those of the identity pose."""
    return from_matrix(_frame(*identity) @ _frame(*rest).T)


def _bone_turns(motion: Motion, rig: Rig, bones: BoneMap, soles: Soles) -> Array:
    """(T, B, 4) rotation of every bone in the armature's space, relative to its rest."""
    driven: dict[str, Array] = {}
    source = {name: motion.orientations[:, j] for j, name in enumerate(motion.skeleton.names)}
    driven[bones.root] = source["Pelvis"]
    driven.update(_spine(motion, rig, bones, source))
    for side, sign in SIDES:
        limbs = bones.limbs[side]
        driven.update(_arm(rig, limbs, source, side, sign))
        driven.update(_leg(rig, limbs, source, side, soles.points[side]))

    turns = np.empty((len(motion), len(rig.names), 4))
    for b, name in enumerate(rig.names):
        parent = rig.parents[b]
        if name in driven:
            turns[:, b] = driven[name]
        elif parent >= 0:
            turns[:, b] = turns[:, parent]
        else:
            turns[:, b] = (1.0, 0.0, 0.0, 0.0)
    return turns


def _spine(motion: Motion, rig: Rig, bones: BoneMap, source: Mapping[str, Array]) -> dict[str, Array]:
    """Spine and neck: the source's orientation at each bone's height between hips and head."""
    at = motion.skeleton.identity_positions()
    j = motion.skeleton.index
    rest = rig.heads[:, 2]

    trunk = ("Pelvis", "L5", "L3", "T12", "T8")
    joints = np.array([at[j(s), 2] for s in ("Pelvis", "L5", "L3", "T12", "T8", "Neck")])
    joints = (joints - joints[0]) / (joints[-1] - joints[0])
    centres = 0.5 * (joints[:-1] + joints[1:])
    heads = np.array([rest[rig.index(b)] for b in (*bones.spine, bones.neck[0])])
    heads = (heads - heads[0]) / (heads[-1] - heads[0])
    places = 0.5 * (heads[:-1] + heads[1:])
    out = dict(zip(bones.spine, _along([source[s] for s in trunk], centres, places), strict=True))

    column = ("T8", "Neck", "Head")
    heads = np.array([rest[rig.index(b)] for b in (*bones.neck, bones.head)])
    heads = (heads - heads[0]) / (heads[-1] - heads[0])
    places = 0.5 * (heads[:-1] + heads[1:])
    out |= dict(zip(bones.neck, _along([source[s] for s in column], np.array((0.0, 0.5, 1.0)), places), strict=True))
    out[bones.head] = source["Head"]
    return out


def _along(turns: Sequence[Array], knots: Array, places: Array) -> list[Array]:
    """Orientations (T, 4) at `places`, slerped between those given at rising `knots`; held beyond the ends."""
    out = []
    for place in places:
        k = int(np.clip(np.searchsorted(knots, place) - 1, 0, len(knots) - 2))
        share = np.clip((place - knots[k]) / (knots[k + 1] - knots[k]), 0.0, 1.0)
        out.append(slerp(turns[k], turns[k + 1], np.asarray(share)))
    return out


def _arm(rig: Rig, limbs: Limbs, source: Mapping[str, Array], side: str, sign: float) -> dict[str, Array]:
    """Clavicle, both halves of upper arm and forearm, hand."""
    head = {bone: rig.heads[rig.index(bone)] for bone in (limbs.upper_arm[0], limbs.forearm[0], limbs.hand)}
    shoulder, elbow, wrist = head.values()
    index, middle, little = (rig.heads[rig.index(b)] for b in (limbs.index, limbs.middle, limbs.little))
    upper, lower = elbow - shoulder, wrist - elbow
    out_ward = np.array((sign, 0.0, 0.0))
    down = -_UP

    # Identity pose: palms down, so the elbow bends forward, about ∓Z; MakeHuman's rest has its elbows a little bent.
    hinge_rest, hinge_identity = np.cross(upper, lower), np.cross(out_ward, _FORWARD)
    palm = -sign * np.cross(index - wrist, little - wrist)
    align_upper = alignment((upper, hinge_rest), (out_ward, hinge_identity))
    align_elbow = alignment((lower, hinge_rest), (out_ward, hinge_identity))
    align_wrist = alignment((lower, palm), (out_ward, down))
    align_hand = alignment((middle - wrist, palm), (out_ward, down))

    clavicle = source[side + "Shoulder"]
    arm = multiply(source[side + "UpperArm"], align_upper)
    fore = multiply(source[side + "ForeArm"], align_wrist)
    # The elbow end of the forearm does not pronate: it is the upper arm bent to where the forearm points.
    unturned = multiply(source[side + "UpperArm"], align_elbow)
    return {
        limbs.clavicle: clavicle,
        **_halves(limbs.upper_arm, clavicle, arm, upper),
        **_halves(limbs.forearm, unturned, fore, lower, near_share=0.35),
        limbs.hand: multiply(source[side + "Hand"], align_hand),
    }


def _leg(rig: Rig, limbs: Limbs, source: Mapping[str, Array], side: str, sole: Array) -> dict[str, Array]:
    """Both halves of thigh and shank, foot. Knees face forward at rest; the blade is turned to point forward."""
    hip, knee, ankle = (rig.heads[rig.index(b)] for b in (limbs.thigh[0], limbs.shank[0], limbs.foot))
    thigh = multiply(source[side + "UpperLeg"], alignment((knee - hip, _FORWARD), (-_UP, _FORWARD)))
    shank = multiply(source[side + "LowerLeg"], alignment((ankle - knee, _FORWARD), (-_UP, _FORWARD)))
    blade = (sole[0] - sole[-1]) * np.array((1.0, 1.0, 0.0))
    foot = multiply(source[side + "Foot"], alignment((blade, _UP), (_FORWARD, _UP)))
    return {
        **_halves(limbs.thigh, source["Pelvis"], thigh, knee - hip),
        **dict.fromkeys(limbs.shank, shank),
        limbs.foot: foot,
    }


def _halves(pair: tuple[str, ...], base: Array, far: Array, axis: Array, near_share: float = 0.5) -> dict[str, Array]:
    """A limb in one or two bones: all of the swing in both, the twist shared.

    Args:
        pair: (near, far) bones, or one.
        base: (T, 4) turn of what the limb hangs on; far: (T, 4) turn of the limb's far end.
        axis: (3,) the limb's direction at rest.
        near_share: the near half's share of the twist.
    """
    if len(pair) == 1:
        return {pair[0]: far}
    swung = multiply(between(rotate(base, axis), rotate(far, axis)), base)
    twist = hemisphere(twist_about(multiply(conjugate(swung), far), axis))
    unit = axis / np.linalg.norm(axis)
    # Unwrapped, so that an arm which passes half a turn does not snap back.
    angle = np.unwrap(2.0 * np.arctan2(twist[:, 1:] @ unit, twist[:, 0]))
    angle = angle - 2.0 * np.pi * np.round(np.median(angle) / (2.0 * np.pi))
    return {pair[0]: multiply(swung, from_axis_angle(unit, near_share * angle)), pair[1]: far}


# -- positions -----------------------------------------------------------------------------------------------------


def _root_position(rig: Rig, bones: BoneMap, turns: Array, hips: Array) -> Array:
    """(T, 3) head of the root bone such that the midpoint of the hip joints lies at `hips`."""
    root = rig.index(bones.root)
    middle = np.mean([rig.heads[rig.index(limbs.thigh[0])] for limbs in bones.limbs.values()], axis=0)
    return hips - rotate(turns[:, root], middle - rig.heads[root])


def _place(rig: Rig, turns: Array, root: Array) -> Array:
    """(T, B, 3) joint positions from rotations, by the rig's own bone lengths."""
    heads = np.empty((*turns.shape[:2], 3))
    for b, parent in enumerate(rig.parents):
        if parent < 0:
            heads[:, b] = root
        else:
            heads[:, b] = heads[:, parent] + rotate(turns[:, parent], rig.heads[b] - rig.heads[parent])
    return heads


def edge_points(rig: Rig, limbs: Limbs, points: Array, turns: Array, heads: Array) -> Array:
    """(T, M, 3) where the running edge's rest points (M, 3), rigid with the foot, lie in each frame."""
    foot = rig.index(limbs.foot)
    return heads[:, foot, None] + rotate(turns[:, foot, None], points - rig.heads[foot])


def feet_down(motion: Motion) -> dict[str, np.ndarray]:
    """Per side, (T,) bool: the take says that heel or toe is down. All true where it says nothing."""
    if motion.contacts is None:
        return {side: np.ones(len(motion), dtype=bool) for side, _ in SIDES}
    return {"Left": motion.contacts[:, :2].any(axis=1), "Right": motion.contacts[:, 2:].any(axis=1)}


def fitted_ice(motion: Motion, rig: Rig, bones: BoneMap, soles: Soles, turns: Array, heads: Array) -> float:
    """The one height of the ice that the running edges of the whole take agree on.

    The median over the frames in which a foot is down; never per frame, which would flatten every jump. A take without
    a contact (a jump cut out) stands on the lowest point of all.
    """
    down = feet_down(motion)
    lowest = {
        side: edge_points(rig, bones.limbs[side], soles.points[side], turns, heads)[..., 2].min(axis=1)
        for side, _ in SIDES
    }
    touching = np.concatenate([lowest[side][down[side]] for side, _ in SIDES])
    if len(touching):
        return float(np.median(touching))
    return float(min(values.min() for values in lowest.values()))


def _settle_feet(
    motion: Motion, rig: Rig, bones: BoneMap, soles: Soles, turns: Array, heads: Array
) -> tuple[Array, Array]:
    """Turns and heads with the feet that are down on z = 0; see `mocap.feet`."""
    down = feet_down(motion)
    raise_by, needed = {}, np.zeros(len(motion))
    for side, limbs in bones.limbs.items():
        lowest = edge_points(rig, limbs, soles.points[side], turns, heads)[..., 2].min(axis=1)
        raise_by[side] = height_corrections(lowest, down[side], motion.rate)
        stretch = out_of_reach(_leg_at(rig, limbs, turns, heads), raise_by[side])
        needed = np.maximum(needed, np.where(down[side], stretch, 0.0))
    drop = smooth_drop(needed, motion.rate)
    for side, limbs in bones.limbs.items():
        leg = _leg_at(rig, limbs, turns, heads - drop[:, None, None] * _UP)
        thigh, shank = ([rig.index(b) for b in pair] for pair in (limbs.thigh, limbs.shank))
        turns = apply_bend(turns, thigh, shank, bend(leg, raise_by[side] + drop))
    root = heads[:, rig.index(bones.root)] - drop[:, None] * _UP
    return turns, _place(rig, turns, root)


def _leg_at(rig: Rig, limbs: Limbs, turns: Array, heads: Array) -> Leg:
    return leg_of(turns, heads, *(rig.index(b) for b in (limbs.thigh[0], limbs.shank[0], limbs.foot)))


def _as_track(motion: Motion, rig: Rig, turns: Array, heads: Array) -> PoseTrack:
    rest = from_matrix(rig.rest[:, :3, :3])
    world = multiply(turns, rest)
    basis = np.empty_like(world)
    for b, parent in enumerate(rig.parents):
        carried = rest[b] if parent < 0 else multiply(turns[:, parent], rest[b])
        basis[:, b] = multiply(conjugate(carried), world[:, b])
    matrices = np.zeros((*world.shape[:2], 4, 4))
    matrices[..., :3, :3] = to_matrix(world)
    matrices[..., :3, 3] = heads
    matrices[..., 3, 3] = 1.0
    root = int(np.flatnonzero(rig.parents < 0)[0])
    location = rotate(conjugate(rest[root]), heads[:, root] - rig.heads[root])
    return PoseTrack(
        fps=motion.rate,
        times=np.arange(len(motion)) / motion.rate,
        names=rig.names,
        rotations=hemisphere(basis),
        root_location=location,
        matrices=matrices,
    )

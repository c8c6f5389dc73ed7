"""The whole of retargeting, in order: turns, travel, ice, hands that hold feet, hands clear of the body."""

from __future__ import annotations

from typing import Literal

import numpy as np

from mocap.motion import Motion
from mocap.retarget.bone_map import BoneMap
from mocap.retarget.clearance import clear_of_body
from mocap.retarget.fingers import has_fingers, recorded_turns, relaxed_turns
from mocap.retarget.grips import hold_feet
from mocap.retarget.ice import Soles, leg_length, on_ice, source_leg_length
from mocap.retarget.limbs import arm_turns, leg_turns
from mocap.retarget.pose import Pose, as_track, carrying_root
from mocap.retarget.spine import trunk_turns
from mocap.retarget.volume import BodyVolume
from mocap.rig import PoseTrack, Rig
from mocap.rotations import Array, conjugate, multiply
from mocap.skeleton import OUTWARD, SIDES

Scale = Literal["body", "metres"]


def retarget(
    motion: Motion,
    rig: Rig,
    bones: BoneMap,
    soles: Soles,
    volume: BodyVolume | None = None,
    *,
    scale: Scale = "body",
) -> PoseTrack:
    """The motion on the rig, its running edges standing on z = 0 where the take says that a foot is down.

    The avatar keeps its own bones: recorded rotations, its own lengths, feet set on the ice by its own legs.

    Args:
        motion: at the frame rate that the track is to have (`resample` comes first), with contacts.
        rig: target at rest.
        bones: which of its bones play which segments.
        soles: running edges (blades, or soles of bare feet).
        volume: what hands and forearms are kept out of; None leaves them where the recorded rotations put them.
        scale: "body" shrinks or stretches all travel with the legs, so that steps stay steps; "metres" keeps the
            recorded metres over the ice and in the air.

    Raises:
        UserError: the rig lacks a mapped bone.
    """
    bones.check(rig)
    pose = _posed(motion, rig, bones, soles)
    pose = pose.moved(_travel(motion, rig, bones, scale) - _middle_of_hips(pose, bones))
    pose = on_ice(motion, bones, soles, pose)
    pose = hold_feet(motion, bones, soles, pose)
    if volume is not None:
        pose = clear_of_body(pose, bones, volume, motion.rate)
    return as_track(pose, motion.rate)


def _posed(motion: Motion, rig: Rig, bones: BoneMap, soles: Soles) -> Pose:
    """The rig with every bone turned as its segment is, its root at rest's place."""
    skeleton = motion.skeleton
    source = {name: motion.orientations[:, j] for j, name in enumerate(skeleton.names)}
    turns = trunk_turns(skeleton, source, rig, bones)
    held: dict[str, Array] = {}
    for side, sign in OUTWARD.items():
        limbs = bones.limbs[side]
        turns |= arm_turns(skeleton, source, rig, limbs, side, sign)
        turns |= leg_turns(skeleton, source, rig, limbs, side, soles.points[side])
        if has_fingers(skeleton, side):
            turns |= recorded_turns(skeleton, source, rig, limbs, side, sign)
        else:
            held |= relaxed_turns(rig, limbs, sign)
        if soles.supple and limbs.toes:
            bent = multiply(conjugate(source[side + "Foot"]), source[side + "Toe"])
            turns |= dict.fromkeys(limbs.toes, multiply(turns[limbs.foot], bent))
    root = carrying_root(rig, bones)
    return Pose(
        rig=rig,
        root=root,
        turns={rig.index(name): turn for name, turn in turns.items()},
        held={rig.index(name): turn for name, turn in held.items()},
        origin=np.tile(rig.heads[root], (len(motion), 1)),
    )


def _travel(motion: Motion, rig: Rig, bones: BoneMap, scale: Scale) -> Array:
    """(T, 3) where the middle of the hips goes, on ice of some level."""
    index = motion.skeleton.index
    hips = 0.5 * (motion.positions[:, index("LeftUpperLeg")] + motion.positions[:, index("RightUpperLeg")])
    ratio = leg_length(rig, bones) / source_leg_length(motion)
    if scale == "body":
        return ratio * hips
    # Legs of another length carry the hips at another height, but fly as far and as high.
    feet = np.min([motion.positions[:, index(side + "Foot"), 2] for side in SIDES], axis=0)
    out = hips.copy()
    out[:, 2] = feet + ratio * (hips[:, 2] - feet)
    return out


def _middle_of_hips(pose: Pose, bones: BoneMap) -> Array:
    """(T, 3) midpoint of the hip joints."""
    left, right = (pose.head(pose.rig.index(limbs.thigh[0])) for limbs in bones.limbs.values())
    return 0.5 * (left + right)

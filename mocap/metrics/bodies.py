"""The recorded body and the avatar side by side: the same joints, directions and axes read off both.

The avatar's come from its posed joints and bones, not from what retargeting meant them to be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mocap.axes import FORWARD, LEFTWARD, UP
from mocap.motion import Motion
from mocap.retarget import BoneMap, Limbs, Soles, hand_axes
from mocap.rig import PoseTrack, Rig
from mocap.rotations import Array, to_matrix
from mocap.skeleton import OUTWARD, SEGMENTS

# A limb runs from one joint to the next; what hand and foot point along is no joint.
_LIMB_ENDS = {
    "Shoulder": ("Clavicle", "Shoulder"),
    "UpperArm": ("Shoulder", "Elbow"),
    "ForeArm": ("Elbow", "Wrist"),
    "UpperLeg": ("Hip", "Knee"),
    "LowerLeg": ("Knee", "Ankle"),
}


@dataclass(frozen=True)
class PosedBody:
    """A body over T frames, in the world's or the armature's space (Blender's axes, metres).

    Attributes:
        joints: (T, 3) positions: per side Clavicle, Shoulder, Elbow, Wrist, Hip, Knee, Ankle; Neck (its root), Head.
        directions: (T, 3) unit vectors along the segments, by MVN's names of them; the foot's runs along the blade.
        axes: (T, 3) unit vectors across them: `…UpperArm` the elbow's hinge, `…UpperLeg` and `…LowerLeg` the knee's
            (about which they bend by positive angles), `…Hand` out of the palm, `…Foot` up from the sole, `Head` and
            `Pelvis` forward. None of a hand whose rig lacks the fingers to tell.
        pelvis, chest: (T, 3, 3) rotation from upright.
    """

    joints: Mapping[str, Array]
    directions: Mapping[str, Array]
    axes: Mapping[str, Array]
    pelvis: Array
    chest: Array

    @property
    def mid_hip(self) -> Array:
        """(T, 3) midpoint of the hip joints."""
        return 0.5 * (self.joints["LeftHip"] + self.joints["RightHip"])


def unit(vectors: Array) -> Array:
    """Vectors (…, 3) of length 1; a zero vector becomes NaN, which no figure counts."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.divide(vectors, length, out=np.full_like(vectors, np.nan), where=length > 1e-9)


def recorded_body(motion: Motion) -> PosedBody:
    """The body as MVN recorded it; directions and axes are those of its identity pose, carried by the segments."""
    index = motion.skeleton.index
    turns = {name: to_matrix(motion.orientations[:, index(name)]) for name in SEGMENTS}
    joints = {"Neck": motion.positions[:, index("Neck")], "Head": motion.positions[:, index("Head")]}
    directions = {"Pelvis": turns["Pelvis"] @ UP, "Head": turns["Head"] @ UP}
    axes = {"Pelvis": turns["Pelvis"] @ FORWARD, "Head": turns["Head"] @ FORWARD}
    origins = {
        "Clavicle": "Shoulder", "Shoulder": "UpperArm", "Elbow": "ForeArm", "Wrist": "Hand",
        "Hip": "UpperLeg", "Knee": "LowerLeg", "Ankle": "Foot",
    }  # fmt: skip
    for side, sign in OUTWARD.items():
        joints |= {side + joint: motion.positions[:, index(side + segment)] for joint, segment in origins.items()}
        for segment, (_, end) in _LIMB_ENDS.items():
            offset = motion.skeleton.offsets[index(side + origins[end])]
            directions[side + segment] = turns[side + segment] @ unit(offset)
        directions[side + "Hand"] = turns[side + "Hand"] @ (sign * LEFTWARD)
        directions[side + "Foot"] = turns[side + "Foot"] @ FORWARD
        # Palms look down in the identity pose, so the elbow bends the forearm to the front.
        axes[side + "UpperArm"] = turns[side + "UpperArm"] @ (-sign * UP)
        axes[side + "Hand"] = turns[side + "Hand"] @ -UP
        axes[side + "UpperLeg"] = turns[side + "UpperLeg"] @ LEFTWARD
        axes[side + "LowerLeg"] = turns[side + "LowerLeg"] @ LEFTWARD
        axes[side + "Foot"] = turns[side + "Foot"] @ UP
    return PosedBody(joints, directions, axes, turns["Pelvis"], turns["T8"])


def posed_avatar(rig: Rig, bones: BoneMap, soles: Soles, track: PoseTrack) -> PosedBody:
    """The avatar as it is posed: joints where bones meet, axes carried from the rest pose by the bones themselves."""
    pose = _Pose(rig, track)
    joints = {"Neck": pose.head(bones.neck[0]), "Head": pose.head(bones.head)}
    directions = {"Pelvis": pose.carried(bones.root, UP), "Head": pose.carried(bones.head, UP)}
    axes = {"Pelvis": pose.carried(bones.root, FORWARD), "Head": pose.carried(bones.head, FORWARD)}
    for side, sign in OUTWARD.items():
        limbs = bones.limbs[side]
        at = _joint_bones(limbs)
        joints |= {side + joint: pose.head(bone) for joint, bone in at.items()}
        for segment, (start, end) in _LIMB_ENDS.items():
            directions[side + segment] = unit(joints[side + end] - joints[side + start])
        if limbs.palm is None:
            index, middle, little = (
                pose.head(limbs.fingers[finger][0]) - joints[side + "Wrist"] for finger in ("index", "middle", "little")
            )
            directions[side + "Hand"], axes[side + "Hand"] = unit(middle), unit(-sign * np.cross(index, little))
        else:
            hand = hand_axes(rig, limbs, sign)
            directions[side + "Hand"] = pose.carried(limbs.hand, hand.along)
            axes[side + "Hand"] = pose.carried(limbs.hand, hand.palm)
        rest = {joint: rig.heads[rig.index(bone)] for joint, bone in at.items()}
        elbow = np.cross(rest["Elbow"] - rest["Shoulder"], rest["Wrist"] - rest["Elbow"])
        axes[side + "UpperArm"] = pose.carried(limbs.upper_arm[-1], unit(elbow))
        for segment, pair in (("UpperLeg", limbs.thigh), ("LowerLeg", limbs.shank)):
            start, end = _LIMB_ENDS[segment]
            knee = np.cross(FORWARD, rest[end] - rest[start])
            axes[side + segment] = pose.carried(pair[-1], unit(knee))
        edge = soles.points[side]
        directions[side + "Foot"] = pose.carried(limbs.foot, unit(edge[0] - edge[-1]))
        axes[side + "Foot"] = pose.carried(limbs.foot, UP)
    return PosedBody(joints, directions, axes, pose.turn(bones.root), pose.turn(bones.spine[-1]))


class _Pose:
    """Reads bones of a posed rig by name."""

    def __init__(self, rig: Rig, track: PoseTrack) -> None:
        self._rig, self._matrices = rig, track.matrices

    def head(self, bone: str) -> Array:
        """(T, 3) position of a bone's head."""
        return self._matrices[:, self._rig.index(bone), :3, 3]

    def turn(self, bone: str) -> Array:
        """(T, 3, 3) rotation of a bone from its rest, in the armature's space."""
        b = self._rig.index(bone)
        turned: Array = self._matrices[:, b, :3, :3] @ self._rig.rest[b, :3, :3].T
        return turned

    def carried(self, bone: str, direction: Array) -> Array:
        """(T, 3) where a direction (3,) of the rest pose points now."""
        b = self._rig.index(bone)
        local = self._rig.rest[b, :3, :3].T @ direction
        now: Array = self._matrices[:, b, :3, :3] @ local
        return now


def _joint_bones(limbs: Limbs) -> dict[str, str]:
    return {
        "Clavicle": limbs.clavicle, "Shoulder": limbs.upper_arm[0], "Elbow": limbs.forearm[0], "Wrist": limbs.hand,
        "Hip": limbs.thigh[0], "Knee": limbs.shank[0], "Ankle": limbs.foot,
    }  # fmt: skip

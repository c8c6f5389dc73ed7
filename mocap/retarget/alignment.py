"""Constant turns between an avatar's rest pose and XSens' identity pose (arms out, palms down).

Every bone gets a rotation D in the armature's space, relative to its own rest: R_bone(t) = D(t) · R_rest. Where the
two poses differ, D(t) = R_segment(t) · A, with A taking the rest bone's direction and then a second axis (elbow hinge,
palm, knee) onto those of the identity pose (`rotations.between_frames`). A shortest arc alone would leave forearms and
hands twisted; no A at all would leave the 50° of an A-pose in every frame.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mocap.retarget.bone_map import Limbs
from mocap.rig import Rig
from mocap.rotations import Array
from mocap.skeleton import Skeleton


def unit(vector: Array) -> Array:
    """A vector (3,) of length 1."""
    out: Array = vector / np.linalg.norm(vector)
    return out


def rest_head(rig: Rig, bone: str) -> Array:
    """(3,) where a bone starts at rest."""
    return rig.heads[rig.index(bone)]


def segment_direction(skeleton: Skeleton, child: str) -> Array:
    """(3,) unit vector from the origin of a segment's parent to its own, in the identity pose."""
    return unit(skeleton.offsets[skeleton.index(child)])


@dataclass(frozen=True)
class HandAxes:
    """How a hand lies: unit vectors (3,) from the wrist along the hand, and out of the palm."""

    along: Array
    palm: Array


def hand_axes(rig: Rig, limbs: Limbs, sign: float) -> HandAxes:
    """A hand's axes at rest, rigid with the hand bone; `sign` is +1 for the left, −1 for the right.

    From the knuckles of index, middle and little finger, or from the hand bone itself where the map names its palm.
    """
    hand = rig.index(limbs.hand)
    if limbs.palm is not None:
        axis = rig.rest[hand, :3, "xyz".index(limbs.palm[-1])]
        return HandAxes(unit(rig.tails[hand] - rig.heads[hand]), -axis if limbs.palm.startswith("-") else axis)
    index, middle, little = (
        rest_head(rig, limbs.fingers[finger][0]) - rig.heads[hand] for finger in ("index", "middle", "little")
    )
    return HandAxes(unit(middle), unit(-sign * np.cross(index, little)))

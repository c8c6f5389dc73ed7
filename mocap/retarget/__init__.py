"""Puts a recorded motion onto an armature of other proportions and another rest pose.

`solve.retarget` is the way in. What a bone does is in the module of its part of the body: spine, limbs, fingers; what
makes the avatar stand on the ice in `ice` and `feet`; what keeps its hands out of its body in `volume` and `clearance`.
"""

from mocap.retarget.alignment import HandAxes, hand_axes
from mocap.retarget.bone_map import FINGERS, BoneMap, Limbs
from mocap.retarget.ice import Soles, bare_soles, leg_length, source_leg_length
from mocap.retarget.solve import Scale, retarget
from mocap.retarget.volume import BodyVolume

__all__ = [
    "FINGERS",
    "BodyVolume",
    "BoneMap",
    "HandAxes",
    "Limbs",
    "Scale",
    "Soles",
    "bare_soles",
    "hand_axes",
    "leg_length",
    "retarget",
    "source_leg_length",
]

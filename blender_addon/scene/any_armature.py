"""A take onto an armature of anybody's making, by a bone map."""

from __future__ import annotations

import bpy

from blender_addon.scene.animate import pose_armature
from blender_addon.scene.armature import read_rig, world_unit
from mocap.motion import Motion
from mocap.resample import resample
from mocap.retarget import BoneMap, Scale, bare_soles, retarget
from mocap.skating.contacts import ensure_contacts


def play_on_armature(
    armature: bpy.types.Object, motion: Motion, bones: BoneMap, fps: float, *, scale: Scale = "body"
) -> None:
    """Gives an armature that stands in the scene, facing −Y, a movement from frame 0 on.

    Args:
        armature: at rest in any pose and of any size; its object may be scaled, but evenly.
        bones: which of its bones play which segments.
        fps: frames per second of the scene.
        scale: see `retarget`.

    Raises:
        UserError: the armature lacks a mapped bone.
    """
    rig = read_rig(armature)
    bones.check(rig)
    motion = ensure_contacts(motion)
    motion = resample(motion, fps, 0.0, int(motion.duration * fps + 1e-6) + 1)
    pose_armature(armature, retarget(motion, rig, bones, bare_soles(rig, bones), scale=scale), world_unit(armature))

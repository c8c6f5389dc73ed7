"""Rigs as Blender's armatures: made of our own, and read from those of others."""

from __future__ import annotations

import bpy
import numpy as np
from mathutils import Matrix

from mocap.errors import UserError
from mocap.rig import Rig


def build_armature(rig: Rig, name: str, collection: bpy.types.Collection) -> bpy.types.Object:
    """An armature with a rig's bones, at the world's origin, in a collection that the active view layer shows."""
    data = bpy.data.armatures.new(name)
    armature = bpy.data.objects.new(name, data)
    collection.objects.link(armature)
    # Bones can only be made in edit mode, which acts on the active object.
    layer = bpy.context.view_layer
    assert layer is not None
    layer.update()
    before = layer.objects.active
    layer.objects.active = armature
    bpy.ops.object.mode_set(mode="EDIT")
    try:
        made: list[bpy.types.EditBone] = []
        for bone_name, parent, head, tail, rest in zip(
            rig.names, rig.parents, rig.heads, rig.tails, rig.rest, strict=True
        ):
            bone = data.edit_bones.new(bone_name)
            bone.head, bone.tail = head.tolist(), tail.tolist()
            # Sets the roll; the length stays.
            bone.matrix = Matrix(rest.tolist())
            bone.parent = made[parent] if parent >= 0 else None
            made.append(bone)
    finally:
        bpy.ops.object.mode_set(mode="OBJECT")
        layer.objects.active = before
    return armature


def read_rig(armature: bpy.types.Object) -> Rig:
    """An armature's bones at rest as they stand in the world, in metres whatever the object's own unit.

    Raises:
        UserError: the object is no armature, or is scaled unevenly.
    """
    if not isinstance(armature.data, bpy.types.Armature):
        raise UserError(f"{armature.name!r} is not an armature", mend="Choose the object that holds the bones.")
    unit = world_unit(armature)
    world = np.array(armature.matrix_world)
    # Blender lists bones parents first.
    bones = list(armature.data.bones)
    number = {bone.name: i for i, bone in enumerate(bones)}
    rest = world @ np.array([bone.matrix_local for bone in bones]).reshape(-1, 4, 4)
    rest[:, :3, :3] /= unit
    tails = np.array([bone.tail_local for bone in bones]).reshape(-1, 3) @ world[:3, :3].T + world[:3, 3]
    parents = np.array([number[bone.parent.name] if bone.parent else -1 for bone in bones])
    return Rig(tuple(number), parents, rest[:, :3, 3].copy(), tails, rest)


def world_unit(armature: bpy.types.Object) -> float:
    """Metres per unit of an armature's own space (0.01 for what comes in centimetres).

    Raises:
        UserError: the object is scaled unevenly or mirrored, which bones cannot follow.
    """
    turn = np.array(armature.matrix_world)[:3, :3]
    lengths = np.linalg.norm(turn, axis=0)
    if np.ptp(lengths) > 1e-3 * lengths.max() or np.linalg.det(turn) <= 0.0:
        raise UserError(f"{armature.name!r} is scaled unevenly or mirrored", mend="Apply its scale (Ctrl+A).")
    return float(lengths.mean())

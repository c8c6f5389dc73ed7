"""A movement becomes F-curves, written in bulk."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np

from blender_addon.scene.avatar import Avatar
from mocap.rig import PoseTrack
from mocap.rotations import Array, hemisphere

_LINEAR = 1  # bpy.types.Keyframe.interpolation's number for "LINEAR": enums are written in bulk as numbers


def pose_avatar(avatar: Avatar, track: PoseTrack) -> None:
    """Gives an avatar its movement; frame f of the scene shows index f of the track."""
    pose_armature(avatar.armature, track)


def pose_armature(armature: bpy.types.Object, track: PoseTrack, unit: float = 1.0) -> None:
    """Gives an armature a movement; frame f of the scene shows index f of the track. An earlier one is replaced.

    Bones that never leave their rest have no F-curves; those that never move have one key.

    Args:
        unit: metres per unit of the armature's own space.
    """
    animation = armature.animation_data or armature.animation_data_create()
    assert animation is not None
    before = animation.action
    if before is not None:
        animation.action = None
        bpy.data.actions.remove(before)
    assert armature.pose is not None
    for bone in armature.pose.bones:
        bone.matrix_basis.identity()
        # Imported bones often turn by Euler angles; then quaternions would be passed over.
        bone.rotation_mode = "QUATERNION"

    action = bpy.data.actions.new(f"{armature.name}_movement")
    slot = action.slots.new(id_type="OBJECT", name=armature.name)
    # `Any`: only strips of keyframes have channels.
    strip: Any = action.layers.new("movement").strips.new(type="KEYFRAME")
    curves = strip.channelbag(slot, ensure=True).fcurves
    rotations = hemisphere(track.rotations)
    moves = np.any(np.abs(rotations[..., 1:]) > 1e-7, axis=(0, 2))
    held = np.all(rotations == rotations[:1], axis=(0, 2))
    for index in np.flatnonzero(moves).tolist():
        values = rotations[:1, index] if held[index] else rotations[:, index]
        _write(curves, f'pose.bones["{track.names[index]}"].rotation_quaternion', values)
    _write(curves, f'pose.bones["{track.names[track.root]}"].location', track.root_location / unit)
    animation.action = action
    animation.action_slot = slot


def _write(curves: Any, path: str, values: Array) -> None:
    """One curve per column of values (T, C)."""
    keys = np.empty((len(values), 2), dtype=np.float32)
    keys[:, 0] = np.arange(len(values))
    for column in range(values.shape[1]):
        curve = curves.new(path, index=column)
        keys[:, 1] = values[:, column]
        curve.keyframe_points.add(len(keys))
        curve.keyframe_points.foreach_set("co", keys.ravel())
        curve.keyframe_points.foreach_set("interpolation", np.full(len(keys), _LINEAR, dtype=np.int32))
        curve.update()

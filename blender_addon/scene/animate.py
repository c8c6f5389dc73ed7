"""A movement becomes F-curves, written in bulk."""

from __future__ import annotations

import bpy
import numpy as np

from blender_addon.scene.avatar import Avatar
from blender_addon.scene.curves import play
from mocap.rig import PoseTrack
from mocap.rotations import Array, hemisphere


def pose_avatar(avatar: Avatar, track: PoseTrack, frames: Array | None = None) -> None:
    """Gives an avatar its movement. Arguments as of `pose_armature`."""
    pose_armature(avatar.armature, track, frames=frames)


def pose_armature(armature: bpy.types.Object, track: PoseTrack, unit: float = 1.0, frames: Array | None = None) -> None:
    """Gives an armature a movement. An earlier one is replaced.

    Bones that never leave their rest have no F-curves; those that never move have one key.

    Args:
        unit: metres per unit of the armature's own space.
        frames: (T,) which frames of the scene show the track's instants, fractions too; None for 0, 1, 2, ….
    """
    animation = armature.animation_data
    before = animation.action if animation is not None else None
    if animation is not None and before is not None:
        animation.action = None
        bpy.data.actions.remove(before)
    assert armature.pose is not None
    for bone in armature.pose.bones:
        bone.matrix_basis.identity()
        # Imported bones often turn by Euler angles; then quaternions would be passed over.
        bone.rotation_mode = "QUATERNION"

    rotations = hemisphere(track.rotations)
    moves = np.any(np.abs(rotations[..., 1:]) > 1e-7, axis=(0, 2))
    held = np.all(rotations == rotations[:1], axis=(0, 2))
    values = {
        f'pose.bones["{track.names[index]}"].rotation_quaternion': rotations[: 1 if held[index] else None, index]
        for index in np.flatnonzero(moves).tolist()
    }
    values[f'pose.bones["{track.names[track.root]}"].location'] = track.root_location / unit
    play(armature, values, frames)

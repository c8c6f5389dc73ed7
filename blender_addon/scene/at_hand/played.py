"""What skaters of the scene at hand do: the movement that was given them, and whether they still have it."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from blender_addon.scene.at_hand.clock import count_of, rate_of
from blender_addon.scene.at_hand.landmarks import human_of
from blender_addon.scene.at_hand.performed import performed
from blender_addon.scene.at_hand.record import SKATER, read, record_of, skaters_in, spec_of
from blender_addon.skater.performance import Performance


def performances(scene: bpy.types.Scene, assets: Path) -> list[Performance] | None:
    """What the skaters of a scene do, as retargeting has made it, by instance.

    None where somebody has been changed by hand since, or the frames have: then only Blender knows.
    """
    out = []
    fps, count = rate_of(scene), count_of(scene)
    for armature in skaters_in(scene):
        movement = record_of(armature, SKATER).get("movement")
        same = {"first": scene.frame_start, "fps": fps, "count": count}
        if not isinstance(movement, dict) or {name: movement.get(name) for name in same} != same or moved(armature):
            return None
        out.append(performed(spec_of(armature), human_of(armature, assets), fps, count))
    return out


def moved(armature: bpy.types.Object) -> bool:
    """Whether a skater's movement is another than `animate` has given it: by other keys, constraints, its object."""
    record = read(armature, SKATER) or {}
    movement = record.get("movement")
    animation: Any = armature.animation_data
    assert armature.pose is not None
    return (
        not isinstance(movement, dict)
        or movement.get("keys") != keys_of(armature)
        or armature.parent is not None
        or not np.allclose(np.array(armature.matrix_basis), np.eye(4), atol=1e-6)
        or bool(armature.constraints)
        or bool(animation.drivers)
        or bool(animation.nla_tracks)
        or any(len(bone.constraints) > 0 for bone in armature.pose.bones)
        or _posed_without_keys(armature)
    )


def _posed_without_keys(armature: bpy.types.Object) -> bool:
    """Whether a bone is turned, moved or scaled by what no key of ours says."""
    pose: Any = armature.pose
    keyed = {curve.data_path for curve in _curves(armature)}
    for name, width, rest in (
        ("rotation_quaternion", 4, (1.0, 0.0, 0.0, 0.0)),
        ("location", 3, 0.0),
        ("scale", 3, 1.0),
    ):
        values = np.empty(width * len(pose.bones), dtype=np.float32)
        pose.bones.foreach_get(name, values)
        off = np.any(np.abs(values.reshape(-1, width) - rest) > 1e-6, axis=1)
        bones = pose.bones.keys()
        if any(f'pose.bones["{bones[k]}"].{name}' not in keyed for k in np.flatnonzero(off).tolist()):
            return True
    return False


def keys_of(armature: bpy.types.Object) -> str:
    """A digest of all keys that an armature's action has; "" where there is none."""
    digest = sha256()
    found = False
    for curve in _curves(armature):
        found = True
        keys = np.empty(2 * len(curve.keyframe_points), dtype=np.float32)
        curve.keyframe_points.foreach_get("co", keys)
        digest.update(f"{curve.data_path} {curve.array_index} {curve.mute} {len(curve.modifiers)} ".encode())
        digest.update(keys.tobytes())
    return digest.hexdigest() if found else ""


def _curves(armature: bpy.types.Object) -> Iterator[Any]:
    # `Any`: only strips of keyframes have channels.
    animation: Any = armature.animation_data
    action = None if animation is None else animation.action
    if action is None or animation.action_slot is None:
        return
    for layer in action.layers:
        for strip in layer.strips:
            bag = strip.channelbag(animation.action_slot)
            if bag is not None:
                yield from bag.fcurves

"""Values over time as F-curves, written in bulk: straight from key to key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import bpy
import numpy as np

from mocap.rotations import Array

_LINEAR = 1  # bpy.types.Keyframe.interpolation's number for "LINEAR": enums are written in bulk as numbers


def play(block: bpy.types.Object | bpy.types.Camera, values: Mapping[str, Array]) -> None:
    """Gives an object or a camera's data a movement: frame i of the scene shows row i of each of the values.

    Args:
        block: which has no movement yet.
        values: (T, C) by data path.
    """
    animation: Any = block.animation_data_create()
    action = bpy.data.actions.new(f"{block.name} movement")
    slot = action.slots.new(id_type=block.id_type, name=block.name)
    # `Any`: only strips of keyframes have channels.
    strip: Any = action.layers.new("movement").strips.new(type="KEYFRAME")
    curves = strip.channelbag(slot, ensure=True).fcurves
    for path, rows in values.items():
        keys = np.empty((len(rows), 2), dtype=np.float32)
        keys[:, 0] = np.arange(len(rows))
        for column in range(rows.shape[1]):
            curve = curves.new(path, index=column)
            keys[:, 1] = rows[:, column]
            curve.keyframe_points.add(len(keys))
            curve.keyframe_points.foreach_set("co", keys.ravel())
            curve.keyframe_points.foreach_set("interpolation", np.full(len(keys), _LINEAR, dtype=np.int32))
            curve.update()
    animation.action = action
    animation.action_slot = slot

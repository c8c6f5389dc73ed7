"""Values over time as F-curves, written in bulk: straight from key to key."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import bpy
import numpy as np

from mocap.rotations import Array

_LINEAR = 1  # bpy.types.Keyframe.interpolation's number for "LINEAR": enums are written in bulk as numbers


def play(
    block: bpy.types.Object | bpy.types.Camera | bpy.types.Key,
    values: Mapping[str, Array],
    frames: Array | None = None,
) -> None:
    """Gives an object, a camera's data or a mesh's shapes a movement: the scene shows row i of each value in a frame.

    Args:
        block: which has no movement yet.
        values: (T, C) by data path, or (1, C) of what stays as it is.
        frames: (T,) ascending numbers of frames, fractions too; None for 0, 1, 2, ….
    """
    animation: Any = block.animation_data_create()
    action = bpy.data.actions.new(f"{block.name} movement")
    slot = action.slots.new(id_type=block.id_type, name=block.name)
    # `Any`: only strips of keyframes have channels.
    strip: Any = action.layers.new("movement").strips.new(type="KEYFRAME")
    curves = strip.channelbag(slot, ensure=True).fcurves
    for path, rows in values.items():
        keys = np.empty((len(rows), 2), dtype=np.float32)
        keys[:, 0] = np.arange(len(rows)) if frames is None else frames[: len(rows)]
        for column in range(rows.shape[1]):
            curve = curves.new(path, index=column)
            keys[:, 1] = rows[:, column]
            curve.keyframe_points.add(len(keys))
            curve.keyframe_points.foreach_set("co", keys.ravel())
            curve.keyframe_points.foreach_set("interpolation", np.full(len(keys), _LINEAR, dtype=np.int32))
            curve.update()
    animation.action = action
    animation.action_slot = slot

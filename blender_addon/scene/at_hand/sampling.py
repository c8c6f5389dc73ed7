"""What objects of a scene do over time, read from Blender itself: keys, constraints and drivers as they are by then.

Read in a scene of its own, where nothing else has to be worked out: subdivided skin would take most of the time. What
they depend on comes into play by itself.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

from blender_addon.scene.at_hand.landmarks import pose_of
from mocap.rotations import Array

_LENS = ("lens", "sensor_width", "sensor_height", "shift_x", "shift_y")


@dataclass(frozen=True)
class Seen:
    """Objects over T instants.

    Attributes:
        poses: (T, B, 4, 4) bone → world, by the armature's name.
        places: (T, 4, 4) camera → world, by the camera's name.
        lenses: (T,) of each number of a lens, by the camera's name; see `_LENS` and `cameras`.
    """

    poses: Mapping[str, Array]
    places: Mapping[str, Array]
    lenses: Mapping[str, Mapping[str, Array]]


def look(
    scene: bpy.types.Scene,
    frames: Array,
    armatures: Mapping[bpy.types.Object, tuple[str, ...]],
    cameras: Sequence[bpy.types.Object] = (),
    numbers: Sequence[str] = (),
) -> Seen:
    """Objects at frames (T,) of a scene, fractions too.

    Args:
        armatures: with the names of the bones that are wanted; cameras: whose places and lenses are.
        numbers: of a camera's data, besides those of every lens.

    Raises:
        UserError: an armature lacks a bone.
    """
    poses: dict[str, list[Array]] = {thing.name: [] for thing in armatures}
    places: dict[str, list[Array]] = {thing.name: [] for thing in cameras}
    lenses: dict[str, list[list[float]]] = {thing.name: [] for thing in cameras}
    names = (*_LENS, *numbers)
    with _apart(scene, [*armatures, *cameras]) as (room, graph):
        for frame in frames.tolist():
            whole = int(np.floor(frame))
            room.frame_set(whole, subframe=frame - whole)
            for thing, bones in armatures.items():
                poses[thing.name].append(pose_of(thing.evaluated_get(graph), bones))
            for thing in cameras:
                shown: Any = thing.evaluated_get(graph)
                places[thing.name].append(np.array(shown.matrix_world))
                lenses[thing.name].append([getattr(shown.data, name) for name in names])
    return Seen(
        {name: np.array(rows) for name, rows in poses.items()},
        {name: np.array(rows) for name, rows in places.items()},
        {name: dict(zip(names, np.array(rows).T, strict=True)) for name, rows in lenses.items()},
    )


@contextlib.contextmanager
def _apart(
    scene: bpy.types.Scene, things: Sequence[bpy.types.Object]
) -> Iterator[tuple[bpy.types.Scene, bpy.types.Depsgraph]]:
    """A scene with some objects alone; what is hidden in the viewport is worked out as well."""
    hidden = [thing for thing in things if thing.hide_viewport]
    room = bpy.data.scenes.new("SkateSynth looks")
    try:
        room.render.fps, room.render.fps_base = scene.render.fps, scene.render.fps_base
        for thing in hidden:
            thing.hide_viewport = False
        for thing in things:
            room.collection.objects.link(thing)
        with bpy.context.temp_override(scene=room, view_layer=room.view_layers[0]):
            graph = bpy.context.evaluated_depsgraph_get()
        yield room, graph
    finally:
        bpy.data.scenes.remove(room)
        for thing in hidden:
            thing.hide_viewport = True

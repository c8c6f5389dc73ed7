"""What objects of a scene do over time, read from Blender itself: keys, constraints and drivers as they are by then.

Read in a scene of its own, where nothing else has to be worked out: subdivided skin would take most of the time. What
they depend on comes into play by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    with Room(scene, [*armatures, *cameras]) as room:
        for frame in frames.tolist():
            room.go_to(frame)
            for thing, bones in armatures.items():
                poses[thing.name].append(room.pose(thing, bones))
            for thing in cameras:
                shown: Any = room.now(thing)
                places[thing.name].append(np.array(shown.matrix_world))
                lenses[thing.name].append([getattr(shown.data, name) for name in names])
    return Seen(
        {name: np.array(rows) for name, rows in poses.items()},
        {name: np.array(rows) for name, rows in places.items()},
        {name: dict(zip(names, np.array(rows).T, strict=True)) for name, rows in lenses.items()},
    )


class Room:
    """A scene with some objects alone, at any instant; those that are hidden in the viewport are worked out as well."""

    def __init__(self, scene: bpy.types.Scene, things: Sequence[bpy.types.Object]) -> None:
        """`scene` says how fast frames go by."""
        self._hidden = [thing for thing in things if thing.hide_viewport]
        self._scene = bpy.data.scenes.new("SkateSynth looks")
        self._scene.render.fps, self._scene.render.fps_base = scene.render.fps, scene.render.fps_base
        for thing in things:
            thing.hide_viewport = False
            self._scene.collection.objects.link(thing)
        with bpy.context.temp_override(scene=self._scene, view_layer=self._scene.view_layers[0]):
            self._graph = bpy.context.evaluated_depsgraph_get()

    def go_to(self, frame: float) -> None:
        """Another instant, fractions of frames too."""
        whole = int(np.floor(frame))
        self._scene.frame_set(whole, subframe=frame - whole)

    def now(self, thing: bpy.types.Object) -> bpy.types.Object:
        """An object as it is at this instant."""
        return thing.evaluated_get(self._graph)

    def pose(self, armature: bpy.types.Object, bones: tuple[str, ...]) -> Array:
        """(B, 4, 4) bone → world. UserError if the armature lacks a bone."""
        return pose_of(self.now(armature), bones)

    def __enter__(self) -> Room:
        return self

    def __exit__(self, *_: object) -> None:
        bpy.data.scenes.remove(self._scene)
        for thing in self._hidden:
            thing.hide_viewport = True

"""The buttons of the panel's steps, clicked as a user clicks them: what they change, and what undo gives back."""

from __future__ import annotations

from typing import Any

import bpy

GROUPS = ("take", "skater", "retarget", "surroundings", "cameras")


def blocks() -> dict[str, list[str]]:
    """Names of all data-blocks in the file, by kind."""
    kinds = [name for name in dir(bpy.data) if isinstance(getattr(bpy.data, name), bpy.types.bpy_prop_collection)]
    return {name: sorted(block.name_full for block in getattr(bpy.data, name)) for name in kinds}


def whole() -> dict[str, Any]:
    """All of a scene that a step may change."""
    scene = bpy.context.scene
    render = scene.render
    bpy.context.view_layer.update()
    return {
        "blocks": blocks(),
        "frames": (scene.frame_start, scene.frame_end, scene.frame_current),
        "picture": (render.resolution_x, render.resolution_y, render.fps, render.fps_base),
        "markers": [(marker.name, marker.frame) for marker in scene.timeline_markers],
        "camera": None if scene.camera is None else scene.camera.name,
        "world": None if scene.world is None else scene.world.name,
        "notes": {key: value for key, value in scene.items() if isinstance(value, str)},
        "settings": {
            name: {field.identifier: _named(getattr(group, field.identifier)) for field in group.bl_rna.properties[1:]}
            for name in GROUPS
            for group in [getattr(scene.skatesynth, name)]
        },
        "objects": {
            thing.name: (
                thing.hide_render,
                tuple(round(value, 5) for row in thing.matrix_world for value in row),
                {key: value for key, value in thing.items() if isinstance(value, str)},
                None if thing.animation_data is None else bool(thing.animation_data.action),
                None if thing.pose is None else [round(value, 4) for bone in thing.pose.bones for value in bone.head],
            )
            for thing in scene.objects
        },
    }


def _named(value: Any) -> Any:
    """A value of a setting; of a thing of Blender's, which undo makes anew, its name."""
    return value.name_full if isinstance(value, bpy.types.ID) else value


def clicked(step: Any, **given: Any) -> dict[str, Any]:
    """Clicks a button; looks whether undo takes back all that it did, and redo does it again. What there is then."""
    bpy.ops.ed.undo_push(message="before")
    before = whole()
    assert step("EXEC_DEFAULT", True, **given) == {"FINISHED"}
    after = whole()
    assert after != before
    bpy.ops.ed.undo()
    assert whole() == before
    bpy.ops.ed.redo()
    assert whole() == after
    return after


def skater() -> bpy.types.Object:
    """The armature in the scene."""
    return next(thing for thing in bpy.context.scene.objects if thing.type == "ARMATURE")

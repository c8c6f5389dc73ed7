# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; where a panel or an operator runs, it does not.
"""The step Cameras: who films."""

from __future__ import annotations

import bpy

from blender_addon.ui.kept import say_kept
from blender_addon.ui.operators.cameras import (
    SKATESYNTH_OT_film_with,
    SKATESYNTH_OT_put_cameras,
    SKATESYNTH_OT_randomise_cameras,
    SKATESYNTH_OT_remove_cameras,
    SKATESYNTH_OT_view_through,
    cameras_of,
    why_not_filmed,
)
from blender_addon.ui.operators.skater import is_animated
from blender_addon.ui.properties import settings
from blender_addon.ui.steps import job_hurdle, skater_hurdle
from blender_addon.ui.words import Tab, fields, paragraph


class SKATESYNTH_PT_cameras(Tab):
    """Who films."""

    bl_label = "Cameras"
    bl_order = 5

    def draw(self, context: bpy.types.Context) -> None:
        """Blender's call."""
        from blender_addon.scene.at_hand import cameras_in, skaters_in

        layout, chosen, scene = self.layout, settings(context).cameras, context.scene
        say_kept(layout, context, "cameras")
        column = fields(layout)
        column.prop(chosen, "set")
        column.prop(chosen, "follow")
        column.prop(chosen, "size")
        header, body = layout.panel("skatesynth_blur", default_closed=True)
        header.label(text="Blur and Focus")
        if body is not None:
            column = fields(body)
            column.prop(chosen, "motion_blur")
            column.prop(chosen, "depth_of_field")
        ours = cameras_in(scene)
        row = layout.row()
        row.scale_y = 1.3
        label = "Put Cameras Anew" if ours else "Put Cameras"
        row.operator(SKATESYNTH_OT_put_cameras.bl_idname, text=label, icon="OUTLINER_OB_CAMERA")
        hurdle = skater_hurdle(context) or job_hurdle(context)
        if hurdle is not None:
            paragraph(layout, context, hurdle, icon="INFO")
        elif not any(is_animated(armature) for armature in skaters_in(scene)):
            paragraph(layout, context, "Nobody moves yet: retarget first, then cameras follow.", icon="INFO")
        if ours:
            row = layout.row(align=True)
            row.operator(SKATESYNTH_OT_randomise_cameras.bl_idname, icon="FILE_REFRESH")
            row.operator(SKATESYNTH_OT_remove_cameras.bl_idname, icon="TRASH")
        _list(layout, context)


def _in_words(camera: bpy.types.Object) -> str:
    from blender_addon.scene.at_hand import camera_spec_of, cameras_in

    if camera not in cameras_in(bpy.context.scene):
        return f"{camera.name}, your own"
    spec = camera_spec_of(camera)
    return f"{spec.name}, {spec.width} × {spec.height}"


def _list(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    """Every camera of the scene: look through it, whether it films, and why it cannot."""
    from blender_addon.scene.at_hand import films_with

    scene = context.scene
    filming, there = films_with(scene), cameras_of(scene)
    if not there:
        return
    header, body = layout.panel("skatesynth_cameras")
    header.label(text="Cameras in the Scene")
    if body is None:
        return
    column = body.column(align=True)
    hurdles = {camera: hurdle for camera in there if (hurdle := why_not_filmed(scene, camera)) is not None}
    for camera in there:
        row = column.row(align=True)
        if camera in hurdles:
            row.label(text=camera.name, icon="ERROR")
        else:
            tick = row.row(align=True)
            tick.alignment = "LEFT"
            film = tick.operator(
                SKATESYNTH_OT_film_with.bl_idname,
                text=_in_words(camera),
                icon="CHECKBOX_HLT" if camera in filming else "CHECKBOX_DEHLT",
                emboss=False,
            )
            film.camera = camera.name
            row.label(text="")
        through = scene.camera == camera
        look = row.operator(SKATESYNTH_OT_view_through.bl_idname, text="", icon="VIEW_CAMERA", depress=through)
        look.camera = camera.name
    for hurdle in hurdles.values():
        paragraph(body, context, hurdle, icon="ERROR")
    words = "Ticked cameras film this scene." if filming else "No camera films this scene: tick one, or put cameras."
    paragraph(body, context, words)


CLASSES = (SKATESYNTH_PT_cameras,)

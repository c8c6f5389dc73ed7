# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; where a panel or an operator runs, it does not.
"""The step Render: the buttons, and what became of them."""

from __future__ import annotations

import bpy

from blender_addon.ui.operators.output import (
    SKATESYNTH_OT_open_folder,
    SKATESYNTH_OT_open_log,
    SKATESYNTH_OT_open_report,
    SKATESYNTH_OT_open_sheet,
    watched,
)
from blender_addon.ui.operators.render import (
    SKATESYNTH_OT_cancel,
    SKATESYNTH_OT_render,
    SKATESYNTH_OT_render_clip,
    why_not,
    why_not_clip,
)
from blender_addon.ui.thumbnail import icon_of
from blender_addon.ui.watch import Watched
from blender_addon.ui.words import Icon, Tab, paragraph

ICONS: dict[str, Icon] = {"": "NONE", "done": "CHECKMARK", "stopped": "INFO", "failed": "ERROR"}
_STARTUP_CUBE = "Cube"  # in every new scene, where a skater is put
PICTURE_SCALE = 6.0  # of the newest picture, in heights of a button


class SKATESYNTH_PT_render(Tab):
    """The buttons, and what became of them."""

    bl_label = "Render"
    bl_order = 8

    def draw(self, context: bpy.types.Context) -> None:
        """Blender's call."""
        there = watched(context)
        if there.run is not None:
            _progress(self.layout, context, there)
        else:
            _buttons(self.layout, context)
            _result(self.layout, context, there)


def _progress(layout: bpy.types.UILayout, context: bpy.types.Context, there: Watched) -> None:
    shown = there.shown
    layout.progress(factor=shown.fraction, text=shown.headline)
    if shown.detail:
        paragraph(layout, context, shown.detail)
    row = layout.row(align=True)
    row.operator(SKATESYNTH_OT_cancel.bl_idname, icon="CANCEL")
    row.operator(SKATESYNTH_OT_open_log.bl_idname, icon="TEXT")
    if shown.picture is not None and (icon := icon_of(shown.picture)):
        layout.template_icon(icon_value=icon, scale=PICTURE_SCALE)


def _buttons(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    row = layout.row()
    row.scale_y = 1.4
    row.operator(SKATESYNTH_OT_render_clip.bl_idname, icon="RENDER_STILL")
    first = why_not_clip(context)
    if first is not None:
        paragraph(layout, context, first, icon="INFO")
    else:
        paragraph(layout, context, _clip_at_hand(context.scene))
        if _STARTUP_CUBE in context.scene.objects:
            paragraph(layout, context, "Blender's startup cube will be in it; delete it if you want none.", icon="INFO")
    row = layout.row()
    row.scale_y = 1.4
    row.operator(SKATESYNTH_OT_render.bl_idname, icon="RENDER_ANIMATION")
    second = why_not(context)
    if second is not None and second != first:
        paragraph(layout, context, second, icon="INFO")


def _clip_at_hand(scene: bpy.types.Scene) -> str:
    """What Render This Clip will make: the frames of Output are those of a data set."""
    from blender_addon.scene.at_hand import films_with

    frames = len(range(scene.frame_start, scene.frame_end + 1, scene.frame_step))
    cameras = len(films_with(scene))
    return f"{_many(frames, 'frame')} of the timeline, {_many(cameras, 'camera')}."


def _many(count: int, name: str) -> str:
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def _result(layout: bpy.types.UILayout, context: bpy.types.Context, there: Watched) -> None:
    shown = there.shown
    if shown.headline:
        box = layout.box()
        paragraph(box, context, shown.headline, icon=ICONS[shown.outcome])
        if shown.detail:
            paragraph(box, context, shown.detail)
        column = box.column(align=True)
        if shown.outcome == "done":
            column.operator(SKATESYNTH_OT_open_sheet.bl_idname, icon="IMAGE_DATA")
            writing = there.report is not None
            text = "Writing the Report…" if writing else "Show Report"
            column.operator(SKATESYNTH_OT_open_report.bl_idname, text=text, icon="WORLD_DATA")
            if there.told:
                paragraph(box, context, there.told, icon="INFO" if there.report_file.is_file() else "ERROR")
        row = column.row(align=True)
        row.operator(SKATESYNTH_OT_open_folder.bl_idname, icon="FILE_FOLDER")
        row.operator(SKATESYNTH_OT_open_log.bl_idname, icon="TEXT")
    else:
        layout.operator(SKATESYNTH_OT_open_folder.bl_idname, icon="FILE_FOLDER")


CLASSES = (SKATESYNTH_PT_render,)

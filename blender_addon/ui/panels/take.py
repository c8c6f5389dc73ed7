# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; where a panel or an operator runs, it does not.
"""The step Take: which movement, and what is in it."""

from __future__ import annotations

from pathlib import Path

import bpy

from blender_addon.ui.kept import say_kept
from blender_addon.ui.loaded import Loaded, counted
from blender_addon.ui.operators.take import (
    SKATESYNTH_OT_all_frames,
    SKATESYNTH_OT_choose_person,
    SKATESYNTH_OT_element_frames,
    SKATESYNTH_OT_go_to_element,
    SKATESYNTH_OT_load_take,
    is_loaded,
    loaded_in,
)
from blender_addon.ui.properties import settings
from blender_addon.ui.request import request_of, take_trouble
from blender_addon.ui.words import Tab, fields, left_share, paragraph

ROWS = 16  # elements that are listed; the timeline has them all
SHOWN_DOUBTS = 1  # doubts that stand in the open


class SKATESYNTH_PT_take(Tab):
    """The movement."""

    bl_label = "Take"
    bl_order = 1

    def draw(self, context: bpy.types.Context) -> None:
        """Blender's call."""
        layout, chosen, loaded = self.layout, settings(context).take, loaded_in(context.scene)
        say_kept(layout, context, "take")
        column = fields(layout)
        column.prop(chosen, "source")
        named = chosen.source != "recording" or bool(chosen.path)
        if chosen.source == "recording":
            column.prop(chosen, "path")
            if Path(chosen.path.removesuffix(".gz")).suffix.lower() == ".bvh":
                column.prop(chosen, "joint_map")
        elif chosen.source == "element":
            column.prop(chosen, "element")
        row = layout.row()
        row.scale_y = 1.3
        row.operator(SKATESYNTH_OT_load_take.bl_idname, text="Load Take" if named else "Open Recording…", icon="IMPORT")
        reason = take_trouble(request_of(settings(context))) if named else None
        if reason is not None:
            paragraph(layout, context, reason, icon="ERROR")
        if loaded is None:
            return
        if named and reason is None and not is_loaded(context, loaded):
            paragraph(layout, context, f"Still loaded: {loaded.name}. Load the one that is chosen.", icon="INFO")
        render = context.scene.render
        if abs(render.fps / render.fps_base - loaded.fps) > 1e-3:
            paragraph(layout, context, "The scene has another frame rate now: load the take again.", icon="INFO")
        _glance(layout, context, loaded)
        _elements(layout, context, loaded)
        _doubts(layout, context, loaded)


def _glance(layout: bpy.types.UILayout, context: bpy.types.Context, loaded: Loaded) -> None:
    column = layout.box().column()
    if len(loaded.subjects) > 1:
        row = column.row()
        row.operator_menu_enum(SKATESYNTH_OT_choose_person.bl_idname, "person", text=loaded.who, icon="USER")
    elif loaded.who and loaded.who != loaded.name:
        paragraph(column, context, loaded.who, icon="USER")
    paragraph(column, context, loaded.name, icon="ACTION")
    paragraph(column, context, loaded.length, icon="TIME")
    paragraph(column, context, loaded.travel, icon="CURVE_PATH")
    found = counted(loaded.elements) or "No jump, spin or step found"
    paragraph(column, context, found + (f"; {loaded.others}" if loaded.others else ""), icon="MARKER_HLT")
    if not loaded.doubts:
        paragraph(column, context, "Nothing in it looks wrong", icon="CHECKMARK")
    else:
        count = len(loaded.doubts)
        paragraph(column, context, f"{count} doubt{'s' if count > 1 else ''} about the recording", icon="ERROR")


def _elements(layout: bpy.types.UILayout, context: bpy.types.Context, loaded: Loaded) -> None:
    if not loaded.elements:
        return
    header, body = layout.panel("skatesynth_elements")
    header.label(text="Elements")
    if body is None:
        return
    column = body.column(align=True)
    for number, element in enumerate(loaded.elements[:ROWS]):
        row = column.row(align=True)
        instant = f"{element.start:.1f} s  {element.facts}".strip()
        words = row.split(factor=left_share(context, instant, beside=2))
        words.label(text=element.name)
        right = words.row()
        right.alignment = "RIGHT"
        right.label(text=instant)
        row.operator(SKATESYNTH_OT_go_to_element.bl_idname, text="", icon="PLAY").number = number
        frames = row.operator(SKATESYNTH_OT_element_frames.bl_idname, text="", icon="PREVIEW_RANGE")
        frames.number = number
    if len(loaded.elements) > ROWS:
        paragraph(body, context, f"and {len(loaded.elements) - ROWS} more, marked on the timeline")
    body.operator(SKATESYNTH_OT_all_frames.bl_idname)


def _doubts(layout: bpy.types.UILayout, context: bpy.types.Context, loaded: Loaded) -> None:
    if not loaded.doubts:
        return
    header, body = layout.panel("skatesynth_doubts", default_closed=len(loaded.doubts) > SHOWN_DOUBTS)
    header.label(text="Doubts About the Recording")
    if body is not None:
        for doubt in loaded.doubts:
            paragraph(body, context, doubt, icon="ERROR")


CLASSES = (SKATESYNTH_PT_take,)

# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; where a panel or an operator runs, it does not.
"""The sidebar's tab, read from top to bottom: which take, where to, how good, go."""

from __future__ import annotations

import textwrap
from typing import Literal

import bpy

from blender_addon.ui import operators, watch
from blender_addon.ui.properties import settings
from blender_addon.ui.request import FRAME_CHOICES
from blender_addon.ui.thumbnail import icon_of

Icon = Literal["NONE", "INFO", "ERROR", "CHECKMARK"]

LETTER_WIDTH = 7.0  # pixels of a letter of the interface, about, before the user's scale
ICONS: dict[str, Icon] = {"": "NONE", "done": "CHECKMARK", "stopped": "INFO", "failed": "ERROR"}
PICTURE_SCALE = 6.0  # of the newest picture, in heights of a button


class _Tab(bpy.types.Panel):
    bl_space_type = "VIEW_3D"
    bl_region_type = "UI"
    bl_category = "SkateSynth"


class SKATESYNTH_PT_take(_Tab):
    """The recording, and which of its frames."""

    bl_label = "Take"

    def draw(self, context: bpy.types.Context) -> None:
        """Blender's call."""
        chosen, column = settings(context), _fields(self.layout)
        column.prop(chosen, "demo")
        row = column.row()
        row.enabled = not chosen.demo
        row.prop(chosen, "take")
        column.prop(chosen, "frames")
        _, counted, rated = FRAME_CHOICES[chosen.frames]
        if counted:
            column.prop(chosen, "count")
        if rated:
            column.prop(chosen, "fps")
        column.separator()
        column.operator(operators.SKATESYNTH_OT_onto_armature.bl_idname, text="Onto Selected Armature…")


class SKATESYNTH_PT_output(_Tab):
    """Where to, and how much."""

    bl_label = "Output"

    def draw(self, context: bpy.types.Context) -> None:
        """Blender's call."""
        chosen, column = settings(context), _fields(self.layout)
        column.prop(chosen, "out")
        column.prop(chosen, "overwrite")
        column.prop(chosen, "clips")
        column.prop(chosen, "preset")
        column.prop(chosen, "cameras")
        column.prop(chosen, "seed")


class SKATESYNTH_PT_quality(_Tab):
    """Size and care of the pictures."""

    bl_label = "Quality"

    def draw(self, context: bpy.types.Context) -> None:
        """Blender's call."""
        chosen, column = settings(context), _fields(self.layout)
        column.prop(chosen, "quality")
        column.prop(chosen, "size")


class SKATESYNTH_PT_render(_Tab):
    """The button, and what became of it."""

    bl_label = "Render"

    def draw(self, context: bpy.types.Context) -> None:
        """Blender's call."""
        layout = self.layout
        shown = watch.shown
        if watch.run is not None:
            layout.progress(factor=shown.fraction, text=shown.headline)
            _paragraph(layout, context, shown.detail)
            layout.operator(operators.SKATESYNTH_OT_cancel.bl_idname, icon="CANCEL")
            if shown.picture is not None and (icon := icon_of(shown.picture)):
                layout.template_icon(icon_value=icon, scale=PICTURE_SCALE)
            return
        reason = operators.why_not(context)
        row = layout.row()
        row.scale_y = 1.6
        row.operator(operators.SKATESYNTH_OT_render.bl_idname, icon="RENDER_ANIMATION")
        if reason is not None:
            _paragraph(layout, context, reason, icon="INFO")
        if shown.headline:
            _paragraph(layout, context, shown.headline, icon=ICONS[shown.outcome])
            _paragraph(layout, context, shown.detail)
        column = layout.column(align=True)
        column.operator(operators.SKATESYNTH_OT_open_folder.bl_idname, icon="FILE_FOLDER")
        if shown.sheet is not None:
            column.operator(operators.SKATESYNTH_OT_open_sheet.bl_idname, icon="IMAGE_DATA")


def _fields(layout: bpy.types.UILayout) -> bpy.types.UILayout:
    layout.use_property_split = True
    layout.use_property_decorate = False  # nothing here is animated
    return layout.column()


def _paragraph(layout: bpy.types.UILayout, context: bpy.types.Context, text: str, icon: Icon = "NONE") -> None:
    """A label that breaks its lines where the sidebar ends, which Blender's own do not."""
    scale = context.preferences.system.ui_scale
    letters = int(context.region.width / (LETTER_WIDTH * scale)) - 6
    column = layout.column(align=True)
    column.scale_y = 0.8
    for number, line in enumerate(textwrap.wrap(text, max(letters, 16))):
        # Lines after the first are set in by an empty icon, so that they stand under its words.
        column.label(text=line, icon=icon if number == 0 or icon == "NONE" else "BLANK1")


PANELS = (SKATESYNTH_PT_take, SKATESYNTH_PT_output, SKATESYNTH_PT_quality, SKATESYNTH_PT_render)

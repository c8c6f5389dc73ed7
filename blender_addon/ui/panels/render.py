# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; where a panel or an operator runs, it does not.
"""The step Render: the buttons, and what became of them."""

from __future__ import annotations

import bpy

from blender_addon.ui import watch
from blender_addon.ui.operators import output, render
from blender_addon.ui.thumbnail import icon_of
from blender_addon.ui.words import Icon, Tab, paragraph

ICONS: dict[str, Icon] = {"": "NONE", "done": "CHECKMARK", "stopped": "INFO", "failed": "ERROR"}
PICTURE_SCALE = 6.0  # of the newest picture, in heights of a button


class SKATESYNTH_PT_render(Tab):
    """The button, and what became of it."""

    bl_label = "Render"
    bl_order = 8

    def draw(self, context: bpy.types.Context) -> None:
        """Blender's call."""
        layout = self.layout
        shown = watch.shown
        if watch.run is not None:
            layout.progress(factor=shown.fraction, text=shown.headline)
            paragraph(layout, context, shown.detail)
            layout.operator(render.SKATESYNTH_OT_cancel.bl_idname, icon="CANCEL")
            if shown.picture is not None and (icon := icon_of(shown.picture)):
                layout.template_icon(icon_value=icon, scale=PICTURE_SCALE)
            return
        reason = render.why_not(context)
        row = layout.row()
        row.scale_y = 1.6
        row.operator(render.SKATESYNTH_OT_render.bl_idname, icon="RENDER_ANIMATION")
        if reason is not None:
            paragraph(layout, context, reason, icon="INFO")
        if shown.headline:
            paragraph(layout, context, shown.headline, icon=ICONS[shown.outcome])
            paragraph(layout, context, shown.detail)
        column = layout.column(align=True)
        column.operator(output.SKATESYNTH_OT_open_folder.bl_idname, icon="FILE_FOLDER")
        if shown.sheet is not None:
            column.operator(output.SKATESYNTH_OT_open_sheet.bl_idname, icon="IMAGE_DATA")


CLASSES = (SKATESYNTH_PT_render,)

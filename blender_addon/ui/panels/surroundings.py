# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; where a panel or an operator runs, it does not.
"""The step Rink & Light: what is around the skaters."""

from __future__ import annotations

import bpy

from blender_addon.ui.kept import say_kept
from blender_addon.ui.operators.surroundings import (
    SKATESYNTH_OT_build_surroundings,
    SKATESYNTH_OT_randomise_surroundings,
    SKATESYNTH_OT_remove_surroundings,
    building_hurdle,
    in_words,
)
from blender_addon.ui.properties import settings
from blender_addon.ui.words import Tab, fields, paragraph


class SKATESYNTH_PT_surroundings(Tab):
    """What is around the skaters."""

    bl_label = "Rink & Light"
    bl_order = 4

    def draw(self, context: bpy.types.Context) -> None:
        """Blender's call."""
        from blender_addon.scene.at_hand import surroundings_in

        layout, chosen = self.layout, settings(context).surroundings
        there = surroundings_in(context.scene)
        if there is not None:
            rink, light = there
            box = layout.box()
            size = f"{rink.length:.0f} × {rink.width:.0f} m"
            paragraph(box, context, f"{in_words(rink.kind, light.kind)}, ice of {size}", icon="LIGHT")
        say_kept(layout, context, "surroundings")
        column = fields(layout)
        column.prop(chosen, "preset")
        column.prop(chosen, "rink")
        column.prop(chosen, "plan")
        column.prop(chosen, "light")
        column.prop(chosen, "strength")
        if chosen.strength == "given":
            column.prop(chosen, "strength_value")
        row = layout.row()
        row.scale_y = 1.3
        label = "Build Rink & Light" if there is None else "Build Anew"
        row.operator(SKATESYNTH_OT_build_surroundings.bl_idname, text=label, icon="WORLD")
        hurdle = building_hurdle(context)
        if hurdle is not None:
            paragraph(layout, context, hurdle, icon="INFO")
        if there is not None:
            row = layout.row(align=True)
            row.operator(SKATESYNTH_OT_randomise_surroundings.bl_idname, icon="FILE_REFRESH")
            row.operator(SKATESYNTH_OT_remove_surroundings.bl_idname, icon="TRASH")
        header, body = layout.panel("skatesynth_people_around", default_closed=True)
        header.label(text="People Around")
        if body is not None:
            column = fields(body)
            column.prop(chosen, "spectators")
            column.prop(chosen, "coaches")
            paragraph(body, context, "They come when a data set is rendered, and are not put into this scene.")


CLASSES = (SKATESYNTH_PT_surroundings,)

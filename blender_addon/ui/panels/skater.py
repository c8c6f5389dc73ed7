# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; where a panel or an operator runs, it does not.
"""The step Skater: who skates."""

from __future__ import annotations

import bpy

from blender_addon.ui.kept import say_kept
from blender_addon.ui.operators.skater import (
    SKATESYNTH_OT_adopt,
    SKATESYNTH_OT_make_skater,
    SKATESYNTH_OT_randomise_skater,
    SKATESYNTH_OT_remove_skater,
    adopting_hurdle,
    is_adopted,
    making_hurdle,
    who,
)
from blender_addon.ui.properties import settings
from blender_addon.ui.steps import number_of, skater_meant
from blender_addon.ui.words import Tab, fields, paragraph


class SKATESYNTH_PT_skater(Tab):
    """Who skates."""

    bl_label = "Skater"
    bl_order = 2

    def draw(self, context: bpy.types.Context) -> None:
        """Blender's call."""
        from blender_addon.scene.at_hand import skaters_in

        layout, chosen = self.layout, settings(context).skater
        armature, there = skater_meant(context), len(skaters_in(context.scene))
        if armature is not None:
            box = layout.box()
            if there > 1:
                which = number_of(context.scene, armature) + 1
                paragraph(box, context, f"Skater {which} of {there}; select another in the view")
            paragraph(box, context, who(armature), icon="USER")
        say_kept(layout, context, "skater")
        column = fields(layout)
        column.prop(chosen, "sex")
        column.prop(chosen, "age")
        if chosen.age == "given":
            pair = column.column(align=True)
            pair.prop(chosen, "age_low")
            pair.prop(chosen, "age_high")
        column.prop(chosen, "outfit")
        column.prop(chosen, "hair")
        column.prop(chosen, "melanin")
        if chosen.melanin == "given":
            column.prop(chosen, "melanin_value")
        row = layout.row()
        row.scale_y = 1.3
        anew = armature is not None and not is_adopted(armature)
        label = "Make Skater Anew" if anew else "Make Skater"
        row.operator(SKATESYNTH_OT_make_skater.bl_idname, text=label, icon="OUTLINER_OB_ARMATURE").another = False
        hurdle = making_hurdle(context)
        if hurdle is not None:
            paragraph(layout, context, hurdle, icon="INFO")
        if armature is not None:
            column = layout.column(align=True)
            row = column.row(align=True)
            row.operator(SKATESYNTH_OT_randomise_skater.bl_idname, icon="FILE_REFRESH")
            row.operator(SKATESYNTH_OT_remove_skater.bl_idname, icon="TRASH")
            more = column.operator(SKATESYNTH_OT_make_skater.bl_idname, text="Add Another", icon="ADD")
            more.another = True
        header, body = layout.panel("skatesynth_adopt", default_closed=True)
        header.label(text="Character of Your Own")
        if body is not None:
            body.operator(SKATESYNTH_OT_adopt.bl_idname, icon="IMPORT")
            hurdle = adopting_hurdle(context)
            if hurdle is not None:
                paragraph(body, context, hurdle, icon="INFO")


CLASSES = (SKATESYNTH_PT_skater,)

# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; where a panel or an operator runs, it does not.
"""The step Retarget: the movement on a skater, how well it sits, and what can be mended."""

from __future__ import annotations

from typing import Any

import bpy

from blender_addon.ui.kept import say_kept
from blender_addon.ui.operators.retarget import (
    RIGS_IN_WORDS,
    SKATESYNTH_OT_onto_armature,
    SKATESYNTH_OT_retarget,
    figures_of,
    onto_hurdle,
    own_armature,
    retarget_hurdle,
    rig_of,
)
from blender_addon.ui.operators.skater import is_animated, who
from blender_addon.ui.operators.take import loaded_in
from blender_addon.ui.properties import settings
from blender_addon.ui.steps import job_hurdle, skater_meant
from blender_addon.ui.words import Icon, Tab, fields, paragraph

ICE = "Ice level: found in the take and made even by itself. Where it crept, the take's doubts say so."
_GOOD: dict[bool | None, Icon] = {True: "CHECKMARK", False: "ERROR", None: "INFO"}


class SKATESYNTH_PT_retarget(Tab):
    """The movement on a skater."""

    bl_label = "Retarget"
    bl_order = 3

    def draw(self, context: bpy.types.Context) -> None:
        """Blender's call."""
        armature = own_armature(context)
        if armature is not None:
            _onto(self.layout, context, armature)
        else:
            _skater(self.layout, context)
        say_kept(self.layout, context, "retarget")
        _fix_ups(self.layout, context, own=armature is not None)


def _onto(layout: bpy.types.UILayout, context: bpy.types.Context, armature: bpy.types.Object) -> None:
    """Of an armature of the user's own."""
    rig = rig_of(armature)
    box = layout.box()
    paragraph(box, context, f"{armature.name}, an armature of your own", icon="ARMATURE_DATA")
    if rig is not None:
        paragraph(box, context, f"Recognised: {RIGS_IN_WORDS.get(rig, rig)}", icon="CHECKMARK")
    else:
        paragraph(box, context, "A rig of no known kind: name a bone map, which says what its bones are.", icon="INFO")
        fields(box).prop(settings(context).retarget, "bone_map")
    row = layout.row()
    row.scale_y = 1.3
    row.operator(SKATESYNTH_OT_onto_armature.bl_idname, icon="ARMATURE_DATA")
    hurdle = onto_hurdle(context) or job_hurdle(context)
    if hurdle is not None:
        paragraph(layout, context, hurdle, icon="INFO")


def _skater(layout: bpy.types.UILayout, context: bpy.types.Context) -> None:
    """Of a skater of ours."""
    armature = skater_meant(context)
    if armature is not None:
        box = layout.box()
        paragraph(box, context, who(armature), icon="USER")
        rig = rig_of(armature)
        words = "its own rig, by its bone map" if rig is None else RIGS_IN_WORDS.get(rig, rig)
        paragraph(box, context, f"Rig: {words}", icon="ARMATURE_DATA")
    row = layout.row()
    row.scale_y = 1.3
    again = armature is not None and is_animated(armature)
    label = "Retarget Again" if again else "Retarget"
    row.operator(SKATESYNTH_OT_retarget.bl_idname, text=label, icon="CON_ARMATURE")
    hurdle = retarget_hurdle(context)
    if hurdle is not None:
        paragraph(layout, context, hurdle, icon="INFO")
    if not again:
        return
    held: Any = armature.animation_data.action.frame_range
    first, last = held
    scene = context.scene
    take = loaded_in(scene)
    wanted = scene.frame_end if take is None else min(scene.frame_end, take.last_frame)
    if scene.frame_start < first - 0.5 or wanted > last + 0.5:
        words = f"The movement has frames {first:.0f} to {last:.0f} only: retarget again for the scene's."
        paragraph(layout, context, words, icon="ERROR")
    figures = figures_of(armature)
    if figures:
        header, body = layout.panel("skatesynth_figures")
        worst = any(good is False for _, _, good in figures)
        header.label(text="Quality", icon="ERROR" if worst else "CHECKMARK")
        if body is not None:
            for label, text, good in figures:
                paragraph(body, context, f"{label}: {text}", icon=_GOOD[good])


def _fix_ups(layout: bpy.types.UILayout, context: bpy.types.Context, *, own: bool) -> None:
    header, body = layout.panel("skatesynth_fix_ups", default_closed=True)
    header.label(text="Fix-Ups")
    if body is None:
        return
    chosen, column = settings(context).retarget, fields(body)
    column.prop(chosen, "mirror")
    if own:
        return
    column.prop(chosen, "path")
    place = column.column()
    place.active = chosen.path is None
    place.prop(chosen, "place")
    heading = place.row()
    heading.active = chosen.place != "drawn"
    heading.prop(chosen, "heading")
    paragraph(body, context, ICE, icon="INFO")
    paragraph(body, context, "Retarget again to see a change.")


CLASSES = (SKATESYNTH_PT_retarget,)

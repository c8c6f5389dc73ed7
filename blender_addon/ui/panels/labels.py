# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; where a panel draws, it does not.
"""The step Labels: what is written beside the pictures, and what of it the viewport shows."""

from __future__ import annotations

import bpy

from blender_addon.labels.dense import fields_of
from blender_addon.labels.words import AMODAL_WORDS, DENSE_WORDS, KEYPOINT_GROUPS
from blender_addon.ui.operators.labels import SKATESYNTH_OT_draw_keypoints
from blender_addon.ui.overlay import viewport
from blender_addon.ui.overlay.settings import overlay
from blender_addon.ui.properties import settings
from blender_addon.ui.properties.labels import SkateSynthLabels, dense_name, keypoints_name
from blender_addon.ui.words import Tab, fields, paragraph

# Groups of keypoint sets that stand open in a new file.
OPEN = ("Body", "Skating")


class SKATESYNTH_PT_labels(Tab):
    """Keypoints and labels of every pixel; masks are always written."""

    bl_label = "Labels"
    bl_order = 6

    def draw(self, context: bpy.types.Context) -> None:
        """Blender's call."""
        layout, chosen = self.layout, settings(context).labels
        paragraph(layout, context, "Masks of body parts, clothes and people are always written.", icon="INFO")
        for group, names in KEYPOINT_GROUPS.items():
            ticked = sum(getattr(chosen, keypoints_name(name)) for name in names)
            header, body = layout.panel(f"skatesynth_{group}", default_closed=group not in OPEN)
            header.label(text=f"{group}: {ticked}" if ticked else group)
            if body is not None:
                _sets(body, context, chosen, names)
        header, body = layout.panel("skatesynth_dense", default_closed=True)
        ticked = sum(getattr(chosen, dense_name(name)) for name in DENSE_WORDS) + chosen.amodal
        header.label(text=f"Of Every Pixel: {ticked}" if ticked else "Of Every Pixel")
        if body is not None:
            _dense(body, context, chosen)


def _sets(
    layout: bpy.types.UILayout, context: bpy.types.Context, chosen: SkateSynthLabels, names: tuple[str, ...]
) -> None:
    shown = overlay(context)
    column = layout.column(align=True)
    for name in names:
        row = column.row(align=True)
        row.prop(chosen, keypoints_name(name))
        drawn = shown.show and shown.keypoints == name
        eye = row.operator(
            SKATESYNTH_OT_draw_keypoints.bl_idname,
            text="",
            icon="HIDE_OFF" if drawn else "HIDE_ON",
            emboss=False,
        )
        eye.keypoints = name


def _dense(layout: bpy.types.UILayout, context: bpy.types.Context, chosen: SkateSynthLabels) -> None:
    column = layout.column(align=True)
    ticked = [name for name in DENSE_WORDS if getattr(chosen, dense_name(name))]
    for name in DENSE_WORDS:
        column.prop(chosen, dense_name(name))
    column.prop(chosen, "amodal")
    costs = {DENSE_WORDS[name].cost for name in ticked if fields_of((name,))[0].centre}
    for cost in (*sorted(costs), *([AMODAL_WORDS.cost] if chosen.amodal else [])):
        paragraph(layout, context, f"{cost}.", icon="TIME")


class SKATESYNTH_PT_overlay(Tab):
    """What the viewport shows of labels; nothing of it is in a picture."""

    bl_label = "In the Viewport"
    bl_parent_id = "SKATESYNTH_PT_labels"

    def draw(self, context: bpy.types.Context) -> None:
        """Blender's call."""
        layout, chosen = self.layout, overlay(context)
        column = fields(layout)
        column.prop(chosen, "show")
        if viewport.trouble:
            paragraph(layout, context, viewport.trouble, icon="ERROR")
        column = fields(layout)
        column.active = chosen.show
        column.prop(chosen, "keypoints")
        column.prop(chosen, "dim")
        column.prop(chosen, "names")
        column.prop(chosen, "size")
        space = context.space_data
        if chosen.show and isinstance(space, bpy.types.SpaceView3D) and not space.overlay.show_overlays:
            paragraph(layout, context, "This view's overlays are switched off, at its upper right.", icon="INFO")
        layout.separator()
        fields(layout).prop(chosen, "coloring")


CLASSES: tuple[type, ...] = (SKATESYNTH_PT_labels, SKATESYNTH_PT_overlay)

# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; where a panel or an operator runs, it does not.
"""The step Output: where to, how much, how good."""

from __future__ import annotations

import bpy

from blender_addon.ui.properties import settings
from blender_addon.ui.request import FRAME_CHOICES
from blender_addon.ui.words import Tab, fields


class SKATESYNTH_PT_output(Tab):
    """Where to, and how much."""

    bl_label = "Output"
    bl_order = 7

    def draw(self, context: bpy.types.Context) -> None:
        """Blender's call."""
        chosen, column = settings(context).output, fields(self.layout)
        column.prop(chosen, "out")
        column.prop(chosen, "overwrite")
        column.prop(chosen, "frames")
        _, counted, rated = FRAME_CHOICES[chosen.frames]
        if counted:
            column.prop(chosen, "count")
        if rated:
            column.prop(chosen, "fps")
        column.prop(chosen, "clips")
        column.prop(chosen, "quality")
        column.prop(chosen, "device")
        column.prop(chosen, "split")
        column.prop(chosen, "rgb")
        column.prop(chosen, "seed")


CLASSES = (SKATESYNTH_PT_output,)

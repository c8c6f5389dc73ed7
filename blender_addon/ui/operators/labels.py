# mypy: disable-error-code="valid-type"
# Blender reads a property from what stands in a type's place, which no type checker takes for a type.
"""The eye beside a keypoint set: that one is drawn in the viewport."""

from typing import TYPE_CHECKING

import bpy

from blender_addon.ui.buttons import Button
from blender_addon.ui.overlay.settings import overlay

if TYPE_CHECKING:
    from bpy.stub_internal.rna_enums import OperatorReturnItems


class SKATESYNTH_OT_draw_keypoints(Button):
    """Draw these keypoints on every skater in the viewport; once more hides them"""

    bl_idname = "skatesynth.draw_keypoints"
    bl_label = "Draw Keypoints"
    bl_options = {"INTERNAL"}  # noqa: RUF012

    keypoints: bpy.props.StringProperty(name="Set", options={"SKIP_SAVE"})

    def act(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Only what this Blender shows changes, nothing in the scene: so there is nothing to undo."""
        chosen = overlay(context)
        drawn = chosen.show and chosen.keypoints == self.keypoints
        chosen.keypoints = self.keypoints
        chosen.show = not drawn
        return {"FINISHED"}


CLASSES: tuple[type, ...] = (SKATESYNTH_OT_draw_keypoints,)

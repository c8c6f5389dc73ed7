# mypy: disable-error-code="valid-type", no-strict-optional
# Blender reads a property from what stands in a type's place, which no type checker takes for a type.
"""A button that puts a take onto the armature that is selected, whoever made it."""

from pathlib import Path
from typing import TYPE_CHECKING

import bpy

from mocap.errors import UserError

if TYPE_CHECKING:
    from bpy.stub_internal.rna_enums import OperatorReturnItems


class SKATESYNTH_OT_onto_armature(bpy.types.Operator):
    """Animate the selected armature with a take; a bone map (YAML) says which of its bones play which part"""

    bl_idname = "skatesynth.onto_armature"
    bl_label = "Take onto Armature"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    take: bpy.props.StringProperty(
        name="Take", description="Recording of one skater: MVNX or BVH", subtype="FILE_PATH", options={"SKIP_SAVE"}
    )
    bone_map: bpy.props.StringProperty(
        name="Bone Map", description="YAML file, see docs/rigs.md", subtype="FILE_PATH", options={"SKIP_SAVE"}
    )
    metres: bpy.props.BoolProperty(
        name="Recorded Metres",
        description="Travel and jump as far as was recorded, instead of as far as legs of this length would",
        default=False,
    )

    @classmethod
    def poll(cls, context: bpy.types.Context) -> bool:
        """Only with an armature, in object mode."""
        chosen = context.active_object
        cls.poll_message_set("Select an armature, in object mode.")
        return chosen is not None and chosen.type == "ARMATURE" and context.mode == "OBJECT"

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set["OperatorReturnItems"]:
        """Asks for the files."""
        return context.window_manager.invoke_props_dialog(self, width=420)

    def execute(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Writes the armature's F-curves."""
        # Brings scipy and all of retargeting; a Blender that only starts should not wait for it.
        from blender_addon.scene.any_armature import animate_armature

        fps = context.scene.render.fps / context.scene.render.fps_base
        take, bone_map = (Path(bpy.path.abspath(path)) for path in (self.take, self.bone_map))
        try:
            animate_armature(context.active_object, take, bone_map, fps, scale="metres" if self.metres else "body")
        except UserError as error:
            self.report({"ERROR"}, error.line())
            return {"CANCELLED"}
        return {"FINISHED"}

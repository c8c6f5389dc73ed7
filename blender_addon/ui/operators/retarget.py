# mypy: disable-error-code="valid-type", no-strict-optional
# Blender reads a property from what stands in a type's place, which no type checker takes for a type; and by its stubs
# a context may lack whatever it is asked for, which it does not where an operator runs.
"""The step Retarget: a movement goes onto a skater, or onto an armature of anybody's making."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import bpy

from blender_addon.ui.buttons import Button
from blender_addon.ui.operators.take import chosen_motion, is_loaded, loaded_in
from blender_addon.ui.properties import settings
from blender_addon.ui.steps import (
    busy,
    drawn_skater,
    from_first_frame,
    job_hurdle,
    mode_hurdle,
    number_of,
    rink_meant,
    skater_hurdle,
    skater_meant,
)

if TYPE_CHECKING:
    from bpy.stub_internal.rna_enums import OperatorReturnItems

    from blender_addon.scene.at_hand import Figure

FIGURES = "skatesynth_figures"
"""Custom property of a skater's armature: how well its movement sits, as JSON."""

RIGS_IN_WORDS = {
    "default": "MakeHuman's default rig",
    "default_no_toes": "MakeHuman's default rig without toes",
    "game_engine": "MakeHuman's game engine rig (Unreal)",
    "game_engine_with_breast": "MakeHuman's game engine rig (Unreal)",
    "cmu_mb": "CMU's rig",
    "mixamo": "Mixamo's rig",
    "rigify": "Rigify's meta-rig",
}


def keep_figures(armature: bpy.types.Object, figures: "Sequence[Figure]") -> None:
    """Notes on a skater how well its movement sits."""
    armature[FIGURES] = json.dumps([(figure.label, figure.text, figure.good) for figure in figures])


def figures_of(armature: bpy.types.Object) -> list[tuple[str, str, bool | None]]:
    """Label, text and whether it is good, of each figure that was noted."""
    try:
        found = json.loads(str(armature.get(FIGURES, "[]")))
        return [(str(label), str(text), None if good is None else bool(good)) for label, text, good in found]
    except (ValueError, TypeError):
        return []


def rig_of(armature: bpy.types.Object) -> str | None:
    """The known rig that an armature has, by its name in `rig_maps.RIGS`; None for one of no known kind."""
    from blender_addon.makehuman.rig_maps import recognised

    assert isinstance(armature.data, bpy.types.Armature)
    return recognised({bone.name for bone in armature.data.bones})


def own_armature(context: bpy.types.Context) -> bpy.types.Object | None:
    """The selected armature where it is nobody that SkateSynth has made."""
    from blender_addon.scene.at_hand import skater_at

    chosen = context.active_object
    return chosen if chosen is not None and chosen.type == "ARMATURE" and skater_at(chosen) is None else None


def range_hurdle(context: bpy.types.Context) -> str | None:
    """Why no movement fills the scene's frames."""
    loaded, scene = loaded_in(context.scene), context.scene
    if loaded is None:
        return "Load a take first."
    if not is_loaded(context, loaded):
        return "Load the chosen take first."
    if scene.frame_start < 0 or scene.frame_start > loaded.last_frame:
        return f"The frame range begins outside of the take, which has frames 0 to {loaded.last_frame}."
    return None


def retarget_hurdle(context: bpy.types.Context) -> str | None:
    """Why no skater can be moved yet."""
    return skater_hurdle(context) or range_hurdle(context) or job_hurdle(context)


def onto_hurdle(context: bpy.types.Context) -> str | None:
    """Why the selected armature cannot be moved yet."""
    if own_armature(context) is None:
        return "Select an armature."
    return mode_hurdle(context)


class SKATESYNTH_OT_retarget(Button):
    """Give the skater the take's movement over the scene's frames: its own proportions stay, its blades stand on the ice, its arms keep clear of its body"""  # noqa: E501

    bl_idname = "skatesynth.retarget"
    bl_label = "Retarget"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        return retarget_hurdle(context)

    def act(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Writes the skater's F-curves."""
        from blender_addon.scene.at_hand import animate
        from blender_addon.ui.preferences import makehuman_data

        scene, armature = context.scene, skater_meant(context)
        with busy(context):
            assets = makehuman_data(context)
            drawn = drawn_skater(context, settings(context).skater.draw, number_of(scene, armature))
            motion = from_first_frame(scene, drawn.motion)
            done = animate(scene, armature, motion, drawn.placement, assets, rink_meant(context))
        keep_figures(armature, done.figures)
        self.report({"INFO"}, f"{done.count} frames")
        return {"FINISHED"}


class SKATESYNTH_OT_onto_armature(Button):
    """Give the take's movement to the selected armature, whoever made it. Of a rig of no known kind, a bone map (YAML) says which bone plays which part"""  # noqa: E501

    bl_idname = "skatesynth.onto_armature"
    bl_label = "Take onto Armature"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    bone_map: bpy.props.StringProperty(
        name="Bone Map",
        description="YAML file that says which of the armature's bones plays which part of the body, see docs/rigs.md",
        subtype="FILE_PATH",
        options={"SKIP_SAVE"},
    )
    metres: bpy.props.BoolProperty(
        name="Recorded Metres",
        description="Travel and jump as far as was recorded, instead of as far as legs of this length would",
        default=False,
    )

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        return onto_hurdle(context) or job_hurdle(context)

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set["OperatorReturnItems"]:
        """Asks for a bone map where it cannot do without."""
        chosen = settings(context).retarget
        self.bone_map = self.bone_map or chosen.bone_map
        if rig_of(own_armature(context)) is None and not self.bone_map:
            return context.window_manager.invoke_props_dialog(self, width=420)
        return self.execute(context)

    def act(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Writes the armature's F-curves."""
        # Brings scipy and all of retargeting; a Blender that only starts should not wait for it.
        from dataclasses import replace

        from blender_addon.makehuman.rig_maps import RIGS
        from blender_addon.scene.any_armature import play_on_armature
        from blender_addon.skater.performance import load_motion
        from mocap.retarget.bone_map_file import read_bone_map

        armature = own_armature(context)
        render = context.scene.render
        known = rig_of(armature)
        named = self.bone_map or settings(context).retarget.bone_map
        if known is None and not named:
            self.report({"ERROR"}, f"The rig of {armature.name} is of no known kind: name a bone map (docs/rigs.md).")
            return {"CANCELLED"}
        with busy(context):
            bones = read_bone_map(Path(bpy.path.abspath(named))) if named else RIGS[known]
            motion = load_motion(replace(chosen_motion(context), mirror=settings(context).retarget.mirror))
            fps = render.fps / render.fps_base
            play_on_armature(armature, motion, bones, fps, scale="metres" if self.metres else "body")
        return {"FINISHED"}


CLASSES = (SKATESYNTH_OT_retarget, SKATESYNTH_OT_onto_armature)

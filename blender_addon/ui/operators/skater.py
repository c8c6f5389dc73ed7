# mypy: disable-error-code="valid-type", no-strict-optional
# Blender reads a property from what stands in a type's place, which no type checker takes for a type; and by its stubs
# a context may lack whatever it is asked for, which it does not where an operator runs.
"""The step Skater: somebody is drawn, made, replaced, adopted, taken out."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import bpy

from blender_addon.ui.buttons import Button
from blender_addon.ui.operators.retarget import keep_figures
from blender_addon.ui.properties import settings
from blender_addon.ui.steps import (
    busy,
    data_hurdle,
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

    from blender_addon.cast import SkaterSpec

WHO = "skatesynth_who"
"""Custom property of a skater's armature: who that is, in a line."""

_NOT_WORN = ("boots", "blades", "gloves", "shoes")


def making_hurdle(context: bpy.types.Context) -> str | None:
    """Why no skater can be made yet."""
    return job_hurdle(context) or data_hurdle(context)


def who(armature: bpy.types.Object) -> str:
    """Who a skater is, in a line."""
    return str(armature.get(WHO, armature.name))


def _introduce(armature: bpy.types.Object, spec: "SkaterSpec", assets: Path) -> None:
    from blender_addon.scene.at_hand import human_of
    from render_scripts.people.bodies import years_of

    stature = human_of(armature, assets).facts.get("stature")
    size = [f"{stature:.2f} m"] if stature is not None else []
    if spec.character is not None:
        armature[WHO] = ", ".join([f"Character {Path(spec.character).stem}", *size])
        return
    kind = "woman" if spec.phenotype.get("gender", 0.5) < 0.5 else "man"
    years = years_of(spec.phenotype.get("age", 0.5))
    if years < 18.0:
        kind = {"woman": "girl", "man": "boy"}[kind]
    worn = ", ".join(name for name in spec.garments if name not in _NOT_WORN)
    armature[WHO] = f"{', '.join([f'{kind.title()}, {years:.0f} years', *size])}: {worn}"


def _put_in_place(
    context: bpy.types.Context, armature: bpy.types.Object, spec: "SkaterSpec", assets: Path
) -> bpy.types.Object:
    """Somebody else in a skater's place, moving as that one did."""
    from blender_addon.scene.at_hand import animate, replace_skater, spec_of
    from blender_addon.ui.request import clip_of

    was = spec_of(armature)
    moved = is_animated(armature)
    if moved:
        spec = dataclasses.replace(spec, motion=was.motion, placement=was.placement)
    render = clip_of(context, settings(context).skater.draw).render
    made = replace_skater(armature, spec, assets, render)
    _introduce(made, spec, assets)
    if moved:
        scene = context.scene
        motion = from_first_frame(scene, was.motion)
        done = animate(scene, made, motion, was.placement, assets, rink_meant(context))
        keep_figures(made, done.figures)
    return made


def is_adopted(armature: bpy.types.Object) -> bool:
    """Whether a skater is a character of the user's own."""
    from blender_addon.scene.at_hand import spec_of

    return spec_of(armature).character is not None


def is_animated(armature: bpy.types.Object) -> bool:
    """Whether a skater has been given a movement."""
    return armature.animation_data is not None and armature.animation_data.action is not None


class SKATESYNTH_OT_make_skater(Button):
    """Make a skater by the fields above; what they leave open is drawn, as one meets it in a skating club. A skater who is there is made anew, and keeps the movement"""  # noqa: E501

    bl_idname = "skatesynth.make_skater"
    bl_label = "Make Skater"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    another: bpy.props.BoolProperty(
        name="Another", description="Besides the skaters who are there", default=False, options={"SKIP_SAVE"}
    )

    @classmethod
    def description(cls, context: bpy.types.Context, properties: bpy.types.OperatorProperties) -> str:
        """Of the button for another one, another hint."""
        if getattr(properties, "another", False):
            return "Make one more skater on the same ice; the data set will have as many. Cameras follow the first"
        return str(cls.__doc__)

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        return making_hurdle(context)

    def act(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Draws the clip's skater, and puts it into the scene."""
        from blender_addon.scene.at_hand import put_skater, skaters_in
        from blender_addon.ui.preferences import makehuman_data
        from blender_addon.ui.request import clip_of

        scene, chosen = context.scene, settings(context).skater
        with busy(context):
            assets = makehuman_data(context)
            armature = skater_meant(context)
            if armature is not None and not self.another and not is_adopted(armature):
                spec = drawn_skater(context, chosen.draw, number_of(scene, armature))
                armature = _put_in_place(context, armature, spec, assets)
            else:
                spec = drawn_skater(context, chosen.draw, len(skaters_in(scene)))
                armature = put_skater(scene, spec, assets, clip_of(context, chosen.draw).render)
                _introduce(armature, spec, assets)
        chosen.count = max(chosen.count, len(skaters_in(scene)))
        self.report({"INFO"}, who(armature))
        return {"FINISHED"}


class SKATESYNTH_OT_randomise_skater(Button):
    """Somebody else in the skater's place, with the same movement: body, face, hair and clothes are drawn anew"""

    bl_idname = "skatesynth.randomise_skater"
    bl_label = "Randomise"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        reason = skater_hurdle(context) or making_hurdle(context)
        if reason is None and is_adopted(skater_meant(context)):
            return "A character of your own stays who it is: remove it to have another in its place."
        return reason

    def act(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Takes the skater from the next clip."""
        from blender_addon.ui.preferences import makehuman_data

        chosen = settings(context).skater
        armature = skater_meant(context)
        with busy(context):
            assets = makehuman_data(context)
            spec = drawn_skater(context, chosen.draw + 1, number_of(context.scene, armature))
            armature = _put_in_place(context, armature, spec, assets)
        chosen.draw += 1
        self.report({"INFO"}, who(armature))
        return {"FINISHED"}


def adopting_hurdle(context: bpy.types.Context) -> str | None:
    """Why the selected character cannot be adopted."""
    from blender_addon.scene.at_hand import skater_at

    chosen = context.active_object
    if chosen is None or chosen.type != "ARMATURE":
        return "Select the armature of a character."
    if skater_at(chosen) is not None:
        return "This is a skater of SkateSynth's already."
    if not _folder_for_characters(context):
        return "Save the .blend file first: the character is written beside it."
    return mode_hurdle(context)


def _folder_for_characters(context: bpy.types.Context) -> str:
    """Beside the .blend file, else beside the data set; "" where neither has a name yet."""
    if bpy.data.filepath:
        blend = Path(bpy.data.filepath)
        return str(blend.with_name(f"{blend.stem}-characters"))
    out = settings(context).output.out
    if not out:
        return ""
    from blender_addon.ui.request import run_folder

    return str(run_folder(bpy.path.abspath(out)))


class SKATESYNTH_OT_adopt(Button):
    """Take the selected character as a skater, with its own body, clothes and hair. It is written to a file of its own; the original is hidden"""  # noqa: E501

    bl_idname = "skatesynth.adopt"
    bl_label = "Adopt Selected Character"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    character_map: bpy.props.StringProperty(
        name="Character Map",
        description="YAML file that says what is cloth, hair and skin where names and MPFB's own marks do not. May "
        "stay empty",
        subtype="FILE_PATH",
        options={"SKIP_SAVE"},
    )

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        return adopting_hurdle(context)

    def invoke(self, context: bpy.types.Context, event: bpy.types.Event) -> set["OperatorReturnItems"]:
        """Asks for a map."""
        return context.window_manager.invoke_props_dialog(self, width=420, confirm_text="Adopt")

    def act(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Writes the character's file, and puts a skater into the scene."""
        from blender_addon.clip import RenderSpec
        from blender_addon.scene.at_hand import adopt_selected, spec_of
        from blender_addon.ui.preferences import makehuman_data

        said = Path(bpy.path.abspath(self.character_map)).absolute() if self.character_map else None
        folder = Path(_folder_for_characters(context))
        with busy(context):
            assets = makehuman_data(context)
            armature = adopt_selected(context.scene, context.active_object, folder, said, RenderSpec())
            _introduce(armature, spec_of(armature), assets)
            _forget_files_in(folder)
        self.report({"INFO"}, who(armature))
        return {"FINISHED"}


def _forget_files_in(folder: Path) -> None:
    """Takes out what Blender keeps of files there that something was appended from, and nothing is linked to."""
    libraries = bpy.data.libraries
    for library in [library for library in libraries if not library.users_id]:
        if Path(bpy.path.abspath(library.filepath)).parent == folder:
            libraries.remove(library)


class SKATESYNTH_OT_remove_skater(Button):
    """Remove the skater, with all meshes, materials and movements that were made for it"""

    bl_idname = "skatesynth.remove_skater"
    bl_label = "Remove"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        return skater_hurdle(context)

    def act(self, context: bpy.types.Context) -> set["OperatorReturnItems"]:
        """Takes it out of the scene and of the file."""
        from blender_addon.scene.at_hand import skaters_in, take_out

        chosen = settings(context).skater
        there = len(skaters_in(context.scene))
        take_out(skater_meant(context))
        if chosen.count == there:
            chosen.count = max(1, there - 1)
        return {"FINISHED"}


CLASSES = (
    SKATESYNTH_OT_make_skater,
    SKATESYNTH_OT_randomise_skater,
    SKATESYNTH_OT_adopt,
    SKATESYNTH_OT_remove_skater,
)

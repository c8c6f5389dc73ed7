# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; where a panel or an operator runs, it does not.
"""The step Rink & Light: what is around the skaters is drawn, built, replaced, taken out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bpy

from blender_addon.ui.buttons import Button
from blender_addon.ui.properties import settings
from blender_addon.ui.steps import busy, data_hurdle, job_hurdle, mode_hurdle

if TYPE_CHECKING:
    from bpy.stub_internal.rna_enums import OperatorReturnItems


class _Builds(Button):
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    def put(self, context: bpy.types.Context, draw: int) -> set[OperatorReturnItems]:
        """Draws a clip's surroundings, and puts them into the scene in place of those that are there."""
        from blender_addon.scene.at_hand import put_surroundings
        from blender_addon.ui.preferences import makehuman_data
        from blender_addon.ui.request import clip_of

        with busy(context):
            clip = clip_of(context, draw)
            put_surroundings(context.scene, clip.rink, clip.light, makehuman_data(context))
        settings(context).surroundings.draw = draw
        self.report({"INFO"}, in_words(clip.rink.kind, clip.light.kind))
        return {"FINISHED"}


def in_words(rink: str, light: str) -> str:
    """Rink and light, in a line."""
    words = {"arena": "An arena", "training": "A training hall", "outdoor": "An outdoor rink"}
    lit = {"tubes": "under tube lamps", "floods": "under floodlights", "spots": "in show light", "dusk": "at dusk"}
    return f"{words.get(rink, rink)} {lit.get(light, f'in {light}')}"


def building_hurdle(context: bpy.types.Context) -> str | None:
    """Why no surroundings can be built yet; people are among them."""
    return job_hurdle(context) or data_hurdle(context)


def nothing_there(context: bpy.types.Context) -> str | None:
    """Why nothing can be done with the surroundings yet."""
    from blender_addon.scene.at_hand import surroundings_in

    if surroundings_in(context.scene) is None:
        return "Build rink and light first."
    return mode_hurdle(context)


class SKATESYNTH_OT_build_surroundings(_Builds):
    """Build a rink, its hall and its light by the fields above; what they leave open is drawn. Those that are there are replaced"""  # noqa: E501

    bl_idname = "skatesynth.build_surroundings"
    bl_label = "Build Rink & Light"

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        return building_hurdle(context)

    def act(self, context: bpy.types.Context) -> set[OperatorReturnItems]:
        """Those of the clip that is drawn."""
        return self.put(context, settings(context).surroundings.draw)


class SKATESYNTH_OT_randomise_surroundings(_Builds):
    """Another rink in another light, as far as the fields above leave them open"""

    bl_idname = "skatesynth.randomise_surroundings"
    bl_label = "Randomise"

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        return nothing_there(context) or building_hurdle(context)

    def act(self, context: bpy.types.Context) -> set[OperatorReturnItems]:
        """Those of the next clip."""
        return self.put(context, settings(context).surroundings.draw + 1)


class SKATESYNTH_OT_remove_surroundings(Button):
    """Remove rink and light, and give the scene back the world that it had"""

    bl_idname = "skatesynth.remove_surroundings"
    bl_label = "Remove"
    bl_options = {"REGISTER", "UNDO"}  # noqa: RUF012

    @classmethod
    def hurdle(cls, context: bpy.types.Context) -> str | None:
        """Why it is greyed."""
        return nothing_there(context)

    def act(self, context: bpy.types.Context) -> set[OperatorReturnItems]:
        """Takes them out of the scene and of the file."""
        from blender_addon.scene.at_hand import take_out_surroundings

        take_out_surroundings(context.scene)
        return {"FINISHED"}


CLASSES = (
    SKATESYNTH_OT_build_surroundings,
    SKATESYNTH_OT_randomise_surroundings,
    SKATESYNTH_OT_remove_surroundings,
)

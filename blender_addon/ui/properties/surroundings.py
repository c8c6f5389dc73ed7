# mypy: disable-error-code="valid-type"
# Blender reads a property from what stands in a type's place, which no type checker takes for a type.
"""Settings of the step Rink & Light."""

import bpy

from blender_addon.ui.properties.choices import (
    any_of,
    items_of,
    later,
    light_kinds,
    number_of,
    plans,
    presets,
    rink_kinds,
)
from blender_addon.ui.request.fields import ANY, SurroundingsFields

_DRAWN = "Drawn anew for every clip, as the scene's kind has it"


class SkateSynthSurroundings(bpy.types.PropertyGroup):
    """`bpy.types.Scene.skatesynth.surroundings`."""

    draw: bpy.props.IntProperty(
        name="Draw",
        description="Which clip's rink and light are put into the scene: every number is another rink",
        default=SurroundingsFields.draw,
        min=0,
    )
    preset: bpy.props.EnumProperty(
        name="Scene",
        description="How much rinks, light and cameras vary where they are left open",
        items=later(presets),
        default=number_of(SurroundingsFields.preset),
    )
    rink: bpy.props.EnumProperty(
        name="Rink", description="What kind of rink it is", items=any_of(_DRAWN, rink_kinds), default=0
    )
    plan: bpy.props.EnumProperty(name="Ice", description="How large the ice is", items=any_of(_DRAWN, plans), default=0)
    light: bpy.props.EnumProperty(
        name="Light", description="What lights the rink", items=any_of(_DRAWN, light_kinds), default=0
    )
    strength: bpy.props.EnumProperty(
        name="Brightness",
        description="How strong the light is",
        items=items_of(((ANY, "Any", _DRAWN), ("given", "Given", "As so many times the usual"))),
        default=SurroundingsFields.strength,
    )
    strength_value: bpy.props.FloatProperty(
        name="Strength",
        description="Times the usual power; the cameras meter it, so that less of it makes more noise and blur",
        default=SurroundingsFields.strength_value,
        min=0.05,
        max=20.0,
        soft_max=4.0,
    )
    spectators: bpy.props.IntProperty(
        name="Spectators",
        description="People in the stands. They are not labelled as skaters are; some hundreds take a minute to seat",
        default=SurroundingsFields.spectators,
        min=0,
        max=10_000,
        soft_max=500,
    )
    coaches: bpy.props.IntProperty(
        name="Coaches",
        description="People who stand at the boards and watch; they are labelled as skaters are",
        default=SurroundingsFields.coaches,
        min=0,
        max=100,
        soft_max=6,
    )


CLASSES = (SkateSynthSurroundings,)

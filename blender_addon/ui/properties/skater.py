# mypy: disable-error-code="valid-type"
# Blender reads a property from what stands in a type's place, which no type checker takes for a type.
"""Settings of the step Skater."""

import bpy

from blender_addon.ui.properties.choices import any_of, hair_styles, items_of, outfits
from blender_addon.ui.request.fields import ANY, SkaterFields

_DRAWN = "Drawn anew for every clip, as one meets it in a skating club"


class SkateSynthSkater(bpy.types.PropertyGroup):
    """`bpy.types.Scene.skatesynth.skater`."""

    draw: bpy.props.IntProperty(
        name="Draw",
        description="Which clip's skater is put into the scene: every number is somebody else",
        default=SkaterFields.draw,
        min=0,
    )
    count: bpy.props.IntProperty(
        name="Skaters",
        description="People on the ice at the same time; the cameras follow the first",
        default=SkaterFields.count,
        min=1,
        max=100,
        soft_max=8,
    )
    sex: bpy.props.EnumProperty(
        name="Sex",
        description="Of the skater's body",
        items=items_of(((ANY, "Any", _DRAWN), ("female", "Female", ""), ("male", "Male", ""))),
        default=SkaterFields.sex,
    )
    age: bpy.props.EnumProperty(
        name="Age",
        description="How old the skater is",
        items=items_of(((ANY, "Any", _DRAWN), ("given", "Between", "Between two ages"))),
        default=SkaterFields.age,
    )
    age_low: bpy.props.FloatProperty(
        name="Youngest",
        description="Years of the youngest skater that may be drawn",
        default=SkaterFields.age_low,
        min=5.0,
        max=90.0,
        precision=0,
        step=100,
    )
    age_high: bpy.props.FloatProperty(
        name="Oldest",
        description="Years of the oldest skater that may be drawn",
        default=SkaterFields.age_high,
        min=5.0,
        max=90.0,
        precision=0,
        step=100,
    )
    outfit: bpy.props.EnumProperty(
        name="Outfit", description="What the skater wears; colours are drawn", items=any_of(_DRAWN, outfits), default=0
    )
    hair: bpy.props.EnumProperty(
        name="Hair", description="How the skater wears the hair", items=any_of(_DRAWN, hair_styles), default=0
    )
    melanin: bpy.props.EnumProperty(
        name="Skin",
        description="How light or dark the skin is",
        items=items_of(((ANY, "Any", _DRAWN), ("given", "Given", "By its melanin"))),
        default=SkaterFields.melanin,
    )
    melanin_value: bpy.props.FloatProperty(
        name="Melanin",
        description="0 the lightest skin there is, 1 the darkest",
        default=SkaterFields.melanin_value,
        min=0.0,
        max=1.0,
        subtype="FACTOR",
    )


CLASSES = (SkateSynthSkater,)

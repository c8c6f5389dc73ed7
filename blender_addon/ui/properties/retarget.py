# mypy: disable-error-code="valid-type"
# Blender reads a property from what stands in a type's place, which no type checker takes for a type.
"""Settings of the step Retarget."""

import bpy

from blender_addon.ui.properties.choices import items_of
from blender_addon.ui.request.fields import PLACES, RetargetFields


def _is_curve(owner: object, thing: bpy.types.Object) -> bool:
    return thing.type == "CURVE"


class SkateSynthRetarget(bpy.types.PropertyGroup):
    """`bpy.types.Scene.skatesynth.retarget`."""

    place: bpy.props.EnumProperty(
        name="Place",
        description="Where on the ice the skater moves",
        items=items_of((name, *words) for name, words in PLACES.items()),
        default=RetargetFields.place,
    )
    heading: bpy.props.FloatProperty(
        name="Heading",
        description="Degrees by which the whole travel is turned, counter-clockwise as seen from above",
        default=RetargetFields.heading,
        min=-360.0,
        max=360.0,
        precision=0,
        step=100,
    )
    mirror: bpy.props.BoolProperty(
        name="Mirror",
        description="Exchange left and right: a jump to the left becomes the same jump to the right",
        default=RetargetFields.mirror,
    )
    path: bpy.props.PointerProperty(
        name="Path",
        description="A curve on the ice that the skater follows, in place of the recorded travel",
        type=bpy.types.Object,
        poll=_is_curve,
    )
    bone_map: bpy.props.StringProperty(
        name="Bone Map",
        description="Only for an armature of your own: the YAML file that says which of its bones plays which part",
        subtype="FILE_PATH",
    )


CLASSES = (SkateSynthRetarget,)

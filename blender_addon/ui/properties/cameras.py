# mypy: disable-error-code="valid-type"
# Blender reads a property from what stands in a type's place, which no type checker takes for a type.
"""Settings of the step Cameras."""

import bpy

from blender_addon.ui.properties.choices import any_of, items_of, ways_to_follow
from blender_addon.ui.request.fields import CAMERA_SETS, SWITCHES, CamerasFields


class SkateSynthCameras(bpy.types.PropertyGroup):
    """`bpy.types.Scene.skatesynth.cameras`."""

    draw: bpy.props.IntProperty(
        name="Draw",
        description="Which clip's cameras are put into the scene: with every number they stand elsewhere",
        default=CamerasFields.draw,
        min=0,
    )
    set: bpy.props.EnumProperty(
        name="Cameras",
        description="Who films; every camera sees every frame",
        items=items_of((name, label, hint) for name, (label, hint, _) in CAMERA_SETS.items()),
        default=CamerasFields.set,
    )
    follow: bpy.props.EnumProperty(
        name="Follow",
        description="How cameras follow the skater",
        items=any_of("As such a camera is mostly used", ways_to_follow),
        default=0,
    )
    size: bpy.props.IntProperty(
        name="Longer Side",
        description="Pixels along the longer side of a picture; each camera has its own shape",
        subtype="PIXEL",
        default=CamerasFields.size,
        min=16,
        max=8192,
    )
    motion_blur: bpy.props.EnumProperty(
        name="Motion Blur",
        description="Whether what moves fast is smeared, as it is by a shutter that stays open",
        items=items_of((name, *words) for name, words in SWITCHES.items()),
        default=CamerasFields.motion_blur,
    )
    depth_of_field: bpy.props.EnumProperty(
        name="Depth of Field",
        description="Whether what is nearer or farther than the skater is out of focus",
        items=items_of((name, *words) for name, words in SWITCHES.items()),
        default=CamerasFields.depth_of_field,
    )


CLASSES = (SkateSynthCameras,)

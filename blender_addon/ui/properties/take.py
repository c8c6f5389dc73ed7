# mypy: disable-error-code="valid-type"
# Blender reads a property from what stands in a type's place, which no type checker takes for a type.
"""Settings of the step Take."""

import bpy

from blender_addon.ui.properties.choices import elements, items_of, later, number_of
from blender_addon.ui.request.fields import TakeFields


class SkateSynthTake(bpy.types.PropertyGroup):
    """`bpy.types.Scene.skatesynth.take`."""

    source: bpy.props.EnumProperty(
        name="Source",
        description="Where the movement comes from",
        items=items_of(
            (
                ("demo", "Demo Take", "The take that comes with SkateSynth: strokes, an axel and a spin, 12 seconds"),
                ("recording", "Recording", "A motion capture file of one skater"),
                ("element", "Element", "A jump, spin or step from SkateSynth's library, made without a recording"),
            )
        ),
        default=TakeFields.source,
    )
    path: bpy.props.StringProperty(
        name="Take",
        description="Recording of a skater in an Xsens suit: MVNX (version 3 or 4) or BVH, exported by MVN",
        subtype="FILE_PATH",
    )
    subject: bpy.props.StringProperty(
        name="Person", description="Label of the person, in a recording of several; empty for the first"
    )
    element: bpy.props.EnumProperty(
        name="Element",
        description="Which element the skater shows",
        items=later(elements),
        default=number_of(TakeFields.element),
    )
    joint_map: bpy.props.StringProperty(
        name="Joint Map",
        description="Only for a BVH that MVN did not write: the YAML file that says which of its joints is which part "
        "of the body. The command “skatesynth take --write-joint-map” makes a first guess of it",
        subtype="FILE_PATH",
    )


CLASSES = (SkateSynthTake,)

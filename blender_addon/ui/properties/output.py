# mypy: disable-error-code="valid-type"
# Blender reads a property from what stands in a type's place, which no type checker takes for a type.
"""Settings of the step Output, and the job file that was opened."""

import bpy

from blender_addon.ui.properties.choices import items_of
from blender_addon.ui.request.fields import FRAME_CHOICES, THREE_WAYS, TRAIN_ONLY, OutputFields
from blender_addon.ui.request.output import LOWEST_RATE


class SkateSynthOutput(bpy.types.PropertyGroup):
    """`bpy.types.Scene.skatesynth.output`."""

    out: bpy.props.StringProperty(
        name="Folder",
        description="Where the data set goes. Job file, progress and log go into a folder of the same name ending in "
        "-run",
        subtype="DIR_PATH",
    )
    overwrite: bpy.props.BoolProperty(
        name="Overwrite",
        description="Replace another data set that is in the folder. The same one, broken off, is gone on with anyway",
        default=False,
    )
    clips: bpy.props.IntProperty(
        name="Clips",
        description="How often the take is rendered, each time with another body, dress, rink, light and cameras",
        default=OutputFields.clips,
        min=1,
        max=10_000_000,
        soft_max=1000,
    )
    frames: bpy.props.EnumProperty(
        name="Frames",
        description="Which frames of the take",
        items=items_of(
            (
                ("spread", FRAME_CHOICES["spread"][0], "So many instants, evenly over the whole take"),
                ("window", FRAME_CHOICES["window"][0], "So many frames at a rate; each clip begins elsewhere"),
                ("whole", FRAME_CHOICES["whole"][0], "Every frame of the take, at a rate"),
            )
        ),
        default=OutputFields.frames,
    )
    count: bpy.props.IntProperty(
        name="Number",
        description="Frames of a clip, for each camera",
        default=OutputFields.count,
        min=1,
        max=1_000_000,
        soft_max=1000,
    )
    fps: bpy.props.FloatProperty(
        name="Frame Rate",
        description="Frames per second",
        default=OutputFields.fps,
        min=LOWEST_RATE,
        max=1000.0,
        soft_min=1.0,
    )
    quality: bpy.props.EnumProperty(
        name="Quality",
        description="How much time a picture is given",
        items=items_of(
            (
                ("draft", "Draft", "To see whether all is well: noisy, quick"),
                ("standard", "Standard", "For training"),
                ("final", "Final", "Clean pictures, about four times the time of Standard"),
            )
        ),
        default=OutputFields.quality,
    )
    device: bpy.props.EnumProperty(
        name="Device",
        description="What the pictures are computed on",
        items=items_of(
            (
                ("auto", "Automatic", "The graphics card if there is one that can, else the processor"),
                ("cpu", "Processor", "Slower, and the same on every machine"),
                ("gpu", "Graphics Card", "Refuses to render where there is none that can"),
            )
        ),
        default=OutputFields.device,
    )
    split: bpy.props.EnumProperty(
        name="Split",
        description="Into which parts the data set is divided",
        items=items_of(
            (
                (TRAIN_ONLY, "Train Only", "All of it is for training"),
                (THREE_WAYS, "Train, Val, Test", "8 of 10 clips for training, 1 to validate, 1 to test; 3 at least"),
            )
        ),
        default=OutputFields.split,
    )
    rgb: bpy.props.EnumProperty(
        name="Pictures",
        description="How pictures are stored; labels are always stored exactly",
        items=items_of(
            (
                ("png", "PNG", "Every pixel as it was rendered"),
                ("jpg", "JPEG", "A fifth of the room, with a little loss"),
            )
        ),
        default=OutputFields.rgb,
    )
    seed: bpy.props.IntProperty(
        name="Seed",
        description="Bodies, colours, light and cameras are drawn from it; the same seed gives the same data set",
        default=OutputFields.seed,
        min=0,
    )
    job_text: bpy.props.StringProperty(
        name="Job File's Text",
        description="The job file that was opened, as it was: what the panel does not show of it is kept",
        options={"HIDDEN"},
    )
    job_path: bpy.props.StringProperty(
        name="Job File", description="The job file that these settings come from", subtype="FILE_PATH"
    )


CLASSES = (SkateSynthOutput,)

# mypy: disable-error-code="valid-type", no-strict-optional
# Blender reads a property from what stands in a type's place, which no type checker takes for a type; and by its
# stubs a context may lack whatever it is asked for, which it does not where a panel draws.
"""What the panel remembers: settings of a scene, saved with the .blend file, and preferences of the user."""

from pathlib import Path
from typing import cast

import bpy

from blender_addon.cast import DEMO
from blender_addon.ui.request import CAMERA_SETS, FRAME_CHOICES, PRESETS, Request


class SkateSynthSettings(bpy.types.PropertyGroup):
    """`bpy.types.Scene.skatesynth`."""

    demo: bpy.props.BoolProperty(
        name="Demo Take",
        description="Render the take that comes with SkateSynth instead of a recording of your own",
        default=False,
    )
    take: bpy.props.StringProperty(
        name="Take",
        description="Recording of one skater: MVNX (version 3 or 4) or BVH, exported by Xsens MVN",
        subtype="FILE_PATH",
    )
    out: bpy.props.StringProperty(
        name="Folder",
        description="Where the data set goes. Job file and log go into a folder of the same name ending in -run",
        subtype="DIR_PATH",
    )
    overwrite: bpy.props.BoolProperty(
        name="Overwrite", description="Replace another data set that is in the folder", default=False
    )
    seed: bpy.props.IntProperty(
        name="Seed", description="Bodies, colours, light and cameras are drawn from it", default=0, min=0
    )
    clips: bpy.props.IntProperty(
        name="Clips",
        description="How often the take is rendered, each time with another body, dress, rink, light and cameras",
        default=1,
        min=1,
    )
    frames: bpy.props.EnumProperty(
        name="Frames",
        description="Which frames of the take",
        items=[(name, label, "") for name, (label, _, _) in FRAME_CHOICES.items()],
        default="spread",
    )
    count: bpy.props.IntProperty(
        name="Number", description="Frames of a clip, for each camera", default=24, min=1, soft_max=1000
    )
    fps: bpy.props.FloatProperty(name="Frame Rate", description="Frames per second", default=25.0, min=1.0, max=1000.0)
    cameras: bpy.props.EnumProperty(
        name="Cameras",
        description="Every camera sees every frame",
        items=[(name, label, hint) for name, (label, hint, _) in CAMERA_SETS.items()],
        default="pair",
    )
    preset: bpy.props.EnumProperty(
        name="Scene",
        description="How much rinks, light and cameras vary, and how good the pictures are",
        items=[(name, label, hint) for name, (label, hint) in PRESETS.items()],
        default="default",
    )
    size: bpy.props.IntProperty(
        name="Longer Side",
        description="Of a picture; each camera has its own shape",
        subtype="PIXEL",
        default=640,
        min=16,
        max=8192,
    )
    quality: bpy.props.EnumProperty(
        name="Quality",
        items=[
            ("draft", "Draft", "To see whether all is well: noisy, quick"),
            ("standard", "Standard", "For training"),
            ("final", "Final", "Clean pictures, about four times the time of Standard"),
        ],
        default="draft",
    )


class SkateSynthPreferences(bpy.types.AddonPreferences):
    """Edit → Preferences → Add-ons → SkateSynth. `bl_idname` is set when registering: Blender chooses it."""

    assets: bpy.props.StringProperty(
        name="MakeHuman Data",
        description="Folder that holds 3dobjs/base.obj, such as MPFB's data folder; empty: found or fetched by itself",
        subtype="DIR_PATH",
    )
    workers: bpy.props.IntProperty(
        name="Processes",
        description="Clips rendered at the same time; each takes about 2 GB of memory",
        default=1,
        min=1,
        max=256,
    )

    def draw(self, context: bpy.types.Context) -> None:
        """The two fields, one under the other."""
        column = self.layout.column()
        column.use_property_split = True
        column.prop(self, "assets")
        column.prop(self, "workers")


def settings(context: bpy.types.Context) -> SkateSynthSettings:
    """The settings of the scene that is being looked at."""
    return context.scene.skatesynth  # type: ignore[attr-defined]


def preferences(context: bpy.types.Context) -> SkateSynthPreferences:
    """The user's preferences of this extension."""
    return cast(SkateSynthPreferences, context.preferences.addons[SkateSynthPreferences.bl_idname].preferences)


def request_of(chosen: SkateSynthSettings) -> Request:
    """The settings as plain values, paths absolute ("//" is beside the .blend file)."""
    return Request(
        take=DEMO if chosen.demo else _absolute(chosen.take),
        out=_absolute(chosen.out),
        quality=chosen.quality,
        frames=chosen.frames,
        count=chosen.count,
        fps=chosen.fps,
        clips=chosen.clips,
        cameras=chosen.cameras,
        preset=chosen.preset,
        size=chosen.size,
        seed=chosen.seed,
    )


def _absolute(path: str) -> str:
    return str(Path(bpy.path.abspath(path)).absolute()) if path else ""

# mypy: disable-error-code="valid-type", no-strict-optional
# Blender reads a property from what stands in a type's place, which no type checker takes for a type; and by its
# stubs a context may lack whatever it is asked for, which it does not where a panel draws.
"""What the viewport shows of labels; belongs to the window, not to the file."""

from typing import cast

import bpy

from blender_addon.labels.words import KEYPOINT_GROUPS, KEYPOINT_WORDS
from blender_addon.ui.overlay import mesh_colors, viewport

COLORINGS = {
    "none": ("Nothing", "Skaters look as they do"),
    "part": ("Body Part", "Every body part in its colour of body.png's table"),
    "garment": ("Garment", "Skin, hair and every garment in its colour of clothes.png's table"),
    "person": ("Person", "Every skater in a colour of their own"),
}


def _toggled(chosen: bpy.types.PropertyGroup, context: bpy.types.Context) -> None:
    viewport.start_afresh()


def _colored(chosen: bpy.types.PropertyGroup, context: bpy.types.Context) -> None:
    mesh_colors.show(cast(SkateSynthOverlay, chosen).coloring)


class SkateSynthOverlay(bpy.types.PropertyGroup):
    """`bpy.types.WindowManager.skatesynth_overlay`."""

    show: bpy.props.BoolProperty(
        name="Keypoints",
        description="Draw every skater's keypoints into the viewport, where labels will have them",
        default=False,
        update=_toggled,
    )
    keypoints: bpy.props.EnumProperty(
        name="Set",
        description="Which keypoints are drawn, whether or not the labels will have them",
        items=[
            # Without the number of points, which a sidebar as wide as Blender makes it would cut off.
            (name, KEYPOINT_WORDS[name].title.rpartition(" (")[0], KEYPOINT_WORDS[name].about)
            for names in KEYPOINT_GROUPS.values()
            for name in names
        ],
        default="body_25",
        update=_toggled,
    )
    names: bpy.props.BoolProperty(
        name="Names", description="Write the names of points beside them, where there is room", default=False
    )
    dim: bpy.props.BoolProperty(
        name="Dim Hidden",
        description="Draw faintly what lies deeper in the body than its own flesh, or behind something. "
        "Labels judge that more finely, for each camera",
        default=True,
    )
    size: bpy.props.FloatProperty(
        name="Size", description="Of points and lines", default=1.0, min=0.2, max=5.0, soft_max=3.0
    )
    coloring: bpy.props.EnumProperty(
        name="Colour Mesh By",
        description="Colours of skaters in solid viewports. Pictures and materials' own looks stay as they are",
        items=[(name, title, about) for name, (title, about) in COLORINGS.items()],
        default="none",
        update=_colored,
    )


def overlay(context: bpy.types.Context) -> SkateSynthOverlay:
    """The settings of this Blender."""
    return cast(SkateSynthOverlay, context.window_manager.skatesynth_overlay)  # type: ignore[attr-defined]


def add() -> None:
    """Gives the window manager the settings; the class must be registered."""
    pointer = bpy.props.PointerProperty(type=SkateSynthOverlay)  # type: ignore[func-returns-value]
    bpy.types.WindowManager.skatesynth_overlay = pointer  # type: ignore[attr-defined]


def take_away() -> None:
    """With what was chosen. Harmless when there are none."""
    if hasattr(bpy.types.WindowManager, "skatesynth_overlay"):
        for manager in bpy.data.window_managers:
            manager.property_unset("skatesynth_overlay")
        del bpy.types.WindowManager.skatesynth_overlay


CLASSES: tuple[type, ...] = (SkateSynthOverlay,)

# mypy: disable-error-code="valid-type"
# Blender reads a property from what stands in a type's place, which no type checker takes for a type.
"""What the panel remembers of a scene, saved with the .blend file: a group of settings for every step."""

from typing import cast

import bpy

from blender_addon.ui.properties import cameras, labels, output, retarget, skater, surroundings, take


class SkateSynthSettings(bpy.types.PropertyGroup):
    """`bpy.types.Scene.skatesynth`."""

    take: bpy.props.PointerProperty(type=take.SkateSynthTake)
    skater: bpy.props.PointerProperty(type=skater.SkateSynthSkater)
    retarget: bpy.props.PointerProperty(type=retarget.SkateSynthRetarget)
    surroundings: bpy.props.PointerProperty(type=surroundings.SkateSynthSurroundings)
    cameras: bpy.props.PointerProperty(type=cameras.SkateSynthCameras)
    labels: bpy.props.PointerProperty(type=labels.SkateSynthLabels)
    output: bpy.props.PointerProperty(type=output.SkateSynthOutput)


CLASSES: tuple[type, ...] = (
    *take.CLASSES,
    *skater.CLASSES,
    *retarget.CLASSES,
    *surroundings.CLASSES,
    *cameras.CLASSES,
    *labels.CLASSES,
    *output.CLASSES,
    SkateSynthSettings,
)


def settings(context: bpy.types.Context) -> SkateSynthSettings:
    """The settings of the scene that is being looked at."""
    assert context.scene is not None
    return cast(SkateSynthSettings, context.scene.skatesynth)  # type: ignore[attr-defined]


def add() -> None:
    """Gives every scene its settings; the classes must be registered."""
    pointer = bpy.props.PointerProperty(type=SkateSynthSettings)  # type: ignore[func-returns-value]
    bpy.types.Scene.skatesynth = pointer  # type: ignore[attr-defined]


def take_away() -> None:
    """What a .blend file holds of them stays in it. Harmless when there are none."""
    if hasattr(bpy.types.Scene, "skatesynth"):
        del bpy.types.Scene.skatesynth

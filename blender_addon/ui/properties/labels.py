# mypy: disable-error-code="valid-type"
# Blender reads a property from what stands in a type's place, which no type checker takes for a type.
"""Settings of the step Labels: a tick for every keypoint set and every dense label of the project's tables."""

from typing import Any

import bpy

from blender_addon.labels.words import AMODAL_WORDS, DENSE_WORDS, KEYPOINT_WORDS
from blender_addon.ui.request.fields import LabelsFields


class SkateSynthLabels(bpy.types.PropertyGroup):
    """`bpy.types.Scene.skatesynth.labels`. The ticks' names: `keypoints_name` and `dense_name`."""

    amodal: bpy.props.BoolProperty(
        name=AMODAL_WORDS.title,
        description=f"{AMODAL_WORDS.about}. {AMODAL_WORDS.cost}",
        default=LabelsFields.amodal,
    )


def keypoints_name(name: str) -> str:
    """The attribute of a keypoint set's tick."""
    return f"keypoints_{name.replace('-', '_')}"


def dense_name(name: str) -> str:
    """The attribute of a dense label's tick."""
    return f"dense_{name}"


def _ticks() -> dict[str, object]:
    # `Any`: by the stubs, properties give nothing.
    tick: Any = bpy.props.BoolProperty
    out: dict[str, object] = {}
    for name, words in KEYPOINT_WORDS.items():
        out[keypoints_name(name)] = tick(
            name=words.title, description=words.about, default=name in LabelsFields.keypoints
        )
    for name, words in DENSE_WORDS.items():
        out[dense_name(name)] = tick(
            name=words.title, description=f"{words.about}. {words.cost}", default=name in LabelsFields.dense
        )
    return out


SkateSynthLabels.__annotations__.update(_ticks())

CLASSES = (SkateSynthLabels,)

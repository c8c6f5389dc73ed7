# mypy: disable-error-code="valid-type"
# Blender reads a property from what stands in a type's place, which no type checker takes for a type.
"""Settings of the step Labels: a tick for every keypoint set and every dense label of the project's tables."""

import bpy

from blender_addon.labels.dense import DENSE_LABELS, fields_of
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.ui.properties.choices import in_words
from blender_addon.ui.request.fields import LabelsFields


class SkateSynthLabels(bpy.types.PropertyGroup):
    """`bpy.types.Scene.skatesynth.labels`. The ticks' names: `keypoints_name` and `dense_name`."""

    amodal: bpy.props.BoolProperty(
        name="Whole Silhouettes",
        description="For every person, also the outline as if nothing stood before it (amodal masks)",
        default=LabelsFields.amodal,
    )


def keypoints_name(name: str) -> str:
    """The attribute of a keypoint set's tick."""
    return f"keypoints_{name.replace('-', '_')}"


def dense_name(name: str) -> str:
    """The attribute of a dense label's tick."""
    return f"dense_{name}"


def _ticks() -> dict[str, object]:
    out: dict[str, object] = {}
    for name, points in KEYPOINT_SETS.items():
        out[keypoints_name(name)] = bpy.props.BoolProperty(
            name=points.title or in_words(name),
            description=points.about or f"{len(points.points)} points",
            default=name in LabelsFields.keypoints,
        )
    for name in DENSE_LABELS:
        # Flow has two fields; what the first one is tells enough.
        what = fields_of((name,))[0].what
        out[dense_name(name)] = bpy.props.BoolProperty(
            name=in_words(name), description=what[:1].upper() + what[1:], default=name in LabelsFields.dense
        )
    return out


SkateSynthLabels.__annotations__.update(_ticks())

CLASSES = (SkateSynthLabels,)

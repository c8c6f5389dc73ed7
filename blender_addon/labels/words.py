"""What is said of labels where they are chosen: titles, what they are, and what they cost in time. No bpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from blender_addon.labels.dense import DENSE_FIELDS
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.keypoint_sets.keypoint_set import GROUPS


@dataclass(frozen=True)
class LabelWords:
    """`title`: a name; `about`: what it is, a sentence without its full stop; `cost`: in rendering time, likewise."""

    title: str
    about: str
    cost: str


# docs/labels.md has the measurements behind these.
_FREE = "Costs no time: it comes with the picture's own render"
_SECOND = (
    "Needs one more render of a single sample per picture, about a fifth of the time of a small one; "
    "normals, flow and places on the body share it"
)
_ALONE = "Renders every skater once more, alone, with a single sample"
_PLACING = "Costs some milliseconds per person and picture"

KEYPOINT_WORDS: Mapping[str, LabelWords] = {
    name: LabelWords(f"{points.title} ({len(points.points)})", points.about, _PLACING)
    for name, points in KEYPOINT_SETS.items()
}
"""By keypoint set; titles end in the number of points."""

KEYPOINT_GROUPS: Mapping[str, tuple[str, ...]] = {
    group: tuple(name for name, points in KEYPOINT_SETS.items() if points.group == group) for group in GROUPS
}
"""Keypoint sets by the heading under which they are listed."""


def _dense() -> dict[str, LabelWords]:
    words: dict[str, LabelWords] = {}
    for field in DENSE_FIELDS:
        if field.asked not in words:
            about = f"{field.what[0].upper()}{field.what[1:]}".replace("`", "")
            words[field.asked] = LabelWords(field.title, about, _SECOND if field.centre else _FREE)
    return words


DENSE_WORDS: Mapping[str, LabelWords] = _dense()
"""By key of a job's `labels` that switches a label of every pixel."""

AMODAL_WORDS = LabelWords(
    "Whole Silhouettes",
    "Of every skater and coach all of the outline that lies in the picture, with what others, boards and things hide "
    "of it (amodal masks)",
    _ALONE,
)

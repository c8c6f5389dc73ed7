"""Masks against the tables of classes, against each other, and against the people in the JSON. All of it exact."""

from __future__ import annotations

import numpy as np

from blender_addon.labels.annotate import visible_box
from blender_addon.labels.vocabulary import BODY_PARTS, CLOTHES
from render_scripts.agreement.decoded import Decoded
from render_scripts.agreement.figure import Figure, Rule, Share

SIZES = Rule("sizes", "pictures that have not the camera's width and height")
VALUES = Rule("mask_values", "pixels of body or clothes with a value that is in no table")
TOGETHER = Rule("masks_together", "pixels that are of a person in one mask and background in another")
LISTED = Rule(
    "people_listed", "people in the mask and not in the JSON, twice in it, or spectators in it without a pixel"
)
BOXES = Rule("boxes", "people whose box is not that of their pixels, or whose visible fraction belies them")

# Of a box's edge, pixels: they are whole numbers.
_ROUNDING = 1e-3


def size_figure(sample: Decoded) -> Figure:
    """Whether all pictures are as large as the camera's."""
    size = (sample.camera["height"], sample.camera["width"])
    pictures = [sample.rgb, sample.body, sample.clothes, sample.instance, *sample.dense.values()]
    pictures += [] if sample.amodal is None else [sample.amodal]
    return Share(SIZES, sum(picture.shape[:2] != size for picture in pictures), len(pictures))


def mask_figures(sample: Decoded) -> tuple[Figure, ...]:
    """Figures of masks alone."""
    body, clothes, instance = sample.body, sample.clothes, sample.instance
    odd = ~np.isin(body, [c.index for c in BODY_PARTS]) | ~np.isin(clothes, [c.index for c in CLOTHES])
    apart = ((body > 0) != (instance > 0)) | ((clothes > 0) != (instance > 0))
    shown = set(np.unique(instance).tolist()) - {0}
    numbers = [person["instance"] for person in sample.people]
    idle = {person["instance"] for person in sample.people if person["role"] == "spectator"} - shown
    unlisted = shown - set(numbers)
    twice = len(numbers) - len(set(numbers))
    boxes = 0
    for person in sample.people:
        mask = instance == person["instance"]
        off = np.abs(np.array(person["bbox"]) - visible_box(mask)).max() > _ROUNDING
        fraction = person["visible_fraction"]
        boxes += bool(off or not 0.0 <= fraction <= 1.0 or (fraction > 0.0 and not mask.any()))
    return (
        Share(VALUES, int(odd.sum()), odd.size),
        Share(TOGETHER, int(apart.sum()), apart.size),
        Share(LISTED, len(unlisted) + twice + len(idle), len(shown | set(numbers))),
        Share(BOXES, boxes, len(numbers)),
    )

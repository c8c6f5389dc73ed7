"""COCO-WholeBody: COCO, and of everybody feet, face and hands, in `annotations/coco_wholebody_<split>.json`.

An annotation is COCO's with `foot_kpts`, `face_kpts`, `lefthand_kpts`, `righthand_kpts` (x, y, v as in `keypoints`),
`face_box`, `lefthand_box`, `righthand_box` (x, y, w, h from the picture's top-left corner), and `…_valid` of all four
parts. Annotators label a face or a hand that they can see; a part is valid here if at least one of its points is seen,
and otherwise zeros throughout. A box is around the pixels of the part's labelled points.

Lost: as in COCO (`coco.py`), and the places of parts that are wholly hidden.

Source: COCO-WholeBody's data format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from blender_addon.labels.keypoint_sets.coco import COCO_17
from blender_addon.labels.keypoint_sets.whole_body import COCO_WHOLEBODY
from blender_addon.labels.vocabulary import Visibility
from render_scripts.export.coco import TO_MIDDLE, ClipOfImages, annotation, write_annotations
from render_scripts.export.format import Clips, Format, Out
from render_scripts.export.samples import Sample
from render_scripts.export.shown import Shown, shown_people, size_of, triples

# Where in the set's 133 points each part is; those before are the body's.
BODY = slice(0, 17)
PARTS: Mapping[str, slice] = {
    "foot": slice(17, 23),
    "face": slice(23, 91),
    "lefthand": slice(91, 112),
    "righthand": slice(112, 133),
}


def whole_body(person: Shown) -> dict[str, Any]:
    """What COCO-WholeBody says of somebody beyond COCO; `person` has the keypoints of `COCO_WHOLEBODY`."""
    out: dict[str, Any] = {}
    for part, own in PARTS.items():
        xy, v = person.xy[own], person.v[own]
        valid = bool((v == Visibility.VISIBLE).any())
        out[f"{part}_kpts"] = triples(xy, v if valid else np.zeros_like(v), TO_MIDDLE)
        if part != "foot":
            out[f"{part}_box"] = _box(xy[v > 0]) if valid else [0.0, 0.0, 0.0, 0.0]
        out[f"{part}_valid"] = valid
    return out


def _box(xy: np.ndarray) -> list[float]:
    low, high = np.floor(xy.min(axis=0)), np.floor(xy.max(axis=0)) + 1.0
    return [*low.tolist(), *(high - low).tolist()]


def _people(sample: Sample) -> list[dict[str, Any]]:
    out = []
    for person in shown_people(sample, COCO_WHOLEBODY):
        body = replace(person, xy=person.xy[BODY], v=person.v[BODY])
        out.append(annotation(body, size_of(sample)) | whole_body(person))
    return out


def _finish(out: Out, clips: Clips) -> None:
    write_annotations(out, clips, "annotations/coco_wholebody_{split}.json", COCO_17)


FORMAT = Format(partial(ClipOfImages, _people), _finish)

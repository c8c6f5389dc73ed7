"""Keypoints against masks: who and what is seen where a keypoint is."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.vocabulary import BODY_PART_INDEX, Cause, Visibility
from render_scripts.agreement.camera import pixel_size
from render_scripts.agreement.decoded import Decoded, Points
from render_scripts.agreement.figure import Figure, Rule, Share

COHERENT = Rule(
    "keypoints_coherent", "keypoints whose visibility, cause and place in or out of the picture belie each other"
)
ON_PERSON = Rule(
    "keypoints_on_person",
    "visible keypoints with no pixel of their person within one pixel",
    limit=0.2,
    pooled=0.01,
    enough=5.0,
    pooled_enough=50.0,
)
ON_PART = Rule(
    "keypoints_on_part",
    "visible keypoints with no pixel of a body part that they belong to within one pixel",
    limit=0.34,
    pooled=0.03,
    enough=5.0,
    pooled_enough=50.0,
)
CAUSES = Rule(
    "causes",
    "hidden keypoints at whose pixel, and within one pixel, nothing of what hides them is seen",
    limit=0.34,
    pooled=0.01,
    enough=3.0,
    pooled_enough=50.0,
)

# Parts on whose surface the landmarks of a set may be seen, by the landmark's name without side: what a painter would
# say, told here a second time and not read from the tables that make the labels. Other landmarks: any part.
_PARTS = {
    "nose": ("head",),
    "eye": ("head",),
    "ear": ("head",),
    "shoulder": ("torso", "upper_arm", "head"),
    "elbow": ("upper_arm", "forearm"),
    "wrist": ("forearm", "hand"),
    "hip": ("torso", "thigh"),
    "knee": ("thigh", "lower_leg"),
    "ankle": ("lower_leg", "foot"),
    "big_toe": ("foot",),
    "small_toe": ("foot",),
    "heel": ("foot", "lower_leg"),
}
_SIDES = ("left", "right")
COARSE = 0.05
"""Metres that a pixel is large where people are too small for body parts and what hides them to be told."""


def keypoint_figures(sample: Decoded) -> tuple[Figure, ...]:
    """Figures of keypoints and masks."""
    totals = np.zeros((4, 2), dtype=np.int64)
    for points in sample.points:
        totals += _of_one(sample, points)
    rules = (COHERENT, ON_PERSON, ON_PART, CAUSES)
    return tuple(Share(rule, int(wrong), int(count)) for rule, (wrong, count) in zip(rules, totals, strict=True))


def _of_one(sample: Decoded, points: Points) -> np.ndarray:
    """(4, 2) wrong and all of one person's set, by figure."""
    height, width = sample.instance.shape
    inside = np.all((points.xy >= 0.0) & (points.xy < (width, height)), axis=1)
    # Where a lens throws no picture there is no place, which is written as zeros.
    nowhere = (points.cause == Cause.OUT_OF_FRAME) & ~np.any(points.xy, axis=1)
    inside &= (points.cause < Cause.BEHIND_CAMERA) & ~nowhere
    seen, hidden = points.visibility == Visibility.VISIBLE, points.visibility == Visibility.HIDDEN
    coherent = (
        (inside == (points.visibility != Visibility.OUTSIDE))
        & (inside == (points.cause < Cause.OUT_OF_FRAME))
        & (seen == (points.cause == Cause.VISIBLE))
    )
    who, what = near(sample.instance, points), near(sample.body, points).astype(np.int64)
    own = who == points.instance
    on_part = np.any(own & np.take_along_axis(_allowed(points.set), what, axis=1), axis=1)
    others = np.any((who > 0) & ~own, axis=1)
    expected = np.select(
        [points.cause <= Cause.OWN_CLOTHING, points.cause == Cause.OTHER_PERSON, points.cause == Cause.SCENE],
        [own.any(axis=1), others, np.any(who == 0, axis=1)],
        default=True,
    )
    seen, hidden = seen & inside, hidden & inside
    fine = seen & (pixel_size(sample.camera, points.xyz, points.xy[:, 1]) < COARSE)
    return np.array(
        [
            (np.sum(~coherent), len(coherent)),
            (np.sum(seen & ~own.any(axis=1)), seen.sum()),
            (np.sum(fine & ~on_part), fine.sum()),
            (np.sum(hidden & ~expected), hidden.sum()),
        ]
    )


def near(mask: np.ndarray, points: Points) -> np.ndarray:
    """(P, 9): a picture's values in the 3 × 3 pixels round each point; at the picture's edge, the nearest ones."""
    height, width = mask.shape
    column, row = np.floor(np.clip(points.xy, -1e6, 1e6)).astype(np.int64).T
    dy, dx = (offset.ravel() for offset in np.mgrid[-1:2, -1:2])
    rows = np.clip(row[:, None] + dy, 0, height - 1)
    columns = np.clip(column[:, None] + dx, 0, width - 1)
    return np.asarray(mask[rows, columns])


@lru_cache(maxsize=64)
def _allowed(name: str) -> np.ndarray:
    """(P, 256) bool by keypoint and body part."""
    marks = KEYPOINT_SETS[name].landmarks
    table = np.zeros((len(marks), 256), dtype=bool)
    for number, names in enumerate(marks):
        for mark in names:
            table[number, [BODY_PART_INDEX[part] for part in _parts_of(mark)]] = True
    return table


def stem(mark: str) -> str:
    """A landmark's name without its side."""
    side, _, rest = mark.partition("_")
    return rest if side in _SIDES else mark


def _parts_of(mark: str) -> list[str]:
    side, name = mark.partition("_")[0], stem(mark)
    if name not in _PARTS:
        return [part for part in BODY_PART_INDEX if part != "background"]
    return [part if part in BODY_PART_INDEX else f"{side}_{part}" for part in _PARTS[name]]

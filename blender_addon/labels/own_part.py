"""On which body parts a landmark is seen, and how many visible keypoints fall on a pixel of one of theirs. No bpy."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.vocabulary import BODY_PART_INDEX, PART_BASE, Visibility
from blender_addon.skater.landmarks.face import FACE_POINTS
from blender_addon.skater.landmarks.hands import FINGER_PARTS
from blender_addon.skater.landmarks.joints import JOINT_PARTS
from blender_addon.skater.landmarks.sides import indices, with_side
from blender_addon.skater.landmarks.skin_points import SKIN_POINTS
from blender_addon.skater.landmarks.trunk import TRUNK_PARTS


def own_part_share(
    facts_of_person: Mapping[str, Any],
    body: np.ndarray,
    instance: np.ndarray,
    sets: tuple[str, ...] | None = None,
) -> tuple[int, int]:
    """How many of a person's visible keypoints lie on a pixel of a body part of theirs on which they are seen.

    Args:
        facts_of_person: one of `people[]`.
        body, instance: (H, W) the sample's masks.
        sets: of which sets; None for all that the sample has.

    Returns:
        Those that do, and all that are visible. A point that several sets have counts in each.
    """
    on = of = 0
    for name, points in facts_of_person["keypoints"].items():
        if sets is None or name in sets:
            seen = np.asarray(points["visibility"]) == Visibility.VISIBLE
            column, row = np.floor(np.asarray(points["xy"], dtype=np.float64)[seen]).astype(np.int64).T
            mine = instance[row, column] == facts_of_person["instance"]
            on += int(np.sum(mine & parts_of_set(name)[seen, body[row, column]]))
            of += int(seen.sum())
    return on, of


# The middle of the shoulders lies under the ring round the neck from which on it is head: from above or below it is
# seen through the neck's skin.
_NECK = {"left_shoulder", "right_shoulder"}


@lru_cache(maxsize=64)
def parts_of_set(name: str) -> np.ndarray:
    """(P, `PART_BASE`) bool: on which body parts each point of a keypoint set is seen."""
    marks = KEYPOINT_SETS[name].landmarks
    out = np.zeros((len(marks), PART_BASE), dtype=bool)
    for row, names in enumerate(marks):
        for mark in names:
            out[row, list(parts_of_landmark(mark))] = True
        if set(names) == _NECK:
            out[row, BODY_PART_INDEX["head"]] = True
    return out


def parts_of_landmark(mark: str) -> tuple[int, ...]:
    """Body parts, as numbers, on which a landmark ("nose", "left_elbow", "left_blade_toe") is seen.

    Raises:
        KeyError: there is no such landmark.
    """
    side, _, rest = mark.partition("_")
    stem = rest if side in ("left", "right") else mark
    if stem.startswith(("blade_", "edge_", "toe_pick")):
        return indices((f"{side}_foot",))
    return indices(with_side(_PARTS[stem], side))


_PARTS: Mapping[str, tuple[str, ...]] = {
    **{name: point.parts for name, point in (SKIN_POINTS | FACE_POINTS).items()},
    **JOINT_PARTS,
    **TRUNK_PARTS,
    **FINGER_PARTS,
    "eye": ("head",),
}

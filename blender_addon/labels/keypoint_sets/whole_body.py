"""COCO-WholeBody: 17 points of the body, 6 of the feet, 68 of the face, 21 of either hand, in its order.

Source of order and limb pairs: the data set's annotation format. The face is dlib's without pupils and has no limbs;
each hand has a wrist besides the body's.
"""

from __future__ import annotations

from blender_addon.labels.keypoint_sets.coco import COCO_17
from blender_addon.labels.keypoint_sets.face import FACE_70
from blender_addon.labels.keypoint_sets.hands import HAND_LEFT, HAND_RIGHT
from blender_addon.labels.keypoint_sets.keypoint_set import KeypointSet, keypoint_set

_FEET = tuple(f"{side}_{point}" for side in ("left", "right") for point in ("big_toe", "small_toe", "heel"))
_FACE_POINTS = 68


def _rows(points: KeypointSet) -> tuple[tuple[str, str], ...]:
    return tuple((name, " ".join(marks)) for name, marks in zip(points.points, points.landmarks, strict=True))


_ROWS = (
    *_rows(COCO_17),
    *((name, name) for name in _FEET),
    *_rows(FACE_70)[:_FACE_POINTS],
    *_rows(HAND_LEFT),
    *_rows(HAND_RIGHT),
)  # fmt: skip
# Where either hand begins, after the face.
_LEFT = len(COCO_17.points) + len(_FEET) + _FACE_POINTS
_RIGHT = _LEFT + len(HAND_LEFT.points)

COCO_WHOLEBODY = keypoint_set(
    "coco_wholebody",
    _ROWS,
    (
        *COCO_17.limbs,
        (15, 17), (15, 18), (15, 19), (16, 20), (16, 21), (16, 22),
        *((_LEFT + a, _LEFT + b) for a, b in HAND_LEFT.limbs),
        *((_RIGHT + a, _RIGHT + b) for a, b in HAND_RIGHT.limbs),
    ),
    title="COCO-WholeBody",
    about="Body, feet, face and both hands in COCO-WholeBody's order",
    group="Hands and Face",
)  # fmt: skip

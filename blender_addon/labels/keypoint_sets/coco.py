"""COCO's 17 points of a person: names, order and limb pairs as in its annotation files (there counted from 1)."""

from __future__ import annotations

from blender_addon.labels.keypoint_sets.keypoint_set import keypoint_set

_POINTS = (
    "nose", "left_eye", "right_eye", "left_ear", "right_ear",
    "left_shoulder", "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist",
    "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
)  # fmt: skip

COCO_17 = keypoint_set(
    "coco_17",
    tuple((name, name) for name in _POINTS),
    (
        (15, 13), (13, 11), (16, 14), (14, 12), (11, 12), (5, 11), (6, 12), (5, 6), (5, 7), (6, 8), (7, 9), (8, 10),
        (1, 2), (0, 1), (0, 2), (1, 3), (2, 4), (3, 5), (4, 6),
    ),
    title="COCO",
    about="COCO person keypoints, and most of what is trained on them",
)  # fmt: skip

"""MPII Human Pose: 16 points, names and order as in the data set's documentation.

Its upper neck is where head and neck meet, its thorax the root of the neck, its head top the crown.
"""

from __future__ import annotations

from blender_addon.labels.keypoint_sets.keypoint_set import keypoint_set

MPII_16 = keypoint_set(
    "mpii_16",
    (
        ("r_ankle", "right_ankle"), ("r_knee", "right_knee"), ("r_hip", "right_hip"),
        ("l_hip", "left_hip"), ("l_knee", "left_knee"), ("l_ankle", "left_ankle"),
        ("pelvis", "right_hip left_hip"), ("thorax", "thorax"), ("upper_neck", "upper_neck"), ("head_top", "head_top"),
        ("r_wrist", "right_wrist"), ("r_elbow", "right_elbow"), ("r_shoulder", "right_shoulder"),
        ("l_shoulder", "left_shoulder"), ("l_elbow", "left_elbow"), ("l_wrist", "left_wrist"),
    ),
    (
        (0, 1), (1, 2), (2, 6), (3, 6), (3, 4), (4, 5), (6, 7), (7, 8), (8, 9), (10, 11), (11, 12), (12, 7), (7, 13),
        (13, 14), (14, 15),
    ),
    title="MPII",
    about="MPII Human Pose",
)  # fmt: skip

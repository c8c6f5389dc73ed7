"""The first Kinect's 20 joints: names and order as in its SDK (NUI_SKELETON_POSITION_INDEX).

The sensor's own joints come from depth; the middles of head, hand and foot are rough there, too.
"""

from __future__ import annotations

from blender_addon.labels.keypoint_sets.keypoint_set import keypoint_set

KINECT_20 = keypoint_set(
    "kinect_20",
    (
        ("HipCenter", "right_hip left_hip"), ("Spine", "waist"), ("ShoulderCenter", "thorax"),
        ("Head", "right_ear left_ear"),
        ("ShoulderLeft", "left_shoulder"), ("ElbowLeft", "left_elbow"), ("WristLeft", "left_wrist"),
        ("HandLeft", "left_wrist left_middle_mcp"),
        ("ShoulderRight", "right_shoulder"), ("ElbowRight", "right_elbow"), ("WristRight", "right_wrist"),
        ("HandRight", "right_wrist right_middle_mcp"),
        ("HipLeft", "left_hip"), ("KneeLeft", "left_knee"), ("AnkleLeft", "left_ankle"), ("FootLeft", "left_toe_base"),
        ("HipRight", "right_hip"), ("KneeRight", "right_knee"), ("AnkleRight", "right_ankle"),
        ("FootRight", "right_toe_base"),
    ),
    (
        (0, 1), (1, 2), (2, 3), (2, 4), (4, 5), (5, 6), (6, 7), (2, 8), (8, 9), (9, 10), (10, 11), (0, 12), (12, 13),
        (13, 14), (14, 15), (0, 16), (16, 17), (17, 18), (18, 19),
    ),
    title="Kinect",
    about="The first Kinect's skeleton",
    group="Motion Capture",
)  # fmt: skip

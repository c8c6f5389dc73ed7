"""OpenPose's skeletons: names, order and limb pairs as in the documentation of its output.

Neck and MidHip are the midpoints of the shoulders and of the hips, as in OpenPose's training data, but taken in the
world and not in the picture. MPI-15 was learnt from MPII: its head is the top of the head, its neck the upper neck, its
chest the middle between pelvis and thorax.
"""

from __future__ import annotations

from blender_addon.labels.keypoint_sets.keypoint_set import keypoint_set

_BODY_25 = (
    ("Nose", "nose"),
    ("Neck", "right_shoulder left_shoulder"),
    ("RShoulder", "right_shoulder"), ("RElbow", "right_elbow"), ("RWrist", "right_wrist"),
    ("LShoulder", "left_shoulder"), ("LElbow", "left_elbow"), ("LWrist", "left_wrist"),
    ("MidHip", "right_hip left_hip"),
    ("RHip", "right_hip"), ("RKnee", "right_knee"), ("RAnkle", "right_ankle"),
    ("LHip", "left_hip"), ("LKnee", "left_knee"), ("LAnkle", "left_ankle"),
    ("REye", "right_eye"), ("LEye", "left_eye"), ("REar", "right_ear"), ("LEar", "left_ear"),
    ("LBigToe", "left_big_toe"), ("LSmallToe", "left_small_toe"), ("LHeel", "left_heel"),
    ("RBigToe", "right_big_toe"), ("RSmallToe", "right_small_toe"), ("RHeel", "right_heel"),
)  # fmt: skip

BODY_25 = keypoint_set(
    "body_25",
    _BODY_25,
    (
        (1, 8), (1, 2), (1, 5), (2, 3), (3, 4), (5, 6), (6, 7), (8, 9), (9, 10), (10, 11), (8, 12), (12, 13), (13, 14),
        (1, 0), (0, 15), (15, 17), (0, 16), (16, 18), (14, 19), (19, 20), (14, 21), (11, 22), (22, 23), (11, 24),
    ),
    title="OpenPose BODY_25",
    about="Body and feet in OpenPose's order, the default",
)  # fmt: skip

COCO_18 = keypoint_set(
    "coco_18",
    (
        ("Nose", "nose"), ("Neck", "right_shoulder left_shoulder"),
        ("RShoulder", "right_shoulder"), ("RElbow", "right_elbow"), ("RWrist", "right_wrist"),
        ("LShoulder", "left_shoulder"), ("LElbow", "left_elbow"), ("LWrist", "left_wrist"),
        ("RHip", "right_hip"), ("RKnee", "right_knee"), ("RAnkle", "right_ankle"),
        ("LHip", "left_hip"), ("LKnee", "left_knee"), ("LAnkle", "left_ankle"),
        ("REye", "right_eye"), ("LEye", "left_eye"), ("REar", "right_ear"), ("LEar", "left_ear"),
    ),
    (
        (1, 2), (1, 5), (2, 3), (3, 4), (5, 6), (6, 7), (1, 8), (8, 9), (9, 10), (1, 11), (11, 12), (12, 13),
        (1, 0), (0, 14), (14, 16), (0, 15), (15, 17),
    ),
    title="OpenPose COCO",
    about="OpenPose's COCO model: COCO's points and a neck",
)  # fmt: skip

MPI_15 = keypoint_set(
    "mpi_15",
    (
        ("Head", "head_top"), ("Neck", "upper_neck"),
        ("RShoulder", "right_shoulder"), ("RElbow", "right_elbow"), ("RWrist", "right_wrist"),
        ("LShoulder", "left_shoulder"), ("LElbow", "left_elbow"), ("LWrist", "left_wrist"),
        ("RHip", "right_hip"), ("RKnee", "right_knee"), ("RAnkle", "right_ankle"),
        ("LHip", "left_hip"), ("LKnee", "left_knee"), ("LAnkle", "left_ankle"),
        ("Chest", "right_hip left_hip thorax thorax"),
    ),
    (
        (0, 1), (1, 2), (2, 3), (3, 4), (1, 5), (5, 6), (6, 7), (1, 14), (14, 8), (8, 9), (9, 10), (14, 11), (11, 12),
        (12, 13),
    ),
    title="OpenPose MPI",
    about="OpenPose's MPI model: head, trunk and limbs",
)  # fmt: skip

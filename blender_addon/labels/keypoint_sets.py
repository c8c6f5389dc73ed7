"""Keypoint sets as data: each point names the landmark of the body that it is. Adding a set is one entry here.

BODY_25: names, order and limb pairs as in OpenPose's documentation of its output; Neck and MidHip are the midpoints of
the shoulders and of the hips, as in OpenPose's training data, but taken in the world and not in the picture.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class KeypointSet:
    """A skeleton of 2D/3D points.

    Attributes:
        name: as it stands in a sample's JSON.
        points: names in the order of the format.
        landmarks: per point, the landmarks it is the mean of (one, or two for a midpoint).
        limbs: pairs of point indices, for drawing and for part affinity fields.
    """

    name: str
    points: tuple[str, ...]
    landmarks: tuple[tuple[str, ...], ...]
    limbs: tuple[tuple[int, int], ...]


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

BODY_25 = KeypointSet(
    name="body_25",
    points=tuple(point for point, _ in _BODY_25),
    landmarks=tuple(tuple(marks.split()) for _, marks in _BODY_25),
    limbs=(
        (1, 8), (1, 2), (1, 5), (2, 3), (3, 4), (5, 6), (6, 7), (8, 9), (9, 10), (10, 11), (8, 12), (12, 13), (13, 14),
        (1, 0), (0, 15), (15, 17), (0, 16), (16, 18), (14, 19), (19, 20), (14, 21), (11, 22), (22, 23), (11, 24),
    ),
)  # fmt: skip

KEYPOINT_SETS: dict[str, KeypointSet] = {s.name: s for s in (BODY_25,)}

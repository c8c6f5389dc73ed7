"""Keypoint sets as data: each point names the landmarks of the body that it is. Adding a set is one entry here."""

from __future__ import annotations

from blender_addon.labels.keypoint_sets.coco import COCO_17
from blender_addon.labels.keypoint_sets.face import FACE_70
from blender_addon.labels.keypoint_sets.hands import HAND_LEFT, HAND_RIGHT
from blender_addon.labels.keypoint_sets.human36m import HUMAN36M_17, HUMAN36M_32
from blender_addon.labels.keypoint_sets.keypoint_set import KeypointSet
from blender_addon.labels.keypoint_sets.kinect import KINECT_20
from blender_addon.labels.keypoint_sets.mpii import MPII_16
from blender_addon.labels.keypoint_sets.openpose import BODY_25, COCO_18, MPI_15
from blender_addon.labels.keypoint_sets.skate import SKATE
from blender_addon.labels.keypoint_sets.three_d_people import THREE_D_PEOPLE_67
from blender_addon.labels.keypoint_sets.whole_body import COCO_WHOLEBODY

__all__ = ["BODY_25", "KEYPOINT_SETS", "KeypointSet"]

KEYPOINT_SETS: dict[str, KeypointSet] = {
    points.name: points
    for points in (
        BODY_25,
        COCO_17,
        COCO_18,
        MPII_16,
        MPI_15,
        HUMAN36M_32,
        HUMAN36M_17,
        KINECT_20,
        SKATE,
        HAND_LEFT,
        HAND_RIGHT,
        FACE_70,
        COCO_WHOLEBODY,
        THREE_D_PEOPLE_67,
    )
}  # fmt: skip

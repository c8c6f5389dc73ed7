"""Anatomical points of a body, as `labels/keypoint_sets` name them: joint centres and points of the skin."""

from __future__ import annotations

import numpy as np

from blender_addon.makehuman.body import Body
from blender_addon.makehuman.rig_files import DEFAULT_RIG
from blender_addon.makehuman.rig_maps import RIGS
from blender_addon.skater.body_parts import face_parts, part_of_bones
from blender_addon.skater.human import Landmark
from blender_addon.skater.landmarks.joints import joint_landmarks
from blender_addon.skater.landmarks.skin_points import SKIN_POINTS, skin_landmarks
from mocap.rotations import Array

__all__ = ["joint_landmarks", "landmarks", "point_landmarks"]


def landmarks(body: Body) -> dict[str, Landmark]:
    """The landmarks of a body with the default rig, by name: "nose", and "left_" and "right_" joints and points."""
    names = RIGS[DEFAULT_RIG]
    faces = body.faces[body.face_masks["body"]]
    parts = face_parts(faces, body.bones, body.weights, part_of_bones(body.rig, names))
    joints = joint_landmarks(body.vertices, faces, parts, body.rig, names)
    return joints | point_landmarks(body.vertices, body.bones, body.weights)


def point_landmarks(vertices: Array, bones: np.ndarray, weights: Array) -> dict[str, Landmark]:
    """All points of the skin of a mesh that has hm08's numbering; those whose vertices it lacks are left out.

    Args:
        vertices: (N, 3) at rest: all of hm08's, or its first ones, which are the skin; bones (N, K), weights (N, K).
    """
    return skin_landmarks(SKIN_POINTS, vertices, bones, weights)

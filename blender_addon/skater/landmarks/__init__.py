"""Anatomical points of a body, as `labels/keypoint_sets` name them: joint centres and points of the skin."""

from __future__ import annotations

import numpy as np

from blender_addon.makehuman.body import Body
from blender_addon.makehuman.rig_files import DEFAULT_RIG
from blender_addon.makehuman.rig_maps import RIGS
from blender_addon.skater.body_parts import face_parts, part_of_bones
from blender_addon.skater.human import Landmark
from blender_addon.skater.landmarks.eyes import pupils
from blender_addon.skater.landmarks.face import FACE_POINTS
from blender_addon.skater.landmarks.hands import finger_bones, hand_points
from blender_addon.skater.landmarks.joints import joint_landmarks
from blender_addon.skater.landmarks.skin_points import SKIN_POINTS, skin_landmarks
from blender_addon.skater.landmarks.trunk import trunk_points
from mocap.rotations import Array

__all__ = ["finger_bones", "joint_landmarks", "landmarks", "point_landmarks"]


def landmarks(body: Body) -> dict[str, Landmark]:
    """The landmarks of a body with the default rig, by name: "nose", and "left_" and "right_" joints and points."""
    names = RIGS[DEFAULT_RIG]
    faces = body.faces[body.face_masks["body"]]
    parts = face_parts(faces, body.bones, body.weights, part_of_bones(body.rig, names))
    joints = joint_landmarks(body.vertices, faces, parts, body.rig, names, shape=body.vertices)
    return joints | point_landmarks(body.vertices, body.bones, body.weights, faces, parts)


def point_landmarks(
    vertices: Array, bones: np.ndarray, weights: Array, faces: np.ndarray, parts: np.ndarray
) -> dict[str, Landmark]:
    """All other points of a mesh that has hm08's numbering; those whose vertices it lacks are left out.

    Args:
        vertices: (N, 3) at rest: all of hm08's, or its first ones, which are the skin; bones (N, K), weights (N, K).
        faces: (F, 4) of skin; parts: (F,) body part of each.
    """
    hung = (vertices, bones, weights)
    out = skin_landmarks(SKIN_POINTS | FACE_POINTS, *hung) | pupils(*hung) | hand_points(*hung)
    return out | trunk_points(*hung, faces, parts)

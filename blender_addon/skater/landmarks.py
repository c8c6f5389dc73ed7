"""Anatomical points of a MakeHuman body, as `labels/keypoint_sets.py` names them: joint centres and points of the skin.

Joint centres are where the default rig's bones turn (centres of MakeHuman's joint cubes), so they keep their distances
in every pose. They lie within 25 mm of the middle of the limb there, the hip where the femoral head is.
Points of the skin are vertices of hm08, whose numbering is the same for every phenotype.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_addon.labels.vocabulary import BODY_PART_INDEX
from blender_addon.makehuman.body import Body
from blender_addon.makehuman.rig_files import DEFAULT_RIG
from blender_addon.makehuman.rig_maps import RIGS
from blender_addon.skater.body_parts import face_parts, part_of_bones
from blender_addon.skater.human import Landmark
from mocap.retarget import BoneMap, Limbs
from mocap.rig import Rig
from mocap.rotations import Array


@dataclass(frozen=True)
class _Joint:
    """The bone that plays `turns` turns about the joint; its flesh is measured across the `limb` from joint to joint.

    `boot`: metres of leather over it.
    """

    turns: str
    limb: tuple[str, str]
    parts: tuple[str, ...]
    boot: float = 0.0


@dataclass(frozen=True)
class _Point:
    """The mean of the vertices `left` or `right`; `depth` is metres of what may lie over it."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    parts: tuple[str, ...]
    depth: float


# Bones as `mocap.retarget.Limbs` names them; parts that have a side get the landmark's.
_JOINTS: dict[str, _Joint] = {
    "shoulder": _Joint("upper_arm", ("upper_arm", "forearm"), ("torso", "upper_arm")),
    "elbow": _Joint("forearm", ("upper_arm", "forearm"), ("upper_arm", "forearm")),
    "wrist": _Joint("hand", ("forearm", "hand"), ("forearm", "hand")),
    "hip": _Joint("thigh", ("thigh", "shank"), ("torso", "thigh")),
    "knee": _Joint("shank", ("thigh", "shank"), ("thigh", "lower_leg")),
    "ankle": _Joint("foot", ("shank", "foot"), ("lower_leg", "foot"), boot=0.012),
}

# Found on the shaped meshes of five very different phenotypes, the right side by MakeHuman's table of mirrored
# vertices (mesh_metadata/hm08.mirror):
#   eye: the innermost ring of the eyeball's front, round the pupil.
#   ear: the free edge of the tragus.
#   big_toe, small_toe: the vertex at the end of the toe's last bone, which is the tip of the toe.
#   heel: the two vertices at the back of the heel bone, 2 cm above the sole, within 5 mm of the rearmost.
# Depths: lids lie over an eye, the rim over an ear, a boot's toe cap and padding over toes and heel. An eye's has to be
# less than the bridge of the nose is thick, or the far eye would count as seen in profile.
_POINTS: dict[str, _Point] = {
    "eye": _Point(
        left=(14598, 14607, 14616, 14625, 14634, 14643, 14652, 14661),
        right=(14670, 14679, 14688, 14697, 14706, 14715, 14724, 14733),
        parts=("head",),
        depth=0.004,
    ),
    "ear": _Point(left=(12306,), right=(5709,), parts=("head",), depth=0.015),
    "big_toe": _Point(left=(12756,), right=(6159,), parts=("foot",), depth=0.02),
    "small_toe": _Point(left=(13280,), right=(6684,), parts=("foot",), depth=0.02),
    "heel": _Point(left=(12912, 12442), right=(6315, 5845), parts=("foot",), depth=0.02),
}

# Halfway between the tip of the nose (the vertex furthest forward) and the middle of its wings: about 10 mm under the
# tip. A point on the very tip falls beside the person in profile, where the silhouette is a pixel narrower.
_NOSE = (297, 297, 7057, 288)
_NOSE_DEPTH = 0.012

# Directions round a limb in which the flesh over a joint is measured.
_DIRECTIONS = 16


def landmarks(body: Body) -> dict[str, Landmark]:
    """The landmarks of a body with the default rig, by name: "nose", and "left_" and "right_" joints and points."""
    names = RIGS[DEFAULT_RIG]
    faces = body.faces[body.face_masks["body"]]
    parts = face_parts(faces, body.bones, body.weights, part_of_bones(body.rig, names))
    joints = joint_landmarks(body.vertices, faces, parts, body.rig, names)
    return joints | point_landmarks(body.vertices, body.bones, body.weights)


def joint_landmarks(
    vertices: Array, faces: np.ndarray, parts: np.ndarray, rig: Rig, names: BoneMap
) -> dict[str, Landmark]:
    """The joints of any body, "left_shoulder" to "right_ankle": where a rig's bones turn.

    Args:
        vertices: (N, 3) at rest; faces: (F, 4) of skin; parts: (F,) body part of each.
        names: which bones play which segments.
    """
    out = {}
    for side, limbs in names.limbs.items():
        for name, joint in _JOINTS.items():
            own = _with_side(joint.parts, side.lower())
            bone = _first_bone(rig, limbs, joint.turns)
            start, end = (rig.heads[_first_bone(rig, limbs, segment)] for segment in joint.limb)
            near = faces[np.isin(parts, _indices(own))]
            out[f"{side.lower()}_{name}"] = Landmark(
                points=rig.heads[bone][None],
                bones=np.array([[bone]]),
                weights=np.ones((1, 1)),
                depth=_flesh_over(rig.heads[bone], end - start, vertices, near) + joint.boot,
                parts=_indices(own),
            )
    return out


def point_landmarks(vertices: Array, bones: np.ndarray, weights: Array) -> dict[str, Landmark]:
    """The points of the skin of a mesh that has hm08's numbering; those whose vertices it lacks are left out.

    Args:
        vertices: (N, 3) at rest: all of hm08's, or its first ones, which are the skin; bones (N, K), weights (N, K).
    """
    wanted: dict[str, tuple[tuple[int, ...], tuple[str, ...], float]] = {"nose": (_NOSE, ("head",), _NOSE_DEPTH)}
    for name, point in _POINTS.items():
        for side, chosen in (("left", point.left), ("right", point.right)):
            wanted[f"{side}_{name}"] = (chosen, _with_side(point.parts, side), point.depth)
    return {
        name: Landmark(
            points=vertices[list(chosen)],
            bones=bones[list(chosen)],
            weights=weights[list(chosen)],
            depth=depth,
            parts=_indices(parts),
        )
        for name, (chosen, parts, depth) in wanted.items()
        if max(chosen) < len(vertices)
    }


def _first_bone(rig: Rig, limbs: Limbs, segment: str) -> int:
    """Index of the bone, of one or two, that is nearest to the trunk."""
    bones = getattr(limbs, segment)
    return rig.index(bones if isinstance(bones, str) else bones[0])


def _flesh_over(center: Array, axis: Array, vertices: Array, faces: np.ndarray) -> float:
    """Median distance from a joint's centre to the skin, over all directions across the limb; NaN without skin there.

    Args:
        center: (3,); axis: (3,) along the limb.
        vertices: (N, 3); faces: (F, 4) of the skin round the joint.
    """
    axis = axis / np.linalg.norm(axis)
    # A triangle counts as a quad with one corner twice.
    faces = np.where(faces < 0, faces[:, :1], faces)
    edges = np.stack((faces, np.roll(faces, -1, axis=1)), axis=-1).reshape(-1, 2)
    height = (vertices[edges] - center) @ axis
    crosses = height[:, 0] * height[:, 1] < 0.0
    (low, high), ends = height[crosses].T, vertices[edges[crosses]]
    share = (low / (low - high))[:, None]
    cut = ends[:, 0] * (1.0 - share) + ends[:, 1] * share - center

    # Any two directions across the axis will do to go round it.
    u = np.cross(axis, np.eye(3)[np.argmin(np.abs(axis))])
    u = u / np.linalg.norm(u)
    angle = np.arctan2(cut @ np.cross(axis, u), cut @ u)
    sector = np.floor((angle / (2.0 * np.pi) + 0.5) * _DIRECTIONS).astype(np.int64) % _DIRECTIONS
    nearest = np.full(_DIRECTIONS, np.inf)
    np.minimum.at(nearest, sector, np.linalg.norm(cut, axis=1))
    found = nearest[np.isfinite(nearest)]
    return float(np.median(found)) if len(found) else np.nan


def _with_side(parts: tuple[str, ...], side: str) -> tuple[str, ...]:
    return tuple(part if part in BODY_PART_INDEX else f"{side}_{part}" for part in parts)


def _indices(parts: tuple[str, ...]) -> tuple[int, ...]:
    return tuple(BODY_PART_INDEX[part] for part in parts)

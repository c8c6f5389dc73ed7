"""Joint centres: where a rig's bones turn, so that they keep their distances in every pose.

The default rig's lie at the centres of MakeHuman's joint cubes, within 25 mm of the middle of the limb there, the hip
where the femoral head is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_addon.skater.human import Landmark
from blender_addon.skater.landmarks.sides import indices, with_side
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


# Bones as `mocap.retarget.Limbs` names them; parts that have a side get the landmark's.
_JOINTS: dict[str, _Joint] = {
    "shoulder": _Joint("upper_arm", ("upper_arm", "forearm"), ("torso", "upper_arm")),
    "elbow": _Joint("forearm", ("upper_arm", "forearm"), ("upper_arm", "forearm")),
    "wrist": _Joint("hand", ("forearm", "hand"), ("forearm", "hand")),
    "hip": _Joint("thigh", ("thigh", "shank"), ("torso", "thigh")),
    "knee": _Joint("shank", ("thigh", "shank"), ("thigh", "lower_leg")),
    "ankle": _Joint("foot", ("shank", "foot"), ("lower_leg", "foot"), boot=0.012),
}

# Directions round a limb in which the flesh over a joint is measured.
_DIRECTIONS = 16


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
            own = with_side(joint.parts, side.lower())
            bone = _first_bone(rig, limbs, joint.turns)
            start, end = (rig.heads[_first_bone(rig, limbs, segment)] for segment in joint.limb)
            near = faces[np.isin(parts, indices(own))]
            out[f"{side.lower()}_{name}"] = Landmark(
                points=rig.heads[bone][None],
                bones=np.array([[bone]]),
                weights=np.ones((1, 1)),
                depth=_flesh_over(rig.heads[bone], end - start, vertices, near) + joint.boot,
                parts=indices(own),
            )
    return out


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

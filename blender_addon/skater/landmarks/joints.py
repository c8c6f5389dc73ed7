"""Joint centres, as anatomy finds them from points under the skin that can be felt.

On a mesh with hm08's numbering a joint is found between such points, left and right alike: elbow and knee between the
epicondyles, wrist between the styloids, ankle between the malleoli, hip and shoulder from trochanters and acromia. On
any other mesh it is where the rig's bones turn. docs/keypoints.md says how far the two are apart, and what independent
ways give.

A joint hangs half on the bone before it and half on the bone after it, so that it stays between both however far they
turn, and limbs keep their lengths but for a few millimetres.
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

    `before` is what it turns against; `boot` metres of leather over it.
    """

    before: str
    turns: str
    limb: tuple[str, str]
    parts: tuple[str, ...]
    boot: float = 0.0


@dataclass(frozen=True)
class _Anatomy:
    """A joint between points of the skin: the mean of some vertices of hm08, moved by shares of the pair's breadth.

    Attributes:
        left, right: vertices; the right ones by MakeHuman's table of mirrored vertices (mesh_metadata/hm08.mirror).
        inwards: towards the other side's mean; down: straight down in the rest pose.
    """

    left: tuple[int, ...]
    right: tuple[int, ...]
    inwards: float = 0.0
    down: float = 0.0


# Bones as `mocap.retarget.Limbs` names them; parts that have a side get the landmark's.
_JOINTS: dict[str, _Joint] = {
    "shoulder": _Joint("clavicle", "upper_arm", ("upper_arm", "forearm"), ("torso", "upper_arm")),
    "elbow": _Joint("upper_arm", "forearm", ("upper_arm", "forearm"), ("upper_arm", "forearm")),
    "wrist": _Joint("forearm", "hand", ("forearm", "hand"), ("forearm", "hand")),
    "hip": _Joint("root", "thigh", ("thigh", "shank"), ("torso", "thigh")),
    "knee": _Joint("thigh", "shank", ("thigh", "shank"), ("thigh", "lower_leg")),
    "ankle": _Joint("shank", "foot", ("shank", "foot"), ("lower_leg", "foot"), boot=0.012),
}
JOINT_PARTS = {name: joint.parts for name, joint in _JOINTS.items()}
"""Body parts on which a joint is seen, both without their side."""

# Each vertex is the one that stands out most to its side near the bones' turning point; docs/keypoints.md says how well
# it does so on 20 bodies.
#   shoulder: under the roof of the shoulder by 0.15 of the distance between both acromia, which is half-way to the
#       armpit. Published shares lie on both sides: 0.17 (Rab, Petuskey and Bagley 2002), and 0.104 of the upper arm's
#       length (de Leva 1996), here about 0.1.
#   elbow, knee: halfway between the lateral and the medial epicondyle.
#   wrist: halfway between the styloids of radius and ulna; ankle: halfway between the malleoli.
#   hip: inwards from the skin over the greater trochanter by a fifth of the distance between both trochanters. The head
#       of the femur lies a quarter in (Weinhandl and O'Connor 2010), but those who annotate pictures (COCO, and with it
#       OpenPose) see the outside and put hips further out; a fifth is our choice.
_ANATOMY: dict[str, _Anatomy] = {
    "shoulder": _Anatomy((8235, 8225), (1557, 1546), down=0.15),
    "elbow": _Anatomy((10040, 10052), (3372, 3384)),
    "wrist": _Anatomy((10565, 10566), (3900, 3901)),
    "hip": _Anatomy((10926, 10923, 10917, 10920), (4296, 4293, 4287, 4290), inwards=0.2),
    "knee": _Anatomy((11248, 11255), (4630, 4637)),
    "ankle": _Anatomy((12836, 12939), (6239, 6342)),
}

# Directions round a limb in which the flesh over a joint is measured.
_DIRECTIONS = 16


def joint_landmarks(
    vertices: Array, faces: np.ndarray, parts: np.ndarray, rig: Rig, names: BoneMap, shape: Array | None = None
) -> dict[str, Landmark]:
    """The joints of any body, "left_shoulder" to "right_ankle".

    Args:
        vertices: (N, 3) at rest; faces: (F, 4) of skin; parts: (F,) body part of each.
        names: which bones play which segments.
        shape: the body's vertices (M, 3) in hm08's numbering, its skin at least; None where it has another.
    """
    out = {}
    for side, limbs in names.limbs.items():
        for name, joint in _JOINTS.items():
            own = with_side(joint.parts, side.lower())
            bone = _first_bone(rig, limbs, joint.turns)
            start, end = (rig.heads[_first_bone(rig, limbs, segment)] for segment in joint.limb)
            near = faces[np.isin(parts, indices(own))]
            before = rig.index(names.root) if joint.before == "root" else _last_bone(rig, limbs, joint.before)
            place = rig.heads[bone] if shape is None else joint_center(name, side.lower(), shape)
            out[f"{side.lower()}_{name}"] = Landmark(
                points=place[None],
                bones=np.array([[bone]] if shape is None else [[before, bone]]),
                weights=np.ones((1, 1)) if shape is None else np.full((1, 2), 0.5),
                depth=flesh_over(place, end - start, vertices, near) + joint.boot,
                parts=indices(own),
            )
    return out


def joint_center(joint: str, side: str, shape: Array) -> Array:
    """(3,) where a joint lies by anatomy; `shape` (N, 3) in hm08's numbering, its skin at least."""
    anatomy = _ANATOMY[joint]
    opposite = "right" if side == "left" else "left"
    own, other = (shape[list(joint_vertices(joint, s))].mean(axis=0) for s in (side, opposite))
    breadth = float(np.linalg.norm(own - other))
    return np.asarray(own + anatomy.inwards * (other - own) - np.array((0.0, 0.0, anatomy.down * breadth)))


def _first_bone(rig: Rig, limbs: Limbs, segment: str) -> int:
    """Index of the bone, of one or two, that is nearest to the trunk."""
    bones = getattr(limbs, segment)
    return rig.index(bones if isinstance(bones, str) else bones[0])


def _last_bone(rig: Rig, limbs: Limbs, segment: str) -> int:
    """Index of the bone, of one or two, that is farthest from the trunk."""
    bones = getattr(limbs, segment)
    return rig.index(bones if isinstance(bones, str) else bones[-1])


def joint_vertices(joint: str, side: str) -> tuple[int, ...]:
    """The vertices of hm08 from which a joint is found."""
    return _ANATOMY[joint].left if side == "left" else _ANATOMY[joint].right


def section(center: Array, axis: Array, vertices: Array, faces: np.ndarray) -> Array:
    """(K, 3) where the edges of a surface cross the plane through a point, across an axis.

    Args:
        center: (3,); axis: (3,) along limb or trunk.
        vertices: (N, 3); faces: (F, 4).
    """
    # A triangle counts as a quad with one corner twice.
    faces = np.where(faces < 0, faces[:, :1], faces)
    edges = np.stack((faces, np.roll(faces, -1, axis=1)), axis=-1).reshape(-1, 2)
    height = (vertices[edges] - center) @ axis
    crosses = height[:, 0] * height[:, 1] < 0.0
    (low, high), ends = height[crosses].T, vertices[edges[crosses]]
    share = (low / (low - high))[:, None]
    return np.asarray(ends[:, 0] * (1.0 - share) + ends[:, 1] * share)


def flesh_over(center: Array, axis: Array, vertices: Array, faces: np.ndarray) -> float:
    """Median distance from a point inside to the skin, over all directions across an axis; NaN without skin there.

    Args:
        center: (3,); axis: (3,) along limb or trunk.
        vertices: (N, 3); faces: (F, 4) of the skin round it.
    """
    axis = axis / np.linalg.norm(axis)
    cut = section(center, axis, vertices, faces) - center
    # Any two directions across the axis will do to go round it.
    u = np.cross(axis, np.eye(3)[np.argmin(np.abs(axis))])
    u = u / np.linalg.norm(u)
    angle = np.arctan2(cut @ np.cross(axis, u), cut @ u)
    sector = np.floor((angle / (2.0 * np.pi) + 0.5) * _DIRECTIONS).astype(np.int64) % _DIRECTIONS
    nearest = np.full(_DIRECTIONS, np.inf)
    np.minimum.at(nearest, sector, np.linalg.norm(cut, axis=1))
    found = nearest[np.isfinite(nearest)]
    return float(np.median(found)) if len(found) else np.nan

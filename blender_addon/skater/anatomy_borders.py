"""Where one body part ends and the next begins: surfaces through a body at rest, found by its joints and landmarks.

A border is where a scalar field of the rest pose is 0, whatever lies there: skin, a sleeve or a boot. The surfaces:

- wrist: between the styloids, at right angles to the forearm.
- elbow, knee: between the epicondyles, the plane that bisects the angle of the joint.
- ankle: level, between the malleoli.
- groin: through the crotch, the middle of the inguinal fold and the greater trochanter, which meets the fold under the
  buttock behind. Pubis, perineum and buttock are torso.
- shoulder: through acromion and armpit from front to back, as the seam of a sleeve runs; below the armpit half-way
  between arm and flank. The cap of the deltoid is upper arm, the collarbone torso.
- neck: the ring of a close necklace, from the notch between the collarbones over the roots of the neck to the seventh
  vertebra. The neck is head, as it is with 3DPeople's bones.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from blender_addon.labels.vocabulary import BODY_PART_INDEX
from blender_addon.skater.landmarks.joints import joint_center
from blender_addon.skater.part_borders import PartBorder, PartBorders
from mocap.retarget import BoneMap, Limbs
from mocap.rig import Rig
from mocap.rotations import Array
from mocap.skeleton import SIDES

# Vertices of hm08, of the left side, found on its shaped meshes of five very different phenotypes. The right side's
# differ from these only by their sign of x: MakeHuman's bodies are symmetrical.
_ON_HM08: Mapping[str, int] = {
    "acromion": 8236,
    "armpit": 8337,
    "trochanter": 10923,
    "inguinal": 10961,
    "crotch": 6431,
    "notch": 1524,
    "vertebra": 1496,
}
# The same where a body has other vertices: metres from a joint (or the middle between two) per metre of the bone there,
# aside, back and up. As they are on MakeHuman's default woman; the neck's by the upper arm.
_BESIDE_JOINTS: Mapping[str, tuple[str, tuple[float, float, float]]] = {
    "acromion": ("shoulder", (0.06, 0.03, 0.2)),
    "armpit": ("shoulder", (-0.03, 0.04, -0.27)),
    "trochanter": ("hip", (0.21, 0.03, -0.02)),
    "inguinal": ("hip", (-0.05, -0.25, 0.04)),
    "crotch": ("hips", (0.0, -0.04, -0.2)),
    "notch": ("neck", (0.0, -0.3, -0.15)),
    "vertebra": ("neck", (0.0, 0.12, -0.02)),
}

# How far beside the middle the groin's borders come out at the crotch, by the hip joint's distance from it.
_BESIDE_CROTCH = 0.16
# By how much the neck's ring rises per metre aside, and metres (per metre of upper arm) over which it is rounded.
_NECK_RISE, _NECK_ROUND = 0.55, 0.28


def part_borders(rig: Rig, names: BoneMap, hm08: Array | None = None) -> PartBorders:
    """The borders of a body at rest that faces −Y.

    Args:
        rig: its bones; names: which of them play which segments.
        hm08: (N, 3) its vertices at rest where they have hm08's numbering; without, landmarks are guessed from joints.
    """
    left, right = (_Joints.of(rig, names.limbs[side], side.lower(), hm08) for side in SIDES)
    neck = rig.heads[rig.index((*names.neck, names.head)[0])]
    out = [_neck(neck, left, right, hm08)]
    for side, joints in zip(SIDES, (left, right), strict=True):
        sign = 1.0 if side == "Left" else -1.0
        part = {name: BODY_PART_INDEX[f"{side.lower()}_{name}"] for name in _LIMBS}
        marks = {name: _landmark(name, joints, neck, sign, hm08) for name in _ON_HM08}
        out += [
            _shoulder(marks, joints, part, sign),
            _bisecting(part["upper_arm"], part["forearm"], joints.shoulder, joints.elbow, joints.wrist),
            _across(part["forearm"], part["hand"], joints.wrist, joints.wrist - joints.elbow),
            _groin(marks, joints, part, sign),
            _bisecting(part["thigh"], part["lower_leg"], joints.hip, joints.knee, joints.ankle),
            _across(
                part["lower_leg"],
                part["foot"],
                joints.ankle,
                np.array((0.0, 0.0, -1.0)),
            ),
        ]
    return PartBorders(BODY_PART_INDEX["torso"], tuple(out))


_LIMBS = ("upper_arm", "forearm", "hand", "thigh", "lower_leg", "foot")


@dataclass(frozen=True)
class _Joints:
    """(3,) joints of one side."""

    shoulder: Array
    elbow: Array
    wrist: Array
    hip: Array
    knee: Array
    ankle: Array

    @classmethod
    def of(cls, rig: Rig, limbs: Limbs, side: str, hm08: Array | None) -> _Joints:
        if hm08 is not None:
            return cls(**{field.name: joint_center(field.name, side, hm08) for field in dataclasses.fields(cls)})
        bones = (limbs.upper_arm[0], limbs.forearm[0], limbs.hand, limbs.thigh[0], limbs.shank[0], limbs.foot)
        return cls(*(rig.heads[rig.index(bone)] for bone in bones))


def _landmark(name: str, joints: _Joints, neck: Array, sign: float, hm08: Array | None) -> Array:
    if hm08 is not None:
        out: Array = hm08[_ON_HM08[name]] * (sign, 1.0, 1.0)
        return out
    joint, offset = _BESIDE_JOINTS[name]
    scale = _length(joints.knee - joints.hip) if joint.startswith("hip") else _length(joints.elbow - joints.shoulder)
    middle = joints.hip * (0.0, 1.0, 1.0)
    start = {"shoulder": joints.shoulder, "hip": joints.hip, "hips": middle, "neck": neck}[joint]
    return start + scale * np.array(offset) * (sign, 1.0, 1.0)


def _neck(neck: Array, left: _Joints, right: _Joints, hm08: Array | None) -> PartBorder:
    notch, vertebra = (_landmark(name, left, neck, 1.0, hm08) for name in ("notch", "vertebra"))
    back = vertebra - notch
    back = back / _length(back)
    # Two planes that meet in the middle, from front to back, and rise to the sides.
    normals = [_unit(np.array((-sign * _NECK_RISE, 0.0, 0.0)) + _up_from(back)) for sign in (1.0, -1.0)]
    upper_arm = 0.5 * (_length(left.elbow - left.shoulder) + _length(right.elbow - right.shoulder))
    rounded = _NECK_ROUND * upper_arm * _NECK_RISE
    # Rounding would take a quarter of that away in the middle.
    points = np.array([notch, notch]) - 0.25 * rounded * _up_from(back)
    return PartBorder(BODY_PART_INDEX["torso"], BODY_PART_INDEX["head"], points, np.array(normals), rounded)


def _up_from(back: Array) -> Array:
    """(3,) the unit vector at right angles to `back` and the left that points up."""
    return _unit(np.cross((1.0, 0.0, 0.0), back))


def _shoulder(marks: Mapping[str, Array], joints: _Joints, part: Mapping[str, int], sign: float) -> PartBorder:
    # Over the shoulder from front to back; below the armpit half-way between arm and flank, which hangs straight down.
    seam = _unit(np.cross((0.0, 1.0, 0.0), marks["acromion"] - marks["armpit"])) * sign
    arm = _unit((joints.elbow - joints.shoulder) * (1.0, 0.0, 1.0))
    between = _unit(arm - np.array((0.0, 0.0, 1.0)))
    aside = _unit(np.cross((0.0, 1.0, 0.0), -between)) * sign
    return PartBorder(
        BODY_PART_INDEX["torso"],
        part["upper_arm"],
        np.array((marks["armpit"], marks["armpit"])),
        np.array((seam, aside)),
    )


def _groin(marks: Mapping[str, Array], joints: _Joints, part: Mapping[str, int], sign: float) -> PartBorder:
    crotch = marks["crotch"] + (_BESIDE_CROTCH * joints.hip[0], 0.0, 0.0)
    down = _unit(np.cross(marks["inguinal"] - crotch, marks["trochanter"] - crotch))
    down = down if down[2] < 0.0 else -down
    # In front the fold runs down to the crotch more steeply than the plane that goes on under the buttock.
    fold = _unit(np.cross((0.0, 1.0, 0.0), marks["inguinal"] - crotch))
    fold = fold if fold[2] < 0.0 else -fold
    return PartBorder(
        BODY_PART_INDEX["torso"],
        part["thigh"],
        np.array((crotch, crotch, marks["crotch"])),
        np.array((down, fold, (sign, 0.0, 0.0))),
    )


def _bisecting(near: int, far: int, start: Array, joint: Array, end: Array) -> PartBorder:
    return _across(near, far, joint, _unit(joint - start) + _unit(end - joint))


def _across(near: int, far: int, point: Array, along: Array) -> PartBorder:
    return PartBorder(near, far, point[None], _unit(along)[None])


def _length(vector: Array) -> float:
    return float(np.linalg.norm(vector))


def _unit(vector: Array) -> Array:
    out: Array = vector / np.linalg.norm(vector)
    return out

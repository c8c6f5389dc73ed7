"""Joint centres of a body found in other ways than `skater.landmarks` finds them, for a test and a bench."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from blender_addon.makehuman.body import Body
from blender_addon.skater.body_parts import face_parts, part_of_bones
from blender_addon.skater.human import Landmark
from blender_addon.skater.landmarks.joints import section
from mocap.rotations import Array

# The bones of the default rig that turn at each joint, and those before and after along the limb.
BONES = {
    "shoulder": ("upperarm01", "upperarm01", "lowerarm01"),
    "elbow": ("lowerarm01", "upperarm01", "wrist"),
    "wrist": ("wrist", "lowerarm01", "wrist"),
    "hip": ("upperleg01", "upperleg01", "lowerleg01"),
    "knee": ("lowerleg01", "upperleg01", "foot"),
    "ankle": ("foot", "lowerleg01", "foot"),
}
# Metres at a stature of 1.65 m: how far from the bones' turning point knobs of bone are looked for, along the limb, to
# the front and back, and away from it. At wrist and ankle, hand and foot broaden soon.
_ALONG = {"elbow": 0.015, "wrist": 0.006, "knee": 0.015, "ankle": 0.012}
_FORWARD = {"elbow": 0.04, "wrist": 0.02, "knee": 0.04, "ankle": 0.02}
_ROUND = 0.085
# Bell, Pedersen and Brand 1990: the hip's centre from the front end of the hip's crest, in shares of the distance
# between both ends: inwards, backwards, down.
_BELL = (0.14, 0.22, 0.30)


@dataclass(frozen=True)
class Route:
    """Places (3,) of a joint, None where a way does not apply.

    Attributes:
        bone: where the rig's bones turn.
        pair: halfway between the points of the skin, anywhere near, that stand out most to either side; of a hip, from
            the front ends of the hip's crest; of a shoulder, half-way from its roof to the armpit.
        ellipse: the middle of the ellipse through the limb's section at the keypoint.
    """

    bone: Array
    pair: Array
    ellipse: Array | None


def routes(body: Body, marks: Mapping[str, Landmark]) -> dict[str, Route]:
    """By name of the joint, "left_shoulder" to "right_ankle"; `marks` say where the keypoints and crests are."""
    faces = body.faces[body.face_masks["body"]]
    parts = face_parts(faces, body.bones, body.weights, part_of_bones(body.rig))
    out = {}
    for side in ("left", "right"):
        for joint, (turning, *_) in BONES.items():
            mark = marks[f"{side}_{joint}"]
            near = faces[np.isin(parts, mark.parts)]
            at = _head(body, turning, side)
            if joint == "hip":
                pair = _from_crests(marks, side)
            elif joint == "shoulder":
                pair = _above_the_armpit(body, marks, side, near)
            else:
                pair = np.mean(knobs(body, joint, side, near), axis=0)
            round_limb = None if joint in ("hip", "shoulder") else _ellipse(body, joint, side, mark.points[0], near)
            out[f"{side}_{joint}"] = Route(at, pair, round_limb)
    return out


def axes(body: Body, joint: str, side: str) -> tuple[Array, Array]:
    """Unit vectors (3,): along a limb at a joint; about which it bends (of a wrist: from little finger to thumb)."""
    turning, start, end = (_head(body, bone, side) for bone in BONES[joint])
    if joint in ("wrist", "ankle"):
        along = _unit(turning - start)
    else:
        along = _unit(_unit(turning - start) + _unit(end - turning))
    if joint == "elbow":
        across = np.cross(end - turning, turning - start)
    elif joint == "wrist":
        across = _head(body, "metacarpal1", side) - _head(body, "metacarpal4", side)
    elif joint == "ankle":
        across = np.cross(_head(body, "toe3-1", side) - turning, (0.0, 0.0, 1.0))
    else:
        across = np.array((1.0, 0.0, 0.0))
    return along, _unit(across - (across @ along) * along)


def knobs(body: Body, joint: str, side: str, faces: np.ndarray) -> Array:
    """(2, 3) the points of the skin near a joint that stand out most against and along the axis that it bends about."""
    along, across = axes(body, joint, side)
    used = body.vertices[np.unique(faces)]
    scale = body.stature / 1.65
    off = used - _head(body, BONES[joint][0], side)
    near = used[
        (np.abs(off @ along) < _ALONG[joint] * scale)
        & (np.abs(off @ np.cross(along, across)) < _FORWARD[joint] * scale)
        & (np.linalg.norm(off, axis=1) < _ROUND * scale)
    ]
    return near[[np.argmin(near @ across), np.argmax(near @ across)]]


def _from_crests(marks: Mapping[str, Landmark], side: str) -> Array:
    own, other = (marks[f"{s}_asis"].points.mean(axis=0) for s in (side, "right" if side == "left" else "left"))
    inwards, back, down = np.array(_BELL) * np.linalg.norm(own - other)
    return np.asarray(own + inwards * _unit(other - own) + (0.0, back, -down))


def _above_the_armpit(body: Body, marks: Mapping[str, Landmark], side: str, faces: np.ndarray) -> Array:
    """Half-way down from the shoulder's roof to the armpit, in the middle between front and back there."""
    roof = marks[f"{side}_acromion"].points.mean(axis=0)
    half = 0.012 * body.stature / 1.65
    strip = body.vertices[np.unique(faces)]
    strip = strip[np.abs(strip[:, 0] - roof[0]) < 2.0 * half]
    high, low = (strip[(strip[:, 2] < roof[2] - 4.0 * half) == under] for under in (False, True))
    middle = 0.5 * (high[:, 1].min() + high[:, 1].max())
    pit = low[np.abs(low[:, 1] - middle) < 2.5 * half]
    return np.array((roof[0], middle, 0.5 * (roof[2] + pit[:, 2].max())))


def _ellipse(body: Body, joint: str, side: str, center: Array, faces: np.ndarray) -> Array:
    along, across = axes(body, joint, side)
    cut = section(center, along, body.vertices, faces)
    # Of other limbs that the plane meets, nothing.
    cut = cut[np.linalg.norm(cut - center, axis=1) < _ROUND * body.stature / 1.65]
    forward = np.cross(along, across)
    flat = np.stack(((cut - center) @ across, (cut - center) @ forward), axis=-1)
    (x, y), _, _ = cv2.fitEllipse((1e3 * flat).astype(np.float32))
    return np.asarray(center + 1e-3 * (x * across + y * forward))


def _head(body: Body, bone: str, side: str) -> Array:
    return np.asarray(body.rig.heads[body.rig.index(f"{bone}.{side[0].upper()}")])


def _unit(vector: Array) -> Array:
    return np.asarray(vector / np.linalg.norm(vector))

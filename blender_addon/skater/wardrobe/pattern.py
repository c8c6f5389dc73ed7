"""A body's measures, as a tailor takes them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_addon.labels.vocabulary import BODY_PART_INDEX
from blender_addon.makehuman.body import Body
from blender_addon.skater.body_parts import part_of_bones
from blender_addon.skater.foot import find_foot, tights_end
from mocap.rotations import Array

_ARM_PARTS = [
    BODY_PART_INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("upper_arm", "forearm", "hand")
]
_LOWER_PARTS = [BODY_PART_INDEX["torso"], BODY_PART_INDEX["left_thigh"], BODY_PART_INDEX["right_thigh"]]


@dataclass(frozen=True)
class Pattern:
    """A body's measures, as a tailor takes them. Heights are metres above the floor under the bare feet.

    Attributes:
        neck_width: half the opening's width on the shoulders; shoulder: height of the shoulders there.
        neck_front, neck_back: how far the opening reaches down, at the depth axis' `neck_y` one goes over to the other.
        wrists, forearms: (2, 3) the wrists, left first, and unit directions from elbow to wrist.
        waist, hip, crotch, knee: heights; hip_width: half the distance across the hips; hip_y: depth of the hip joints.
        boots: height below which boots hide the leg.
        arm_parts: (B,) bool, which bones belong to arms and hands.
        lower_parts: (B,) bool, which belong to torso and thighs.
    """

    neck_width: float
    shoulder: float
    neck_front: float
    neck_back: float
    neck_y: float
    wrists: Array
    forearms: Array
    waist: float
    hip: float
    crotch: float
    knee: float
    hip_width: float
    hip_y: float
    boots: float
    arm_parts: np.ndarray
    lower_parts: np.ndarray


def take_measures(body: Body) -> Pattern:
    """Reads a pattern off a shaped body and its rig."""
    rig, parts = body.rig, part_of_bones(body.rig)
    head = {name: rig.heads[rig.index(name)] for name in rig.names}
    suit = body.vertices[body.groups["helper-tights"]]
    shoulder_x = abs(head["upperarm01.L"][0])
    neck_width = 0.58 * shoulder_x
    on_shoulder = np.abs(np.abs(suit[:, 0]) - neck_width) < 0.015
    between_legs = suit[(np.abs(suit[:, 0]) < 0.008) & (suit[:, 2] > head["lowerleg01.L"][2])]
    hip = float(head["upperleg01.L"][2])
    at_hip = suit[(np.abs(suit[:, 2] - hip) < 0.02) & (np.abs(suit[:, 0]) < 1.6 * shoulder_x)]
    shoulder = float(suit[on_shoulder, 2].max())
    reach = shoulder - hip
    wrists = np.array([head["wrist.L"], head["wrist.R"]])
    forearms = wrists - np.array([head["lowerarm01.L"], head["lowerarm01.R"]])
    return Pattern(
        neck_width=neck_width,
        shoulder=shoulder,
        neck_front=0.17 * reach,
        neck_back=0.27 * reach,
        neck_y=float(head["upperarm01.L"][1]),
        wrists=wrists,
        forearms=forearms / np.linalg.norm(forearms, axis=1, keepdims=True),
        waist=float(head["spine03"][2]),
        hip=hip,
        crotch=float(between_legs[:, 2].min()),
        knee=float(head["lowerleg01.L"][2]),
        hip_width=float(np.abs(at_hip[:, 0]).max()),
        hip_y=float(head["upperleg01.L"][1]),
        boots=min(tights_end(find_foot(body, side)) for side in ("left", "right")),
        arm_parts=np.isin(parts, _ARM_PARTS),
        lower_parts=np.isin(parts, _LOWER_PARTS),
    )

"""A body's measures, as a tailor takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from blender_addon.labels.vocabulary import BODY_PART_INDEX
from blender_addon.makehuman.body import Body
from blender_addon.skater.body_parts import part_of_bones
from blender_addon.skater.foot import descendants, find_foot, tights_end
from mocap.rotations import Array

_ARM_PARTS = [
    BODY_PART_INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("upper_arm", "forearm", "hand")
]
# Stature (m) of a grown person, by which allowances are meant.
GROWN = 1.55
_LOWER_PARTS = [BODY_PART_INDEX["torso"], BODY_PART_INDEX["left_thigh"], BODY_PART_INDEX["right_thigh"]]


# Parts of the distance between the shoulder joints' axes at which the ridge of the shoulders is measured.
_RIDGE = np.linspace(0.35, 1.2, 18)
_LEVELS = 40


@dataclass(frozen=True)
class Pattern:
    """A body's measures, as a tailor takes them. Heights are metres above the floor under the bare feet.

    Attributes:
        size: about 1 for a grown person, as much less as a child is smaller.
        neck: (2, 3) where the neck begins and where it ends.
        ridge: (2, K) distances from the middle, rising, and how high the shoulders are there.
        shoulders: distance of the shoulder joints from the middle; shoulder: height of the ridge half-way to them.
        arms: (2, 3, 3) shoulder, elbow and wrist, left arm first.
        wrists, forearms: (2, 3) the wrists, left first, and unit directions from elbow to wrist.
        chest, waist, hip, crotch, knee: heights; hip_width: half the distance across the hips; hip_y: depth of the hip
            joints.
        legs: (2, 3, 3) hip, knee and ankle, left leg first.
        middle: (2, K) heights, rising, and the depth y half-way between the body's front and back there.
        boots: height below which boots hide the leg.
        arm_parts: (B,) bool, which bones belong to arms and hands.
        lower_parts: (B,) bool, which belong to torso and thighs.
        head_bones: (B,) bool, which move with the head above the neck.
    """

    size: float
    neck: Array
    ridge: Array
    shoulders: float
    shoulder: float
    arms: Array
    wrists: Array
    forearms: Array
    chest: float
    waist: float
    hip: float
    crotch: float
    knee: float
    hip_width: float
    hip_y: float
    legs: Array
    middle: Array
    boots: float
    arm_parts: np.ndarray
    lower_parts: np.ndarray
    head_bones: np.ndarray

    @property
    def reach(self) -> float:
        """Metres from the shoulders down to the hip joints."""
        return self.shoulder - self.hip

    def ridge_at(self, aside: Array | float) -> Array:
        """Height of the shoulders at distances from the middle."""
        return np.interp(aside, *self.ridge)


def take_measures(body: Body) -> Pattern:
    """Reads a pattern off a shaped body and its rig."""
    rig, parts = body.rig, part_of_bones(body.rig)
    head = {name: rig.heads[rig.index(name)] for name in rig.names}
    suit = body.vertices[body.groups["helper-tights"]]
    shoulders = abs(float(head["upperarm01.L"][0]))
    between_legs = suit[(np.abs(suit[:, 0]) < 1e-4) & (suit[:, 2] > head["lowerleg01.L"][2])]
    hip = float(head["upperleg01.L"][2])
    at_hip = suit[(np.abs(suit[:, 2] - hip) < 0.02) & (np.abs(suit[:, 0]) < 1.6 * shoulders)]
    ridge = _ridge(suit, shoulders)
    arms = _joints(head, ("upperarm01", "lowerarm01", "wrist"))
    forearms = arms[:, 2] - arms[:, 1]
    return Pattern(
        size=min(1.0, body.stature / GROWN),
        neck=np.array([head["neck01"], head["head"]]),
        ridge=ridge,
        shoulders=shoulders,
        shoulder=float(np.interp(0.58 * shoulders, *ridge)),
        arms=arms,
        wrists=arms[:, 2],
        forearms=forearms / np.linalg.norm(forearms, axis=1, keepdims=True),
        chest=float(head["breast.L"][2]),
        waist=float(head["spine03"][2]),
        hip=hip,
        crotch=float(between_legs[:, 2].min()),
        knee=float(head["lowerleg01.L"][2]),
        hip_width=float(np.abs(at_hip[:, 0]).max()),
        hip_y=float(head["upperleg01.L"][1]),
        legs=_joints(head, ("upperleg01", "lowerleg01", "foot")),
        middle=_middle(suit[np.abs(suit[:, 0]) < 1.2 * shoulders]),
        boots=min(tights_end(find_foot(body, side)) for side in ("left", "right")),
        arm_parts=np.isin(parts, _ARM_PARTS),
        lower_parts=np.isin(parts, _LOWER_PARTS),
        head_bones=np.isin(np.arange(len(rig.names)), descendants(rig, rig.index("head"))),
    )


def _joints(head: Mapping[str, Array], bones: Sequence[str]) -> Array:
    return np.array([[head[f"{bone}.{side}"] for bone in bones] for side in "LR"])


def _ridge(points: Array, shoulders: float) -> Array:
    """(2, K) distances from the middle and the greatest height there."""
    aside = _RIDGE * shoulders
    near = np.abs(np.abs(points[:, 0]) - aside[:, None]) < 0.1 * shoulders
    return np.stack((aside, np.where(near, points[:, 2], -np.inf).max(axis=1)))


def _middle(points: Array) -> Array:
    """(2, K) heights and the depth half-way between front and back."""
    edges = np.linspace(points[:, 2].min(), points[:, 2].max(), _LEVELS + 1)
    heights, reach = 0.5 * (edges[1:] + edges[:-1]), edges[1] - edges[0]
    near = np.abs(points[:, 2] - heights[:, None]) < reach
    front = np.where(near, points[:, 1], np.inf).min(axis=1)
    back = np.where(near, points[:, 1], -np.inf).max(axis=1)
    return np.stack((heights, 0.5 * (front + back)))

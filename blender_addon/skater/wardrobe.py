"""The skating dress: leotard with long sleeves over tights, and a flared skirt; and which skin they cover. Numpy alone.

Leotard and tights are one surface cut from MakeHuman's helper geometry, so that no skin and no gap shows between them.
Every edge of a garment is a line where a field over space is 0; skin is left out by the same fields.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from scipy.interpolate import griddata
from scipy.spatial import cKDTree

from blender_addon.labels.vocabulary import BODY_PART_INDEX, CLOTHES_INDEX
from blender_addon.makehuman.body import Body
from blender_addon.skater.body_parts import part_of_bones
from blender_addon.skater.skates import find_foot, tights_end
from blender_addon.skater.surface import (
    Surface,
    cut,
    loft,
    select_faces,
    smoothstep,
    spread_weights,
    vertex_normals,
)
from mocap.rotations import Array

SKIN_OVERLAP = 0.012  # metres that skin reaches under a garment's edge
# Metres that the suit is drawn in: the helper geometry lies 5 to 6 mm outside the skin, a little more at the wrists.
SUIT_FIT = 0.003
CUFF_FIT = 0.0018
SKIRT_THICKNESS = 0.0015
SEAM_OFFSET = 0.0025  # metres of the skirt's upper edge outside the suit

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


def below_neckline(pattern: Pattern, points: Array) -> Array:
    """(N,) metres below the neckline, a scoop in front and a deeper one behind."""
    back = smoothstep(-0.03, 0.03, points[:, 1] - pattern.neck_y)
    deep = pattern.neck_front + (pattern.neck_back - pattern.neck_front) * back
    return pattern.shoulder - deep * (1.0 - (points[:, 0] / pattern.neck_width) ** 2) - points[:, 2]


def above_cuff(pattern: Pattern, points: Array, weights: Array) -> Array:
    """(N,) metres from the cuff towards the elbow; 1 more for what is not an arm."""
    side = np.where(points[:, 0] > 0.0, 0, 1)
    along = np.sum((pattern.wrists[side] - points) * pattern.forearms[side], axis=1)
    return along - 0.012 + (1.0 - weights[:, pattern.arm_parts].sum(axis=1))


def above_leg_line(pattern: Pattern, points: Array, weights: Array) -> Array:
    """(N,) metres above the leotard's edge at the leg, cut high on the hip and lower behind; 1 more for arms."""
    back = smoothstep(-0.05, 0.05, points[:, 1] - pattern.hip_y)
    rise = (pattern.hip - pattern.crotch) * (1.5 - 0.9 * back)
    aside = np.minimum(np.abs(points[:, 0]) / pattern.hip_width, 1.0)
    return points[:, 2] - (pattern.crotch - 0.004 + rise * aside) + weights[:, pattern.arm_parts].sum(axis=1)


def covered(pattern: Pattern, points: Array, weights: Array, worn: Collection[str]) -> Array:
    """(N,) metres, about, by which points of the skin lie under the garments worn; negative where they are bare."""
    fields = [np.full(len(points), -1.0)]
    if "leotard" in worn:
        lines = (
            below_neckline(pattern, points),
            above_cuff(pattern, points, weights),
            above_leg_line(pattern, points, weights),
        )
        fields.append(np.minimum.reduce(lines))
    if "tights" in worn:
        fields.append(pattern.waist - points[:, 2] - weights[:, pattern.arm_parts].sum(axis=1))
    if "boots" in worn:
        fields.append(pattern.boots - points[:, 2])
    return np.maximum.reduce(fields)


def fit_suit(body: Body, pattern: Pattern) -> Surface:
    """The whole suit from neck to toes before it is cut, close to the skin."""
    weights = spread_weights(body.bones, body.weights, len(body.rig.names))
    suit = select_faces(Surface(body.vertices, body.faces, weights), body.face_masks["helper-tights"])
    at_cuff = 1.0 - smoothstep(0.0, 0.05, above_cuff(pattern, suit.vertices, suit.weights))
    inward = (SUIT_FIT + CUFF_FIT * at_cuff)[:, None] * vertex_normals(suit.vertices, suit.faces)
    return replace(suit, vertices=suit.vertices - inward)


def build_suit(suit: Surface, pattern: Pattern, worn: Collection[str]) -> tuple[Surface, np.ndarray]:
    """Leotard and tights, those that are worn, cut from the suit of `fit_suit`.

    Returns:
        the surface and (F,) uint8 garment of each face.
    """
    if "boots" in worn:
        suit = _trim(suit, suit.vertices[:, 2] - pattern.boots)
    if "leotard" in worn:
        suit = _trim(suit, below_neckline(pattern, suit.vertices))
        suit = _trim(suit, above_cuff(pattern, suit.vertices, suit.weights))
        suit, upper = cut(suit, above_leg_line(pattern, suit.vertices, suit.weights))
    else:
        suit = _trim(suit, pattern.waist - suit.vertices[:, 2] - suit.weights[:, pattern.arm_parts].sum(axis=1))
        upper = np.zeros(len(suit.faces), bool)
    if "tights" not in worn:
        suit, upper = select_faces(suit, upper), upper[upper]
    return suit, np.where(upper, CLOTHES_INDEX["leotard"], CLOTHES_INDEX["tights"]).astype(np.uint8)


def _trim(surface: Surface, field: Array) -> Surface:
    surface, inside = cut(surface, field)
    return select_faces(surface, inside)


_SKIRT_COLUMNS = 108
_SKIRT_ROWS = 11
_FOLDS = 18


def build_skirt(suit: Surface, pattern: Pattern) -> tuple[Surface, np.ndarray]:
    """A flared skirt from the hips to above the middle of the thigh.

    Its points hang on the bones of the suit around them, the lower the wider around, so that it rests on a lifted
    thigh and stretches between two that part.

    Returns:
        the surface and (F,) uint8 body part of each face: torso above the crotch, below it the thigh of its side.
    """
    lower = suit.weights[:, pattern.lower_parts].sum(axis=1) > 0.5
    points, weights = suit.vertices[lower], suit.weights[lower]

    angle = np.linspace(-np.pi, np.pi, _SKIRT_COLUMNS, endpoint=False)
    down = np.linspace(0.0, 1.0, _SKIRT_ROWS)[:, None]
    # The seam dips in front, the hem behind; angle 0 points forward.
    seam = pattern.hip + 0.66 * (pattern.waist - pattern.hip) - 0.018 * (0.5 + 0.5 * np.cos(angle)) ** 2
    hem = pattern.hip - 0.4 * (pattern.hip - pattern.knee) - 0.012 * (0.5 - 0.5 * np.cos(angle))
    height = seam + (hem - seam) * down
    loose = smoothstep(0.0, 0.25, down)
    radius = (1.0 - loose) * _waist_radius(points, pattern, angle, seam) + loose * _girth(
        points, pattern, angle, height
    )
    folds = np.cos(_FOLDS * angle + 0.6 * np.sin(3.0 * angle) + 0.4 * np.sin(5.0 * angle + 1.0))
    radius = radius + SEAM_OFFSET + 0.005 * loose + 0.05 * down**1.4 + 0.011 * folds * down**1.2
    rings = np.stack((radius * np.sin(angle), pattern.hip_y - radius * np.cos(angle), height), axis=-1)
    vertices, faces = loft(rings)

    spread = np.repeat(0.012 + 0.025 * smoothstep(0.0, 0.7, down[:, 0]), _SKIRT_COLUMNS)
    surface = Surface(vertices, faces, _weights_around(vertices, spread, points, weights))
    middle = vertices[faces].mean(axis=1)
    thigh = np.where(middle[:, 0] > 0.0, BODY_PART_INDEX["left_thigh"], BODY_PART_INDEX["right_thigh"])
    part = np.where(middle[:, 2] > pattern.crotch, BODY_PART_INDEX["torso"], thigh)
    return surface, part.astype(np.uint8)


def _waist_radius(points: Array, pattern: Pattern, angle: Array, height: Array) -> Array:
    """(C,) distance of the suit from the skirt's axis at angles and heights (C,) about the waist."""
    near = points[np.abs(points[:, 2] - height.mean()) < 0.08]
    around = np.arctan2(near[:, 0], pattern.hip_y - near[:, 1])
    distance = np.hypot(near[:, 0], pattern.hip_y - near[:, 1])
    # Once more on either side, so that the round closes.
    turns = np.concatenate([around + turn for turn in (-2.0 * np.pi, 0.0, 2.0 * np.pi)])
    places = np.stack((turns * distance.mean(), np.tile(near[:, 2], 3)), axis=1)
    return griddata(places, np.tile(distance, 3), np.stack((angle * distance.mean(), height), axis=1))


def _girth(points: Array, pattern: Pattern, angle: Array, height: Array) -> Array:
    """(R, C) radius that goes round the points at each height and angle, and never narrows downwards."""
    aside, ahead = points[:, 0], pattern.hip_y - points[:, 1]
    distance, around = np.hypot(aside, ahead), np.arctan2(aside, ahead)
    out = np.zeros_like(height)
    for row, heights in enumerate(height):
        turn = np.abs((around[:, None] - angle + np.pi) % (2.0 * np.pi) - np.pi)
        near = (turn < np.radians(12.0)) & (np.abs(points[:, 2, None] - heights) < 0.018)
        out[row] = np.where(near, distance[:, None], 0.0).max(axis=0)
    out = np.maximum.accumulate(out, axis=0)
    for _ in range(6):
        out = 0.25 * np.roll(out, 1, axis=1) + 0.5 * out + 0.25 * np.roll(out, -1, axis=1)
    return out


def _weights_around(places: Array, spread: Array, points: Array, weights: Array) -> Array:
    """(N, B) weights of places (N, 3): the mean of the 48 nearest points', nearer ones counting more as by a bell curve
    of width `spread` (N,)."""
    distance, index = cKDTree(points).query(places, k=48)
    bell = np.exp(-(distance**2 - distance[:, :1] ** 2) / (2.0 * spread[:, None] ** 2))
    bell /= bell.sum(axis=1, keepdims=True)
    return np.einsum("nk,nkb->nb", bell, weights[index])

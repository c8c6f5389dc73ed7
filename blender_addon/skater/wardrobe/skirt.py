"""A flared skirt that hangs from the hips. Numpy alone."""

from __future__ import annotations

import numpy as np
from scipy.interpolate import griddata
from scipy.spatial import cKDTree

from blender_addon.labels.vocabulary import BODY_PART_INDEX, CLOTHES_INDEX
from blender_addon.skater.surface import Surface, as_mesh, loft, smoothstep
from blender_addon.skater.wardrobe.pattern import Pattern
from blender_addon.skater.wardrobe.piece import SKIRT, Fitting, Piece
from mocap.rotations import Array

THICKNESS = 0.0015
SEAM_OFFSET = 0.0025  # metres of the skirt's upper edge outside the suit

_SKIRT_COLUMNS = 108
_SKIRT_ROWS = 11
_FOLDS = 18


def make_skirt(fitting: Fitting) -> Piece:
    """The skirt of a dress, over whatever is worn below it; it covers nothing, as one sees under it."""
    surface, part = _build(fitting.suit, fitting.pattern)
    mesh = as_mesh("skirt", surface, CLOTHES_INDEX["skirt"], part, thickness=THICKNESS)
    return Piece(meshes=(mesh,), layer=SKIRT)


def _build(suit: Surface, pattern: Pattern) -> tuple[Surface, np.ndarray]:
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

"""Close-fitting clothes: leotard with long sleeves over tights. Numpy alone.

Leotard and tights are one surface cut from MakeHuman's helper geometry, so that no skin and no gap shows between them.
Every edge of a garment is a line where a field over space is 0; what it hides is left out by the same fields.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from blender_addon.labels.vocabulary import CLOTHES_INDEX
from blender_addon.skater.body_parts import surface_parts
from blender_addon.skater.surface import Surface, as_mesh, cut, select_faces, smoothstep
from blender_addon.skater.wardrobe.pattern import Pattern
from blender_addon.skater.wardrobe.piece import CLOSE, Fitting, Piece
from mocap.rotations import Array


def make_suit(fitting: Fitting) -> Piece:
    """Leotard and tights, those that are worn."""
    worn, pattern = set(fitting.worn), fitting.pattern
    surface, garment = _cut(fitting.suit, pattern, worn)
    mesh = as_mesh("suit", surface, garment, surface_parts(surface, fitting.parts))
    return Piece(meshes=(mesh,), layer=CLOSE, covers=lambda points, weights: _covered(pattern, points, weights, worn))


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


def _covered(pattern: Pattern, points: Array, weights: Array, worn: Collection[str]) -> Array:
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
    return np.maximum.reduce(fields)


def _cut(suit: Surface, pattern: Pattern, worn: Collection[str]) -> tuple[Surface, np.ndarray]:
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

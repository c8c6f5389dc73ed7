"""Clothes that lie close on the skin: leotard, unitard, tights. Numpy alone.

Each is the skin itself, a little further out and without its small bumps and hollows, trimmed along the lines of its
cuts. So it bends with the skin under it, and no pose can push one through the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from blender_addon.labels.vocabulary import CLOTHES_INDEX
from blender_addon.skater.surface import (
    Surface,
    as_mesh,
    cut,
    select_faces_and_vertices,
    smoothstep,
    trim,
    vertex_normals,
)
from blender_addon.skater.wardrobe.boot_cover import goes_over_boots, over_boots
from blender_addon.skater.wardrobe.cuts import cuts_of
from blender_addon.skater.wardrobe.lines import Cuts, above_leg_line, below_waist, top
from blender_addon.skater.wardrobe.pattern import Pattern
from blender_addon.skater.wardrobe.piece import CLOSE, HOSIERY, Covers, Fitting, Piece
from blender_addon.skater.wardrobe.seams import seam_fields, sewn
from blender_addon.skater.wardrobe.sewing import turn_in
from mocap.rotations import Array

# Of edges that are turned in: metres towards the skin, and back under the cloth.
HEM_DEPTH, HEM_WIDTH = 0.002, 0.004
# Metres from an edge beside bare skin within which cloth lies down on it.
_EASES_IN = 0.04


@dataclass(frozen=True)
class Make:
    """How a close garment is made, whatever its cuts.

    Attributes:
        name: its class.
        outside: metres outside the skin.
        layer: as `Piece.layer`.
        sides: whether it is sewn of a front and a back, with seams down the sides.
        span: heights between which a gradient runs from one colour to the other.
    """

    name: str
    outside: float
    layer: int
    sides: bool
    span: Callable[[Pattern], tuple[float, float]]


LEOTARD = Make("leotard", 0.0022, CLOSE, sides=True, span=lambda pattern: (pattern.shoulder, pattern.crotch))
UNITARD = Make("unitard", 0.0022, CLOSE, sides=True, span=lambda pattern: (pattern.shoulder, pattern.boots))
TIGHTS = Make("tights", 0.001, HOSIERY, sides=False, span=lambda pattern: (pattern.waist, pattern.boots))


def make_leotard(fitting: Fitting) -> Piece:
    """A leotard by its cuts; the upper part of every skating dress."""
    return sew_on_skin(fitting, LEOTARD, leotard_covers(fitting), cuts_of("leotard", fitting.worn["leotard"]))


def make_unitard(fitting: Fitting) -> Piece:
    """One piece from the neck to the feet."""
    return sew_on_skin(fitting, UNITARD, unitard_covers(fitting), cuts_of("unitard", fitting.worn["unitard"]))


def make_tights(fitting: Fitting) -> Piece:
    """From the waist to the toes."""
    return sew_on_skin(fitting, TIGHTS, tights_cover(fitting), cuts_of("tights", fitting.worn["tights"]))


def leotard_covers(fitting: Fitting) -> Covers:
    """Where a leotard is worn."""
    pattern, cuts = fitting.pattern, cuts_of("leotard", fitting.worn["leotard"])

    def covers(points: Array, weights: Array) -> Array:
        leg_line = above_leg_line(pattern, points, weights, cuts["leg"])
        return np.minimum(top(pattern, points, weights, cuts), leg_line)

    return covers


def unitard_covers(fitting: Fitting) -> Covers:
    """Where a unitard is worn."""
    pattern, cuts = fitting.pattern, cuts_of("unitard", fitting.worn["unitard"])
    return lambda points, weights: top(pattern, points, weights, cuts)


def tights_cover(fitting: Fitting) -> Covers:
    """Where tights are worn."""
    return lambda points, weights: below_waist(fitting.pattern, points, weights)


def sew_on_skin(fitting: Fitting, make: Make, covers: Covers, cuts: Cuts) -> Piece:
    """A garment that lies on all skin where `covers` is positive, and over the boots where its cuts say so.

    Beside bare skin it lies down on it, beside another close garment it does not. What is worn under another has
    vertices along the other's edge, as that has itself, and bends as that does.
    """
    skin = fitting.skin
    field = covers(skin.vertices, skin.weights)
    others = {
        name: where(fitting)(skin.vertices, skin.weights)
        for name, where in _COVERS.items()
        if name in fitting.worn and name != make.name
    }
    clothed = np.maximum.reduce([field, *others.values()])
    cloth = lie_on_skin(fitting, make.outside, smoothstep(0.0, _EASES_IN * fitting.pattern.size, clothed))
    if make.layer == HOSIERY:
        for name in ("leotard", "unitard"):
            if name in others:
                cloth, field = _marked(cloth, field, others[name], covers)
    cloth = trim(cloth, field)
    outer = None
    if goes_over_boots(fitting, cuts):
        cloth, outer = over_boots(fitting, cloth, cuts)
    if make.sides:
        cloth = sewn(cloth, fitting.pattern, cuts)
    fields = seam_fields(cloth, fitting.pattern, cuts, make.sides, make.span(fitting.pattern))
    hemmed, vertex, _ = turn_in(cloth, HEM_DEPTH, HEM_WIDTH)
    mesh = as_mesh(
        make.name,
        hemmed,
        CLOTHES_INDEX[make.name],
        fitting.borders,
        fields={name: values[vertex] for name, values in fields.items()},
    )
    return Piece(meshes=(mesh,), layer=make.layer, covers=covers, over_boots=outer)


def lie_on_skin(fitting: Fitting, outside: float, eased: Array | float = 1.0) -> Surface:
    """Cloth over all of the skin, `outside` metres further out; by shares `eased` (N,) it leaves bumps and hollows."""
    skin = fitting.skin
    vertices = skin.vertices + np.multiply.outer(eased, np.ones(3)) * fitting.ease
    return Surface(vertices + outside * vertex_normals(vertices, skin.faces), skin.faces, skin.weights)


def _marked(cloth: Surface, field: Array, line: Array, covers: Covers) -> tuple[Surface, Array]:
    """Cloth where `field` (N,) is positive, with vertices along the line where another (N,) is 0; and its own field."""
    near = np.any(field[cloth.faces] > -_EASES_IN, axis=1)
    part, kept = select_faces_and_vertices(cloth, near)
    part, _ = cut(part, line[kept])
    return part, covers(part.vertices, part.weights)


_COVERS: Mapping[str, Callable[[Fitting], Covers]] = {
    "leotard": leotard_covers,
    "unitard": unitard_covers,
    "tights": tights_cover,
}

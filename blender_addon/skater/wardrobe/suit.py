"""Clothes that lie close on the skin: leotard, unitard, tights. Numpy alone.

Each is the skin itself, a little further out and without its small bumps and hollows, trimmed along the lines of its
cuts. So it bends with the skin under it, and no pose can push one through the other.
"""

from __future__ import annotations

import numpy as np

from blender_addon.labels.vocabulary import CLOTHES_INDEX
from blender_addon.skater.body_parts import surface_parts
from blender_addon.skater.surface import Surface, as_mesh, smoothstep, trim, vertex_normals
from blender_addon.skater.wardrobe.cuts import cuts_of
from blender_addon.skater.wardrobe.lines import Cuts, above_leg_line, below_waist, top
from blender_addon.skater.wardrobe.piece import CLOSE, HOSIERY, Covers, Fitting, Piece
from blender_addon.skater.wardrobe.seams import seam_fields, sewn
from blender_addon.skater.wardrobe.sewing import turn_in
from mocap.rotations import Array

# Metres outside the skin.
TIGHTS, LEOTARD = 0.001, 0.0022
# Of edges that are turned in: metres towards the skin, and back under the cloth.
HEM_DEPTH, HEM_WIDTH = 0.002, 0.004
# Metres from an edge beside bare skin within which cloth lies down on it.
_EASES_IN = 0.04


def make_leotard(fitting: Fitting) -> Piece:
    """A leotard by its cuts; the upper part of every skating dress."""
    pattern, cuts = fitting.pattern, cuts_of("leotard", fitting.worn["leotard"])

    def covers(points: Array, weights: Array) -> Array:
        return np.minimum(top(pattern, points, weights, cuts), above_leg_line(pattern, points, weights, cuts["leg"]))

    return sew_on_skin(fitting, "leotard", LEOTARD, covers, cuts, CLOSE)


def make_unitard(fitting: Fitting) -> Piece:
    """One piece from the neck to the feet."""
    pattern, cuts = fitting.pattern, cuts_of("unitard", fitting.worn["unitard"])
    return sew_on_skin(
        fitting, "unitard", LEOTARD, lambda points, weights: top(pattern, points, weights, cuts), cuts, CLOSE
    )


def make_tights(fitting: Fitting) -> Piece:
    """From the waist to the toes."""
    pattern = fitting.pattern
    cuts = cuts_of("tights", fitting.worn["tights"])
    return sew_on_skin(
        fitting, "tights", TIGHTS, lambda points, weights: below_waist(pattern, points, weights), cuts, HOSIERY
    )


def sew_on_skin(fitting: Fitting, name: str, outside: float, covers: Covers, cuts: Cuts, layer: int) -> Piece:
    cloth = lie_on_skin(fitting, covers, outside)
    cloth = sewn(cloth, fitting.pattern, cuts)
    fields = seam_fields(cloth, fitting.pattern, cuts)
    hemmed, vertex, _ = turn_in(cloth, HEM_DEPTH, HEM_WIDTH)
    mesh = as_mesh(
        name,
        hemmed,
        CLOTHES_INDEX[name],
        surface_parts(hemmed, fitting.parts),
        fields={field: values[vertex] for field, values in fields.items()},
    )
    return Piece(meshes=(mesh,), layer=layer, covers=covers)


def lie_on_skin(fitting: Fitting, covers: Covers, outside: float) -> Surface:
    """The skin that a garment covers, `outside` metres further out, eased where the garment's edge is not near."""
    skin = fitting.skin
    field = covers(skin.vertices, skin.weights)
    near_edge = 1.0 - smoothstep(0.0, _EASES_IN * fitting.pattern.size, field)
    vertices = skin.vertices + (1.0 - near_edge)[:, None] * fitting.ease
    vertices = vertices + outside * vertex_normals(vertices, skin.faces)
    return trim(Surface(vertices, skin.faces, skin.weights), field)

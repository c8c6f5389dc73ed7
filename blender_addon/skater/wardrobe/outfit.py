"""All that somebody wears, each piece by its tailor, and what of it is hidden under other pieces."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from blender_addon.cast import GarmentSpec
from blender_addon.labels.vocabulary import GARMENTS
from blender_addon.makehuman.body import Body
from blender_addon.skater.body_parts import part_of_bones
from blender_addon.skater.human import SkinnedMesh
from blender_addon.skater.skates import make_skates
from blender_addon.skater.surface import Surface, select_faces, smoothstep, spread_weights, vertex_normals
from blender_addon.skater.wardrobe.cuts import check_cuts
from blender_addon.skater.wardrobe.pattern import Pattern, take_measures
from blender_addon.skater.wardrobe.piece import Fitting, Piece, Tailor
from blender_addon.skater.wardrobe.skirt import make_skirt
from blender_addon.skater.wardrobe.suit import above_cuff, make_suit
from mocap.errors import UserError
from mocap.meant import meant
from mocap.rotations import Array

# Metres by which whatever is hidden reaches under a garment's edge.
OVERLAP = 0.012
# Metres that the suit is drawn in: the helper geometry lies 5 to 6 mm outside the skin, a little more at the wrists.
SUIT_FIT = 0.003
CUFF_FIT = 0.0018

# Who makes what; garments that are cut from one surface have one tailor.
TAILORS: Mapping[tuple[str, ...], Tailor] = {
    ("leotard", "tights"): make_suit,
    ("skirt",): make_skirt,
    ("boots", "blades"): make_skates,
}
MADE: tuple[str, ...] = tuple(name for names in TAILORS for name in names)
"""Garments of our own making; others have to come from a file."""


def check_worn(worn: Mapping[str, GarmentSpec]) -> None:
    """UserError for a garment or a cut that there is not, or a garment that only a file could give."""
    for name, spec in worn.items():
        if name not in GARMENTS:
            raise UserError(f"there is no garment {name!r}", place="garments", mend=meant(name, GARMENTS))
        if name not in MADE and spec.file is None:
            raise UserError(
                f"the garment {name!r} is not made here",
                place=f"garments.{name}",
                mend=f"Name a .mhclo as its file, or wear {', '.join(MADE)}.",
            )
        check_cuts(name, spec)


def fit(body: Body, worn: Mapping[str, GarmentSpec]) -> Fitting:
    """Measures a body for its clothes."""
    weights = spread_weights(body.bones, body.weights, len(body.rig.names))
    whole = Surface(body.vertices, body.faces, weights)
    pattern = take_measures(body)
    return Fitting(
        body=body,
        pattern=pattern,
        parts=part_of_bones(body.rig),
        skin=select_faces(whole, body.face_masks["body"]),
        suit=_close_suit(select_faces(whole, body.face_masks["helper-tights"]), pattern),
        worn=worn,
    )


def dress(fitting: Fitting) -> tuple[Piece, ...]:
    """Every garment worn, without what lies hidden under others."""
    pieces = [make(fitting) for names, make in TAILORS.items() if set(names) & set(fitting.worn)]
    return tuple(_shown(piece, pieces, len(fitting.body.rig.names)) for piece in pieces)


def hidden_by(pieces: Sequence[Piece], points: Array, weights: Array) -> Array:
    """(N,) metres, about, by which points lie under any of the pieces; negative where they are bare."""
    fields = [piece.covers(points, weights) for piece in pieces if piece.covers is not None]
    return np.maximum.reduce([np.full(len(points), -1.0), *fields])


def _shown(piece: Piece, pieces: Sequence[Piece], bones: int) -> Piece:
    over = [other for other in pieces if other.layer > piece.layer and other.covers is not None]
    if not over or piece.chains:
        return piece
    return dataclasses.replace(piece, meshes=tuple(_without_hidden(mesh, over, bones) for mesh in piece.meshes))


def _without_hidden(mesh: SkinnedMesh, over: Sequence[Piece], bones: int) -> SkinnedMesh:
    depth = hidden_by(over, mesh.vertices, spread_weights(mesh.bones, mesh.weights, bones))
    bare = np.any((depth[mesh.faces] < OVERLAP) & (mesh.faces >= 0), axis=1)
    return mesh if bare.all() else mesh.of_faces(bare)


def _close_suit(suit: Surface, pattern: Pattern) -> Surface:
    at_cuff = 1.0 - smoothstep(0.0, 0.05, above_cuff(pattern, suit.vertices, suit.weights))
    inward = (SUIT_FIT + CUFF_FIT * at_cuff)[:, None] * vertex_normals(suit.vertices, suit.faces)
    return dataclasses.replace(suit, vertices=suit.vertices - inward)

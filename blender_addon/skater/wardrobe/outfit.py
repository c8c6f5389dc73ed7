"""All that somebody wears, each piece by its tailor, and what of it is hidden under other pieces."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np

from blender_addon.cast import GarmentSpec
from blender_addon.labels.vocabulary import GARMENTS
from blender_addon.makehuman.body import Body
from blender_addon.makehuman.rig_files import DEFAULT_RIG
from blender_addon.makehuman.rig_maps import RIGS
from blender_addon.skater.anatomy_borders import part_borders
from blender_addon.skater.body_parts import part_of_bones
from blender_addon.skater.human import SkinnedMesh
from blender_addon.skater.skates import make_skates
from blender_addon.skater.surface import Surface, select_faces, spread_weights
from blender_addon.skater.wardrobe.cuts import check_cuts
from blender_addon.skater.wardrobe.fabrics import FABRICS
from blender_addon.skater.wardrobe.from_file import piece_from_file
from blender_addon.skater.wardrobe.gloves import make_gloves
from blender_addon.skater.wardrobe.hat import make_hat
from blender_addon.skater.wardrobe.jacket import make_jacket
from blender_addon.skater.wardrobe.pattern import take_measures
from blender_addon.skater.wardrobe.piece import OVER_BOOTS, Fitting, Piece, Tailor
from blender_addon.skater.wardrobe.sewing import CLOTH_TUCK, drawn_in, ease_over, lie_outside, scraps
from blender_addon.skater.wardrobe.shirt import make_shirt
from blender_addon.skater.wardrobe.shoes import make_shoes
from blender_addon.skater.wardrobe.skirt import make_skirt
from blender_addon.skater.wardrobe.suit import LEOTARD, make_leotard, make_tights, make_unitard
from blender_addon.skater.wardrobe.trousers import make_trousers
from mocap.errors import UserError
from mocap.meant import meant
from mocap.rotations import Array

# Metres, on a grown person, by which whatever is hidden reaches under a garment's edge.
OVERLAP = 0.012
# Metres, on a grown person, of the hollows that close cloth bridges.
BRIDGED = 0.014

# Who makes what; garments that are cut from one surface have one tailor.
TAILORS: Mapping[tuple[str, ...], Tailor] = {
    ("leotard",): make_leotard,
    ("unitard",): make_unitard,
    ("tights",): make_tights,
    ("gloves",): make_gloves,
    ("skirt",): make_skirt,
    ("boots", "blades"): make_skates,
    ("shoes",): make_shoes,
    ("trousers",): make_trousers,
    ("shirt",): make_shirt,
    ("jacket",): make_jacket,
    ("hat",): make_hat,
}
MADE: tuple[str, ...] = tuple(name for names in TAILORS for name in names)
"""Garments of our own making; others have to come from a file."""


def check_worn(worn: Mapping[str, GarmentSpec]) -> None:
    """UserError for a garment, a fabric or a cut that there is not, or a garment that only a file could give."""
    for name, spec in worn.items():
        if name not in GARMENTS:
            raise UserError(f"there is no garment {name!r}", place="garments", mend=meant(name, GARMENTS))
        if name not in MADE and spec.file is None:
            raise UserError(
                f"the garment {name!r} is not made here",
                place=f"garments.{name}",
                mend=f"Name a .mhclo as its file, or wear {', '.join(MADE)}.",
            )
        if spec.fabric not in FABRICS:
            raise UserError(
                f"there is no fabric {spec.fabric!r}",
                place=f"garments.{name}.fabric",
                mend=meant(spec.fabric, FABRICS),
            )
        check_cuts(name, spec)


def fit(body: Body, worn: Mapping[str, GarmentSpec]) -> Fitting:
    """Measures a body for its clothes."""
    weights = spread_weights(body.bones, body.weights, len(body.rig.names))
    whole = Surface(body.vertices, body.faces, weights)
    pattern = take_measures(body)
    skin = select_faces(whole, body.face_masks["body"])
    ease = ease_over(skin, BRIDGED * pattern.size)
    eased = dataclasses.replace(skin, vertices=skin.vertices + ease)
    return Fitting(
        body=body,
        pattern=pattern,
        parts=part_of_bones(body.rig),
        borders=part_borders(body.rig, RIGS[DEFAULT_RIG], body.vertices),
        skin=skin,
        ease=ease,
        suit=lie_outside(select_faces(whole, body.face_masks["helper-tights"]), eased, LEOTARD.outside),
        worn=worn,
    )


def dress(fitting: Fitting) -> tuple[Piece, ...]:
    """Every garment worn, without what lies hidden under others."""
    from_files = {name: spec.file for name, spec in fitting.worn.items() if spec.file is not None}
    ours = set(fitting.worn) - set(from_files)
    pieces = [make(fitting) for names, make in TAILORS.items() if set(names) & ours]
    pieces += [piece_from_file(fitting, name, file) for name, file in from_files.items()]
    return tuple(_shown(piece, pieces, fitting) for piece in pieces)


def hidden_by(pieces: Sequence[Piece], points: Array, weights: Array) -> Array:
    """(N,) metres, about, by which points lie under any of the pieces; negative where they are bare."""
    fields = [piece.covers(points, weights) for piece in pieces if piece.covers is not None]
    return np.maximum.reduce([np.full(len(points), -1.0), *fields])


def _shown(piece: Piece, pieces: Sequence[Piece], fitting: Fitting) -> Piece:
    """What shows of a piece, and a little of it under the edges of what is worn over it, drawn in there."""
    if piece.chains:
        return piece
    meshes = (_without_hidden(mesh, piece, pieces, fitting) for mesh in piece.meshes)
    return dataclasses.replace(piece, meshes=tuple(mesh for mesh in meshes if len(mesh.faces)))


def _without_hidden(mesh: SkinnedMesh, piece: Piece, pieces: Sequence[Piece], fitting: Fitting) -> SkinnedMesh:
    size = fitting.pattern.size
    weights = spread_weights(mesh.bones, mesh.weights, len(fitting.body.rig.names))
    depth = _depth_under(piece, pieces, mesh.vertices, weights)
    if depth.max() < 0.0:
        return mesh
    bare = np.any((depth[mesh.faces] < OVERLAP * size) & (mesh.faces >= 0), axis=1)
    bare &= ~scraps(mesh.faces, bare, depth < 0.0)
    tucked = drawn_in(mesh.vertices, mesh.faces, depth, size, CLOTH_TUCK)
    return dataclasses.replace(mesh, vertices=tucked).of_faces(bare)


def _depth_under(piece: Piece, pieces: Sequence[Piece], points: Array, weights: Array) -> Array:
    """(N,) metres by which points of a piece lie under others; −1 where nothing is over them."""
    layer, _ = _layer_at(piece, points, weights)
    depth = np.full(len(points), -1.0)
    for other in pieces:
        outside = other.layer > piece.layer or other.over_boots is not None
        if other is not piece and other.covers is not None and outside:
            above, reach = _layer_at(other, points, weights)
            field = np.minimum(other.covers(points, weights), reach)
            depth = np.where(above > layer, np.maximum(depth, field), depth)
    return depth


def _layer_at(piece: Piece, points: Array, weights: Array) -> tuple[np.ndarray, Array]:
    """(N,) the layer of a piece at points, and metres within which it keeps it."""
    if piece.over_boots is None:
        return np.full(len(points), piece.layer), np.full(len(points), np.inf)
    over = piece.over_boots(points, weights)
    return np.where(over > 0.0, OVER_BOOTS, piece.layer), np.abs(over)

"""Clothes, shoes and hair that MakeHuman users share (.mhclo), worn by our skaters. No bpy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from blender_addon.labels.vocabulary import BODY_PART_INDEX, CLOTHES_INDEX
from blender_addon.makehuman.mhclo import Mhclo, fitted, read_mhclo
from blender_addon.makehuman.mhmat import read_mhmat
from blender_addon.makehuman.obj import read_obj
from blender_addon.makehuman.rig_files import DEFAULT_RIG
from blender_addon.makehuman.rig_maps import RIGS
from blender_addon.skater.character import find_soles
from blender_addon.skater.surface import Surface, as_mesh, spread_weights
from blender_addon.skater.wardrobe import piece
from blender_addon.skater.wardrobe.piece import Covers, Fitting, Piece
from mocap.errors import UserError
from mocap.rotations import Array

# What is worn over what, where it is not with the shirts.
_LAYERS: Mapping[str, int] = {
    "socks": piece.HOSIERY,
    "tights": piece.HOSIERY,
    "leotard": piece.CLOSE,
    "unitard": piece.CLOSE,
    "gloves": piece.GLOVES,
    "boots": piece.FOOTWEAR,
    "blades": piece.FOOTWEAR,
    "shoes": piece.FOOTWEAR,
    "trousers": piece.TROUSERS,
    "skirt": piece.SKIRT,
    "jacket": piece.JACKET,
}
_OF_THE_HEAD = ("hair", "hat", "glasses")
_ON_THE_GROUND = ("boots", "blades", "shoes")


def piece_from_file(fitting: Fitting, name: str, file: str) -> Piece:
    """What a .mhclo describes, worn as a class of clothes.

    Args:
        name: of the class, also "hair".

    Raises:
        UserError: the file or one that it needs cannot be used, or is for another base mesh.
    """
    body, clothes = fitting.body, read_mhclo(Path(file))
    mesh = read_obj(clothes.obj)
    if len(mesh.vertices) != len(clothes.vertices):
        raise UserError(
            f"binds {len(clothes.vertices)} vertices, but {clothes.obj.name} has {len(mesh.vertices)}",
            file=clothes.path,
            mend="Export the asset again, with its mesh.",
        )
    if clothes.material is not None:
        # Read here for its mistakes: what cannot be worn is told before anything is built.
        read_mhmat(clothes.material)
    surface = Surface(fitted(clothes, body.vertices), mesh.faces, _weights(clothes, fitting))
    # Hair that hangs down to the back is the head's all the same.
    head = np.full(len(surface.faces), BODY_PART_INDEX["head"], np.uint8)
    part = head if name in _OF_THE_HEAD else fitting.borders
    made = as_mesh(name, surface, CLOTHES_INDEX[name], part, uv=mesh.uv, look="file")
    grounded = name in _ON_THE_GROUND
    return Piece(
        meshes=(made,),
        layer=_LAYERS.get(name, piece.SHIRT),
        covers=_covers(clothes, fitting) if clothes.hides.any() else None,
        hides=clothes.hides,
        lift=max(0.0, -float(surface.vertices[:, 2].min())) if grounded else 0.0,
        soles=find_soles((made,), body.rig, RIGS[DEFAULT_RIG]) if grounded else {},
    )


def _weights(clothes: Mhclo, fitting: Fitting) -> Array:
    """(N, B) of the base mesh's vertices that each vertex is bound to; shares outside 0…1 lie beside the triangle."""
    body = fitting.body
    shares = np.clip(clothes.weights, 0.0, 1.0)
    total = shares.sum(axis=1, keepdims=True)
    shares = np.where(total > 0.0, shares / np.maximum(total, 1e-9), 1.0 / 3.0)
    used, place = np.unique(clothes.vertices, return_inverse=True)
    dense = spread_weights(body.bones[used], body.weights[used], len(body.rig.names))
    place = place.reshape(clothes.vertices.shape)
    out: Array = sum(shares[:, [k]] * dense[place[:, k]] for k in range(3))
    return out


def _covers(clothes: Mhclo, fitting: Fitting) -> Covers:
    """Under the asset lies what is nearer to the skin that it hides than to the skin that it leaves."""
    skin = fitting.body.groups["body"]
    hidden = clothes.hides[skin]
    places = fitting.body.vertices[skin]
    if hidden.all() or not hidden.any():
        return lambda points, weights: np.full(len(points), 1.0 if hidden.all() else -1.0)
    under, bare = cKDTree(places[hidden]), cKDTree(places[~hidden])
    return lambda points, weights: bare.query(points)[0] - under.query(points)[0]

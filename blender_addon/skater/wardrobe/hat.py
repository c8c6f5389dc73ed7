"""A knitted hat that hides the hair under it. Numpy alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
from scipy.interpolate import PchipInterpolator

from blender_addon.labels.vocabulary import CLOTHES_INDEX
from blender_addon.skater.hair.head import Head, angles, find_head, unit
from blender_addon.skater.human import SkinnedMesh
from blender_addon.skater.surface import Surface, as_mesh, loft, rigid_weights, smoothstep
from blender_addon.skater.wardrobe.cuts import cuts_of
from blender_addon.skater.wardrobe.fabrics import GRADIENT, SEAM
from blender_addon.skater.wardrobe.piece import JACKET, Covers, Fitting, Piece
from mocap.rotations import Array

# Degrees above the horizontal of the edge by degrees round the head: brow, temple, ear, behind it, nape; where the hat
# sits above the ears, and pulled down over them.
_AROUND = (0.0, 45.0, 75.0, 105.0, 135.0, 180.0)
_ABOVE_EARS = (28.0, 24.0, 16.0, 13.0, 4.0, -10.0)
_OVER_EARS = (24.0, 10.0, -20.0, -29.0, -28.0, -26.0)
_EDGES = (PchipInterpolator(_AROUND, _ABOVE_EARS), PchipInterpolator(_AROUND, _OVER_EARS))
_PRESSED = 0.35  # how far ears under it stand out still
_COLUMNS, _ROWS = 56, 14
_OFF_SKULL = 0.011  # metres: hair and wool
_SLACK = 0.022  # metres that the crown stands off more
_CUFF, _CUFF_THICK = 0.045, 0.006  # metres of the turned-up brim
_LOOK_IN = 0.006  # metres


def make_hat(fitting: Fitting) -> Piece:
    """A beanie with a turned-up brim, rigid with the head."""
    head = find_head(fitting.body, fitting.parts)
    over_ears = cuts_of("hat", fitting.worn["hat"])["length"] > 0.5
    surface, to_brim, to_crown = _knitted(head, over_ears)
    mesh = as_mesh(
        "hat",
        surface,
        CLOTHES_INDEX["hat"],
        np.full(len(surface.faces), head.part, np.uint8),
        thickness=0.003,
        fields={GRADIENT: 1.0 - to_crown, SEAM: np.abs(to_brim)},
    )

    def covers(points: Array, weights: Array) -> Array:
        offset = points - head.middle
        distance = np.linalg.norm(offset, axis=1)
        around, up = angles(offset / np.maximum(distance, 1e-9)[:, None])
        return np.radians(up - _edge(around, over_ears)) * distance - _LOOK_IN * head.size

    return Piece(meshes=(mesh,), layer=JACKET, covers=covers)


def hair_beside(hair: Piece, clothes: Sequence[Piece]) -> Piece:
    """Hair without what lies under hats."""
    hat = CLOTHES_INDEX["hat"]
    for piece in clothes:
        if piece.covers is not None and any(np.any(mesh.garment == hat) for mesh in piece.meshes):
            meshes = (_outside(mesh, piece.covers) for mesh in hair.meshes)
            hair = dataclasses.replace(hair, meshes=tuple(mesh for mesh in meshes if len(mesh.faces)))
    return hair


def _outside(mesh: SkinnedMesh, covers: Covers) -> SkinnedMesh:
    # Hats hide by place alone; hair may hang on bones that the body does not have.
    bare = covers(mesh.vertices, np.zeros((len(mesh.vertices), 0))) < 0.0
    return mesh.of_faces(np.any(bare[mesh.faces] & (mesh.faces >= 0), axis=1))


def _edge(around: Array, over_ears: bool) -> Array:
    """Degrees above the horizontal of the hat's edge, `around` degrees round the head."""
    return _EDGES[over_ears](np.abs(around))


def _knitted(head: Head, over_ears: bool) -> tuple[Surface, Array, Array]:
    """The hat; metres of its points above the brim's upper edge (N,), and how far they are on the way to the crown."""
    around = np.linspace(-180.0, 180.0, _COLUMNS, endpoint=False)
    share = np.concatenate(([0.0, 0.0], np.linspace(0.0, 1.0, _ROWS)[1:-1]))[:, None]
    low = _edge(around, over_ears)
    up = low + (88.0 - low) * share
    directions = unit(around, up)
    skull = head.skull(directions)
    if over_ears:
        skull = skull + _PRESSED * (head.with_ears(directions) - skull)
    for _ in range(3):
        skull = np.maximum(skull, 0.25 * np.roll(skull, 1, axis=1) + 0.5 * skull + 0.25 * np.roll(skull, -1, axis=1))
    above = np.radians(up - low) * skull
    size = head.size
    # The brim is folded over: the first row lies inside, the fold out beyond it.
    brim = 1.0 - smoothstep(_CUFF * size, (_CUFF + 0.006) * size, above)
    brim[0] = -0.5
    lift = _OFF_SKULL + _CUFF_THICK * brim + _SLACK * smoothstep(25.0, 80.0, up)
    rings = head.middle + directions * (skull + lift * size)[..., None]
    vertices, faces = loft(rings, close_end=True)
    surface = Surface(vertices, faces, rigid_weights(len(vertices), head.bones, head.bone))
    return surface, (above - _CUFF * size).ravel(), np.broadcast_to(share, up.shape).ravel()

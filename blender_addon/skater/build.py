"""A spec becomes a dressed person: body, hair, clothes, footwear and landmarks put together. No bpy."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from blender_addon.cast import HairSpec, SkaterSpec
from blender_addon.labels.vocabulary import CLOTHES_INDEX
from blender_addon.makehuman.body import load_body
from blender_addon.makehuman.lengths import STRETCHED
from blender_addon.makehuman.rig_files import DEFAULT_RIG
from blender_addon.makehuman.rig_maps import RIGS
from blender_addon.skater.bare_skin import bare_skin
from blender_addon.skater.chains import with_chains
from blender_addon.skater.face.features import face_meshes
from blender_addon.skater.hair.styles import make_hair
from blender_addon.skater.human import Human, Landmark, SkinnedMesh
from blender_addon.skater.landmarks import landmarks
from blender_addon.skater.skates import blade_landmarks
from blender_addon.skater.surface import as_mesh, select_faces
from blender_addon.skater.wardrobe.from_file import piece_from_file
from blender_addon.skater.wardrobe.hat import hair_beside
from blender_addon.skater.wardrobe.outfit import OVERLAP, check_worn, dress, fit, hidden_by
from blender_addon.skater.wardrobe.piece import Fitting, Piece
from blender_addon.skater.wardrobe.sewing import SKIN_TUCK, drawn_in
from mocap.rig import Rig
from mocap.rotations import Array


def build_human(spec: SkaterSpec, assets: Path) -> Human:
    """The person of a spec, at rest on the ice.

    Args:
        spec: what is not named in `spec.garments` is not worn; blades come with boots.
        assets: MakeHuman's data folder.

    Raises:
        UserError: an unknown garment, a bad phenotype, or data that is missing or damaged.
    """
    check_worn(spec.garments)
    body = load_body(spec.phenotype, assets, lengths=spec.lengths, details=spec.details, expression=spec.expression)
    fitting = fit(body, spec.garments)
    clothes = dress(fitting)
    hair = hair_beside(_hair(fitting, spec.hair), clothes)
    rig, meshes, chain_bones = with_chains(body.rig, (hair, *clothes))
    meshes = (*_skin(fitting, clothes, hair), *face_meshes(body, fitting.parts), *meshes)

    soles = {name: mark for piece in clothes for name, mark in piece.soles.items()}
    marks = landmarks(body) | {name: mark for piece in clothes for name, mark in piece.marks.items()}
    lift = max(piece.lift for piece in clothes) if clothes else 0.0
    return Human(
        rig=_raise_rig(rig, lift),
        bones=RIGS[DEFAULT_RIG],
        meshes=tuple(_raise_mesh(mesh, lift) for mesh in meshes),
        landmarks={name: _raise_landmark(mark, lift) for name, mark in marks.items()},
        blades={name: _raise_landmark(mark, lift) for name, mark in (soles or blade_landmarks(body, ice=0.0)).items()},
        facts={
            **body.phenotype,
            "stature": body.stature,
            **{f"{name}_factor": spec.lengths.get(name, 1.0) for name in STRETCHED},
        },
        chains=tuple(
            dataclasses.replace(chain, points=_raised(chain.points, lift))
            for piece in (hair, *clothes)
            for chain in piece.chains
        ),
        chain_bones=chain_bones,
        bare=bare_skin(_raised(body.vertices, lift), body.faces[body.face_masks["body"]], body.bones, body.weights),
    )


def _hair(fitting: Fitting, spec: HairSpec) -> Piece:
    return make_hair(fitting, spec) if spec.file is None else piece_from_file(fitting, "hair", spec.file)


def _skin(fitting: Fitting, clothes: Sequence[Piece], hair: Piece) -> list[SkinnedMesh]:
    """The skin that clothes and hair leave bare."""
    body, skin = fitting.body, fitting.skin
    dressed = hidden_by(clothes, skin.vertices, skin.weights)
    under = np.maximum(dressed, hidden_by((hair,), skin.vertices, skin.weights))
    size = fitting.pattern.size
    tucked = drawn_in(skin.vertices, skin.faces, dressed, size, SKIN_TUCK)
    bare = np.any(under[skin.faces] < OVERLAP * size, axis=1)
    for piece in clothes:
        if piece.hides is not None:
            bare &= ~np.all(piece.hides[body.faces[body.face_masks["body"]]], axis=1)
    shown = select_faces(dataclasses.replace(skin, vertices=tucked), bare)
    uv = body.face_uv[body.face_masks["body"]][bare]
    return [as_mesh("body", shown, CLOTHES_INDEX["skin"], fitting.borders, uv=uv)]


def _raised(points: Array, lift: float) -> Array:
    return points + np.array((0.0, 0.0, lift))


def _raise_mesh(mesh: SkinnedMesh, lift: float) -> SkinnedMesh:
    borders = None if mesh.borders is None else mesh.borders.moved(np.array((0.0, 0.0, lift)))
    return dataclasses.replace(mesh, vertices=_raised(mesh.vertices, lift), borders=borders)


def _raise_landmark(mark: Landmark, lift: float) -> Landmark:
    return dataclasses.replace(mark, points=_raised(mark.points, lift))


def _raise_rig(rig: Rig, lift: float) -> Rig:
    rest = rig.rest.copy()
    rest[:, 2, 3] += lift
    return dataclasses.replace(rig, heads=_raised(rig.heads, lift), tails=_raised(rig.tails, lift), rest=rest)

"""A spec becomes a dressed skater: body, clothes, skates, hair and landmarks put together. No bpy."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np

from blender_addon.clip import SkaterSpec
from blender_addon.labels.vocabulary import CLOTHES_INDEX, GARMENTS
from blender_addon.makehuman.body import Body, load_body
from blender_addon.makehuman.lengths import STRETCHED
from blender_addon.skater import wardrobe
from blender_addon.skater.body_parts import face_parts, part_of_bones
from blender_addon.skater.face import build_eyes, build_lashes_and_brows
from blender_addon.skater.hair import above_hairline, build_hair, find_head
from blender_addon.skater.human import Human, Landmark, SkinnedMesh
from blender_addon.skater.landmarks import landmarks
from blender_addon.skater.skates import SOLE_TO_ICE, blade_landmarks, build_skates
from blender_addon.skater.surface import (
    Surface,
    as_mesh,
    face_weights,
    pack_weights,
    select_faces,
    smoothstep,
    spread_weights,
    vertex_normals,
)
from mocap.errors import UserError
from mocap.rig import Rig
from mocap.rotations import Array

# Skin that reaches under a garment's edge is drawn in so far (m) that it cannot show through.
TUCK = 0.005


def build_human(spec: SkaterSpec, assets: Path) -> Human:
    """The skater of a spec, at rest on the ice.

    Args:
        spec: what is not named in `spec.garments` is not worn; blades come with boots.
        assets: MakeHuman's data folder.

    Raises:
        UserError: an unknown garment, a bad phenotype, or data that is missing or damaged.
    """
    worn = _worn(spec)
    body = load_body(spec.phenotype, assets, lengths=spec.lengths)
    parts = part_of_bones(body.rig)
    whole = Surface(body.vertices, body.faces, spread_weights(body.bones, body.weights, len(body.rig.names)))

    pattern = wardrobe.take_measures(body)

    meshes = [*_skin_and_hair(body, whole, pattern, parts, worn), *_clothes(body, pattern, parts, worn)]
    if "boots" in worn:
        meshes += build_skates(body)
    marks, blades = landmarks(body), blade_landmarks(body, ice=-SOLE_TO_ICE if "boots" in worn else 0.0)
    if "boots" in worn:
        meshes = [dataclasses.replace(mesh, vertices=_raised(mesh.vertices)) for mesh in meshes]
        marks = {name: _raise_landmark(mark) for name, mark in marks.items()}
        blades = {name: _raise_landmark(mark) for name, mark in blades.items()}
    rig = _raise_rig(body.rig) if "boots" in worn else body.rig
    return Human(
        rig=rig,
        meshes=tuple(meshes),
        landmarks=marks,
        blades=blades,
        facts={
            **body.phenotype,
            "stature": body.stature,
            **{f"{name}_factor": spec.lengths.get(name, 1.0) for name in STRETCHED},
        },
    )


def _worn(spec: SkaterSpec) -> set[str]:
    unknown = sorted(set(spec.garments) - set(GARMENTS))
    if unknown:
        raise UserError(f"there is no garment {unknown[0]!r}", place="garments", mend=f"Use {', '.join(GARMENTS)}.")
    return set(spec.garments)


def _skin_and_hair(
    body: Body, whole: Surface, pattern: wardrobe.Pattern, parts: np.ndarray, worn: set[str]
) -> list[SkinnedMesh]:
    """Skin that clothes and hair leave bare, eyes, lashes and brows, hair."""
    head = find_head(body)
    mask = body.face_masks["body"]
    skin = select_faces(whole, mask)
    dressed = wardrobe.covered(pattern, skin.vertices, skin.weights, worn)
    under = np.maximum(dressed, above_hairline(skin.vertices, head))
    of_head = parts[face_weights(skin).argmax(axis=1)] == parts[head.bone]
    hair, hair_uv = build_hair(select_faces(skin, of_head), head, bun=body.phenotype["gender"] < 0.5)

    tuck = TUCK * smoothstep(-0.004, 0.012, dressed)
    drawn_in = skin.vertices - tuck[:, None] * vertex_normals(skin.vertices, skin.faces)
    bare = np.any(under[skin.faces] < wardrobe.SKIN_OVERLAP, axis=1)
    shown = select_faces(dataclasses.replace(skin, vertices=drawn_in), bare)
    eyes, eye_uv = build_eyes(body, whole)
    brows = build_lashes_and_brows(body, whole)
    return [
        as_mesh("body", shown, CLOTHES_INDEX["skin"], _parts_of(shown, parts), uv=body.face_uv[mask][bare]),
        as_mesh("eyes", eyes, CLOTHES_INDEX["eyes"], _parts_of(eyes, parts), uv=eye_uv),
        as_mesh("brows", brows, CLOTHES_INDEX["hair"], _parts_of(brows, parts)),
        as_mesh("hair", hair, CLOTHES_INDEX["hair"], _parts_of(hair, parts), uv=hair_uv),
    ]


def _clothes(body: Body, pattern: wardrobe.Pattern, parts: np.ndarray, worn: set[str]) -> list[SkinnedMesh]:
    whole = wardrobe.fit_suit(body, pattern)
    out = []
    if worn & {"leotard", "tights"}:
        suit, garment = wardrobe.build_suit(whole, pattern, worn)
        out.append(as_mesh("suit", suit, garment, _parts_of(suit, parts)))
    if "skirt" in worn:
        skirt, part = wardrobe.build_skirt(whole, pattern)
        out.append(as_mesh("skirt", skirt, CLOTHES_INDEX["skirt"], part, thickness=wardrobe.SKIRT_THICKNESS))
    return out


def _parts_of(surface: Surface, parts: np.ndarray) -> np.ndarray:
    """(F,) the body part that moves each face."""
    return face_parts(surface.faces, *pack_weights(surface.weights), parts)


def _raised(points: Array) -> Array:
    return points + np.array((0.0, 0.0, SOLE_TO_ICE))


def _raise_landmark(mark: Landmark) -> Landmark:
    return dataclasses.replace(mark, points=_raised(mark.points))


def _raise_rig(rig: Rig) -> Rig:
    rest = rig.rest.copy()
    rest[:, 2, 3] += SOLE_TO_ICE
    return dataclasses.replace(rig, heads=_raised(rig.heads), tails=_raised(rig.tails), rest=rest)

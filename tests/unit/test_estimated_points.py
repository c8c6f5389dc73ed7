"""Points of the face and the feet guessed from a mesh's shape, against those that MakeHuman's numbering gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from blender_addon.labels.vocabulary import CLOTHES_INDEX
from blender_addon.makehuman.body import Body, load_body
from blender_addon.makehuman.reference_bodies import BODIES
from blender_addon.skater.body_parts import face_parts, part_of_bones
from blender_addon.skater.estimated_points import estimated_points
from blender_addon.skater.human import SkinnedMesh
from blender_addon.skater.landmarks import landmarks

# Metres, as the docs say. A child's and a giant's alike.
FARTHEST = {
    "nose": 0.008,
    "eye": 0.01,
    "ear": 0.012,
    "big_toe": 0.008,
    "small_toe": 0.009,
    "heel": 0.016,
    "head_top": 0.02,
}


def surfaces(body: Body, *, eyes: bool) -> tuple[SkinnedMesh, ...]:
    out = []
    parts = part_of_bones(body.rig)
    for kind, groups in (("skin", ("body",)), ("eyes", ("helper-l-eye", "helper-r-eye"))):
        if kind == "skin" or eyes:
            faces = body.faces[np.any([body.face_masks[group] for group in groups], axis=0)]
            garment = np.full(len(faces), CLOTHES_INDEX[kind], dtype=np.uint8)
            part = face_parts(faces, body.bones, body.weights, parts)
            out.append(SkinnedMesh(kind, body.vertices, faces, body.bones, body.weights, garment, part))
    return tuple(out)


def kind(name: str) -> str:
    return name.removeprefix("left_").removeprefix("right_")


@pytest.mark.parametrize("eyes", [True, False])
@pytest.mark.parametrize("name", [*BODIES, "child"])
def test_guessed_points_lie_near_the_known_ones(name: str, eyes: bool, assets: Path) -> None:
    body = load_body(BODIES.get(name, {"age": 0.19, "gender": 0.3}), assets)
    known, guessed = landmarks(body), estimated_points(surfaces(body, eyes=eyes))
    assert set(guessed) == {name for name in known if kind(name) in FARTHEST}
    for point, mark in guessed.items():
        off = np.linalg.norm(mark.points.mean(axis=0) - known[point].points.mean(axis=0))
        assert off < FARTHEST[kind(point)], (point, off)
        assert mark.parts == known[point].parts and mark.depth >= known[point].depth


def test_where_a_character_has_no_feet_there_are_no_toes(assets: Path) -> None:
    body = load_body({}, assets)
    (skin,) = surfaces(body, eyes=False)
    guessed = estimated_points((skin.of_faces(skin.vertices[skin.faces][..., 2].min(axis=1) > 0.3),))
    assert set(guessed) == {
        "nose",
        "head_top",
        *(f"{side}_{name}" for side in ("left", "right") for name in ("eye", "ear")),
    }

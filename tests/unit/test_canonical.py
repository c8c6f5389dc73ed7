"""Which point of the one body each vertex of somebody is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from blender_addon.cast import GarmentSpec, HairSpec, SkaterSpec
from blender_addon.labels.dense import CANONICAL_FIELDS
from blender_addon.labels.vocabulary import BODY_PART_INDEX
from blender_addon.makehuman.base_mesh import read_base_mesh
from blender_addon.skater.build import build_human
from blender_addon.skater.canonical import carried, nearest_shares, with_canonical
from blender_addon.skater.human import SkinnedMesh
from mocap.rotations import Array

WORN = ("leotard", "skirt", "boots", "blades")


def test_the_nearest_point_of_a_triangle_is_nearer_than_any_other() -> None:
    rng = np.random.default_rng(0)
    triangles, points = rng.normal(size=(400, 3, 3)), 2.0 * rng.normal(size=(400, 3))
    shares = nearest_shares(points, triangles)
    assert shares.min() >= 0.0 and shares.sum(axis=-1) == pytest.approx(1.0)
    found = np.linalg.norm(np.einsum("ni,nij->nj", shares, triangles) - points, axis=1)
    others = rng.dirichlet(np.ones(3) * 0.7, size=3000)
    away = np.linalg.norm(np.einsum("mi,nij->nmj", others, triangles) - points[:, None], axis=-1).min(axis=1)
    assert np.all(found <= away + 1e-9) and np.median(away - found) < 0.05


def test_points_are_carried_as_their_triangles_are() -> None:
    rng = np.random.default_rng(1)
    triangles = rng.normal(size=(50, 3, 3)) * 0.1 + rng.normal(size=(50, 1, 3))
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    which, shares = rng.integers(50, size=200), rng.dirichlet(np.ones(3), size=200)
    points = np.einsum("ni,nij->nj", shares, triangles[which])
    assert carried(points, triangles, triangles @ turn + 1.0) == pytest.approx(points @ turn + 1.0)


@pytest.fixture(scope="module", params=({"gender": 0.1, "age": 0.3}, {"gender": 0.9, "muscle": 0.9, "height": 0.9}))
def meshes(request: pytest.FixtureRequest, assets: Path) -> dict[str, SkinnedMesh]:
    spec = SkaterSpec(request.param, garments={name: GarmentSpec() for name in WORN}, hair=HairSpec("ponytail"))
    human = build_human(spec, assets)
    marked = with_canonical(human, spec, assets)
    assert [mesh.name for mesh in marked.meshes] == [mesh.name for mesh in human.meshes]
    return {mesh.name: mesh for mesh in marked.meshes}


def canonical(mesh: SkinnedMesh) -> Array:
    return np.stack([mesh.fields[name] for name in CANONICAL_FIELDS], axis=-1)


def test_skin_lies_on_the_base_mesh(meshes: dict[str, SkinnedMesh], assets: Path) -> None:
    base = read_base_mesh(assets)
    skin = base.faces[base.face_masks["body"]]
    triangles = base.vertices[np.concatenate((skin[:, :3], skin[:, [0, 2, 3]]))]
    places = canonical(meshes["body"])
    assert carried(places, triangles, triangles) == pytest.approx(places, abs=1e-6)
    known = np.linalg.norm(base.vertices[base.groups["body"]][:, None] - places[None, :200], axis=-1).min(axis=0)
    assert np.median(known) < 0.002


def test_everybody_has_the_same_head_hands_and_feet(meshes: dict[str, SkinnedMesh], assets: Path) -> None:
    base = read_base_mesh(assets)
    skin = base.vertices[base.groups["body"]]
    face, top = meshes["body"], skin[:, 2].max()
    places = canonical(face)
    head = np.unique(face.faces[face.part == BODY_PART_INDEX["head"]])
    head = head[head >= 0]
    assert places[head, 2].min() > top - 0.40 and places[head, 2].max() == pytest.approx(top, abs=0.12)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        hand = np.unique(face.faces[face.part == BODY_PART_INDEX[f"{side}_hand"]])
        assert np.all(sign * places[hand[hand >= 0], 0] > 0.35)
        boot = meshes["boots"]
        foot = np.unique(boot.faces[boot.part == BODY_PART_INDEX[f"{side}_foot"]])
        assert np.all(sign * canonical(boot)[foot[foot >= 0], 0] > 0.0)
        assert canonical(boot)[foot[foot >= 0], 2].max() < skin[:, 2].min() + 0.35


def test_hair_is_of_the_head_however_far_it_hangs(meshes: dict[str, SkinnedMesh], assets: Path) -> None:
    base = read_base_mesh(assets)
    top = base.vertices[base.groups["body"], 2].max()
    hair = [mesh for mesh in meshes.values() if np.all(mesh.part == BODY_PART_INDEX["head"]) and mesh.name != "body"]
    assert any(np.ptp(mesh.vertices[:, 2]) > 0.25 for mesh in hair)
    assert all(canonical(mesh)[:, 2].min() > top - 0.40 for mesh in hair)

"""Clothes cover what they should, in every pose, and say what they are."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import skater_poses
from scipy.spatial import cKDTree

from blender_addon.cast import GarmentSpec, SkaterSpec
from blender_addon.labels.vocabulary import BODY_PART_INDEX, BODY_PARTS, CLOTHES_INDEX
from blender_addon.skater.build import build_human
from blender_addon.skater.human import Human, SkinnedMesh, skin
from blender_addon.skater.surface import (
    Surface,
    cut,
    face_areas,
    face_centers,
    loft,
    pack_weights,
    spread_weights,
    vertex_normals,
)
from mocap.errors import UserError

DRESS = dict.fromkeys(("leotard", "skirt", "tights", "boots"), GarmentSpec())
PEOPLE = ("woman", "tall_man", "girl")


@pytest.fixture(scope="module")
def humans(assets: Path, phenotypes: Mapping[str, Mapping[str, float]]) -> dict[str, Human]:
    return {name: build_human(SkaterSpec(phenotype=dict(phenotypes[name]), garments=DRESS), assets) for name in PEOPLE}


def _mesh(human: Human, name: str) -> SkinnedMesh:
    return next(mesh for mesh in human.meshes if mesh.name == name)


@pytest.mark.parametrize("name", PEOPLE)
def test_meshes_are_whole(humans: dict[str, Human], name: str) -> None:
    human = humans[name]
    worn = set()
    for mesh in human.meshes:
        assert np.isfinite(mesh.vertices).all()
        assert mesh.faces[:, :3].min() >= 0 and mesh.faces.max() < len(mesh.vertices)
        assert mesh.bones.min() >= 0 and mesh.bones.max() < len(human.rig.names)
        assert mesh.weights.min() >= 0.0 and np.allclose(mesh.weights.sum(axis=1), 1.0)
        assert len(mesh.garment) == len(mesh.part) == len(mesh.faces)
        assert mesh.part.min() > 0 and mesh.part.max() < len(BODY_PARTS)
        assert np.linalg.norm(face_areas(mesh.vertices, mesh.faces), axis=1).min() > 0.0, mesh.name
        worn |= set(mesh.garment.tolist())
    assert worn == {CLOTHES_INDEX[name] for name in ("skin", "hair", "eyes", "mouth", "blades", *DRESS)}


@pytest.mark.parametrize("name", PEOPLE)
def test_whole_skater_is_lifted_onto_her_blades(humans: dict[str, Human], name: str) -> None:
    human = humans[name]
    assert min(mesh.vertices[:, 2].min() for mesh in human.meshes) == pytest.approx(0.0, abs=1e-4)
    assert human.rig.rest[:, :3, 3] == pytest.approx(human.rig.heads)
    ankle, heel = human.landmarks["left_ankle"].points.mean(axis=0), human.landmarks["left_heel"].points.mean(axis=0)
    # Between the malleoli, where the rig's bone turns but for a centimetre.
    assert np.linalg.norm(ankle - human.rig.heads[human.rig.index("foot.L")]) < 0.015
    assert 0.06 < heel[2] < 0.1


@pytest.mark.parametrize("name", PEOPLE)
def test_clothes_carry_the_part_they_cover(humans: dict[str, Human], name: str) -> None:
    leotard, tights = _mesh(humans[name], "leotard"), _mesh(humans[name], "tights")
    left = {i for part, i in BODY_PART_INDEX.items() if part.startswith("left_")}
    for mesh in (leotard, tights):
        places = face_centers(mesh.vertices, mesh.faces)
        assert set(mesh.part[places[:, 0] < -0.03].tolist()).isdisjoint(left)
    legs = {BODY_PART_INDEX[f"{s}_{p}"] for s in ("left", "right") for p in ("thigh", "lower_leg")}
    assert set(tights.part.tolist()) >= legs
    feet_and_shins = {i for part, i in BODY_PART_INDEX.items() if part.endswith(("lower_leg", "foot"))}
    assert set(leotard.part.tolist()).isdisjoint(feet_and_shins)
    skirt = _mesh(humans[name], "skirt")
    low = face_centers(skirt.vertices, skirt.faces)[:, 2] < skirt.vertices[:, 2].min() + 0.03
    thighs = {BODY_PART_INDEX["left_thigh"], BODY_PART_INDEX["right_thigh"]}
    assert set(skirt.part[low].tolist()) == thighs and BODY_PART_INDEX["torso"] in skirt.part


@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("pose", [{}, skater_poses.SIT_SPIN, skater_poses.SPIRAL, skater_poses.LANDING])
def test_nothing_pokes_through(humans: dict[str, Human], name: str, pose: Mapping) -> None:
    human = humans[name]
    matrices = skater_poses.pose(human.rig, pose).matrices[0]
    for inner, outer, reach in (("tights", "boots", 0.03),):
        share = _share_outside(human, matrices, _mesh(human, inner), _mesh(human, outer), reach)
        assert share < 0.01, f"{inner} through {outer}"


def _share_outside(human: Human, pose: np.ndarray, inner: SkinnedMesh, outer: SkinnedMesh, reach: float) -> float:
    """Of the inner surface's points that lie under the outer one at rest, how many stand out of it by 4 mm."""
    under = _heights(inner.vertices, inner.vertices, outer.vertices, outer, reach)[0]
    points, cover = (skin(m.vertices, m.bones, m.weights, human.rig.rest, pose) for m in (inner, outer))
    near, height = _heights(points, inner.vertices, cover, outer, reach)
    assert (under & near).sum() > 5
    return float(np.mean(height[under & near] > 0.004))


def _heights(
    points: np.ndarray, at_rest: np.ndarray, cover: np.ndarray, outer: SkinnedMesh, reach: float
) -> tuple[np.ndarray, np.ndarray]:
    """(N,) bool, which points lie straight under or over a part of the cover that is near them at rest too (cloth may
    touch another part of the body from outside), and (N,) how far they stand out of it."""
    distance, nearest = cKDTree(cover).query(points)
    offset = points - cover[nearest]
    normals = vertex_normals(cover, outer.faces)[nearest]
    height = np.sum(offset * normals, axis=1)
    aside = np.linalg.norm(offset - height[:, None] * normals, axis=1)
    close = np.linalg.norm(at_rest - outer.vertices[nearest], axis=1) < 2.0 * reach
    return (distance < reach) & (aside < 0.015) & close, height


def _on_edge(faces: np.ndarray, count: int) -> np.ndarray:
    """(N,) bool: vertices on an open edge of a surface."""
    ring = np.where(faces[:, 3:] < 0, faces[:, [0, 1, 2, 0]], faces)
    edges = np.sort(np.stack((ring, np.roll(ring, -1, axis=1)), axis=-1).reshape(-1, 2), axis=1)
    edges, uses = np.unique(edges[edges[:, 0] != edges[:, 1]], axis=0, return_counts=True)
    out = np.zeros(count, dtype=bool)
    out[edges[uses == 1].ravel()] = True
    return out


@pytest.mark.parametrize("name", PEOPLE)
def test_no_gap_between_skin_and_clothes(humans: dict[str, Human], name: str) -> None:
    """At the neckline and the cuffs the skin goes on under the cloth."""
    leotard, body = _mesh(humans[name], "leotard"), _mesh(humans[name], "body")
    edge = leotard.vertices[_on_edge(leotard.faces, len(leotard.vertices))]
    bare = edge[cKDTree(_mesh(humans[name], "tights").vertices).query(edge)[0] > 0.03]
    assert len(bare) > 40
    skin_points = np.concatenate((body.vertices, face_centers(body.vertices, body.faces)))
    distance, _ = cKDTree(skin_points).query(bare)
    assert distance.max() < 0.02
    # And on: some of it lies inside the cloth.
    assert body.vertices[:, 2].min() < bare[:, 2].min()


def test_hidden_skin_is_left_out(humans: dict[str, Human]) -> None:
    body = _mesh(humans["woman"], "body")
    shown = set(body.part.tolist())
    assert BODY_PART_INDEX["head"] in shown and BODY_PART_INDEX["left_hand"] in shown
    assert shown.isdisjoint({BODY_PART_INDEX[f"left_{part}"] for part in ("thigh", "lower_leg", "foot", "upper_arm")})


def test_only_what_is_named_is_worn(assets: Path) -> None:
    human = build_human(SkaterSpec(phenotype={"gender": 0.0}, garments={"tights": GarmentSpec()}), assets)
    worn = {garment for mesh in human.meshes for garment in mesh.garment.tolist()}
    assert worn == {CLOTHES_INDEX[name] for name in ("skin", "hair", "eyes", "mouth", "tights")}
    assert BODY_PART_INDEX["left_upper_arm"] in _mesh(human, "body").part
    assert min(mark.points[:, 2].min() for mark in human.blades.values()) == pytest.approx(0.0, abs=1e-6)


def test_unknown_garment_is_refused(assets: Path) -> None:
    with pytest.raises(UserError, match="toga"):
        build_human(SkaterSpec(garments={"toga": GarmentSpec()}), assets)


def _sheet(count: int) -> Surface:
    """A square metre of `count`² quads in the plane z = 0, on two bones by x."""
    line = np.linspace(0.0, 1.0, count + 1)
    x, y = (axis.ravel() for axis in np.meshgrid(line, line, indexing="ij"))
    index = np.arange((count + 1) ** 2).reshape(count + 1, count + 1)
    faces = np.stack((index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]), axis=-1).reshape(-1, 4)
    return Surface(np.stack((x, y, np.zeros_like(x)), axis=1), faces, np.stack((x, 1.0 - x), axis=1))


@pytest.mark.parametrize("slope", [0.0, 0.3, 1.7])
def test_cut_follows_a_straight_line(slope: float) -> None:
    sheet = _sheet(9)
    line = 0.52 + slope * (sheet.vertices[:, 1] - 0.5) - sheet.vertices[:, 0]
    made, inside = cut(sheet, line)
    areas = face_areas(made.vertices, made.faces)
    assert (areas[:, 2] > 0.0).all()
    # Snapped vertices slide along the cut, and out of the outline only where the cut meets it.
    assert areas[:, 2].sum() == pytest.approx(1.0, abs=2e-3)
    side = 0.52 + slope * (made.vertices[:, 1] - 0.5) - made.vertices[:, 0]
    corner = np.where(made.faces >= 0, side[made.faces], 0.0)
    assert corner[inside].min() > -1e-9 and corner[~inside].max() < 1e-9
    assert np.allclose(made.weights[:, 0], made.vertices[:, 0])


def test_cut_leaves_what_it_does_not_meet() -> None:
    sheet = _sheet(4)
    made, inside = cut(sheet, np.ones(len(sheet.vertices)))
    assert inside.all() and np.array_equal(made.faces, sheet.faces)


def test_loft_makes_a_closed_solid_that_faces_outwards() -> None:
    angle = np.linspace(0.0, 2.0 * np.pi, 64, endpoint=False)
    ring = np.stack((np.cos(angle), np.sin(angle), np.zeros_like(angle)), axis=1)
    rings = ring + np.array((0.0, 0.0, 1.0)) * np.arange(3.0)[:, None, None]
    for order in (rings, rings[::-1]):
        vertices, faces = loft(order, close_start=True, close_end=True)
        assert not _on_edge(faces, len(vertices)).any()
        volume = np.sum(face_areas(vertices, faces) * face_centers(vertices, faces)) / 3.0
        assert volume == pytest.approx(2.0 * np.pi, rel=0.01)


def test_weights_survive_packing() -> None:
    rng = np.random.default_rng(3)
    dense = rng.random((20, 7)) * (rng.random((20, 7)) > 0.5)
    dense[:, 0] += 0.1
    dense /= dense.sum(axis=1, keepdims=True)
    bones, weights = pack_weights(dense)
    assert np.allclose(spread_weights(bones, weights, 7), dense)

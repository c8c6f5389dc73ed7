"""Skates fit the foot they are built around, and stand on the ice."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial import cKDTree

from blender_addon.cast import GarmentSpec
from blender_addon.labels.vocabulary import BODY_PART_INDEX
from blender_addon.makehuman.body import Body, load_body
from blender_addon.skater.foot import find_foot
from blender_addon.skater.human import SkinnedMesh
from blender_addon.skater.skates import (
    BLADE_THICKNESS,
    SOLE_TO_ICE,
    blade_landmarks,
    heel_thickness,
    make_skates,
)
from blender_addon.skater.surface import face_areas, face_centers
from blender_addon.skater.wardrobe.outfit import fit

SIDES = ("left", "right")


@pytest.fixture(scope="module", params=["woman", "tall_man", "girl"])
def body(request: pytest.FixtureRequest, assets: Path, phenotypes: Mapping[str, Mapping[str, float]]) -> Body:
    return load_body(phenotypes[request.param], assets)


@pytest.fixture(scope="module")
def skates(body: Body) -> dict[str, SkinnedMesh]:
    return {mesh.name: mesh for mesh in make_skates(fit(body, {})).meshes}


def _of_side(mesh: SkinnedMesh, side: str) -> np.ndarray:
    return mesh.vertices[mesh.vertices[:, 0] > 0.0 if side == "left" else mesh.vertices[:, 0] < 0.0]


def test_both_blades_touch_the_ice_and_nothing_else_does(skates: dict[str, SkinnedMesh]) -> None:
    for side in SIDES:
        assert abs(_of_side(skates["blades"], side)[:, 2].min() + SOLE_TO_ICE) < 1e-4
    for name in ("boots", "soles"):
        assert skates[name].vertices[:, 2].min() > 0.02 - SOLE_TO_ICE


def test_blades_run_along_the_foot(body: Body, skates: dict[str, SkinnedMesh]) -> None:
    for side in SIDES:
        foot = find_foot(body, side)
        blade = _of_side(skates["blades"], side)
        local = (blade - foot.origin) @ foot.axes.T
        edge = local[local[:, 2] < 0.01 - SOLE_TO_ICE]
        assert np.ptp(edge[:, 1]) == pytest.approx(BLADE_THICKNESS, abs=1e-6)
        assert foot.length < np.ptp(edge[:, 0]) < foot.length + 0.03
        toes = body.rig.heads[body.rig.index("toe2-1.L" if side == "left" else "toe2-1.R")]
        # The line of the blade passes under the second toe.
        assert abs((toes - foot.origin) @ foot.axes[1]) < 0.012


def test_edge_landmarks_lie_on_the_rocker(body: Body, skates: dict[str, SkinnedMesh]) -> None:
    marks = blade_landmarks(body, ice=-SOLE_TO_ICE)
    blade = skates["blades"].vertices
    for side in SIDES:
        heights = {place: marks[f"{side}_{place}"].points[0, 2] + SOLE_TO_ICE for place in ("toe", "middle", "heel")}
        assert heights["middle"] == pytest.approx(0.0, abs=1e-6)
        assert 0.001 < heights["toe"] < 0.006 and 0.001 < heights["heel"] < 0.006
        for place in heights:
            distance = np.linalg.norm(blade - marks[f"{side}_{place}"].points[0], axis=1).min()
            assert distance < 0.5 * BLADE_THICKNESS + 1e-4
        toe, heel = (marks[f"{side}_{place}"].points[0] for place in ("toe", "heel"))
        assert toe[1] < heel[1], "she faces −Y"


def test_toe_pick_stays_off_the_ice(body: Body, skates: dict[str, SkinnedMesh]) -> None:
    for side in SIDES:
        toe = blade_landmarks(body, ice=-SOLE_TO_ICE)[f"{side}_toe"].points[0]
        foot = find_foot(body, side)
        blade = _of_side(skates["blades"], side)
        ahead = (blade - toe) @ foot.axes[0] > 0.001
        assert ahead.any() and blade[ahead, 2].min() + SOLE_TO_ICE > 0.002


def test_sole_and_blade_are_rigid_with_the_foot_and_the_collar_with_the_leg(
    body: Body, skates: dict[str, SkinnedMesh]
) -> None:
    feet = {find_foot(body, side).foot_bone for side in SIDES}
    for name in ("soles", "blades"):
        mesh = skates[name]
        assert mesh.bones.shape[1] == 1 and set(mesh.bones[:, 0].tolist()) == feet
    boots, legs = skates["boots"], {find_foot(body, side).leg_bone for side in SIDES}
    top = boots.vertices[:, 2] > boots.vertices[:, 2].max() - 0.01
    assert set(boots.bones[top, 0].tolist()) <= legs and boots.weights[top, 0].min() > 0.99
    assert np.allclose(boots.weights.sum(axis=1), 1.0)


def test_boots_go_round_foot_and_shin(body: Body, skates: dict[str, SkinnedMesh]) -> None:
    boots = skates["boots"]
    centers, normals = face_centers(boots.vertices, boots.faces), face_areas(boots.vertices, boots.faces)
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    for side in SIDES:
        foot = find_foot(body, side)
        inner = foot.to_rig(foot.points)
        # Behind, the collar is higher than in front.
        inner = inner[inner[:, 2] < boots.vertices[:, 2].max() - 0.03]
        nearest = cKDTree(centers).query(inner)[1]
        outside = np.sum((inner - centers[nearest]) * normals[nearest], axis=1)
        # The shaft, which is seen beside the tights, holds all of the leg; corners of the toes may reach the leather.
        assert outside[inner[:, 2] > foot.ankle[2] + 0.04].max() < 0.0
        assert np.mean(outside > 0.004) < 0.02


def test_solids_face_outwards(skates: dict[str, SkinnedMesh]) -> None:
    for name in ("soles", "blades"):
        mesh = skates[name]
        volume = np.sum(face_areas(mesh.vertices, mesh.faces) * face_centers(mesh.vertices, mesh.faces)) / 3.0
        assert volume > 0.0


def test_parts_belong_to_their_own_side(skates: dict[str, SkinnedMesh]) -> None:
    for mesh in skates.values():
        left = face_centers(mesh.vertices, mesh.faces)[:, 0] > 0.0
        own = {side: {BODY_PART_INDEX[f"{side}_{part}"] for part in ("foot", "lower_leg")} for side in SIDES}
        assert set(mesh.part[left].tolist()) <= own["left"] and set(mesh.part[~left].tolist()) <= own["right"]
    shaft = skates["boots"].part[face_centers(skates["boots"].vertices, skates["boots"].faces)[:, 2] > 0.15]
    assert set(shaft.tolist()) <= {BODY_PART_INDEX["left_lower_leg"], BODY_PART_INDEX["right_lower_leg"]}


def test_laces_cross_over_the_tongue_from_side_to_side(body: Body, skates: dict[str, SkinnedMesh]) -> None:
    for side in SIDES:
        foot = find_foot(body, side)
        laces, leather = ((_of_side(skates[name], side) - foot.origin) @ foot.axes.T for name in ("laces", "boots"))
        middle = 0.5 * (leather[:, 1].min() + leather[:, 1].max())
        assert laces[:, 1].min() < middle - 0.01 and laces[:, 1].max() > middle + 0.01
        # From the vamp, ahead of the ankle, to just under the collar.
        assert laces[:, 0].max() > foot.ankle[0] + 0.3 * foot.length
        assert abs(laces[:, 2].max() - leather[:, 2].max()) < 0.03
        # Strand and bow lie on the leather, not in it and not far off.
        away = cKDTree(leather).query(laces)[0]
        assert away.max() < 0.035
    assert skates["laces"].look == "laces" and skates["eyelets"].look == "metal"


def test_the_tongue_stands_up_out_of_the_padded_collar(body: Body, skates: dict[str, SkinnedMesh]) -> None:
    for side in SIDES:
        foot = find_foot(body, side)
        collar, tongue = ((_of_side(skates[name], side) - foot.origin) @ foot.axes.T for name in ("collars", "facings"))
        above = tongue[tongue[:, 2] > collar[:, 2].max()]
        assert len(above) >= 16 and above[:, 0].min() > foot.ankle[0], "in front of the shin"


def test_boots_are_as_high_as_they_are_cut(body: Body) -> None:
    tops = []
    for height in (0.0, 0.5, 1.0):
        boots = make_skates(fit(body, {"boots": GarmentSpec(cut={"height": height})})).meshes[0]
        tops.append(float(boots.vertices[:, 2].max()))
    assert np.all(np.diff(tops) > 0.08 * find_foot(body, "left").length)


def test_a_mans_heel_is_lower(assets: Path) -> None:
    man, woman = (heel_thickness(load_body({"gender": gender}, assets)) for gender in (1.0, 0.0))
    assert 0.02 < man < woman < 0.04

"""Loose clothes hang over the body, end where their cut says, and hide what they cover."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial import cKDTree

from blender_addon.cast import GarmentSpec, HairSpec, SkaterSpec
from blender_addon.labels.vocabulary import BODY_PART_INDEX, CLOTHES_INDEX
from blender_addon.makehuman.body import Body, load_body
from blender_addon.skater.build import build_human
from blender_addon.skater.hair.head import find_head
from blender_addon.skater.human import Human, SkinnedMesh
from blender_addon.skater.surface import face_centers, vertex_normals
from blender_addon.skater.wardrobe.cuts import CUTS
from blender_addon.skater.wardrobe.drape import edge_loops
from blender_addon.skater.wardrobe.hat import make_hat
from blender_addon.skater.wardrobe.jacket import make_jacket
from blender_addon.skater.wardrobe.outfit import fit
from blender_addon.skater.wardrobe.piece import SHIRT, TUCKED, Fitting, Piece, Tailor
from blender_addon.skater.wardrobe.shirt import make_shirt
from blender_addon.skater.wardrobe.shoes import SOLE, make_shoes
from blender_addon.skater.wardrobe.trousers import make_trousers

MAKERS: Mapping[str, Tailor] = {
    "shirt": make_shirt,
    "trousers": make_trousers,
    "jacket": make_jacket,
    "hat": make_hat,
    "shoes": make_shoes,
}


@pytest.fixture(scope="module", params=["woman", "tall_man", "girl"])
def body(request: pytest.FixtureRequest, assets: Path, phenotypes: Mapping[str, Mapping[str, float]]) -> Body:
    return load_body(phenotypes[request.param], assets)


@pytest.fixture(scope="module")
def bare(body: Body) -> Fitting:
    return fit(body, {})


def wearing(bare: Fitting, **cuts: Mapping[str, float]) -> Fitting:
    worn = {name: GarmentSpec(cut=dict(cut)) for name, cut in cuts.items()}
    return replace(bare, worn=worn)


def cloth(piece: Piece) -> SkinnedMesh:
    return piece.meshes[0]


def girth(mesh: SkinnedMesh, height: float) -> float:
    """How far a garment reaches round trunk and legs at a height: its width and depth together."""
    trunk = [BODY_PART_INDEX[name] for name in ("torso", "left_thigh", "right_thigh")]
    points = mesh.vertices[np.unique(mesh.faces[np.isin(mesh.part, trunk)])]
    near = points[np.abs(points[:, 2] - height) < 0.035]
    return float(np.ptp(near[:, 0]) + np.ptp(near[:, 1]))


@pytest.mark.parametrize("name", ["shirt", "trousers", "jacket"])
def test_cloth_lies_outside_the_skin(bare: Fitting, name: str) -> None:
    mesh = cloth(MAKERS[name](wearing(bare, **{name: {}})))
    skin = bare.skin
    distance, nearest = cKDTree(skin.vertices).query(mesh.vertices)
    normals = vertex_normals(skin.vertices, skin.faces)[nearest]
    height = np.sum((mesh.vertices - skin.vertices[nearest]) * normals, axis=1)
    # Next to the skin a vertex' tangent plane stands for it.
    assert np.mean(height[distance < 0.03] > 0.0) > 0.995
    assert np.allclose(mesh.weights.sum(axis=1), 1.0)
    assert set(np.unique(mesh.garment)) == {CLOTHES_INDEX[name]}
    assert {"gradient", "panel", "seam"} <= set(mesh.fields) and mesh.fields["seam"].min() < 0.001


@pytest.mark.parametrize("name", ["shirt", "trousers", "jacket"])
def test_wider_cuts_reach_further_round(bare: Fitting, name: str) -> None:
    close, wide = (cloth(MAKERS[name](wearing(bare, **{name: {"fit": fit_}}))) for fit_ in (0.0, 1.0))
    height = bare.pattern.waist if name != "trousers" else 0.5 * (bare.pattern.crotch + bare.pattern.knee)
    assert girth(wide, height) > girth(close, height) + 0.05 * bare.pattern.size


def test_cloth_bridges_the_hollow_between_the_breasts(bare: Fitting) -> None:
    mesh = cloth(make_shirt(wearing(bare, shirt={})))

    def hollow(points: np.ndarray) -> float:
        """How much further back the middle lies than the furthest forward at the chest's height."""
        level = points[np.abs(points[:, 2] - bare.pattern.chest) < 0.02]
        return float(level[np.abs(level[:, 0]) < 0.025, 1].min() - level[np.abs(level[:, 0]) < 0.12, 1].min())

    of_skin = hollow(bare.skin.vertices)
    assert hollow(mesh.vertices) < max(0.65 * of_skin, 0.004)


@pytest.mark.parametrize(("length", "place"), [(0.0, "waist"), (0.3, "hip"), (0.6, "crotch"), (1.0, "knee")])
def test_hems_end_where_the_cut_says(bare: Fitting, length: float, place: str) -> None:
    mesh = cloth(make_jacket(wearing(bare, jacket={"length": length})))
    heights = {"waist": bare.pattern.waist, "hip": bare.pattern.hip, "crotch": bare.pattern.crotch}
    heights["knee"] = bare.pattern.knee
    assert abs(mesh.vertices[:, 2].min() - heights[place]) < 0.06 * bare.pattern.size


def test_a_coat_goes_round_both_legs(bare: Fitting) -> None:
    mesh = cloth(make_jacket(wearing(bare, jacket={"length": 1.0})))
    low = [loop for loop in edge_loops(mesh.faces) if mesh.vertices[loop, 2].mean() < bare.pattern.crotch]
    assert len(low) == 1 and np.ptp(mesh.vertices[low[0], 0]) > 2.0 * bare.pattern.legs[0, 0, 0]


def test_a_jacket_opens_in_front(bare: Fitting) -> None:
    def gap(opened: float) -> float:
        mesh = cloth(make_jacket(wearing(bare, jacket={"open": opened})))
        middle = np.interp(mesh.vertices[:, 2], *bare.pattern.middle)
        front = mesh.vertices[(mesh.vertices[:, 1] < middle) & (mesh.vertices[:, 2] < bare.pattern.chest)]
        return float(np.abs(front[:, 0]).min())

    assert gap(0.0) < 0.002 and gap(1.0) > 0.03 * bare.pattern.size


def test_a_jacket_ends_above_a_skirt(bare: Fitting) -> None:
    mesh = cloth(make_jacket(wearing(bare, jacket={"length": 0.9}, skirt={})))
    assert mesh.vertices[:, 2].min() > bare.pattern.hip + 0.5 * (bare.pattern.waist - bare.pattern.hip)


def test_a_shirt_is_tucked_into_trousers_or_hangs_over_them(bare: Fitting) -> None:
    over, tucked = (make_shirt(wearing(bare, shirt={"tucked": cut}, trousers={})) for cut in (0.0, 1.0))
    assert (over.layer, tucked.layer) == (SHIRT, TUCKED)
    trousers = cloth(make_trousers(wearing(bare, shirt={}, trousers={})))
    height = bare.pattern.waist - 0.03
    assert girth(cloth(over), height) > girth(trousers, height) > girth(cloth(tucked), height)


@pytest.mark.parametrize("footwear", ["boots", "shoes"])
def test_trousers_fall_over_footwear_to_the_sole(bare: Fitting, footwear: str) -> None:
    mesh = cloth(make_trousers(wearing(bare, trousers={}, **{footwear: {}})))
    for sign in (1.0, -1.0):
        leg = mesh.vertices[(sign * mesh.vertices[:, 0] > 0.0) & (mesh.vertices[:, 2] < 0.15 * bare.pattern.size)]
        back = leg[leg[:, 1] > leg[:, 1].mean()]
        front = leg[leg[:, 1] < np.percentile(leg[:, 1], 10.0)]
        assert back[:, 2].min() < 0.01
        assert front[:, 2].min() > 0.03 * bare.pattern.size, "the instep holds the cloth up in front"


def test_short_trousers_end_above_the_knee(bare: Fitting) -> None:
    mesh = cloth(make_trousers(wearing(bare, trousers={"length": 0.0}, boots={})))
    ankle = bare.pattern.legs[0, 2, 2]
    assert 1.05 < (mesh.vertices[:, 2].min() - ankle) / (bare.pattern.knee - ankle) < 1.25


def test_sleeves_belong_to_arms_and_legs_to_legs(bare: Fitting) -> None:
    shirt, trousers = (cloth(MAKERS[name](wearing(bare, **{name: {}}))) for name in ("shirt", "trousers"))
    names = {index: name for name, index in BODY_PART_INDEX.items()}
    assert {names[p] for p in np.unique(shirt.part)} >= {"torso", "left_upper_arm", "right_forearm"}
    assert {names[p] for p in np.unique(trousers.part)} >= {"torso", "left_thigh", "right_lower_leg"}
    assert not {names[p] for p in np.unique(trousers.part)} & {"left_hand", "right_hand", "head"}
    for mesh in (shirt, trousers):
        middle = face_centers(mesh.vertices, mesh.faces)
        of_left = np.array([names[p].startswith("left") for p in mesh.part])
        assert middle[of_left, 0].min() > -0.02


@pytest.mark.parametrize("over_ears", [0.0, 1.0])
def test_a_hat_sits_on_the_skull_over_the_hair(bare: Fitting, over_ears: float) -> None:
    mesh = cloth(make_hat(wearing(bare, hat={"length": over_ears})))
    head = find_head(bare.body, bare.parts)
    offset = mesh.vertices - head.middle
    distance = np.linalg.norm(offset, axis=1)
    off = distance - head.skull(offset / distance[:, None])
    outer = np.arange(len(off)) >= 56
    assert off[outer].min() > 0.008 * head.size and off.max() < 0.06
    assert set(np.unique(mesh.bones)) == {head.bone}


def test_shoes_stand_on_the_ground(bare: Fitting) -> None:
    piece = make_shoes(wearing(bare, shoes={}))
    lowest = min(float(mesh.vertices[:, 2].min()) for mesh in piece.meshes)
    assert lowest == pytest.approx(-SOLE, abs=1e-6) and piece.lift == SOLE
    for mark in piece.soles.values():
        assert mark.points[0, 2] == pytest.approx(-SOLE)


def test_every_cut_changes_its_garment(bare: Fitting) -> None:
    for name, make in MAKERS.items():
        # A V needs some depth.
        own = {"neckline": 0.6} if name == "shirt" else {}
        worn = {"trousers": {}, name: own} if name == "shirt" else {name: {}, "boots": {}}
        usual = cloth(make(wearing(bare, **worn)))
        for cut, known in CUTS[name].items():
            value = 1.0 if known.default < 0.5 else 0.0
            changed = cloth(make(wearing(bare, **{**worn, name: {**own, cut: value}})))
            same = changed.vertices.shape == usual.vertices.shape and np.allclose(changed.vertices, usual.vertices)
            assert not same, f"{name}: {cut}"


@pytest.fixture(scope="module")
def coach(assets: Path, phenotypes: Mapping[str, Mapping[str, float]]) -> Human:
    garments = dict.fromkeys(("shirt", "trousers", "jacket", "hat", "shoes"), GarmentSpec())
    spec = SkaterSpec(phenotype=dict(phenotypes["tall_man"]), garments=garments, hair=HairSpec("curly"))
    return build_human(spec, assets)


def test_what_is_covered_is_left_out(coach: Human) -> None:
    mesh = {mesh.name: mesh for mesh in coach.meshes}
    skin = face_centers(mesh["body"].vertices, mesh["body"].faces)
    hands = np.abs(skin[:, 0]) > np.abs(coach.rig.heads[coach.rig.index("wrist.L"), 0]) - 0.06
    neck = coach.rig.heads[coach.rig.index("neck01"), 2]
    # At the instep, where trousers meet the shoe, neither goes far enough past the other's edge to leave skin out.
    instep = skin[:, 2] < 0.2
    assert np.all(hands | instep | (skin[:, 2] > neck - 0.1)), "skin of the trunk and legs is left out"
    hat = mesh["hat"].vertices
    assert mesh["hair"].vertices[:, 2].max() < hat[:, 2].max() - 0.05, "hair under the hat is left out"
    assert min(m.vertices[:, 2].min() for m in coach.meshes) == pytest.approx(0.0, abs=1e-6)

"""Close-fitting clothes: what their cuts do, where they end, and that no skin comes through them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import skater_poses
from scipy.spatial import cKDTree

from blender_addon.cast import GarmentSpec, SkaterSpec
from blender_addon.labels.vocabulary import BODY_PART_INDEX, CLOTHES_INDEX
from blender_addon.makehuman.body import load_body
from blender_addon.skater.build import build_human
from blender_addon.skater.human import Human, SkinnedMesh
from blender_addon.skater.pokes import find_pokes
from blender_addon.skater.surface import face_areas, open_edges
from blender_addon.skater.wardrobe.cuts import CUTS
from blender_addon.skater.wardrobe.outfit import check_worn, dress, fit
from blender_addon.skater.wardrobe.piece import Fitting
from blender_addon.skater.wardrobe.suit import make_leotard, make_tights
from mocap.errors import UserError

Cut = dict[str, float]

BODIES: Mapping[str, Mapping[str, float]] = {
    "woman": {"gender": 0.0, "caucasian": 1.0},
    "heavy": {"gender": 0.0, "african": 1.0, "weight": 1.0, "muscle": 0.2},
    "tall": {"gender": 1.0, "height": 0.8, "weight": 0.2, "caucasian": 1.0},
    "child": {"gender": 0.0, "age": 0.1, "height": 0.35, "asian": 1.0},
}
BACKBEND = {
    "spine03": (skater_poses.SIDEWAYS, -40.0),
    "upperleg01.R": (skater_poses.SIDEWAYS, 70.0),
    "lowerleg01.R": (skater_poses.SIDEWAYS, 90.0),
    "upperarm01.L": (skater_poses.SIDEWAYS, -120.0),
    "upperarm01.R": (skater_poses.SIDEWAYS, -120.0),
}


@pytest.fixture(scope="module")
def fittings(assets: Path) -> dict[str, Fitting]:
    worn = {name: GarmentSpec() for name in ("leotard", "tights")}
    return {name: fit(load_body(body, assets), worn) for name, body in BODIES.items()}


def _leotard(fitting: Fitting, cut: Cut) -> SkinnedMesh:
    worn = {**fitting.worn, "leotard": GarmentSpec(cut=cut)}
    (mesh,) = make_leotard(Fitting(**{**vars(fitting), "worn": worn})).meshes
    return mesh


def _area(mesh: SkinnedMesh) -> float:
    return float(np.linalg.norm(face_areas(mesh.vertices, mesh.faces), axis=1).sum())


def _rims(mesh: SkinnedMesh) -> list[np.ndarray]:
    """Vertices (M, 3) of every closed row of open edges."""
    edges, _ = open_edges(mesh.faces)
    after = dict(edges.tolist())
    assert sorted(after) == sorted(after.values()), "open edges form no closed rows"
    rims = []
    while after:
        start, vertex = min(after), -1
        row = []
        while vertex != start:
            vertex = after.pop(start if vertex < 0 else vertex)
            row.append(vertex)
        rims.append(mesh.vertices[row])
    return rims


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize(("cut", "less"), [("neckline", 1), ("back", 1), ("leg", 1), ("keyhole", 1), ("sleeves", -1)])
def test_a_cut_takes_away_cloth(fittings: dict[str, Fitting], body: str, cut: str, less: int) -> None:
    areas = [_area(_leotard(fittings[body], {"back": 0.0, cut: value})) for value in (0.0, 0.3, 0.6, 1.0)]
    if cut == "back":
        areas = [_area(_leotard(fittings[body], {cut: value})) for value in (0.0, 0.3, 0.6, 1.0)]
    assert (less * np.diff(areas) < 0.0).all(), areas


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize(
    "cut",
    [
        {},
        {"sleeves": 0.0},
        {"sleeves": 0.35, "neckline": 0.0, "back": 0.0},
        {"sleeves": 0.0, "neckline": 1.0, "vee": 1.0, "back": 1.0, "leg": 1.0},
        {"neckline": 0.1, "back": 0.1, "keyhole": 1.0, "leg": 0.0, "panels": 1.0},
    ],
)
def test_a_leotard_ends_in_a_ring_for_neck_arms_and_legs(fittings: dict[str, Fitting], body: str, cut: Cut) -> None:
    rims = _rims(_leotard(fittings[body], cut))
    assert len(rims) == (6 if cut.get("keyhole") else 5)
    middles = np.array([rim.mean(axis=0) for rim in rims])
    shoulders = fittings[body].pattern.shoulders
    aside = middles[np.abs(middles[:, 0]) > 0.3 * shoulders]
    assert len(aside) == 4 and np.abs(aside[:, 0].sum()) < 0.01


def test_sleeves_end_where_they_say(fittings: dict[str, Fitting]) -> None:
    fitting = fittings["woman"]
    shoulder, elbow, wrist = fitting.pattern.arms[0]
    for sleeves, place in ((0.65, elbow), (1.0, wrist)):
        rims = _rims(_leotard(fitting, {"sleeves": sleeves}))
        cuff = max((rim.mean(axis=0) for rim in rims), key=lambda middle: middle[0])
        assert np.linalg.norm(cuff - place) < 0.035
    armhole = max((rim for rim in _rims(_leotard(fitting, {"sleeves": 0.0}))), key=lambda rim: rim[:, 0].mean())
    assert np.linalg.norm(armhole.mean(axis=0) - shoulder) < 0.04
    assert armhole[:, 2].min() > shoulder[2] - 0.13


OUTFITS: Mapping[str, Mapping[str, Cut]] = {
    "dress": {"leotard": {}, "tights": {}, "boots": {}},
    "open": {
        "leotard": {"neckline": 1.0, "vee": 1.0, "back": 1.0, "sleeves": 0.0, "leg": 1.0},
        "gloves": {"cuff": 1.0},
        "boots": {},
    },
    "unitard": {"unitard": {"neckline": 0.0, "back": 0.2, "keyhole": 0.5, "panels": 0.6}, "gloves": {}, "boots": {}},
}


@pytest.fixture(scope="module")
def dressed(assets: Path) -> dict[tuple[str, str], Human]:
    return {
        (body, outfit): build_human(
            SkaterSpec(
                phenotype=dict(BODIES[body]), garments={name: GarmentSpec(cut=cut) for name, cut in worn.items()}
            ),
            assets,
        )
        for body in BODIES
        for outfit, worn in OUTFITS.items()
    }


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("outfit", OUTFITS)
def test_no_skin_comes_through_in_deep_poses(dressed: dict[tuple[str, str], Human], body: str, outfit: str) -> None:
    human = dressed[body, outfit]
    for turns in (skater_poses.SIT_SPIN, skater_poses.SPIRAL, BACKBEND):
        matrices = skater_poses.pose(human.rig, turns).matrices[0]
        pokes = find_pokes(human, matrices, np.radians((-90.0, 0.0, 90.0)))
        for garment in ("leotard", "unitard", "tights", "gloves"):
            assert pokes.share(garment) < 0.003, garment
        assert pokes.seen[CLOTHES_INDEX["skin"]] > 100


def test_gloves_cover_hands_and_nothing_but(dressed: dict[tuple[str, str], Human]) -> None:
    human = dressed["woman", "unitard"]
    body, gloves = (next(mesh for mesh in human.meshes if mesh.name == name) for name in ("body", "gloves"))
    hands = {BODY_PART_INDEX[f"{side}_hand"] for side in ("left", "right")}
    arms = hands | {BODY_PART_INDEX[f"{side}_forearm"] for side in ("left", "right")}
    assert hands <= set(gloves.part.tolist()) <= arms
    # Skin of the hands goes on under the cuffs alone.
    assert np.isin(body.part, list(hands)).sum() < 0.02 * np.isin(gloves.part, list(hands)).sum()


def test_cuffs_of_gloves_lie_under_or_over_the_sleeve(assets: Path) -> None:
    ends = []
    for cuff in (0.0, 1.0):
        worn = {"leotard": GarmentSpec(), "gloves": GarmentSpec(cut={"cuff": cuff})}
        pieces = dress(fit(load_body(BODIES["woman"], assets), worn))
        ends.append({mesh.name: np.abs(mesh.vertices[:, 0]) for piece in pieces for mesh in piece.meshes})
    under, over = ends
    # Of what lies below, a centimetre or two goes on under the other.
    assert over["leotard"].max() < under["leotard"].max() - 0.01
    assert over["gloves"].min() < under["gloves"].min() - 0.01


@pytest.mark.parametrize("name", ["tights", "unitard"])
def test_legs_go_over_boots(assets: Path, name: str) -> None:
    """The boot's leather goes out of sight bit by bit, its soles and blades never, and the leg stays in one piece."""
    leather, soles = [], []
    for over in (0.0, 0.5, 1.0):
        worn = {name: GarmentSpec(cut={"over_boots": over}), "boots": GarmentSpec()}
        human = build_human(SkaterSpec(phenotype=dict(BODIES["woman"]), garments=worn), assets)
        leather.append(sum(_area(mesh) for mesh in human.meshes if mesh.name == "boots"))
        soles.append(sum(len(mesh.faces) for mesh in human.meshes if mesh.name in ("soles", "blades")))
        leg = next(mesh for mesh in human.meshes if mesh.name == name)
    assert leather[0] > 1.3 * leather[1] > 1.3 * leather[2] and len(set(soles)) == 1
    ankle = human.landmarks["left_ankle"].points[:, 2].min()
    feet = {BODY_PART_INDEX[f"{side}_foot"] for side in ("left", "right")}
    assert leg.vertices[:, 2].min() < ankle - 0.05 and feet <= set(leg.part.tolist())


def test_tights_have_vertices_along_the_leotards_edge(fittings: dict[str, Fitting]) -> None:
    """So they bend as it does there, and stay below it."""
    fitting = fittings["child"]
    (leotard,), (tights,) = (make(fitting).meshes for make in (make_leotard, make_tights))
    # The two rows of what is turned in come last, and repeat the fields of the edge.
    cloth = len(leotard.vertices) - 2 * len(open_edges(leotard.faces)[0])
    on_edge = np.flatnonzero(leotard.fields["seam"][:cloth] < 1e-9)
    low = on_edge[leotard.vertices[on_edge, 2] < fitting.pattern.waist]
    legs = low[np.abs(leotard.vertices[low, 0]) < 1.2 * fitting.pattern.hip_width]
    distance, _ = cKDTree(tights.vertices).query(leotard.vertices[legs])
    # Vertices of the side seams, which tights have not, are among them.
    assert len(legs) > 30 and np.median(distance) < 0.002


def test_fields_of_the_fabrics(fittings: dict[str, Fitting]) -> None:
    mesh = _leotard(fittings["woman"], {"panels": 0.6})
    assert set(mesh.fields) == {"gradient", "panel", "seam"}
    for name in ("gradient", "panel"):
        assert mesh.fields[name].min() == pytest.approx(0.0, abs=0.02) and mesh.fields[name].max() > 0.98, name
    high, low = mesh.fields["gradient"][np.argsort(mesh.vertices[:, 2])[[-1, 0]]]
    assert high < 0.05 and low > 0.95
    open_, _ = open_edges(mesh.faces)
    assert mesh.fields["seam"][open_].max() < 1e-9
    # Panels run down the sides.
    inside = (mesh.fields["panel"] > 0.6) & (np.abs(mesh.vertices[:, 2] - fittings["woman"].pattern.waist) < 0.05)
    assert inside.any() and np.abs(mesh.vertices[inside, 0]).min() > 0.5 * np.abs(mesh.vertices[inside, 0]).max()
    assert _leotard(fittings["woman"], {}).fields["panel"].max() == 0.0


def test_unknown_cut_is_refused() -> None:
    with pytest.raises(UserError, match=r"garments\.leotard\.cut: .*'neckine'.* Did you mean 'neckline'"):
        check_worn({"leotard": GarmentSpec(cut={"neckine": 0.3})})
    with pytest.raises(UserError, match=r"0…1"):
        check_worn({"gloves": GarmentSpec(cut={"cuff": 1.3})})
    assert all(0.0 <= cut.default <= 1.0 and cut.meaning for cuts in CUTS.values() for cut in cuts.values())

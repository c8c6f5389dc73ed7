"""The measure of skin through cloth sees what shows through, and nothing else; our skaters pass it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from blender_addon.cast import GarmentSpec, SkaterSpec
from blender_addon.labels.vocabulary import BODY_PART_INDEX, CLOTHES, CLOTHES_INDEX
from blender_addon.makehuman.body import load_body
from blender_addon.makehuman.rig_files import DEFAULT_RIG
from blender_addon.makehuman.rig_maps import RIGS
from blender_addon.skater.body_parts import surface_parts
from blender_addon.skater.build import build_human
from blender_addon.skater.human import Human, Landmark, SkinnedMesh
from blender_addon.skater.performance import moving
from blender_addon.skater.pokes import Pokes, find_pokes, no_pokes
from blender_addon.skater.surface import Surface, as_mesh, vertex_normals
from blender_addon.skater.wardrobe.outfit import fit
from mocap.elements.library import element_take
from mocap.rig import Rig
from mocap.skating.contacts import ensure_contacts

RIG = Rig(("root",), np.array([-1]), np.zeros((1, 3)), np.array([[0.0, 0.0, 1.0]]), np.eye(4)[None])
ANKLE = Landmark(np.array([[0.0, 0.0, 0.05]]), np.zeros((1, 1), np.int64), np.ones((1, 1)), 0.0, ())
ANKLES = {"left_ankle": ANKLE, "right_ankle": ANKLE}
CELLS = 20  # of a sheet, each way: surfaces are met near where they lie at rest
# The viewer stands at −Y and looks level.
FRONT = np.array([-0.5 * np.pi])


def plate(garment: str, depth: float, low: float = 0.0, high: float = 0.4, behind: bool = False) -> SkinnedMesh:
    """A sheet 0.4 m wide at y = `depth`, from `low` to `high`, that faces −Y or, `behind`, +Y."""
    x, z = np.meshgrid(np.linspace(-0.2, 0.2, CELLS + 1), np.linspace(low, high, CELLS + 1))
    vertices = np.stack((x.ravel(), np.full(x.size, depth), z.ravel()), axis=1)
    index = np.arange(x.size).reshape(x.shape)
    faces = np.stack((index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]), axis=-1).reshape(-1, 4)
    sheet = Surface(vertices, faces[:, ::-1] if behind else faces, np.ones((len(vertices), 1)))
    return as_mesh(garment, sheet, CLOTHES_INDEX[garment], np.full(len(faces), BODY_PART_INDEX["torso"], np.uint8))


def seen(*meshes: SkinnedMesh) -> Pokes:
    human = Human(rig=RIG, bones=RIGS[DEFAULT_RIG], meshes=meshes, landmarks=ANKLES, blades={})
    return find_pokes(human, RIG.rest, FRONT, elevation=0.0)


def test_skin_just_before_cloth_shows_through_it() -> None:
    pokes = seen(plate("skin", 0.0, high=0.1), plate("leotard", 0.005))
    assert pokes.share("leotard") == pytest.approx(0.25, abs=0.02)
    assert pokes.through[CLOTHES_INDEX["leotard"], CLOTHES_INDEX["skin"]] == pokes.through.sum()
    assert pokes.seen[CLOTHES_INDEX["skin"]] == 0, "what shows through counts with the garment"


@pytest.mark.parametrize(
    "meshes",
    [
        (plate("skin", 0.005), plate("leotard", 0.0)),
        (plate("skin", 0.0, high=0.2), plate("leotard", 0.005, low=0.2)),
        (plate("skin", 0.0), plate("leotard", 0.03)),
        (plate("skin", 0.0), plate("skin", 0.002, behind=True), plate("leotard", 0.005)),
        (plate("leotard", 0.0), plate("skin", 0.005)),
        (plate("tights", 0.0), plate("leotard", 0.005)),
    ],
    ids=["under", "beside", "far before", "an arm before it", "cloth first", "both close-fitting"],
)
def test_what_lies_right_does_not_count(meshes: tuple[SkinnedMesh, ...]) -> None:
    assert seen(*meshes).through.sum() == 0


def test_a_hand_on_the_hip_is_far_from_it_at_rest() -> None:
    hand = dataclasses.replace(plate("skin", 0.0), vertices=plate("skin", 0.0).vertices + np.array((0.0, 0.0, 1.0)))
    human = Human(RIG, RIGS[DEFAULT_RIG], (hand, plate("tights", 0.005)), ANKLES, {})
    two = Rig(("root", "hand"), np.array([-1, 0]), np.zeros((2, 3)), np.ones((2, 3)), np.stack([np.eye(4)] * 2))
    human = dataclasses.replace(
        human, rig=two, meshes=(dataclasses.replace(hand, bones=hand.bones + 1), human.meshes[1])
    )
    down = two.rest.copy()
    down[1, 2, 3] = -1.0
    assert find_pokes(human, down, FRONT, elevation=0.0).through.sum() == 0


def test_an_inner_garment_counts_as_below_its_outer_one() -> None:
    pokes = seen(plate("tights", 0.0), plate("skirt", 0.005))
    assert pokes.share("skirt") == pytest.approx(1.0)
    assert pokes.through[CLOTHES_INDEX["skirt"], CLOTHES_INDEX["skin"]] == 0


def test_leg_wear_over_boots_is_not_below_them() -> None:
    boots = plate("boots", 0.005, high=0.2)
    assert seen(plate("tights", 0.0, low=0.1), boots).through.sum() > 0
    assert seen(plate("tights", 0.0), boots).through.sum() == 0


def test_the_inside_of_skin_is_hollow_and_that_of_a_skirt_is_not() -> None:
    pokes = seen(plate("skin", 0.0, behind=True), plate("skirt", 0.1, low=0.5, high=0.9, behind=True))
    assert pokes.hollow[CLOTHES_INDEX["skin"]] > 1000 and pokes.hollow[CLOTHES_INDEX["skirt"]] == 0


@pytest.fixture(scope="module")
def woman(assets: Path, phenotypes: Mapping[str, Mapping[str, float]]) -> Human:
    worn = dict.fromkeys(("leotard", "skirt", "tights", "boots", "blades"), GarmentSpec())
    return build_human(SkaterSpec(phenotype=dict(phenotypes["woman"]), garments=worn), assets)


def test_sunken_cloth_on_a_whole_skin_is_found(
    woman: Human, assets: Path, phenotypes: Mapping[str, Mapping[str, float]]
) -> None:
    sides = 0.5 * np.pi * np.arange(4)
    fitting = fit(load_body(phenotypes["woman"], assets), {})
    lift = woman.rig.heads[0] - fitting.body.rig.heads[0]
    raised = dataclasses.replace(fitting.skin, vertices=fitting.skin.vertices + lift)
    skin = as_mesh("body", raised, CLOTHES_INDEX["skin"], surface_parts(raised, fitting.parts))
    rest = [mesh for mesh in woman.meshes if mesh.name != "body"]

    def sunk(mesh: SkinnedMesh) -> SkinnedMesh:
        inward = 0.005 * vertex_normals(mesh.vertices, mesh.faces)
        return (
            dataclasses.replace(mesh, vertices=mesh.vertices - inward) if mesh.name in ("leotard", "tights") else mesh
        )

    whole = dataclasses.replace(woman, meshes=(skin, *rest))
    spoilt = dataclasses.replace(woman, meshes=(skin, *(sunk(mesh) for mesh in rest)))
    right, wrong = (find_pokes(human, human.rig.rest, sides) for human in (whole, spoilt))
    for garment in ("leotard", "tights"):
        assert right.share(garment) < 0.06 and wrong.share(garment) > 0.5


@pytest.mark.parametrize(
    ("name", "worn"),
    [
        ("girl", ("leotard", "skirt", "tights", "boots", "blades")),
        ("tall_man", ("shirt", "trousers", "boots", "blades")),
    ],
)
def test_no_skin_shows_through_cloth(
    name: str, worn: tuple[str, ...], assets: Path, phenotypes: Mapping[str, Mapping[str, float]]
) -> None:
    spec = SkaterSpec(phenotype=dict(phenotypes[name]), garments=dict.fromkeys(worn, GarmentSpec()))
    human = build_human(spec, assets)
    total = no_pokes()
    for element in ("sit spin", "Biellmann spin", "axel"):
        motion = ensure_contacts(element_take(element, {}))
        track = moving(human, motion)
        for k, frame in enumerate((np.array((0.25, 0.5, 0.75)) * len(motion)).astype(int)):
            total += find_pokes(human, track.matrices[frame], np.array((0.0, 0.5 * np.pi)) + k)
    of_skin = total.through[:, CLOTHES_INDEX["skin"]]
    for garment in np.flatnonzero(total.seen):
        assert of_skin[garment] <= 0.001 * total.seen[garment], CLOTHES[garment].name

"""Characters as people of ours, without Blender: what they stand on, how they hang on bones, what they lack."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from blender_addon.cast import GarmentSpec, SkaterSpec
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.vocabulary import BODY_PART_INDEX
from blender_addon.skater.build import build_human
from blender_addon.skater.character import as_human, find_soles, with_nearest_weights
from blender_addon.skater.human import Human, SkinnedMesh
from mocap.errors import UserError


@pytest.fixture(scope="module")
def skater(assets: Path) -> Human:
    return build_human(SkaterSpec(garments={"tights": GarmentSpec(), "boots": GarmentSpec()}), assets)


@pytest.fixture(scope="module")
def barefoot(assets: Path) -> Human:
    return build_human(SkaterSpec(), assets)


def without(meshes: tuple[SkinnedMesh, ...], *parts: str) -> tuple[SkinnedMesh, ...]:
    gone = [BODY_PART_INDEX[part] for part in parts]
    cut = (mesh.of_faces(~np.isin(mesh.part, gone)) for mesh in meshes)
    return tuple(mesh for mesh in cut if len(mesh.faces))


def test_blades_are_found_where_a_skater_of_ours_has_them(skater: Human) -> None:
    found = find_soles(skater.meshes, skater.rig, skater.bones)
    for name, mark in skater.blades.items():
        point = found[name].points[0]
        # The rocker lifts both ends off the ice by more than what counts as touching it.
        along = 0.02 if name.endswith("middle") else 0.09
        assert np.linalg.norm(point[:2] - mark.points[0, :2]) < along, name
        assert found[name].parts == mark.parts and np.array_equal(found[name].bones, mark.bones)
        assert 0.0 <= point[2] < 0.004
    assert min(found[f"{side}_middle"].points[0, 2] for side in ("left", "right")) < 1e-4
    for side in ("left", "right"):
        edge = found[f"{side}_toe"].points[0] - found[f"{side}_heel"].points[0]
        assert edge[1] < -0.1


def test_bare_feet_stand_on_their_skin(barefoot: Human) -> None:
    found = find_soles(barefoot.meshes, barefoot.rig, barefoot.bones)
    heights = [mark.points[0, 2] for mark in found.values()]
    assert min(heights) == pytest.approx(0.0, abs=1e-6) and max(heights) < 0.005
    toe, heel = (found[f"left_{end}"].points[0] for end in ("toe", "heel"))
    assert 0.12 < heel[1] - toe[1] < 0.3


def test_what_is_named_is_what_it_stands_on(skater: Human) -> None:
    boots = [mesh for mesh in skater.meshes if mesh.name == "boots"]
    found = find_soles(skater.meshes, skater.rig, skater.bones, boots)
    assert min(mark.points[0, 2] for mark in found.values()) > 0.02


def test_nothing_on_a_foot_or_the_head_or_the_hands_is_told(barefoot: Human) -> None:
    rig, names = barefoot.rig, barefoot.bones
    with pytest.raises(UserError, match="no surface hangs on the left foot"):
        find_soles(without(barefoot.meshes, "left_foot"), rig, names)
    soles = find_soles(barefoot.meshes, rig, names)
    with pytest.raises(UserError, match="no surface hangs on the head"):
        as_human(rig, names, without(barefoot.meshes, "head"), None, soles, {})
    with pytest.raises(UserError, match="no surface hangs on the forearms and hands"):
        as_human(rig, names, without(barefoot.meshes, "left_hand", "left_forearm"), None, soles, {})


def test_a_vertex_without_weights_moves_as_its_nearest_neighbour() -> None:
    places = [np.array(((0.0, 0, 0), (1, 0, 0), (0.9, 0, 0))), np.array(((0.1, 0.0, 0.0),))]
    bones = [np.array(((4, 0), (5, 6), (0, 0))), np.array(((0,),))]
    weights = [np.array(((1.0, 0), (0.5, 0.5), (0, 0))), np.array(((0.0,),))]
    (body, loose) = with_nearest_weights(places, list(zip(bones, weights, strict=True)))
    assert body[0][2].tolist() == [5, 6] and body[1][2].tolist() == [0.5, 0.5]
    assert body[0][0].tolist() == [4, 0]
    # Of a mesh of which nothing hangs on anything, the nearest vertex of others counts.
    assert loose[0][0].tolist() == [4, 0] and loose[1][0].tolist() == [1.0, 0.0]


def test_it_moves_with_its_own_volume(barefoot: Human) -> None:
    soles = find_soles(barefoot.meshes, barefoot.rig, barefoot.bones)
    person = as_human(barefoot.rig, barefoot.bones, barefoot.meshes, None, soles, {"age": 0.5})
    assert person.volume is not None and set(person.volume.arms) == {"Left", "Right"}
    body_25 = {name for names in KEYPOINT_SETS["body_25"].landmarks for name in names}
    assert set(person.landmarks) >= body_25 | {"head_top", "left_thumb_cmc", "right_little_tip"}
    # What neither bones nor a shape give is left out rather than guessed.
    assert not set(person.landmarks) & {"thorax", "spine", "left_asis", "left_brow_1", "left_edge_toe", "left_toe_pick"}


def test_blades_that_a_character_wears_have_their_points(skater: Human) -> None:
    person = as_human(skater.rig, skater.bones, skater.meshes, None, skater.blades, {})
    for side in ("left", "right"):
        for place in ("toe", "middle", "heel"):
            assert person.landmarks[f"{side}_edge_{place}"] is skater.blades[f"{side}_{place}"]
            assert np.array_equal(
                person.landmarks[f"{side}_edge_{place}"].points, skater.landmarks[f"{side}_edge_{place}"].points
            )
        pick, toe = (skater.landmarks[f"{side}_{name}"].points[0] for name in ("toe_pick", "edge_toe"))
        assert 0.004 < np.linalg.norm(pick - toe) < 0.008 and pick[1] < toe[1] and pick[2] >= toe[2] > 0.0


def test_facts_of_a_character(barefoot: Human) -> None:
    soles = find_soles(barefoot.meshes, barefoot.rig, barefoot.bones)
    person = as_human(barefoot.rig, barefoot.bones, barefoot.meshes, None, soles, {"age": 0.5})
    assert person.facts["age"] == 0.5
    # The scalp lies under hair, which does not count.
    assert 0.0 <= barefoot.facts["stature"] - person.facts["stature"] < 0.03

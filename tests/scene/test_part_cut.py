"""Surfaces that are rendered cut along the borders of body parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blender_addon.cast import GarmentSpec, SkaterSpec
from blender_addon.clip import RenderSpec
from blender_addon.labels.vocabulary import BODY_PART_INDEX, unpack_index
from blender_addon.skater.build import build_human
from blender_addon.skater.human import Human
from mocap.rotations import normalize

bpy = pytest.importorskip("bpy")

import skater_poses  # noqa: E402
from empty_scene import empty_scene  # noqa: E402

from blender_addon.scene.animate import pose_avatar  # noqa: E402
from blender_addon.scene.avatar import Avatar, build_avatar  # noqa: E402
from blender_addon.scene.rest_meshes import faces_of, vertices_of  # noqa: E402
from blender_addon.skater.surface import open_edges  # noqa: E402

CLOTHES = ("leotard", "skirt", "tights", "gloves", "boots")
SPECS = {
    "woman": SkaterSpec(phenotype={"gender": 0.0}, garments=dict.fromkeys(CLOTHES, GarmentSpec())),
    "boy": SkaterSpec(
        phenotype={"gender": 1.0, "age": 0.22, "weight": 0.8},
        garments=dict.fromkeys(("trousers", "jacket", "shoes"), GarmentSpec()),
    ),
}
# Metres that a border may be off its surface: as much as it gives way to vertices that it nearly meets, and sags
# between those that it goes through.
OFF = 0.001


@pytest.fixture(scope="module", params=[("woman", 1), ("boy", 0)], ids=["woman", "boy"])
def made(request: pytest.FixtureRequest, assets: Path) -> tuple[Human, Avatar]:
    name, levels = request.param
    human = build_human(SPECS[name], assets)
    render = RenderSpec(subdivision=levels)
    return human, build_avatar(human, SPECS[name], render, 1, empty_scene().collection, assets)


def evaluated(thing: Any) -> Any:
    return thing.evaluated_get(bpy.context.evaluated_depsgraph_get()).data


def knives(thing: Any) -> list[Any]:
    return [modifier for modifier in thing.modifiers if modifier.type == "NODES"]


def parts_of(data: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """(N, 3) vertices, (F, 4) faces and (F,) the body part and the garment that the faces' materials say."""
    faces, polygon, _ = faces_of(data)
    slot = np.zeros(len(data.polygons), dtype=np.int32)
    data.polygons.foreach_get("material_index", slot)
    part, garment = unpack_index(np.array([material.pass_index for material in data.materials])[slot[polygon]])
    return vertices_of(data), faces, part, garment


def test_no_face_lies_across_a_border(made: tuple[Human, Avatar]) -> None:
    human, avatar = made
    cut = set()
    for mesh, thing in zip(human.meshes, avatar.meshes, strict=True):
        if mesh.borders is None:
            assert not knives(thing)
            continue
        places, faces, part, garment = parts_of(evaluated(thing))
        assert set(garment.tolist()) == set(mesh.garment.tolist())
        for border in mesh.borders.borders:
            field = np.where(faces >= 0, border.field(places)[faces], np.nan)
            near, far = np.nanmax(field[part == border.near], initial=-1.0), field[part == border.far]
            # Beside a limb its border goes on through the air, where it means nothing: arms hang beside the hips.
            if border.near != BODY_PART_INDEX["torso"]:
                assert near < OFF, mesh.name
            assert np.nanmin(far, initial=1.0) > -OFF, mesh.name
            cut |= {mesh.name} if len(far) and near > -OFF else set()
    assert {"body", *(("leotard", "tights", "boots") if "leotard" in human.garments else ("trousers", "jacket"))} <= cut


def test_a_cut_changes_no_surface_in_any_pose(made: tuple[Human, Avatar]) -> None:
    human, avatar = made
    rng = np.random.default_rng(3)
    turns = normalize(rng.normal(scale=0.2, size=(1, len(human.rig.names), 4)) + np.array((1.0, 0.0, 0.0, 0.0)))
    pose_avatar(avatar, skater_poses.track(human.rig, turns, np.zeros((1, 3))))
    bpy.context.scene.frame_set(0)
    added = 0
    for thing in avatar.meshes:
        for thick in (modifier for modifier in thing.modifiers if modifier.type == "SOLIDIFY"):
            thick.show_viewport = False
        for knife in knives(thing):
            cut = evaluated(thing)
            places, faces, *_ = parts_of(cut)
            carried = {(entry.name, entry.domain) for entry in cut.attributes}
            knife.show_viewport = False
            bpy.context.view_layer.update()
            whole = evaluated(thing)
            before, whole_faces, *_ = parts_of(whole)
            shown = {(entry.name, entry.domain) for entry in whole.attributes if not entry.name.startswith(".")}
            assert shown <= carried, thing.name
            assert np.abs(places[: len(before)] - before).max() < 1e-6, thing.name
            added += len(places) - len(before)
            # Where the surface ends it still ends, and nowhere else: nothing gapes along the cut.
            lengths = []
            for rows, where in ((whole_faces, before), (faces, places)):
                ends = where[open_edges(rows)[0]]
                lengths.append(np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1).sum())
            assert lengths[1] == pytest.approx(lengths[0], rel=1e-4), thing.name
            knife.show_viewport = True
    assert added > 200

"""The skater in Blender is the skater in numpy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import skater_poses

from blender_addon.cast import GarmentSpec, SkaterSpec
from blender_addon.clip import RenderSpec
from blender_addon.labels.vocabulary import BODY_PARTS, CLOTHES, CLOTHES_INDEX, unpack_index
from blender_addon.skater.build import build_human
from blender_addon.skater.human import Human, skin
from mocap.rotations import normalize

bpy = pytest.importorskip("bpy")

from empty_scene import empty_scene  # noqa: E402

from blender_addon.scene.animate import pose_avatar  # noqa: E402
from blender_addon.scene.avatar import Avatar, build_avatar  # noqa: E402

DRESS = dict.fromkeys(("leotard", "skirt", "tights", "boots"), GarmentSpec((0.3, 0.1, 0.2)))
SPEC = SkaterSpec(phenotype={"gender": 0.0}, garments=DRESS)
INSTANCE = 3


@pytest.fixture(scope="module")
def human(assets: Path) -> Human:
    return build_human(SPEC, assets)


@pytest.fixture
def avatar(human: Human, assets: Path) -> Avatar:
    return build_avatar(human, SPEC, RenderSpec(subdivision=0), INSTANCE, empty_scene().collection, assets)


def _random_track(human: Human) -> object:
    rng = np.random.default_rng(7)
    small = rng.normal(scale=0.12, size=(3, len(human.rig.names), 4)) + np.array((1.0, 0.0, 0.0, 0.0))
    return skater_poses.track(human.rig, normalize(small), rng.normal(size=(3, 3)))


def _evaluated(thing: object) -> np.ndarray:
    """(N, 3) world positions of an object's vertices after its modifiers."""
    shown = thing.evaluated_get(bpy.context.evaluated_depsgraph_get())
    mesh = shown.to_mesh()
    points = np.empty(len(mesh.vertices) * 3)
    mesh.vertices.foreach_get("co", points)
    return points.reshape(-1, 3) @ np.array(shown.matrix_world)[:3, :3].T + np.array(shown.matrix_world)[:3, 3]


def test_bones_lie_as_the_rig_says(human: Human, avatar: Avatar) -> None:
    bones = avatar.armature.data.bones
    parents = [human.rig.names[parent] if parent >= 0 else None for parent in human.rig.parents]
    assert [bones[name].parent and bones[name].parent.name for name in human.rig.names] == parents
    made = np.array([np.array(bones[name].matrix_local) for name in human.rig.names])
    assert np.abs(made - human.rig.rest).max() < 1e-4


def test_every_frame_moves_every_surface_as_numpy_does(human: Human, avatar: Avatar) -> None:
    track = _random_track(human)
    pose_avatar(avatar, track)
    for frame in (2, 0):
        bpy.context.scene.frame_set(frame)
        for mesh, shown in zip(human.meshes, avatar.meshes, strict=True):
            expected = skin(mesh.vertices, mesh.bones, mesh.weights, human.rig.rest, track.matrices[frame])
            # Solidify appends the inside of the cloth and keeps the outside where it is.
            got = _evaluated(shown)[: len(expected)]
            assert np.abs(got - expected).max() < 1e-4, mesh.name


def test_a_second_movement_replaces_the_first(human: Human, avatar: Avatar) -> None:
    pose_avatar(avatar, _random_track(human))
    bpy.context.scene.frame_set(1)
    still = skater_poses.pose(human.rig, {})
    pose_avatar(avatar, still)
    bpy.context.scene.frame_set(0)
    skin_mesh = human.meshes[0]
    assert np.abs(_evaluated(avatar.meshes[0])[: len(skin_mesh.vertices)] - skin_mesh.vertices).max() < 1e-4
    assert len(bpy.data.actions) == 1


def test_every_pixel_will_say_whose_garment_and_part_it_is(avatar: Avatar) -> None:
    seen = set()
    for shown in avatar.meshes:
        assert shown.pass_index == INSTANCE
        for polygon_material in {polygon.material_index for polygon in shown.data.polygons}:
            part, garment = unpack_index(np.array(shown.data.materials[polygon_material].pass_index))
            assert 0 < part < len(BODY_PARTS) and 0 < garment < len(CLOTHES)
            seen.add(int(garment))
    assert seen == {CLOTHES_INDEX[name] for name in ("skin", "hair", "eyes", "mouth", "blades", *DRESS)}


def test_faces_keep_their_garment_and_part(human: Human, avatar: Avatar) -> None:
    for mesh, shown in zip(human.meshes, avatar.meshes, strict=True):
        slots = np.empty(len(mesh.faces), dtype=np.int32)
        shown.data.polygons.foreach_get("material_index", slots)
        packed = np.array([material.pass_index for material in shown.data.materials])[slots]
        part, garment = unpack_index(packed)
        assert np.array_equal(part, mesh.part) and np.array_equal(garment, mesh.garment)


def test_blades_stand_on_the_ice_at_rest(avatar: Avatar) -> None:
    lowest = {shown.name: _evaluated(shown)[:, 2].min() for shown in avatar.meshes}
    blades = next(name for name in lowest if name.endswith("blades"))
    assert abs(lowest[blades]) < 1e-5
    assert min(value for name, value in lowest.items() if name != blades) > 0.02


def test_subdivision_is_for_smooth_surfaces(human: Human, assets: Path) -> None:
    made = build_avatar(human, SPEC, RenderSpec(subdivision=2), INSTANCE, empty_scene().collection, assets)
    for mesh, shown in zip(human.meshes, made.meshes, strict=True):
        levels = [m.render_levels for m in shown.modifiers if m.type == "SUBSURF"]
        assert levels == ([2] if mesh.smooth else [])

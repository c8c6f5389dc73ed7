"""Cloth that Blender simulates: sewn where it should be, flying as physics says, still on who stands, ever the same."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
import skater_poses

from blender_addon.cast import GarmentSpec, MotionSpec, SkaterSpec
from blender_addon.clip import RenderSpec
from blender_addon.labels.vocabulary import CLOTHES_INDEX
from blender_addon.skater.build import build_human
from blender_addon.skater.chains import with_chains
from blender_addon.skater.human import Chain, Human, SkinnedMesh
from blender_addon.skater.performance import perform
from blender_addon.skater.surface import Surface, as_mesh, loft
from blender_addon.skater.wardrobe.piece import SKIRT, Piece
from mocap.inertia import GRAVITY
from mocap.retarget import BodyVolume, BoneMap
from mocap.retarget.volume import Tube
from mocap.rig import PoseTrack, Rig
from mocap.rotations import Array, from_axis_angle, length

bpy = pytest.importorskip("bpy")

from empty_scene import empty_scene  # noqa: E402

from blender_addon.scene import cloth  # noqa: E402
from blender_addon.scene.animate import pose_avatar  # noqa: E402
from blender_addon.scene.armature import build_armature  # noqa: E402
from blender_addon.scene.avatar import build_avatar  # noqa: E402

ROWS, COLUMNS = 9, 48
RATE = 60.0
POLE = 0.1


def _post(spread: float) -> tuple[Human, SkinnedMesh]:
    """A skirt on a single upright bone through a pole, a chain at every second of its columns."""
    rest = np.eye(4)
    rest[:3, :3] = np.array(((1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (0.0, 1.0, 0.0)))
    rig = Rig(("post",), np.array([-1]), np.zeros((1, 3)), np.array(((0.0, 0.0, 1.0),)), rest[None])
    angle = np.arange(COLUMNS) * (2.0 * np.pi / COLUMNS)
    down = np.linspace(0.0, 0.3, ROWS)[:, None]
    radius = POLE + 0.01 + 0.35 * down
    rings = np.stack((radius * np.cos(angle), radius * np.sin(angle), -down + 0.0 * angle), axis=-1)
    chains = tuple(
        Chain(rings[[0, -1], k], 0, stiffness=0.0, drag=0.0, thickness=0.0, ring=1, spread=spread)
        for k in range(0, COLUMNS, 2)
    )
    vertices, faces = loft(rings)
    weights = np.zeros((ROWS, COLUMNS, 1 + len(chains)))
    weights[0, :, 0] = 1.0
    columns = np.arange(COLUMNS)
    for nearest in (columns // 2, (columns + 1) // 2 % len(chains)):
        weights[1:, columns, 1 + nearest] += 0.5
    none = np.zeros(len(faces), dtype=np.uint8)
    hung = Surface(vertices, faces, weights.reshape(len(vertices), -1))
    piece = Piece((as_mesh("skirt", hung, CLOTHES_INDEX["skirt"], none),), SKIRT, chains=chains)
    whole, meshes, bones = with_chains(rig, [piece])
    pole = Tube(0, np.zeros(3), np.eye(3), -0.6, 0.2, np.full((4, 24), POLE))
    volume = BodyVolume((pole,), {})
    human = Human(whole, BoneMap("post", (), (), "post", {}), meshes, {}, {}, {}, chains, bones, volume)
    return human, meshes[0]


def _turning(human: Human, turns: Array) -> PoseTrack:
    """The post turned by `turns` (T,) rad about the vertical."""
    rotations = np.tile((1.0, 0.0, 0.0, 0.0), (len(turns), len(human.rig.names), 1))
    rotations[:, 0] = from_axis_angle((0.0, 1.0, 0.0), turns)
    track = skater_poses.track(human.rig, rotations, np.zeros((len(turns), 3)))
    return dataclasses.replace(track, fps=RATE, times=np.arange(len(turns)) / RATE)


def _simulated(human: Human, mesh: SkinnedMesh, turns: Array) -> Array:
    """(T, ROWS, COLUMNS, 3)."""
    armature = build_armature(human.rig, "post", empty_scene().collection)
    before = [len(bpy.data.scenes), len(bpy.data.objects), len(bpy.data.meshes)]
    places = cloth.simulated(armature, human, mesh, _turning(human, turns))
    assert [len(bpy.data.scenes), len(bpy.data.objects), len(bpy.data.meshes)] == before
    return places.reshape(len(turns), ROWS, COLUMNS, 3)


@pytest.mark.parametrize("turns_per_second", [0.7, 1.0])
def test_a_skirt_flies_out_as_far_as_its_speed_takes_it(turns_per_second: float) -> None:
    """What pulls the hem of cloth that is wide enough, gravity and going round, lies along it."""
    human, mesh = _post(spread=1.9)
    omega = 2.0 * np.pi * turns_per_second
    turns = omega * np.arange(60) / RATE
    places = _simulated(human, mesh, turns)
    assert np.isfinite(places).all()

    seam = places[:, 0]
    cos, sin = np.cos(turns)[:, None], np.sin(turns)[:, None]
    x, y = mesh.vertices[:COLUMNS, 0], mesh.vertices[:COLUMNS, 1]
    assert np.abs(seam - np.stack((cos * x - sin * y, sin * x + cos * y, 0.0 * (cos * x)), axis=-1)).max() < 1e-4

    radius = length(places[30:, :, :, :2]).mean(axis=(0, 2))
    height = places[30:, :, :, 2].mean(axis=(0, 2))
    angle = np.arctan2(radius[-1] - radius[-3], height[-3] - height[-1])
    assert angle == pytest.approx(np.arctan(omega**2 * radius[-2] / GRAVITY), abs=np.radians(4.0))
    # No hem is drawn by much more than there is cloth.
    fall = length(np.diff(places, axis=1)).sum(axis=1)
    assert fall.max() < 1.08 * length(mesh.vertices[-COLUMNS:] - mesh.vertices[:COLUMNS]).mean()


def test_cloth_comes_out_the_same_twice_and_clear_of_the_body() -> None:
    human, mesh = _post(spread=1.4)
    turns = 6.0 * np.maximum(0.0, np.arange(40) / RATE - 0.2)
    places = _simulated(human, mesh, turns)
    assert np.array_equal(places, _simulated(human, mesh, turns))
    # Between the corners of the pole its sides lie nearer to its axis.
    assert length(places[..., :2]).min() > POLE * np.cos(np.pi / 24.0) - 0.001


def test_who_stands_still_has_a_skirt_that_hangs_still() -> None:
    human, mesh = _post(spread=1.4)
    places = _simulated(human, mesh, np.zeros(60))
    assert RATE * length(np.diff(places[30:], axis=0)).max() < 0.1
    assert places[-1, -1, :, 2].max() < -0.27


SPEC = SkaterSpec(
    phenotype={"gender": 0.0},
    garments=dict.fromkeys(("leotard", "tights"), GarmentSpec()),
    motion=MotionSpec(element="upright spin"),
)


def test_a_skirt_is_shown_as_simulated(assets: Path) -> None:
    spec = dataclasses.replace(SPEC, garments={**SPEC.garments, "skirt": GarmentSpec()})
    human = build_human(spec, assets)
    place = next(k for k, mesh in enumerate(human.meshes) if mesh.name == "skirt")
    avatar = build_avatar(human, spec, RenderSpec(subdivision=0), 1, empty_scene().collection, assets)
    shown = avatar.meshes[place]
    materials = [material.name for material in shown.data.materials]
    member = perform(spec, human, 30.0, 2)
    draped = cloth.drape(avatar, member, np.arange(2.0))
    pose_avatar(avatar, draped.track)
    assert (shown.pass_index, [material.name for material in shown.data.materials]) == (1, materials)

    moved = np.abs(draped.surface - member.surface).max(axis=(0, 2)) > 0.0
    step = max(1, sum(len(mesh.vertices) for mesh in human.meshes) // 600)
    assert 0 < moved.sum() <= len(human.meshes[place].vertices[::step])
    for frame in (1, 0):
        bpy.context.scene.frame_set(frame)
        seen = shown.evaluated_get(bpy.context.evaluated_depsgraph_get()).data
        got = np.empty(len(seen.vertices) * 3, dtype=np.float32)
        seen.vertices.foreach_get("co", got)
        # Solidify appends the inside of the cloth and keeps the outside where it is.
        outside = got.reshape(-1, 3)[: len(human.meshes[place].vertices)]
        apart = length(outside[::step][:, None] - draped.surface[frame][moved]).min(axis=0)
        assert apart.max() < 1e-4


def test_nobody_without_a_skirt_costs_anything(assets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    human = build_human(SPEC, assets)
    avatar = build_avatar(human, SPEC, RenderSpec(subdivision=0), 1, empty_scene().collection, assets)
    member = perform(SPEC, human, 30.0, 2)
    monkeypatch.setattr(cloth, "simulated", lambda *_: pytest.fail("simulated"))
    assert cloth.drape(avatar, member, np.arange(2.0)) is member

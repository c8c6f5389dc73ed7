"""Chains swing as physics says, hold together whatever happens, and lie on the body, not in it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import skater_poses
from scipy.optimize import fsolve
from scipy.spatial import cKDTree

from blender_addon.cast import GarmentSpec, SkaterSpec
from blender_addon.skater.build import build_human
from blender_addon.skater.chains import with_chains
from blender_addon.skater.human import Chain, Human, skin
from blender_addon.skater.performance import around, frames_of, moving, volume_of
from blender_addon.skater.surface import face_areas, face_centers, vertex_normals
from blender_addon.skater.swing import swung
from blender_addon.skater.wardrobe.piece import SKIRT, Piece
from mocap.elements.library import element_take
from mocap.inertia import GRAVITY
from mocap.retarget import BodyVolume, BoneMap
from mocap.retarget.volume import Tube
from mocap.rig import PoseTrack, Rig
from mocap.rotations import Array, from_axis_angle

DRESS = dict.fromkeys(("leotard", "skirt", "tights", "boots"), GarmentSpec())
UP = np.array((0.0, 0.0, 1.0))


def _post(chains: tuple[Chain, ...]) -> Human:
    """Chains on a single upright bone at the origin."""
    rest = np.eye(4)
    rest[:3, :3] = np.array(((1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (0.0, 1.0, 0.0)))
    rig = Rig(("post",), np.array([-1]), np.zeros((1, 3)), UP[None], rest[None])
    rig, _, bones = with_chains(rig, [Piece((), SKIRT, chains=chains)])
    return Human(rig, BoneMap("post", (), (), "post", {}), (), {}, {}, chains=chains, chain_bones=bones)


def _pole(radius: float, height: float) -> BodyVolume:
    """A round pole on the bone 0, centred on the origin."""
    return BodyVolume((Tube(0, np.zeros(3), np.eye(3), -height, height, np.full((4, 24), radius)),), {})


NOTHING = _pole(0.001, 0.001)


def _moved(human: Human, rate: float, turns: Array, places: Array) -> PoseTrack:
    """The post turned by `turns` (T,) rad about the vertical and moved to places (T, 3)."""
    track = skater_poses.track(human.rig, np.tile((1.0, 0.0, 0.0, 0.0), (len(turns), len(human.rig.names), 1)), places)
    # The post's own axes: Y up, Z forward.
    local = np.stack((places[:, 0], places[:, 2], -places[:, 1]), axis=1)
    track.rotations[:, 0] = from_axis_angle((0.0, 1.0, 0.0), turns)
    return dataclasses.replace(track, fps=rate, times=np.arange(len(turns)) / rate, root_location=local)


def _joints(human: Human, track: PoseTrack) -> Array:
    """(T, C, K + 1, 3) where the chains' joints lie, from the bones alone."""
    bones = np.array(human.chain_bones)
    pose = track.matrices[:, bones]
    long = np.linalg.norm(human.rig.tails[bones] - human.rig.heads[bones], axis=-1)
    tips = pose[:, :, -1, :3, 3] + long[:, -1, None] * pose[:, :, -1, :3, 1]
    return np.concatenate((pose[..., :3, 3], tips[:, :, None]), axis=2)


def _rope(links: int, long: float, **changed: float) -> Chain:
    points = np.array((0.05, 0.0, 0.0)) - np.linspace(0.0, long, links + 1)[:, None] * UP
    return Chain(points, 0, **{"stiffness": 0.0, "drag": 0.0, "thickness": 0.0, **changed})


def _skirt(drag: float = 0.0) -> tuple[Chain, ...]:
    angle = np.linspace(0.0, 2.0 * np.pi, 16, endpoint=False)
    down = np.array((0.0, 0.1, 0.2, 0.3))
    return tuple(
        Chain(
            np.stack(((0.12 + 0.3 * down) * np.cos(a), (0.12 + 0.3 * down) * np.sin(a), -down), axis=1),
            0,
            stiffness=10.0,
            drag=drag,
            thickness=0.01,
            ring=1,
            spread=1.6,
        )
        for a in angle
    )


@pytest.mark.parametrize("long", [0.15, 0.4])
def test_a_free_link_swings_as_a_pendulum(long: float) -> None:
    human, rate = _post((_rope(1, long),)), 120.0
    places = np.zeros((480, 3))
    places[30:, 0] = 0.04 * long
    tip = _joints(human, swung(human, _moved(human, rate, np.zeros(480), places), NOTHING))[40:, 0, 1, 0]
    middle = tip - (0.05 + 0.04 * long)
    rising = np.flatnonzero((middle[:-1] < 0.0) & (middle[1:] >= 0.0))
    crossings = rising + middle[rising] / (middle[rising] - middle[rising + 1])
    assert len(crossings) > 2
    assert np.diff(crossings).mean() / rate == pytest.approx(2.0 * np.pi * np.sqrt(long / GRAVITY), rel=0.01)


@pytest.mark.parametrize("turns_per_second", [0.6, 1.0, 2.0, 4.0])
def test_a_spinning_link_flies_out_as_far_as_its_speed_takes_it(turns_per_second: float) -> None:
    """And lags as far behind as the air holds it: what pulls a tip that goes round steadily lies along its link."""
    rate, drag, omega = 60.0, 0.6, 2.0 * np.pi * turns_per_second
    start, long = np.array((0.15, 0.0, 0.0)), 0.3
    sideways = start + long * np.array(((0.0, 0.0, 0.0), (0.8, 0.0, -0.6)))
    human = _post((Chain(sideways, 0, stiffness=0.0, drag=drag, thickness=0.0),))
    count = int(8.0 * rate)
    track = _moved(human, rate, omega * np.arange(count) / rate, np.zeros((count, 3)))
    root, tip = _joints(human, swung(human, track, NOTHING))[-1, 0]

    def pull(angles: Array) -> Array:
        fall, lag = angles
        link = np.array((np.sin(fall) * np.cos(lag), -np.sin(fall) * np.sin(lag), -np.cos(fall)))
        place = start + long * link
        force = omega**2 * place * (1.0, 1.0, 0.0) - drag * omega * np.cross(UP, place) - GRAVITY * UP
        aside = np.cross(link, force)
        return np.array((aside @ np.cross(UP, link), aside[2]))

    fall, lag = fsolve(pull, (1.4, 0.1))
    out, along = (tip - root)[:2], root[:2] / np.linalg.norm(root[:2])
    assert np.arctan2(np.hypot(*out), root[2] - tip[2]) == pytest.approx(fall, abs=np.radians(2.0))
    assert np.arctan2(along[1] * out[0] - along[0] * out[1], along @ out) == pytest.approx(lag, abs=np.radians(2.0))


def test_stiffness_brings_a_chain_back_and_holds_it_against_gravity() -> None:
    flared = _skirt()
    human = _post(flared)
    still = swung(human, _moved(human, 60.0, np.zeros(240), np.zeros((240, 3))), NOTHING)
    at_rest = np.stack([chain.points for chain in flared])
    assert np.abs(_joints(human, still)[-1] - at_rest).max() < 0.03


def test_links_keep_their_lengths_and_rings_their_width() -> None:
    human, rate = _post(_skirt(2.0)), 60.0
    rng = np.random.default_rng(5)
    turns = np.cumsum(np.linspace(0.0, 2.0 * np.pi * 6.0, 300) / rate)
    places = np.cumsum(rng.normal(scale=0.01, size=(300, 3)), axis=0)
    joints = _joints(human, swung(human, _moved(human, rate, turns, places), _pole(0.1, 0.4)))
    rest = np.stack([chain.points for chain in human.chains])
    links = np.linalg.norm(np.diff(joints, axis=2), axis=-1)
    assert np.abs(links - np.linalg.norm(np.diff(rest, axis=1), axis=-1)).max() < 1e-6
    hem, hem_at_rest = (np.linalg.norm(np.roll(p, -1, axis=-2) - p, axis=-1) for p in (joints[:, :, -1], rest[:, -1]))
    assert hem.sum(axis=1).max() < 1.65 * hem_at_rest.sum()
    # And it does fly.
    assert (joints[-1, :, 0, 2] - joints[-1, :, -1, 2]).max() < 0.2


@pytest.mark.parametrize("rate", [30.0, 60.0, 120.0, 240.0])
def test_noise_and_fast_spins_at_any_rate_stay_in_order(rate: float) -> None:
    human, count = _post(_skirt(2.0)), int(2.0 * rate)
    rng = np.random.default_rng(11)
    turns = 2.0 * np.pi * 6.0 * np.arange(count) / rate + rng.normal(scale=0.01, size=count)
    places = rng.normal(scale=0.004, size=(count, 3))
    joints = _joints(human, swung(human, _moved(human, rate, turns, places), _pole(0.1, 0.4)))
    hem = joints[:, :, -1] - joints[:, :, 0].mean(axis=1, keepdims=True)
    around_body = np.unwrap(np.arctan2(hem[..., 1], hem[..., 0]), axis=1)
    assert np.isfinite(joints).all()
    assert (np.diff(around_body, axis=1) > 0.0).mean() > 0.999
    assert np.hypot(hem[..., 0], hem[..., 1]).min() > 0.1


def test_the_rate_of_the_track_changes_little() -> None:
    human, made = _post(_skirt(2.0)), {}
    for rate in (60.0, 240.0):
        time = np.arange(int(2.0 * rate) + 1) / rate
        turns = 0.5 * 2.0 * np.pi * 2.0 * time**2
        places = np.stack((0.1 * np.sin(4.0 * time), 0.0 * time, 0.05 * np.cos(3.0 * time)), axis=1)
        joints = _joints(human, swung(human, _moved(human, rate, turns, places), _pole(0.1, 0.4)))
        made[rate] = joints[:: int(rate / 20.0)]
    assert np.abs(made[60.0] - made[240.0]).mean() < 0.005
    assert np.abs(made[60.0] - made[240.0]).max() < 0.03


def test_chains_stay_out_of_the_body_and_come_to_rest_on_it() -> None:
    human = _post(_skirt(2.0))
    places = np.zeros((300, 3))
    places[60:, 0] = np.minimum(0.1 * np.arange(240), 0.8)
    joints = _joints(human, swung(human, _moved(human, 60.0, np.zeros(300), places), _pole(0.13, 0.4)))
    away = np.hypot(*np.moveaxis(joints[:, :, 1:, :2] - places[:, None, None, :2], -1, 0))
    assert away.min() > 0.11 and away[-1].min() > 0.138
    speed = np.linalg.norm(np.diff(joints[-30:], axis=0), axis=-1).max() * 60.0
    assert speed < 0.005


def test_a_clip_begins_as_if_it_had_gone_on_before() -> None:
    human, rate = _post(_skirt(2.0)), 60.0
    turns = 2.0 * np.pi * 3.0 * np.arange(240) / rate
    whole = _moved(human, rate, turns, np.tile((0.4, 0.1, 0.0), (240, 1)))
    part = _moved(human, rate, turns[120:], whole.root_location[120:] * 0.0 + (0.4, 0.1, 0.0))
    a, b = (_joints(human, swung(human, track, NOTHING)) for track in (whole, part))
    assert np.abs(a[120:] - b).max() < 0.02


@pytest.fixture(scope="module")
def dressed(assets: Path, phenotypes: Mapping[str, Mapping[str, float]]) -> Human:
    return build_human(SkaterSpec(phenotype=dict(phenotypes["woman"]), garments=DRESS), assets)


def _skirt_depths(human: Human, pose: Array) -> Array:
    """(N,) metres by which points of the skirt lie under the tights and the leotard; negative outside."""
    rest = human.rig.rest
    skirt = next(mesh for mesh in human.meshes if mesh.name == "skirt")
    points = skin(skirt.vertices, skirt.bones, skirt.weights, rest, pose)
    places, normals = [], []
    for mesh in human.meshes:
        if mesh.name in ("leotard", "tights"):
            posed = skin(mesh.vertices, mesh.bones, mesh.weights, rest, pose)
            areas = face_areas(posed, mesh.faces)
            places += [posed, face_centers(posed, mesh.faces)]
            normals += [vertex_normals(posed, mesh.faces), areas / np.linalg.norm(areas, axis=1, keepdims=True)]
    distance, near = cKDTree(np.concatenate(places)).query(points)
    depth: Array = -np.sum((points - np.concatenate(places)[near]) * np.concatenate(normals)[near], axis=1)
    return np.where(distance < 0.05, depth, -distance)


@pytest.mark.parametrize(
    ("element", "deepest"), [("upright spin", 0.02), ("camel spin", 0.02), ("Biellmann spin", 0.02), ("axel", 0.025)]
)
def test_the_skirt_lies_on_the_leg_not_in_it(dressed: Human, element: str, deepest: float) -> None:
    track = moving(dressed, element_take(element, {}))
    depths = np.stack([_skirt_depths(dressed, pose) for pose in track.matrices[::20]])
    assert depths.max() < deepest
    assert (depths > 0.004).mean() < 0.015


def test_the_same_track_swings_the_same_way(dressed: Human) -> None:
    take = element_take("upright spin", {})
    assert np.array_equal(moving(dressed, take).rotations, moving(dressed, take).rotations)


def test_a_frame_looks_the_same_in_whatever_clip_it_is(dressed: Human) -> None:
    take = element_take("upright spin", {})
    shown = []
    for start, count, picked in ((2.0, 61, 60), (2.5, 31, 30), (3.0, 1, 0)):
        motion, window = around(take, 60.0, start, count)
        shown.append(_joints(dressed, frames_of(moving(dressed, motion), window, 60.0))[picked])
    for other in shown[1:]:
        assert np.abs(other - shown[0]).max() < 0.03


def test_nothing_moves_on_somebody_who_stands_still(dressed: Human) -> None:
    rotations = np.tile((1.0, 0.0, 0.0, 0.0), (120, len(dressed.rig.names), 1))
    still = skater_poses.track(dressed.rig, rotations, np.zeros((120, 3)))
    joints = _joints(dressed, swung(dressed, still, volume_of(dressed)))
    assert np.linalg.norm(np.diff(joints[60:], axis=0), axis=-1).max() < 0.0005

"""Retargeting onto every rig that MPFB2 ships: the same motion, the same picture, whatever the bones are called."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from people import moving, standing

from blender_addon.makehuman.body import Body, load_body
from blender_addon.makehuman.reference_bodies import BODIES
from blender_addon.makehuman.rig_files import RIG_FILES
from blender_addon.makehuman.rig_maps import RIGS
from mocap.axes import FORWARD
from mocap.motion import Motion
from mocap.retarget import bare_soles, hand_axes, leg_length, retarget, source_leg_length
from mocap.retarget.feet import TOLERANCE
from mocap.retarget.ice import Soles
from mocap.rig import PoseTrack
from mocap.rotations import from_axis_angle
from mocap.skeleton import OUTWARD, SIDES

LEFT = np.array((1.0, 0.0, 0.0))
DOWN = np.array((0.0, 0.0, -1.0))


@pytest.fixture(scope="module", params=[(rig, "teenager") for rig in RIGS] + [("mixamo", "tall"), ("cmu_mb", "heavy")])
def rig_and_body(request: pytest.FixtureRequest, assets: Path) -> tuple[str, Body]:
    rig, body = request.param
    return rig, load_body(BODIES[body], assets, rig)


def onto(motion: Motion, name: str, body: Body, soles: Soles | None = None) -> PoseTrack:
    return retarget(motion, body.rig, RIGS[name], soles or bare_soles(body.rig, RIGS[name]))


def degrees(a: np.ndarray, b: np.ndarray) -> float:
    a, b = (v / np.linalg.norm(v, axis=-1, keepdims=True) for v in (a, b))
    return float(np.degrees(np.arccos(np.clip(np.sum(a * b, axis=-1), -1, 1))).max())


def head(track: PoseTrack, bone: str) -> np.ndarray:
    return track.matrices[:, track.rig.index(bone), :3, 3]


def carried(track: PoseTrack, bone: str, direction: np.ndarray) -> np.ndarray:
    b = track.rig.index(bone)
    return track.matrices[:, b, :3, :3] @ track.rig.rest[b, :3, :3].T @ direction


def squatting() -> Motion:
    """Deep in the knees and up again, the pelvis bent forward, one arm raised."""
    bend = np.radians(np.concatenate([np.linspace(0, 110, 30), np.linspace(110, 0, 30)]))
    turns = {"LeftUpperArm": from_axis_angle((0, -1, 0), bend), "T8": from_axis_angle((1, 0, 0), 0.2 * bend)}
    for side in ("Left", "Right"):
        turns[side + "UpperLeg"] = from_axis_angle((-1, 0, 0), 0.8 * bend)
        turns[side + "LowerLeg"] = from_axis_angle((1, 0, 0), 1.2 * bend)
        turns[side + "Foot"] = from_axis_angle((-1, 0, 0), 0.4 * bend)
    drop = 0.4 * (1 - np.cos(0.8 * bend)) + 0.38 * (1 - np.cos(0.4 * bend))
    root = np.stack([np.zeros(60), np.zeros(60), 0.85 - drop], axis=1)
    return moving(turns, root, np.ones((60, 4), bool))


def test_every_rig_has_a_bone_map() -> None:
    assert set(RIGS) == set(RIG_FILES)


def test_identity_pose_leaves_no_constant_error(rig_and_body: tuple[str, Body]) -> None:
    name, body = rig_and_body
    track = onto(standing(), name, body)
    for side, sign in OUTWARD.items():
        limbs = RIGS[name].limbs[side]
        for near, far, expected in (
            (limbs.upper_arm[0], limbs.forearm[0], sign * LEFT),
            (limbs.forearm[0], limbs.hand, sign * LEFT),
            (limbs.thigh[0], limbs.shank[0], DOWN),
            (limbs.shank[0], limbs.foot, DOWN),
        ):
            assert degrees(head(track, far) - head(track, near), expected) < 0.5, (side, near)
        hand = hand_axes(body.rig, limbs, sign)
        assert degrees(carried(track, limbs.hand, hand.along), sign * LEFT) < 0.1
        assert degrees(carried(track, limbs.hand, hand.palm), DOWN) < 4.0


def test_limbs_point_where_the_recorded_ones_do(rig_and_body: tuple[str, Body]) -> None:
    name, body = rig_and_body
    motion = squatting()
    track = onto(motion, name, body)
    index = motion.skeleton.index
    for side in SIDES:
        limbs = RIGS[name].limbs[side]
        for near, far, start, end in (
            (limbs.upper_arm[0], limbs.forearm[0], "UpperArm", "ForeArm"),
            (limbs.thigh[0], limbs.shank[0], "UpperLeg", "LowerLeg"),
            (limbs.shank[0], limbs.foot, "LowerLeg", "Foot"),
        ):
            wanted = motion.positions[:, index(side + end)] - motion.positions[:, index(side + start)]
            assert degrees(head(track, far) - head(track, near), wanted) < 3.0, (side, near)


def test_knees_bend_forward_and_feet_stay_on_the_ice(rig_and_body: tuple[str, Body]) -> None:
    name, body = rig_and_body
    soles = bare_soles(body.rig, RIGS[name])
    track = onto(squatting(), name, body, soles)
    for side in SIDES:
        limbs = RIGS[name].limbs[side]
        thigh, shank = head(track, limbs.shank[0]) - head(track, limbs.thigh[0]), head(track, limbs.foot)
        bend = np.cross(thigh, shank - head(track, limbs.shank[0]))
        assert bend[:, 0].min() > -1e-3, "a knee about +X bends the shank back"
        foot = body.rig.index(limbs.foot)
        points = np.concatenate([soles.points[side], np.ones((3, 1))], axis=1)
        place = np.einsum("tij,jk,mk->tmi", track.matrices[:, foot], np.linalg.inv(body.rig.rest[foot]), points)
        # The heel's end never bends with the toes.
        assert np.abs(place[:, -1, 2]).max() < 0.005, side
        assert np.abs(place[..., 2].min(axis=1)).max() < TOLERANCE + 1e-6, side


def test_only_the_bone_on_top_is_moved_and_what_is_not_mapped_follows(rig_and_body: tuple[str, Body]) -> None:
    name, body = rig_and_body
    track = onto(squatting(), name, body)
    assert body.rig.parents[track.root] == -1
    mapped = set(RIGS[name].names())
    followers = [b for b, bone in enumerate(body.rig.names) if bone not in mapped and b != track.root]
    np.testing.assert_array_equal(track.rotations[:, followers], np.tile((1.0, 0, 0, 0), (60, len(followers), 1)))
    hips = np.mean([head(track, limbs.thigh[0]) for limbs in RIGS[name].limbs.values()], axis=0)
    ratio = leg_length(body.rig, RIGS[name]) / source_leg_length(squatting())
    assert np.ptp(hips[:, 2]) == pytest.approx(ratio * np.ptp(squatting().positions[:, 0, 2]), rel=0.03)


def test_metres_keep_the_way_and_the_flight_of_the_recording(assets: Path) -> None:
    body = load_body(BODIES["tall"], assets)
    air = 0.4 * np.sin(np.linspace(0, np.pi, 30))
    root = np.stack([np.linspace(0, 3, 70), np.zeros(70), 0.85 + np.concatenate([np.zeros(20), air, np.zeros(20)])], 1)
    contacts = np.ones((70, 4), bool)
    contacts[20:50] = False
    motion = moving({}, root, contacts)
    soles, bones = bare_soles(body.rig, RIGS["default"]), RIGS["default"]
    tracks = {scale: retarget(motion, body.rig, bones, soles, scale=scale) for scale in ("body", "metres")}  # type: ignore[arg-type]
    ratio = leg_length(body.rig, bones) / source_leg_length(motion)
    assert ratio > 1.1
    for scale, size in (("body", ratio), ("metres", 1.0)):
        hips = head(tracks[scale], "upperleg01.L")
        assert np.ptp(hips[:, 0]) == pytest.approx(3.0 * size, rel=1e-6)
        assert hips[:, 2].max() - hips[0, 2] == pytest.approx(0.4 * size, rel=0.03)


def test_toes_bend_in_bare_feet_and_not_in_boots(assets: Path) -> None:
    body, bones = load_body({}, assets), RIGS["default"]
    rise = np.radians(np.linspace(0, 40, 10))
    turns = {"LeftFoot": from_axis_angle((1, 0, 0), rise), "LeftToe": from_axis_angle((-1, 0, 0), rise)}
    motion = moving(turns, np.tile((0.0, 0.0, 0.85), (10, 1)), np.ones((10, 4), bool))
    bare = bare_soles(body.rig, bones)
    toe = body.rig.index("toe2-1.L")
    bent = retarget(motion, body.rig, bones, bare)
    assert np.abs(carried(bent, "toe2-1.L", FORWARD)[:, 2]).max() < 0.02, "the toes stay level"
    assert carried(bent, "foot.L", FORWARD)[-1, 2] < -0.5
    rigid = retarget(motion, body.rig, bones, Soles(bare.points))
    np.testing.assert_array_equal(rigid.rotations[:, toe], np.tile((1.0, 0, 0, 0), (10, 1)))

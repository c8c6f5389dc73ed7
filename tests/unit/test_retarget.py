"""Retargeting onto MakeHuman's default rig: no constant error, no crossed axis, one level of ice."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from people import moving, standing

from blender_addon.makehuman.body import load_body
from blender_addon.makehuman.rig_maps import RIGS
from mocap.axes import FORWARD
from mocap.errors import UserError
from mocap.motion import Motion
from mocap.placement import place_motion
from mocap.retarget import Soles, retarget
from mocap.retarget.feet import TOLERANCE, height_corrections
from mocap.rig import PoseTrack, Rig
from mocap.rotations import from_axis_angle, from_matrix, to_matrix, twist_about

BODIES = ({}, {"gender": 1.0, "height": 0.8}, {"gender": 0.0, "age": 0.3, "height": 0.3})
LEFT = np.array((1.0, 0.0, 0.0))
DOWN = np.array((0.0, 0.0, -1.0))


@pytest.fixture(scope="module", params=range(len(BODIES)))
def rig(request: pytest.FixtureRequest, assets: Path) -> Rig:
    return load_body(BODIES[request.param], assets).rig


def soles(rig: Rig) -> Soles:
    points = {}
    for side, suffix in (("Left", ".L"), ("Right", ".R")):
        ankle = rig.heads[rig.index("foot" + suffix)]
        points[side] = np.array([(ankle[0], ankle[1] + y, 0.0) for y in (-0.17, -0.05, 0.06)])
    return Soles(points)


def on_rig(motion: Motion, rig: Rig) -> PoseTrack:
    return retarget(motion, rig, RIGS["default"], soles(rig))


def direction(track: PoseTrack, rig: Rig, a: str, b: str) -> np.ndarray:
    vector = track.matrices[:, rig.index(b), :3, 3] - track.matrices[:, rig.index(a), :3, 3]
    return vector / np.linalg.norm(vector, axis=-1, keepdims=True)


def degrees(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.degrees(np.arccos(np.clip(np.sum(a * b, axis=-1), -1, 1))).max())


@pytest.mark.parametrize(("suffix", "out"), [(".L", LEFT), (".R", -LEFT)])
def test_identity_pose_leaves_no_constant_error(rig: Rig, suffix: str, out: np.ndarray) -> None:
    track = on_rig(standing(), rig)
    for a, b, expected in (
        ("upperarm01", "lowerarm01", out),
        ("lowerarm01", "wrist", out),
        ("wrist", "finger3-1", out),
        ("upperleg01", "lowerleg01", DOWN),
        ("lowerleg01", "foot", DOWN),
    ):
        # Two-bone limbs are bent at their halves; sharing the twist between them costs about a degree.
        assert degrees(direction(track, rig, a + suffix, b + suffix), expected) < 2.0, (a, b)


@pytest.mark.parametrize(("suffix", "sign"), [(".L", 1.0), (".R", -1.0)])
def test_palms_face_down_in_identity_pose(rig: Rig, suffix: str, sign: float) -> None:
    track = on_rig(standing(), rig)
    wrist, index, little = (
        track.matrices[0, rig.index(b + suffix), :3, 3] for b in ("wrist", "finger2-1", "finger5-1")
    )
    palm = -sign * np.cross(index - wrist, little - wrist)
    assert degrees(palm / np.linalg.norm(palm), DOWN) < 3.0


@pytest.mark.parametrize(("side", "suffix", "sign"), [("Left", ".L", 1.0), ("Right", ".R", -1.0)])
def test_bent_elbow_points_the_forearm_forward(rig: Rig, side: str, suffix: str, sign: float) -> None:
    bend = from_axis_angle((0, 0, -sign), np.full(5, np.pi / 2))
    base = standing()
    track = on_rig(moving({side + "ForeArm": bend}, base.positions[:, 0], base.contacts), rig)
    assert degrees(direction(track, rig, "lowerarm01" + suffix, "wrist" + suffix), FORWARD) < 2.0
    assert degrees(direction(track, rig, "upperarm01" + suffix, "lowerarm01" + suffix), sign * LEFT) < 2.0


@pytest.mark.parametrize("suffix", [".L", ".R"])
def test_the_wrist_is_not_twisted_off_its_forearm(rig: Rig, suffix: str) -> None:
    """Hand and forearm are aligned apart from each other; their twists have to agree where they meet."""
    track = on_rig(standing(), rig)
    turns = [
        track.matrices[0, b, :3, :3] @ rig.rest[b, :3, :3].T
        for b in (rig.index("lowerarm02" + suffix), rig.index("wrist" + suffix))
    ]
    relative = from_matrix(turns[0].T @ turns[1])
    axis = rig.heads[rig.index("wrist" + suffix)] - rig.heads[rig.index("lowerarm01" + suffix)]
    twist = twist_about(relative, axis)
    assert np.degrees(2.0 * np.arctan2(np.linalg.norm(twist[1:]), abs(twist[0]))) < 6.0


def test_pronation_is_shared_along_the_forearm(rig: Rig) -> None:
    turn = from_axis_angle((1, 0, 0), np.linspace(0.0, np.pi / 2, 5))
    base = standing()
    track = on_rig(moving({"LeftForeArm": turn}, base.positions[:, 0], base.contacts), rig)
    angles = []
    for bone in ("upperarm02.L", "lowerarm01.L", "lowerarm02.L"):
        relative = track.matrices[-1, rig.index(bone), :3, :3] @ track.matrices[0, rig.index(bone), :3, :3].T
        angles.append(np.degrees(np.arccos(np.clip((np.trace(relative) - 1) / 2, -1, 1))))
    assert angles[0] < 1.0
    assert 20.0 < angles[1] < 45.0
    assert angles[2] == pytest.approx(90.0, abs=1.0)


def test_edges_stand_on_the_ice_and_a_jump_stays_a_jump(rig: Rig) -> None:
    height = 0.85 + np.concatenate([np.zeros(20), 0.3 * np.sin(np.linspace(0, np.pi, 20)), np.zeros(20)])
    contacts = np.ones((60, 4), bool)
    contacts[20:40] = False
    root = np.stack([np.zeros(60), np.zeros(60), height], axis=1)
    track = on_rig(moving({}, root, contacts), rig)
    foot = rig.index("foot.L")
    rest = np.linalg.inv(rig.rest[foot])
    edge = np.concatenate([soles(rig).points["Left"], np.ones((3, 1))], axis=1)
    low = np.einsum("tij,jk,mk->tmi", track.matrices[:, foot], rest, edge)[..., 2].min(axis=1)
    assert np.abs(low[contacts[:, 0]]).max() < 1e-6
    joints = rig.heads[[rig.index(b) for b in ("upperleg01.L", "lowerleg01.L", "foot.L")]]
    leg = np.linalg.norm(np.diff(joints, axis=0), axis=1).sum()
    assert low.max() == pytest.approx(0.3 * leg / 0.78, rel=0.05)


def test_feet_that_are_down_are_set_on_the_ice_by_the_knees(rig: Rig) -> None:
    """Uneven legs on the ground: one hip raised 3 cm by a pelvis tilt, knees bent, so that plain rotations float."""
    tilt = from_axis_angle((0, 1, 0), np.full(30, np.radians(12.0)))
    hip, knee = np.radians(25.0), np.radians(45.0)
    turns = {"Pelvis": tilt}
    for side in ("Left", "Right"):
        turns[side + "UpperLeg"] = np.tile(from_axis_angle((-1, 0, 0), np.array(hip)), (30, 1))
        turns[side + "LowerLeg"] = np.tile(from_axis_angle((1, 0, 0), np.array(knee)), (30, 1))
        turns[side + "Foot"] = np.tile(from_axis_angle((-1, 0, 0), np.array(knee - hip)), (30, 1))
    track = on_rig(moving(turns, np.tile((0.0, 0.0, 0.75), (30, 1)), np.ones((30, 4), bool)), rig)
    for side, suffix in (("Left", ".L"), ("Right", ".R")):
        foot = rig.index("foot" + suffix)
        edge = np.concatenate([soles(rig).points[side], np.ones((3, 1))], axis=1)
        low = np.einsum("tij,jk,mk->tmi", track.matrices[:, foot], np.linalg.inv(rig.rest[foot]), edge)[..., 2].min(
            axis=1
        )
        assert np.abs(low).max() < TOLERANCE + 1e-6, side


def test_hips_go_from_foot_to_foot_without_a_jolt(rig: Rig) -> None:
    """One foot is recorded 3 cm above the other; they take turns on the ice, both down in between."""
    hip, knee = np.radians(20.0), np.radians(43.0)
    bend = {"LeftUpperLeg": -hip, "LeftLowerLeg": knee, "LeftFoot": hip - knee}
    turns = {name: np.tile(from_axis_angle((1, 0, 0), np.array(a)), (90, 1)) for name, a in bend.items()}
    contacts = np.ones((90, 4), bool)
    contacts[:30, :2], contacts[60:, 2:] = False, False
    root = np.stack([np.zeros(90), np.zeros(90), np.full(90, 0.85)], axis=1)
    track = on_rig(moving(turns, root, contacts), rig)
    hips = track.matrices[:, rig.index("root"), 2, 3]
    assert np.ptp(hips) > 0.015, "the hips follow the feet"
    assert np.abs(np.diff(hips, 2)).max() < 0.03 * np.ptp(hips)


def test_basis_rotations_rebuild_the_matrices_as_blender_does(rig: Rig) -> None:
    rng = np.random.default_rng(3)
    turns = {s: from_axis_angle(rng.normal(size=(4, 3)), rng.uniform(-1, 1, 4)) for s in ("LeftUpperArm", "Head", "T8")}
    track = on_rig(moving(turns, np.zeros((4, 3))), rig)
    built = np.zeros_like(track.matrices)
    for b, parent in enumerate(rig.parents):
        basis = np.tile(np.eye(4), (len(track), 1, 1))
        basis[:, :3, :3] = to_matrix(track.rotations[:, b])
        if parent < 0:
            basis[:, :3, 3] = track.root_location
            built[:, b] = rig.rest[b] @ basis
        else:
            built[:, b] = built[:, parent] @ np.linalg.inv(rig.rest[parent]) @ rig.rest[b] @ basis
    # As in Blender, rest matrices of bones that point along −Y (the eyes) are orthonormal only to 2e-5.
    np.testing.assert_allclose(built, track.matrices, atol=5e-5)


def test_placement_moves_and_turns_the_whole_take() -> None:
    motion = place_motion(standing(), 3.0, -2.0, np.pi / 2)
    np.testing.assert_allclose(motion.positions[:, 0, :2], np.tile((3.0, -2.0), (5, 1)), atol=1e-12)
    left = motion.positions[0, motion.skeleton.index("LeftHand")] - motion.positions[0, 0]
    assert left[1] > 0.5
    assert abs(left[0]) < 1e-9


def test_a_rig_without_the_bones_is_named(rig: Rig) -> None:
    poor = Rig(tuple("x" + n for n in rig.names), rig.parents, rig.heads, rig.tails, rig.rest)
    with pytest.raises(UserError, match=r"lacks the bones root"):
        retarget(standing(), poor, RIGS["default"], soles(rig))


def turned(rig: Rig, turn: np.ndarray) -> Rig:
    rest = rig.rest.copy()
    rest[:, :3] = turn @ rest[:, :3]
    return Rig(rig.names, rig.parents, rig.heads @ turn.T, rig.tails @ turn.T, rest)


@pytest.mark.parametrize(
    ("axis", "message"), [((1, 0, 0), "does not stand upright"), ((0, 0, 2), "left leg is not at")]
)
def test_a_rig_that_stands_otherwise_is_told_how_to(rig: Rig, axis: tuple[float, float, float], message: str) -> None:
    angle = np.array(np.linalg.norm(axis) * np.pi / 2)
    with pytest.raises(UserError, match=message):
        on_rig(standing(), turned(rig, to_matrix(from_axis_angle(axis, angle))))


def test_a_bone_that_hangs_on_nothing_is_named(rig: Rig) -> None:
    parents = rig.parents.copy()
    parents[rig.index("upperleg01.L")] = -1
    with pytest.raises(UserError, match=r"'upperleg01.L' does not hang on what carries 'root'"):
        on_rig(standing(), Rig(rig.names, parents, rig.heads, rig.tails, rig.rest))


def test_corrections_of_a_foot_have_no_corners() -> None:
    """A heel that touches down and rolls: a nearly straight knee would make a jerk of every corner."""
    rate = 240.0
    lowest = np.abs(np.linspace(-0.02, 0.02, 240)) - 0.01
    raised = height_corrections(lowest, np.ones(240, bool), rate)
    corner = np.abs(np.diff(-lowest, 2)).max()
    assert np.abs(np.diff(raised, 2)).max() < 0.2 * corner
    assert np.abs(raised + lowest).max() < 0.004

"""Hands stay out of the body and out of each other, and are left alone where they are clear."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from people import moving, standing
from scipy.spatial import cKDTree

from blender_addon.makehuman.body import Body, load_body
from blender_addon.makehuman.flesh import body_volume
from blender_addon.makehuman.reference_bodies import BODIES
from blender_addon.makehuman.rig_maps import RIGS
from blender_addon.skater.human import skin
from blender_addon.skater.surface import vertex_normals
from mocap.motion import Motion
from mocap.retarget import BodyVolume, bare_soles, retarget
from mocap.retarget.crossing import Rod, Trunk, left_is_outer, push_apart
from mocap.retarget.pose import Pose
from mocap.retarget.volume import posed_tubes, push_out
from mocap.rig import PoseTrack
from mocap.rotations import from_axis_angle, multiply, slerp
from mocap.skating.contacts import ensure_contacts
from mocap.skeleton import OUTWARD
from mocap.takes import read_take

X, Y, Z = np.eye(3)
# Turns of the left arm from the identity pose, in order, by axis and degrees; the right one mirrors them.
POSES: Mapping[str, Mapping[str, tuple[tuple[np.ndarray, float], ...]]] = {
    "crossed on the chest": {"UpperArm": ((Y, 65.0), (Z, -75.0)), "ForeArm": ((Z, -125.0),)},
    "hands on the hips": {"UpperArm": ((X, 75.0), (Y, 48.0), (Z, 10.0)), "ForeArm": ((Z, -118.0),)},
    "behind the back": {"UpperArm": ((X, 100.0), (Y, 75.0), (Z, 35.0)), "ForeArm": ((Z, -65.0),)},
    "hanging": {"UpperArm": ((Y, 86.0),), "ForeArm": ((Z, -15.0),)},
}
BONES = RIGS["default"]


def taking_up(name: str, count: int = 60) -> Motion:
    """From arms out into one of POSES and rest there."""
    eased = np.clip(np.linspace(-0.3, 1.3, count), 0.0, 1.0)
    eased = eased * eased * (3.0 - 2.0 * eased)
    turns = {}
    for segment, steps in POSES[name].items():
        for side, sign in OUTWARD.items():
            whole = np.array((1.0, 0.0, 0.0, 0.0))
            for axis, angle in steps:
                whole = multiply(from_axis_angle(axis, np.radians(angle if axis is X else sign * angle)), whole)
            turns[side + segment] = slerp(np.tile((1.0, 0, 0, 0), (count, 1)), np.tile(whole, (count, 1)), eased)
    return moving(turns, standing(count).positions[:, 0], np.ones((count, 4), bool))


@pytest.fixture(scope="module", params=["thin", "heavy"])
def body(request: pytest.FixtureRequest, assets: Path) -> Body:
    return load_body(BODIES[request.param], assets)


@pytest.fixture(scope="module")
def volume(body: Body) -> BodyVolume:
    return body_volume(body, BONES)


def tracks(motion: Motion, body: Body, volume: BodyVolume) -> tuple[PoseTrack, PoseTrack]:
    """Without and with keeping the hands out."""
    soles = bare_soles(body.rig, BONES)
    return retarget(motion, body.rig, BONES, soles), retarget(motion, body.rig, BONES, soles, volume)


def hangs_on(body: Body, bones: tuple[str, ...]) -> np.ndarray:
    """Skin vertices that hang mostly on these bones or on what hangs on them."""
    rig = body.rig
    chosen = np.isin(np.arange(len(rig.names)), [rig.index(bone) for bone in bones])
    stop = {rig.index(bone) for bone in BONES.names()} - set(np.flatnonzero(chosen).tolist())
    for b, parent in enumerate(rig.parents):
        chosen[b] |= parent >= 0 and chosen[parent] and b not in stop
    share = np.where(chosen[body.bones], body.weights, 0.0).sum(axis=1)
    skin_vertices = body.groups["body"]
    return skin_vertices[share[skin_vertices] > 0.6]


def depths(body: Body, track: PoseTrack, frame: int) -> np.ndarray:
    """Millimetres by which vertices of forearms and hands lie under the skin of trunk, head and thighs."""
    limbs = BONES.limbs.values()
    trunk = (BONES.root, *BONES.spine, *BONES.neck, BONES.head, *(b for side in limbs for b in side.thigh))
    fingers = tuple(b for side in limbs for names in side.fingers.values() for b in names)
    arms = hangs_on(body, (*fingers, *(b for side in limbs for b in (*side.forearm, side.hand))))
    points = skin(body.vertices, body.bones, body.weights, body.rig.rest, track.matrices[frame])
    faces = body.faces[body.face_masks["body"]]
    normals = vertex_normals(points, faces)
    flesh = faces[np.isin(faces, hangs_on(body, trunk)).all(axis=1)]
    centers, out = points[flesh].mean(axis=1), normals[flesh].mean(axis=1)
    distance, near = cKDTree(centers).query(points[arms])
    inside = np.einsum("vk,vk->v", centers[near] - points[arms], out[near])
    # A vertex far from all flesh is not in it, whatever the nearest normal says.
    return np.where(distance < 0.15, np.maximum(inside, 0.0), 0.0) * 1000.0


def wrist(track: PoseTrack, bone: str = "wrist.L") -> np.ndarray:
    """(T, 3) in the chest's own frame."""
    chest = np.linalg.inv(track.matrices[:, track.rig.index(BONES.spine[-1])])
    return np.einsum("tij,tj->ti", chest, track.matrices[:, track.rig.index(bone), :, 3])[:, :3]


def test_tubes_end_at_the_skin(body: Body, volume: BodyVolume) -> None:
    rest = Pose(body.rig, 0, {0: np.array(((1.0, 0, 0, 0),))}, {}, body.rig.heads[:1])
    flesh = hangs_on(body, (BONES.root, *BONES.spine))
    points = body.vertices[flesh][None]
    tubes = posed_tubes(volume, rest)
    inside = np.linalg.norm(push_out(tubes, np.array([0]), points, np.full(len(flesh), 0.0)), axis=-1)
    deep = np.linalg.norm(push_out(tubes, np.array([0]), points, np.full(len(flesh), 0.012)), axis=-1)
    # Trunk alone: some of its skin lies in the tubes of thighs and neck.
    assert np.percentile(inside, 75) < 0.006
    assert np.mean(deep > 0.0) > 0.9


@pytest.mark.parametrize("name", POSES)
def test_arms_come_to_lie_on_the_body(name: str, body: Body, volume: BodyVolume) -> None:
    plain, clear = tracks(taking_up(name), body, volume)
    before, after = (depths(body, track, 59) for track in (plain, clear))
    if name != "hanging":
        assert before.max() > 30.0, "the pose does not test anything on this body"
    assert np.mean(after > 5.0) < 0.01
    assert after.max() < 15.0
    # No farther than the skin: within two centimetres of flesh.
    moved = np.linalg.norm(wrist(clear) - wrist(plain), axis=1)
    assert moved[59] < before.max() / 1000.0 + 0.16


@pytest.mark.parametrize("name", POSES)
def test_nothing_pops(name: str, body: Body, volume: BodyVolume) -> None:
    plain, clear = tracks(taking_up(name), body, volume)
    for bone in ("wrist.L", "wrist.R", "lowerarm01.L"):
        before, after = (np.linalg.norm(np.diff(wrist(t, bone), 2, axis=0), axis=1).max() for t in (plain, clear))
        assert after < max(2.5 * before, 0.006), bone


def test_arms_that_are_clear_stay_exactly_as_recorded(body: Body, volume: BodyVolume) -> None:
    plain, clear = tracks(taking_up("crossed on the chest"), body, volume)
    np.testing.assert_allclose(clear.rotations[:12], plain.rotations[:12], atol=1e-5)
    assert np.abs(clear.rotations[-1] - plain.rotations[-1]).max() > 0.05
    legs = [body.rig.index(bone) for bone in ("upperleg01.L", "foot.R", "head", "root")]
    np.testing.assert_array_equal(clear.rotations[:, legs], plain.rotations[:, legs])


def test_bones_keep_their_lengths_and_hands_their_attitude(body: Body, volume: BodyVolume) -> None:
    plain, clear = tracks(taking_up("hands on the hips"), body, volume)
    hand = body.rig.index("wrist.L")
    np.testing.assert_allclose(clear.matrices[:, hand, :3, :3], plain.matrices[:, hand, :3, :3], atol=1e-9)


def test_forearms_that_cross_do_not_share_their_flesh(body: Body, volume: BodyVolume) -> None:
    _, clear = tracks(taking_up("crossed on the chest"), body, volume)
    arms = [hangs_on(body, (f"lowerarm01.{s}", f"lowerarm02.{s}")) for s in "LR"]
    points = skin(body.vertices, body.bones, body.weights, body.rig.rest, clear.matrices[59])
    axis = [clear.matrices[59, body.rig.index(f"{b}.R"), :3, 3] for b in ("lowerarm01", "wrist")]
    line = axis[1] - axis[0]
    along = np.clip((points[arms[0]] - axis[0]) @ line / (line @ line), 0.0, 1.0)
    gap = np.linalg.norm(points[arms[0]] - axis[0] - along[:, None] * line, axis=1)
    assert gap.min() > volume.arms["Right"].wrist - 0.012


def test_a_hand_recorded_inside_the_body_comes_out_and_stays_on_one_side(recordings: Path, body: Body) -> None:
    """MVN's own take of an upper body: the left hand goes through the trunk."""
    motion = ensure_contacts(read_take(recordings / "xsens_v4_upperbody_60hz.mvnx"))
    plain, clear = tracks(motion, body, body_volume(body, BONES))
    frames = range(0, len(motion), 22)
    assert np.mean([depths(body, plain, f) > 5.0 for f in frames]) > 0.03
    assert np.mean([depths(body, clear, f) > 5.0 for f in frames]) < 0.005
    assert np.linalg.norm(np.diff(wrist(clear), 2, axis=0), axis=1).max() < 0.008


def test_an_arm_recorded_through_the_body_goes_over_once_and_not_in_one_frame(body: Body, volume: BodyVolume) -> None:
    """The left forearm is turned in from before the body, through it, and out behind it."""
    count = 120
    turn = np.radians(np.linspace(20.0, 190.0, count))
    upper = multiply(
        multiply(from_axis_angle(Z, np.full(count, 0.4)), from_axis_angle(Y, np.full(count, 1.3))),
        from_axis_angle(X, turn),
    )
    bend = np.tile(from_axis_angle(Z, np.radians(-95.0)), (count, 1))
    turns = {"LeftUpperArm": upper, "LeftForeArm": bend}
    motion = moving(turns, standing(count).positions[:, 0], np.ones((count, 4), bool))
    plain, clear = tracks(motion, body, volume)
    inside = [depths(body, plain, f).max() > 30.0 for f in range(0, count, 6)]
    assert np.mean(inside) > 0.15, "the motion does not test anything on this body"
    steps = np.linalg.norm(np.diff(wrist(clear), axis=0), axis=1)
    assert steps.max() < 0.05, "three metres a second; without, the hand is elsewhere from one frame to the next"
    assert np.mean([np.mean(depths(body, clear, f) > 5.0) > 0.02 for f in range(0, count, 6)]) < 0.3


def rod(at: float, height: float, sign: float) -> Rod:
    """A forearm across the body at `at` metres before it; +1 for the left arm."""
    ends = [np.array([[sign * x, -at, height + 0.5 * sign * x]]) for x in (0.2, -0.1, -0.18)]
    return Rod(ends[0], ends[1], ends[2], (0.04, 0.03, 0.02))


def test_of_two_crossing_arms_the_outer_one_yields() -> None:
    trunk = Trunk(np.zeros((1, 3)), np.array([[0.0, 0.0, 1.0]]))
    left, right = rod(0.17, 1.2, 1.0), rod(0.15, 1.2, -1.0)
    outer = left_is_outer(left, right, trunk)
    assert outer.all()
    moves = push_apart(left, right, trunk, outer)
    assert moves[0][0, :, 1].min() < -0.02, "away from the body"
    assert np.abs(moves[1]).max() < 1e-9
    swapped = push_apart(right, left, trunk, left_is_outer(right, left, trunk))
    assert np.abs(swapped[0]).max() < 1e-9 and swapped[1][0, :, 1].min() < -0.02
    assert not np.any(push_apart(rod(0.4, 1.2, 1.0), right, trunk, outer))


def test_the_order_of_two_arms_is_kept_through_a_crossing() -> None:
    """One arm is recorded sliding through the other and back; it stays on top throughout."""
    ahead = np.concatenate([np.full(20, 0.18), np.full(5, 0.13), np.full(20, 0.18)])
    parts = [rod(float(a), 1.2, 1.0) for a in ahead]
    left = Rod(
        *(np.concatenate([getattr(p, n) for p in parts]) for n in ("elbow", "wrist", "knuckles")), parts[0].radii
    )
    one = rod(0.15, 1.2, -1.0)
    right = Rod(*(np.repeat(getattr(one, n), 45, axis=0) for n in ("elbow", "wrist", "knuckles")), one.radii)
    trunk = Trunk(np.zeros((45, 3)), np.tile((0.0, 0.0, 1.0), (45, 1)))
    outer = left_is_outer(left, right, trunk)
    assert outer.all()
    moves = push_apart(left, right, trunk, outer)[0]
    assert moves[22, 1, 1] < moves[0, 1, 1] < 0.0

"""Figures of retargeting, on an avatar that is wrong by an amount known exactly."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pytest
from made_takes import dancing, person_with_soles

from mocap.events import Event
from mocap.metrics.directions import LOOSE, overlaps, turn_about
from mocap.metrics.limits import BALLS, HINGES, bending
from mocap.metrics.quality import Quality, measure, to_json
from mocap.metrics.spread import Spread, spread
from mocap.motion import Motion, forward_kinematics
from mocap.retarget import BoneMap, Limbs, Soles
from mocap.rig import Rig
from mocap.rotations import conjugate, from_axis_angle, hemisphere, multiply, rotate, to_matrix

SKELETON = person_with_soles()
SPINE = ("L5", "L3", "T12", "T8")
# How the avatar rests: arms lowered, elbows and knees a little bent, as MakeHuman's are. Local turns of the left side.
REST = {
    "UpperArm": from_axis_angle((0.0, 1.0, 0.0), np.radians(40.0)),
    "ForeArm": from_axis_angle((0.0, 0.0, -1.0), np.radians(15.0)),
    "UpperLeg": from_axis_angle((0.0, 1.0, 0.0), np.radians(-6.0)),
    "LowerLeg": from_axis_angle((1.0, 0.0, 0.0), np.radians(5.0)),
}
FINGERS = {"index": (0.08, -0.02, 0.0), "middle": (0.08, 0.0, 0.0), "little": (0.07, 0.03, 0.0)}
EDGE = np.array(((0.0, -0.15, -0.09), (0.0, -0.05, -0.09), (0.0, 0.05, -0.09)))
# Hips over the ice when the blades of straight legs stand on it.
STANDING = 0.4 + 0.38 + 0.09

Edit = Callable[[np.ndarray, "Avatar"], None]


@dataclass(frozen=True)
class Avatar:
    """A rig with the recorded person's own joints; bone b plays segment `plays[b]`."""

    rig: Rig
    bones: BoneMap
    soles: Soles
    plays: tuple[str, ...]
    hangs: Mapping[str, np.ndarray]

    def below(self, bone: str) -> list[int]:
        """A bone and all that hang on it."""
        out = [self.rig.index(bone)]
        for b, parent in enumerate(self.rig.parents):
            if parent in out:
                out.append(b)
        return out


class Track:
    """What the figures read of a track; its bones may be pulled apart."""

    def __init__(self, matrices: np.ndarray) -> None:
        self.matrices = matrices

    def __len__(self) -> int:
        return len(self.matrices)


def mirrored(q: np.ndarray) -> np.ndarray:
    return q * np.array((1.0, 1.0, -1.0, -1.0))


def limbs(side: str) -> Limbs:
    return Limbs(
        clavicle=f"{side}Shoulder",
        upper_arm=(f"{side}UpperArm",),
        forearm=(f"{side}ForeArm",),
        hand=f"{side}Hand",
        thigh=(f"{side}UpperLeg",),
        shank=(f"{side}LowerLeg",),
        foot=f"{side}Foot",
        fingers={finger: (side + finger,) for finger in FINGERS},
    )


def rest_pose() -> tuple[np.ndarray, np.ndarray]:
    """(J, 4) turns and (J, 3) places of the segments as the avatar rests, with its blades level."""
    local = np.tile((1.0, 0.0, 0.0, 0.0), (1, len(SKELETON.names), 1))
    for side in ("Left", "Right"):
        for part, turn in REST.items():
            local[0, SKELETON.index(side + part)] = turn if side == "Left" else mirrored(turn)
        thigh, shank, foot = (SKELETON.index(side + part) for part in ("UpperLeg", "LowerLeg", "Foot"))
        local[0, foot] = conjugate(multiply(local[0, thigh], local[0, shank]))
    turns, places = forward_kinematics(SKELETON, np.zeros((1, 3)), local)
    return turns[0], places[0]


@pytest.fixture(scope="module")
def avatar() -> Avatar:
    turned, at = rest_pose()
    names, parents, heads, rest, plays = [], [], [], [], []
    hangs: dict[str, np.ndarray] = {}
    rng = np.random.default_rng(5)
    for j, segment in enumerate(SKELETON.names):
        if segment.endswith("Toe"):
            continue
        names.append(segment)
        parents.append(-1 if SKELETON.parents[j] < 0 else names.index(SKELETON.names[SKELETON.parents[j]]))
        heads.append(at[j])
        plays.append(segment)
        # Bones are rolled as it happens; no figure may depend on it.
        rest.append(multiply(turned[j], from_axis_angle(rng.normal(size=3), rng.uniform(-3.0, 3.0))))
    for side, sign in (("Left", 1.0), ("Right", -1.0)):
        hand = names.index(side + "Hand")
        for finger, (x, y, z) in FINGERS.items():
            hangs[side + finger] = np.array((sign * x, y, z))
            names.append(side + finger)
            parents.append(hand)
            heads.append(heads[hand] + rotate(turned[SKELETON.index(side + "Hand")], hangs[side + finger]))
            plays.append(side + "Hand")
            rest.append(rest[hand])
    matrices = np.tile(np.eye(4), (len(names), 1, 1))
    matrices[:, :3, :3], matrices[:, :3, 3] = to_matrix(np.array(rest)), np.array(heads)
    soles = {s: heads[names.index(s + "Foot")] + EDGE for s in ("Left", "Right")}
    return Avatar(
        Rig(tuple(names), np.array(parents), np.array(heads), np.array(heads), matrices),
        BoneMap("Pelvis", SPINE, ("Neck",), "Head", {s: limbs(s) for s in ("Left", "Right")}),
        Soles(soles),
        tuple(plays),
        hangs,
    )


def posed(avatar: Avatar, motion: Motion, size: float = 1.0) -> np.ndarray:
    """(T, B, 4, 4) the avatar exactly where the recorded person is, `size` times as large."""
    rest_turns, _ = rest_pose()
    out = np.tile(np.eye(4), (len(motion), len(avatar.plays), 1, 1))
    for b, segment in enumerate(avatar.plays):
        j = SKELETON.index(segment)
        turn = to_matrix(multiply(motion.orientations[:, j], conjugate(rest_turns[j])))
        out[:, b, :3, :3] = turn @ avatar.rig.rest[b, :3, :3]
        hung = avatar.hangs.get(avatar.rig.names[b], np.zeros(3))
        out[:, b, :3, 3] = size * (motion.positions[:, j] + rotate(motion.orientations[:, j], hung))
    return out


def larger(avatar: Avatar, size: float) -> Avatar:
    rest = avatar.rig.rest.copy()
    rest[:, :3, 3] *= size
    rig = replace(avatar.rig, heads=size * avatar.rig.heads, tails=size * avatar.rig.tails, rest=rest)
    return replace(avatar, rig=rig, soles=Soles({s: size * points for s, points in avatar.soles.points.items()}))


def quality(avatar: Avatar, motion: Motion, edit: Edit | None = None, size: float = 1.0) -> Quality:
    matrices = posed(avatar, motion, size)
    if edit is not None:
        edit(matrices, avatar)
    return measure(motion, avatar.rig, avatar.bones, avatar.soles, Track(matrices))  # type: ignore[arg-type]


def take(count: int = 60, local: Mapping[str, np.ndarray] | None = None, root: np.ndarray | None = None) -> Motion:
    """Standing on both blades, or as told; 60 Hz."""
    turns = np.tile((1.0, 0.0, 0.0, 0.0), (count, len(SKELETON.names), 1))
    for name, turn in (local or {}).items():
        turns[:, SKELETON.index(name)] = turn
    at = np.tile((0.0, 0.0, STANDING), (count, 1)) if root is None else root
    orientations, positions = forward_kinematics(SKELETON, at, turns)
    return Motion("test", 60.0, SKELETON, hemisphere(orientations), positions, np.ones((count, 4), bool))


def move(bone: str, by: np.ndarray) -> Edit:
    """Everything from a bone down is somewhere else by `by` (3,) or (T, 3) metres."""

    def edit(matrices: np.ndarray, avatar: Avatar) -> None:
        for b in avatar.below(bone):
            matrices[:, b, :3, 3] += by

    return edit


def roll(bone: str, axis: np.ndarray, degrees: float) -> Edit:
    """A bone alone is turned where it is, about an axis of the world."""

    def edit(matrices: np.ndarray, avatar: Avatar) -> None:
        b = avatar.rig.index(bone)
        matrices[:, b, :3, :3] = to_matrix(from_axis_angle(axis, np.radians(degrees))) @ matrices[:, b, :3, :3]

    return edit


def test_an_exact_avatar_has_no_error(avatar: Avatar) -> None:
    motion = dancing(120)
    found = quality(avatar, motion)
    assert found.directions.firm.max < 1e-4 and found.directions.loose.max < 1e-4
    for name, error in (*found.directions.direction.items(), *found.directions.twist.items()):
        assert error is not None and error.max < 1e-4, name
    assert found.positions.scale == pytest.approx(1.0)
    assert found.positions.mean_mm < 1e-9
    assert all(ratio == pytest.approx(1.0) for ratio in found.positions.jerk.values())
    assert all(turn.turns == pytest.approx(turn.avatar_turns) for turn in found.turns)
    for joint, violation in found.limits.items():
        assert vars(violation) == pytest.approx(vars(found.recorded_limits[joint]))


def test_every_segment_is_looked_at(avatar: Avatar) -> None:
    sides = [s + p for s in ("Left", "Right") for p in ("Shoulder", "UpperArm", "ForeArm", "Hand")]
    sides += [s + p for s in ("Left", "Right") for p in ("UpperLeg", "LowerLeg", "Foot")]
    assert set(quality(avatar, take()).directions.direction) == {"Pelvis", *SPINE, "Neck", "Head", *sides}


def turn_all(bone: str, axis: tuple[float, float, float], degrees: float) -> Edit:
    """Everything that hangs on a bone is turned about its joint, and so is the bone."""

    def edit(matrices: np.ndarray, avatar: Avatar) -> None:
        joint, *_ = below = avatar.below(bone)
        turn = from_axis_angle(axis, np.radians(degrees))
        places = matrices[..., :3, 3]
        pivot = places[:, joint, None].copy()
        places[:, below] = pivot + rotate(turn, places[:, below] - pivot)
        matrices[:, below, :3, :3] = to_matrix(turn) @ matrices[..., :3, :3][:, below]

    return edit


def swing(start: str, end: str, axis: tuple[float, float, float], degrees: float) -> Edit:
    """The second bone's joint goes along an arc about the first one's; what hangs on it comes along, not turning."""

    def edit(matrices: np.ndarray, avatar: Avatar) -> None:
        a, b = (matrices[:, avatar.rig.index(bone), :3, 3] for bone in (start, end))
        arc = rotate(from_axis_angle(axis, np.radians(degrees)), b - a) - (b - a)
        move(end, arc)(matrices, avatar)

    return edit


@pytest.mark.parametrize(
    ("segment", "end", "axis"),
    [
        ("LeftShoulder", "LeftUpperArm", (0.0, 0.0, 1.0)),
        ("LeftUpperArm", "LeftForeArm", (0.0, 1.0, 0.0)),
        ("RightForeArm", "RightHand", (0.0, 0.0, 1.0)),
        ("RightHand", "Rightmiddle", (0.0, 1.0, 0.0)),
        ("LeftUpperLeg", "LeftLowerLeg", (1.0, 0.0, 0.0)),
        ("RightLowerLeg", "RightFoot", (0.0, 1.0, 0.0)),
        ("T12", "T8", (1.0, 0.0, 0.0)),
        ("Neck", "Head", (0.0, 1.0, 0.0)),
    ],
)
def test_a_bone_three_degrees_off_is_three_degrees_off(
    avatar: Avatar, segment: str, end: str, axis: tuple[float, float, float]
) -> None:
    found = quality(avatar, take(), swing(segment, end, axis, 3.0)).directions
    assert found.direction[segment].median == pytest.approx(3.0, abs=1e-6)
    assert max(error.max for name, error in found.direction.items() if name != segment) < 1e-5
    pooled, other = (found.loose, found.firm) if segment.endswith(LOOSE) else (found.firm, found.loose)
    assert pooled.max == pytest.approx(3.0, abs=1e-6) and other.max < 1e-5


def test_a_foot_points_along_its_blade(avatar: Avatar) -> None:
    found = quality(avatar, take(), roll("RightFoot", np.array((0.0, 0.0, 1.0)), 3.0)).directions
    assert found.direction["RightFoot"].median == pytest.approx(3.0, abs=1e-6)
    assert found.direction["LeftFoot"].max < 1e-5


def test_an_uncorrected_rest_pose_shows(avatar: Avatar) -> None:
    """The 40° of an A-pose, left in every frame as by a retargeter that copies rotations."""

    found = quality(avatar, take(), turn_all("LeftUpperArm", (0.0, 1.0, 0.0), 40.0)).directions.direction
    for part in ("UpperArm", "ForeArm", "Hand"):
        assert found["Left" + part].median == pytest.approx(40.0, abs=1e-6)
        assert found["Right" + part].max < 1e-5


@pytest.mark.parametrize(
    ("bone", "axis"),
    [
        ("LeftUpperArm", (1.0, 0.0, 0.0)),
        ("RightUpperLeg", (0.0, 0.0, 1.0)),
        ("LeftLowerLeg", (0.0, 0.0, 1.0)),
        ("RightFoot", (0.0, 1.0, 0.0)),
        ("Head", (0.0, 0.0, 1.0)),
        ("Pelvis", (0.0, 0.0, 1.0)),
    ],
)
def test_a_bone_turned_about_itself_is_twisted(avatar: Avatar, bone: str, axis: tuple[float, float, float]) -> None:
    found = quality(avatar, take(), roll(bone, np.array(axis), 7.0)).directions
    assert found.twist[bone].median == pytest.approx(7.0, abs=1e-6)
    assert found.direction[bone].max < 1e-5
    assert max(error.max for name, error in found.twist.items() if name != bone) < 1e-5


def test_only_what_lies_across_a_line_turns_about_it() -> None:
    line, leaning = np.array((0.0, 0.0, 1.0)), np.array((0.6, 0.0, 0.8))
    turned = rotate(from_axis_angle(line, np.radians(30.0)), leaning)
    assert turn_about(line, leaning, turned) == pytest.approx(30.0)
    assert turn_about(line, turned, np.array((0.28, 0.0, 0.96))) == pytest.approx(-30.0)


def test_a_spine_is_cut_at_the_recorded_joints() -> None:
    shares = overlaps(np.array((-0.1, 0.3, 0.8, 1.0)), np.array((0.0, 0.1, 1.0)))
    np.testing.assert_allclose(shares, ((0.5, 0.5), (0.0, 1.0), (0.0, 1.0)), atol=1e-12)


def test_a_palm_turned_over_is_twisted(avatar: Avatar) -> None:
    found = quality(avatar, take(), turn_all("LeftHand", (1.0, 0.0, 0.0), 90.0)).directions
    assert found.twist["LeftHand"].median == pytest.approx(90.0, abs=1e-6)
    assert found.twist["RightHand"].max < 1e-5 and found.direction["LeftHand"].max < 1e-5


def test_another_size_is_no_error_and_a_joint_elsewhere_is(avatar: Avatar) -> None:
    motion = dancing(60)
    bigger = quality(larger(avatar, 1.25), motion, size=1.25)
    assert bigger.positions.scale == pytest.approx(1.25) and bigger.leg_scale == pytest.approx(1.25)
    assert bigger.positions.mean_mm < 1e-9 and bigger.directions.firm.max < 1e-4
    assert all(ratio == pytest.approx(1.0) for ratio in bigger.positions.jerk.values())
    assert bigger.blades.slip.m_per_s.median == pytest.approx(bigger.blades.recorded_slip.m_per_s.median, rel=0.5)
    found = quality(avatar, motion, move("LeftHand", np.array((0.0, 0.0, 0.02)))).positions
    assert found.joint_mm["LeftWrist"].median == pytest.approx(20.0, rel=0.05)
    assert found.joint_mm["RightWrist"].max < 2.0
    assert found.mean_mm == pytest.approx(np.mean([error.median for error in found.joint_mm.values()]), rel=0.1)


def test_joints_are_seen_from_the_middle_of_the_hips(avatar: Avatar) -> None:
    assert quality(avatar, take(), move("Pelvis", np.array((1.0, 2.0, 3.0)))).positions.mean_mm < 1e-9
    found = quality(avatar, take(), move("LeftUpperLeg", np.array((0.0, 0.02, 0.0)))).positions.joint_mm
    for joint in ("LeftHip", "RightHip", "Head"):
        assert found[joint].median == pytest.approx(10.0, rel=0.01)


def test_jerk_is_measured_against_the_recorded(avatar: Avatar) -> None:
    """Cubic paths have one jerk all along: 6 m/s³ of the body, twice that of one wrist."""
    seconds = np.arange(60)[:, None] / 60.0
    push = seconds**3 * np.array((1.0, 0.0, 0.0))
    motion = take(root=np.array((0.0, 0.0, STANDING)) + push)
    found = quality(avatar, motion, move("LeftHand", push)).positions
    assert found.jerk["LeftWrist"] == pytest.approx(2.0 / found.scale)
    assert found.jerk["RightWrist"] == pytest.approx(1.0 / found.scale)
    found = quality(avatar, motion, move("LeftHand", seconds**2 * np.array((1.0, 0.0, 0.0)))).positions
    assert found.jerk["LeftWrist"] == pytest.approx(found.jerk["RightWrist"])
    assert all(ratio is None for ratio in quality(avatar, take()).positions.jerk.values())


@pytest.mark.parametrize(("by", "under", "over"), [(0.007, 0.0, 7.0), (-0.004, 4.0, 0.0)])
def test_a_blade_off_the_ice_floats_or_sinks(avatar: Avatar, by: float, under: float, over: float) -> None:
    found = quality(avatar, take(), move("LeftFoot", np.array((0.0, 0.0, by)))).blades
    assert found.contact_frames == 120
    # One foot of the two: it is half of the frames counted.
    assert (found.penetration_mm.max, found.float_mm.max) == pytest.approx((under, over), abs=1e-6)
    assert (found.penetration_mm.p95, found.float_mm.p95) == pytest.approx((under, over), abs=1e-6)
    assert found.penetration_mm.median == pytest.approx(under / 2, abs=1e-6)
    assert found.deepest_mm == pytest.approx(under, abs=1e-6)


def test_only_frames_in_contact_count(avatar: Avatar) -> None:
    lifted = take()
    lifted.contacts[20:40, 0:2] = False
    up = np.zeros((60, 3))
    up[20:40, 2] = 0.05
    assert quality(avatar, lifted, move("LeftFoot", up)).blades.float_mm.max < 1e-6
    down = quality(avatar, lifted, move("LeftFoot", -up)).blades
    assert down.penetration_mm.max < 1e-6 and down.deepest_mm == pytest.approx(50.0)
    on_the_toe = take()
    on_the_toe.contacts[:, (0, 2)] = False
    assert quality(avatar, on_the_toe).blades.contact_frames == 120


def test_a_glide_does_not_slip_and_a_skid_does(avatar: Avatar) -> None:
    steps = np.arange(60)[:, None] / 60.0
    along = take(root=np.array((0.0, 0.0, STANDING)) + steps * np.array((0.0, -5.0, 0.0)))
    assert quality(avatar, along).blades.slip.m_per_s.max < 1e-9
    aside = quality(avatar, along, move("Pelvis", steps * np.array((0.3, 0.0, 0.0)))).blades
    assert aside.slip.m_per_s.median == pytest.approx(0.3)
    assert aside.slip.mm_per_frame.p95 == pytest.approx(5.0)
    assert aside.recorded_slip.m_per_s.max < 1e-9


@pytest.mark.parametrize(
    ("down", "radius", "recorded"), [((1, 1), 0.05, 0.04), ((0, 1), 0.15, 0.12), ((1, 0), 0.05, 0.04)]
)
def test_slip_is_that_of_the_end_that_is_down(
    avatar: Avatar, down: tuple[int, int], radius: float, recorded: float
) -> None:
    """A foot that swivels under its ankle, 0.5 rad a second; heel and toe lie at different distances from it."""
    motion = take(local={"LeftFoot": from_axis_angle((0.0, 0.0, 1.0), 0.5 * np.arange(60) / 60.0)})
    motion.contacts[:] = (*down, 0, 0)
    found = quality(avatar, motion).blades
    assert found.slip.m_per_s.median == pytest.approx(0.5 * radius, rel=1e-3)
    assert found.recorded_slip.m_per_s.median == pytest.approx(0.5 * recorded, rel=1e-3)


def test_a_foot_that_leaves_the_ice_does_not_slip(avatar: Avatar) -> None:
    motion = take()
    motion.contacts[30:, :2] = False
    away = np.maximum(0.0, np.arange(60) - 29.0)[:, None] * np.array((0.02, 0.0, 0.0))
    assert quality(avatar, motion, move("LeftFoot", away)).blades.slip.m_per_s.max < 1e-9


def jump(landing: int = 60) -> Motion:
    """Stands, flies from frame 30 to `landing`, rising 0.3 m, and stands."""
    height = np.zeros(100)
    height[30 : landing + 1] = 0.3 * (1.0 - np.linspace(-1.0, 1.0, landing - 29) ** 2)
    motion = take(100, root=np.stack((0 * height, 0 * height, STANDING + height), axis=1))
    motion.contacts[31:landing] = False
    return replace(motion, events=(Event("jump", "toe loop", 30, landing, 1.0),))


def test_a_flight_too_long_by_two_frames(avatar: Avatar) -> None:
    exact, later = quality(avatar, jump(60)), posed(avatar, jump(62))
    assert [(f.takeoff, f.landing, f.frames, f.avatar_frames) for f in exact.flights] == [(30, 60, 30, 30)]
    assert exact.flights[0].time_error == 0 and exact.flights[0].apex_error_mm < 1e-6
    assert exact.flights[0].apex_mm == pytest.approx(300.0)

    def land_later(matrices: np.ndarray, avatar: Avatar) -> None:
        matrices[:] = later

    assert quality(avatar, jump(60), land_later).flights[0].time_error == 2

    def never_leave(matrices: np.ndarray, avatar: Avatar) -> None:
        matrices[:] = posed(avatar, take(100))

    grounded = quality(avatar, jump(60), never_leave).flights[0]
    assert (grounded.time_error, grounded.apex_error_mm) == (30, pytest.approx(300.0))


def test_both_blades_are_off_the_ice_in_a_flight(avatar: Avatar) -> None:
    by = np.zeros((100, 3))
    by[:, 2] = STANDING - jump().positions[:, 0, 2]
    assert quality(avatar, jump(), move("LeftFoot", by)).flights[0].avatar_frames == 0


def test_a_larger_avatar_jumps_as_much_higher(avatar: Avatar) -> None:
    flight = quality(larger(avatar, 1.25), jump(), size=1.25).flights[0]
    assert (flight.apex_mm, flight.avatar_apex_mm) == (pytest.approx(375.0), pytest.approx(375.0))


def test_each_of_two_flights_has_its_own_length(avatar: Avatar) -> None:
    first, second = jump(50), jump(62)
    both = replace(
        second,
        orientations=np.concatenate((first.orientations, second.orientations)),
        positions=np.concatenate((first.positions, second.positions)),
        contacts=np.concatenate((first.contacts, second.contacts)),
        events=(),
    )
    assert [(f.frames, f.avatar_frames) for f in quality(avatar, both).flights] == [(20, 20), (32, 32)]


def test_a_flight_too_low(avatar: Avatar) -> None:
    by = np.zeros((100, 3))
    by[31:60, 2] = -0.025
    assert quality(avatar, jump(), move("Pelvis", by)).flights[0].apex_error_mm == pytest.approx(25.0)


def test_a_step_is_no_flight_and_neither_is_a_take_that_ends_in_the_air(avatar: Avatar) -> None:
    motion = take()
    motion.contacts[20:25] = False
    motion.contacts[50:] = False
    assert quality(avatar, motion).flights == ()


def test_a_turn_that_is_missing(avatar: Avatar) -> None:
    def spinning(turns: float) -> Motion:
        yaw = from_axis_angle((0.0, 0.0, 1.0), 2.0 * np.pi * turns * np.linspace(0.0, 1.0, 120))
        return replace(take(120, {"Pelvis": yaw}), events=(Event("spin", "upright spin", 0, 119, turns),))

    assert [turn.name for turn in quality(avatar, spinning(3.0)).turns] == ["upright spin", "take"]

    def one_less(matrices: np.ndarray, avatar: Avatar) -> None:
        matrices[:] = posed(avatar, spinning(-2.0))

    for turn in quality(avatar, spinning(-3.0), one_less).turns:
        assert turn.turns == pytest.approx(-3.0) and turn.avatar_turns == pytest.approx(-2.0)
        assert turn.whole_turns_error == 1
    assert all(turn.whole_turns_error == 0 for turn in quality(avatar, spinning(-3.0)).turns)


def bent(joint: str, axis: tuple[float, float, float], degrees: float) -> dict[str, np.ndarray]:
    return {joint: np.tile(from_axis_angle(axis, np.radians(degrees)), (60, 1))}


@pytest.mark.parametrize(
    ("segment", "axis", "joint"),
    [
        ("LeftLowerLeg", (-1.0, 0.0, 0.0), "LeftKnee"),
        ("RightLowerLeg", (-1.0, 0.0, 0.0), "RightKnee"),
        ("LeftForeArm", (0.0, 0.0, 1.0), "LeftElbow"),
        ("RightForeArm", (0.0, 0.0, -1.0), "RightElbow"),
    ],
)
def test_a_hinge_bent_backwards(avatar: Avatar, segment: str, axis: tuple[float, float, float], joint: str) -> None:
    usual, possible = HINGES[joint.removeprefix("Left").removeprefix("Right")].back
    for degrees, unusual, impossible in ((usual - 1, 0, 0), (usual + 1, 1, 0), (possible + 5, 1, 1), (-120, 0, 0)):
        found = quality(avatar, take(local=bent(segment, axis, degrees)))
        assert (found.limits[joint].unusual, found.limits[joint].impossible) == (unusual, impossible), degrees
    assert quality(avatar, take(local=bent(segment, axis, possible + 5))).limits[joint].excess == pytest.approx(5.0)
    assert quality(avatar, take(local=bent(segment, axis, -178))).limits[joint].impossible == 1


def test_a_bend_to_the_side_is_hardly_one_backwards() -> None:
    thigh, hinge = np.array(((0.0, 0.0, -1.0),)), np.array(((1.0, 0.0, 0.0),))
    axis = np.array((np.cos(np.radians(100.0)), np.sin(np.radians(100.0)), 0.0))
    angle, forward = bending(thigh, rotate(from_axis_angle(axis, np.radians(60.0)), thigh), hinge)
    assert angle == pytest.approx(60.0)
    assert forward == pytest.approx(60.0 * np.cos(np.radians(100.0)))


def test_limits_are_the_avatars_own(avatar: Avatar) -> None:
    found = quality(avatar, take(), move("LeftFoot", np.array((0.0, -0.3, 0.1))))
    assert found.limits["LeftKnee"].impossible == 1.0
    assert found.recorded_limits["LeftKnee"].impossible == 0.0


@pytest.mark.parametrize(
    ("segment", "axis", "degrees", "joint", "unusual", "impossible"),
    [
        # Hips: lifted to the front, split to the back, kicked through the other leg.
        ("LeftUpperLeg", (1, 0, 0), -130, "LeftHip", False, False),
        ("LeftUpperLeg", (1, 0, 0), 20, "LeftHip", False, False),
        ("LeftUpperLeg", (1, 0, 0), 40, "LeftHip", True, False),
        ("RightUpperLeg", (1, 0, 0), 110, "RightHip", True, True),
        ("LeftUpperLeg", (0, 1, 0), -100, "LeftHip", True, False),
        ("LeftUpperLeg", (0, 1, 0), 90, "LeftHip", True, True),
        ("RightUpperLeg", (0, 1, 0), -90, "RightHip", True, True),
        ("RightUpperLeg", (0, 1, 0), 100, "RightHip", True, False),
        # Shoulders: the pose of identity, overhead, crossed on the chest, wrung behind the back.
        ("LeftUpperArm", (0, 1, 0), 0, "LeftShoulder", False, False),
        ("LeftUpperArm", (0, 1, 0), -85, "LeftShoulder", False, False),
        ("LeftUpperArm", (0, 0, 1), -120, "LeftShoulder", False, False),
        ("RightUpperArm", (0, 0, 1), 120, "RightShoulder", False, False),
        ("LeftUpperArm", (0, 0, 1), -178, "LeftShoulder", True, False),
        # A little behind overhead, as a Biellmann has it, and farther than any shoulder goes.
        ("LeftUpperArm", (0, -0.990, 0.139), 90, "LeftShoulder", True, False),
        ("LeftUpperArm", (0, -0.906, 0.423), 90, "LeftShoulder", True, True),
    ],
)
def test_ball_joints(
    avatar: Avatar,
    segment: str,
    axis: tuple[float, float, float],
    degrees: float,
    joint: str,
    unusual: bool,
    impossible: bool,
) -> None:
    # Limits are the joint's, however the body lies in the world and whatever the spine does.
    lying = bent("Pelvis", (1.0, 0.4, 0.7), 75.0) | bent("T8", (1.0, 0.0, 0.3), 50.0)
    if joint.endswith("Hip"):
        lying |= bent("L5", (1.0, 0.5, 0.0), 40.0)
    found = quality(avatar, take(local=bent(segment, axis, degrees) | lying)).limits[joint]
    assert (found.unusual == 1.0, found.impossible == 1.0) == (unusual, impossible)


def test_limits_are_told_apart() -> None:
    for hinge in HINGES.values():
        assert hinge.back[0] < hinge.back[1] and hinge.bent[0] < hinge.bent[1]
    for ball in BALLS.values():
        assert all(usual < possible for usual, possible in ball.reach.values())


def test_what_cannot_be_said_is_none(avatar: Avatar) -> None:
    found = quality(avatar, replace(take(3), contacts=None))
    assert found.blades.penetration_mm is None and found.blades.slip is None and found.flights == ()
    plain = to_json(found)
    assert json.loads(json.dumps(plain, allow_nan=False))["directions"]["firm"]["max"] < 1e-4
    assert plain["blades"]["float_mm"] is None and plain["positions"]["jerk"]["LeftWrist"] is None
    assert plain["turns"][0]["whole_turns_error"] == 0
    assert to_json(quality(avatar, jump()))["flights"][0]["time_error"] == 0


def test_a_track_of_another_length_is_refused(avatar: Avatar) -> None:
    with pytest.raises(ValueError, match="60 frames cannot be held against a track of 59"):
        measure(take(), avatar.rig, avatar.bones, avatar.soles, Track(posed(avatar, take(59))))  # type: ignore[arg-type]


def test_a_spread_leaves_out_what_is_no_number() -> None:
    assert spread(np.array((1.0, np.nan, 3.0, np.inf, 2.0))) == Spread(2.0, pytest.approx(2.9), 3.0)
    assert spread(np.array((np.nan,))) is None

"""The demo take against what skating, anatomy and physics allow. Figures in the messages are measured ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType

import numpy as np
import pytest
from skating_checks import (
    ankle_angle,
    elbow_angle,
    facing,
    gap,
    hip_angles,
    joint,
    joint_speeds,
    knee_angle,
    limbs,
    local_rotations,
    mass_centre,
    on_ice,
    slip,
    sole_points,
    velocity,
)

from mocap.axes import FORWARD, UP
from mocap.elements import anatomy
from mocap.elements.anatomy import Arm, Leg, Pelvis, Trunk
from mocap.elements.body import skater
from mocap.elements.demo import demo_events, demo_take
from mocap.elements.flight import Flight, Turn, ballistic_height, turning
from mocap.elements.keyframes import through
from mocap.elements.legs import bend_leg
from mocap.inertia import GRAVITY, MASSES, spin_inertia
from mocap.motion import Motion, forward_kinematics
from mocap.rotations import Array, conjugate, multiply, rotate
from mocap.skeleton import JOINT_OF, LEFT, OUTWARD, PARENTS, RIGHT, SEGMENTS, SIDES


@pytest.fixture(scope="module")
def take() -> Motion:
    return demo_take()


@pytest.fixture(scope="module")
def centre(take: Motion) -> Array:
    return mass_centre(take)


def the(kind: str) -> slice:
    """The frames of the one event of this type."""
    (event,) = [e for e in demo_events() if e.type == kind]
    return slice(event.start, event.end + 1)


# The words of a coach ---------------------------------------------------------------------------------------------


def posed(
    pelvis: Pelvis | None = None,
    trunk: Trunk | None = None,
    arms: Mapping[str, Arm] = MappingProxyType({}),
    legs: Mapping[str, Leg] = MappingProxyType({}),
) -> Motion:
    """One frame with some angles set and all others at zero: upright, arms hanging."""
    skeleton = skater()
    local = np.tile((1.0, 0.0, 0.0, 0.0), (1, len(SEGMENTS), 1))
    rotations = {"Pelvis": anatomy.pelvis_rotation(**asdict(pelvis or Pelvis()))}
    rotations |= anatomy.trunk_rotations(**asdict(trunk or Trunk()))
    for side in SIDES:
        rotations |= anatomy.arm_rotations(side, **asdict(arms.get(side, Arm())))
        rotations |= anatomy.leg_rotations(side, **asdict(legs.get(side, Leg())))
    for segment, rotation in rotations.items():
        local[0, SEGMENTS.index(segment)] = rotation
    orientations, positions = forward_kinematics(skeleton, np.zeros((1, 3)), local)
    return Motion("pose", 60.0, skeleton, orientations, positions)


@pytest.mark.parametrize("side", SIDES)
def test_leg_angles_mean_what_a_coach_says(side: str) -> None:
    out = OUTWARD[side]
    rest = posed()
    flexed = posed(legs={side: Leg(flexion=60)})
    assert joint(flexed, f"{side}LowerLeg")[0, 1] < joint(rest, f"{side}LowerLeg")[0, 1] - 0.2, "knee forward"
    abducted = posed(legs={side: Leg(abduction=40)})
    assert out * (joint(abducted, f"{side}Foot") - joint(rest, f"{side}Foot"))[0, 0] > 0.3, "foot to its own side"
    turned = posed(legs={side: Leg(rotation=40)})
    assert out * (joint(turned, f"{side}Toe") - joint(turned, f"{side}Foot"))[0, 0] > 0.05, "toes out"
    bent = posed(legs={side: Leg(knee=90)})
    assert joint(bent, f"{side}Foot")[0, 1] > joint(rest, f"{side}Foot")[0, 1] + 0.3, "heel to the seat"
    pointed = posed(legs={side: Leg(ankle=-30)})
    assert joint(pointed, f"{side}Toe")[0, 2] < joint(rest, f"{side}Toe")[0, 2] - 0.03, "toes down"


@pytest.mark.parametrize("side", SIDES)
def test_arm_angles_mean_what_a_coach_says(side: str) -> None:
    out = OUTWARD[side]
    hanging = posed()
    hand, shoulder = joint(hanging, f"{side}Hand")[0], joint(hanging, f"{side}UpperArm")[0]
    np.testing.assert_allclose(hand[:2], shoulder[:2], atol=1e-9)
    assert hand[2] < shoulder[2] - 0.5, "hanging"
    level = joint(posed(arms={side: Arm(abduction=90)}), f"{side}Hand")[0]
    assert out * (level - shoulder)[0] > 0.5 and abs(level[2] - shoulder[2]) < 1e-9, "level at the side"
    ahead = joint(posed(arms={side: Arm(abduction=90, forward=90)}), f"{side}Hand")[0]
    assert (ahead - shoulder)[1] < -0.5, "stretched forward"
    curled = joint(posed(arms={side: Arm(elbow=90)}), f"{side}Hand")[0]
    assert (curled - hand)[1] < -0.2 and (curled - hand)[2] > 0.2, "hand forward and up"
    palm_down = posed(arms={side: Arm(abduction=90)})
    palm = rotate(palm_down.orientations[0, SEGMENTS.index(f"{side}Hand")], -UP)
    np.testing.assert_allclose(palm, -UP, atol=1e-9)
    shown = posed(arms={side: Arm(abduction=90, supination=90)})
    palm = rotate(shown.orientations[0, SEGMENTS.index(f"{side}Hand")], -UP)
    np.testing.assert_allclose(palm, FORWARD, atol=1e-9)
    drooping = posed(arms={side: Arm(abduction=90, wrist=40)}).point(f"{side}Hand", f"p{side}TopOfHand")[0]
    assert drooping[2] < shoulder[2] - 0.05, "wrist bends toward the palm"
    raised = joint(posed(arms={side: Arm(abduction=90, elbow=90, rotation=90)}), f"{side}Hand")[0]
    assert raised[2] > shoulder[2] + 0.2, "outward rotation lifts the bent forearm"


def test_trunk_angles_mean_what_a_coach_says() -> None:
    head = joint(posed(), "Head")[0]
    assert joint(posed(trunk=Trunk(bend=40)), "Head")[0, 1] < head[1] - 0.1, "bend goes forward"
    assert joint(posed(trunk=Trunk(lean=40)), "Head")[0, 0] > head[0] + 0.1, "lean goes to the left"
    twisted = posed(trunk=Trunk(twist=40))
    assert joint(twisted, "RightUpperArm")[0, 1] < joint(twisted, "LeftUpperArm")[0, 1], "right shoulder comes forward"
    assert joint(posed(pelvis=Pelvis(tilt=20)), "Head")[0, 1] < head[1] - 0.1, "tilt goes forward"
    turned = posed(pelvis=Pelvis(turn=40))
    assert joint(turned, "RightUpperLeg")[0, 1] < joint(turned, "LeftUpperLeg")[0, 1], "right hip comes forward"
    looking = posed(trunk=Trunk(head_turn=40, head_lean=20, head_bend=20))
    nose = rotate(looking.orientations[0, SEGMENTS.index("Head")], FORWARD)
    crown = rotate(looking.orientations[0, SEGMENTS.index("Head")], UP)
    assert nose[0] > 0.3 and nose[2] < -0.1 and crown[0] > 0.1, "looks down to the left, head on that side"
    hiked = posed(pelvis=Pelvis(hike=10))
    assert joint(hiked, "RightUpperLeg")[0, 2] > joint(hiked, "LeftUpperLeg")[0, 2]


# The body ---------------------------------------------------------------------------------------------------------


def test_body_has_the_joints_and_points_of_mvn() -> None:
    skeleton = skater(1.63)
    assert skeleton.names == SEGMENTS
    at = skeleton.identity_positions()
    top = at[skeleton.index("Head")] + skeleton.points["Head"]["pTopOfHead"]
    bottom = at[skeleton.index("LeftFoot")] + skeleton.points["LeftFoot"]["pLeftHeelCenter"]
    assert top[2] - bottom[2] == pytest.approx(1.63, abs=0.002)
    for segment, parent in PARENTS.items():
        if parent is not None:
            label = JOINT_OF[segment]
            np.testing.assert_allclose(skeleton.points[parent][label], skeleton.offsets[skeleton.index(segment)])
    for label, point in skeleton.points["LeftFoot"].items():
        mirrored = skeleton.points["RightFoot"][label.replace("Left", "Right")]
        np.testing.assert_allclose(mirrored, point * (-1.0, 1.0, 1.0))
    assert sum(len(points) for points in skeleton.points.values()) >= 100


def test_masses_add_up_to_the_whole_body() -> None:
    assert sum(mass.fraction for mass in MASSES.values()) == pytest.approx(1.0, abs=0.002)


def test_arms_drawn_in_make_the_body_easier_to_turn() -> None:
    wide, narrow = (
        posed(arms=dict.fromkeys(SIDES, arm)) for arm in (Arm(abduction=85), Arm(abduction=35, forward=30, elbow=125))
    )
    inertia = [spin_inertia(m.skeleton, m.orientations, m.positions)[0] for m in (wide, narrow)]
    # 55 kg: about 2 and 1 kg·m², as measured on skaters.
    assert 1.5 < 55 * inertia[0] < 3.0 and 0.5 < 55 * inertia[1] < 1.3


# The parts of the machinery ---------------------------------------------------------------------------------------


def test_curve_goes_through_its_keys_without_overshoot() -> None:
    times = np.arange(121) / 60.0
    curve = through([(0.0, 0.0), (0.5, 50.0), (1.0, 50.0), (2.0, -10.0)], times, rounding=0.0)
    np.testing.assert_allclose(curve[[0, 30, 60, 120]], (0.0, 50.0, 50.0, -10.0), atol=1e-9)
    assert curve.max() <= 50.0 + 1e-9 and curve.min() >= -10.0 - 1e-9


def test_leg_reaches_its_ankle_and_never_bends_backward() -> None:
    rng = np.random.default_rng(3)
    hip = np.zeros((200, 3))
    ankle = rng.normal(size=(200, 3)) * 0.2 + (0.0, 0.0, -0.55)
    ankle *= np.minimum(1.0, 0.79 / np.linalg.norm(ankle, axis=1))[:, None]
    upper, lower = bend_leg(hip, ankle, np.tile((1.0, 0.0, 0.0), (200, 1)), 0.4, 0.4)
    reached = rotate(upper, np.array((0.0, 0.0, -0.4))) + rotate(lower, np.array((0.0, 0.0, -0.4)))
    np.testing.assert_allclose(reached, ankle, atol=1e-9)
    knee = multiply(conjugate(upper), lower)
    assert (2.0 * np.arctan2(knee[:, 1], knee[:, 0]) > 0.0).all()


def test_turn_goes_as_far_as_authored_and_faster_when_narrow() -> None:
    times = np.arange(241) / 60.0
    inertia = np.where(times < 2.0, 2.0, 1.0)
    angle = turning([Turn(3.0, ((0.0, 1.0), (4.0, 1.0)))], times, inertia)
    assert angle[-1] == pytest.approx(6.0 * np.pi)
    assert (angle[-1] - angle[180]) == pytest.approx(2.0 * (angle[60] - angle[0]), rel=1e-3)


def test_ballistic_height_is_free_fall_between_level_ends() -> None:
    heights = np.full(121, 0.9)
    out = ballistic_height(heights, Flight(0.5, 0.75, 1.25, 1.5), 60.0)
    assert out.max() - 0.9 == pytest.approx(GRAVITY * 0.5**2 / 8.0, rel=1e-3)
    speed = np.diff(out) * 60.0
    assert np.abs(np.diff(speed)).max() < 0.8, "no jump in speed at take-off or landing"


# The take ---------------------------------------------------------------------------------------------------------


def test_take_is_a_full_body_at_60_hz(take: Motion) -> None:
    assert take.rate == 60.0 and 9.0 <= take.duration <= 12.0
    assert take.skeleton.names == SEGMENTS
    assert take.orientations.shape == (len(take), 23, 4) and take.positions.shape == (len(take), 23, 3)
    assert np.isfinite(take.positions).all()
    np.testing.assert_allclose(np.linalg.norm(take.orientations, axis=-1), 1.0, atol=1e-9)
    assert (np.sum(take.orientations[1:] * take.orientations[:-1], axis=-1) > 0.0).all()


def test_events_follow_each_other(take: Motion) -> None:
    assert take.events == demo_events()
    kinds = [event.type for event in demo_events()]
    assert kinds.count("stroke") >= 2 and kinds.count("jump") == 1 and kinds.count("spin") == 1
    for before, after in zip(demo_events()[:-1], demo_events()[1:], strict=True):
        assert before.start < before.end <= after.start
    assert demo_events()[-1].end < len(take)


def test_take_fits_the_rink_and_starts_at_one_end(take: Motion) -> None:
    low, high = take.positions[..., :2].min(axis=(0, 1)), take.positions[..., :2].max(axis=(0, 1))
    assert (high - low <= (40.0, 20.0)).all() and low[0] > -28.0
    assert take.positions[0, 0, 0] < low[0] + 1.0


def test_soles_meet_the_ice_and_never_go_through_it(take: Motion) -> None:
    for side in SIDES:
        lowest = sole_points(take, side)[..., 2].min(axis=1)
        assert np.abs(lowest[on_ice(take, side)]).max() < 0.003
        assert lowest.min() > -0.001


def test_a_foot_is_on_the_ice_but_in_the_jump(take: Motion) -> None:
    standing = on_ice(take, LEFT) | on_ice(take, RIGHT)
    jump = the("jump")
    air = np.zeros(len(take), dtype=bool)
    air[jump.start + 1 : jump.stop - 1] = True
    np.testing.assert_array_equal(standing, ~air)
    for side in SIDES:
        assert sole_points(take, side)[air][..., 2].min() > 0.02


def test_jump_flies_as_high_as_its_time_in_the_air(take: Motion, centre: Array) -> None:
    jump = the("jump")
    flight = centre[jump]
    air = (len(flight) - 1) / take.rate
    assert 0.45 <= air <= 0.60
    assert flight[:, 2].max() - 0.5 * (flight[0, 2] + flight[-1, 2]) == pytest.approx(GRAVITY * air**2 / 8, rel=0.05)
    np.testing.assert_allclose(np.diff(flight[:, 2], 2) * take.rate**2, -GRAVITY, atol=0.05)
    assert np.abs(np.diff(flight[:, :2], 2, axis=0)).max() * take.rate**2 < 0.8, "nothing pushes sideways in the air"


def test_axel_goes_from_left_forward_to_right_back_with_a_turn_in_the_air(take: Motion, centre: Array) -> None:
    jump = the("jump")
    off, on = jump.start, jump.stop - 1
    assert on_ice(take, LEFT)[off] and not on_ice(take, RIGHT)[off]
    assert on_ice(take, RIGHT)[on] and not on_ice(take, LEFT)[on]
    travel = velocity(centre, take.rate)
    angle = facing(take)
    along = np.degrees(angle - np.unwrap(np.arctan2(travel[:, 1], travel[:, 0])))
    assert abs(along[off - 18]) < 15.0, "onto the take-off edge forward"
    assert 0.0 <= along[off] < 75.0, "no more than a quarter turned before leaving the ice"
    assert (angle[on] - angle[off]) / (2 * np.pi) >= 1.1
    assert abs(along[on + 20] - along[off - 18] - 540.0) < 25.0, "one and a half turns, then backward"
    rate = np.gradient(angle[jump]) * take.rate / (2 * np.pi)
    inertia = spin_inertia(take.skeleton, take.orientations, take.positions)[jump]
    momentum = (rate * inertia)[3:-3]
    assert momentum.std() / momentum.mean() < 0.12, "the air gives no spin"


def test_free_leg_swings_through_and_the_landing_leg_gives(take: Motion) -> None:
    local = local_rotations(take)
    jump = the("jump")
    thigh = rotate(local[:, take.skeleton.index("RightUpperLeg")], -UP)
    flexion = np.degrees(np.arctan2(-thigh[:, 1], -thigh[:, 2]))
    assert flexion[jump.start - 16] < -10.0 and flexion[jump.start - 3 : jump.start + 3].max() > 55.0
    knee = knee_angle(local, take, RIGHT)
    assert knee[jump.stop - 1] < 35.0 and 55.0 < knee[jump.stop : jump.stop + 30].max() < 85.0
    free = rotate(local[:, take.skeleton.index("LeftUpperLeg")], -UP)
    assert free[jump.stop + 45, 1] > 0.35, "free leg stretched behind on the running edge"
    span = np.linalg.norm(joint(take, "LeftHand") - joint(take, "RightHand"), axis=1)
    assert span[jump.start + 10 : jump.stop - 6].max() < 0.5 and span[jump.stop + 45] > 1.0


def test_height_of_the_body_changes_smoothly_outside_the_jump(take: Motion, centre: Array) -> None:
    vertical = np.diff(centre[:, 2], 2) * take.rate**2
    jump = the("jump")
    quiet = np.ones(len(vertical), dtype=bool)
    quiet[jump.start - 18 : jump.stop + 18] = False
    assert np.abs(vertical[quiet]).max() < 0.8 * GRAVITY
    assert vertical.max() < 4.0 * GRAVITY, "landing shock"


def test_speeds_are_those_of_skating(take: Motion, centre: Array) -> None:
    speed = np.linalg.norm(velocity(centre, take.rate)[:, :2], axis=1)
    for event in demo_events():
        if event.type in ("stroke", "glide"):
            assert speed[event.start : event.end].min() > 2.0 and speed[event.start : event.end].max() < 5.0, event


def test_blades_run_along_themselves(take: Motion) -> None:
    for side in SIDES:
        moved = slip(take, side)
        alone = on_ice(take, side) & ~on_ice(take, RIGHT if side == LEFT else LEFT)
        glides = np.zeros(len(take), dtype=bool)
        for event in demo_events():
            if event.type in ("stroke", "glide"):
                # A jump is landed turning: the blade settles on its edge within a quarter of a second.
                glides[event.start + (16 if event.start == the("jump").stop - 1 else 0) : event.end] = True
        assert (alone & glides).sum() > 40
        assert moved[alone & glides].mean() < 0.05 and moved[alone & glides].max() < 0.25


def test_body_balances_over_the_blade_it_stands_on(take: Motion, centre: Array) -> None:
    acceleration = np.gradient(velocity(centre, take.rate), axis=0) * take.rate
    travel = velocity(centre, take.rate)[:, :2]
    side_of_travel = np.stack((-travel[:, 1], travel[:, 0]), axis=1) / np.linalg.norm(travel, axis=1, keepdims=True)
    for event in demo_events():
        if event.type != "glide":
            continue
        frames = slice(event.start + 24, event.end - 12)
        side = RIGHT
        assert on_ice(take, side)[frames].all()
        foot = sole_points(take, side).mean(axis=1)
        lean = np.sum((centre - foot)[frames, :2] * side_of_travel[frames], axis=1) / centre[frames, 2]
        asked = np.sum(acceleration[frames, :2] * side_of_travel[frames], axis=1) / GRAVITY
        np.testing.assert_allclose(lean, asked, atol=0.05)


def test_spin_turns_on_one_spot_upright_and_faster_with_the_arms_in(take: Motion, centre: Array) -> None:
    spin = the("spin")
    angle = facing(take)
    turns = (angle[spin][-1] - angle[spin][0]) / (2 * np.pi)
    (event,) = [e for e in demo_events() if e.type == "spin"]
    assert turns >= 5.0 and abs(turns - event.turns) < 0.5
    rate = np.gradient(angle) * take.rate / (2 * np.pi)
    open_rate = rate[spin.start + 12 : spin.start + 30].mean()
    assert 0.8 < open_rate < 1.6 and 2.0 < rate[spin].max() < 3.0 and rate[spin].max() > 1.8 * open_rate
    span = np.linalg.norm(joint(take, "LeftHand") - joint(take, "RightHand"), axis=1)[spin]
    assert np.corrcoef(span, rate[spin])[0, 1] < -0.7
    steady = slice(spin.start + 20, spin.stop - 10)
    ball = take.point("LeftFoot", "pLeftPivotFoot")[steady, :2]
    assert np.linalg.norm(np.ptp(ball, axis=0)) / turns < 0.10
    assert np.linalg.norm((centre[steady, :2] - ball), axis=1).max() < 0.06
    up = rotate(take.orientations[:, take.skeleton.index("T8")], UP)[steady, 2]
    assert np.degrees(np.arccos(up.min())) < 10.0


def test_joints_stay_within_human_limits(take: Motion) -> None:
    local = local_rotations(take)
    for side in SIDES:
        knee = knee_angle(local, take, side)
        assert knee.min() >= 0.0 and knee.max() <= 120.0
        flexion, abduction, rotation = hip_angles(local, take, side)
        assert flexion.min() > -35.0 and flexion.max() < 110.0
        assert abduction.min() > -25.0 and abduction.max() < 50.0
        assert rotation.min() > -45.0 and rotation.max() < 65.0
        ankle = ankle_angle(local, take, side)
        assert ankle.min() > -50.0 and ankle.max() < 36.0
        elbow = elbow_angle(local, take, side)
        assert elbow.min() >= 0.0 and elbow.max() <= 150.0
    spine = np.degrees(2.0 * np.arccos(np.clip(np.abs(local[..., 0]), 0.0, 1.0)))
    for segment in ("L5", "L3", "T12", "T8", "Neck", "Head"):
        assert spine[:, take.skeleton.index(segment)].max() < 25.0, segment


def test_limbs_do_not_pass_through_the_body_or_each_other(take: Motion) -> None:
    parts = {side: limbs(take, side) for side in SIDES}
    legs = ("thigh", "shank", "foot")
    for a in legs:
        for b in legs:
            assert gap(parts[LEFT][a], parts[RIGHT][b]).min() > 0.06, (a, b)
    trunk = (joint(take, "Pelvis"), joint(take, "Neck"))
    head = (joint(take, "Head"), take.point("Head", "pTopOfHead"))
    for side in SIDES:
        assert gap(parts[side]["forearm"], trunk).min() > 0.15
        assert gap(parts[side]["forearm"], head).min() > 0.2
        for other in SIDES:
            assert gap(parts[side]["forearm"], parts[other]["thigh"]).min() > 0.1
    assert gap(parts[LEFT]["forearm"], parts[RIGHT]["forearm"]).min() > 0.06


def test_limbs_move_no_faster_and_no_rougher_than_a_skater(take: Motion, centre: Array) -> None:
    speed = joint_speeds(take)
    assert speed.max() < 1300.0
    jump = the("jump")
    quiet = np.ones(len(speed) - 1, dtype=bool)
    quiet[jump.start - 18 : jump.stop + 18] = False
    assert np.abs(np.diff(speed, axis=0))[quiet].max() * take.rate < 15000.0
    jerk = np.linalg.norm(np.diff(centre, 3, axis=0), axis=1) * take.rate**3
    assert jerk.max() < 1000.0


def test_skating_knee_is_bent_and_the_pushing_leg_stretches(take: Motion) -> None:
    local = local_rotations(take)
    pushes = 0
    for event in demo_events():
        if event.type != "stroke":
            continue
        side, other = (LEFT, RIGHT) if event.name.startswith("left") else (RIGHT, LEFT)
        carrying = knee_angle(local, take, side)[event.start + 12 : event.end - 6]
        assert carrying.min() > 30.0 and 45.0 < carrying.max() < 65.0
        assert knee_angle(local, take, other)[event.start : event.end].min() < 25.0
        pushes += 1
    assert pushes >= 3

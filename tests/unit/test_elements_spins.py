"""Spins and the spiral against what the rules ask of their positions, and what bodies and physics allow."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise

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
from mocap.elements import spins, spirals
from mocap.elements.anatomy import arm_rotations
from mocap.elements.body import skater
from mocap.elements.flight import Turn, turning
from mocap.elements.holds import Hold, reach
from mocap.elements.library import element_take
from mocap.elements.spin_poses import BLADE_GRIPS
from mocap.events import Event
from mocap.inertia import GRAVITY, spin_inertia
from mocap.motion import Motion, forward_kinematics
from mocap.rotations import Array, rotate
from mocap.skeleton import LEFT, RIGHT, SIDES

SPINS = {element.name: element for element in spins.ELEMENTS}
Case = tuple[str, tuple[tuple[str, float], ...]]


def _cases() -> list[Case]:
    """Every element as it comes, with all parameters at their limits and between, and with the fewest turns fast."""
    out: list[Case] = []
    for element in (*spins.ELEMENTS, *spirals.ELEMENTS):
        low, high = ({name: getattr(p, end) for name, p in element.parameters.items()} for end in ("low", "high"))
        hurried = high | {name: value for name, value in low.items() if name in ("turns", "seconds")}
        between = {name: 0.63 * low[name] + 0.37 * high[name] for name in low}
        between |= {name: round(between[name]) for name, p in element.parameters.items() if p.whole}
        out += [(element.name, tuple(values.items())) for values in ({}, low, high, hurried, between)]
    return out


CASES = _cases()
SPIN_CASES = [case for case in CASES if case[0] in SPINS]


def _id(case: Case) -> str:
    return " ".join([case[0], *(f"{name}={value:g}" for name, value in case[1])])


every = pytest.mark.parametrize("case", CASES, ids=_id)
every_spin = pytest.mark.parametrize("case", SPIN_CASES, ids=_id)


@cache
def made(case: Case) -> Motion:
    return element_take(case[0], dict(case[1]))


def the_spin(take: Motion) -> Event:
    (event,) = [event for event in take.events if event.type == "spin"]
    return event


def held(take: Motion) -> slice:
    """The frames in which the position is held: the middle of the spin or of the spiral, whatever its length."""
    (event,) = [event for event in take.events if event.type == "spin" or event.name.endswith("spiral")]
    length = event.end - event.start
    return slice(event.start + round(0.5 * length), event.start + round(0.6 * length))


def slope(take: Motion, a: str, b: str) -> Array:
    """(T,) degrees by which the line from one joint to another rises."""
    along = joint(take, b) - joint(take, a)
    return np.degrees(np.arctan2(along[:, 2], np.linalg.norm(along[:, :2], axis=-1)))


# The ice ----------------------------------------------------------------------------------------------------------


@every
def test_blades_are_on_the_ice_and_never_in_it(case: Case) -> None:
    take = made(case)
    for side in SIDES:
        lowest = sole_points(take, side)[..., 2].min(axis=1)
        assert np.abs(lowest[on_ice(take, side)]).max() < 0.003
        assert lowest.min() > -0.001
    assert (on_ice(take, LEFT) | on_ice(take, RIGHT)).all()


@every_spin
def test_spin_stays_on_its_spot_with_the_weight_over_the_blade(case: Case) -> None:
    take = made(case)
    spin = the_spin(take)
    part = slice(spin.start + 6, spin.end)
    assert on_ice(take, LEFT)[part].all() and not on_ice(take, RIGHT)[part].any()
    ball = take.point("LeftFoot", "pLeftPivotFoot")[part, :2]
    assert np.ptp(ball, axis=0).max() < 0.05
    assert np.linalg.norm(mass_centre(take)[part, :2] - ball, axis=1).max() < 0.025
    # It circles backward, on the inside edge.
    forward = rotate(take.orientations[part, take.skeleton.index("LeftFoot")], FORWARD)[:, :2]
    assert np.sum(velocity(ball, take.rate) * forward, axis=1)[12:-6].max() < -0.03


@every_spin
def test_spin_turns_as_often_as_asked(case: Case) -> None:
    take, asked = made(case), dict(case[1])
    spin = the_spin(take)
    angle = facing(take)
    whole = asked.get("turns", SPINS[case[0]].parameters["turns"].default)
    assert spin.turns == whole and spin.name == case[0]
    assert (angle[spin.end] - angle[spin.start]) / (2.0 * np.pi) == pytest.approx(whole, abs=0.01)
    mean = whole * take.rate / (spin.end - spin.start)
    assert mean == pytest.approx(asked.get("rate", SPINS[case[0]].parameters["rate"].default), rel=0.03)
    rate = np.gradient(angle) * take.rate / (2.0 * np.pi)
    # It never stops on the way, and is nowhere faster than people spin (5.7 turns a second is the record).
    assert rate[spin.start : spin.end].min() > 0.3 * mean
    assert rate[spin.start : spin.end].max() < min(5.7, 1.75 * mean)


def test_rates_are_those_of_the_positions() -> None:
    rates = {}
    for name in SPINS:
        take = made((name, ()))
        rates[name] = (np.gradient(facing(take)) * take.rate / (2.0 * np.pi))[held(take)].mean()
    assert 3.0 < rates["upright spin"] < 4.5
    assert 1.8 < rates["sit spin"] < 3.0
    assert 1.4 < rates["camel spin"] < 2.2
    assert 1.5 < rates["layback spin"] < 2.3
    assert 2.0 < rates["Biellmann spin"] < 3.5


@pytest.mark.parametrize("name", SPINS)
def test_spin_speeds_up_as_the_body_narrows(name: str) -> None:
    take = made((name, ()))
    spin = the_spin(take)
    rate = np.gradient(facing(take))[spin.start : spin.end]
    inertia = spin_inertia(take.skeleton, take.orientations, take.positions)[spin.start : spin.end]
    momentum = rate * inertia
    # Until the way out begins, the ice only takes a little of it.
    steady = momentum[round(0.15 * len(momentum)) : round(0.6 * len(momentum))]
    assert steady.std() / steady.mean() < 0.12


@every
def test_take_stands_alone_and_enters_and_leaves_on_an_edge(case: Case) -> None:
    take, asked = made(case), dict(case[1])
    assert ("turns" in asked or "seconds" in asked) or 6.0 <= take.duration <= 12.0
    speed = np.linalg.norm(velocity(mass_centre(take), take.rate)[:, :2], axis=1)
    assert speed[:20].min() > 1.5 and speed[-20:].min() > 1.3
    if case[0] in SPINS:
        assert on_ice(take, RIGHT)[:20].all() and on_ice(take, RIGHT)[-40:].all()
        assert not on_ice(take, LEFT)[-20:].any()
        travel = velocity(mass_centre(take), take.rate)
        along = np.degrees(facing(take) - np.arctan2(travel[:, 1], travel[:, 0]))
        for frame in (5, len(take) - 5):
            assert abs((along[frame] % 360.0) - 180.0) < 25.0, "backward on the edge"
        assert slip(take, RIGHT)[-40:].max() < 0.25


# The positions ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", [c for c in CASES if c[0] == "upright spin"], ids=_id)
def test_upright_is_upright_with_the_free_foot_crossed(case: Case) -> None:
    take = made(case)
    when = held(take)
    assert slope(take, "Pelvis", "Neck")[when].min() > 80.0
    left_axis = rotate(take.orientations[when, 0], np.array((1.0, 0.0, 0.0)))
    across = np.sum((joint(take, "RightFoot") - joint(take, "LeftFoot"))[when] * left_axis, axis=1)
    assert across.min() > 0.03, "the right foot left of the left one"
    assert knee_angle(local_rotations(take), take, LEFT)[when].max() < 20.0


@pytest.mark.parametrize("case", [c for c in CASES if c[0] == "sit spin"], ids=_id)
def test_sit_has_its_thigh_level_and_the_free_leg_in_front(case: Case) -> None:
    take = made(case)
    when = held(take)
    thigh = slope(take, "LeftUpperLeg", "LeftLowerLeg")[when]
    # Parallel to the ice or lower: the knee at the height of the hip, or above it.
    assert thigh.min() > -2.0 and thigh.max() < 25.0
    assert 115.0 < knee_angle(local_rotations(take), take, LEFT)[when].mean() < 136.0
    assert abs(slope(take, "RightUpperLeg", "RightFoot")[when]).max() < 25.0
    front = rotate(take.orientations[when, 0], np.array((1.0, 0.0, 0.0)))[:, [1, 0]] * (1.0, -1.0)
    ahead = np.sum((joint(take, "RightFoot") - joint(take, "RightUpperLeg"))[when, :2] * front, axis=1)
    assert ahead.min() > 0.6


@pytest.mark.parametrize("case", [c for c in CASES if c[0] in ("camel spin", "spiral")], ids=_id)
def test_free_leg_of_camel_and_spiral_is_above_the_hip(case: Case) -> None:
    take = made(case)
    when = held(take)
    hip = joint(take, "RightUpperLeg")[when, 2]
    for part in ("RightLowerLeg", "RightFoot"):
        assert (joint(take, part)[when, 2] - hip).min() > 0.01, part
    assert slope(take, "Pelvis", "Neck")[when].max() < 40.0
    local = local_rotations(take)
    assert knee_angle(local, take, LEFT)[when].max() < 25.0 and knee_angle(local, take, RIGHT)[when].max() < 15.0


@pytest.mark.parametrize("case", [c for c in CASES if c[0] == "layback spin"], ids=_id)
def test_layback_leans_back_over_hips_that_are_in_front(case: Case) -> None:
    take = made(case)
    when = held(take)
    front = rotate(take.orientations[when, 0], np.array((1.0, 0.0, 0.0)))[:, [1, 0]] * (1.0, -1.0)

    def ahead(segment: str) -> Array:
        return np.sum(joint(take, segment)[when, :2] * front, axis=1)

    assert (ahead("Neck") - ahead("Pelvis")).max() < -0.2, "shoulders behind the hips"
    assert (ahead("Pelvis") - ahead("LeftFoot")).min() > 0.1, "hips in front of the skate"
    crown = rotate(take.orientations[when, take.skeleton.index("Head")], UP)
    assert crown[:, 2].max() < 0.5, "the head dropped back"
    assert (ahead("RightFoot") - ahead("RightLowerLeg")).max() < -0.2, "the free leg in an attitude behind"


@pytest.mark.parametrize("case", [c for c in CASES if c[0] == "Biellmann spin"], ids=_id)
def test_biellmann_has_its_boot_above_the_head_in_both_hands(case: Case) -> None:
    take = made(case)
    when = held(take)
    assert (joint(take, "RightFoot") - take.point("Head", "pTopOfHead"))[when, 2].min() > 0.05
    foot = take.skeleton.index("RightFoot")
    for side in SIDES:
        grip = take.positions[:, foot] + rotate(take.orientations[:, foot], np.array(BLADE_GRIPS[side]))
        palm = take.point(f"{side}Hand", f"p{side}HandPalm")
        assert np.linalg.norm((palm - grip)[when], axis=1).max() < 0.005
    assert knee_angle(local_rotations(take), take, LEFT)[when].max() < 15.0


# The body ---------------------------------------------------------------------------------------------------------


@every
def test_joints_stay_within_a_flexible_skaters_range(case: Case) -> None:
    take = made(case)
    local = local_rotations(take)
    for side in SIDES:
        assert knee_angle(local, take, side).min() >= 0.0 and knee_angle(local, take, side).max() < 136.0
        assert elbow_angle(local, take, side).min() >= 0.0 and elbow_angle(local, take, side).max() < 150.0
        flexion, abduction, rotation = hip_angles(local, take, side)
        # Only a hand can pull a leg further back than a spiral's.
        assert flexion.min() > (-80.0 if case[0] == "Biellmann spin" else -45.0) and flexion.max() < 145.0
        assert abduction.min() > -25.0 and abduction.max() < 50.0
        assert rotation.min() > -45.0 and rotation.max() < 65.0
        ankle = ankle_angle(local, take, side)
        assert ankle.min() > -50.0 and ankle.max() < 38.0
    bends = np.degrees(2.0 * np.arccos(np.clip(np.abs(local[..., 0]), 0.0, 1.0)))
    for segment in ("L5", "L3", "T12", "T8", "Neck", "Head"):
        assert bends[:, take.skeleton.index(segment)].max() < 25.0, segment
    for side in SIDES:
        assert bends[:, take.skeleton.index(f"{side}Shoulder")].max() < 30.0


@every
def test_limbs_do_not_pass_through_the_body_or_each_other(case: Case) -> None:
    whole = made(case)
    # No limb moves through another between every third frame.
    take = replace(whole, orientations=whole.orientations[::3], positions=whole.positions[::3])
    left, right = limbs(take, LEFT), limbs(take, RIGHT)
    for a in ("thigh", "shank", "foot"):
        for b in ("thigh", "shank", "foot"):
            assert gap(left[a], right[b]).min() > 0.06, (a, b)
    spine = [joint(take, name) for name in ("Pelvis", "L3", "T8", "Neck")]
    head = (joint(take, "Head"), take.point("Head", "pTopOfHead"))
    foot = take.skeleton.index("RightFoot")
    for side, arm in ((LEFT, left["forearm"]), (RIGHT, right["forearm"])):
        assert min(gap(arm, part).min() for part in pairwise(spine)) > 0.15
        assert gap(arm, head).min() > 0.1
        grip = take.positions[:, foot] + rotate(take.orientations[:, foot], np.array(BLADE_GRIPS[side]))
        near = np.linalg.norm(take.point(f"{side}Hand", f"p{side}HandPalm") - grip, axis=1) < 0.25
        for other, legs in ((LEFT, left), (RIGHT, right)):
            for part in ("thigh", "shank", "foot"):
                free = ~near if case[0] == "Biellmann spin" and other == RIGHT and part != "thigh" else slice(None)
                assert gap(arm, legs[part])[free].min() > 0.08, (side, other, part)
    free_leg = [right["shank"], right["foot"]]
    for limb in free_leg:
        assert min(gap(limb, part).min() for part in pairwise(spine)) > 0.15
        assert gap(limb, head).min() > 0.1
    hands = gap(left["forearm"], right["forearm"])
    assert hands.min() > (0.01 if case[0] == "Biellmann spin" else 0.06)


@every
def test_movement_is_smooth(case: Case) -> None:
    take = made(case)
    speed = joint_speeds(take)
    assert speed.max() < 1000.0
    assert np.abs(np.diff(speed, axis=0)).max() * take.rate < 26000.0
    centre = mass_centre(take)
    assert np.linalg.norm(np.diff(centre, 3, axis=0), axis=1).max() * take.rate**3 < 450.0
    assert np.abs(np.diff(centre[:, 2], 2)).max() * take.rate**2 < 1.2 * GRAVITY


# The parts of the machinery ---------------------------------------------------------------------------------------


def test_turn_reaches_its_counts() -> None:
    times = np.arange(301) / 60.0
    inertia = 1.0 + 0.5 * np.sin(times)
    angle = turning([Turn(5.5, [(0.5, 0.0), (1.0, 1.0), (4.5, 0.0)], reached=[(1.0, 0.5), (4.0, 5.0)])], times, inertia)
    np.testing.assert_allclose(angle[[0, 60, 240, 300]] / (2.0 * np.pi), (0.0, 0.5, 5.0, 5.5), atol=1e-9)
    assert np.diff(angle).min() > -1e-9


@pytest.mark.parametrize("side", SIDES)
def test_hold_leaves_the_arm_alone_until_it_takes_hold_and_then_has_its_point(side: str) -> None:
    skeleton, times = skater(), np.arange(61) / 60.0
    local = np.tile((1.0, 0.0, 0.0, 0.0), (len(times), len(skeleton.names), 1))
    authored = arm_rotations(
        side, abduction=80.0, forward=20.0, rotation=10.0, elbow=70.0, supination=30.0, wrist=0.0, shrug=0.0
    )
    for segment, rotation in authored.items():
        local[:, skeleton.index(segment)] = rotation
    root = np.zeros((len(times), 3))
    index = [skeleton.index(f"{side}{name}") for name in ("UpperArm", "ForeArm", "Hand")]
    arm = (local[:, index[0]], local[:, index[1]], local[:, index[2]])
    point = (0.1 if side == LEFT else -0.1, -0.35, 0.05)
    hold = Hold(side, "Head", point, [(0.3, 0.0), (0.7, 1.0)])
    held = local.copy()
    for segment, rotation in reach(hold, skeleton, times, arm, forward_kinematics(skeleton, root, local)).items():
        held[:, skeleton.index(segment)] = rotation
    take = Motion("hold", 60.0, skeleton, *forward_kinematics(skeleton, root, held))
    palm = take.point(f"{side}Hand", f"p{side}HandPalm")
    free = Motion("free", 60.0, skeleton, *forward_kinematics(skeleton, root, local))
    np.testing.assert_allclose(palm[:10], free.point(f"{side}Hand", f"p{side}HandPalm")[:10], atol=1e-6)
    np.testing.assert_allclose(palm[-10:], joint(take, "Head")[-10:] + point, atol=1e-6)
    elbow = elbow_angle(local_rotations(take), take, side)
    assert elbow[0] == pytest.approx(70.0, abs=0.01) and elbow.min() > 0.0

"""Every element of the library, at its defaults and at the ends of its parameters, against body, blade and physics."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

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
)

from mocap.axes import FORWARD
from mocap.elements.library import ELEMENTS, element_take
from mocap.errors import UserError
from mocap.events import EVENT_TYPES
from mocap.inertia import GRAVITY
from mocap.motion import Motion
from mocap.rotations import Array, twist_about
from mocap.skeleton import LEFT, RIGHT, SEGMENTS, SIDES

# Frames around a flight in which thrust and landing make everything quicker.
SPRING = 18


# Who stands about does nothing that has a name.
STANDING = "standing"

# All parameters at their defaults, all lowest, all highest, and the most turns with all else lowest.
ENDS = ("default", "low", "high", "crammed")


def values(name: str, end: str) -> Mapping[str, float]:
    """An element's parameters at one of `ENDS`; those without a default are left out."""
    if end == "default":
        return {}
    given = {key: p for key, p in ELEMENTS[name].parameters.items() if p.default is not None}
    return {key: p.high if end == "high" or (end, key) == ("crammed", "turns") else p.low for key, p in given.items()}


@cache
def take_of(name: str, end: str) -> Motion:
    return element_take(name, values(name, end))


@pytest.fixture(params=[(name, end) for name in ELEMENTS for end in ENDS], ids=" ".join)
def take(request: pytest.FixtureRequest) -> Motion:
    return take_of(*request.param)


def quiet_frames(take: Motion) -> np.ndarray:
    """(T,) bool, away from flights."""
    out = np.ones(len(take), dtype=bool)
    for event in take.events:
        if event.type == "jump":
            out[max(0, event.start - SPRING) : event.end + SPRING] = False
    return out


def flights(take: Motion) -> np.ndarray:
    """(T,) bool, strictly between take-off and landing."""
    out = np.zeros(len(take), dtype=bool)
    for event in take.events:
        if event.type == "jump":
            out[event.start + 1 : event.end] = True
    return out


def test_take_is_a_whole_body_in_order(take: Motion) -> None:
    assert take.rate == 60.0 and take.skeleton.names == SEGMENTS
    assert 1.5 <= take.duration <= (300.0 if take.name == STANDING else 20.0)
    assert np.isfinite(take.positions).all()
    np.testing.assert_allclose(np.linalg.norm(take.orientations, axis=-1), 1.0, atol=1e-9)
    assert (np.sum(take.orientations[1:] * take.orientations[:-1], axis=-1) > 0.0).all()


def test_events_are_within_the_take_and_named(take: Motion) -> None:
    assert take.events or take.name == STANDING
    for event in take.events:
        assert event.type in EVENT_TYPES and event.name
        assert 0 <= event.start < event.end <= len(take) - 1, event
        assert (event.height > 0.0) == (event.type == "jump"), event
        assert (event.rate > 0.0) == (event.type in ("jump", "spin")), event
    starts = [event.start for event in take.events]
    assert starts == sorted(starts)


@pytest.mark.parametrize("name", ELEMENTS)
def test_a_take_at_defaults_stands_alone_for_a_few_seconds(name: str) -> None:
    assert 4.0 <= take_of(name, "default").duration <= 12.0


def test_blades_are_on_the_ice_where_they_stand_and_never_through_it(take: Motion) -> None:
    for side in SIDES:
        lowest = sole_points(take, side)[..., 2].min(axis=1)
        assert lowest.min() > -0.001, f"{side} {1000 * lowest.min():.1f} mm through the ice"
        assert np.abs(lowest[on_ice(take, side)]).max() < 0.005, side


def test_a_blade_is_on_the_ice_except_in_flight(take: Motion) -> None:
    np.testing.assert_array_equal(on_ice(take, LEFT) | on_ice(take, RIGHT), ~flights(take))
    for side in SIDES:
        assert (sole_points(take, side)[flights(take)][..., 2] > 0.01).all()


def test_held_edges_do_not_slip_sideways(take: Motion) -> None:
    for side in SIDES:
        alone = on_ice(take, side) & ~on_ice(take, RIGHT if side == LEFT else LEFT)
        held = np.zeros(len(take), dtype=bool)
        for event in take.events:
            if event.type in ("glide", "stroke"):
                # A jump lands turning: the blade settles on its edge within a quarter of a second.
                lands = any(e.type == "jump" and e.end == event.start for e in take.events)
                held[event.start + (SPRING if lands else 0) : event.end] = True
        if (alone & held).any():
            moved = slip(take, side)[alone & held]
            assert np.median(moved) < 0.05 and moved.max() < 0.25, (side, np.median(moved), moved.max())


def test_joints_stay_within_human_limits(take: Motion) -> None:
    local = local_rotations(take)
    for side in SIDES:
        knee = knee_angle(local, take, side)
        assert knee.min() >= 0.0 and knee.max() <= 140.0, (side, knee.min(), knee.max())
        elbow = elbow_angle(local, take, side)
        assert elbow.min() >= -0.5 and elbow.max() <= 152.0, (side, elbow.min(), elbow.max())
        _, abduction, rotation = hip_angles(local, take, side)
        assert abduction.min() > -30.0 and abduction.max() < 60.0, (side, abduction.min(), abduction.max())
        assert rotation.min() > -50.0 and rotation.max() < 70.0, (side, rotation.min(), rotation.max())
        ankle = ankle_angle(local, take, side)
        assert ankle.min() > -50.0 and ankle.max() < 42.0, (side, ankle.min(), ankle.max())
        rolled = twist_about(local[:, take.skeleton.index(f"{side}Foot")], FORWARD)
        roll = np.degrees(2.0 * np.arctan(rolled[:, 2] / rolled[:, 0]))
        assert np.abs(roll).max() < 30.0, (side, np.abs(roll).max())


def test_legs_do_not_pass_through_each_other(take: Motion) -> None:
    left, right = limbs(take, LEFT), limbs(take, RIGHT)
    for a in ("thigh", "shank", "foot"):
        for b in ("thigh", "shank", "foot"):
            between = gap(left[a], right[b])
            assert between.min() > 0.055, (a, b, between.min(), between.argmin())


def test_arms_do_not_pass_through_the_body_or_each_other(take: Motion) -> None:
    trunk = (joint(take, "Pelvis"), joint(take, "Neck"))
    head = (joint(take, "Head"), take.point("Head", "pTopOfHead"))
    for side in SIDES:
        forearm = limbs(take, side)["forearm"]
        assert gap(forearm, trunk).min() > 0.12, (side, "trunk", gap(forearm, trunk).min())
        assert gap(forearm, head).min() > 0.11, (side, "head", gap(forearm, head).min())
        for other in SIDES:
            thigh = gap(forearm, limbs(take, other)["thigh"])
            assert thigh.min() > 0.07, (side, other, "thigh", thigh.min())
    hands = [joint(take, f"{side}Hand") for side in SIDES]
    feet = [joint(take, f"{side}Foot") for side in SIDES]
    # Both hands on one blade touch each other.
    hold = np.any([np.max([np.linalg.norm(h - f, axis=1) for h in hands], axis=0) < 0.3 for f in feet], axis=0)
    crossed = gap(limbs(take, LEFT)["forearm"], limbs(take, RIGHT)["forearm"])[~hold]
    assert crossed.min() > 0.055, crossed.min()


def test_limbs_move_smoothly(take: Motion) -> None:
    speed = joint_speeds(take)
    assert speed.max() < 1500.0, (speed.max(), np.unravel_index(speed.argmax(), speed.shape))
    quiet = quiet_frames(take)[:-2]
    change = np.abs(np.diff(speed, axis=0))[quiet] * take.rate
    assert change.max() < 30000.0, (change.max(), np.unravel_index(change.argmax(), change.shape))


def test_body_moves_without_a_jolt(take: Motion) -> None:
    centre = mass_centre(take)
    jerk = np.linalg.norm(np.diff(centre, 3, axis=0), axis=1) * take.rate**3
    quiet = quiet_frames(take)[:-3]
    assert jerk.max() < 1500.0 and jerk[quiet].max() < 450.0, (jerk.max(), jerk[quiet].max(), jerk.argmax())
    rise = np.abs(np.diff(centre[:, 2], 2))[quiet_frames(take)[:-2]] * take.rate**2
    assert rise.max() < 0.8 * GRAVITY, rise.max()


def test_speed_over_the_ice_is_a_skaters(take: Motion) -> None:
    speed = np.linalg.norm(np.gradient(mass_centre(take)[:, :2], axis=0), axis=1) * take.rate
    assert speed.max() < 6.5


def test_unknown_names_and_values_are_refused_with_what_would_do() -> None:
    with pytest.raises(UserError, match="no element 'lootz'") as caught:
        element_take("lootz")
    assert "lutz" in str(caught.value.mend)
    with pytest.raises(UserError, match="no parameter 'turn'") as caught:
        element_take("lutz", {"turn": 3})
    assert "turns" in str(caught.value.mend)
    with pytest.raises(UserError, match="outside 1 to 4"):
        element_take("lutz", {"turns": 5})
    with pytest.raises(UserError, match="whole number"):
        element_take("lutz", {"turns": 2.5})


def turned(take: Motion, start: int, end: int) -> float:
    """Turns to the left between two frames, of the body against the way it travels."""
    velocity = np.gradient(mass_centre(take)[:, :2], axis=0)
    against: Array = facing(take) - np.unwrap(np.arctan2(velocity[:, 1], velocity[:, 0]))
    return float(against[end] - against[start]) / (2.0 * np.pi)


@pytest.mark.parametrize("name", [n for n in ELEMENTS if any(e.type == "turn" for e in take_of(n, "default").events)])
def test_turns_on_the_ice_are_half_turns(name: str) -> None:
    take = take_of(name, "default")
    for event in take.events:
        if event.type == "turn":
            assert turned(take, event.start - 12, event.end + 12) == pytest.approx(event.turns, abs=0.08)

"""The six jumps from one to four turns: edges, take-offs, flight, landing, against technique and measured ranges."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from skating_checks import facing, joint, knee_angle, local_rotations, mass_centre, on_ice, sole_points

from mocap.elements.jumps import ELEMENTS as JUMPS
from mocap.elements.library import element_take
from mocap.errors import UserError
from mocap.events import Event
from mocap.inertia import GRAVITY, spin_inertia
from mocap.motion import Motion
from mocap.rotations import Array, rotate
from mocap.skeleton import LEFT, RIGHT, SIDES

NAMES = [jump.name for jump in JUMPS]
# Skating foot, whether it runs backward, which way the edge curves, and the foot whose toe pick lifts the jump.
TECHNIQUE = {
    "toe loop": (RIGHT, True, "left", LEFT),
    "salchow": (LEFT, True, "left", None),
    "loop": (RIGHT, True, "left", None),
    "flip": (LEFT, True, "left", RIGHT),
    "lutz": (LEFT, True, "right", RIGHT),
    "axel": (LEFT, False, "left", None),
}
# By whole turns: seconds in the air, and turns per second at the fastest (the sources are in mocap/elements/jumps.py).
AIR = {1: (0.40, 0.55), 2: (0.45, 0.60), 3: (0.50, 0.68), 4: (0.55, 0.72)}
FASTEST = {1: (1.4, 3.6), 2: (2.6, 4.6), 3: (3.8, 5.6), 4: (5.0, 6.8)}


@cache
def take_of(name: str, turns: int) -> Motion:
    return element_take(name, {"turns": turns})


@pytest.fixture(params=[(name, turns) for name in NAMES for turns in (1, 2, 3, 4)], ids=lambda p: f"{p[1]} {p[0]}")
def performed(request: pytest.FixtureRequest) -> tuple[str, int, Motion]:
    name, turns = request.param
    return name, turns, take_of(name, turns)


def the_jump(take: Motion) -> Event:
    (event,) = [e for e in take.events if e.type == "jump"]
    return event


def against_travel(take: Motion) -> Array:
    """(T,) turns that the hips are turned to the left from the way the skater travels; 0.5 is backward."""
    velocity = np.gradient(mass_centre(take)[:, :2], axis=0)
    return (facing(take) - np.unwrap(np.arctan2(velocity[:, 1], velocity[:, 0]))) / (2.0 * np.pi)


def curve(take: Motion) -> Array:
    """(T,) how fast the way of travel turns, positive to the left."""
    velocity = np.gradient(mass_centre(take)[:, :2], axis=0)
    return np.gradient(np.unwrap(np.arctan2(velocity[:, 1], velocity[:, 0])))


def test_jump_turns_as_often_as_it_is_called(performed: tuple[str, int, Motion]) -> None:
    name, turns, take = performed
    jump = the_jump(take)
    called = turns + (0.5 if name == "axel" else 0.0)
    assert jump.name == name and jump.turns == called
    angle = against_travel(take)
    assert angle[jump.end + 24] - angle[jump.start - 30] == pytest.approx(called, abs=0.06)
    # On the ice it turns no more than half round before the take-off, and no more than a quarter after the landing.
    before, after = angle[jump.start] - angle[jump.start - 30], angle[jump.end + 24] - angle[jump.end]
    assert 0.02 < before < (0.30 if name == "axel" else 0.56), before
    assert 0.0 < after < 0.27, after


def test_take_off_is_from_the_right_foot_and_edge(performed: tuple[str, int, Motion]) -> None:
    name, _, take = performed
    side, backward, way, pick = TECHNIQUE[name]
    other = RIGHT if side == LEFT else LEFT
    off = the_jump(take).start
    edge = slice(off - 40, off - 24)
    assert on_ice(take, side)[edge].all() and not on_ice(take, other)[edge].any()
    travel = np.gradient(sole_points(take, side).mean(axis=1), axis=0)
    foot = take.skeleton.index(f"{side}Foot")
    toes = rotate(take.orientations[:, foot], np.array((0.0, -1.0, 0.0)))
    along = np.sum(travel * toes, axis=1)[edge]
    assert (along < 0.0).all() if backward else (along > 0.0).all()
    assert (curve(take)[edge] > 0.0).all() if way == "left" else (curve(take)[edge] < 0.0).all()
    if pick is None:
        assert on_ice(take, side)[off] and not on_ice(take, other)[off - 12 : off + 1].any()
    else:
        assert on_ice(take, pick)[off] and not on_ice(take, other if pick == side else side)[off]
        assert take.contacts is not None
        heel = take.contacts[:, 0 if pick == LEFT else 2]
        picked = on_ice(take, pick)[: off + 1]
        began = off - int(np.argmin(picked[::-1])) + 1
        assert 5 <= off - began <= 14, "the pick is in the ice for a tenth of a second or two"
        assert not heel[began : off + 1].any(), "on the toe only"
        toe = take.point(f"{pick}Toe", f"p{pick}Toe")[began : off + 1, :2]
        assert np.linalg.norm(toe - toe[-1], axis=1).max() < 0.06, "the pick holds"


def test_flight_is_free_fall_of_measured_length(performed: tuple[str, int, Motion]) -> None:
    _, turns, take = performed
    jump = the_jump(take)
    centre = mass_centre(take)[jump.start : jump.end + 1]
    seconds = (jump.end - jump.start) / take.rate
    assert AIR[turns][0] <= seconds <= AIR[turns][1]
    np.testing.assert_allclose(np.diff(centre[:, 2], 2) * take.rate**2, -GRAVITY, atol=0.05)
    assert np.abs(np.diff(centre[:, :2], 2, axis=0)).max() * take.rate**2 < 0.9, "nothing pushes sideways in the air"
    assert jump.height == pytest.approx(centre[:, 2].max() - centre[0, 2], abs=1e-6)
    assert FASTEST[turns][0] <= jump.rate <= FASTEST[turns][1], jump.rate


def test_air_neither_gives_nor_takes_spin(performed: tuple[str, int, Motion]) -> None:
    _, _, take = performed
    jump = the_jump(take)
    inside = slice(jump.start + 2, jump.end - 1)
    rate = np.gradient(facing(take))[inside] * take.rate
    momentum = rate * spin_inertia(take.skeleton, take.orientations, take.positions)[inside]
    assert momentum.std() / momentum.mean() < 0.12


@pytest.mark.parametrize("name", NAMES)
def test_more_turns_are_turned_faster_and_higher(name: str) -> None:
    jumps = [the_jump(take_of(name, turns)) for turns in (1, 2, 3, 4)]
    assert (np.diff([j.rate for j in jumps]) > 0.5).all()
    assert (np.diff([j.height for j in jumps]) > 0.03).all()


def test_body_is_straight_and_narrow_in_the_air(performed: tuple[str, int, Motion]) -> None:
    _, turns, take = performed
    jump = the_jump(take)
    inside = slice(jump.start + 12, jump.end - 7)
    up = rotate(take.orientations[:, take.skeleton.index("T8")], np.array((0.0, 0.0, 1.0)))[inside, 2]
    assert np.degrees(np.arccos(up.min())) < 8.0
    hands = np.linalg.norm(joint(take, "LeftHand") - joint(take, "RightHand"), axis=1)[inside]
    assert hands.max() < 0.5
    if turns > 1:
        left = rotate(take.orientations[:, 0], np.array((1.0, 0.0, 0.0)))
        across = np.sum((joint(take, "LeftFoot") - joint(take, "RightFoot")) * left, axis=1)
        assert across[(jump.start + jump.end) // 2 + 4] < 0.0, "the left foot crosses over the right one"


def test_landing_is_on_the_right_back_outside_edge_and_the_knee_gives(performed: tuple[str, int, Motion]) -> None:
    _, _, take = performed
    on = the_jump(take).end
    assert on_ice(take, RIGHT)[on:].all() and not on_ice(take, LEFT)[on:].any()
    held = slice(on + 30, len(take) - 6)
    assert held.stop - held.start > 60, "a running edge of more than a second"
    assert (np.abs(np.mod(against_travel(take)[held], 1.0) - 0.5) < 0.1).all(), "backward"
    assert (curve(take)[held] > 0.0).all(), "outside: to the skater's right, who goes backward"
    knee = knee_angle(local_rotations(take), take, RIGHT)
    assert knee[on] < 40.0 and 58.0 < knee[on : on + 30].max() < 115.0
    free = joint(take, "LeftFoot") - joint(take, "LeftUpperLeg")
    front = rotate(take.orientations[:, 0], np.array((0.0, -1.0, 0.0)))
    assert np.sum(free * front, axis=1)[on + 45] < -0.4, "free leg stretched behind"
    assert np.linalg.norm(joint(take, "LeftHand") - joint(take, "RightHand"), axis=1)[on + 60] > 1.0, "arms open"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("height", (0.25, 0.4, 0.6))
def test_jump_rises_as_high_as_asked(name: str, height: float) -> None:
    take = element_take(name, {"turns": 1, "height": height})
    assert the_jump(take).height == pytest.approx(height, abs=0.025)


@pytest.mark.parametrize("name", NAMES)
def test_too_many_turns_for_a_height_are_refused_with_the_height_that_would_do(name: str) -> None:
    with pytest.raises(UserError, match="do not fit") as caught:
        element_take(name, {"turns": 4, "height": 0.25})
    enough = float(str(caught.value.mend).split("height of ")[1].split(" ")[0])
    assert the_jump(element_take(name, {"turns": 4, "height": enough})).height == pytest.approx(enough, abs=0.025)


@pytest.mark.parametrize("arms", (1, 2))
def test_arms_are_raised_in_the_air_when_asked(arms: int) -> None:
    take = element_take("lutz", {"arms": arms})
    jump = the_jump(take)
    middle = (jump.start + jump.end) // 2
    crown = take.point("Head", "pTopOfHead")[middle, 2]
    raised = [joint(take, f"{side}Hand")[middle, 2] > crown for side in SIDES]
    assert raised == [True, arms == 2]


@pytest.mark.parametrize("name", NAMES)
def test_speed_at_the_entry_is_the_speed_asked(name: str) -> None:
    for speed in (3.0, 5.5):
        take = element_take(name, {"speed": speed})
        measured = np.linalg.norm(np.gradient(mass_centre(take)[:, :2], axis=0), axis=1) * take.rate
        assert measured[: the_jump(take).start].max() == pytest.approx(speed, rel=0.06)

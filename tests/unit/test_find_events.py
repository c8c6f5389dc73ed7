"""What is found in a take against what was authored: jumps to the frame, whole turns, spins; and nothing in a walk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from made_skating import UP, demo, noisy, rigid, shifted, travel_scaled, turned_about_root

from mocap.augment import mirrored
from mocap.elements.body import skater
from mocap.elements.demo import demo_events
from mocap.events import Event
from mocap.inertia import GRAVITY
from mocap.motion import Motion, forward_kinematics
from mocap.resample import resample
from mocap.rotations import from_axis_angle, multiply
from mocap.skating.find import find_events
from mocap.skating.flights import find_flights
from mocap.skating.tracks import track
from mocap.summary import summarize
from mocap.takes import read_take


def bare(motion: Motion) -> Motion:
    """A take as a suit without foot contacts would have recorded it."""
    return replace(motion, contacts=None, events=())


def at(motion: Motion, rate: float) -> Motion:
    return resample(motion, rate, 0.0, int(motion.duration * rate) + 1)


def drifting(motion: Motion) -> Motion:
    """The heading creeps by 30 degrees over the take, while the travel stays as it was."""
    angle = np.radians(30.0) * np.linspace(0.0, 1.0, len(motion))
    return turned_about_root(motion, angle)


TAKES: dict[str, Callable[[Motion], Motion]] = {
    "as it is": lambda motion: replace(motion, events=()),
    "without contacts": bare,
    "noisy": lambda motion: bare(noisy(motion)),
    "mirrored": lambda motion: bare(mirrored(motion)),
    "heading drifts": lambda motion: bare(drifting(motion)),
    "down all the time": lambda motion: replace(motion, contacts=np.ones((len(motion), 4), dtype=bool)),
    "ice 40 cm low": lambda motion: bare(shifted(motion, np.full((len(motion), 1), -0.4) * UP)),
    "ice creeps": lambda motion: bare(shifted(motion, np.linspace(0.0, 0.06, len(motion))[:, None] * UP)),
    "travel halved": lambda motion: bare(travel_scaled(motion, 0.5)),
    "100 Hz": lambda motion: bare(at(motion, 100.0)),
    "240 Hz": lambda motion: bare(at(motion, 240.0)),
    "240 Hz, noisy": lambda motion: bare(noisy(at(motion, 240.0))),
    "30 Hz": lambda motion: bare(at(motion, 30.0)),
}


def the(kind: str, events: tuple[Event, ...]) -> Event:
    found = [event for event in events if event.type == kind]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("name", TAKES)
def test_the_jump_and_the_spin_of_the_demo(name: str) -> None:
    take = TAKES[name](demo())
    events = find_events(take)
    truth, jump = the("jump", demo_events()), the("jump", events)
    slack = 2.0 / min(take.rate, 60.0)
    assert jump.start / take.rate == pytest.approx(truth.start / 60.0, abs=slack)
    assert jump.end / take.rate == pytest.approx(truth.end / 60.0, abs=slack)
    assert (jump.name, jump.turns) == ("axel", 1.5)
    seconds = (truth.end - truth.start) / 60.0
    assert jump.height == pytest.approx(GRAVITY * seconds**2 / 8.0, rel=0.12)
    assert jump.rate == pytest.approx(2.6, abs=0.3)
    truth, spin = the("spin", demo_events()), the("spin", events)
    assert spin.start / take.rate == pytest.approx(truth.start / 60.0, abs=0.25)
    assert spin.end / take.rate == pytest.approx(truth.end / 60.0, abs=0.25)
    assert spin.turns == pytest.approx(truth.turns, abs=0.5) and spin.name == "upright spin"
    assert spin.rate == pytest.approx(2.6, abs=0.3)


def test_strokes_and_edges_between_them() -> None:
    events = find_events(bare(demo()))
    strokes = [event for event in events if event.type == "stroke"]
    assert [event.name for event in strokes[:3]] == [
        "left forward stroke",
        "right forward stroke",
        "left forward stroke",
    ]
    for stroke, truth in zip(strokes, demo_events(), strict=False):
        assert truth.type != "stroke" or abs(stroke.end - truth.end) < 0.25 * 60.0
    names = [event.name for event in events if event.type == "glide"]
    assert "right forward outside edge" in names and "right back outside edge" in names
    swapped = [event.name for event in find_events(bare(mirrored(demo()))) if event.type == "glide"]
    assert "left forward outside edge" in swapped and "left back outside edge" in swapped
    order = [event.start for event in events]
    assert order == sorted(order)
    for before, after in pairwise(events):
        assert before.end <= after.start


def test_nothing_is_found_where_nobody_skates(recordings) -> None:
    assert find_events(read_take(recordings / "xsens_walk_240hz.bvh")) == ()
    for name in ("xsens_v4_upperbody_60hz.mvnx", "xsens_v4_upperbody_60hz.bvh", "xsens_v3_fullbody_240hz.mvnx"):
        assert find_events(read_take(recordings / name)) == ()


def test_a_flight_that_does_not_fall_is_told_from_one_that_does() -> None:
    (flight,) = find_flights(track(demo()))
    assert flight.ballistic and flight.fall == pytest.approx(GRAVITY, abs=0.1)
    assert flight.height == pytest.approx(flight.expected_height, rel=0.05)
    (noise,) = find_flights(track(noisy(demo(), metres=0.005)))
    assert noise.ballistic
    # Half of what the body rises in the air is taken away.
    frames = np.arange(len(demo()))
    gone = np.clip((frames - flight.start) / 60.0, 0.0, flight.seconds)
    sunk = shifted(demo(), (-0.25 * GRAVITY * gone * (flight.seconds - gone))[:, None] * UP)
    (half,) = find_flights(track(sunk))
    assert not half.ballistic and half.fall == pytest.approx(0.5 * GRAVITY, rel=0.05)


def test_a_hop_without_a_turn_is_a_jump_without_turns() -> None:
    take = demo()
    truth = the("jump", demo_events())
    tracks = track(take)
    undone = turned_about_root(take, -(tracks.turned - tracks.turned[truth.start]) * _between(take, truth))
    jump = the("jump", find_events(bare(undone)))
    assert (jump.name, jump.turns, jump.rate) == ("jump", 0.0, 0.0)
    assert jump.start == pytest.approx(truth.start, abs=2)


def test_half_a_turn_forward_is_a_waltz_jump() -> None:
    take = demo()
    truth = the("jump", demo_events())
    gone = np.clip((np.arange(len(take)) - truth.start) / (truth.end - truth.start), 0.0, 1.0)
    less = turned_about_root(take, -2.0 * np.pi * gone)
    for motion, foot in ((less, "left"), (mirrored(less), "right")):
        jump = the("jump", find_events(bare(motion)))
        assert (jump.name, jump.turns) == ("waltz jump", 0.5), foot


def _between(take: Motion, event: Event) -> np.ndarray:
    frames = np.arange(len(take))
    return ((frames >= event.start - 20) & (frames <= event.end + 20)).astype(float)


def test_both_feet_on_the_ice_are_a_two_foot_glide() -> None:
    skeleton = skater()
    local = np.tile((1.0, 0.0, 0.0, 0.0), (120, len(skeleton.names), 1))
    root = np.linspace((0.0, 0.0, 0.0), (0.0, -8.0, 0.0), 120)
    for way, step in (("forward", root), ("back", -root)):
        standing = Motion("still", 60.0, skeleton, *forward_kinematics(skeleton, step, local))
        assert [(e.type, e.name) for e in find_events(standing)] == [("glide", f"{way} two-foot glide")]


def test_a_spin_may_circle_on_its_way() -> None:
    take = demo()
    spin = the("spin", demo_events())
    turned = track(take).turned
    circle = 0.10 * np.stack((np.cos(turned), np.sin(turned), np.zeros(len(take))), axis=-1)
    ease = np.interp(np.arange(len(take)), (spin.start - 30, spin.start, spin.end, spin.end + 30), (0, 1, 1, 0))
    found = the("spin", find_events(bare(shifted(take, circle * ease[:, None]))))
    assert abs(found.start - spin.start) < 20 and found.turns == pytest.approx(spin.turns, abs=0.6)


def test_a_travelling_turn_is_no_spin() -> None:
    take = demo()
    spin = the("spin", demo_events())
    along = 2.0 * np.clip((np.arange(len(take)) - spin.start + 30) / 60.0, 0.0, None)
    assert not [e for e in find_events(bare(shifted(take, along[:, None] * (1.0, 0.0, 0.0)))) if e.type == "spin"]


def test_a_pelvis_that_is_pitched_over_turns_no_less() -> None:
    take = demo()
    pelvis = multiply(take.orientations[:, 0], from_axis_angle((1.0, 0.0, 0.0), np.radians(85.0)))
    orientations = take.orientations.copy()
    orientations[:, 0] = pelvis
    spin = the("spin", find_events(replace(rigid(take, orientations), contacts=take.contacts)))
    assert spin.turns == pytest.approx(6.3, abs=0.3)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7, 31, 45])
@pytest.mark.parametrize("first", [0, 262, 285, 460])
def test_scraps_of_a_take_are_borne(first: int, count: int) -> None:
    take = demo()
    scrap = replace(
        take,
        orientations=take.orientations[first : first + count],
        positions=take.positions[first : first + count],
        contacts=None,
        events=(),
    )
    for motion in (scrap, replace(scrap, rate=240.0), replace(scrap, rate=8.0)):
        assert all(0 <= event.start <= event.end < count for event in find_events(motion))
        assert summarize(motion)["frames"] == count

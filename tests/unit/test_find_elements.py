"""The library's elements, found in the movement alone: the names that a coach gave them, from a suit that is noisy."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from made_skating import bent, noisy, swaying, turned_about_root

from mocap.augment import mirrored
from mocap.elements.body import skater
from mocap.elements.library import ELEMENTS, element_take
from mocap.elements.phrase import Moment, Phrase, string_together
from mocap.elements.skate import perform
from mocap.events import Event
from mocap.motion import Motion
from mocap.rotations import hemisphere
from mocap.skating.find import find_events
from mocap.skating.tracks import track

JUMPS = ("toe loop", "salchow", "loop", "flip", "lutz", "axel")
SPINS = tuple(name for name in ELEMENTS if name.endswith("spin"))


@lru_cache(maxsize=4)
def take(name: str, turns: float | None = None) -> Motion:
    return element_take(name, {} if turns is None else {"turns": turns})


def recorded(motion: Motion) -> Motion:
    """As a noisy suit without foot contacts would have recorded it."""
    return noisy(replace(motion, contacts=None, events=()))


def of(kind: str, events: tuple[Event, ...]) -> list[Event]:
    return [event for event in events if event.type == kind]


@pytest.mark.parametrize("name", JUMPS)
@pytest.mark.parametrize("turns", [1.0, 3.0])
def test_jumps_have_their_names_turns_and_frames(name: str, turns: float) -> None:
    authored = take(name, turns)
    (truth,) = of("jump", authored.events)
    for motion in (recorded(authored), recorded(mirrored(authored)), replace(authored, events=())):
        (jump,) = of("jump", find_events(motion))
        assert (jump.name, jump.turns) == (name, truth.turns)
        assert jump.start == pytest.approx(truth.start, abs=2) and jump.end == pytest.approx(truth.end, abs=2)
        assert jump.height == pytest.approx(truth.height, rel=0.15)
        assert jump.rate == pytest.approx(truth.rate, rel=0.1)


@pytest.mark.parametrize("name", SPINS)
def test_spins_have_their_positions_and_turns(name: str) -> None:
    authored = take(name)
    (truth,) = of("spin", authored.events)
    for motion in (recorded(authored), recorded(mirrored(authored))):
        (spin,) = of("spin", find_events(motion))
        assert spin.name == name
        assert spin.turns == pytest.approx(truth.turns, abs=0.5)
        assert spin.start == pytest.approx(truth.start, abs=15) and spin.end == pytest.approx(truth.end, abs=15)


def test_two_positions_are_a_combination() -> None:
    camel, sit = _phrases("camel spin", turns=6.0), _phrases("sit spin", turns=6.0)
    # Up to the one's spinning and from the other's on.
    split = next(k for k, phrase in enumerate(camel) if any(moment.type == "spin" for moment in phrase.moments))
    motion, moments = _programme([*camel[: split + 1], *sit[split:]])
    first, second = (moment for moment in moments if moment.type == "spin")
    (spin,) = of("spin", find_events(recorded(motion)))
    assert spin.name == "combination spin"
    assert spin.start == pytest.approx(60.0 * first.start, abs=15)
    assert spin.end == pytest.approx(60.0 * second.end, abs=15)


def test_a_spin_on_one_foot_and_then_the_other() -> None:
    authored = take("upright spin")
    (truth,) = of("spin", authored.events)
    middle = (truth.start + truth.end) // 2
    # Seen in a mirror and played backward, a skater turns the same way, on the other foot.
    other = mirrored(authored)
    late = slice(middle, truth.start, -1)
    step = authored.positions[middle, :1] - other.positions[middle, :1]
    motion = replace(
        authored,
        orientations=hemisphere(np.concatenate((authored.orientations[:middle], other.orientations[late]))),
        positions=np.concatenate((authored.positions[:middle], other.positions[late] + step)),
        contacts=None,
        events=(),
    )
    (spin,) = of("spin", find_events(motion))
    assert spin.name == "change foot upright spin"
    assert spin.turns == pytest.approx(truth.turns, abs=1.0)


@pytest.mark.parametrize("name", ["salchow", "flip", "camel spin"])
def test_feet_that_sway_off_the_ice_make_no_jump_and_end_no_spin(name: str) -> None:
    events = find_events(swaying(replace(take(name), contacts=None, events=())))
    told = [(event.type, event.name) for event in events if event.type in ("jump", "spin")]
    assert told == [("spin" if name in SPINS else "jump", name)]


def test_a_programme_with_a_combination_of_jumps() -> None:
    phrases = [
        *_phrases("toe loop", turns=2.0),
        *_phrases("axel", turns=3.0)[:-1],
        # Straight out of the landing, without a running edge between the two.
        *_phrases("loop", turns=2.0)[1:-1],
        *_phrases("camel spin", turns=6.0),
    ]
    motion, moments = _programme(phrases)
    events = find_events(recorded(motion))
    truth = [moment for moment in moments if moment.type in ("jump", "spin")]
    found = [event for event in events if event.type in ("jump", "spin")]
    assert [event.name for event in found] == ["toe loop", "axel", "loop", "camel spin"]
    for moment, event in zip(truth, found, strict=True):
        slack = 2 if event.type == "jump" else 15
        assert event.start == pytest.approx(60.0 * moment.start, abs=slack)
        assert event.end == pytest.approx(60.0 * moment.end, abs=slack)
        assert event.turns == pytest.approx(moment.turns, abs=0.0 if event.type == "jump" else 0.5)


def _programme(phrases: list[Phrase]) -> tuple[Motion, tuple[Moment, ...]]:
    programme, moments, duration = string_together(phrases, (0.0, 0.0), 0.0)
    skeleton = skater()
    made = perform(programme, skeleton, 60.0, duration)
    return Motion("programme", 60.0, skeleton, made.orientations, made.positions), moments


def _phrases(name: str, turns: float) -> list[Phrase]:
    element = ELEMENTS[name]
    values = {key: p.default for key, p in element.parameters.items() if p.default is not None}
    return list(element.build({**values, "turns": turns}))


def names_of(name: str) -> list[str]:
    return [event.name for event in find_events(recorded(take(name)))]


def test_strokes_follow_each_other() -> None:
    truth = [event.name for event in take("stroking").events]
    assert names_of("stroking") == truth and set(truth) == {"right forward stroke", "left forward stroke"}


def test_crossovers_are_told_from_strokes() -> None:
    for way in ("forward", "back"):
        events = [event for event in names_of(f"{way} crossovers") if "crossover" in event]
        assert events == [f"{way} crossover to the left"] * 3


def test_a_three_turn_is_one_on_its_foot_and_edge() -> None:
    events = find_events(recorded(take("three-turn")))
    (turn,), (truth,) = of("turn", events), of("turn", take("three-turn").events)
    assert (turn.name, turn.turns) == ("left forward outside three-turn", 0.5)
    assert truth.start - 15 <= turn.start < turn.end <= truth.end + 15
    (other,) = of("turn", find_events(recorded(mirrored(take("three-turn")))))
    assert other.name == "right forward outside three-turn"
    assert next(event.name for event in events if event.start >= turn.end) == "left back inside edge"


def test_turns_are_told_by_sense_and_curve() -> None:
    made = replace(take("three-turn"), contacts=None, events=())
    (turn,) = of("turn", find_events(made))
    through = np.clip((np.arange(len(made)) - turn.start) / (turn.end - turn.start), 0.0, 1.0)
    ease = through**2 * (3.0 - 2.0 * through)
    going = track(made).going
    middle = (turn.start + turn.end) // 2
    # After the turn the path bends to the other side by as much as it did to this.
    other_way = np.where(np.arange(len(made)) > middle, -2.0 * (going - going[middle]), 0.0)
    against = turned_about_root(made, -2.0 * np.pi * ease)
    cases = {
        "bracket": against,
        "rocker": bent(made, other_way),
        "counter": bent(against, other_way),
        "twizzle": turned_about_root(made, 2.0 * np.pi * ease),
    }
    for kind, motion in cases.items():
        (found,) = of("turn", find_events(motion))
        assert found.name == ("twizzle" if kind == "twizzle" else f"left forward outside {kind}")
        assert found.turns == (1.5 if kind == "twizzle" else 0.5)


def test_a_spiral_is_the_part_of_its_edge_with_the_leg_up() -> None:
    events = find_events(recorded(take("spiral")))
    (found,) = [event for event in events if event.name.endswith("spiral")]
    (truth,) = [event for event in take("spiral").events if event.name.endswith("spiral")]
    assert found.name == truth.name
    assert abs(found.start - truth.start) < 30 and abs(found.end - truth.end) < 30

"""Phrases: strung together, mirrored."""

from __future__ import annotations

import numpy as np
import pytest

from mocap.elements.blades import Blade, Contact
from mocap.elements.body import skater
from mocap.elements.ice import Glide
from mocap.elements.jumps import ELEMENTS as JUMPS
from mocap.elements.phrase import Edge, Moment, Phrase, mirrored, string_together
from mocap.elements.skate import Performance, perform
from mocap.elements.strides import crossover, hold, stroke, three_turn
from mocap.skeleton import LEFT, RIGHT


def glide(side: str, backward: bool, speed: float = 4.0) -> Phrase:
    return Phrase(
        duration=1.0,
        begins=Edge(side, backward),
        ends=Edge(side, backward),
        glide=[(0.0, Glide(speed, 0.0)), (1.0, Glide(speed, 0.0))],
        contacts=[Contact(side, backward, keys=[(0.0, Blade()), (1.0, Blade())])],
        knee=[(0.0, 40.0)],
        moments=[Moment("glide", "left glide", 0.25, 0.75)],
    )


def performed(phrases: list[Phrase]) -> Performance:
    programme, _, duration = string_together(phrases, start=(0.0, 0.0), direction=-90.0)
    return perform(programme, skater(), 60.0, duration)


def test_phrases_follow_each_other_and_the_later_one_holds_where_they_meet() -> None:
    programme, moments, duration = string_together(
        [glide(LEFT, False, 3.0), glide(LEFT, False, 4.0)], start=(1.0, 2.0), direction=30.0
    )
    assert duration == 2.0 and programme.start == (1.0, 2.0) and programme.direction == 30.0
    assert [(t, key.speed) for t, key in programme.glide] == [(0.0, 3.0), (1.0, 4.0), (2.0, 4.0)]
    assert [(m.start, m.end) for m in moments] == [(0.25, 0.75), (1.25, 1.75)]
    (contact,) = programme.contacts
    assert (contact.start, contact.end) == (0.0, 2.0), "one edge through both phrases is one contact"


def test_phrases_that_do_not_meet_on_an_edge_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot follow"):
        string_together([glide(LEFT, False), glide(RIGHT, False)], start=(0.0, 0.0), direction=0.0)


def test_first_phrase_says_whether_the_skater_starts_backward() -> None:
    for backward in (False, True):
        programme, _, _ = string_together([glide(LEFT, backward)], start=(0.0, 0.0), direction=0.0)
        assert programme.turned == (180.0 if backward else 0.0)


def test_a_blade_that_has_turned_on_the_ice_goes_on_backward() -> None:
    programme, _, _ = string_together(
        [hold(LEFT, False, 4.0, 8.0, 0.5), three_turn(LEFT, 4.0, 8.0), glide(LEFT, True)],
        start=(0.0, 0.0),
        direction=0.0,
    )
    (contact,) = programme.contacts
    assert not contact.backward and contact.keys[0][1].turned == 0.0 and contact.keys[-1][1].turned == 1.0


def test_a_blade_cannot_turn_round_by_itself() -> None:
    onto_the_wrong_way = Phrase(
        duration=1.0,
        begins=Edge(LEFT),
        ends=Edge(LEFT, backward=True),
        glide=[(0.0, Glide(4.0, 0.0))],
        contacts=[Contact(LEFT, backward=False, keys=[(0.0, Blade()), (1.0, Blade())])],
        knee=[(0.0, 40.0)],
    )
    with pytest.raises(ValueError, match="cannot turn round"):
        string_together([onto_the_wrong_way, glide(LEFT, True)], start=(0.0, 0.0), direction=0.0)


def test_mirrored_twice_is_the_same() -> None:
    for phrase in (stroke(RIGHT, 4.0, 8.0), crossover(LEFT, False, 4.0, 10.0), three_turn(LEFT, 4.0, 8.0)):
        there, back = (
            string_together([p], start=(0.0, 0.0), direction=0.0) for p in (phrase, mirrored(mirrored(phrase)))
        )
        assert there == back


def test_mirrored_names_the_other_foot() -> None:
    assert mirrored(stroke(RIGHT, 4.0, 8.0)).moments[0].name == "left forward stroke"
    assert mirrored(stroke(RIGHT, 4.0, 8.0)).ends == Edge(LEFT)


@pytest.mark.parametrize("name", ("lutz", "axel"))
def test_a_mirrored_jump_is_its_mirror_image(name: str) -> None:
    (jump,) = [jump for jump in JUMPS if jump.name == name]
    phrases = list(jump.build({"turns": 2.0, "speed": 4.0, "arms": 1.0}))
    there, mirror = performed(phrases), performed([mirrored(phrase) for phrase in phrases])
    names = skater().names
    swap = [names.index(_other(segment)) for segment in names]
    # Travel is along −Y: the mirror is the plane x = 0.
    np.testing.assert_allclose(mirror.positions[:, swap] * (-1.0, 1.0, 1.0), there.positions, atol=1e-6)
    np.testing.assert_array_equal(mirror.contacts[:, [2, 3, 0, 1]], there.contacts)


def _other(segment: str) -> str:
    for side, other in ((LEFT, RIGHT), (RIGHT, LEFT)):
        if segment.startswith(side):
            return other + segment.removeprefix(side)
    return segment

"""What the panel says of a take: a coach's words, and the same after it was saved with the scene."""

from __future__ import annotations

import json

import pytest

from blender_addon.ui.loaded import as_text, counted, from_text, loaded_of, turns_in_words
from mocap.elements.library import element_take
from mocap.summary import summarize

SOURCE = {"take": "demo", "subject": None, "joint_map": None, "element": "three-turn"}


@pytest.mark.parametrize(("turns", "words"), [(0.5, "½"), (1.0, "1"), (1.5, "1½"), (2.98, "3"), (3.5, "3½")])
def test_half_turns_are_written_as_skaters_do(turns: float, words: str) -> None:
    assert turns_in_words(turns) == words


def test_a_take_without_jumps_and_spins_shows_its_turns_and_survives_saving() -> None:
    summary = summarize(element_take("three-turn"))
    loaded = loaded_of(summary, SOURCE, 30.0)
    assert [element.name for element in loaded.elements] == ["LFO three-turn"]
    assert counted(loaded.elements) == "1 turn"
    assert loaded.others == "2 glides, 2 strokes"
    (turn,) = loaded.elements
    assert loaded.markers == (("LFO three-turn", round(30 * turn.start)), ("turn ends", round(30 * turn.end)))
    assert loaded.frames_of(turn) == tuple(frame for _, frame in loaded.markers)
    assert loaded.last_frame == int(30 * loaded.duration)
    assert from_text(as_text(loaded)) == loaded


def test_doubts_are_told_and_nothing_that_somebody_typed_is_believed() -> None:
    summary = summarize(element_take("three-turn"))
    summary |= {"warnings": ["sensors missing"], "suspicious": [{"about": "flip", "says": "the head leaps once"}]}
    loaded = loaded_of(summary, SOURCE, 25.0)
    assert loaded.doubts == ("Sensors missing", "The head leaps once")
    good = json.loads(as_text(loaded))
    for wrong in ({"fps": 0.0}, {"duration": "long"}, {"elements": [{"name": 1}]}, {"markers": [["a"]]}, {"more": 1}):
        assert from_text(json.dumps(good | wrong)) is None


def test_a_take_at_a_glance_has_each_number_with_its_unit() -> None:
    jump = {"type": "jump", "name": "axel", "start": 1.0, "end": 1.48, "turns": 1.5, "height": 0.423}
    spin = {"type": "spin", "name": "camel spin", "start": 2.0, "end": 4.3, "turns": 6.7, "height": None}
    glide = {"type": "glide", "name": "left forward outside", "start": 0.0, "end": 0.9, "turns": 0.0, "height": None}
    loaded = loaded_of(
        {
            "name": "competition", "subject": "Anna", "subjects": ["Anna", "Eva"], "duration": 4.26, "frames": 1023,
            "rate": 240.0, "travel": {"path": 31.4, "top_speed": 6.66}, "events": [glide, jump, spin],
            "warnings": [], "suspicious": [],
        },
        SOURCE,
        25.0,
    )  # fmt: skip
    assert (loaded.name, loaded.who, loaded.subjects) == ("competition", "Anna", ("Anna", "Eva"))
    assert loaded.length == "4.3 s, 1023 frames at 240 Hz"
    assert loaded.travel == "31 m travelled, up to 6.7 m/s"
    assert [(element.name, element.facts) for element in loaded.elements] == [
        ("axel 1½", "42 cm"),
        ("camel spin", "7 turns"),
    ]
    assert (counted(loaded.elements), loaded.others) == ("1 jump, 1 spin", "1 glide")
    assert loaded.markers == (("axel 1½", 25), ("landing", 37), ("camel spin", 50), ("spin ends", 108))
    # What is told to end after the last frame that there is ends with it.
    assert [loaded.frames_of(element) for element in loaded.elements] == [(25, 37), (50, 106)]

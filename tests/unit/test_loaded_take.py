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

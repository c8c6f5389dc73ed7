"""Events corrected by hand: the file beside a take does what it says, or says its mistake in one line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_skating import UP, demo, shifted, turned_about_root
from made_takes import mvnx

from mocap.errors import UserError
from mocap.events import Event
from mocap.motion import Motion
from mocap.skating.corrections import annotated, corrections_beside, with_corrections
from mocap.skating.slip import glide_slip
from mocap.skating.tracks import track
from mocap.summary import summarize


def corrected(folder: Path, text: str, motion: Motion | None = None, start: float = 0.0) -> tuple[Event, ...]:
    path = folder / "take.events.yaml"
    path.write_text(text, encoding="utf-8")
    return with_corrections(motion or demo(), path, start).events


def refused(folder: Path, text: str) -> str:
    with pytest.raises(UserError) as caught:
        corrected(folder, text)
    line = str(caught.value)
    assert line.startswith(str(folder / "take.events.yaml")) and "\n" not in line
    return line


def kinds(events: tuple[Event, ...]) -> list[str]:
    return [event.type for event in events]


def test_an_event_is_added_removed_and_changed(tmp_path: Path) -> None:
    events = corrected(
        tmp_path,
        """
        remove:
          - at: 8.0
        change:
          - {at: 4.7, name: double axel, turns: 2.5, start: 4.48, end: 5.05}
        add:
          - {type: spin, name: sit spin, start: 7.6, end: 10.9, turns: 6, rate: 2.5}
        """,
    )
    assert len(events) == len(demo().events)
    (jump,) = [event for event in events if event.type == "jump"]
    (old,) = [event for event in demo().events if event.type == "jump"]
    assert jump == replace(old, name="double axel", start=269, end=303, turns=2.5)
    (spin,) = [event for event in events if event.type == "spin"]
    assert spin == Event("spin", "sit spin", 456, 654, 6.0, 0.0, 2.5)
    assert [event.start for event in events] == sorted(event.start for event in events)


def test_frames_count_as_well_as_seconds(tmp_path: Path) -> None:
    events = corrected(tmp_path, "unit: frames\nchange:\n- {at: 280, start: 268}\n")
    assert [event.start for event in events if event.type == "jump"] == [268]


def test_what_was_found_can_be_ignored(tmp_path: Path) -> None:
    events = corrected(tmp_path, "found: ignore\nadd:\n- {type: jump, start: 1, end: 1.5}\n")
    assert events == (Event("jump", "jump", 60, 90),)
    assert corrected(tmp_path, "found: ignore") == ()
    assert corrected(tmp_path, "found: keep\nremove:\n") == demo().events


def test_of_two_events_at_a_time_the_type_chooses(tmp_path: Path) -> None:
    both = replace(demo(), events=(Event("glide", "edge", 0, 400), Event("jump", "axel", 270, 301, 1.5)))
    assert kinds(corrected(tmp_path, "remove: [{at: 4.6}]", both)) == ["glide"]
    assert kinds(corrected(tmp_path, "remove: [{at: 4.6, type: glide}]", both)) == ["jump"]


def test_a_part_of_a_take_is_corrected_by_the_take_s_own_clock(tmp_path: Path) -> None:
    part = replace(
        demo(),
        orientations=demo().orientations[240:400],
        positions=demo().positions[240:400],
        contacts=None,
        events=(Event("jump", "axel", 30, 61, 1.5),),
    )
    text = "remove: [{at: 8}]\nchange: [{at: 4.6, name: waltz}]\nadd: [{type: glide, start: 1, end: 4.4}]"
    assert corrected(tmp_path, text, part, start=4.0) == (
        Event("glide", "glide", 0, 24),
        Event("jump", "waltz", 30, 61, 1.5),
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("[]", "line 1: here belong keys"),
        ("addd: []", "unknown key 'addd'. Did you mean 'add'?"),
        ("add: 3", "line 1: here belongs a list"),
        ("add:\n- {type: jmp, start: 1, end: 2}", "line 2: 'jmp' is not known here. Did you mean 'jump'?"),
        ("add:\n- {type: jump, begin: 1, end: 2}", "line 2: unknown key 'begin'"),
        ("add:\n- {type: jump, end: 2}", "needs its start"),
        ("add:\n- {type: jump, start: 2, end: 1}", "ends before it starts"),
        ("add:\n- {type: jump, start: 1, end: 200}", "beyond the take. Its last frame is at 12."),
        ("add:\n- {type: jump, start: -1, end: 2}", "a number from 0"),
        ("add:\n- {type: jump, start: .nan, end: 2}", "here belongs a number"),
        ("add:\n- {type: jump, start: 1, end: 2, turns: many}", "here belongs a number from 0 to 1000"),
        ("add:\n- {type: jump, start: 1, end: 2, name: [a]}", "here belongs a name"),
        ("remove:\n- {type: jump}", "needs `at`"),
        (
            "remove:\n- {at: 9, type: jump}",
            "line 2: no jump is under way then. The nearest is 'axel', from 4.5 to 5.01667.",
        ),
        ("unit: hours", "'hours' is not known here. Known are: seconds, frames."),
        ("unit: frames\nunit: frames", "line 2: the key 'unit' stands here twice"),
        ("a: &x [1]\nb: *x", "line 1: anchors and aliases"),
        ("add: !!python/object:os.system []", "tags are not used here"),
        ("add: [", "not YAML"),
        ("? [a]\n: b", "a key is a word"),
        ("--- a\n--- b", "more than one document"),
        ("[" * 50 + "]" * 50, "nested too deeply"),
        ("add: \x00", "not YAML"),
        ("# " + "x" * 300_000, "longer than 200000 bytes"),
    ],
)
def test_mistakes_are_one_line(tmp_path: Path, text: str, says: str) -> None:
    assert says in refused(tmp_path, text)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "take.events.yaml").write_bytes(b"\xff\xfe\x00a")
    with pytest.raises(UserError, match="UTF-8"):
        with_corrections(demo(), tmp_path / "take.events.yaml")
    with pytest.raises(UserError, match="cannot be read"):
        with_corrections(demo(), tmp_path / "none.events.yaml")


_SOUND = "unit: seconds\nremove:\n- {at: 8.0}\nadd:\n- {type: jump, name: axel, start: 1.0, end: 2.0, turns: 1.5}\n"


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(_SOUND)), st.integers(0, 3), st.text(max_size=4)), min_size=1, max_size=4))
def test_mutilated_files_end_in_events_or_in_our_error(tmp_path_factory, edits) -> None:
    text = _SOUND
    for where, cut, put in edits:
        text = text[:where] + put + text[where + cut :]
    path = tmp_path_factory.mktemp("mutilated") / "take.events.yaml"
    path.write_bytes(text.encode("utf-8", errors="surrogatepass"))
    try:
        events = with_corrections(demo(), path).events
    except UserError:
        return
    assert all(0 <= event.start < event.end < len(demo()) for event in events)


def test_the_file_beside_a_take_is_found_by_name(tmp_path: Path) -> None:
    beside = tmp_path / "axel.events.yaml"
    beside.write_text("found: keep\n")
    for name in ("axel.mvnx", "axel.mvnx.gz", "axel.bvh"):
        assert corrections_beside(tmp_path / name) == beside
    assert corrections_beside(tmp_path / "lutz.mvnx") is None


def test_a_take_is_annotated_by_what_is_found_and_what_is_corrected(tmp_path: Path) -> None:
    take = mvnx(tmp_path, demo(), "axel.mvnx")
    recorded = replace(demo(), contacts=None, events=())
    found = annotated(recorded, take)
    assert found.contacts is not None and found.source["contacts_from"] == "heights"
    assert [event.name for event in found.events if event.type == "jump"] == ["axel"]
    assert annotated(demo(), take).events == demo().events, "authored events stay"
    (tmp_path / "axel.events.yaml").write_text("change: [{at: 4.7, type: jump, name: waltz}]")
    assert [event.name for event in annotated(recorded, take).events if event.type == "jump"] == ["waltz"]


def test_a_heading_that_is_off_is_mended_along_the_blades(tmp_path: Path) -> None:
    off = turned_about_root(demo(), np.full(len(demo()), np.radians(15.0)))
    mended = annotated(off, tmp_path / "axel.mvnx")
    before, after = (np.percentile(glide_slip(track(motion)), 95) for motion in (off, mended))
    assert before > 0.9 and after < 0.6
    (doubt,) = summarize(mended)["suspicious"]
    assert doubt["about"] == "heading" and "slipped sideways" in doubt["says"]


def test_creeping_ice_is_levelled_and_steady_ice_left_alone(tmp_path: Path) -> None:
    take = tmp_path / "axel.mvnx"
    assert annotated(demo(), take).positions is demo().positions
    creep = np.linspace(0.0, 0.1, len(demo()))[:, None] * UP
    level = annotated(shifted(demo(), creep), take)
    assert np.abs(level.positions - demo().positions).max() < 0.02
    assert {"about": "ice", "says": "the ice creeps by 8 cm over the take: levelled"} in summarize(level)["suspicious"]

"""What a take is said to be."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from made_skating import demo, without
from made_takes import dancing, mvnx

from mocap.rotations import from_axis_angle, hemisphere, multiply
from mocap.skeleton import finger_segments
from mocap.summary import format_summary, summarize
from mocap.takes import read_take


def says(summary) -> list[str]:
    return [doubt["says"] for doubt in summary["suspicious"]]


def test_real_takes(recordings):
    walk = summarize(read_take(recordings / "xsens_walk_240hz.bvh"))
    assert walk["contacts_from"] == "heights" and walk["events"] == []
    assert walk["warnings"] == [] and walk["suspicious"] == []
    assert walk["slip"] is None, "nobody glides"
    assert 4.0 < walk["travel"]["width"] < 5.0
    assert 0.8 < walk["travel"]["lowest"] < walk["travel"]["highest"] < 1.1
    upper = summarize(read_take(recordings / "xsens_v4_upperbody_60hz.mvnx"))
    assert upper["contacts_from"] == "none" and upper["events"] == []
    assert "upper body only" in says(upper)[0]
    third = summarize(read_take(recordings / "xsens_v3_fullbody_240hz.mvnx"))
    assert any("ISB" in warning for warning in third["warnings"])
    assert third["closure_mm"]["max"] < 0.2
    assert says(third) == ["shorter than 1 s"]


def test_it_fits_a_screen_and_json(tmp_path):
    summary = summarize(read_take(mvnx(tmp_path)))
    lines = format_summary(json.loads(json.dumps(summary))).splitlines()
    assert len(lines) <= 24 and max(map(len, lines)) <= 120
    assert lines[0] == "take"
    text = "\n".join(lines)
    assert "60 frames at 60 per second" in text and "MVNX 4" in text


def test_the_demo_is_told_element_by_element():
    summary = summarize(replace(demo(), contacts=None, events=()))
    assert summary["warnings"] == [] and summary["suspicious"] == []
    jump, _ = (event for event in summary["events"] if event["type"] in ("jump", "spin"))
    assert (jump["name"], jump["turns"]) == ("axel", 1.5) and jump["start"] == pytest.approx(4.5, abs=0.02)
    lines = format_summary(json.loads(json.dumps(summary))).splitlines()
    elements = [line.split(maxsplit=1)[1] for line in lines if line.strip().startswith("element")]
    assert elements[0].startswith("4.50–5.02 s axel, 1.5 turns, 32 cm high, up to 2.")
    assert "upright spin" in elements[1] and len(elements) == 2
    assert any("strokes" in line for line in lines)
    assert summarize(demo())["events"][4]["name"] == "left forward outside take-off edge", "authored events are told"


def test_a_long_programme_still_fits_a_screen():
    events = tuple(replace(event, start=k, end=k + 20) for k in range(0, 600, 20) for event in demo().events[5:6])
    lines = format_summary(summarize(replace(without(demo(), 100, 120), events=events))).splitlines()
    assert len(lines) <= 34
    assert any("and 18 more" in line for line in lines) and any("first at 1.67 s" in line for line in lines)


def test_fingers_and_props_are_counted():
    body = demo()
    skeleton = body.skeleton
    more = (*finger_segments("Left"), "Prop1")
    hand = skeleton.index("LeftHand")
    count = len(more)
    grown = replace(
        skeleton,
        names=(*skeleton.names, *more),
        parents=np.append(skeleton.parents, [hand] * (count - 1) + [-1]),
        offsets=np.concatenate((skeleton.offsets, np.zeros((count, 3)))),
    )
    motion = replace(
        body,
        skeleton=grown,
        orientations=np.concatenate((body.orientations, body.orientations[:, [hand] * count]), axis=1),
        positions=np.concatenate((body.positions, body.positions[:, [hand] * count]), axis=1),
    )
    summary = summarize(motion)
    assert (summary["segments"], summary["finger_segments"], summary["props"]) == (23 + count, count - 1, ["Prop1"])
    assert "props: Prop1" in format_summary(summary)


def test_travel_and_doubts():
    motion = replace(dancing(121), contacts=None)
    summary = summarize(motion)
    assert summary["travel"]["width"] == pytest.approx(8.0, abs=1e-6)
    assert summary["travel"]["path"] == pytest.approx(np.hypot(8.0, 1.0), abs=0.3)
    assert "joints" not in {doubt["about"] for doubt in summary["suspicious"]}
    torn = motion.positions.copy()
    torn[60, motion.skeleton.index("Head")] += 0.1
    doubts = says(summarize(replace(motion, positions=torn)))
    assert any(doubt.startswith("Head misses its joint by up to 173 mm") for doubt in doubts)
    still = replace(motion, positions=motion.positions - motion.positions[:, :1] + (0.0, 0.0, 0.9))
    assert any("not a take of skating" in doubt for doubt in says(summarize(still)))


def test_a_reader_s_warnings_and_the_movement_s_own_are_kept_apart():
    motion = replace(demo(), source={"format": "made", "warnings": ("3 frames are missing from the recording",)})
    hand = motion.skeleton.index("LeftHand")
    orientations = motion.orientations.copy()
    orientations[300:, hand] = multiply(orientations[300:, hand], from_axis_angle((1.0, 0.0, 0.0), np.pi))
    summary = summarize(replace(motion, orientations=hemisphere(orientations)))
    assert summary["warnings"] == ["3 frames are missing from the recording"]
    assert [doubt["about"] for doubt in summary["suspicious"]] == ["flip"]
    text = format_summary(summary)
    assert "warning" in text and "suspicious" in text

"""The MVNX 4 writer: what goes out comes back, and a file is whole or absent."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from made_takes import dancing, with_fingers_and_props

from mocap.errors import UserError
from mocap.mvnx.write import write_mvnx
from mocap.skeleton import finger_segments
from mocap.takes import read_take


def test_round_trip(tmp_path):
    motion = dancing(120, rate=59.94)
    facts = {"subject": 'An <odd> & "named" one\x07', "recorded": "2024-11-02 09:30:00"}
    write_mvnx(replace(motion, source=facts), tmp_path / "dance.mvnx")
    back = read_take(tmp_path / "dance.mvnx")
    assert np.abs(back.positions - motion.positions).max() < 1e-8
    assert np.abs(back.orientations - motion.orientations).max() < 1e-8
    assert np.abs(back.skeleton.offsets - motion.skeleton.offsets).max() < 1e-8
    assert np.array_equal(back.contacts, motion.contacts)
    assert (back.rate, back.name) == (59.94, "dance")
    assert back.source["subject"] == 'An <odd> & "named" one'
    assert back.source["recorded"] == "2024-11-02 09:30:00"
    for segment, points in motion.skeleton.points.items():
        for label, point in points.items():
            assert np.abs(back.skeleton.points[segment][label] - point).max() < 1e-8


def test_round_trip_of_real_takes(recordings, tmp_path):
    for name in ("xsens_v4_upperbody_60hz.mvnx", "xsens_v3_fullbody_240hz.mvnx", "xsens_walk_240hz.bvh"):
        take = read_take(recordings / name)
        write_mvnx(take, tmp_path / "again.mvnx")
        back = read_take(tmp_path / "again.mvnx")
        assert np.abs(back.positions - take.positions).max() < 1e-8
        assert np.abs(back.orientations - take.orientations).max() < 1e-8


def test_a_motion_without_contacts_has_no_contact_definition(tmp_path):
    write_mvnx(replace(dancing(), contacts=None), tmp_path / "dance.mvnx")
    assert "ontact" not in (tmp_path / "dance.mvnx").read_text()
    assert read_take(tmp_path / "dance.mvnx").contacts is None


def test_layout_is_that_of_mvn(tmp_path):
    write_mvnx(dancing(70), tmp_path / "dance.mvnx")
    root = ElementTree.parse(tmp_path / "dance.mvnx").getroot()
    mvn = "{http://www.xsens.com/mvn/mvnx}"
    frames = root.findall(f".//{mvn}frame")
    assert [frame.get("type") for frame in frames[:3]] == ["identity", "tpose", "normal"]
    assert frames[0].get("index") is None and frames[2].get("index") == "0"
    assert [frames[k].get("time") for k in (3, 4, 62)] == ["17", "33", "1000"]
    assert frames[62].get("tc") == "00:00:01:00"
    assert root.find(f"{mvn}subject/{mvn}joints/{mvn}joint/{mvn}connector1").text == "Pelvis/jL5S1"
    left_hand = np.array(frames[0].find(f"{mvn}position").text.split(), float).reshape(23, 3)[14]
    assert left_hand[1] > 0.6  # MVN: y is left
    children = [re.sub(".*}", "", child.tag) for child in root.find(f"{mvn}subject")]
    assert children == ["segments", "joints", "footContactDefinition", "frames"]


def test_fingers_and_props_have_mvns_places(tmp_path):
    write_mvnx(with_fingers_and_props(dancing(3)), tmp_path / "dance.mvnx")
    subject = ElementTree.parse(tmp_path / "dance.mvnx").getroot().find("{*}subject")
    assert subject.get("segmentCount") == "25"
    labels = [segment.get("label") for segment in subject.findall("{*}segments/{*}segment")]
    assert labels[-2:] == ["Prop1", "Prop2"] and len(labels) == 25
    fingers = subject.findall("{*}fingerTrackingSegmentsLeft/{*}segment")
    assert [segment.get("label") for segment in fingers] == list(finger_segments("Left"))
    frames = subject.find("{*}frames")
    counts = {name: frames.get(name) for name in ("segmentCount", "jointCount", "fingerJointCount")}
    assert counts == {"segmentCount": "25", "jointCount": "23", "fingerJointCount": "40"}
    frame = frames.findall("{*}frame")[-1]
    assert len(frame.find("{*}orientationFingersRight").text.split()) == 4 * 20
    assert len(frame.find("{*}position").text.split()) == 3 * 25


def test_same_motion_same_bytes(tmp_path):
    for name in ("a.mvnx", "b.mvnx"):
        write_mvnx(dancing(), tmp_path / name)
    assert (tmp_path / "a.mvnx").read_bytes() == (tmp_path / "b.mvnx").read_bytes()


def test_whole_or_not_at_all(tmp_path):
    path = tmp_path / "dance.mvnx"
    write_mvnx(dancing(), path)
    before = path.read_bytes()
    motion = dancing()
    broken = replace(motion, positions=motion.positions[:-5])
    with pytest.raises(IndexError):
        write_mvnx(broken, path)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["dance.mvnx"]


def test_a_place_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="cannot be written"):
        write_mvnx(dancing(), tmp_path / "file" / "dance.mvnx")

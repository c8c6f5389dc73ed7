"""The MVNX reader: right on MVN's own files, forgiving about layout, firm about damage."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from made_takes import dancing, edited, mvnx

from mocap.axes import quaternions_from_mvn
from mocap.closure import _ISB_OFFSETS, closure_error
from mocap.errors import UserError
from mocap.motion import Motion
from mocap.rotations import multiply, rotate
from mocap.skeleton import CONTACT_POINTS, SEGMENTS
from mocap.takes import read_take


def refused(path: Path, **options) -> str:
    with pytest.raises(UserError) as caught:
        read_take(path, **options)
    line = str(caught.value)
    assert "\n" not in line and path.name in line
    return line


def mean_closure_mm(motion: Motion) -> float:
    return 1000.0 * float(closure_error(motion.skeleton, motion.orientations, motion.positions)[:, 1:].mean())


def test_version_4_of_mvn(recordings):
    take = read_take(recordings / "xsens_v4_upperbody_60hz.mvnx")
    assert (len(take), take.rate, take.skeleton.names) == (112, 60.0, SEGMENTS)
    assert take.contacts is not None and take.contacts.shape == (112, 4)
    assert take.source["configuration"] == "UpperBody"
    assert take.source["isb_arms_corrected"] is False
    assert mean_closure_mm(take) < 0.2
    assert np.allclose(np.linalg.norm(take.orientations, axis=-1), 1.0)
    assert (np.sum(take.orientations[1:] * take.orientations[:-1], axis=-1) > 0.0).all()
    # Blender's axes: the left side is +x, ahead is −y.
    origins = dict(zip(SEGMENTS, take.skeleton.identity_positions(), strict=True))
    assert origins["LeftHand"][0] > 0.6 > -0.6 > origins["RightHand"][0]
    assert take.skeleton.points["RightToe"]["pRightToe"][1] < -0.05


def test_version_3_of_mvn_has_its_arms_turned(recordings):
    take = read_take(recordings / "xsens_v3_fullbody_240hz.mvnx")
    assert (len(take), take.rate, take.contacts) == (4, 240.0, None)
    assert take.source["isb_arms_corrected"] is True
    assert mean_closure_mm(take) < 0.15
    as_recorded = take.orientations.copy()
    for segment, offset in _ISB_OFFSETS.items():
        j = take.skeleton.index(segment)
        as_recorded[:, j] = multiply(as_recorded[:, j], quaternions_from_mvn(offset))
    elbows = [take.skeleton.index(f"{side}ForeArm") for side in ("Left", "Right")]
    before = closure_error(take.skeleton, as_recorded, take.positions)[:, elbows]
    assert before.mean() > 0.38


def test_isb_arms_are_found_without_regard_to_the_version(tmp_path):
    motion = dancing()
    isb = motion.orientations.copy()
    for segment, offset in _ISB_OFFSETS.items():
        j = motion.skeleton.index(segment)
        isb[:, j] = multiply(isb[:, j], quaternions_from_mvn(offset))
    take = read_take(mvnx(tmp_path, replace(motion, orientations=isb)))
    assert take.source["isb_arms_corrected"] is True
    dots = np.abs(np.sum(take.orientations * motion.orientations, axis=-1))
    assert np.allclose(dots, 1.0, atol=1e-9)


def test_joints_that_never_close_are_left_alone(tmp_path):
    motion = dancing()
    torn = motion.positions.copy()
    torn[:, motion.skeleton.index("LeftHand")] += 0.5
    take = read_take(mvnx(tmp_path, replace(motion, positions=torn)))
    assert take.source["isb_arms_corrected"] is False
    assert np.allclose(take.positions, torn)


def test_layout_does_not_matter(tmp_path):
    plain = read_take(mvnx(tmp_path))
    path = mvnx(tmp_path)
    text = path.read_text()
    text = text.replace("</orientation>", "\n\t </orientation> stray words").replace("<position>", "<position>\r\n  ")
    text = text.replace("<mvnx xmlns=", "<x:mvnx xmlns:x=").replace("</mvnx>", "</x:mvnx>")
    text = text.replace("<frame ", "<x:frame ").replace("</frame>", "</x:frame>")
    text = text.replace("?>", '?>\n<!DOCTYPE mvnx SYSTEM "schema.dtd">', 1)
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    take = read_take(path)
    assert np.array_equal(take.positions, plain.positions)
    assert np.array_equal(take.orientations, plain.orientations)
    path.write_text(text.replace('encoding="UTF-8"', 'encoding="UTF-16"'), encoding="utf-16")
    assert np.array_equal(read_take(path).positions, plain.positions)


def test_frames_are_told_apart_by_type_not_place(tmp_path):
    path = mvnx(tmp_path)
    text = path.read_text()
    begin, end = text.index("\t\t\t<frame "), text.index('\t\t\t<frame time="0" index="0"')
    calibration = text[begin:end]
    path.write_text((text[:begin] + text[end:]).replace("\t\t</frames>", f"{calibration}\t\t</frames>"))
    assert np.allclose(read_take(path).positions, dancing().positions, atol=1e-8)


def test_other_streams_are_passed_over(tmp_path):
    path = edited(mvnx(tmp_path), "</orientation>", "</orientation>\n<jointAngle>not even numbers</jointAngle>")
    assert np.allclose(read_take(path).positions, dancing().positions, atol=1e-8)


def test_joints_fall_back_on_mvns_labels(tmp_path):
    path = mvnx(tmp_path)
    text = path.read_text()
    begin, end = text.index("\t\t<joints>"), text.index("</joints>") + len("</joints>")
    path.write_text((text[:begin] + text[end:]).replace("T4Shoulder", "C7Shoulder"))
    assert np.allclose(read_take(path).skeleton.offsets, dancing().skeleton.offsets)


def test_contacts_follow_their_definition(tmp_path):
    path = mvnx(tmp_path)
    for index, label in enumerate(CONTACT_POINTS):
        edited(path, f'label="{label}" index="{index}"', f'label="{label}" index="{3 - index}"')
    assert np.array_equal(read_take(path).contacts, dancing().contacts[:, ::-1])


def several_subjects(folder: Path) -> Path:
    first, second = mvnx(folder, name="a.mvnx").read_text(), mvnx(folder, dancing(30, seed=1), "b.mvnx").read_text()
    subject = second[second.index("\t<subject ") : second.index("</mvnx>")].replace('label="dance"', 'label="Partner"')
    path = folder / "pair.mvnx"
    path.write_text(first.replace("</mvnx>", subject + "</mvnx>"))
    return path


def test_subjects_are_selectable(tmp_path):
    path = several_subjects(tmp_path)
    first = read_take(path)
    assert first.source["subjects"] == ("dance", "Partner") and len(first) == 60
    partner = read_take(path, "Partner")
    assert np.allclose(partner.positions, dancing(30, seed=1).positions, atol=1e-8)
    assert partner.name == "pair Partner"
    assert "dance, Partner" in refused(path, subject="Nobody")


def test_subjects_of_one_name_get_numbers(tmp_path):
    path = edited(several_subjects(tmp_path), 'label="Partner"', 'label="dance"')
    second = read_take(path, "dance (2)")
    assert second.source["subjects"] == ("dance", "dance (2)") and len(second) == 30


def test_part_of_a_take(tmp_path):
    path = mvnx(tmp_path)
    part = read_take(path, start=0.25, stop=0.5)
    assert np.array_equal(part.positions, read_take(path).positions[15:31])
    assert part.source["first_frame"] == 15
    assert "0.983 s (60 frames)" in refused(path, start=0.5, stop=1.5)
    assert "0.983 s (60 frames)" in refused(path, start=3.0)
    assert "hold no frame" in refused(path, start=0.6, stop=0.5)


def test_frames_lost_in_recording_are_told(tmp_path):
    long = edited(mvnx(tmp_path), 'index="30"', f'index="{"3" * 5000}"')
    assert len(read_take(long)) == 60
    path = edited(mvnx(tmp_path), 'index="30"', 'index="33"')
    assert any("missing" in str(warning) for warning in read_take(path).source["warnings"])


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.999])
def test_cut_in_the_middle(tmp_path, share):
    path = mvnx(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    assert "cut off in the middle" in refused(path)


def test_malformed(tmp_path):
    path = edited(mvnx(tmp_path), "</frame>", "</fame>")
    assert "not well-formed" in refused(path)
    path.write_text("<html><body/></html>")
    assert "no MVNX" in refused(path)
    path.write_text('<mvnx version="1"><subject/></mvnx>')
    assert "version 1" in refused(path)
    path.write_text('<mvnx version="4"></mvnx>')
    assert "no subject" in refused(path)


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/hostname">',
        '<!ENTITY % a SYSTEM "http://localhost/x">%a;',
    ],
)
def test_entities_are_refused(tmp_path, declaration):
    path = edited(mvnx(tmp_path), "<mvnx ", f"<!DOCTYPE mvnx [{declaration}]>\n<mvnx ", count=1)
    assert "declares XML entities" in refused(path)


FRAME_7 = 'index="7" tc="00:00:00:07" ms="117" type="normal">\n\t\t\t\t<orientation>'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (FRAME_7, "{}NaN ", "frame 7: orientation"),
        (FRAME_7, "{}0 0 0 1e300 ", "frame 7: orientation has 96"),
        (FRAME_7, "{}1.0 ", "frame 7: orientation has 93"),
        (FRAME_7, "{}one ", "no number"),
        ('segment label="L3"', 'segment label="L33"', "segments missing: L3"),
        ('frameRate="60"', 'frameRate="fast"', "frameRate"),
        ('frameRate="60"', 'frameRate="nan"', "frameRate"),
        ('index="0"/>', 'index="-1"/>', "foot contact"),
        ('type="normal"', 'type="tpose"', "no recorded frame"),
        ("<pos_b>", "<pos_b>0 ", "three finite numbers"),
    ],
)
def test_damage_is_named(tmp_path, old, new, message):
    path = edited(mvnx(tmp_path), old, new.format(old))
    assert message in refused(path)


def test_absurd_numbers_are_refused(tmp_path):
    motion = dancing()
    motion.positions[9, 4, 1] = 1e8
    assert "frame 9: position is no place on earth" in refused(mvnx(tmp_path, motion))
    motion = dancing()
    motion.orientations[9, 4] = 2.0
    assert "frame 9: orientation is no rotation" in refused(mvnx(tmp_path, motion))


def test_an_unknown_encoding_is_refused(tmp_path):
    assert "unknown encoding: KLINGON" in refused(edited(mvnx(tmp_path), "UTF-8", "KLINGON"))


def test_one_endless_text_is_refused(tmp_path):
    path = edited(mvnx(tmp_path), "<position>", "<position>" + "0 " * (1 << 22), count=1)
    path = edited(path, 'type="identity"', 'type="normal"')
    assert "more than 64 kB of text" in refused(path)


def test_memory_does_not_grow_with_the_streams_passed_over(tmp_path):
    """Ten times the bytes per frame in streams that nobody asked for cost the reader nothing."""
    motion = dancing(300)
    lean = mvnx(tmp_path, motion, "lean.mvnx")
    fat = mvnx(tmp_path, motion, "fat.mvnx")
    stream = "<sensorOrientation>" + "0.123456 " * 4000 + "</sensorOrientation>"
    edited(fat, "</position>", "</position>" + stream)
    assert fat.stat().st_size > 10 * lean.stat().st_size
    assert peak_bytes(fat) < peak_bytes(lean) + (1 << 20)


def test_memory_per_frame_is_that_of_the_result(tmp_path):
    short, long = mvnx(tmp_path, dancing(300), "short.mvnx"), mvnx(tmp_path, dancing(3000), "long.mvnx")
    pose = len(SEGMENTS) * 7 * 8
    grown = (peak_bytes(long) - peak_bytes(short)) / 2700
    assert pose < grown < 6 * pose
    # The text of a frame alone is larger than what one frame may cost; a tree of it is many times that.
    assert grown < 2 * long.stat().st_size / 3000


def peak_bytes(path: Path) -> int:
    """Most memory that Python held at once while a fresh interpreter read the file."""
    program = (
        "import sys, tracemalloc; from mocap.takes import read_take; tracemalloc.start();"
        "read_take(sys.argv[1]); print(tracemalloc.get_traced_memory()[1])"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], cwd=root, capture_output=True, text=True, check=True
    )
    return int(done.stdout)


def test_points_turn_with_their_segment(tmp_path):
    take = read_take(mvnx(tmp_path))
    j = take.skeleton.index("LeftFoot")
    heel = take.skeleton.points["LeftFoot"]["pLeftHeelFoot"]
    expected = take.positions[:, j] + rotate(take.orientations[:, j], heel)
    assert np.array_equal(take.point("LeftFoot", "pLeftHeelFoot"), expected)

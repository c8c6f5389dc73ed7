"""The MVNX reader: right on MVN's own files, forgiving about layout, firm about damage."""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from made_takes import bvh, dancing, edited, mvnx, mvnx_2, with_fingers_and_props

from mocap.axes import quaternions_from_mvn, vectors_from_mvn
from mocap.closure import _ISB_OFFSETS, closure_error
from mocap.errors import UserError
from mocap.motion import Motion
from mocap.rotations import conjugate, multiply, rotate
from mocap.skeleton import CONTACT_POINTS, SEGMENTS, finger_segments
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


def test_signs_of_quaternions_are_made_continuous(tmp_path):
    motion = dancing(400)
    signs = np.random.default_rng(0).choice((-1.0, 1.0), (400, len(SEGMENTS), 1))
    signs[0] = 1.0
    take = read_take(mvnx(tmp_path, replace(motion, orientations=signs * motion.orientations)))
    assert np.abs(take.orientations - motion.orientations).max() < 1e-8


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


def test_contacts_without_a_definition_have_mvns_order(tmp_path):
    path = mvnx(tmp_path)
    text = path.read_text()
    begin, end = text.index("\t\t<footContactDefinition>"), text.index("</footContactDefinition>")
    path.write_text(text[:begin] + text[end + len("</footContactDefinition>") :])
    assert np.array_equal(read_take(path).contacts, dancing().contacts)


# -- calibration ---------------------------------------------------------------------------------------------------


def calibration_frames(path: Path) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Orientations (23, 4) and positions (23, 3) of a file's calibration frames in Blender's axes, by type."""
    frames = {}
    for frame in ElementTree.parse(path).getroot().iter("{http://www.xsens.com/mvn/mvnx}frame"):
        if frame.get("type") != "normal":
            orientation, position = (
                np.array(frame.find(f"{{*}}{stream}").text.split(), float).reshape(23, -1)
                for stream in ("orientation", "position")
            )
            frames[frame.get("type")] = quaternions_from_mvn(orientation), vectors_from_mvn(position)
    return frames


def degrees_from(q: np.ndarray, reference: np.ndarray) -> np.ndarray:
    return np.degrees(2.0 * np.arccos(np.clip(np.abs(np.sum(q * reference, axis=-1)), 0.0, 1.0)))


def test_unrotated_segments_are_mvns_identity_and_not_its_tpose(recordings):
    """The reference of a motion is the file's `identity` frame; its `tpose` is up to 13 degrees elsewhere."""
    path = recordings / "xsens_v4_upperbody_60hz.mvnx"
    frames = calibration_frames(path)
    origins = read_take(path).skeleton.identity_positions()
    identity, tpose = (frames[kind][1] - frames[kind][1][0] for kind in ("identity", "tpose"))
    assert np.linalg.norm(origins - identity, axis=-1).max() < 0.001
    assert np.linalg.norm(origins - tpose, axis=-1).max() > 0.03
    assert degrees_from(frames["identity"][0], np.array((1.0, 0.0, 0.0, 0.0))).max() < 0.01
    away = dict(zip(SEGMENTS, degrees_from(frames["tpose"][0], np.array((1.0, 0.0, 0.0, 0.0))), strict=True))
    assert away["Pelvis"] > 5.0 and away["Head"] > 13.0


def test_recorded_orientations_are_told_against_identity(recordings):
    """Frame 0 as it stands in the file, not relative to any calibration frame."""
    path = recordings / "xsens_v4_upperbody_60hz.mvnx"
    text = path.read_text()
    frame = text[text.index('type="normal"') :]
    first = np.array(frame[frame.index("<orientation>") + 13 : frame.index("</orientation>")].split(), float)
    expected = quaternions_from_mvn(first.reshape(23, 4))
    # The file has six decimals.
    assert np.abs(read_take(path).orientations[0] - expected).max() < 2e-6


def test_calibration_frames_may_stand_anywhere_and_hold_anything(tmp_path):
    path = mvnx(tmp_path)
    plain = read_take(path)
    odd = "<orientation>0.5 0.5 0.5 0.5</orientation><position>nothing</position>"
    for kind in ("identity", "tpose", "tpose-isb", "npose"):
        edited(path, '\t<frame time="500"', f'\t<frame index="-3" type="{kind}">{odd}</frame>\t<frame time="500"')
    again = read_take(path)
    assert np.array_equal(again.orientations, plain.orientations) and again.source["gaps"] == ()


# -- version 2 -----------------------------------------------------------------------------------------------------


def test_version_2_with_frames_in_attributes(tmp_path):
    motion = dancing()
    take = read_take(mvnx_2(tmp_path, motion))
    assert (take.source["version"], take.rate, take.name, take.contacts) == ("2", 60.0, "take", None)
    assert np.abs(take.positions - motion.positions).max() < 1e-8
    assert np.abs(take.orientations - motion.orientations).max() < 1e-8
    assert np.abs(take.skeleton.offsets - motion.skeleton.offsets).max() < 1e-8
    part = read_take(mvnx_2(tmp_path, motion), start=0.25, stop=0.5)
    assert np.array_equal(part.positions, take.positions[15:31])


def test_version_2_without_labels_has_mvns_order(tmp_path):
    path = mvnx_2(tmp_path, dancing(5))
    path.write_text(re.sub(r'<segment label="\w+">', "<segment>", path.read_text()))
    assert np.abs(read_take(path).positions - dancing(5).positions).max() < 1e-8


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('<F v="', '<F v="1 ', "the row of a frame has 162 values where 161 are due"),
        ('<F v="', '<F v="x ', "holds something that is no number"),
        ('<F v="', '<F w="', "the row of a frame has 0 values"),
        ("<F v=", "<G v=", "no recorded frame"),
        ('frameRate="60"', "", "frameRate"),
        ('<segment label="L3">', '<segment label="L9">', "segments missing: L3"),
    ],
)
def test_damage_to_version_2_is_named(tmp_path, old, new, message):
    assert message in refused(edited(mvnx_2(tmp_path, dancing(4)), old, new))


# -- fingers and props ---------------------------------------------------------------------------------------------


def test_fingers_and_props_are_further_segments(tmp_path):
    motion = with_fingers_and_props(dancing())
    take = read_take(mvnx(tmp_path, motion))
    names = take.skeleton.names
    assert names == motion.skeleton.names and names[:23] == SEGMENTS and names[-2:] == ("Prop1", "Prop2")
    assert names[23:43] == tuple(finger_segments("Left"))
    assert np.array_equal(take.skeleton.parents, motion.skeleton.parents)
    assert take.skeleton.parents[names.index("Prop1")] == names.index("RightHand")
    assert take.skeleton.parents[names.index("Prop2")] == -1
    assert np.abs(take.skeleton.offsets - motion.skeleton.offsets).max() < 1e-8
    assert np.abs(take.positions - motion.positions).max() < 1e-8
    assert np.abs(take.orientations - motion.orientations).max() < 1e-8


def test_joints_that_the_file_leaves_out_are_measured(tmp_path):
    motion = with_fingers_and_props(dancing())
    path = mvnx(tmp_path, motion)
    text = path.read_text()
    for section in ("fingerTrackingJointsLeft", "fingerTrackingJointsRight"):
        begin, end = text.index(f"\t\t<{section}>"), text.index(f"</{section}>") + len(section) + 3
        text = text[:begin] + text[end:]
    path.write_text(re.sub(r'(?s)<point label="j(Left|Right)(\w+C|\w*I)P">.*?</point>', "", text))
    take = read_take(path)
    knuckle = take.skeleton.names.index("LeftSecondPP")
    assert np.abs(take.skeleton.offsets[knuckle] - motion.skeleton.offsets[knuckle]).max() < 1e-7
    assert any("measured" in warning and "LeftFirstPP" in warning for warning in take.source["warnings"])


def test_fingers_relative_to_the_hand_are_carried_along(tmp_path):
    motion = with_fingers_and_props(dancing())
    orientations, positions = motion.orientations.copy(), motion.positions.copy()
    for side in ("Left", "Right"):
        hand = motion.skeleton.index(f"{side}Hand")
        back = conjugate(motion.orientations[:, hand])
        for j in map(motion.skeleton.index, finger_segments(side)):
            positions[:, j] = rotate(back, positions[:, j] - motion.positions[:, hand])
            orientations[:, j] = multiply(back, orientations[:, j])
    take = read_take(mvnx(tmp_path, replace(motion, orientations=orientations, positions=positions)))
    assert any("relative to the hand" in warning for warning in take.source["warnings"])
    assert np.abs(take.positions - motion.positions).max() < 1e-7
    assert np.abs(np.abs(np.sum(take.orientations * motion.orientations, axis=-1)) - 1.0).max() < 1e-8


def test_fingers_of_some_frames_only_are_left_out(tmp_path):
    path = mvnx(tmp_path, with_fingers_and_props(dancing(5)))
    edited(path, "<positionFingersLeft>", "<noLongerFingers>", count=4)
    edited(path, "</positionFingersLeft>", "</noLongerFingers>", count=4)
    take = read_take(path)
    assert "LeftCarpus" not in take.skeleton.names and "RightCarpus" in take.skeleton.names
    assert any("left fingers are incomplete" in warning for warning in take.source["warnings"])


# -- bodies in part ------------------------------------------------------------------------------------------------


def without(motion: Motion, *absent: str) -> Motion:
    """The motion without some segments and what hangs on them."""
    kept = []
    for j, (name, parent) in enumerate(zip(motion.skeleton.names, motion.skeleton.parents, strict=True)):
        if name not in absent and (parent < 0 or parent in kept):
            kept.append(j)
    skeleton = motion.skeleton
    cut = replace(
        skeleton,
        names=tuple(skeleton.names[j] for j in kept),
        parents=np.array([-1 if skeleton.parents[j] < 0 else kept.index(skeleton.parents[j]) for j in kept]),
        offsets=skeleton.offsets[kept],
    )
    return replace(motion, skeleton=cut, orientations=motion.orientations[:, kept], positions=motion.positions[:, kept])


@pytest.mark.parametrize("absent", [("LeftUpperLeg", "RightUpperLeg"), ("L5",), ("LeftUpperArm",), ("Head", "LeftToe")])
def test_limbs_left_out_are_filled_in_at_rest(tmp_path, absent):
    motion = dancing(30)
    part = without(motion, *absent)
    take = read_take(mvnx(tmp_path, part))
    assert take.skeleton.names == SEGMENTS
    filled = take.source["segments_filled"]
    assert set(filled) == set(SEGMENTS) - set(part.skeleton.names)
    assert any("filled in at rest" in warning and filled[0] in warning for warning in take.source["warnings"])
    recorded = [SEGMENTS.index(name) for name in part.skeleton.names]
    assert np.abs(take.positions[:, recorded] - part.positions).max() < 1e-8
    assert closure_error(take.skeleton, take.orientations, take.positions).max() < 1e-7
    # A limb that nobody recorded hangs under its root.
    for root, end, fall in (("LeftUpperLeg", "LeftFoot", 0.6), ("LeftUpperArm", "LeftHand", 0.3)):
        if root in filled:
            above = take.orientations[:, take.skeleton.parents[SEGMENTS.index(root)]]
            limb = take.positions[:, SEGMENTS.index(end)] - take.positions[:, SEGMENTS.index(root)]
            assert (rotate(conjugate(above), limb)[:, 2] < -fall).all()
    assert take.point("LeftFoot", "pLeftHeelFoot").shape == (30, 3)


def test_too_little_of_a_body_is_refused(tmp_path):
    assert "segments missing: L5" in refused(mvnx(tmp_path, without(dancing(2), "L5", "LeftUpperLeg")))


# -- bytes ---------------------------------------------------------------------------------------------------------


def packed(path: Path, data: bytes | None = None) -> Path:
    target = path.with_name(path.name + ".gz")
    target.write_bytes(gzip.compress(path.read_bytes() if data is None else data, mtime=0))
    return target


@pytest.mark.parametrize("written", [mvnx, bvh])
def test_packed_takes(tmp_path, written):
    path = written(tmp_path, dancing(20))
    plain, take = read_take(path), read_take(packed(path))
    assert np.array_equal(take.positions, plain.positions) and take.name == "take"
    whole = path.read_bytes()
    members = gzip.compress(whole[:5000]) + gzip.compress(whole[5000:]) + bytes(700)
    path.with_name("members.gz").write_bytes(members)
    assert np.array_equal(read_take(tmp_path / "members.gz").positions, plain.positions)


def test_damaged_packed_takes(tmp_path):
    path = packed(mvnx(tmp_path))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "cut off in the middle" in refused(path)
    path.write_bytes(whole[:-8] + b"\1" * 8)
    assert "gzip file is damaged" in refused(path)


def test_a_packed_file_that_unpacks_without_end_is_refused(tmp_path):
    path = tmp_path / "bomb.mvnx.gz"
    path.write_bytes(gzip.compress(b'<mvnx version="4">' + b" " * (1 << 25)))
    assert path.stat().st_size < 40_000
    assert "as no recording does" in refused(path)


def test_a_mark_outranks_the_encoding_declared(tmp_path):
    path = mvnx(tmp_path)
    plain = read_take(path)
    text = path.read_text()
    path.write_bytes(text.encode("utf-16"))  # as an editor does that leaves encoding="UTF-8" standing
    assert np.array_equal(read_take(path).positions, plain.positions)
    path.write_text("\n \n" + text)
    assert np.array_equal(read_take(path).positions, plain.positions)
    damaged = text.replace("</frame>", "</fame>", 1)
    path.write_text(damaged)
    line = re.search(r"line \d+", refused(path))[0]
    path.write_text("\n\n" + damaged)
    assert f"line {int(line[5:]) + 2}" in refused(path)


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


@pytest.mark.parametrize("encoding", ["KLINGON", "UTF7", "idna", "undefined", "rot13", "cp037", "big5", "punycode"])
def test_an_unknown_encoding_is_refused(tmp_path, encoding):
    """Half of these are known to Python, whose codecs fail in ways of their own."""
    assert f"line 1: unknown encoding: {encoding}" in refused(edited(mvnx(tmp_path), "UTF-8", encoding))


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "windows-1252", "iso-8859-15"])
def test_other_encodings_of_the_west(tmp_path, encoding):
    path = edited(mvnx(tmp_path, dancing(3)), "UTF-8", encoding)
    path.write_bytes(path.read_text().replace('label="dance"', 'label="Zoë"').encode("latin-1"))
    assert read_take(path).source["subject"] == "Zoë"


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

"""The BVH reader against MVN's own MVNX of the same take, and against files of known movement."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_takes import bvh, common_bvh, dancing, edited, joint_map

from mocap.bvh.file import nominal_rate
from mocap.errors import UserError
from mocap.rotations import from_axis_angle
from mocap.takes import read_take


def refused(path, **options) -> str:
    with pytest.raises(UserError) as caught:
        read_take(path, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_mvns_two_exports_of_one_take_agree(recordings):
    """MVN's BVH has rigid bones and its MVNX has not: 0.52 mm apart on average, 1.9 mm at most, and no turn."""
    mvnx = read_take(recordings / "xsens_v4_upperbody_60hz.mvnx")
    bvh_take = read_take(recordings / "xsens_v4_upperbody_60hz.bvh")
    assert bvh_take.source["calibration_row_dropped"] is True
    assert len(bvh_take) == len(mvnx) - 1  # MVN leaves the first frame out
    ours, theirs = bvh_take.positions, mvnx.positions[1:]
    apart = 1000.0 * np.linalg.norm((ours - ours[:, :1]) - (theirs - theirs[:, :1]), axis=-1)
    assert apart.mean() < 0.53
    assert apart.max() < 2.0
    turn = np.abs(np.sum(bvh_take.orientations * mvnx.orientations[1:], axis=-1))
    assert np.degrees(2.0 * np.arccos(np.clip(turn, 0.0, 1.0))).max() < 2e-4
    offsets = np.abs(bvh_take.skeleton.offsets - mvnx.skeleton.offsets)
    assert offsets.max() < 1e-5
    for side in ("Left", "Right"):
        for segment, label in (("Foot", "HeelFoot"), ("Foot", "FirstMetatarsal"), ("Toe", "FifthMetatarsal")):
            estimated = bvh_take.skeleton.points[side + segment][f"p{side}{label}"]
            assert np.linalg.norm(estimated - mvnx.skeleton.points[side + segment][f"p{side}{label}"]) < 0.010


def test_a_walk_without_calibration_row(recordings):
    walk = read_take(recordings / "xsens_walk_240hz.bvh")
    assert (len(walk), walk.rate) == (2487, 240.0)
    assert walk.source["calibration_row_dropped"] is False
    steps = np.linalg.norm(np.diff(walk.positions[:, 0], axis=0), axis=1)
    assert steps.max() * walk.rate < 2.0


@pytest.mark.parametrize("order", ["YXZ", "ZXY", "XYZ"])
@pytest.mark.parametrize("calibrated", [False, True])
def test_known_movement(tmp_path, order, calibrated):
    dance = dancing(90)
    # From a pose far from the T-pose on.
    motion = replace(dance, orientations=dance.orientations[15:], positions=dance.positions[15:], contacts=None)
    take = read_take(bvh(tmp_path, motion, order=order, calibrated=calibrated))
    assert take.source["calibration_row_dropped"] is calibrated
    assert np.allclose(take.positions, motion.positions, atol=1e-6)
    assert np.allclose(np.abs(np.sum(take.orientations * motion.orientations, axis=-1)), 1.0, atol=1e-9)
    assert take.contacts is None


def test_a_take_that_begins_near_a_t_pose_keeps_its_first_row(tmp_path):
    motion = dancing(90)
    slow = replace(motion, orientations=np.tile((1.0, 0.0, 0.0, 0.0), (90, 23, 1)))
    still = np.concatenate((np.zeros((90, 2)), np.full((90, 1), 0.9)), axis=1)
    slow = replace(slow, positions=np.tile(still[:, None], (1, 23, 1)))
    take = read_take(bvh(tmp_path, slow))
    assert len(take) == 90


def test_quaternions_are_continuous_over_a_long_spin(tmp_path):
    """A quarter turn more than once round in 256 rows: angles that begin anew at half a turn change the sign."""
    motion = dancing(700)
    angle = 2.0 * np.pi * 1.25 / 256 * np.arange(700)
    spin = np.repeat(from_axis_angle((0.0, 0.0, 1.0), angle)[:, None], 23, axis=1)
    take = read_take(bvh(tmp_path, replace(motion, orientations=spin)))
    assert np.abs(take.orientations - spin).max() < 1e-7


def test_capitals_do_not_matter(tmp_path):
    """Some exporters write ZPosition, or their keywords in small letters."""
    path = bvh(tmp_path, dancing(5))
    plain, text = read_take(path), path.read_text()
    for word in (
        "Zposition",
        "Xrotation",
        "ROOT",
        "JOINT",
        "OFFSET",
        "CHANNELS",
        "End Site",
        "MOTION",
        "Frames:",
        "Frame Time:",
    ):
        text = text.replace(word, word.swapcase())
    path.write_text(text)
    assert np.array_equal(read_take(path).positions, plain.positions)


def test_byte_order_marks(tmp_path):
    path = bvh(tmp_path, dancing(5))
    plain, text = read_take(path), path.read_text()
    for encoding in ("utf-8-sig", "utf-16"):
        path.write_text(text.replace("\n", "\r\n\t "), encoding=encoding)
        assert np.array_equal(read_take(path).positions, plain.positions)


def test_units(tmp_path):
    motion = dancing(10)
    smaller = replace(motion.skeleton, offsets=motion.skeleton.offsets / 100.0)
    metres = replace(motion, positions=motion.positions / 100.0, skeleton=smaller)
    take = read_take(bvh(tmp_path, metres))
    assert take.source["metres_per_unit"] == 1.0
    assert np.allclose(take.positions, motion.positions, atol=1e-6)


def test_part_of_a_take(tmp_path):
    path = bvh(tmp_path, dancing(60))
    whole, part = read_take(path), read_take(path, start=0.5, stop=0.75)
    assert np.array_equal(part.positions, whole.positions[30:46])
    assert "0.983 s (60 frames)" in refused(path, stop=2.0)


@pytest.mark.parametrize(
    ("written", "meant"), [(0.004184, 240.0), (0.016667, 60.0), (0.01, 100.0), (0.008333, 120.0), (1.0 / 37.0, 37.0)]
)
def test_rounded_frame_times(written, meant):
    assert nominal_rate(written) == pytest.approx(meant, abs=1e-9)


def test_one_person_goes_by_the_files_stem(tmp_path):
    path = bvh(tmp_path, dancing(5))
    take = read_take(path, "take")
    assert take.source["subjects"] == ("take",) and len(take) == 5
    assert "one person, here take" in refused(path, subject="Anna")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("JOINT Chest4", "JOINT Spine4", "joints missing: Chest4"),
        ("Frames: 5", "Frames: 6", "cut off: 5 whole frames of 6"),
        ("Frames: 5", "Frames: 4", "5 whole frames of 4"),
        ("Frames: 5", "Frames: many", "count of frames"),
        ("Frame Time: 0.016667", "Frame Time: 0", "frame time"),
        ("MOTION", "", "no MOTION"),
        ("End Site", "Ende Site", "'Ende' is not expected"),
        ("Yrotation", "Wrotation", "unknown channel"),
        ("OFFSET 0 -1.5 5.5\n}", "OFFSET 0 -1.5 5.5", "ends in the middle"),
        ("OFFSET 0 -1.5 5.5", "OFFSET 0 a b", "cannot be understood"),
        ("CHANNELS 6", "CHANNELS 1 Xposition CHANNELS 6", "'CHANNELS' is not expected"),
    ],
)
def test_damage_is_named(tmp_path, old, new, message):
    assert message in refused(edited(bvh(tmp_path, dancing(5)), old, new))


@pytest.mark.parametrize(("value", "message"), [("nan", "frame 4"), ("1e999", "frame 4"), ("x", "no number")])
def test_damaged_values_are_named(tmp_path, value, message):
    path = bvh(tmp_path, dancing(5))
    lines = path.read_text().splitlines()
    lines[-1] = " ".join([*lines[-1].split()[:-1], value])
    path.write_text("\n".join(lines))
    assert message in refused(path)


@pytest.mark.parametrize("share", [0.1, 0.2, 0.5, 0.9])
def test_cut_in_the_middle(tmp_path, share):
    path = bvh(tmp_path, dancing(20))
    text = path.read_text()
    path.write_text(text[: int(share * len(text))])
    assert "cut off" in refused(path)


def test_places_off_the_earth_are_refused(tmp_path):
    motion = dancing(5)
    motion.positions[3] += 2e5
    path = common_bvh(tmp_path, motion, unit=1.0)
    assert "frame 3: position is no place on earth" in refused(path, joint_map=joint_map(tmp_path))


def test_joints_in_another_tree_are_refused(tmp_path):
    path = bvh(tmp_path, dancing(5))
    for old, new in (("JOINT Neck", "JOINT X"), ("JOINT Head", "JOINT Neck"), ("JOINT X", "JOINT Head")):
        edited(path, old, new)
    assert "not as in MVN's skeleton" in refused(path)

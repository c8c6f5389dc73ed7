"""Contacts: from heights where a file has none, from the file where it is right, and mended where it is wrong."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_skating import demo, noisy, shifted
from made_takes import person_with_soles
from people import moving

from mocap.motion import Motion, forward_kinematics
from mocap.rotations import from_axis_angle, multiply
from mocap.skating.contacts import ensure_contacts
from mocap.skating.corrections import annotated
from mocap.skating.ice import contact_point_heights, ice_curve, level_ice
from mocap.skating.standing import standing_up
from mocap.skeleton import SEGMENTS
from mocap.takes import read_take


def gliding(pelvis_above_sole: np.ndarray, lift_right: np.ndarray | None = None) -> Motion:
    """The identity pose gliding at 5 m/s, its soles at the heights given (T,); the right leg higher by `lift_right`."""
    count = len(pelvis_above_sole)
    skeleton = person_with_soles()
    sole = skeleton.identity_positions()[skeleton.index("LeftFoot"), 2] - 0.085
    root = np.stack((5.0 * np.arange(count) / 60.0, np.zeros(count), pelvis_above_sole - sole), axis=-1)
    local = np.tile((1.0, 0.0, 0.0, 0.0), (count, len(SEGMENTS), 1))
    orientations, positions = forward_kinematics(skeleton, root, local)
    if lift_right is not None:
        for segment in ("RightUpperLeg", "RightLowerLeg", "RightFoot", "RightToe"):
            positions[:, skeleton.index(segment), 2] += lift_right
    return Motion("glide", 60.0, skeleton, orientations, positions)


def contacts_of(motion: Motion) -> np.ndarray:
    contacts = ensure_contacts(motion).contacts
    assert contacts is not None
    return contacts


def jumping() -> Motion:
    """A jump of 37 frames from frame 40 on, 45 cm high."""
    heights = np.zeros(120)
    flight = np.arange(37) / 36.0
    heights[40:77] = 4.0 * 0.45 * flight * (1.0 - flight)
    return gliding(heights)


def test_a_gliding_foot_is_down_wherever_the_ice_lies():
    for ice in (0.0, -0.4, 1.3):
        assert contacts_of(gliding(np.full(100, ice))).all()


def test_a_jump_leaves_the_ice():
    contacts = contacts_of(jumping())
    assert contacts[:41].all() and contacts[76:].all()
    assert not contacts[43:74].any()


def test_one_foot_lifted():
    lift = np.zeros(120)
    lift[30:90] = 0.2
    contacts = contacts_of(gliding(np.zeros(120), lift))
    assert contacts[:, :2].all()
    assert not contacts[30:90, 2:].any()
    assert contacts[:30, 2:].all() and contacts[90:, 2:].all()


def test_noise_about_the_limit_does_not_flicker():
    noise = 0.025 + 0.0045 * np.sin(np.arange(200))
    lift = np.concatenate((np.zeros(50), noise, np.full(50, 0.2), noise))
    contacts = contacts_of(gliding(np.zeros(len(lift)), lift))
    assert contacts[:250, 2].all()
    assert not contacts[251:, 2].any()


def test_a_walk_has_one_foot_down_at_all_times(recordings):
    contacts = contacts_of(read_take(recordings / "xsens_walk_240hz.bvh"))
    feet = contacts.reshape(-1, 2, 2).any(axis=2)
    assert feet.any(axis=1).all()
    # Standing first, then eight steps and the beginning of a ninth, left and right in turn.
    landings = np.argwhere(np.diff(feet.astype(int), axis=0) > 0)
    assert 7 <= len(landings) <= 16
    assert (np.diff(landings[np.argsort(landings[:, 0]), 1]) != 0).all()
    assert feet[:240].all()


# What a file says -------------------------------------------------------------------------------------------------


def test_contacts_of_the_file_are_kept_where_they_are_right():
    motion = ensure_contacts(demo())
    assert motion.source["contacts_from"] == "file" and motion.source["contacts_changed"] == 0.0
    np.testing.assert_array_equal(motion.contacts, demo().contacts)
    assert ensure_contacts(motion) is motion
    assert ensure_contacts(replace(demo(), contacts=None)).source["contacts_from"] == "heights"


def test_a_jump_that_the_file_says_down_through_is_in_the_air():
    motion = ensure_contacts(replace(demo(), contacts=demo().contacts | _jump_of(demo())[:, None]))
    assert motion.source["contacts_from"] == "file, mended"
    air = ~motion.contacts.any(axis=1)
    assert np.flatnonzero(air)[0] == pytest.approx(271, abs=1) and np.flatnonzero(air)[-1] == pytest.approx(300, abs=1)
    assert (motion.contacts != demo().contacts).any(axis=1).sum() <= 4


def _jump_of(motion: Motion) -> np.ndarray:
    (jump,) = [event for event in motion.events if event.type == "jump"]
    frames = np.arange(len(motion))
    return (frames > jump.start) & (frames < jump.end)


def test_flicker_of_the_file_goes_and_its_steps_stay():
    flags = demo().contacts.copy()
    flags[200:400:25] ^= True
    motion = ensure_contacts(replace(demo(), contacts=flags))
    assert motion.source["contacts_from"] == "file, mended"
    assert (motion.contacts != demo().contacts).any(axis=1).sum() <= 4


def test_a_contact_claimed_high_above_the_ice_is_none():
    flags = demo().contacts.copy()
    heights = contact_point_heights(demo())
    high = heights[:, 1] > 0.2
    assert high.sum() > 20
    flags[high, 1] = True
    contacts = contacts_of(replace(demo(), contacts=flags))
    assert not contacts[heights > 0.08].any()


def test_a_file_that_has_a_skater_in_the_air_for_seconds_is_not_believed():
    flags = demo().contacts.copy()
    flags[320:460] = False
    contacts = contacts_of(replace(demo(), contacts=flags))
    assert contacts[320:460].any(axis=1).all()
    never = ensure_contacts(replace(demo(), contacts=np.zeros_like(flags)))
    assert never.source["contacts_from"] == "heights"
    assert (never.contacts.any(axis=1) == demo().contacts.any(axis=1)).mean() > 0.99


def test_legs_that_were_not_recorded_stand(recordings):
    for name in ("xsens_v4_upperbody_60hz.mvnx", "xsens_v4_upperbody_60hz.bvh"):
        motion = ensure_contacts(read_take(recordings / name))
        assert motion.source["contacts_from"] == "none" and motion.contacts.all()


# The ice ----------------------------------------------------------------------------------------------------------


def hopping(seconds: float, rate: float = 60.0) -> Motion:
    """Bent knees and straight ones in turn, and every three seconds a jump of 30 cm."""
    count = round(seconds * rate)
    times = np.arange(count) / rate
    flight = (times % 3.0 - 1.0) / 0.5
    heights = np.where((flight > 0.0) & (flight < 1.0), 4.0 * 0.3 * flight * (1.0 - flight), 0.0)
    return gliding(heights)


def test_ice_that_creeps_is_levelled_and_jumps_keep_their_height():
    flat = hopping(60.0)
    times = np.arange(len(flat)) / flat.rate
    creep = 0.08 * np.sin(2.0 * np.pi * times / 90.0) + 0.001 * times
    level = level_ice(shifted(flat, creep[:, None] * (0.0, 0.0, 1.0)))
    above = contact_point_heights(level)
    down = contacts_of(flat)
    assert np.abs(above[down]).max() < 0.015
    before, after = (m.positions[:, 0, 2] for m in (flat, level))
    jumps = np.arange(60, len(flat) - 60, 180)
    rises = [[z[k + 15] - z[k] for k in jumps] for z in (before, after)]
    np.testing.assert_allclose(rises[1], rises[0], atol=0.003)
    fall = np.diff(after, 2) * flat.rate**2
    assert (
        np.abs(fall[jumps[0] + 2 : jumps[0] + 28] - np.diff(before, 2)[jumps[0] + 2 : jumps[0] + 28] * 3600).max() < 0.1
    )


def test_ice_of_a_short_take_is_one_level():
    heights = contact_point_heights(shifted(demo(), np.array((0.0, 0.0, 0.4)) * np.ones((len(demo()), 1))))[:180]
    assert np.ptp(ice_curve(heights, 60.0)) == 0.0
    assert ice_curve(heights, 60.0)[0] == pytest.approx(0.4, abs=0.01)


def test_contacts_stand_noise_and_other_rates():
    truth = demo().contacts.reshape(-1, 2, 2).any(axis=2).any(axis=1)
    found = contacts_of(replace(noisy(demo(), metres=0.004), contacts=None)).any(axis=1)
    assert (found != truth).sum() <= 6


def test_legs_that_a_reader_filled_in_stand():
    motion = replace(demo(), contacts=None, source={"segments_filled": ("LeftUpperLeg", "LeftFoot")})
    assert ensure_contacts(motion).source["contacts_from"] == "none"


def test_a_bent_shank_alone_shows_that_legs_were_recorded():
    motion = gliding(np.zeros(120))
    still = replace(motion, positions=motion.positions - motion.positions[:, :1] + (0.0, 0.0, 0.9))
    assert ensure_contacts(still).source["contacts_from"] == "none"
    bent = still.orientations.copy()
    bent[60:, still.skeleton.index("LeftLowerLeg")] = from_axis_angle((1.0, 0.0, 0.0), np.radians(20.0))
    assert ensure_contacts(replace(still, orientations=bent)).source["contacts_from"] == "heights"


def test_legs_that_were_not_recorded_stand_under_the_hips() -> None:
    """As MVN writes its upper body configuration: straight legs that tilt with the pelvis."""
    tilt = from_axis_angle((1, 0, 0), np.full(90, np.radians(-14.0)))
    turned = multiply(from_axis_angle((0, 0, 1), np.full(90, 0.7)), tilt)
    lying = replace(
        moving({"Pelvis": turned}, np.tile((0.0, 0.0, 0.9), (90, 1))), source={"configuration": "UpperBody"}
    )
    stood = standing_up(lying)
    j = stood.skeleton.index
    for side in ("Left", "Right"):
        chain = [stood.positions[:, j(side + name)] for name in ("UpperLeg", "LowerLeg", "Foot")]
        assert np.abs(np.diff(np.stack(chain), axis=0)[..., :2]).max() < 1e-9
        toe = stood.positions[:, j(f"{side}Toe")] - chain[-1]
        np.testing.assert_allclose(np.arctan2(toe[:, 1], toe[:, 0]), 0.7 - np.pi / 2, atol=1e-9)
        np.testing.assert_array_equal(chain[0], lying.positions[:, j(f"{side}UpperLeg")])
    kept = [k for k, name in enumerate(stood.skeleton.names) if not name.endswith(("Leg", "Foot", "Toe"))]
    np.testing.assert_array_equal(stood.positions[:, kept], lying.positions[:, kept])


def test_a_take_without_recorded_legs_is_worked_with_standing() -> None:
    skeleton = person_with_soles()
    local = np.tile((1.0, 0.0, 0.0, 0.0), (90, len(SEGMENTS), 1))
    local[:, 0] = from_axis_angle((1, 0, 0), np.radians(-14.0))
    orientations, positions = forward_kinematics(skeleton, np.tile((0.0, 0.0, 0.9), (90, 1)), local)
    tilted = Motion("t", 60.0, skeleton, orientations, positions)
    for configuration, degrees in (("UpperBody", 0.0), ("FullBody", 14.0)):
        take = replace(tilted, source={"configuration": configuration})
        # Moving hips are what tells a recorded body from one whose legs MVN left alone.
        if configuration == "FullBody":
            take = replace(take, positions=positions + np.arange(90)[:, None, None] * (0.02, 0.0, 0.0))
        foot = annotated(take, "nowhere.mvnx").orientations[:, skeleton.index("LeftFoot")]
        assert np.degrees(2.0 * np.arccos(np.abs(foot[:, 0]))) == pytest.approx(degrees, abs=1e-4)

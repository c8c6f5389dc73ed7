"""Contacts from heights: gliding feet are down, lifted ones are not, and noise does not flicker."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from made_takes import dancing, person_with_soles

from mocap.contacts import ensure_contacts
from mocap.motion import Motion, forward_kinematics
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


def test_a_gliding_foot_is_down_wherever_the_ice_lies():
    for ice in (0.0, -0.4, 1.3):
        assert contacts_of(gliding(np.full(100, ice))).all()


def test_a_jump_leaves_the_ice():
    heights = np.zeros(120)
    flight = np.arange(37) / 36.0
    heights[40:77] = 4.0 * 0.45 * flight * (1.0 - flight)
    contacts = contacts_of(gliding(heights))
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
    noise = 0.0275 + 0.007 * np.sin(np.arange(200))
    lift = np.concatenate((np.zeros(50), noise, np.full(50, 0.2), noise))
    contacts = contacts_of(gliding(np.zeros(len(lift)), lift))
    assert contacts[:250, 2].all()
    assert not contacts[251:, 2].any()


def test_contacts_of_the_file_are_kept():
    motion = dancing()
    assert ensure_contacts(motion) is motion
    assert ensure_contacts(replace(motion, contacts=None)).contacts is not None


def test_a_walk_has_one_foot_down_at_all_times(recordings):
    contacts = contacts_of(read_take(recordings / "xsens_walk_240hz.bvh"))
    feet = contacts.reshape(-1, 2, 2).any(axis=2)
    assert feet.any(axis=1).all()
    # Standing first, then eight steps and the beginning of a ninth, left and right in turn.
    landings = np.argwhere(np.diff(feet.astype(int), axis=0) > 0)
    assert 7 <= len(landings) <= 16
    assert (np.diff(landings[np.argsort(landings[:, 0]), 1]) != 0).all()
    assert feet[:240].all()

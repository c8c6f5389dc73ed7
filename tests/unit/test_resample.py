"""Resampling: exact where it can be, smooth where it must be, free of aliases, and never beyond the take."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_takes import dancing, person_with_soles

from mocap.elements.demo import demo_take
from mocap.errors import UserError
from mocap.motion import Motion, forward_kinematics
from mocap.resample import resample
from mocap.rotations import conjugate, from_axis_angle, multiply
from mocap.skeleton import SEGMENTS


def turning(rate: float, degrees_per_second: float, seconds: float = 4.0, height=lambda t: 0.9 + 0.0 * t) -> Motion:
    """The identity pose turning about the vertical."""
    t = np.arange(round(seconds * rate) + 1) / rate
    local = np.tile((1.0, 0.0, 0.0, 0.0), (len(t), len(SEGMENTS), 1))
    local[:, 0] = from_axis_angle((0.0, 0.0, 1.0), np.radians(degrees_per_second) * t)
    root = np.stack((t, 0.0 * t, height(t)), axis=-1)
    skeleton = person_with_soles()
    orientations, positions = forward_kinematics(skeleton, root, local)
    return Motion("turn", rate, skeleton, orientations, positions)


def degrees_between(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.degrees(2.0 * np.arccos(np.clip(np.abs(multiply(conjugate(a), b)[..., 0]), 0.0, 1.0)))


@given(st.integers(0, 40), st.integers(1, 20))
def test_own_frames_come_back_bit_for_bit(first, count):
    motion = dancing(60)
    part = resample(motion, 60.0, first / 60.0, count)
    kept = slice(first, first + count)
    assert np.array_equal(part.orientations, motion.orientations[kept])
    assert np.array_equal(part.positions, motion.positions[kept])
    assert np.array_equal(part.contacts, motion.contacts[kept])


@pytest.mark.parametrize(("rate", "fps"), [(240.0, 30.0), (240.0, 24.0), (60.0, 30.0), (60.0, 240.0), (100.0, 60.0)])
def test_a_fast_spin_stays_in_step(rate, fps):
    """At 1263°/s every frame shows the angle of its own moment; at 30 per second frames are 42° apart."""
    motion = turning(rate, 1263.0)
    start = 0.51
    taken = resample(motion, fps, start, round(2.5 * fps))
    moments = start + np.arange(len(taken)) / fps
    due = from_axis_angle((0.0, 0.0, 1.0), np.radians(1263.0) * moments)
    # Between frames of 60 per second, 21° apart, nothing but interpolation is lost.
    assert degrees_between(taken.orientations[:, 0], due).max() < 0.05
    assert np.abs(taken.positions[:, 0, 0] - moments).max() < 1e-4
    assert taken.rate == fps and len(taken) == len(moments)


def test_a_jump_keeps_its_height_and_its_moment():
    def leap(t: np.ndarray) -> np.ndarray:
        flight = np.clip(t - 2.0, 0.0, 0.6)
        return 0.9 + 9.81 / 2.0 * flight * (0.6 - flight)

    motion = turning(240.0, 0.0, height=leap)
    taken = resample(motion, 30.0, 0.0, 120)
    height = taken.positions[:, 0, 2]
    moments = np.arange(120) / 30.0
    assert abs(height.max() - motion.positions[:, 0, 2].max()) < 0.002
    assert abs(moments[height.argmax()] - 2.3) <= 0.5 / 30.0
    off_the_ice = moments[height > 0.95]
    assert np.abs(height - leap(moments)).max() < 0.02
    assert 2.0 < off_the_ice[0] < off_the_ice[-1] < 2.6


def test_trembling_faster_than_the_new_rate_does_not_alias():
    """A 29 Hz tremor sampled at 30 would look like a slow sway of 1 Hz and full size."""
    motion = turning(240.0, 0.0, height=lambda t: 0.9 + 0.01 * np.sin(2.0 * np.pi * 29.0 * t))
    inside = slice(15, 105)
    naive = motion.positions[::8, 0, 2][inside]
    taken = resample(motion, 30.0, 0.0, 120).positions[inside, 0, 2]
    assert np.ptp(naive) > 0.019
    assert np.ptp(taken) < 0.02 * np.ptp(naive)


def test_the_part_taken_does_not_depend_on_how_much_is_taken():
    motion = dancing(960, rate=240.0)
    long, short = resample(motion, 30.0, 0.0, 110), resample(motion, 30.0, 1.2, 20)
    assert np.abs(long.positions[36:56] - short.positions).max() < 1e-4
    assert degrees_between(long.orientations[36:56], short.orientations).max() < 0.01


def test_flipped_signs_change_nothing():
    motion = dancing(240, rate=240.0)
    signs = np.where(np.random.default_rng(3).random((240, 23, 1)) < 0.5, -1.0, 1.0)
    flipped = replace(motion, orientations=signs * motion.orientations)
    a, b = resample(motion, 30.0, 0.1, 20), resample(flipped, 30.0, 0.1, 20)
    assert degrees_between(a.orientations, b.orientations).max() < 1e-5
    assert (np.sum(b.orientations[1:] * b.orientations[:-1], axis=-1) >= 0.0).all()


def test_contacts_are_those_of_the_nearest_frame():
    motion = dancing(240, rate=240.0)
    taken = resample(motion, 50.0, 0.0, 40)
    nearest = np.rint(np.arange(40) * 240.0 / 50.0).astype(int)
    assert np.array_equal(taken.contacts, motion.contacts[nearest])


def test_takes_of_a_few_frames():
    motion = dancing(4, rate=240.0)
    assert resample(motion, 240.0, 0.0, 4).positions.shape == (4, 23, 3)
    taken = resample(motion, 100.0, 0.0, 2)
    assert np.isfinite(taken.positions).all() and np.isfinite(taken.orientations).all()
    assert len(resample(dancing(1), 30.0, 0.0, 1)) == 1


@pytest.mark.parametrize(("start", "count"), [(0.0, 31), (0.5, 20), (2.0, 1), (-0.1, 2), (0.0, 0)])
def test_beyond_the_take(start, count):
    motion = dancing(60)
    with pytest.raises(UserError) as caught:
        resample(motion, 30.0, start, count)
    assert "dance" in str(caught.value)
    if start >= 0.0 and count:
        assert "0.983 s long (60 frames at 60 per second)" in str(caught.value)


def test_the_last_frame_is_within_the_take():
    assert len(resample(dancing(61), 30.0, 0.0, 31)) == 31
    assert len(resample(dancing(61), 30.0, 1.0, 1)) == 1


def test_events_keep_their_instants() -> None:
    take = demo_take()
    part = resample(take, 30.0, 4.0, 61)
    jump = next(event for event in part.events if event.type == "jump")
    spin = next(event for event in take.events if event.type == "spin")
    assert (jump.start, jump.end) == (15, round((31 / 60 + 0.5) * 30))
    assert all(0 <= event.start <= event.end <= 60 for event in part.events)
    assert not any(event.type == "spin" for event in part.events) and spin.start > 6.0 * 60

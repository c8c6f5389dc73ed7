"""Before its first frame a track goes on as it begins, from a skater at rest."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from blender_addon.skater.lead_in import led_in
from blender_addon.skater.swing import WARM_UP
from mocap.rig import PoseTrack, Rig
from mocap.rotations import from_axis_angle, multiply

RATE = 60.0


def _track(count: int, rate: float, speed: float) -> PoseTrack:
    """A root that stands upright in Blender's way, leans by 0.3, turns (rad/s) and travels along X (m/s), lifting one
    limb by 1 rad."""
    rest = np.tile(np.eye(4), (2, 1, 1))
    rest[:, :3, :3] = ((1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (0.0, 1.0, 0.0))
    heads = np.array(((0.0, 0.0, 1.0), (0.1, 0.0, 1.0)))
    rest[:, :3, 3] = heads
    rig = Rig(("root", "limb"), np.array([-1, 0]), heads, heads + np.array((0.0, 0.0, 0.2)), rest)
    times = np.arange(count) / RATE
    rotations = np.zeros((count, 2, 4))
    rotations[:, 0] = multiply(from_axis_angle((0.0, 1.0, 0.0), rate * times), from_axis_angle((1.0, 0.0, 0.0), 0.3))
    rotations[:, 1] = from_axis_angle((0.0, 0.0, 1.0), 1.0)
    location = np.stack((speed * times, np.full(count, -0.2), 0.0 * times), axis=1)
    return PoseTrack(RATE, times, rig, 0, rotations, location)


def test_it_starts_upright_at_rest_and_ends_as_the_track_goes_on() -> None:
    track = _track(30, rate=4.0, speed=2.0)
    whole = led_in(track)
    early = round(WARM_UP * RATE)
    assert len(whole) == early + 30
    assert np.array_equal(whole.rotations[early:], track.rotations)
    assert np.allclose(whole.rotations[0, 1], (1.0, 0.0, 0.0, 0.0))
    # Upright, at the height at which it stands.
    assert np.allclose(whole.matrices[0, 0, :3, 1], (0.0, 0.0, 1.0), atol=1e-9)
    assert whole.matrices[0, 0, 2, 3] == pytest.approx(1.0)

    places = whole.matrices[:, 0, :3, 3]
    assert np.allclose(np.diff(places[:, 0]) * RATE, 2.0)
    assert np.abs(np.diff(places[early - 10 :], n=2, axis=0)).max() < 1e-9
    ahead = whole.matrices[early - 10 :, 1, :3, 0]
    turned = np.unwrap(np.arctan2(ahead[:, 1], ahead[:, 0]))
    assert np.allclose(np.diff(turned) * RATE, 4.0, atol=1e-6)


def test_a_single_frame_is_held() -> None:
    track = _track(1, rate=0.0, speed=0.0)
    whole = led_in(track)
    assert np.allclose(whole.matrices[-10:], track.matrices)


def test_the_track_itself_stays() -> None:
    track = _track(5, rate=1.0, speed=1.0)
    kept = dataclasses.replace(track, rotations=track.rotations.copy())
    led_in(track)
    assert np.array_equal(track.rotations, kept.rotations)

"""Blades that slip sideways: measured, and bounded without holding any blade still."""

from __future__ import annotations

import numpy as np
from made_skating import demo, shifted, turned_about_root

from mocap.motion import Motion
from mocap.skating.find import find_events
from mocap.skating.slip import bound_slip, glide_slip, side_slip
from mocap.skating.tracks import track
from mocap.takes import read_take


def slip_of(motion: Motion) -> np.ndarray:
    return glide_slip(track(motion))


def test_slip_is_the_speed_across_the_blade() -> None:
    assert slip_of(demo()).mean() < 0.05
    off = slip_of(turned_about_root(demo(), np.full(len(demo()), np.radians(20.0))))
    # Blades that point 20 degrees off a travel of 3 to 4 m/s.
    assert 1.0 < np.median(off) < 1.5
    tracks = track(demo())
    assert not side_slip(tracks)[~tracks.blades["Left"].down, 0].any()


def test_a_heading_that_is_off_is_bounded_and_the_glide_goes_on() -> None:
    off = turned_about_root(demo(), np.full(len(demo()), np.radians(12.0)))
    mended = bound_slip(off, 0.3)
    assert np.percentile(slip_of(off), 90) > 0.7
    assert np.percentile(slip_of(mended), 90) < 0.4
    before, after = track(off), track(mended)
    moving = before.speed > 2.0
    np.testing.assert_allclose(after.speed[moving], before.speed[moving], rtol=0.15)
    np.testing.assert_array_equal(mended.positions[..., 2], off.positions[..., 2])
    np.testing.assert_array_equal(mended.orientations, off.orientations)
    assert np.abs(np.diff(mended.positions[:, 0] - off.positions[:, 0], axis=0)).max() * 60.0 < 1.01
    assert [e.name for e in find_events(mended) if e.type == "jump"] == ["axel"]


def test_what_glides_truly_is_hardly_touched(recordings) -> None:
    mended = bound_slip(demo(), 0.5)
    assert np.linalg.norm(mended.positions[:, 0] - demo().positions[:, 0], axis=-1).max() < 0.5
    walk = read_take(recordings / "xsens_walk_240hz.bvh")
    assert np.abs(bound_slip(walk, 0.5).positions - walk.positions).max() < 0.1


def test_a_skid_to_a_stop_is_left_alone() -> None:
    frames = np.arange(len(demo()))
    across = np.radians(80.0) * np.interp(frames, (170, 185, 205, 215), (0.0, 1.0, 1.0, 0.0))
    stopping = turned_about_root(demo(), across)
    assert np.abs(side_slip(track(stopping)))[187:203].max() > 3.0
    assert bound_slip(stopping).source["slip_bounded"] < 0.1


def test_a_skid_sideways_is_slip() -> None:
    skid = np.clip((np.arange(len(demo())) - 170) / 60.0, 0.0, 0.5)[:, None] * (0.0, 2.0, 0.0)
    assert np.abs(side_slip(track(shifted(demo(), skid)))[180:195]).max() > 1.5

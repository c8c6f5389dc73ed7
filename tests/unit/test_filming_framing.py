"""Every lens keeps the skater in the picture, as large as asked, from places where a camera can be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_filming import (
    BARREL,
    GOPRO,
    PHONE,
    RINK,
    at,
    circle,
    fixed_lens,
    glide,
    heights,
    inside,
    jump,
    people,
    shares,
    spin,
)

from blender_addon.clip import CameraSpec, LensSpec, MovesSpec
from blender_addon.filming.film import film
from blender_addon.filming.framing import MARGIN
from blender_addon.filming.places import can_stand
from mocap.errors import UserError

TRAVELS = {
    "spin": spin(),
    "glide": glide(20.0, 0.7),
    "long glide": glide(50.0, 0.0),
    "circle": circle(9.0),
    "jump": jump(),
    "one frame": spin(1),
    "at the boards": at(glide(6.0, 0.0), 10.0, 14.2),
    "in the corner": at(spin(), 24.5, 10.5),
}


@pytest.mark.parametrize("lens", (LensSpec(), BARREL), ids=("straight", "barrel"))
@pytest.mark.parametrize("follow", ("pan", "fixed"))
@pytest.mark.parametrize("travel", TRAVELS.values(), ids=TRAVELS.keys())
def test_every_point_of_every_frame_is_in_the_picture(travel: np.ndarray, follow: str, lens: LensSpec) -> None:
    who = people(travel)
    for elevation, distance, azimuth in ((1.6, 8.0, 0.3), (1.6, 12.0, 4.4), (6.0, 20.0, 1.8)):
        spec = CameraSpec(
            "c", azimuth=azimuth, distance=distance, elevation=elevation, lens=lens, moves=MovesSpec(follow)
        )
        track = film(spec, who, RINK)
        assert inside(track, who, MARGIN) == 1.0
        assert can_stand(RINK, track.eyes).all()
        assert np.array_equal(track.K, np.broadcast_to(track.K[0], track.K.shape))


@settings(max_examples=25, deadline=None)
@given(
    azimuth=st.floats(-7.0, 7.0),
    distance=st.floats(0.0, 60.0),
    elevation=st.floats(0.0, 15.0),
    fill=st.floats(0.1, 0.95),
    moves=st.sampled_from(
        (
            MovesSpec(),
            MovesSpec("fixed"),
            MovesSpec(lag=0.3, overshoot=0.8, shake=0.7, roll=0.1),
            MovesSpec("walk", shake=1.0, zoom=0.5),
        )
    ),
    size=st.sampled_from(((640, 480), (480, 640), (320, 180))),
    lens=st.sampled_from((LensSpec(), BARREL)),
    place=st.tuples(st.floats(-16.0, 16.0), st.floats(-6.0, 6.0)),
    length=st.floats(0.0, 16.0),
    heading=st.floats(0.0, 6.3),
)
def test_any_wish_gives_pictures_with_all_points(
    azimuth: float,
    distance: float,
    elevation: float,
    fill: float,
    moves: MovesSpec,
    size: tuple[int, int],
    lens: LensSpec,
    place: tuple[float, float],
    length: float,
    heading: float,
) -> None:
    spec = CameraSpec("c", "phone", *size, None, azimuth, distance, elevation, fill, lens=lens, moves=moves, seed=3)
    who = people(at(glide(length, heading, 40), *place))
    track = film(spec, who, RINK)
    assert inside(track, who, MARGIN) == 1.0
    assert np.isfinite(track.t).all()
    assert np.allclose(track.R @ track.R.swapaxes(-1, -2), np.eye(3), atol=1e-9)
    if moves.shake == 0.0:
        assert can_stand(RINK, track.eyes).all()


@pytest.mark.parametrize("fill", (0.3, 0.5, 0.7))
@pytest.mark.parametrize("lens", (LensSpec(), BARREL), ids=("straight", "barrel"))
def test_a_panning_camera_makes_the_skater_as_tall_as_asked(fill: float, lens: LensSpec) -> None:
    who = people(glide(8.0, 0.0))
    track = film(CameraSpec("c", azimuth=-1.5, distance=10.0, fill=fill, lens=lens), who, RINK)
    assert np.median(heights(track, who)) == pytest.approx(fill, abs=0.01)


def test_a_jump_that_would_leave_the_picture_widens_it() -> None:
    who = people(jump())
    track = film(CameraSpec("c", azimuth=-1.5, distance=10.0, fill=0.9), who, RINK)
    assert 0.5 < np.median(heights(track, who)) < 0.85


@pytest.mark.parametrize(("lens", "fill"), ((fixed_lens(67.0), 0.5), (fixed_lens(30.0), 0.6), (GOPRO, 0.4)))
def test_a_lens_that_does_not_zoom_is_carried_to_where_the_size_is_right(lens: LensSpec, fill: float) -> None:
    who = people(spin())
    track = film(CameraSpec("c", width=640, height=360, azimuth=-1.5, distance=9.0, fill=fill, lens=lens), who, RINK)
    assert np.median(heights(track, who)) == pytest.approx(fill, rel=0.04)
    assert len(np.unique(track.K[:, 0, 0])) == 1
    assert abs(np.arctan2(*track.eyes[0, 1::-1]) + 1.5) < 1e-6


def test_who_can_zoom_stays_and_puts_up_with_a_little_less() -> None:
    who = people(spin())
    spec = CameraSpec("c", azimuth=-1.5, distance=14.5, fill=0.65, lens=PHONE)
    track = film(spec, who, RINK)
    assert np.hypot(*track.eyes[0, :2]) == pytest.approx(14.5, abs=0.2)
    assert 0.5 < np.median(heights(track, who)) < 0.62
    # Much less makes them come nearer.
    tiny = film(replace(spec, lens=fixed_lens(67.0)), who, RINK)
    assert np.hypot(*tiny.eyes[0, :2]) < 4.0


def test_what_a_fixed_lens_cannot_take_in_makes_it_step_back() -> None:
    who = people(glide(9.0, 0.0))
    spec = CameraSpec("c", azimuth=-1.5, distance=3.0, fill=0.9, lens=fixed_lens(60.0), moves=MovesSpec("fixed"))
    track = film(spec, who, RINK)
    assert inside(track, who, MARGIN) == 1.0
    # Not further than it must.
    assert np.abs(shares(track, who) - 0.5).max() > 0.5 - MARGIN - 0.02


def test_what_no_place_takes_in_is_taken_in_as_far_as_can_be() -> None:
    who = people(glide(50.0, 0.0))
    spec = CameraSpec("c", azimuth=-1.5, distance=9.0, lens=fixed_lens(30.0), moves=MovesSpec("fixed"))
    track = film(spec, who, RINK)
    assert 0.1 < inside(track, who) < 1.0


def test_keep_lets_the_picture_cut_so_much_and_no_more() -> None:
    who = people(jump())
    tall = []
    for keep in (1.0, 0.9, 0.7):
        spec = CameraSpec("c", azimuth=-1.5, distance=10.0, fill=1.6, moves=MovesSpec(keep=keep))
        track = film(spec, who, RINK)
        assert keep <= inside(track, who) <= keep + 0.02
        tall.append(float(np.median(heights(track, who))))
    assert tall[0] < tall[1] < tall[2]


def test_keep_does_not_make_anything_larger_than_asked() -> None:
    who = people(jump())
    spec = CameraSpec("c", azimuth=-1.5, distance=10.0, fill=0.3, moves=MovesSpec(keep=0.5))
    assert np.median(heights(film(spec, who, RINK), who)) == pytest.approx(0.3, abs=0.01)


def test_a_lens_that_zooms_keeps_the_size() -> None:
    # Straight past the camera: four times as far away at the ends as in the middle.
    who = people(at(glide(30.0, 0.0, 360), 0.0, -6.0))
    spread = {}
    for zoom in (0.0, 0.5, 1.0):
        moves = MovesSpec(zoom=zoom)
        spec = CameraSpec("c", azimuth=-1.57, distance=4.0, fill=0.5, lens=LensSpec(), moves=moves)
        track = film(replace(spec, place=(0.0, -10.0, 1.6)), who, RINK)
        assert inside(track, who, MARGIN) == 1.0
        spread[zoom] = float(np.ptp(np.log(heights(track, who))))
        # Nobody turns a zoom ring in jerks.
        speed = np.diff(np.log(track.K[:, 0, 0])) * 60.0
        assert np.abs(np.diff(speed)).max() < 0.2
    assert spread[0.0] > 1.1 and spread[1.0] < 0.35 * spread[0.0]
    assert spread[1.0] < spread[0.5] < spread[0.0]


def test_a_lens_does_not_zoom_on_who_sits_down() -> None:
    points = spin(240)
    low = points.copy()
    low[80:160, :, 2] *= 0.55
    spec = CameraSpec("c", azimuth=-1.5, distance=10.0, fill=0.5, moves=MovesSpec(zoom=1.0))
    track = film(spec, people(low), RINK)
    assert np.ptp(track.K[:, 0, 0]) < 0.03 * track.K[0, 0, 0]


def test_a_camera_that_sees_nothing_is_a_mistake() -> None:
    spec = CameraSpec("blind", place=(0.0, -14.0, 1.6), moves=MovesSpec("fixed"), lens=fixed_lens(20.0))
    who = people(np.concatenate((at(spin(), -25.0, -10.0), at(spin(), 25.0, -10.0))))
    with pytest.raises(UserError, match="sees nothing"):
        film(spec, who, RINK)


@pytest.mark.parametrize("points", (np.zeros((1, 0, 3)), np.zeros((5, 3)), np.full((2, 2, 3), np.nan)))
def test_points_must_be_points(points: np.ndarray) -> None:
    with pytest.raises(ValueError, match="finite points"):
        film(CameraSpec("c"), people(points), RINK)

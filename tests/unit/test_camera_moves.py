"""Cameras keep the skater in the picture, from places where a camera can stand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blender_addon.clip import CameraSpec, RinkSpec
from blender_addon.labels.projection import project
from blender_addon.render.frame import CameraView
from blender_addon.rink.plan import hall_of, outside
from blender_addon.scene.camera_moves import MARGIN, camera_views

RINK = RinkSpec()
BODY = np.array(
    (
        (0, 0, 1.68),
        (0, 0, 1.4),
        (0.7, -0.1, 1.35),
        (-0.7, 0.1, 1.35),
        (0, 0, 0.95),
        (0.15, 0.1, 0.0),
        (-0.1, -0.1, 0.0),
    ),
    dtype=np.float64,
)


def turn(angle: np.ndarray) -> np.ndarray:
    """(T, 3, 3) turns about the vertical."""
    c, s, o, i = np.cos(angle), np.sin(angle), np.zeros_like(angle), np.ones_like(angle)
    return np.stack((np.stack((c, -s, o), -1), np.stack((s, c, o), -1), np.stack((o, o, i), -1)), -2)


def spin(frames: int = 60) -> np.ndarray:
    return np.einsum("tij,pj->tpi", turn(np.linspace(0.0, 12.0, frames)), BODY)


def glide(length: float, heading: float, frames: int = 90) -> np.ndarray:
    along = np.linspace(-0.5 * length, 0.5 * length, frames)
    path = np.stack((along * np.cos(heading), along * np.sin(heading), np.zeros(frames)), axis=-1)
    return BODY + path[:, None]


def circle(radius: float, frames: int = 90) -> np.ndarray:
    angle = np.linspace(0.0, 2.0 * np.pi, frames)
    return BODY + np.stack((radius * np.cos(angle), radius * np.sin(angle), 0.0 * angle), axis=-1)[:, None]


def jump(frames: int = 60) -> np.ndarray:
    t = np.linspace(0.0, 1.0, frames)
    path = np.stack((6.0 * t, 0.0 * t, np.maximum(0.0, 0.6 - 20.0 * (t - 0.5) ** 2)), axis=-1)
    return np.einsum("tij,pj->tpi", turn(14.0 * t), BODY) + path[:, None]


def at(points: np.ndarray, x: float, y: float) -> np.ndarray:
    return points + np.array((x, y, 0.0))


def eye(view: CameraView) -> np.ndarray:
    return -view.R.T @ view.t


def heights(views: list[CameraView], points: np.ndarray) -> np.ndarray:
    """(T,) share of the picture's height that the points take."""
    y = np.array([project(v, p)[0][:, 1] for v, p in zip(views, points, strict=True)])
    return np.ptp(y, axis=1) / views[0].height


def assert_all_in_the_picture(views: list[CameraView], points: np.ndarray) -> None:
    assert len(views) == len(points)
    for view, frame in zip(views, points, strict=True):
        share = project(view, frame)[0] / (view.width, view.height)
        assert (np.abs(share - 0.5) < 0.5 - MARGIN + 1e-9).all()


def assert_can_stand(view: CameraView) -> None:
    place = eye(view)
    away = float(outside(RINK, place[:2]))
    hall = hall_of(RinkSpec())
    assert place[2] < hall.lamps
    assert away < -0.2 or (
        0.4 < away < hall_of(RinkSpec()).wall - 0.3 and place[2] > hall_of(RinkSpec()).floor(away) + 1.0
    )


TRAVELS = {
    "spin": spin(),
    "glide": glide(20.0, 0.7),
    "long glide": glide(50.0, 0.0),
    "circle": circle(9.0),
    "jump": jump(),
    "one frame": BODY[None],
    "at the boards": at(glide(6.0, 0.0), 10.0, 14.2),
    "in the corner": at(spin(), 24.5, 10.5),
}


@pytest.mark.parametrize("follow", ("pan", "fixed"))
@pytest.mark.parametrize("travel", TRAVELS.values(), ids=TRAVELS.keys())
def test_every_point_of_every_frame_is_in_the_picture(travel: np.ndarray, follow: str) -> None:
    for elevation, distance in ((1.6, 8.0), (6.0, 20.0)):
        for azimuth in np.arange(0.3, 6.3, 1.5):
            spec = CameraSpec("c", azimuth=float(azimuth), distance=distance, elevation=elevation, follow=follow)
            views = camera_views(spec, travel, RINK)
            assert_all_in_the_picture(views, travel)
            assert_can_stand(views[0])
            assert all(np.array_equal(v.K, views[0].K) for v in views)


@settings(max_examples=25, deadline=None)
@given(
    azimuth=st.floats(-7.0, 7.0),
    distance=st.floats(0.0, 60.0),
    elevation=st.floats(0.0, 15.0),
    fill=st.floats(0.1, 0.95),
    follow=st.sampled_from(("pan", "fixed")),
    size=st.sampled_from(((640, 480), (480, 640), (320, 180))),
    x=st.floats(-16.0, 16.0),
    y=st.floats(-6.0, 6.0),
    length=st.floats(0.0, 16.0),
    heading=st.floats(0.0, 6.3),
)
def test_any_wish_gives_views_with_all_points(
    azimuth: float,
    distance: float,
    elevation: float,
    fill: float,
    follow: str,
    size: tuple[int, int],
    x: float,
    y: float,
    length: float,
    heading: float,
) -> None:
    spec = CameraSpec("c", "phone", *size, azimuth, distance, elevation, fill, follow)
    points = at(glide(length, heading, 20), x, y)
    views = camera_views(spec, points, RINK)
    assert_all_in_the_picture(views, points)
    assert_can_stand(views[0])


@pytest.mark.parametrize("fill", (0.3, 0.5, 0.7))
def test_a_panning_camera_makes_the_skater_as_tall_as_asked(fill: float) -> None:
    points = glide(8.0, 0.0)
    views = camera_views(CameraSpec("c", azimuth=-1.5, distance=10.0, fill=fill), points, RINK)
    assert np.median(heights(views, points)) == pytest.approx(fill, abs=0.01)


def test_a_jump_that_would_leave_the_picture_widens_it() -> None:
    spec = CameraSpec("c", azimuth=-1.5, distance=10.0, fill=0.9)
    views = camera_views(spec, jump(), RINK)
    assert 0.5 < np.median(heights(views, jump())) < 0.85


def test_a_panning_camera_turns_and_stays() -> None:
    points = glide(12.0, 0.0)
    views = camera_views(CameraSpec("c", azimuth=-1.5, distance=9.0), points, RINK)
    assert np.ptp([eye(v) for v in views], axis=0).max() < 1e-9
    middles = np.array([project(v, p)[0].mean(axis=0) for v, p in zip(views, points, strict=True)])
    assert np.abs(middles[:, 0] - 320.0).max() < 16.0
    turned = np.degrees(np.arccos(views[0].R[2] @ views[-1].R[2]))
    assert turned > 30.0


def test_a_fixed_camera_does_not_move() -> None:
    views = camera_views(CameraSpec("c", azimuth=0.4, distance=14.0, follow="fixed"), glide(10.0, 1.0), RINK)
    assert all(np.array_equal(v.R, views[0].R) and np.array_equal(v.t, views[0].t) for v in views)


def test_a_wish_that_can_be_met_is_met() -> None:
    view = camera_views(CameraSpec("c", azimuth=0.5, distance=8.0, elevation=1.6), spin(), RINK)[0]
    np.testing.assert_allclose(eye(view), (8.0 * np.cos(0.5), 8.0 * np.sin(0.5), 1.6), atol=0.5)


def test_a_phone_beyond_the_boards_comes_over_their_top_rail() -> None:
    view = camera_views(CameraSpec("c", azimuth=np.pi / 2, distance=18.0, elevation=1.6), spin(), RINK)[0]
    assert -1.0 < outside(RINK, eye(view)[:2]) < 0.0
    assert eye(view)[2] == pytest.approx(1.6)


def test_a_camera_in_the_stands_stays_there_and_sees_over_the_boards() -> None:
    points = spin()
    view = camera_views(CameraSpec("c", azimuth=np.pi / 2, distance=20.0, elevation=6.0), points, RINK)[0]
    place = eye(view)
    assert outside(RINK, place[:2]) > 4.0
    lowest = points.reshape(-1, 3)[:, 2].min()
    share = outside(RINK, place[:2]) / (place[1] - points[..., 1].max())
    assert place[2] + share * (lowest - place[2]) > hall_of(RinkSpec()).boards + hall_of(RinkSpec()).glass_sides


def test_a_body_at_the_boards_is_not_filmed_through_them() -> None:
    points = at(spin(), 0.0, 14.0)
    view = camera_views(CameraSpec("c", azimuth=np.pi / 2, distance=5.0, elevation=3.0), points, RINK)[0]
    assert outside(RINK, eye(view)[:2]) < 0.0


@pytest.mark.parametrize("points", (np.zeros((0, 4, 3)), np.zeros((5, 3)), np.full((2, 2, 3), np.nan)))
def test_points_must_be_points(points: np.ndarray) -> None:
    with pytest.raises(ValueError, match="finite points"):
        camera_views(CameraSpec("c"), points, RINK)

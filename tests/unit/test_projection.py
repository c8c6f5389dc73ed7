"""World points to pixels."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from blender_addon.labels.projection import inside, intrinsics, look_at, project
from blender_addon.render.frame import CameraView
from mocap.errors import UserError

coordinate = st.floats(-30.0, 30.0)


def view(eye: tuple[float, float, float], target: tuple[float, float, float], **lens: Any) -> CameraView:
    R, t = look_at(eye, target)
    return CameraView("c", "test", 640, 480, intrinsics(640, 480, 320.0 / np.tan(np.radians(30.0))), R, t, **lens)


def test_a_level_camera_sees_its_target_in_the_middle_up_above_and_left_on_the_left() -> None:
    camera = view((0.0, -10.0, 1.0), (0.0, 0.0, 1.0))
    xy, seen = project(camera, [(0.0, 0.0, 1.0), (0.0, 0.0, 2.0), (-1.0, 0.0, 1.0)])
    focal = 320.0 / np.tan(np.radians(30.0))
    np.testing.assert_allclose(xy, [(320.0, 240.0), (320.0, 240.0 - focal / 10), (320.0 - focal / 10, 240.0)])
    np.testing.assert_allclose(seen, [(0, 0, 10), (0, -1, 10), (-1, 0, 10)], atol=1e-12)


@given(st.tuples(coordinate, coordinate, coordinate), st.tuples(coordinate, coordinate, coordinate))
def test_look_at_is_a_rotation_with_a_level_horizon(
    eye: tuple[float, float, float], target: tuple[float, float, float]
) -> None:
    if np.hypot(eye[0] - target[0], eye[1] - target[1]) < 1e-3:
        return
    R, t = look_at(eye, target)
    np.testing.assert_allclose(R @ R.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(R) > 0.0
    assert abs(R[0, 2]) < 1e-12  # the picture's x axis is horizontal
    assert R[1, 2] < 0.0  # and its y axis points down
    np.testing.assert_allclose(R @ eye + t, 0.0, atol=1e-10)


def test_look_at_takes_many_cameras_at_once() -> None:
    eyes = np.array(((5.0, 0.0, 1.0), (0.0, 5.0, 2.0)))
    R, t = look_at(eyes, np.zeros(3))
    for i, eye in enumerate(eyes):
        one = look_at(eye, np.zeros(3))
        np.testing.assert_allclose(R[i], one[0])
        np.testing.assert_allclose(t[i], one[1])


def test_look_at_refuses_to_look_straight_down() -> None:
    with pytest.raises(ValueError, match="vertical"):
        look_at((0.0, 0.0, 5.0), (0.0, 0.0, 0.0))


def test_points_behind_the_camera_have_no_pixel() -> None:
    xy, seen = project(view((0.0, -10.0, 1.0), (0.0, 0.0, 1.0)), [(0.0, -20.0, 1.0), (0.0, 0.0, 1.0)])
    assert np.isnan(xy[0]).all() and np.isfinite(xy[1]).all()
    assert seen[0, 2] == pytest.approx(-10.0)


def test_radial_distortion_follows_its_polynomial() -> None:
    camera = view((0.0, 0.0, 1.0), (0.0, 9.0, 1.0), model="opencv", coefficients=(-0.2, 0.05, 0.0, 0.0))
    xy, seen = project(camera, [(1.0, 4.0, 1.6), (-2.0, 5.0, 0.5)])
    normal = seen[:, :2] / seen[:, 2:]
    r2 = (normal**2).sum(axis=1, keepdims=True)
    expected = camera.K[0, 0] * normal * (1.0 - 0.2 * r2 + 0.05 * r2**2) + (320.0, 240.0)
    np.testing.assert_allclose(xy, expected, rtol=1e-9)


def test_a_fisheye_lens_spreads_angles_evenly() -> None:
    camera = view((0.0, 0.0, 1.0), (0.0, 9.0, 1.0), model="fisheye", coefficients=(0.0, 0.0, 0.0, 0.0))
    angles = np.radians((10.0, 20.0, 40.0))
    xy, _ = project(camera, np.stack((np.sin(angles), np.cos(angles), np.ones(3)), axis=-1))
    np.testing.assert_allclose(xy[:, 0] - 320.0, camera.K[0, 0] * angles, rtol=1e-9)
    np.testing.assert_allclose(xy[:, 1], 240.0)


def test_an_unknown_lens_is_refused() -> None:
    with pytest.raises(UserError, match="wide"):
        project(view((0.0, 0.0, 1.0), (0.0, 9.0, 1.0), model="wide"), [(0.0, 1.0, 1.0)])


def test_two_views_give_the_points_back() -> None:
    focal, baseline = 525.0, 0.28
    R, t = look_at((3.0, -7.0, 1.4), (0.5, 1.0, 1.0))
    K = intrinsics(640, 480, focal)
    left, right = (
        CameraView(name, "stereo", 640, 480, K, R, t - (offset, 0.0, 0.0))
        for name, offset in (("left", 0.0), ("right", baseline))
    )
    world = np.random.default_rng(1).uniform((-2.0, -1.0, 0.0), (2.0, 3.0, 2.0), (200, 3))
    (one, near), (two, _) = project(left, world), project(right, world)
    disparity = one - two
    assert np.abs(disparity[:, 1]).max() < 1e-9
    np.testing.assert_allclose(focal * baseline / disparity[:, 0], near[:, 2], rtol=1e-9)
    # With pixels as they are stored, to a thousandth.
    seen = [np.round(xy, 3).T for xy in (one, two)]
    poses = [view.K @ np.column_stack((view.R, view.t)) for view in (left, right)]
    found = cv2.triangulatePoints(*poses, *seen)
    assert np.linalg.norm((found[:3] / found[3]).T - world, axis=1).max() < 1e-3


def test_shapes_are_kept() -> None:
    xy, seen = project(view((0.0, -10.0, 1.0), (0.0, 0.0, 1.0)), np.zeros((4, 7, 3)))
    assert xy.shape == (4, 7, 2) and seen.shape == (4, 7, 3)


def test_inside_counts_the_first_edge_and_not_the_last() -> None:
    xy = [(0.0, 0.0), (640.0, 100.0), (639.9, 479.9), (-0.1, 5.0), (np.nan, np.nan)]
    assert inside(xy, 640, 480).tolist() == [True, False, True, False, False]

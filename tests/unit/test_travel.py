"""Root motion: on the spot, and along a curve of the user's own."""

from __future__ import annotations

import numpy as np
import pytest

from mocap.elements.demo import demo_take
from mocap.errors import UserError
from mocap.motion import Motion
from mocap.rotations import rotate
from mocap.travel import along, curve_through, in_place, on_path, slow_travel

CIRCLE = [(6.0 * np.cos(a), 6.0 * np.sin(a)) for a in np.linspace(0.0, 2.0 * np.pi, 25)]


@pytest.fixture(scope="module")
def take() -> Motion:
    return demo_take()


def facing(motion: Motion) -> np.ndarray:
    forward = rotate(motion.orientations[:, 0], np.array((0.0, -1.0, 0.0)))
    return np.unwrap(np.arctan2(forward[:, 1], forward[:, 0]))


def test_a_curve_is_measured_by_its_length() -> None:
    curve = curve_through(CIRCLE)
    assert curve.closed and curve.length == pytest.approx(2 * np.pi * 6, rel=1e-3)
    xy, direction = along(curve, np.array([0.0, 0.25, 1.0, 2.5]) * curve.length)
    np.testing.assert_allclose(xy, [(6, 0), (0, 6), (6, 0), (-6, 0)], atol=0.01)
    np.testing.assert_allclose(direction - direction[0], np.array([0.0, 0.5, 2.0, 5.0]) * np.pi, atol=0.02)


def test_an_open_curve_goes_on_straight() -> None:
    xy, direction = along(curve_through([(0, 0), (4, 0)]), np.array([-1.0, 2.0, 9.0]))
    np.testing.assert_allclose(xy, [(-1, 0), (2, 0), (9, 0)], atol=1e-9)
    np.testing.assert_allclose(direction, 0.0, atol=1e-9)


@pytest.mark.parametrize("points", [[(0, 0)], [(1, 1), (1, 1)], [(0, 0), (float("nan"), 1)], [(0, 0), (1e9, 0)]])
def test_a_path_that_leads_nowhere_is_refused(points: list[tuple[float, float]]) -> None:
    with pytest.raises(UserError, match="path"):
        curve_through(points)


def test_in_place_keeps_sway_and_heights(take: Motion) -> None:
    still = in_place(take)
    assert np.ptp(take.positions[:, 0, 0]) > 15.0
    assert np.abs(still.positions[:, 0, :2]).max() < 0.35
    np.testing.assert_array_equal(still.positions[..., 2], take.positions[..., 2])
    np.testing.assert_array_equal(still.orientations, take.orientations)
    inner = slice(60, -60)
    np.testing.assert_allclose(still.positions[inner, 0, :2] + slow_travel(take)[inner], take.positions[inner, 0, :2])


def test_steady_travel_is_all_taken_out(take: Motion) -> None:
    steady = np.zeros((len(take), 2)) + np.arange(len(take))[:, None] * (0.05, -0.02)
    moved = take.positions.copy()
    moved[:, 0, :2] = steady
    assert np.abs(slow_travel(Motion("t", 60.0, take.skeleton, take.orientations, moved)) - steady).max() < 1e-9


def test_a_path_carries_the_body_at_its_pace(take: Motion) -> None:
    curve = curve_through([(-20, 0), (0, 5), (20, 0)])
    moved = on_path(take, curve, pace=3.0)
    xy, _ = along(curve, 3.0 * np.arange(len(take)) / take.rate)
    assert np.linalg.norm(moved.positions[:, 0, :2] - xy, axis=1).max() < 0.45
    np.testing.assert_allclose(moved.positions[..., 2], take.positions[..., 2])


def test_facing_goes_with_the_curve_or_stays(take: Motion) -> None:
    curve = curve_through(CIRCLE)
    pace = curve.length / take.duration
    turned = {name: facing(on_path(take, curve, pace, facing=name)) for name in ("along", "against", "recorded")}
    own = facing(take)
    np.testing.assert_allclose(np.ptp(turned["along"] - own), 2 * np.pi, atol=0.02)
    np.testing.assert_allclose(turned["recorded"], own)
    off = turned["against"] - turned["along"]
    np.testing.assert_allclose(np.cos(off), -1.0, atol=1e-9)


def test_someone_who_stands_faces_where_the_path_goes(take: Motion) -> None:
    """A body that faces −Y all along, as an unrotated person does."""
    still = Motion(
        "t",
        60.0,
        take.skeleton,
        np.tile((1.0, 0.0, 0.0, 0.0), (61, 23, 1)),
        np.tile(take.skeleton.identity_positions(), (61, 1, 1)),
    )
    moved = on_path(still, curve_through([(0, 0), (0, 7)]), pace=2.0)
    np.testing.assert_allclose(facing(moved), np.pi / 2, atol=1e-9)
    np.testing.assert_allclose(moved.positions[-1, 0, :2], (0.0, 2.0), atol=1e-6)

"""Flesh along a ray, on a body made of round lumps whose thickness is known."""

from __future__ import annotations

import numpy as np
import pytest

from blender_addon.labels.flesh import flesh_along
from blender_addon.skater.bare_skin import BareSkin, SkinNear, bare_skin, skin_near
from blender_addon.skater.human import Landmark
from blender_addon.skater.surface import loft


def mark(place: tuple[float, float, float], depth: float) -> Landmark:
    return Landmark(np.array([place]), np.zeros((1, 1), int), np.ones((1, 1)), depth, (1,))


def ball(center: tuple[float, float, float], radius: float) -> tuple[np.ndarray, np.ndarray]:
    up = np.linspace(-0.5 * np.pi, 0.5 * np.pi, 60)[1:-1]
    around = np.linspace(0.0, 2.0 * np.pi, 80, endpoint=False)
    rings = np.stack(
        (
            np.cos(up)[:, None] * np.cos(around),
            np.cos(up)[:, None] * np.sin(around),
            np.broadcast_to(np.sin(up)[:, None], (len(up), len(around))),
        ),
        axis=-1,
    )
    vertices, faces = loft(radius * rings, close_start=True, close_end=True)
    return vertices + np.array(center), faces


def body(*balls: tuple[tuple[float, float, float], float]) -> BareSkin:
    vertices, faces = zip(*(ball(*one) for one in balls), strict=True)
    starts = np.cumsum([0, *(len(some) for some in vertices)])
    joined = np.concatenate([some + start for some, start in zip(faces, starts, strict=False)])
    count = starts[-1]
    return bare_skin(np.concatenate(vertices), joined, np.zeros((count, 1), int), np.ones((count, 1)))


def along(near: SkinNear, point: tuple[float, float, float], way: tuple[float, float, float], row: int = 0) -> float:
    unit = np.array([way]) / np.linalg.norm(way)
    return float(flesh_along(near, np.array([row]), near.vertices.points, np.array([point]), unit)[0])


LUMP = skin_near(body(((0.0, 0.0, 0.0), 0.1)), [[mark((0.0, 0.0, 0.03), 0.1)], []], 1)


@pytest.mark.parametrize(
    ("way", "expected"),
    [((0, 0, 1), 0.13), ((0, 0, -1), 0.07), ((1, 0, 0), 0.0954), ((0, -1, 0), 0.0954), ((1, 1, 1), 0.1143)],
)
def test_thickness_before_a_point(way: tuple[float, float, float], expected: float) -> None:
    assert along(LUMP, (0.0, 0.0, 0.03), way) == pytest.approx(expected, abs=1e-3)


@pytest.mark.parametrize(
    ("point", "way"), [((0.0, 0.0, 0.14), (0, 0, -1)), ((0.0, 0.0, 0.14), (0, 0, 1)), ((0.3, 0.0, 0.0), (0, 1, 0))]
)
def test_a_point_outside_has_no_flesh_before_it(
    point: tuple[float, float, float], way: tuple[float, float, float]
) -> None:
    assert along(skin_near(body(((0.0, 0.0, 0.0), 0.1)), [[mark(point, 0.2)]], 1), point, way) == 0.0


def test_inside_is_what_all_ways_leave_from_within() -> None:
    lumps = body(((0.0, 0.0, 0.0), 0.1), ((0.0, 0.0, 0.3), 0.05))
    places = ((0.0, 0.0, 0.0), (0.01, 0.02, 0.09), (0.0577, 0.0577, 0.0577), (0.0, 0.0, 0.2), (0.0, 0.0, 0.5))
    near = skin_near(lumps, [[mark(place, 0.01)] for place in places], 1)
    assert near.inside.tolist() == [True, True, False, False, False]
    # No skin that is its own lies before the first, which is deep inside, nor before what is outside.
    assert np.isinf(along(near, places[0], (0, 0, 1), 0)) and along(near, places[3], (0, 0, 1), 3) == 0.0


def test_a_point_on_the_far_skin_has_the_whole_lump_before_it() -> None:
    for offset in (-1e-4, 1e-4):
        assert along(LUMP, (0.0, 0.0, 0.1 + offset), (0, 0, 1)) == pytest.approx(0.2, abs=1e-3)


def test_only_the_last_lump_is_its_own_flesh_but_a_crease_is_none() -> None:
    for space, expected in ((0.03, 0.05), (0.006, 0.156)):
        lumps = body(((0.0, 0.0, 0.0), 0.05), ((0.0, 0.0, -0.1 - space), 0.05))
        near = skin_near(lumps, [[mark((0.0, 0.0, 0.0), 0.2)]], 1)
        assert along(near, (0.0, 0.0, 0.0), (0, 0, 1)) == pytest.approx(expected, abs=1e-3)


def test_where_the_entry_lies_beyond_the_skin_of_a_point_there_is_no_end_of_flesh() -> None:
    near = skin_near(body(((0.0, 0.0, 0.0), 0.3)), [[mark((0.0, 0.0, 0.28), 0.02)]], 1)
    assert along(near, (0.0, 0.0, 0.28), (0, 0, -1)) == pytest.approx(0.02, abs=1e-3)
    assert np.isinf(along(near, (0.0, 0.0, 0.28), (0, 0, 1)))


def test_behind_a_crease_flesh_that_has_no_end_has_none_either() -> None:
    # The far side of the lump behind the crease lies beyond the skin of a point that has little flesh over it.
    for depth, expected in ((0.2, 0.156), (0.03, np.inf)):
        lumps = body(((0.0, 0.0, 0.0), 0.05), ((0.0, 0.0, -0.106), 0.05))
        near = skin_near(lumps, [[mark((0.0, 0.0, 0.0), depth)]], 1)
        assert along(near, (0.0, 0.0, 0.0), (0, 0, 1)) == pytest.approx(expected, abs=1e-3)


def test_skin_belongs_to_a_midpoint_as_far_as_its_landmarks_are_apart() -> None:
    ends = [mark((0.08, 0.0, 0.0), 0.01), mark((-0.08, 0.0, 0.0), 0.01)]
    near = skin_near(body(((0.0, 0.0, 0.0), 0.1)), [ends, [mark((0.0, 0.0, 0.0), 0.01)]], 1)
    assert along(near, (0.0, 0.0, 0.0), (1, 0, 0)) == pytest.approx(0.1, abs=1e-3)
    assert np.isinf(along(near, (0.0, 0.0, 0.0), (1, 0, 0), 1))


def test_without_skin_nothing_lies_before_a_point() -> None:
    near = skin_near(None, [[mark((0.0, 0.0, 0.0), 0.1)]], 1)
    assert along(near, (0.0, 0.0, 0.0), (0, 0, 1)) == 0.0
    # The other row is of no landmark.
    assert along(LUMP, (0.0, 0.0, 0.0), (0, 0, 1), 1) == 0.0


@pytest.mark.parametrize("corner", [(0.1, 0.0, 0.0), (0.0, 0.0, -0.1)])
def test_a_corner_of_the_skin_has_no_flesh_before_it_where_the_camera_sees_it(corner: tuple[float, ...]) -> None:
    # Triangles round it turn to the camera and away from it, all met at the very point.
    vertices = LUMP.vertices.points
    place = vertices[np.argmin(np.linalg.norm(vertices - corner, axis=1))]
    for way in ((0, 0, 1), (0, 1, 1), (0.3, 0.4, 1)):
        if np.dot(way, place) <= 0.0:
            assert along(LUMP, tuple(place.tolist()), way) == pytest.approx(0.0, abs=1e-6)


def test_points_asked_for_together_alone_or_in_part_have_the_same_flesh() -> None:
    rng = np.random.default_rng(3)
    points = rng.uniform(-0.07, 0.07, size=(12, 3))
    ways = rng.normal(size=(12, 3))
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    near = skin_near(body(((0.0, 0.0, 0.0), 0.1)), [[mark(tuple(place), 0.09)] for place in points.tolist()], 1)
    posed = near.vertices.points
    together = flesh_along(near, np.arange(12), posed, points, ways)
    # From the sphere's equation: how far before the point the ray enters it.
    across = np.sum(points * ways, axis=1)
    assert together == pytest.approx(across + np.sqrt(across**2 + 0.01 - np.sum(points**2, axis=1)), abs=1e-3)
    for rows in (np.arange(1, 12, 2), np.array((4,)), np.empty(0, np.int64)):
        some = flesh_along(near, rows, posed, points[rows], ways[rows])
        assert some == pytest.approx(together[rows], abs=1e-12)

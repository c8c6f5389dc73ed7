"""Flesh along a ray, on a body made of round lumps whose thickness is known."""

from __future__ import annotations

import numpy as np
import pytest

from blender_addon.labels.flesh import flesh_along
from blender_addon.skater.bare_skin import BareSkin, bare_skin
from blender_addon.skater.surface import loft


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


EYE = 5.0


def before(lumps: BareSkin, point: tuple[float, float, float], way: tuple[float, float, float]) -> tuple[float, float]:
    """As the camera sees it that looks along a way, `EYE` metres from the point."""
    forward = np.array(way) / np.linalg.norm(way)
    right = np.cross(forward, np.eye(3)[np.argmin(np.abs(forward))])
    right /= np.linalg.norm(right)
    turn = np.stack((right, np.cross(forward, right), forward))
    # A little from the middle, as points are.
    camera = (lumps.vertices - np.array(point)) @ turn.T + np.array((0.3, -0.2, 1.0)) * EYE
    own, every = flesh_along(camera, lumps.triangles, np.array([[0.3, -0.2, 1.0]]) * EYE)
    return float(own[0]), float(every[0])


def in_ball(point: tuple[float, float, float], way: tuple[float, float, float], radius: float = 0.1) -> float:
    """Metres in a ball before a point, from the sphere's equation, as `before` looks at it."""
    forward = np.array(way) / np.linalg.norm(way)
    right = np.cross(forward, np.eye(3)[np.argmin(np.abs(forward))])
    right /= np.linalg.norm(right)
    ray = np.array((0.3, -0.2, 1.0)) @ np.stack((right, np.cross(forward, right), forward))
    along = float(np.dot(point, ray)) / np.linalg.norm(ray)
    return float(along + np.sqrt(along**2 + radius**2 - np.dot(point, point)))


LUMP = body(((0.0, 0.0, 0.0), 0.1))


@pytest.mark.parametrize("way", [(0, 0, 1), (0, 0, -1), (1, 0, 0), (0, -1, 0), (1, 1, 1)])
def test_thickness_before_a_point(way: tuple[float, float, float]) -> None:
    own, every = before(LUMP, (0.0, 0.0, 0.03), way)
    assert own == pytest.approx(in_ball((0.0, 0.0, 0.03), way), abs=1e-3) and every == own


def test_a_point_outside_has_no_own_flesh_before_it() -> None:
    for way in ((0, 0, -1), (0, 1, 0)):
        assert before(LUMP, (0.0, 0.0, 0.14), way) == (0.0, 0.0)
    # What is before it is another part.
    own, every = before(body(((0.0, 0.0, 0.0), 0.1)), (0.03, -0.02, 0.14), (0, 0, 1))
    assert own == 0.0 and 0.15 < every < 0.26


def test_a_point_on_the_far_skin_has_the_whole_lump_before_it() -> None:
    forward = np.array((0.0, 0.0, 1.0))
    for offset in (-1e-4, 1e-4):
        place = (0.1 + offset) * forward
        camera = LUMP.vertices - place + np.array((0.0, 0.0, EYE))
        own, _ = flesh_along(camera, LUMP.triangles, np.array([[0.0, 0.0, EYE]]))
        assert own == pytest.approx(0.2, abs=1e-3)


@pytest.mark.parametrize(("space", "expected"), [(0.03, 0.05), (0.006, 0.156)])
def test_only_the_last_lump_is_its_own_flesh_but_a_crease_is_none(space: float, expected: float) -> None:
    lumps = body(((0.0, 0.0, 0.0), 0.05), ((0.0, 0.0, -0.1 - space), 0.05))
    points = np.array([[0.0, 0.0, EYE]])
    own, every = flesh_along(lumps.vertices + points, lumps.triangles, points)
    assert own == pytest.approx(expected, abs=1e-3)
    assert every == pytest.approx(0.15 + space, abs=1e-3)


def test_a_thin_limb_hides_to_a_thousandth_of_a_pixel() -> None:
    # A finger 1 cm thick in front of a trunk; a pixel of a small person is twice as wide.
    both = body(((0.0, 0.0, 0.0), 0.1), ((0.0, 0.0, -0.3), 0.005))
    skin = both.vertices + np.array((0.0, 0.0, EYE))
    edge = 0.005 * EYE / (EYE - 0.3)
    points = np.array([[side * (edge + more), 0.0, EYE] for side in (-1, 1) for more in (-5e-5, 5e-5)])
    own, every = flesh_along(skin, both.triangles, points)
    assert own == pytest.approx(0.1, abs=1e-3)
    assert (every > own + 0.1).tolist() == [True, False, True, False]


def test_an_arm_that_crosses_is_no_flesh_of_the_trunks() -> None:
    both = body(((0.0, 0.0, 0.0), 0.1), ((0.0, 0.0, -0.3), 0.04), ((0.0, 0.0, 0.4), 0.04))
    points = np.array([[0.0, 0.0, EYE], [0.06, 0.0, EYE]])
    own, every = flesh_along(both.vertices + np.array((0.0, 0.0, EYE)), both.triangles, points)
    assert own == pytest.approx([0.1, 0.08], abs=1e-3)
    assert every == pytest.approx([0.34, 0.08], abs=1e-3)


def test_what_is_behind_the_camera_or_beside_it_is_not_before_points() -> None:
    both = body(((0.0, 0.0, 0.0), 0.1), ((0.0, 0.0, -EYE - 0.4), 0.2), ((0.31, 0.0, -EYE), 0.3))
    points = np.array([[0.0, 0.0, EYE]])
    own, every = flesh_along(both.vertices + points, both.triangles, points)
    assert own == pytest.approx(0.1, abs=1e-3) and every == own
    # A camera within a body sees its inside, which lets rays out.
    within = body(((0.0, 0.0, 0.0), 0.1), ((0.0, 0.0, -EYE), 0.3))
    assert flesh_along(within.vertices + points, within.triangles, points)[1] == pytest.approx(0.1, abs=1e-3)
    # The wall that it stands in front of goes on beside it and behind.
    wall = np.array(((-9.0, 0.5, -9.0), (9.0, 0.5, -9.0), (0.0, 0.5, 9.0)))
    low = np.array([[0.0, 1.0, EYE], [0.0, -1.0, EYE]])
    assert (flesh_along(wall, np.array([[0], [1], [2]]), low)[1] > 0.0).tolist() == [True, False]


def test_without_points_or_skin_there_is_nothing() -> None:
    own, every = flesh_along(LUMP.vertices, LUMP.triangles, np.empty((0, 3)))
    assert len(own) == len(every) == 0
    own, every = flesh_along(np.empty((0, 3)), np.empty((3, 0), int), np.array([[0.0, 0.0, 1.0]]))
    assert own.tolist() == every.tolist() == [0.0]


@pytest.mark.parametrize("corner", [(0.1, 0.0, 0.0), (0.0, 0.0, -0.1)])
def test_a_corner_of_the_skin_has_no_flesh_before_it_where_the_camera_sees_it(corner: tuple[float, ...]) -> None:
    # Triangles round it turn to the camera and away from it, all met at the very point.
    place = LUMP.vertices[np.argmin(np.linalg.norm(LUMP.vertices - corner, axis=1))]
    for eye in ((0.0, 0.0, 5.0), (0.0, 2.0, 5.0), (0.5, 1.0, 3.0)):
        camera = place + np.array(eye)
        if np.dot(camera, place) <= 0.0:
            own = flesh_along(LUMP.vertices + np.array(eye), LUMP.triangles, camera[None])[0]
            assert own == pytest.approx(0.0, abs=1e-6)


def test_points_asked_for_together_or_alone_have_the_same_flesh() -> None:
    rng = np.random.default_rng(3)
    points = rng.uniform(-0.07, 0.07, size=(60, 3))
    points = points[np.linalg.norm(points, axis=1) < 0.09]
    middle = np.array((0.4, 0.3, 3.0))
    together, every = flesh_along(LUMP.vertices + middle, LUMP.triangles, points + middle)
    ways = (points + middle) / np.linalg.norm(points + middle, axis=1, keepdims=True)
    # From the sphere's equation: how far before the point the ray enters it.
    along = np.sum(points * ways, axis=1)
    assert together == pytest.approx(along + np.sqrt(along**2 + 0.01 - np.sum(points**2, axis=1)), abs=1e-3)
    assert np.array_equal(every, together)
    for k in range(0, len(points), 7):
        alone = flesh_along(LUMP.vertices + middle, LUMP.triangles, points[k : k + 1] + middle)[0]
        assert alone == pytest.approx(together[k : k + 1], abs=1e-12)

"""A keypoint set as what the viewport draws: capsules between points, and points as capsules of no length. Pure.

Everything that depends on the set alone is worked out once; a redraw only gathers places of landmarks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from blender_addon.labels.annotate import mixture_of
from blender_addon.labels.colors import fine_points, linear, point_colors
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.visibility import SLANT
from mocap.rotations import Array

POINT, FINE_POINT = 4.5, 2.2
"""Radius of a point in pixels, before the user's size and Blender's scale; of faces and fingers."""

LINE, FINE_LINE = 1.6, 0.8
"""Half the width of a line, likewise."""


@dataclass(frozen=True)
class Recipe:
    """How points of a set come out of landmarks that are given in some order.

    Attributes:
        members: (P, K) indices of each point's landmarks, and
        shares: (P, K) of each in the mean.
        known: (P,) bool: all of the point's landmarks are there.
    """

    members: np.ndarray
    shares: Array
    known: np.ndarray


@dataclass(frozen=True)
class Figure:
    """What is drawn of a set, whoever shows it.

    Attributes:
        names: of the P points.
        colors: (P, 4) linear, as a viewport's overlay takes them.
        radii: (P,) pixels.
        limbs: (L, 2) indices of points; colors and half widths of lines:
        limb_colors: (L, 4); limb_radii: (L,).
    """

    names: tuple[str, ...]
    colors: Array
    radii: Array
    limbs: np.ndarray
    limb_colors: Array
    limb_radii: Array


@lru_cache(maxsize=64)
def recipe_of(name: str, landmarks: tuple[str, ...]) -> Recipe:
    """How a set's points come out of landmarks in this order; what is not among them is unknown."""
    mixture = mixture_of((name,))
    place = {landmark: k for k, landmark in enumerate(landmarks)}
    at = np.array([place.get(landmark, -1) for landmark in mixture.names])
    # A set may have a point twice, its mixture has it once.
    chosen = mixture.chosen[name]
    members = at[mixture.members[chosen]]
    return Recipe(np.maximum(members, 0), mixture.shares[chosen], np.all(members >= 0, axis=1))


@lru_cache(maxsize=32)
def figure_of(name: str) -> Figure:
    """What is drawn of a set."""
    points = KEYPOINT_SETS[name]
    colors = np.ones((len(points.points), 4))
    colors[:, :3] = linear(np.array(point_colors(points)))
    fine = fine_points(points)
    limbs = np.array(points.limbs, dtype=np.int64).reshape(-1, 2)
    thin = fine[limbs].any(axis=1)
    return Figure(
        names=points.points,
        colors=colors,
        radii=np.where(fine, FINE_POINT, POINT),
        limbs=limbs,
        limb_colors=colors[limbs[:, 1]],
        limb_radii=np.where(thin, FINE_LINE, LINE),
    )


def points_of(recipe: Recipe, places: Array, depth: Array) -> tuple[Array, Array]:
    """Where the points are, and how deep in a body each may lie and still be seen.

    Args:
        places: (L, 3) of the landmarks; depth: (L,) metres of flesh over them.

    Returns:
        (P, 3) metres, NaN for what a body does not have; and (P,) metres, as `labels.annotate.flesh_of` has them.
    """
    parted = places[recipe.members]
    points = np.einsum("pki,pk->pi", parted, recipe.shares)
    apart = np.linalg.norm(parted - points[:, None], axis=-1).max(axis=1)
    points[~recipe.known] = np.nan
    return points, SLANT * depth[recipe.members].max(axis=1) + apart


@dataclass(frozen=True, eq=False)
class Paint:
    """What stays the same of N capsules while people move, float32: compared, and kept, by identity.

    Attributes:
        color: (4 N, 4), a row for each corner; shape: (4 N, 3) which end and which side it is of, and the radius (px).
        ends: (N, 2) indices of the points at both ends, everybody's counted on.
    """

    color: np.ndarray
    shape: np.ndarray
    ends: np.ndarray


@dataclass(frozen=True)
class Capsules:
    """Vertices of N capsules, four each, as the shader takes them.

    Attributes:
        start, end: (4 N, 4) float32: the places of both ends, and metres by which they are drawn nearer than they are.
        paint: the rest.
    """

    start: np.ndarray
    end: np.ndarray
    paint: Paint


_CORNERS = np.array([(-1.0, -1.0), (-1.0, 1.0), (1.0, -1.0), (1.0, 1.0)], dtype=np.float32)


def drawn(name: str, people: Sequence[tuple[Array, Array]], size: float) -> tuple[Capsules, Capsules]:
    """Lines and points of everybody who shows a set, each as one lot.

    Args:
        people: of each the set's points (P, 3) and metres (P,), as of `points_of`.
        size: scales radii, in pixels.
    """
    count = len(figure_of(name).names)
    ends = np.empty((count * len(people), 4), dtype=np.float32)
    for number, (points, most) in enumerate(people):
        ends[number * count : (number + 1) * count, :3] = points
        ends[number * count : (number + 1) * count, 3] = most
    known = np.isfinite(ends[:, 0])
    lines, dots = _paints(name, known.tobytes(), size)
    return _placed(lines, ends), _placed(dots, ends)


def _placed(paint: Paint, ends: np.ndarray) -> Capsules:
    start, end = np.repeat(ends[paint.ends[:, 0]], 4, axis=0), np.repeat(ends[paint.ends[:, 1]], 4, axis=0)
    return Capsules(start, end, paint)


@lru_cache(maxsize=16)
def _paints(name: str, known: bytes, size: float) -> tuple[Paint, Paint]:
    """Of lines and points; `known`: of everybody's points, one after another, whether there is such a one."""
    figure = figure_of(name)
    there = np.frombuffer(known, dtype=bool)
    people = len(there) // len(figure.names)
    first = len(figure.names) * np.arange(people)
    limbs = (figure.limbs[None] + first[:, None, None]).reshape(-1, 2)
    dots = np.repeat(np.arange(len(there))[:, None], 2, axis=1)
    return (
        _paint(limbs, there, np.tile(figure.limb_colors, (people, 1)), size * np.tile(figure.limb_radii, people)),
        _paint(dots, there, np.tile(figure.colors, (people, 1)), size * np.tile(figure.radii, people)),
    )


def _paint(ends: np.ndarray, there: np.ndarray, color: Array, radius: Array) -> Paint:
    kept = there[ends].all(axis=1)
    count = int(kept.sum())
    shape = np.empty((4 * count, 3), dtype=np.float32)
    shape[:, :2] = np.tile(_CORNERS, (count, 1))
    shape[:, 2] = np.repeat(radius[kept], 4)
    return Paint(np.repeat(color[kept].astype(np.float32), 4, axis=0), shape, ends[kept])


def triangles(count: int) -> np.ndarray:
    """(2 · count, 3) int32: the triangles of so many capsules."""
    one = np.array([(0, 1, 2), (2, 1, 3)], dtype=np.int32)
    return np.ascontiguousarray((one[None] + 4 * np.arange(count, dtype=np.int32)[:, None, None]).reshape(-1, 3))

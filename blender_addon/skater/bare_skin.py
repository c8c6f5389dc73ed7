"""The skin of the whole body, under clothes too, and which of it lies round each keypoint. Numpy alone, no bpy.

Labels tell by it how much flesh lies over a joint in the direction in which a camera looks, in any pose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from blender_addon.skater.quick_skin import QuickSkin, quick_skin
from mocap.rotations import Array

if TYPE_CHECKING:
    from blender_addon.skater.human import Landmark

# Round a point, skin belongs to it as far as this many times the flesh over it, and this many metres more.
_TIMES, _MORE = 2.2, 0.012
# A point so near (m) to skin lies on it.
_ON_SKIN = 0.002


@dataclass(frozen=True)
class BareSkin:
    """A body's skin at rest, in the rig's space.

    Attributes:
        vertices: (N, 3).
        triangles: (F, 3) vertex indices, counter-clockwise seen from outside.
        bones: (N, K) bone indices; weights: (N, K) their shares.
    """

    vertices: Array
    triangles: np.ndarray
    bones: np.ndarray
    weights: Array


@dataclass(frozen=True)
class SkinNear:
    """The skin round each of P points, in rows.

    Attributes:
        vertices: V of them, those that any point needs.
        vertex: of all rows one after another, indices of vertices; row r has `vertex[vertex_start[r] : …[r + 1]]`.
        triangle: (3, M) likewise, from `triangle_start`; corners count through `vertex`.
        inside: (P,) bool, which points lie inside the body.
    """

    vertices: QuickSkin
    vertex: np.ndarray
    vertex_start: np.ndarray
    triangle: np.ndarray
    triangle_start: np.ndarray
    inside: np.ndarray


def bare_skin(vertices: Array, faces: np.ndarray, bones: np.ndarray, weights: Array) -> BareSkin:
    """The skin of faces (F, 4), −1 in the last place of a triangle; vertices (N, 3), bones and weights (N, K)."""
    quads = faces[faces[:, 3] >= 0]
    triangles = np.concatenate((faces[:, :3], quads[:, (0, 2, 3)]))
    used, corners = np.unique(triangles, return_inverse=True)
    return BareSkin(vertices[used], corners.reshape(-1, 3), bones[used], weights[used])


def skin_near(skin: BareSkin | None, points: Sequence[Sequence[Landmark]], bones: int) -> SkinNear:
    """The skin round points, each the middle of landmarks, in their order; none where there are none, or no skin.

    `bones`: how many the rig has.
    """
    if skin is None:
        skin = BareSkin(np.empty((0, 3)), np.empty((0, 3), np.int64), np.empty((0, 1), np.int64), np.empty((0, 1)))
    tree = cKDTree(skin.vertices[skin.triangles].mean(axis=1).reshape(-1, 3))
    solid = np.ascontiguousarray(skin.vertices[skin.triangles].reshape(-1, 3, 3).transpose(2, 1, 0))
    vertices: list[np.ndarray] = []
    triangles: list[np.ndarray] = []
    for marks in points:
        near = _round(tree, marks) if marks else []
        chosen, corners = np.unique(skin.triangles[np.array(sorted(near), np.int64)], return_inverse=True)
        triangles.append(corners.reshape(-1, 3) + sum(len(rows) for rows in vertices))
        vertices.append(chosen)
    used, vertex = np.unique(np.concatenate([*vertices, np.empty(0, np.int64)]), return_inverse=True)
    return SkinNear(
        vertices=quick_skin(skin.vertices[used], skin.bones[used], skin.weights[used], bones),
        vertex=vertex.ravel(),
        vertex_start=np.cumsum([0, *(len(rows) for rows in vertices)]),
        triangle=np.ascontiguousarray(np.concatenate([*triangles, np.empty((0, 3), np.int64)]).T),
        triangle_start=np.cumsum([0, *(len(rows) for rows in triangles)]),
        inside=np.array([bool(marks) and _inside(solid, _middle(marks)) for marks in points], dtype=bool),
    )


def _middle(marks: Sequence[Landmark]) -> Array:
    """(3,) of landmarks at rest."""
    return np.mean([mark.points.mean(axis=0) for mark in marks], axis=0)


def _inside(corners: Array, point: Array) -> bool:
    """Whether a point lies inside a body, not on its skin; corners (3, 3, F) of triangles by axis and corner.

    Ways along all axes, to either side, first meet skin from within, and not at once.
    """
    for axis in range(3):
        flat = (corners[(axis + 1) % 3] - point[(axis + 1) % 3], corners[(axis + 2) % 3] - point[(axis + 2) % 3])
        near = np.flatnonzero(np.all([(p.min(axis=0) <= 0.0) & (p.max(axis=0) >= 0.0) for p in flat], axis=0))
        (ax, bx, cx), (ay, by, cy) = (place[:, near] for place in flat)
        shares = np.stack((bx * cy - by * cx, cx * ay - cy * ax, ax * by - ay * bx))
        turn = shares.sum(axis=0)
        hit = (np.all(shares >= 0.0, axis=0) | np.all(shares <= 0.0, axis=0)) & (turn != 0.0)
        away = (shares * (corners[axis][:, near] - point[axis])).sum(axis=0)[hit] / turn[hit]
        for side in (-1.0, 1.0):
            there = side * away > 0.0
            if not there.any():
                return False
            first = np.argmin(np.where(there, side * away, np.inf))
            if side * away[first] < _ON_SKIN or side * turn[hit][first] <= 0.0:
                return False
    return True


def _round(tree: cKDTree, marks: Sequence[Landmark]) -> list[int]:
    """Which of a tree's points are near the middle of landmarks."""
    places = np.array([mark.points.mean(axis=0) for mark in marks])
    middle = places.mean(axis=0)
    apart = float(np.linalg.norm(places - middle, axis=1).max())
    found: list[int] = tree.query_ball_point(middle, _TIMES * max(mark.depth for mark in marks) + apart + _MORE)
    return found

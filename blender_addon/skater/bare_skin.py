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
    """

    vertices: QuickSkin
    vertex: np.ndarray
    vertex_start: np.ndarray
    triangle: np.ndarray
    triangle_start: np.ndarray


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
    )


def _round(tree: cKDTree, marks: Sequence[Landmark]) -> list[int]:
    """Which of a tree's points are near the middle of landmarks."""
    places = np.array([mark.points.mean(axis=0) for mark in marks])
    middle = places.mean(axis=0)
    apart = float(np.linalg.norm(places - middle, axis=1).max())
    found: list[int] = tree.query_ball_point(middle, _TIMES * max(mark.depth for mark in marks) + apart + _MORE)
    return found

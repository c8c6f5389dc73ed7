"""The skin of the whole body, under clothes too, and which of it lies round each landmark. Numpy alone, no bpy.

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

# Round a landmark, skin belongs to it as far as this many times the flesh over it, and this many metres more.
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
    """The skin round each of L landmarks, in rows.

    Attributes:
        vertices: V of them, those that any landmark needs.
        vertex: of all rows one after another, indices of vertices; row r has `vertex[vertex_start[r] : …[r + 1]]`.
        triangle: (M, 3) likewise, from `triangle_start`; corners count through `vertex`.
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


def skin_near(skin: BareSkin | None, marks: Sequence[Landmark | None], bones: int) -> SkinNear:
    """The skin round landmarks, in their order; none for what is no landmark, or where there is no skin.

    `bones`: of the rig.
    """
    if skin is None:
        skin = BareSkin(np.empty((0, 3)), np.empty((0, 3), np.int64), np.empty((0, 1), np.int64), np.empty((0, 1)))
    tree = cKDTree(skin.vertices[skin.triangles].mean(axis=1).reshape(-1, 3))
    vertices: list[np.ndarray] = []
    triangles: list[np.ndarray] = []
    for mark in marks:
        near = [] if mark is None else tree.query_ball_point(mark.points.mean(axis=0), _TIMES * mark.depth + _MORE)
        chosen, corners = np.unique(skin.triangles[np.array(sorted(near), np.int64)], return_inverse=True)
        triangles.append(corners.reshape(-1, 3) + sum(len(rows) for rows in vertices))
        vertices.append(chosen)
    used, vertex = np.unique(np.concatenate([*vertices, np.empty(0, np.int64)]), return_inverse=True)
    return SkinNear(
        vertices=quick_skin(skin.vertices[used], skin.bones[used], skin.weights[used], bones),
        vertex=vertex.ravel(),
        vertex_start=np.cumsum([0, *(len(rows) for rows in vertices)]),
        triangle=np.concatenate([*triangles, np.empty((0, 3), np.int64)]),
        triangle_start=np.cumsum([0, *(len(rows) for rows in triangles)]),
    )

"""The skin of the whole body, under clothes too. Numpy alone, no bpy.

Labels tell by it what of a body lies before its joints in the direction in which a camera looks, in any pose.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mocap.rotations import Array


@dataclass(frozen=True)
class BareSkin:
    """A body's skin at rest, in the rig's space.

    Attributes:
        vertices: (N, 3).
        triangles: (3, F) vertex indices, counter-clockwise seen from outside.
        bones: (N, K) bone indices; weights: (N, K) their shares.
    """

    vertices: Array
    triangles: np.ndarray
    bones: np.ndarray
    weights: Array


def bare_skin(vertices: Array, faces: np.ndarray, bones: np.ndarray, weights: Array) -> BareSkin:
    """The skin of faces (F, 4), −1 in the last place of a triangle; vertices (N, 3), bones and weights (N, K)."""
    quads = faces[faces[:, 3] >= 0]
    triangles = np.concatenate((faces[:, :3], quads[:, (0, 2, 3)]))
    used, corners = np.unique(triangles, return_inverse=True)
    # By corner: short rows are slow to go along.
    return BareSkin(vertices[used], np.ascontiguousarray(corners.reshape(-1, 3).T), bones[used], weights[used])

"""A coarse skin over all that a person shows, body part by body part, to measure how much room each takes. No bpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix, diags_array, vstack

from blender_addon.labels.vocabulary import BODY_PARTS
from blender_addon.skater.cutting import cut_faces
from blender_addon.skater.quick_skin import QuickSkin, quick_skin
from mocap.rotations import Array

if TYPE_CHECKING:
    from blender_addon.skater.human import SkinnedMesh

# Metres within which vertices of a part become one: fingers are thin.
_FINE = {"hand": 0.009, "head": 0.016, "foot": 0.013, "forearm": 0.022}
_ELSEWHERE = 0.03
# More than a body has of them in a row.
_CELLS = 4096
# A border that meets an edge so near (m) to its end goes through the vertex there.
_SNAP = 0.0005


@dataclass(frozen=True)
class PartShell:
    """Triangles round a person at rest.

    Attributes:
        skin: their V vertices, which follow the bones.
        triangles: (T, 3) vertices; part: (T,) body part of each; area: (T,) m².
    """

    skin: QuickSkin
    triangles: np.ndarray
    part: np.ndarray
    area: Array


def part_shell(meshes: Sequence[SkinnedMesh], bones: int) -> PartShell:
    """The shell over surfaces at rest that hang on a rig of so many bones, cut where body parts end."""
    pieces = [_in_parts(mesh, bones) for mesh in meshes]
    starts = np.cumsum([0, *(len(points) for points, *_ in pieces)])
    points = np.concatenate([points for points, *_ in pieces])
    shares = vstack([shares for _, shares, *_ in pieces], format="csr")
    triangles = np.concatenate([corners + start for (_, _, corners, _), start in zip(pieces, starts, strict=False)])
    part = np.concatenate([part for *_, part in pieces])
    kept, number = _merged(points, triangles, part)
    whole = np.flatnonzero((number != np.roll(number, 1, axis=1)).all(axis=1))
    # Of triangles that became the same one is enough.
    whole = whole[np.unique(_one_number(np.sort(number[whole], axis=1), len(kept)), return_index=True)[1]]
    corners = points[kept][number[whole]]
    area = 0.5 * np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    return PartShell(QuickSkin(points[kept], shares[kept]), number[whole], part[whole], area)


def _in_parts(mesh: SkinnedMesh, bones: int) -> tuple[Array, csr_matrix, np.ndarray, np.ndarray]:
    """Vertices (N, 3), their shares of bones (N, B), triangles (T, 3) and body parts (T,) of a mesh cut into parts."""
    points, faces, part = mesh.vertices, mesh.faces, mesh.part
    shares = quick_skin(points, mesh.bones, mesh.weights, bones).shares
    if mesh.borders is not None:
        part = np.full(len(faces), mesh.borders.whole, dtype=np.uint8)
        for border in mesh.borders.borders:
            near = part == border.near
            field = border.field(points)
            field[np.abs(field) < _SNAP] = 0.0
            value = np.where(faces >= 0, field[faces], np.nan)
            behind = near & ~np.any(value < 0.0, axis=1)
            if not np.any(near & ~behind & np.any(value > 0.0, axis=1)):
                part = np.where(behind, border.far, part).astype(np.uint8)
                continue
            made = cut_faces(faces, field, near)
            part = np.where(near[made.face] & made.side, border.far, part[made.face]).astype(np.uint8)
            start, end = (shares[made.ends[:, k]] for k in range(2))
            between = diags_array(1.0 - made.share) @ start + diags_array(made.share) @ end
            points, shares, faces = made.of_vertices(points), vstack((shares, between), format="csr"), made.faces
    quads = faces[:, 3] >= 0
    triangles = np.concatenate((faces[:, :3], faces[quads][:, (0, 2, 3)]))
    return points, shares, triangles, np.concatenate((part, part[quads]))


def _merged(points: Array, triangles: np.ndarray, part: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(K,) vertices that stand for all that are near them and of their body part, and (T, 3) which do for triangles.

    What lies on a border between parts is only merged with its like, so that no part shrinks away from its ends.
    """
    pair, place = np.unique(triangles * 256 + part[:, None], return_inverse=True)
    vertex, owner = pair // 256, pair % 256
    border = np.bincount(vertex, minlength=len(points))[vertex] > 1
    size = _SIZES[owner]
    cell = np.floor((points[vertex] - points.min(axis=0)) / size[:, None]).astype(np.int64)
    _, group = np.unique(_one_number(np.column_stack((owner, border, cell)), _CELLS), return_inverse=True)
    count = np.bincount(group)
    middle = np.stack([np.bincount(group, points[vertex, axis]) for axis in range(3)], axis=1) / count[:, None]
    away = np.linalg.norm(points[vertex] - middle[group], axis=1)
    order = np.lexsort((away, group))
    first = order[np.cumsum(count) - count]
    return vertex[first], group[place.reshape(triangles.shape)]


def _one_number(rows: np.ndarray, base: int) -> np.ndarray:
    """(N,) a number for each row (N, K) of numbers below a base: the same for the same rows alone."""
    return np.asarray(rows @ base ** np.arange(rows.shape[1] - 1, -1, -1))


def _size(name: str) -> float:
    return _FINE.get(name.removeprefix("left_").removeprefix("right_"), _ELSEWHERE)


_SIZES = np.full(256, _ELSEWHERE)
_SIZES[[entry.index for entry in BODY_PARTS]] = [_size(entry.name) for entry in BODY_PARTS]

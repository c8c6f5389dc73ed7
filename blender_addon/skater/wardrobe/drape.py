"""How loose cloth hangs: over hollows instead of into them, straight down from what holds it out. Numpy alone."""

from __future__ import annotations

import dataclasses

import numpy as np
from scipy import ndimage, sparse
from scipy.spatial import cKDTree

from blender_addon.skater.cutting import edges_of
from blender_addon.skater.surface import Surface, open_edges, smoothstep, vertex_normals
from mocap.rotations import Array

# How far cloth spans hollows: rounds of drawing each vertex towards its neighbours.
ROUNDS = 40
# Rounds by which weights run into each other, so that no vertex moves apart from its neighbours in deep poses.
WEIGHT_ROUNDS = 6

_ANGLES = 48  # columns and
_STEP = 0.02  # metres between rows of the table of a body's girth


def drape(surface: Surface, ease: Array, rounds: int = ROUNDS) -> Surface:
    """Cloth over a surface: at least `ease` (N,) metres off it, taut over hollows; weights smoothed.

    Every vertex stays outside its own tangent plane on the surface below and is otherwise drawn to its neighbours, at
    an edge to those along the edge.
    """
    below = vertex_normals(surface.vertices, surface.faces)
    held = surface.vertices + ease[:, None] * below
    mean = _neighbours(surface.faces, len(held))
    cloth = held
    for _ in range(rounds):
        normal = vertex_normals(cloth, surface.faces)
        step = np.sum((mean @ cloth - cloth) * normal, axis=1, keepdims=True) * normal
        cloth = cloth + 0.7 * step
        sunk = np.maximum(np.sum((held - cloth) * below, axis=1, keepdims=True), 0.0)
        cloth = cloth + sunk * below
    weights = surface.weights
    for _ in range(WEIGHT_ROUNDS):
        weights = 0.5 * weights + 0.5 * (mean @ weights)
    return dataclasses.replace(surface, vertices=cloth, weights=weights)


def hung(points: Array, middle: Array, part: Array, top: float, share: Array) -> Array:
    """(N, 3) points moved outwards so far that what they go round does not narrow below `top`.

    Args:
        middle: (N, 2) the axis x, y at each point's height; part: (N,) 0 for points that stay … 1.
        top: height (m) from which cloth hangs.
        share: (N,) 0 close to the body … 1 straight down from where the body is widest.
    """
    below = (part > 0.5) & (points[:, 2] < top)
    if not below.any():
        return points
    offset = points[:, :2] - middle
    radius, angle = np.hypot(offset[:, 0], offset[:, 1]), np.arctan2(offset[:, 0], -offset[:, 1])
    column = (angle / (2.0 * np.pi) + 0.5) * _ANGLES
    row = (top - points[:, 2]) / _STEP
    table = np.zeros((int(row[below].max()) + 2, _ANGLES))
    np.maximum.at(table, (row[below].astype(int), column[below].astype(int) % _ANGLES), radius[below])
    # Cells between the vertices take their neighbours' radius.
    table = ndimage.maximum_filter(table, size=(3, 3), mode=("nearest", "wrap"))
    table = np.maximum.accumulate(table, axis=0)
    table = ndimage.gaussian_filter(table, sigma=(1.5, 1.5), mode=("nearest", "wrap"))
    at = (np.clip(row - 0.5, 0.0, len(table) - 1.0), np.mod(column - 0.5, _ANGLES))
    wide = ndimage.map_coordinates(np.pad(table, ((0, 0), (0, 1)), mode="wrap"), at, order=1, mode="nearest")
    fade = smoothstep(0.0, 0.1, top - points[:, 2]) * part
    grown = fade * share * np.maximum(wide - radius, 0.0) / np.maximum(radius, 1e-6)
    out = points.copy()
    out[:, :2] += grown[:, None] * offset
    return out


def girth_around(points: Array, axis: Array, angle: Array, height: Array) -> Array:
    """(H, A) metres that points (N, 3) reach out from a vertical axis (2,) at heights (H,), rising or falling, and
    angles (A,) from −Y to +X; 0 where there are none."""
    offset = points[:, :2] - axis
    radius, around = np.hypot(offset[:, 0], offset[:, 1]), np.arctan2(offset[:, 0], -offset[:, 1])
    turn = np.abs((around - angle[:, None] + np.pi) % (2.0 * np.pi) - np.pi) < np.radians(12.0)
    level = np.abs(points[:, 2] - height[:, None]) < 0.012
    return np.stack([np.where(turn & row, radius, 0.0).max(axis=1) for row in level])


def edge_loops(faces: np.ndarray) -> list[np.ndarray]:
    """The edges of a surface, each a closed row of vertices in the order in which its faces run along it."""
    after = dict(open_edges(faces)[0].tolist())
    loops = []
    while after:
        loop = [next(iter(after))]
        while loop[-1] in after:
            loop.append(after.pop(loop[-1]))
        loops.append(np.array(loop[:-1]))
    return loops


def extended(surface: Surface, loop: np.ndarray, rings: Array, weights: Array) -> Surface:
    """A surface continued from one of its edges.

    Args:
        loop: (L,) of `edge_loops`.
        rings: (K, L, 3) rows of new vertices, from the edge outwards; weights: (K, L, B) theirs.
    """
    count, size = rings.shape[:2]
    rows = np.concatenate((loop[None], len(surface.vertices) + np.arange(count * size).reshape(count, size)))
    turned = np.roll(rows, -1, axis=1)
    faces = np.stack((turned[:-1], rows[:-1], rows[1:], turned[1:]), axis=-1).reshape(-1, 4)
    return Surface(
        np.concatenate((surface.vertices, rings.reshape(-1, 3))),
        np.concatenate((surface.faces, faces)),
        np.concatenate((surface.weights, weights.reshape(count * size, -1))),
    )


def weights_around(places: Array, surface: Surface, spread: Array) -> Array:
    """(N, B) weights for places (N, 3): those of the 48 nearest vertices of a surface, nearer ones counting more, as by
    a bell curve of width `spread` (N,) metres."""
    distance, index = cKDTree(surface.vertices).query(places, k=48)
    bell = np.exp(-(distance**2 - distance[:, :1] ** 2) / (2.0 * spread[:, None] ** 2))
    bell /= bell.sum(axis=1, keepdims=True)
    out: Array = np.einsum("nk,nkb->nb", bell, surface.weights[index])
    return out


def _neighbours(faces: np.ndarray, count: int) -> sparse.csr_matrix:
    """(N, N) rows that take the mean of each vertex's neighbours; on an edge of the surface, of those along it."""
    pairs, uses = np.unique(np.sort(edges_of(faces)[0], axis=1), axis=0, return_counts=True)
    rim = np.zeros(count, bool)
    rim[pairs[uses == 1]] = True
    both = np.concatenate((pairs, pairs[:, ::-1]))
    once = np.concatenate((uses, uses)) == 1
    both = both[once | ~rim[both[:, 0]]]
    matrix = sparse.csr_matrix((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(count, count))
    return sparse.diags(1.0 / np.maximum(matrix.sum(axis=1).A1, 1.0)) @ matrix

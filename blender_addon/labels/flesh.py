"""How much flesh lies over a point in the direction in which a camera looks: a ray through the posed skin round it."""

from __future__ import annotations

import numpy as np

from blender_addon.skater.bare_skin import SkinNear
from mocap.rotations import Array

# Folds of skin that are closer to each other than this (m) are one flesh: the inside of a bent elbow.
_CREASE = 0.012
# A point that is so near (m) to skin that faces the camera lies on it.
_TOUCH = 0.001


def flesh_along(near: SkinNear, row: np.ndarray, posed: Array, points: Array, ways: Array) -> Array:
    """(P,) metres of flesh before each point: from where a ray enters the body in which the point lies, 0 if in none.

    Infinite where it enters so far away that this skin is none of the point's.

    Args:
        near: the skin round points; row: (P,) which of them are asked for.
        posed: (V, 3) the skin's vertices now; points: (P, 3) in the same frame.
        ways: (P, 3) unit vectors from the camera's place to the points.
    """
    count = np.diff(near.vertex_start)[row]
    owner = np.repeat(np.arange(len(row)), count)
    vertex = near.vertex[_ranges(near.vertex_start[row], count)]
    # Along the ray and across it: the ray meets a triangle that has the origin inside.
    across = _across(ways)
    offset = posed[vertex] - points[owner]
    x, y = (np.einsum("vi,vi->v", offset, axis[owner]) for axis in across)

    first = np.cumsum(count) - count
    faces = np.diff(near.triangle_start)[row]
    triangle = near.triangle[_ranges(near.triangle_start[row], faces)]
    of = np.repeat(np.arange(len(row)), faces)
    corner = triangle + (first - near.vertex_start[row])[of, None]
    ax, bx, cx = x[corner].T
    ay, by, cy = y[corner].T
    a, b, c = bx * cy - by * cx, cx * ay - cy * ax, ax * by - ay * bx
    hit = np.flatnonzero(((a >= 0.0) & (b >= 0.0) & (c >= 0.0)) | ((a <= 0.0) & (b <= 0.0) & (c <= 0.0)))
    area = a[hit] + b[hit] + c[hit]
    hit, area = hit[area != 0.0], area[area != 0.0]
    share = np.stack((a[hit], b[hit], c[hit]), axis=-1) / area[:, None]
    of_point = of[hit]
    along = np.einsum("hci,hc,hi->h", offset[corner[hit]], share, ways[of_point])
    # `across` is right-handed with the way, so that what turns clockwise there faces the camera.
    return _before(of_point, along, area < 0.0, len(row))


def _before(point: np.ndarray, along: Array, entering: np.ndarray, count: int) -> Array:
    """Flesh before `count` points from where rays meet skin: (H,) point, metres past it, and whether they go in."""
    out = np.zeros(count)
    order = np.lexsort((along, point))
    starts = np.searchsorted(point[order], np.arange(count + 1)).tolist()
    met, inwards = along[order].tolist(), entering[order].tolist()
    for k in range(count):
        start, end = starts[k], starts[k + 1]
        split = start
        while split < end and met[split] < _TOUCH:
            split += 1
        front = None
        # Where what comes next is the skin's inside, the point lies in flesh.
        within = split < end and not inwards[split]
        for h in range(split - 1, start - 1, -1):
            if inwards[h]:
                front = met[h]
            elif (0.0 if front is None else front) - met[h] > _CREASE:
                break
            else:
                within = True
        out[k] = max(-front, 0.0) if front is not None else np.inf if within else 0.0
    return out


def _ranges(start: np.ndarray, count: np.ndarray) -> np.ndarray:
    """start, start + 1, … `count` of them, of each one after another."""
    ends = np.cumsum(count)
    return np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(start - (ends - count), count)


def _across(ways: Array) -> tuple[Array, Array]:
    """Two unit vectors (P, 3) across each way, right-handed with it."""
    helper = np.eye(3)[np.argmin(np.abs(ways), axis=1)]
    u = np.cross(ways, helper)
    u = u / np.linalg.norm(u, axis=1, keepdims=True)
    return u, np.cross(ways, u)

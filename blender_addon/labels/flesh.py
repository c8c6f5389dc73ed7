"""How much flesh lies over a point in the direction in which a camera looks: a ray through the posed skin round it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from blender_addon.skater.bare_skin import SkinNear
from mocap.rotations import Array

# Folds of skin that are closer to each other than this (m) are one flesh: the inside of a bent elbow.
_CREASE = 0.012
# A point that is so near (m) to skin that faces the camera lies on it.
_TOUCH = 0.001
# Round a corner of the skin, triangles that turn to the camera and away from it are met so near (m) to each other.
_SAME = 1e-6
# Sides of a ray, as bits beside that of the left one, which is 1.
_RIGHT, _BELOW, _ABOVE = np.array((2, 4, 8), dtype=np.uint8)
_ALL_SIDES = 15


def flesh_along(near: SkinNear, row: np.ndarray, posed: Array, points: Array, ways: Array) -> Array:
    """(P,) metres of flesh before each point: from where a ray enters the body in which the point lies, 0 if in none.

    Infinite where it enters so far away that this skin is none of the point's.

    Args:
        near: the skin round points; row: (P,) which of them are asked for, in their order.
        posed: (V, 3) the skin's vertices now; points: (P, 3) in the same frame.
        ways: (P, 3) unit vectors from the camera's place to the points.
    """
    vertex, start, corner, faces = _of_rows(near, row)
    # Along the ray and across it: the ray meets a triangle that has the origin inside.
    across = _across(ways)
    offset = np.take(posed, vertex, axis=0)
    flat = np.empty((len(vertex), 2))
    for k, (first, end) in enumerate(pairwise(start.tolist())):
        offset[first:end] -= points[k]
        np.matmul(offset[first:end], across[k], out=flat[first:end])
    x, y = np.ascontiguousarray(flat.T)
    # On which sides of the ray each vertex lies; few triangles have a corner on all of them.
    side = (x <= 0.0) | (x >= 0.0) * _RIGHT | (y <= 0.0) * _BELOW | (y >= 0.0) * _ABOVE
    sides = side.take(corner[0]) | side.take(corner[1]) | side.take(corner[2])
    around = np.flatnonzero(sides == _ALL_SIDES)
    corners = corner[:, around]
    ax, bx, cx = x[corners]
    ay, by, cy = y[corners]
    a, b, c = bx * cy - by * cx, cx * ay - cy * ax, ax * by - ay * bx
    area = a + b + c
    hit = ((a >= 0.0) & (b >= 0.0) & (c >= 0.0)) | ((a <= 0.0) & (b <= 0.0) & (c <= 0.0))
    hit = np.flatnonzero(hit & (area != 0.0))
    share = np.stack((a[hit], b[hit], c[hit]), axis=-1) / area[hit, None]
    of_point = np.searchsorted(np.cumsum(faces), around[hit], side="right")
    along = np.einsum("hci,hc,hi->h", offset[corners[:, hit].T], share, ways[of_point])
    # `across` is right-handed with the way, so that what turns clockwise there faces the camera.
    return _before(of_point, along, area[hit] < 0.0, near.inside[row])


def _of_rows(near: SkinNear, row: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The skin round some of the points.

    Returns:
        (W,) indices of vertices, row after row; (P + 1,) where each row's begin; (3, M) corners of triangles as places
        among those; (P,) how many triangles each row has.
    """
    count, faces = np.diff(near.vertex_start)[row], np.diff(near.triangle_start)[row]
    if len(row) == len(near.vertex_start) - 1:
        return near.vertex, near.vertex_start, near.triangle, faces
    start = np.concatenate(((0,), np.cumsum(count)))
    vertex = _slices(near.vertex, near.vertex_start, row)
    corner = _slices(near.triangle, near.triangle_start, row)
    return vertex, start, corner + np.repeat(start[:-1] - near.vertex_start[row], faces), faces


def _slices(values: np.ndarray, start: np.ndarray, row: np.ndarray) -> np.ndarray:
    """What some rows have of values (…, N), one after another."""
    pairs = zip(start[row].tolist(), start[row + 1].tolist(), strict=True)
    return np.concatenate([values[..., :0], *(values[..., first:end] for first, end in pairs)], axis=-1)


def _before(point: np.ndarray, along: Array, entering: np.ndarray, inside: np.ndarray) -> Array:
    """Flesh before points from where rays meet skin: (H,) point, metres past it, and whether they go in.

    `inside` (P,): which of them lie in flesh, as far as no skin is met: a limb seen lengthwise.
    """
    count = len(inside)
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
        # Where what comes next is the skin's inside, the point lies in flesh; and so does a crease before it.
        within = not inwards[split] if split < end else bool(inside[k])
        for h in range(split - 1, start - 1, -1):
            if inwards[h]:
                front, within = met[h], False
            elif (0.0 if front is None else front) - met[h] > _CREASE:
                break
            elif front is None or front - met[h] > _SAME:
                within = True
        out[k] = np.inf if within else 0.0 if front is None else max(-front, 0.0)
    return out


def _across(ways: Array) -> Array:
    """(P, 3, 2) two unit vectors across each way, right-handed with it."""
    helper = np.eye(3)[np.argmin(np.abs(ways), axis=1)]
    u = np.cross(ways, helper)
    u = u / np.linalg.norm(u, axis=1, keepdims=True)
    return np.stack((u, np.cross(ways, u)), axis=-1)

"""What of a person's own body lies before a point in the direction in which a camera looks: rays through posed skin."""

from __future__ import annotations

import numpy as np

from blender_addon.labels.projection import NEAREST
from mocap.rotations import Array

# Folds of skin that are closer to each other than this (m) are one flesh: the inside of a bent elbow.
_CREASE = 0.012
# A point that is so near (m) to skin lies on it.
_TOUCH = 0.001


def flesh_along(skin: Array, triangles: np.ndarray, points: Array) -> tuple[Array, Array]:
    """How much flesh the rays from the camera's place to points go through.

    Args:
        skin: (V, 3) vertices of a whole body in the camera's frame; triangles: (3, F) of them, counter-clockwise seen
            from outside.
        points: (P, 3) in the camera's frame.

    Returns:
        (P,) metres before each point from where its ray enters the flesh in which the point lies, 0 where it lies in
        none; and (P,) metres from where it first enters any of the body: as much, where no other part is before it.
    """
    point, along, entering = skin_met(skin, triangles, points)
    order = np.lexsort((along, point))
    starts = np.searchsorted(point[order], np.arange(len(points) + 1)).tolist()
    met, inwards = along[order].tolist(), entering[order].tolist()
    own, every = np.zeros((2, len(points)))
    for k in range(len(points)):
        rows = range(starts[k], starts[k + 1])
        front = 0.0
        for h in reversed(rows):
            if met[h] > (-_TOUCH if inwards[h] else _TOUCH):
                continue
            if inwards[h]:
                front = met[h]
            elif front - met[h] > _CREASE:
                break
        own[k] = 0.0 - front
        every[k] = next((-met[h] for h in rows if inwards[h]), 0.0)
    return own, np.maximum(every, own)


def skin_met(skin: Array, triangles: np.ndarray, points: Array) -> tuple[np.ndarray, Array, np.ndarray]:
    """Where the rays from the camera's place through points meet triangles, as `flesh_along` takes them.

    Returns:
        (H,) which point, (H,) metres past it, and (H,) bool, whether the ray goes in there.
    """
    triangle, point = _near_each_other(skin, triangles, points)
    way = points[point]
    a, b, c = (skin[corner] for corner in triangles[:, triangle])
    # On which side of the planes through the camera's place and each edge the point lies; the same for all: a hit.
    sides = np.stack([np.einsum("hi,hi->h", way, np.cross(*ends)) for ends in ((b, c), (c, a), (a, b))])
    turn = sides.sum(axis=0)
    hit = (np.all(sides >= 0.0, axis=0) | np.all(sides <= 0.0, axis=0)) & (turn != 0.0)
    a, b, c, way, point = (array[hit] for array in (a, b, c, way, point))
    shares = sides[:, hit] / turn[hit]
    place = shares[0, :, None] * a + shares[1, :, None] * b + shares[2, :, None] * c
    length = np.linalg.norm(points, axis=1)[point]
    along = np.einsum("hi,hi->h", place, way) / length - length
    before = along > -length
    return point[before], along[before], turn[hit][before] < 0.0


def _near_each_other(skin: Array, triangles: np.ndarray, points: Array) -> tuple[np.ndarray, np.ndarray]:
    """(N,) triangles and (N,) points, all pairs where a triangle's box in the picture holds the point.

    Boxes are told in ranks among the points, of which there are few.
    """
    count = len(points)
    ahead = skin[:, 2] > NEAREST
    begin, end, order = [], [], []
    rank = np.empty((2, count), dtype=np.int64)
    for axis in range(2):
        place = points[:, axis] / points[:, 2]
        order.append(np.argsort(place, kind="stable"))
        rank[axis, order[axis]] = np.arange(count)
        low, high = _ranks(place[order[axis]], skin[:, axis] / np.where(ahead, skin[:, 2], 1.0), ahead)
        (a, b, c), (d, e, f) = low[triangles], high[triangles]
        begin.append(np.minimum(np.minimum(a, b), c))
        end.append(np.maximum(np.maximum(d, e), f))
    # How many points have lesser ranks than these on both axes: a row is a rank on the first.
    fewer = np.zeros((count + 1, count + 1), dtype=np.int32)
    fewer[rank[0] + 1, rank[1] + 1] = 1
    fewer = fewer.cumsum(axis=0).cumsum(axis=1).ravel()
    left, right = begin[0] * (count + 1), end[0] * (count + 1)
    held = fewer[right + end[1]] - fewer[left + end[1]] - fewer[right + begin[1]] + fewer[left + begin[1]]
    some = np.flatnonzero(held)
    # Of a triangle's run of points on the first axis those that it holds on the second.
    first = begin[0][some]
    runs = end[0][some] - first
    triangle = np.repeat(some, runs)
    point = order[0][np.arange(len(triangle)) + np.repeat(first - np.cumsum(runs) + runs, runs)]
    other = rank[1, point]
    within = (other >= begin[1][triangle]) & (other < end[1][triangle])
    return triangle[within], point[within]


def _ranks(places: Array, at: Array, ahead: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(V,) how many of sorted places (P,) are below each of `at` (V,), and (V,) at most there; int32.

    What is not `ahead` (V,) is everywhere.
    """
    low, high = (np.searchsorted(places, at, side=side).astype(np.int32) for side in ("left", "right"))
    return (low, high) if ahead.all() else (np.where(ahead, low, np.int32(0)), np.where(ahead, high, len(places)))

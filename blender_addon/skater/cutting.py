"""Cutting surfaces along the line where a field is 0, with all that their vertices and corners carry. Numpy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mocap.rotations import Array


@dataclass(frozen=True)
class Cut:
    """How a surface of N vertices and F faces becomes one whose faces each lie on one side of a line.

    Attributes:
        faces: (F', 4) vertex indices; the old vertices keep their numbers, those of the line follow.
        ends: (M, 2) the old edge, lower index first, on which each new vertex lies; share: (M,) how far along it.
        face: (F',) which old face each is of.
        corner: (F', 4) which of its corners each corner is at, or is behind by
        along: (F', 4) this share of the way to the next corner.
        side: (F',) bool, whether the field is positive there.
    """

    faces: np.ndarray
    ends: np.ndarray
    share: Array
    face: np.ndarray
    corner: np.ndarray
    along: Array
    side: np.ndarray

    def of_vertices(self, values: Array) -> Array:
        """(N + M, …) what vertices carry, from that of the old ones (N, …)."""
        share = self.share.reshape(-1, *(1,) * (values.ndim - 1))
        a, b = values[self.ends[:, 0]], values[self.ends[:, 1]]
        return np.concatenate((values, (1.0 - share) * a + share * b))

    def of_corners(self, values: Array, sizes: np.ndarray) -> Array:
        """(F', 4, …) what corners carry, from that of the old ones (F, 4, …); `sizes` (F,) are their faces' corners."""
        face, along = self.face[:, None], self.along.reshape(*self.along.shape, *(1,) * (values.ndim - 2))
        after = (self.corner + 1) % sizes[face]
        out: Array = (1.0 - along) * values[face, self.corner] + along * values[face, after]
        return out


def cut_faces(faces: np.ndarray, field: Array, where: np.ndarray | None = None) -> Cut:
    """Cuts faces (F, 4) along the line where `field` (N,) is 0.

    Args:
        where: (F,) bool, which faces to cut; all where none is given.
    """
    where = np.ones(len(faces), bool) if where is None else where
    edges = crossed_edges(faces[where], field)
    a, b = edges[:, 0], edges[:, 1]
    share = field[a] / (field[a] - field[b])

    value = np.where(faces >= 0, field[faces], np.nan)
    positive, negative = ~np.any(value < 0.0, axis=1), ~np.any(value > 0.0, axis=1)
    across = where & ~positive & ~negative
    whole = np.flatnonzero(~across)
    pieces = [_clip(faces, np.flatnonzero(across), sign * field, edges, share) for sign in (1.0, -1.0)]
    inside, outside = (len(piece[0]) for piece in pieces)
    straight = np.broadcast_to(np.arange(4), (len(whole), 4))
    rows = [(faces[whole], whole, straight, np.zeros((len(whole), 4))), *pieces]
    made, face, corner, along = (np.concatenate(columns) for columns in zip(*rows, strict=True))
    side = np.concatenate((positive[whole], np.ones(inside, bool), np.zeros(outside, bool)))
    return Cut(made, edges, share, face, corner, along, side)


def next_corners(faces: np.ndarray) -> np.ndarray:
    """(F, 4) the corner after each corner, going round; −1 where there is no corner."""
    after = np.roll(faces, -1, axis=1)
    triangle = faces[:, 3] < 0
    after[triangle, 2] = faces[triangle, 0]
    after[triangle, 3] = -1
    return after


def edges_of(faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(E, 2) every face's edges as it goes round, shared ones once for each face, and (E,) their faces."""
    edges = np.stack((faces, next_corners(faces)), axis=-1).reshape(-1, 2)
    face = np.repeat(np.arange(len(faces)), 4)
    there = edges.min(axis=1) >= 0
    return edges[there], face[there]


def crossed_edges(faces: np.ndarray, field: Array) -> np.ndarray:
    """(E, 2) edges, lower index first, each once, whose ends have fields of opposite sign."""
    edges = np.sort(edges_of(faces)[0], axis=1)
    edges = edges[field[edges[:, 0]] * field[edges[:, 1]] < 0.0]
    return np.unique(edges, axis=0)


def _clip(
    faces: np.ndarray, chosen: np.ndarray, field: Array, edges: np.ndarray, share: Array
) -> tuple[np.ndarray, np.ndarray, np.ndarray, Array]:
    """What of the chosen faces (C,) lies where the field (N,) is positive; vertex N + e lies on edge e.

    Returns:
        `faces`, `face`, `corner` and `along` as of `Cut`.
    """
    count, corners = len(field), faces[chosen]
    after = next_corners(corners)
    ends = np.sort(np.stack((corners, after), axis=-1), axis=-1)
    crossed = (corners >= 0) & (field[corners] * field[after] < 0.0)
    key = edges[:, 0] * count + edges[:, 1]
    place = np.searchsorted(key, np.where(crossed, ends[..., 0] * count + ends[..., 1], key[0] if len(key) else 0))
    way = np.append(share, 0.0)[place]
    way = np.where(corners == ends[..., 0], way, 1.0 - way)
    kept = (corners >= 0) & (field[corners] >= 0.0)
    ring = np.stack((np.where(kept, corners, -1), np.where(crossed, count + place, -1)), -1).reshape(-1, 8)
    along = np.stack((np.zeros_like(way), np.where(crossed, way, 0.0)), -1).reshape(-1, 8)
    order = np.argsort(ring < 0, axis=1, kind="stable")
    ring, along = np.take_along_axis(ring, order, axis=1), np.take_along_axis(along, order, axis=1)
    size = (ring >= 0).sum(axis=1)

    # Five and six corners: a quad, and what is left of it.
    first, rest = np.flatnonzero(size >= 3), np.flatnonzero(size >= 5)
    left = [0, 3, 4, 5]
    return (
        np.concatenate((ring[first, :4], ring[rest][:, left])),
        chosen[np.concatenate((first, rest))],
        np.concatenate((order[first, :4], order[rest][:, left])) // 2,
        np.concatenate((along[first, :4], along[rest][:, left])),
    )

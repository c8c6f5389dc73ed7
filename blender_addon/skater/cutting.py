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
        where: (F,) bool, which faces to cut; all where none is given. Others beside these get the new vertices on their
            edges, so that nothing gapes.
    """
    where = np.ones(len(faces), bool) if where is None else where
    edges = crossed_edges(faces[where], field)
    share = field[edges[:, 0]] / (field[edges[:, 0]] - field[edges[:, 1]])
    on_edge, way = _new_corners(faces, len(field), edges, share)

    there = faces >= 0
    value = np.where(there, field[faces], np.nan)
    positive, negative = ~np.any(value < 0.0, axis=1), ~np.any(value > 0.0, axis=1)
    across = where & ~positive & ~negative
    beside = ~across & np.any(on_edge >= 0, axis=1)
    # Where two neighbouring corners lie on the line and the line goes on between others, the edge between the two is on
    # one side only, or the pieces would lie over each other.
    by_negative = (field[next_corners(faces)] < 0.0) | (field[_corners_before(faces)] < 0.0)
    negative_side = (value < 0.0) | ((value == 0.0) & by_negative)
    whole = np.flatnonzero(~across & ~beside)
    straight = np.broadcast_to(np.arange(4), (len(whole), 4))
    pieces = [
        _pieces(np.flatnonzero(chosen), np.where(there & kept, faces, -1), on_edge, way)
        for chosen, kept in ((across, value >= 0.0), (across, negative_side), (beside, there))
    ]
    rows = [(faces[whole], whole, straight, np.zeros((len(whole), 4))), *pieces]
    made, face, corner, along = (np.concatenate(columns) for columns in zip(*rows, strict=True))
    inside = np.repeat((True, False), [len(piece[0]) for piece in pieces[:2]])
    side = np.concatenate((positive[whole], inside, positive[pieces[2][1]]))
    return Cut(made, edges, share, face, corner, along, side)


def next_corners(faces: np.ndarray) -> np.ndarray:
    """(F, 4) the corner after each corner, going round; −1 where there is no corner."""
    after = np.roll(faces, -1, axis=1)
    triangle = faces[:, 3] < 0
    after[triangle, 2] = faces[triangle, 0]
    after[triangle, 3] = -1
    return after


def _corners_before(faces: np.ndarray) -> np.ndarray:
    """(F, 4) the corner before each corner; −1 where there is no corner."""
    before = np.roll(faces, 1, axis=1)
    triangle = faces[:, 3] < 0
    before[triangle, 0] = faces[triangle, 2]
    before[triangle, 3] = -1
    return before


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


def _new_corners(faces: np.ndarray, count: int, edges: np.ndarray, share: Array) -> tuple[np.ndarray, Array]:
    """(F, 4) the new vertex after each corner, −1 where there is none, and its share of the way to the next corner.

    Args:
        count: of old vertices; edges: (M, 2) that have a new one each; share: (M,) how far along, from the lower end.
    """
    ends = np.sort(np.stack((faces, next_corners(faces)), axis=-1), axis=-1)
    wanted, known = ends[..., 0] * count + ends[..., 1], edges[:, 0] * count + edges[:, 1]
    place = np.minimum(np.searchsorted(known, wanted), max(len(known) - 1, 0))
    found = (ends[..., 0] >= 0) & (np.append(known, -1)[place] == wanted)
    way = np.append(share, 0.0)[place]
    way = np.where(faces == ends[..., 0], way, 1.0 - way)
    return np.where(found, count + place, -1), np.where(found, way, 0.0)


def _pieces(
    chosen: np.ndarray, corners: np.ndarray, on_edge: np.ndarray, way: Array
) -> tuple[np.ndarray, np.ndarray, np.ndarray, Array]:
    """Faces round the corners that are kept, −1 for others, and the new vertices between, of chosen faces (C,).

    Returns:
        `faces`, `face`, `corner` and `along` as of `Cut`.
    """
    ring = np.stack((corners[chosen], on_edge[chosen]), axis=-1).reshape(-1, 8)
    along = np.stack((np.zeros_like(way[chosen]), way[chosen]), axis=-1).reshape(-1, 8)
    order = np.argsort(ring < 0, axis=1, kind="stable")
    ring, along = np.take_along_axis(ring, order, axis=1), np.take_along_axis(along, order, axis=1)
    size = (ring >= 0).sum(axis=1)
    # Of many corners: a quad, and what is left of it, two corners at a time.
    rows = [(np.flatnonzero(size >= least), columns) for least, columns in _FAN]
    return (
        np.concatenate([ring[some][:, columns] for some, columns in rows]),
        np.concatenate([chosen[some] for some, _ in rows]),
        np.concatenate([order[some][:, columns] for some, columns in rows]) // 2,
        np.concatenate([along[some][:, columns] for some, columns in rows]),
    )


_FAN = ((3, [0, 1, 2, 3]), (5, [0, 3, 4, 5]), (7, [0, 5, 6, 7]))

"""Simple bodies in bulk: blocks, bars, tubes, and things set down in places of their own. No bpy.

All give (Q, 4, 3) corners; `painted` and `each` turn them into Quads.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from blender_addon.clip import RinkSpec
from blender_addon.rink.plan import outline
from blender_addon.rink.quads import Quads, join
from mocap.rotations import Array

NOTHING = Quads(np.zeros((0, 4, 3)), np.zeros((0, 3)))


@dataclass(frozen=True)
class Places:
    """Where things stand: origin, along and out, each (N, 2). Local axes are a (along), b (out), z (up).

    `along` and `out` are unit vectors at a right angle; seen from the ice, `along` runs to the right.
    """

    origin: Array
    along: Array
    out: Array

    def __len__(self) -> int:
        return len(self.origin)

    def at(self, index: int) -> Places:
        """One of the places, as Places of length 1."""
        part = slice(index, index + 1)
        return Places(self.origin[part], self.along[part], self.out[part])

    def put(self, local: ArrayLike) -> Array:
        """World points (…, 3) of local points (…, 3), whose first axis counts the places (or is 1 long)."""
        local = np.asarray(local, dtype=np.float64)
        shape = (len(self), *(1,) * (local.ndim - 2), 2)
        origin, along, out = (v.reshape(shape) for v in (self.origin, self.along, self.out))
        flat = origin + local[..., :1] * along + local[..., 1:2] * out
        return np.concatenate((flat, np.broadcast_to(local[..., 2:], (*flat.shape[:-1], 1))), axis=-1)

    def bodies(self, local: ArrayLike) -> Array:
        """(N · Q, 4, 3) of local faces (Q, 4, 3), the same at every place, or (N, Q, 4, 3), each place's own."""
        local = np.asarray(local, dtype=np.float64)
        return self.put(local if local.ndim == 4 else local[None]).reshape(-1, 4, 3)


def beside_ice(spec: RinkSpec, u: ArrayLike, s: ArrayLike) -> Places:
    """Places at u along the ice's edge, s metres out from it (both (N,) or scalar)."""
    along, away = (np.atleast_1d(v).astype(np.float64) for v in np.broadcast_arrays(u, s))
    origin = outline(spec, along, away)
    out = outline(spec, along, away + 1.0) - origin
    return Places(origin, np.stack((out[:, 1], -out[:, 0]), axis=-1), out)


def painted(corners: Array, color: ArrayLike) -> Quads:
    """Faces in one colour (3,) or each in its own (Q, 3)."""
    return Quads(corners, np.broadcast_to(np.asarray(color, dtype=np.float64), (len(corners), 3)).copy())


def each(corners: Array, colors: ArrayLike) -> Quads:
    """Faces (N · K, 4, 3) of N things in their colours (N, 3)."""
    colors = np.asarray(colors, dtype=np.float64)
    if not len(colors):
        return NOTHING
    return Quads(corners, np.repeat(colors, len(corners) // len(colors), axis=0))


def gather(bags: list[Quads]) -> Quads:
    """All bags in one; none give an empty bag."""
    return join(*bags) if bags else NOTHING


FACES = np.array(
    (
        ((0, 0, 0), (1, 0, 0), (1, 0, 1), (0, 0, 1)),
        ((1, 0, 0), (1, 1, 0), (1, 1, 1), (1, 0, 1)),
        ((1, 1, 0), (0, 1, 0), (0, 1, 1), (1, 1, 1)),
        ((0, 1, 0), (0, 0, 0), (0, 0, 1), (0, 1, 1)),
        ((0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)),
        ((0, 1, 0), (1, 1, 0), (1, 0, 0), (0, 0, 0)),
    ),
    dtype=np.float64,
)
"""A unit cube's faces, the top and the underside last."""


def blocks(low: ArrayLike, high: ArrayLike, faces: int = 6) -> Array:
    """(N · faces, 4, 3) boxes from corner low (N, 3) to high (N, 3); 5 faces leave out the underside."""
    low, high = (np.asarray(v, dtype=np.float64).reshape(-1, 3) for v in np.broadcast_arrays(low, high))
    return (low[:, None, None] + FACES[:faces] * (high - low)[:, None, None]).reshape(-1, 4, 3)


def sheet(corner: ArrayLike, across: ArrayLike, up: ArrayLike) -> Array:
    """(N, 4, 3) parallelograms from corner points by two vectors, (N, 3) or (3,) each."""
    corner, across, up = (np.asarray(v, dtype=np.float64).reshape(-1, 3) for v in (corner, across, up))
    corner, across, up = np.broadcast_arrays(corner, across, up)
    return np.stack((corner, corner + across, corner + across + up, corner + up), axis=1)


def tubes(start: ArrayLike, end: ArrayLike, first: ArrayLike, last: ArrayLike | None = None, sides: int = 4) -> Array:
    """(N · sides, 4, 3) open prisms from start to end (N, 3), of radius `first` there and `last` at the end."""
    start, end = (np.asarray(v, dtype=np.float64).reshape(-1, 3) for v in (start, end))
    start, end = np.broadcast_arrays(start, end)
    r0 = np.broadcast_to(np.asarray(first, dtype=np.float64), (len(start),))
    r1 = r0 if last is None else np.broadcast_to(np.asarray(last, dtype=np.float64), (len(start),))
    axis = end - start
    axis = axis / np.maximum(np.linalg.norm(axis, axis=1, keepdims=True), 1e-9)
    upright = np.abs(axis[:, 2:]) > 0.9
    side = np.cross(axis, np.where(upright, (1.0, 0.0, 0.0), (0.0, 0.0, 1.0)))
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    other = np.cross(side, axis)
    turn = 2.0 * np.pi * (np.arange(sides + 1) + 0.5) / sides
    ring = np.cos(turn)[:, None] * side[:, None] + np.sin(turn)[:, None] * other[:, None]
    low, high = start[:, None] + r0[:, None, None] * ring, end[:, None] + r1[:, None, None] * ring
    return np.stack((low[:, :-1], low[:, 1:], high[:, 1:], high[:, :-1]), axis=2).reshape(-1, 4, 3)


def bars(start: ArrayLike, end: ArrayLike, width: float) -> Array:
    """(N · 4, 4, 3) square bars, `width` from side to side."""
    return tubes(start, end, width * np.sqrt(0.5), sides=4)


def grid(*axes: ArrayLike) -> Array:
    """(N, len(axes)) all combinations, the last axis running fastest."""
    return np.stack([g.ravel() for g in np.meshgrid(*axes, indexing="ij")], axis=-1)


def vec(*values: float) -> Array:
    """A vector to add to points."""
    return np.array(values, dtype=np.float64)

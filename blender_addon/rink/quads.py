"""Coloured quadrilaterals, of which the building around the ice is made. No bpy.

Each part is made as (u, s, z) quadrilaterals (see `plan`), coloured face by face, and bent around the rink.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.color import Color
from blender_addon.rink.plan import bend
from mocap.rotations import Array


@dataclass(frozen=True)
class Quads:
    """A bag of quadrilaterals: corners (Q, 4, 3) in the world, colors (Q, 3) linear.

    `uv` (Q, 4, 2) says where each corner lies in a picture; None: all at its origin.
    """

    corners: Array
    colors: Array
    uv: Array | None = None


def join(*parts: Quads) -> Quads:
    """All quadrilaterals of the parts in one bag."""
    uv = None
    if any(p.uv is not None for p in parts):
        uv = np.concatenate([np.zeros((len(p.corners), 4, 2)) if p.uv is None else p.uv for p in parts])
    return Quads(np.concatenate([p.corners for p in parts]), np.concatenate([p.colors for p in parts]), uv)


def wall_strip(u: Array, end: float, s: float, low: Array | float, high: Array | float) -> Array:
    """(M, 4, 3) standing quads between stations u (M,), closed around the rink; heights (M,) or scalar."""
    u0, u1 = u, np.append(u[1:], end)
    low, high, side = (np.broadcast_to(v, u.shape) for v in (low, high, s))
    corners = ((u0, side, low), (u1, side, low), (u1, side, high), (u0, side, high))
    return np.stack([np.stack(c, axis=-1) for c in corners], axis=1)


def slope(u: Array, end: float, low: tuple[float, float], high: tuple[float, float]) -> Array:
    """(M, 4, 3) quads that rise from (s, z) to (s, z), closed around the rink."""
    u0, u1 = u, np.append(u[1:], end)
    corners = ((u0, *low), (u1, *low), (u1, *high), (u0, *high))
    return np.stack([np.stack((at, np.full(u.shape, s), np.full(u.shape, z)), axis=-1) for at, s, z in corners], axis=1)


def patch(u: Array, s: float, low: float, high: float) -> Array:
    """(M − 1, 4, 3) standing quads between stations u (M,), not closed."""
    return wall_strip(u[:-1], float(u[-1]), s, low, high)


def ledge(u: Array, end: float, s0: float, s1: float, z: float) -> Array:
    """(M, 4, 3) lying quads from s0 out to s1."""
    u0, u1 = u, np.append(u[1:], end)
    a, b, h = (np.full(u.shape, v) for v in (s0, s1, z))
    corners = ((u0, a, h), (u1, a, h), (u1, b, h), (u0, b, h))
    return np.stack([np.stack(c, axis=-1) for c in corners], axis=1)


def boxes(low: Array, high: Array) -> Array:
    """(N · 5, 4, 3) sides and tops of boxes from corner low (N, 3) to high (N, 3)."""
    pick = np.array(
        (
            ((0, 0, 0), (1, 0, 0), (1, 0, 1), (0, 0, 1)),
            ((1, 0, 0), (1, 1, 0), (1, 1, 1), (1, 0, 1)),
            ((1, 1, 0), (0, 1, 0), (0, 1, 1), (1, 1, 1)),
            ((0, 1, 0), (0, 0, 0), (0, 0, 1), (0, 1, 1)),
            ((0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)),
        ),
        dtype=np.float64,
    )
    return (low[:, None, None] + pick * (high - low)[:, None, None]).reshape(-1, 4, 3)


def same(color: Color | Array, count: int) -> Array:
    return np.broadcast_to(np.asarray(color, dtype=np.float64), (count, 3)).copy()


def bent(spec: RinkSpec, usz: Array, colors: Array | Color) -> Quads:
    return Quads(bend(spec, usz), same(colors, len(usz)) if np.ndim(colors) == 1 else np.asarray(colors))

"""What hangs in a hall and may be between a camera and the ice: girders, ducts, banners, the clock, boxes. No bpy."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.rink.banners import banners
from blender_addon.rink.clock import clock
from blender_addon.rink.plan import hall_of
from blender_addon.rink.quads import join
from blender_addon.rink.roof import roof
from blender_addon.rink.rooms import rooms
from mocap.rotations import Array

HEADROOM = 2.6
"""Metres over the ice below which nothing hangs."""

# Shares of a line of sight, at either end, at which what it meets does not count.
_ENDS = (1e-3, 0.98)


def covered_share(eyes: Array, targets: Array, rink: RinkSpec) -> Array:
    """(C,) share of targets (F, 3) that something overhead hides from eyes (C, 3)."""
    out = np.zeros(len(eyes))
    high = np.flatnonzero(eyes[:, 2] > HEADROOM)
    if len(high) and not hall_of(rink).outdoors:
        starts = np.repeat(eyes[high], len(targets), axis=0)
        hit = _meets(starts, np.tile(targets, (len(high), 1)) - starts, _overhead(rink))
        out[high] = hit.reshape(len(high), -1).mean(axis=1)
    return out


@lru_cache(maxsize=2)
def _overhead(rink: RinkSpec) -> Array:
    """(Q, 3, 3) triangles."""
    corners = join(roof(rink), banners(rink), clock(rink)[0], rooms(rink)[0]).corners
    corners = corners[corners[..., 2].max(axis=1) > HEADROOM]
    return np.concatenate((corners[:, (0, 1, 2)], corners[:, (0, 2, 3)]))


def _meets(starts: Array, ways: Array, triangles: Array) -> np.ndarray:
    """(L,) bool: lines from starts (L, 3) along ways (L, 3) that meet a triangle (Q, 3, 3) (Möller and Trumbore)."""
    ends = starts + ways
    low, high = np.minimum(starts, ends).min(axis=0), np.maximum(starts, ends).max(axis=0)
    near = np.all((triangles.min(axis=1) <= high) & (triangles.max(axis=1) >= low), axis=-1)
    a, b, c = np.moveaxis(triangles[near], 1, 0)
    first, second = b - a, c - a
    out = np.zeros(len(starts), dtype=bool)
    for k, (start, way) in enumerate(zip(starts, ways, strict=True)):
        across = np.cross(way, second)
        scale = (first * across).sum(axis=-1)
        flat = np.abs(scale) < 1e-12
        over = 1.0 / np.where(flat, 1.0, scale)
        off = start - a
        u = over * (off * across).sum(axis=-1)
        turned = np.cross(off, first)
        v, along = over * (turned @ way), over * (second * turned).sum(axis=-1)
        inside = (u >= 0.0) & (v >= 0.0) & (u + v <= 1.0) & ~flat
        out[k] = bool((inside & (along > _ENDS[0]) & (along < _ENDS[1])).any())
    return out

"""Short single hairs: of lashes and brows."""

from __future__ import annotations

import numpy as np

from blender_addon.skater.surface import Surface
from mocap.rotations import Array

# How much of its width at the root a hair has in its middle; it ends in a point.
_MIDDLE = 0.7


def hairs(lines: Array, across: Array, widths: Array, weights: Array) -> Surface:
    """Hairs as flat, pointed strips of a quad and a triangle.

    Args:
        lines: (H, 3, 3) root, middle and tip of each hair.
        across: (H, 3) unit vector in which the strip is wide.
        widths: (H,) metres at the root.
        weights: (H, B) share of every bone in each hair.
    """
    side = 0.5 * widths[:, None] * across
    root, middle, tip = lines[:, 0], lines[:, 1], lines[:, 2]
    corners = np.stack((root - side, root + side, middle + _MIDDLE * side, middle - _MIDDLE * side, tip), axis=1)
    first = 5 * np.arange(len(lines))[:, None]
    ends = np.where(np.array((True, True, True, False)), first + np.array((3, 2, 4, 0)), -1)
    faces = np.concatenate((first + np.arange(4), ends))
    return Surface(corners.reshape(-1, 3), faces, np.repeat(weights, 5, axis=0))


def spread(count: int) -> Array:
    """(count, 3) numbers 0…1 that look random and fill the cube evenly however many there are.

    Multiples of the powers of 1/g, modulo 1, g the root of g⁴ = g + 1: the sequence R₃ of Martin Roberts, "The
    unreasonable effectiveness of quasirandom sequences" (2018).
    """
    g = 1.2207440846057596
    return (0.5 + np.arange(count)[:, None] * g ** -np.arange(1.0, 4.0)) % 1.0


def along(rows: Array, place: Array) -> Array:
    """(H, …) values at places (H,) along rows (K, …): 0 is the first of them, 1 the last."""
    at = np.clip(place, 0.0, 1.0) * (len(rows) - 1)
    low = np.minimum(at.astype(np.int64), len(rows) - 2)
    share = (at - low).reshape(-1, *(1,) * (rows.ndim - 1))
    return np.asarray((1.0 - share) * rows[low] + share * rows[low + 1])

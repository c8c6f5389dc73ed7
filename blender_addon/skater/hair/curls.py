"""Curls on top of hair: coils all over its surface. Numpy alone."""

from __future__ import annotations

import numpy as np

from blender_addon.skater.hair.head import Head
from blender_addon.skater.hair.strands import Tuft, on_head, ribbons, tapered
from mocap.rotations import Array

_STEPS = 11


def lay_curls(head: Head, places: Array, rng: np.random.Generator, radius: float) -> Tuft:
    """A coil of a turn or two at each of the places (S, 3) of the hair's surface.

    Args:
        radius: metres of the widest coil.
    """
    count = len(places)
    outward = places - head.middle
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    axis = rng.standard_normal((count, 3)) + 0.5 * outward
    axis /= np.linalg.norm(axis, axis=1, keepdims=True)
    side = np.cross(axis, outward)
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-6)
    up = np.cross(side, axis)
    t = np.linspace(0.0, 1.0, _STEPS)
    turn = rng.uniform(0.0, 2.0 * np.pi, count)[:, None] + 2.0 * np.pi * rng.uniform(1.0, 1.9, count)[:, None] * t
    reach = radius * rng.uniform(0.5, 1.0, count)[:, None, None]
    rise = radius * rng.uniform(1.0, 2.5, count)[:, None, None] * (t[:, None] - 0.5)
    paths = (
        places[:, None]
        + reach * (np.cos(turn)[..., None] * side[:, None] + np.sin(turn)[..., None] * up[:, None])
        + rise * axis[:, None]
    )
    facing = np.cos(turn)[..., None] * side[:, None] + np.sin(turn)[..., None] * up[:, None]
    widths = tapered(rng.uniform(0.0016, 0.0034, count), _STEPS, root=0.3)
    return on_head(*ribbons(paths, facing, widths, rng.uniform(0.0, 8.0, count)), head)

"""Soles with heel blocks, as wide as the foot on them. Numpy alone."""

from __future__ import annotations

import numpy as np

from blender_addon.skater.foot import Foot
from blender_addon.skater.surface import loft
from mocap.rotations import Array

_TOP = 0.004  # metres above the skin of the sole, inside the upper


def make_sole(foot: Foot, ball: float, heel: float, welt: float = 0.0) -> tuple[Array, np.ndarray]:
    """The sole as vertices in the foot's frame and faces, both ends round.

    Args:
        ball: metres of its underside below the bare sole under the ball of the foot; heel: under the heel.
        welt: metres by which it stands out beyond the foot.
    """
    length = foot.length
    x = np.concatenate((np.linspace(-0.004, 0.27 * length, 8), np.linspace(0.3 * length, length + 0.004, 14)))
    low = foot.points[foot.points[:, 2] < 0.035]
    near = np.abs(low[:, 0] - np.clip(x, 0.01, length - 0.02)[:, None]) < 0.012
    right = np.where(near, low[:, 1], np.inf).min(axis=1) - welt
    left = np.where(near, low[:, 1], -np.inf).max(axis=1) + welt
    for side in (right, left):
        side[1:-1] = 0.25 * side[:-2] + 0.5 * side[1:-1] + 0.25 * side[2:]
    along = np.clip(np.minimum((x - x[0]) / 0.028, (x[-1] - x) / 0.045), 0.03, 1.0)
    x = x + welt * np.linspace(-1.0, 1.0, len(x))
    half = 0.5 * (left - right) * np.sqrt(1.0 - (1.0 - along) ** 2) * 0.97
    middle = 0.5 * (left + right)
    bottom = -np.where(x < 0.285 * length, heel, ball)
    top = np.full_like(x, _TOP)
    corners = ((middle + half, top), (middle + half, bottom), (middle - half, bottom), (middle - half, top))
    rings = np.stack([np.stack((x, y, z), axis=-1) for y, z in corners], axis=1)
    return loft(rings, close_start=True, close_end=True)

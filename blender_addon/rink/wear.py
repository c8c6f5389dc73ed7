"""What skates, sticks and pucks leave on the boards, as a picture that repeats along them. No bpy."""

from __future__ import annotations

import cv2
import numpy as np

from blender_addon.clip import RinkSpec

TILE, TALL = 14.0, 1.0
"""Metres along the boards and up from the ice that the picture shows."""

PIXELS = 144
"""Per metre."""

STREAKS, PUCKS, NICKS = 420, 110, 260

_SHIFT = 4


def wear_map(spec: RinkSpec) -> np.ndarray:
    """(H, W) uint8, the top row first: how much of the boards' colour rubber and dirt hide, 255 all of it.

    Sticks and skates leave streaks low down, pucks round marks at all heights, blades nicks in the kick plate.
    """
    rng = np.random.default_rng((spec.texture_seed, 9))
    shape = (round(TALL * PIXELS), round(TILE * PIXELS))
    worn = np.zeros(shape, dtype=np.uint8)
    # Dirt gathers just over the ice.
    dirt = np.clip(38 - 260 * np.arange(shape[0])[::-1] // PIXELS, 0, 38)
    worn[:] = dirt.astype(np.uint8)[:, None]
    _lines(worn, rng, STREAKS, highest=0.75, long=(0.03, 0.34), lean=0.10, thick=2, dark=(20, 110))
    _lines(worn, rng, NICKS, highest=0.22, long=(0.02, 0.10), lean=0.9, thick=1, dark=(50, 150))
    x, z = rng.uniform(0.1, TILE - 0.1, PUCKS), rng.uniform(0.02, 0.95, PUCKS)
    size, turn, shade = rng.uniform(0.008, 0.038, PUCKS), rng.uniform(0.0, 180.0, PUCKS), rng.integers(30, 150, PUCKS)
    for k in range(PUCKS):
        # Most hit on their edge: a short fat dash.
        long = round(float(size[k]) * PIXELS * 2**_SHIFT)
        axes, color = (long, round(0.4 * long) if k % 3 else long), (int(shade[k]),)
        cv2.ellipse(worn, _pixel(x[k], z[k]), axes, float(round(turn[k])), 0, 360, color, -1, cv2.LINE_AA, _SHIFT)
    return worn


def _lines(
    worn: np.ndarray,
    rng: np.random.Generator,
    count: int,
    *,
    highest: float,
    long: tuple[float, float],
    lean: float,
    thick: int,
    dark: tuple[int, int],
) -> None:
    """Lines of random places and lengths, most of them low down; `lean` spreads their slopes."""
    x, z = rng.uniform(0.0, TILE, count), highest * rng.beta(1.0, 3.0, count)
    half = 0.5 * rng.uniform(*long, count)
    rise = half * rng.normal(0.0, lean, count)
    widths, shades = rng.integers(1, thick, count, endpoint=True).tolist(), rng.integers(*dark, count).tolist()
    for k in range(count):
        # What reaches over an edge of the picture goes on at the other.
        for turn in (-TILE, 0.0, TILE) if not half[k] < x[k] < TILE - half[k] else (0.0,):
            start = _pixel(x[k] + turn - half[k], z[k] - rise[k])
            end = _pixel(x[k] + turn + half[k], z[k] + rise[k])
            cv2.line(worn, start, end, (shades[k],), widths[k], cv2.LINE_AA, _SHIFT)


def _pixel(x: float, z: float) -> tuple[int, int]:
    return round(float(x) * PIXELS * 2**_SHIFT), round(float(TALL - z) * PIXELS * 2**_SHIFT)

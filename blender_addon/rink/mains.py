"""Lamps on the mains: twice in every period they darken, and frames meet that at ever other moments. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import LightSpec
from blender_addon.rink.light_color import LUMINANCE
from mocap.rotations import Array

MAINS = 50.0
"""Hertz, with what the grid is allowed to stray on an ordinary day:"""
STRAYS = 0.03

REDDER = 0.25
"""Share of the brightness's change that red lacks and blue has more of: phosphors glow on, blue ones the shortest."""


def flickering(light: LightSpec, fps: float, count: int) -> Array:
    """(3, count, 3) by what each phase's lamps are to be multiplied, linear RGB, in frames 0 … count−1.

    Half of all halls have every lamp on one phase. Each frame stands for itself, whatever others are rendered.
    """
    rng = np.random.default_rng((light.seed, 2))
    hertz = 2.0 * (MAINS + rng.uniform(-STRAYS, STRAYS))
    start, apart = rng.random(), rng.random() < 0.5
    turns = hertz * np.arange(count) / fps + start + (np.arange(3)[:, None] / 3.0 if apart else np.zeros((3, 1)))
    wave = light.flicker * np.cos(2.0 * np.pi * turns)
    return np.maximum(1.0 + wave[..., None] * (1.0 + REDDER * np.array((-1.0, 0.0, 1.0))), 0.0)


def brightness(light: LightSpec, fps: float, count: int) -> Array:
    """(count,) by what flicker multiplies all lamps' light together, in frames 0 … count−1; daylight is steady."""
    if light.flicker <= 0.0 or light.kind == "daylight":
        return np.ones(count)
    return np.asarray(flickering(light, fps, count).mean(axis=0) @ LUMINANCE)

"""The colour of light, as numbers. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import LightSpec
from blender_addon.color import Color


def tint(warmth: float) -> Color:
    """Linear colour of light from −1 (about 9000 K) over 0 (neutral) to 1 (about 4000 K), of even luminance."""
    cold, warm = np.array((0.80, 0.98, 1.30)), np.array((1.28, 0.97, 0.62))
    color = np.ones(3) + abs(warmth) * ((warm if warmth > 0.0 else cold) - 1.0)
    luminance = float(color @ (0.2126, 0.7152, 0.0722))
    r, g, b = (color / luminance).tolist()
    return (r, g, b)


def cast_of(light: LightSpec) -> Color:
    """Linear colour, of luminance 1, of the main light on the ice: what a camera's white balance takes out."""
    return tint(light.warmth)

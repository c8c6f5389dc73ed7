"""The sun through a hall's windows: patches of light on the ice. No bpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_addon.clip import LightSpec, RinkSpec
from blender_addon.color import Color
from blender_addon.rink.light_color import LUX, sun_color, sun_lux
from blender_addon.rink.plan import outside
from blender_addon.rink.sky import sun_direction
from mocap.rotations import Array

PANE = 0.4
"""Share of the sun that a pane lets through: halls keep it out with tinted glass, blinds and dirt."""

PATCHES = 4
"""Windows at most whose patches are made: each is one more light."""


@dataclass(frozen=True)
class Ray:
    """The sun through one window: middle (3,), toward (3,) unit, size (2,) across it in metres, watts."""

    place: Array
    toward: Array
    size: tuple[float, float]
    watts: float
    color: Color


def sun_rays(light: LightSpec, rink: RinkSpec, panes: Array) -> list[Ray]:
    """What falls on the ice through windows, panes (N, 4, 3) upright rectangles: through the largest of them.

    A pane's lower left corner comes first, then the lower right one, seen from inside.
    """
    lux = sun_lux(light) * PANE * light.strength
    if not len(panes) or light.kind != "daylight" or lux < 500.0:
        return []
    toward = -sun_direction(light)
    middle, along = panes.mean(axis=1), panes[:, 1] - panes[:, 0]
    wide, tall = np.linalg.norm(along, axis=1), panes[:, 2, 2] - panes[:, 1, 2]
    inward = np.stack((-along[:, 1], along[:, 0]), axis=-1) / wide[:, None]
    # Panes may be wound either way: the hall is where the ice is.
    inward *= -np.sign((inward * middle[:, :2]).sum(axis=1))[:, None]
    flat = toward[:2] / np.linalg.norm(toward[:2])
    open_to = inward @ flat
    lands = middle[:, :2] + toward[:2] * (middle[:, 2] / -toward[2])[:, None]
    found = np.flatnonzero((open_to > 0.15) & (outside(rink, lands) < 2.0))
    found = found[np.argsort(-(wide * tall)[found], kind="stable")][:PATCHES]
    # A pane seen from the sun: narrower by the turn, lower by the height.
    across, upright = wide * open_to, tall * np.cos(light.sun_elevation)
    return [
        Ray(
            middle[k],
            toward,
            (float(across[k]), float(upright[k])),
            float(np.pi * across[k] * upright[k] * lux / LUX),
            sun_color(light),
        )
        for k in found.tolist()
    ]

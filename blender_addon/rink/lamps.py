"""Where lamps hang under the roof. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.rink.plan import hall_of
from blender_addon.rink.quads import Quads
from mocap.rotations import Array

LAMP_ROWS = (-8.0, 8.0)
"""Y of the rows of lamps over a rink 30 m wide."""
LAMP_WIDTH = 1.2


def lamp_rows(spec: RinkSpec) -> tuple[Array, float]:
    """Y (R,) of the rows of lamps and the metres that each reaches along X, centred."""
    return np.asarray(LAMP_ROWS) * spec.width / 30.0, spec.length - 2.0


def lamps(spec: RinkSpec) -> Quads:
    """The glowing undersides of the lamps."""
    hall = hall_of(spec)
    rows, length = lamp_rows(spec)
    count = int(length / 3.0)
    x = -0.5 * length + length * np.arange(count) / count
    x, y = (g.ravel() for g in np.meshgrid(x, rows, indexing="ij"))
    z = np.full(x.shape, hall.lamps)
    w = 0.5 * LAMP_WIDTH
    corners = np.stack(
        [np.stack((x + dx, y + dy, z), axis=-1) for dx, dy in ((0, -w), (0, w), (2.4, w), (2.4, -w))], axis=1
    )
    return Quads(corners, np.ones((len(x), 3)))

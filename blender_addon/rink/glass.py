"""The panes over the boards, and what holds them. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.color import Color
from blender_addon.rink.plan import glass_height, hall_of, outline, perimeter, stations
from blender_addon.rink.quads import Quads, bent, boxes, join, wall_strip

STEEL: Color = (0.45, 0.47, 0.50)
GLASS_EDGE: Color = (0.45, 0.60, 0.56)


def glass(spec: RinkSpec) -> Quads:
    """The panes over the boards."""
    hall = hall_of(spec)
    end = perimeter(spec)
    u = stations(spec, 2.4, 0.6)
    middle = 0.5 * (u + np.append(u[1:], end))
    top = hall.boards + glass_height(spec, outline(spec, middle))
    return bent(spec, wall_strip(u, end, 0.5 * hall.boards_depth, hall.boards, top), (1.0, 1.0, 1.0))


def posts(spec: RinkSpec) -> Quads:
    """Thin uprights that hold the panes, every 2.4 m, and the panes' bright upper edges."""
    hall = hall_of(spec)
    end = perimeter(spec)
    count = int(end / 2.4)
    u = end * np.arange(count) / count
    s = 0.5 * hall.boards_depth
    top = hall.boards + glass_height(spec, outline(spec, u))
    low = np.stack((u - 0.012, np.full(count, s + 0.005), np.full(count, hall.boards)), axis=-1)
    high = np.stack((u + 0.012, np.full(count, s + 0.04), top), axis=-1)
    v = stations(spec, 2.4, 0.6)
    edge = hall.boards + glass_height(spec, outline(spec, 0.5 * (v + np.append(v[1:], end))))
    return join(
        bent(spec, boxes(low, high), STEEL),
        bent(spec, wall_strip(v, end, s, edge - 0.015, edge), GLASS_EDGE),
    )

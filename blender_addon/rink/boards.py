"""The boards: kick plate, panels, top rail, back. No bpy."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.rink.adverts import AD_ROWS, advertisements
from blender_addon.rink.markings import Line, covers, markings
from blender_addon.rink.plan import hall_of, outline, perimeter, stations
from blender_addon.rink.quads import Quads, bent, join, ledge, wall_strip

KICK_PLATE_TOP = 0.18
RAIL_BOTTOM = 0.99
AD_COLUMN = 0.16


def boards(spec: RinkSpec) -> Quads:
    """Kick plate, panels with advertisements and the ice's lines drawn up them, top rail, back."""
    hall = hall_of(spec)
    end = perimeter(spec)
    count = int(np.ceil(end / AD_COLUMN))
    u = end * np.arange(count) / count
    heights = np.linspace(KICK_PLATE_TOP, RAIL_BOTTOM, AD_ROWS + 1)
    pattern = advertisements(spec, count)
    middle = outline(spec, u + 0.5 * end / count)
    for mark in markings(spec):
        if isinstance(mark, Line) and mark.width > AD_COLUMN:
            pattern[:, covers(mark, middle)] = mark.color
    panels = [
        bent(spec, wall_strip(u, end, 0.0, low, high), pattern[row])
        for row, (low, high) in enumerate(pairwise(heights))
    ]
    v = stations(spec, 2.0, 0.4)
    depth = hall.boards_depth
    return join(
        *panels,
        bent(spec, wall_strip(v, end, 0.0, 0.0, KICK_PLATE_TOP), spec.kick_plate),
        bent(spec, wall_strip(v, end, -0.01, RAIL_BOTTOM, hall.boards), spec.stripe),
        bent(spec, ledge(v, end, -0.01, 0.0, RAIL_BOTTOM), spec.stripe),
        bent(spec, ledge(v, end, -0.01, depth, hall.boards), spec.stripe),
        bent(spec, wall_strip(v, end, depth, 0.0, hall.boards), spec.boards),
    )

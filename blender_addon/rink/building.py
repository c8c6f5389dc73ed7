"""The hall around the stands: walls, ceiling and girders. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.color import Color
from blender_addon.rink.adverts import AD_COLORS
from blender_addon.rink.parts import Part
from blender_addon.rink.plan import hall_of, perimeter, stations
from blender_addon.rink.quads import Quads, bent, boxes, join, same, wall_strip
from blender_addon.rink.stands import seats, stands

WALL: Color = (0.30, 0.32, 0.36)
STEEL: Color = (0.45, 0.47, 0.50)
CEILING: Color = (0.16, 0.165, 0.175)
TRUSS_PITCH = 6.0


def building_parts(spec: RinkSpec) -> list[Part]:
    """Everything around the boards; parts without a face are left out."""
    made = [
        Part("stands", stands(spec), "dull"),
        Part("seats", seats(spec), "glossy"),
        Part("walls", walls(spec), "dull", shadow=False),
        Part("roof", roof(spec), "dull", shadow=False),
    ]
    return [part for part in made if len(part.quads.colors)]


def walls(spec: RinkSpec) -> Quads:
    """The wall around the hall with a band and hanging banners."""
    hall = hall_of(spec)
    rng = np.random.default_rng((spec.texture_seed, 3))
    end = perimeter(spec)
    u = stations(spec, 60.0, 1.2)
    floor = float(hall.floor(hall.wall))
    band = floor + 1.2
    wall = [
        bent(spec, wall_strip(u, end, hall.wall, floor, band), tuple(0.5 * np.asarray(spec.stands) + 0.05)),
        bent(spec, wall_strip(u, end, hall.wall, band, hall.roof), WALL),
    ]
    count = int(end / 5.0)
    at = np.sort(rng.uniform(0.0, end, count))
    low = np.full(count, band + 0.7)
    size = rng.uniform(1.2, 3.5, count)
    corners = np.stack(
        [
            np.stack((at + du * size, np.full(count, hall.wall - 0.06), low + dz * 1.4), axis=-1)
            for du, dz in ((0, 0), (1, 0), (1, 1), (0, 1))
        ],
        axis=1,
    )
    colors = np.asarray(AD_COLORS)[rng.integers(0, len(AD_COLORS), count)]
    return join(*wall, bent(spec, corners, colors))


def roof(spec: RinkSpec) -> Quads:
    """The ceiling and the lattice girders under it, across the hall."""
    hall = hall_of(spec)
    x, y = 0.5 * spec.length + hall.wall + 1.0, 0.5 * spec.width + hall.wall + 1.0
    ceiling = np.array(((-x, -y, hall.roof), (-x, y, hall.roof), (x, y, hall.roof), (x, -y, hall.roof)))[None]
    at = np.arange(-x + TRUSS_PITCH / 2, x, TRUSS_PITCH)
    chords = [
        boxes(
            np.stack((at - 0.1, np.full(at.shape, -y), np.full(at.shape, z)), axis=-1),
            np.stack((at + 0.1, np.full(at.shape, y), np.full(at.shape, z + 0.2)), axis=-1),
        )
        for z in (hall.roof - 1.2, hall.roof - 0.3)
    ]
    knots = np.linspace(-y, y, 2 * int(y / 1.5) + 1)
    low, high = hall.roof - 1.0, hall.roof - 0.3
    z0 = np.where(np.arange(len(knots) - 1) % 2 == 0, low, high)
    z1 = low + high - z0
    a, b = (g.ravel() for g in np.meshgrid(at, np.arange(len(knots) - 1), indexing="ij"))
    braces = np.stack(
        [
            np.stack((a, knots[b], z0[b] - 0.06), axis=-1),
            np.stack((a, knots[b + 1], z1[b] - 0.06), axis=-1),
            np.stack((a, knots[b + 1], z1[b] + 0.06), axis=-1),
            np.stack((a, knots[b], z0[b] + 0.06), axis=-1),
        ],
        axis=1,
    )
    steel = np.concatenate((*chords, braces))
    return join(Quads(ceiling, same(CEILING, 1)), Quads(steel, same(tuple(0.5 * np.asarray(STEEL)), len(steel))))

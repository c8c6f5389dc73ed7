"""Stairs through the rows, with edges one sees and rails one holds; the rail before the first row. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.rink.plan import Hall, hall_of, perimeter, stations
from blender_addon.rink.quads import Quads, bent, ledge, wall_strip
from blender_addon.rink.shapes import NOTHING, bars, beside_ice, blocks, each, gather, painted, vec
from blender_addon.rink.stands import CONCRETE, STAIR, rows_at, stair_places
from mocap.rotations import Array

RAIL, HIGH = 0.045, 0.95
"""Metres: a rail's thickness, and its height over the floor."""


def stairs(spec: RinkSpec) -> Quads:
    """Half steps between the rows, each with a bright edge."""
    hall = hall_of(spec)
    u = stair_places(spec)
    if not len(u) or hall.tiers < 2:
        return NOTHING
    rng = np.random.default_rng((spec.texture_seed, 25))
    edge = np.asarray(((0.65, 0.50, 0.03), (0.7, 0.7, 0.7), (0.65, 0.50, 0.03))[int(rng.integers(0, 3))])
    row = np.arange(hall.tiers - 1)
    floor = hall.first_tier + row * hall.tier_rise
    b = hall.tier_depth * (row + 1)
    half = 0.5 * STAIR
    wide = np.full(len(row), half)
    step = blocks(
        np.stack((-wide, b - 0.42, floor), axis=-1), np.stack((wide, b, floor + 0.5 * hall.tier_rise), axis=-1), 5
    )
    brim = np.concatenate(
        [
            blocks(np.stack((-wide, at, z), axis=-1), np.stack((wide, at + 0.05, z + 0.005), axis=-1), 5)
            for at, z in ((b - 0.425, floor + 0.5 * hall.tier_rise), (b - 0.005, floor + hall.tier_rise))
        ]
    )
    places = beside_ice(spec, u, hall.aisle)
    tone = np.asarray(CONCRETE) * 1.15
    return gather([painted(places.bodies(step), tone), painted(places.bodies(brim), edge)])


def handrails(spec: RinkSpec) -> Quads:
    """Rails in the middle of the stairs, in stretches of two rows with gaps, and along the front of the first row."""
    hall = hall_of(spec)
    if not hall.tiers:
        return NOTHING
    rng = np.random.default_rng((spec.texture_seed, 26))
    metal = ((0.5, 0.51, 0.53), (0.07, 0.07, 0.08), (0.65, 0.5, 0.05), 0.8 * np.asarray(spec.stripe) + 0.02)
    color = np.asarray(metal[int(rng.integers(0, 4))])
    bags = [_front(spec, hall, color)]
    u = stair_places(spec)
    row = np.arange(1, hall.tiers - 2, 3)
    if len(row) and len(u):
        b = hall.tier_depth * (row + 0.3)
        z = hall.first_tier + row * hall.tier_rise
        low = np.stack((np.zeros(len(row)), b, z), axis=-1)
        far = low + vec(0.0, 1.6 * hall.tier_depth, 2 * hall.tier_rise - 0.1)
        up = np.array((0.0, 0.0, HIGH))
        local = np.concatenate(
            (
                bars(low, low + up, RAIL),
                bars(far, far + up, RAIL),
                bars(low + up, far + up, RAIL),
                bars(low + 0.5 * up, far + 0.5 * up, 0.7 * RAIL),
            )
        )
        bags.append(painted(beside_ice(spec, u, hall.aisle).bodies(local), color))
    return gather(bags)


def _front(spec: RinkSpec, hall: Hall, color: Array) -> Quads:
    """Two rails and their posts along the edge of the first row."""
    end = perimeter(spec)
    u = np.unique(np.concatenate((stations(spec, 1.5, 0.9), [0.0])))
    middle = 0.5 * (u + np.append(u[1:], end))
    here = rows_at(spec, middle)
    s, z = hall.aisle + 0.05, hall.first_tier
    strips = []
    for height in (0.55, HIGH):
        strips.append(wall_strip(u, end, s, z + height - RAIL, z + height)[here])
        strips.append(ledge(u, end, s, s + RAIL, z + height)[here])
    at = u[here]
    low = np.stack((at - 0.5 * RAIL, np.full(len(at), s), np.full(len(at), z)), axis=-1)
    high = low + vec(RAIL, RAIL, HIGH)
    return gather(
        [
            bent(spec, np.concatenate(strips), color),
            each(bent(spec, blocks(low, high, 5), color).corners, np.tile(color, (len(at), 1))),
        ]
    )

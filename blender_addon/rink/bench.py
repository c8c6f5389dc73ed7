"""Players' benches, penalty boxes and the officials' table: seats, floors, and the walls behind them. No bpy.

All of it stands between the free lane along the boards and `Hall.bench_back`, but for the mats on the floor.
"""

from __future__ import annotations

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.color import Color
from blender_addon.rink.plan import Bench, benches, hall_of
from blender_addon.rink.quads import Quads, bent, boxes, join, wall_strip

MAT: Color = (0.02, 0.02, 0.022)
WOOD: Color = (0.42, 0.25, 0.11)
STEEL: Color = (0.45, 0.47, 0.50)
WALL = 0.06
"""Metres that the wall behind a bench is thick."""

NOTHING = Quads(np.zeros((0, 4, 3)), np.zeros((0, 3)))


def bench_quads(spec: RinkSpec) -> Quads:
    """All benches of the spec."""
    made = [_bench(spec, bench) for bench in benches(spec)]
    return join(*made) if made else NOTHING


def _bench(spec: RinkSpec, bench: Bench) -> Quads:
    hall = hall_of(spec)
    u0, u1, lane, back = bench.u0, bench.u1, hall.lane, hall.bench_back
    wood = (
        WOOD if np.random.default_rng((spec.texture_seed, 8)).random() < 0.6 else tuple(0.6 * np.asarray(spec.stripe))
    )
    # What there is: corners low and high as (u, s, z), colour.
    bodies: list[tuple[tuple[float, float, float], tuple[float, float, float], Color]] = [
        ((u0, back, 0.0), (u1, back + WALL, hall.boards), spec.boards),
        ((u0, back - 0.002, hall.boards - 0.05), (u1, back + WALL + 0.002, hall.boards + 0.01), spec.stripe),
    ]
    for u in (u0, u1 - WALL):
        bodies.append(((u, lane, 0.0), (u + WALL, back, hall.boards), spec.boards))
        bodies.append(
            ((u - 0.002, lane, hall.boards - 0.05), (u + WALL + 0.002, back, hall.boards + 0.01), spec.stripe)
        )
    if bench.kind == "officials":
        middle = 0.5 * (u0 + u1)
        bodies.append(((middle - 1.2, lane, 0.72), (middle + 1.2, lane + 0.45, 0.76), wood))
        bodies += [
            ((middle + a, lane + 0.03, 0.0), (middle + a + 0.04, lane + 0.42, 0.72), STEEL) for a in (-1.15, 1.1)
        ]
    else:
        bodies.append(((u0 + WALL, back - 0.38, 0.43), (u1 - WALL, back - 0.02, 0.47), wood))
        for u in np.arange(u0 + 0.4, u1 - 0.3, 1.5).tolist():
            bodies.append(((u, back - 0.34, 0.0), (u + 0.05, back - 0.06, 0.43), STEEL))
    low, high = (np.array([body[k] for body in bodies]) for k in (0, 1))
    colors = np.repeat(np.array([body[2] for body in bodies]), 5, axis=0)
    mat = np.array(
        (((u0, hall.boards_depth, 0.004), (u1, hall.boards_depth, 0.004), (u1, back, 0.004), (u0, back, 0.004)),)
    )
    kick = wall_strip(np.array((u0,)), u1, back + WALL + 0.003, 0.0, 0.12)
    return join(bent(spec, boxes(low, high), colors), bent(spec, mat, MAT), bent(spec, kick, STEEL))

"""Panes in the walls' windows, their frames and mullions. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.rink.features import Feature, features
from blender_addon.rink.quads import Quads
from blender_addon.rink.shapes import gather, painted
from blender_addon.rink.walls import boards_on, crates_on, wall_plan

IN_WALL, FRAME, MULLION = -0.12, 0.07, 1.25
"""Metres: the panes' place, inwards from the wall's face; a frame's width; the widest pane between two mullions."""


def panes(spec: RinkSpec) -> Quads:
    """One clear face for every window."""
    plan = wall_plan(spec)
    return gather(
        [
            painted(boards_on(plan[f.wall], np.array((f.a0, f.z0, f.a1, f.z1)), IN_WALL), (1.0, 1.0, 1.0))
            for f in _windows(spec)
        ]
    )


def frames(spec: RinkSpec) -> Quads:
    """Frames, mullions and transoms, white, dark or of wood."""
    rng = np.random.default_rng((spec.texture_seed, 38))
    color = ((0.62, 0.62, 0.61), (0.05, 0.05, 0.055), (0.34, 0.20, 0.10), (0.35, 0.36, 0.37))[int(rng.integers(0, 4))]
    plan = wall_plan(spec)
    bags = []
    for f in _windows(spec):
        count = max(int(np.ceil((f.a1 - f.a0) / MULLION)), 1)
        tall = max(int(np.ceil((f.z1 - f.z0) / 1.8)), 1)
        upright = np.linspace(f.a0, f.a1 - FRAME, count + 1)
        lying = np.linspace(f.z0, f.z1 - FRAME, tall + 1)
        d = (IN_WALL - 0.03, IN_WALL + 0.05)
        measures = [(a, a + FRAME, *d, f.z0, f.z1) for a in upright]
        measures += [(f.a0, f.a1, *d, z, z + FRAME) for z in lying]
        bags.append(painted(crates_on(plan[f.wall], np.array(measures)), color))
    return gather(bags)


def _windows(spec: RinkSpec) -> list[Feature]:
    return [f for f in features(spec) if f.kind == "window"]

"""What stands about on the walk of a hall: benches, bins, goals against the wall, mats, cones. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.rink.adverts import AD_COLORS
from blender_addon.rink.features import features
from blender_addon.rink.plan import hall_of
from blender_addon.rink.quads import Quads
from blender_addon.rink.shapes import NOTHING, Places, bars, blocks, gather, painted, tubes, vec
from blender_addon.rink.walls import wall_plan

LOW = 1.3
"""Metres that nothing here is higher than: cameras look over it."""

WIDTHS = {"bench": 2.0, "bin": 0.7, "goal": 2.1, "mats": 2.0, "cones": 0.8, "rack": 1.6}


def furniture(spec: RinkSpec) -> Quads:
    """Things before the walls where these have neither door nor room; nothing reaches into the aisle."""
    if spec.kind == "outdoor":
        return NOTHING
    hall = hall_of(spec)
    blocked = [f for f in features(spec) if f.kind in ("door", "garage", "cafe", "concourse")]
    bags = []
    for number, wall in enumerate(wall_plan(spec)):
        rng = np.random.default_rng((spec.texture_seed, 70, number))
        kinds = ("bench", "bench", "bin", "goal", "mats", "cones", "rack") if wall.base == 0.0 else ("bin", "bench")
        a = 1.0
        while a < wall.length - 3.0:
            a += float(rng.uniform(0.5, 6.0))
            kind = str(rng.choice(kinds))
            width = WIDTHS[kind]
            free = not any(f.wall == number and f.a0 < a + width + 0.3 and f.a1 > a - 0.3 for f in blocked)
            deep_enough = hall.wall - hall.aisle > 1.2
            if free and deep_enough and a + width < wall.length - 0.6:
                middle = wall.place.origin + (a + 0.5 * width) * wall.place.along
                # b counts into the hall from the wall.
                place = Places(middle, wall.place.along, -wall.place.out)
                made = MAKERS[kind](spec, rng)
                lifted = made.corners + vec(0.0, 0.0, wall.base)
                bags.append(Quads(place.bodies(lifted), made.colors))
            a += width
    return gather(bags)


def _bench(spec: RinkSpec, rng: np.random.Generator) -> Quads:
    wood = np.asarray(((0.36, 0.21, 0.10), (0.30, 0.30, 0.31), spec.stripe)[int(rng.integers(0, 3))])
    plank = blocks(((-0.95, 0.12, 0.42), (-0.95, 0.3, 0.42)), ((0.95, 0.27, 0.46), (0.95, 0.45, 0.46)))
    legs = blocks(((-0.8, 0.14, 0.0), (0.74, 0.14, 0.0)), ((-0.74, 0.43, 0.42), (0.8, 0.43, 0.42)), 5)
    bag = blocks(((0.2, 0.1, 0.46),), ((0.75, 0.4, 0.74),), 5)
    made = [painted(plank, wood), painted(legs, (0.08, 0.08, 0.08))]
    if rng.random() < 0.4:
        made.append(painted(bag, 0.6 * np.asarray(AD_COLORS[int(rng.integers(0, len(AD_COLORS)))]) + 0.01))
    return gather(made)


def _bin(spec: RinkSpec, rng: np.random.Generator) -> Quads:
    tone = ((0.05, 0.05, 0.055), (0.04, 0.14, 0.07), (0.35, 0.36, 0.37))[int(rng.integers(0, 3))]
    body = tubes(((0.0, 0.35, 0.0),), ((0.0, 0.35, 0.85),), 0.24, 0.28, sides=8)
    lid = tubes(((0.0, 0.35, 0.85),), ((0.0, 0.35, 0.98),), 0.29, 0.12, sides=8)
    return gather([painted(body, tone), painted(lid, np.asarray(tone) * 1.6)])


def _goal(spec: RinkSpec, rng: np.random.Generator) -> Quads:
    """A hockey goal (1.83 × 1.22 m) with its mouth to the wall or to the hall, its net as a coarse grid of cords."""
    front, back, high = (1.15, 0.15, 1.22) if rng.random() < 0.5 else (0.15, 1.15, 1.22)
    w = 0.915
    top = back + 0.45 * (front - back)
    frame = np.array(((-w, front, 0.03), (-w, front, high), (w, front, high), (w, front, 0.03)))
    base = np.array(((-w, front, 0.03), (-0.7 * w, back, 0.03), (0.7 * w, back, 0.03), (w, front, 0.03)))
    cords_a, cords_b = [], []
    for x in np.linspace(-0.9, 0.9, 13):
        cords_a += [(x * w, top, high), (x * 0.75 * w, back, 0.03)]
        cords_b += [(x * w, front, high), (x * w, top, high)]
    for share in np.linspace(0.1, 0.9, 7):
        y, z, half = back + share * (top - back), share * high, (0.7 + 0.3 * share) * w
        cords_a.append((-half, y, z))
        cords_b.append((half, y, z))
    cords = bars(np.array(cords_a), np.array(cords_b), 0.012)
    back_cords = bars(np.array(cords_a[0:26:2]), np.array(cords_a[1:26:2]), 0.012)
    return gather(
        [
            painted(
                np.concatenate((bars(frame[:-1], frame[1:], 0.06), bars(base[:-1], base[1:], 0.05))), (0.55, 0.03, 0.03)
            ),
            painted(np.concatenate((cords, back_cords)), (0.6, 0.6, 0.6)),
        ]
    )


def _mats(spec: RinkSpec, rng: np.random.Generator) -> Quads:
    """A stack of crash mats."""
    count = int(rng.integers(2, 6))
    z = 0.2 * np.arange(count)
    shift = rng.uniform(-0.06, 0.06, count)
    low = np.stack((shift - 0.95, np.full(count, 0.1), z), axis=-1)
    tone = np.asarray(((0.03, 0.08, 0.30), (0.30, 0.03, 0.03), (0.05, 0.05, 0.05))[int(rng.integers(0, 3))])
    return painted(blocks(low, low + vec(1.9, 0.95, 0.19), 5), tone)


def _cones(spec: RinkSpec, rng: np.random.Generator) -> Quads:
    low = np.array([(x, 0.4, 0.0) for x in (-0.2, 0.2)])
    tops = low + vec(0.0, 0.0, 0.55)
    tone = ((0.65, 0.16, 0.02), (0.5, 0.4, 0.02))[int(rng.integers(0, 2))]
    return painted(
        np.concatenate(
            (tubes(low, tops, 0.13, 0.02, sides=6), blocks(low - (0.17, 0.17, 0), low + vec(0.17, 0.17, 0.03), 5))
        ),
        tone,
    )


def _rack(spec: RinkSpec, rng: np.random.Generator) -> Quads:
    """Skating aids for children, one behind the other: bent tubes in a bright colour."""
    bags = []
    tone = np.asarray(((0.05, 0.25, 0.5), (0.65, 0.2, 0.02), (0.55, 0.42, 0.02))[int(rng.integers(0, 3))])
    for i in range(4):
        a = -0.6 + 0.35 * i
        path = np.array(
            (
                (a, 0.9, 0.03),
                (a, 0.2, 0.03),
                (a, 0.35, 0.85),
                (a + 0.3, 0.35, 0.85),
                (a + 0.3, 0.2, 0.03),
                (a + 0.3, 0.9, 0.03),
            )
        )
        bags.append(painted(bars(path[:-1], path[1:], 0.045), tone))
    return gather(bags)


MAKERS = {"bench": _bench, "bin": _bin, "goal": _goal, "mats": _mats, "cones": _cones, "rack": _rack}

"""Seats in the rows: single shells or planks, in colours by block, row or seat. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.rink.plan import hall_of, perimeter
from blender_addon.rink.quads import Quads
from blender_addon.rink.shapes import NOTHING, beside_ice, each, gather
from blender_addon.rink.stands import SEAT_DEPTH, SEAT_FRONT, SEAT_HEIGHT, SEAT_PITCH, SEAT_WIDTH, seat_places
from mocap.rotations import Array


def seats(spec: RinkSpec) -> Quads:
    """A seat for every place in the rows, the S sitting faces first, in the order of `seat_places`."""
    hall = hall_of(spec)
    u, tier = seat_places(spec)
    if not len(u):
        return NOTHING
    rng = np.random.default_rng((spec.texture_seed, 2))
    plank = spec.kind != "arena" and rng.random() < 0.65
    places = beside_ice(spec, u, hall.aisle + tier * hall.tier_depth + SEAT_FRONT)
    z = hall.floor(hall.aisle + tier * hall.tier_depth + SEAT_FRONT)
    colors = _planks(spec, len(u)) if plank else _shells(spec, u, tier, rng)
    high = rng.uniform(0.26, 0.44)
    bags = []
    for number, (shape, shade) in enumerate(_plank() if plank else _shell(high)):
        local = np.broadcast_to(shape, (len(u), *shape.shape)).copy()
        local[..., 2] += z[:, None, None]
        made = each(places.bodies(local), np.clip(colors * shade, 0.0, 0.85))
        # What is under a seat shows in the first rows alone, and far rows' edges are finer than a pixel.
        shown = np.repeat(tier < (99, 99, 10, 2)[number] if not plank else tier >= 0, len(shape))
        bags.append(Quads(made.corners[shown], made.colors[shown]))
    return gather(bags)


def _faces(*faces: tuple[tuple[float, float, float], ...]) -> Array:
    return np.array(faces, dtype=np.float64)


def _shell(back: float) -> list[tuple[Array, float]]:
    """Sitting face, back in two bends, and the dark apron under it; each with its shade."""
    w, d, h = 0.5 * SEAT_WIDTH, SEAT_DEPTH, SEAT_HEIGHT
    return [
        (_faces(((-w, 0, h), (w, 0, h), (w, d, h - 0.02), (-w, d, h - 0.02))), 1.0),
        (
            _faces(
                ((-w, d, h - 0.02), (w, d, h - 0.02), (w, d + 0.07, h + 0.6 * back), (-w, d + 0.07, h + 0.6 * back)),
                (
                    (-w, d + 0.07, h + 0.6 * back),
                    (w, d + 0.07, h + 0.6 * back),
                    (0.8 * w, d + 0.06, h + back),
                    (-0.8 * w, d + 0.06, h + back),
                ),
            ),
            1.0,
        ),
        (_faces(((-w, 0.0, h - 0.06), (w, 0.0, h - 0.06), (w, 0, h), (-w, 0, h))), 0.8),
        (_faces(((-0.06, 0.1, 0), (0.06, 0.1, 0), (0.06, 0.1, h - 0.05), (-0.06, 0.1, h - 0.05))), 0.2),
    ]


def _plank() -> list[tuple[Array, float]]:
    """A piece of a bench: the plank, its front, and a block under it."""
    w, d, h = 0.5 * SEAT_PITCH + 0.002, SEAT_DEPTH, SEAT_HEIGHT
    return [
        (_faces(((-w, 0, h), (w, 0, h), (w, d, h), (-w, d, h))), 1.0),
        (_faces(((-w, 0, h - 0.05), (w, 0, h - 0.05), (w, 0, h), (-w, 0, h))), 0.75),
        (_faces(((-0.05, 0.08, 0), (0.05, 0.08, 0), (0.05, 0.08, h - 0.05), (-0.05, 0.08, h - 0.05))), 0.4),
    ]


def _planks(spec: RinkSpec, count: int) -> Array:
    """Wood, weathered or painted, or aluminium, the same for all benches."""
    rng = np.random.default_rng((spec.texture_seed, 24))
    tones = ((0.36, 0.21, 0.10), (0.28, 0.25, 0.21), (0.55, 0.56, 0.57), np.asarray(spec.stands))
    tone = np.asarray(tones[int(rng.integers(0, 4))])
    return tone * rng.uniform(0.92, 1.08, (count, 1))


def _shells(spec: RinkSpec, u: Array, tier: np.ndarray, rng: np.random.Generator) -> Array:
    """(S, 3) colours: plain with other blocks, rows in bands, seats strewn at random, or a wave through the rows."""
    base, accent = np.asarray(spec.stands), 0.35 * np.asarray(spec.stands) + 0.65 * np.asarray(spec.stripe)
    grey = np.full(3, rng.uniform(0.2, 0.5))
    second = accent if rng.random() < 0.6 else grey
    pattern = rng.choice(("blocks", "bands", "strewn", "wave"))
    if pattern == "blocks":
        chosen = (rng.random(64) < 0.3)[(u // rng.uniform(8.0, 13.0)).astype(int) % 64]
    elif pattern == "bands":
        chosen = (tier // max(int(rng.integers(1, 4)), 1)) % 2 == 1
    elif pattern == "strewn":
        chosen = rng.random(len(u)) < 0.15 + 0.6 * tier / max(tier.max(), 1)
    else:
        waves = 2.0 * np.pi * int(rng.integers(3, 9)) * u / perimeter(spec)
        chosen = tier < (0.5 + 0.35 * np.sin(waves)) * (tier.max() + 1)
    return np.where(chosen[:, None], second, base) * rng.uniform(0.85, 1.18, (len(u), 1))

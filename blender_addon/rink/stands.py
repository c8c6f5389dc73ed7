"""The rows around the boards, their seats, and where people sit. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.color import Color
from blender_addon.rink.plan import hall_of, outline, perimeter, stations
from blender_addon.rink.quads import Quads, bent, join, ledge, wall_strip
from mocap.rotations import Array

CONCRETE: Color = (0.24, 0.24, 0.25)
RUBBER: Color = (0.06, 0.06, 0.07)
# Metres: from seat to seat, a seat's width, depth and height, and from the edge of the row to its front.
SEAT_PITCH, SEAT_WIDTH, SEAT_DEPTH, SEAT_HEIGHT, SEAT_FRONT = 0.55, 0.44, 0.36, 0.42, 0.38


def stands(spec: RinkSpec) -> Quads:
    """The aisle around the boards, the stepped rows behind it and the walk on top."""
    hall = hall_of(spec)
    end = perimeter(spec)
    u = stations(spec, 60.0, 1.2)
    parts = [bent(spec, ledge(u, end, hall.boards_depth, hall.aisle, 0.0), RUBBER)]
    before = 0.0
    for tier in range(hall.tiers):
        s = hall.aisle + tier * hall.tier_depth
        height = float(hall.floor(s + 1e-6))
        deep = hall.tier_depth + (hall.walk if tier == hall.tiers - 1 else 0.0)
        parts.append(bent(spec, wall_strip(u, end, s, before, height), CONCRETE))
        parts.append(bent(spec, ledge(u, end, s, s + deep, height), CONCRETE))
        before = height
    return join(*parts)


def seat_places(spec: RinkSpec) -> tuple[Array, np.ndarray]:
    """Every seat in the rows, with stairs left free: (S,) u of its first side, and (S,) its row from the ice."""
    hall = hall_of(spec)
    places = np.arange(0.0, perimeter(spec) - SEAT_PITCH, SEAT_PITCH)
    places = places[places % 9.9 < 8.5]
    u, tier = (g.ravel() for g in np.meshgrid(places, np.arange(hall.tiers), indexing="ij"))
    return u, tier


def sitting(spec: RinkSpec) -> tuple[Array, Array]:
    """Where people sit: (S, 3) the middles of all seats, and (S, 2) the ways out from the ice there, unit vectors."""
    hall = hall_of(spec)
    u, tier = seat_places(spec)
    u, s = u + 0.5 * SEAT_WIDTH, hall.aisle + tier * hall.tier_depth + SEAT_FRONT + 0.5 * SEAT_DEPTH
    inner, outer = outline(spec, u, s), outline(spec, u, s + 1.0)
    return np.concatenate((inner, (hall.floor(s) + SEAT_HEIGHT)[:, None]), axis=1), outer - inner


def seats(spec: RinkSpec) -> Quads:
    """A seat and its back for every place in the rows; colours vary in blocks and by seat."""
    hall = hall_of(spec)
    rng = np.random.default_rng((spec.texture_seed, 2))
    end = perimeter(spec)
    u, tier = seat_places(spec)
    front = hall.aisle + tier * hall.tier_depth + SEAT_FRONT
    z = hall.floor(front)
    width, depth, high = SEAT_WIDTH, SEAT_DEPTH, SEAT_HEIGHT
    seat = np.stack(
        [
            np.stack((u + du, front + ds, z + dz), axis=-1)
            for du, ds, dz in ((0, 0, high), (width, 0, high), (width, depth, high - 0.02), (0, depth, high - 0.02))
        ],
        axis=1,
    )
    back = np.stack(
        [
            np.stack((u + du, front + ds, z + dz), axis=-1)
            for du, ds, dz in (
                (0, depth, high - 0.02),
                (width, depth, high - 0.02),
                (width, depth + 0.08, high + 0.38),
                (0, depth + 0.08, high + 0.38),
            )
        ],
        axis=1,
    )
    apron = np.stack(
        [
            np.stack((u + du, front, z + dz), axis=-1)
            for du, dz in ((0.04, 0.0), (width - 0.04, 0.0), (width - 0.04, high), (0.04, high))
        ],
        axis=1,
    )
    base = np.asarray(spec.stands)
    second = 0.35 * base + 0.65 * np.asarray(spec.stripe)
    block = rng.random(int(end / 9.9) + 1) < 0.3
    color = np.where(block[(u // 9.9).astype(int)][:, None], second, base) * rng.uniform(0.75, 1.3, (len(u), 1))
    return join(bent(spec, seat, color), bent(spec, back, color), bent(spec, apron, color * 0.25))

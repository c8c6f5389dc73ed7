"""Where a camera can stand, and what hides the ice from there. No bpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from blender_addon.clip import CameraSpec, RinkSpec
from blender_addon.rink.clock import clock_box
from blender_addon.rink.plan import glass_height, hall_of, outside
from mocap.rotations import Array

INSIDE_BOARDS = 0.3
BEHIND_BOARDS = 0.5
FROM_WALL = 0.4
FROM_BENCHES = 0.3
FROM_CLOCK = 1.0
"""Metres that a camera keeps from the boards on either side, from the walls, from the backs of benches, and from the
clock that hangs over the ice."""

LOWEST, HELD_HIGH, UNDER_ROOF = 0.3, 2.6, 4.5
"""Metres over the ice: the lowest camera, the highest that somebody on the ice holds, and the lowest that hangs."""

UNDER_LAMPS = 0.7
EYE_OVER_FLOOR = 1.1
OVER_GLASS = 0.08
OVER_SEATS = 0.9
"""Metres: a camera under the lamps; a seated spectator's eyes over the floor; a sight line over glass, and over the
floor of the rows."""

# Of places that are tried: directions off the one wished for (degrees), how many distances, metres between heights.
_TURNS = (5, 10, 15, 20, 30, 40, 50, 60, 75, 90, 105, 120, 135, 150, 165, 180)
_DISTANCES = 36
_HEIGHT_STEP = 1.5
# What any turn from the wished direction costs, beside its angle in radians.
_ANY_TURN = 0.6
_SAMPLES = 32


@dataclass(frozen=True)
class Wishes:
    """Places that a camera may have, with what it costs that they are not the one wished for.

    Attributes:
        azimuths, distances, heights: (C,) as in `CameraSpec`, from the middle of the travel.
        cost: (C,) ascending: about 1 for twice the distance, a metre more of height or a turn of 20°.
    """

    azimuths: Array
    distances: Array
    heights: Array
    cost: Array

    def eyes(self, centre: Array) -> Array:
        """(C, 3) in the world."""
        x, y = np.cos(self.azimuths), np.sin(self.azimuths)
        return np.stack((centre[0] + self.distances * x, centre[1] + self.distances * y, self.heights), axis=-1)

    def take(self, some: np.ndarray) -> Wishes:
        """Some of them, ordered by cost."""
        some = some[np.argsort(self.cost[some], kind="stable")]
        return Wishes(self.azimuths[some], self.distances[some], self.heights[some], self.cost[some])


def highest(rink: RinkSpec) -> float:
    """Metres over the ice of the highest camera."""
    return hall_of(rink).lamps - UNDER_LAMPS


def can_stand(rink: RinkSpec, eyes: ArrayLike) -> np.ndarray:
    """(…) bool: whether a camera can be at eyes (…, 3): over the ice, held or hung under the roof, or beyond the
    boards in the lane behind them, in the stands, or on a platform over their floor; never in boards, benches, walls or
    the clock that hangs over the ice.
    """
    eyes = np.asarray(eyes, dtype=np.float64)
    hall = hall_of(rink)
    # Rounding puts nobody into the boards.
    s, z = outside(rink, eyes[..., :2]).round(6), eyes[..., 2].round(6)
    over_ice = (s <= -INSIDE_BOARDS) & (z >= LOWEST) & ((z <= HELD_HIGH) | (z >= UNDER_ROOF))
    benches = (s > hall.lane) & (s < hall.bench_back + FROM_BENCHES) & (z < HELD_HIGH)
    beyond = (s >= BEHIND_BOARDS) & (s <= hall.wall - FROM_WALL) & (z >= hall.floor(s) + EYE_OVER_FLOOR) & ~benches
    free = (over_ice | beyond) & (z <= round(hall.lamps - UNDER_LAMPS, 6))
    clock = clock_box(rink)
    if clock is not None:
        low, high = clock
        free &= ~np.all((eyes > low - FROM_CLOCK) & (eyes < high + FROM_CLOCK), axis=-1)
    return np.asarray(free)


def wishes_of(spec: CameraSpec, centre: Array, rink: RinkSpec) -> Wishes:
    """Places for a camera that keeps to one, or begins there, the cheapest first."""
    hall = hall_of(rink)
    wish = float(np.clip(spec.elevation, LOWEST, highest(rink)))
    turns = np.radians(np.concatenate(((0.0,), *((a, -a) for a in _TURNS))))
    azimuths = spec.azimuth + turns
    far = np.hypot(rink.length, rink.width) + 2.0 * hall.wall
    common = np.concatenate(((spec.distance, 0.0), np.geomspace(0.5, far, _DISTANCES)))
    # Right inside the boards, right behind them, and in the first row: where people stand who film.
    near = _distances_to(
        centre, azimuths, np.array((-INSIDE_BOARDS - 0.05, BEHIND_BOARDS + 0.1, hall.aisle + 0.4)), rink
    )
    distances = np.concatenate((np.broadcast_to(common, (len(turns), len(common))), near), axis=1)
    heights = np.concatenate(((wish,), np.arange(wish + 1.0, highest(rink), _HEIGHT_STEP), (HELD_HIGH, UNDER_ROOF)))
    heights = heights[(heights >= min(wish, HELD_HIGH)) & (heights <= highest(rink))]
    shape = (*distances.shape, len(heights))
    turn = np.broadcast_to(turns[:, None, None], shape).ravel()
    distance = np.broadcast_to(distances[..., None], shape).ravel()
    height = np.broadcast_to(heights, shape).ravel()
    # Cameras that stand still are set up where they are wanted: calibrated rings are, and their angles matter.
    strict = 50.0 if spec.moves.follow == "fixed" else _ANY_TURN
    cost = (
        np.abs(distance - spec.distance) / max(spec.distance, 1.0)
        + np.abs(turn)
        + strict * (np.abs(turn) > 1e-9)
        + np.abs(height - wish)
    )
    wishes = Wishes(spec.azimuth + turn, distance, height, cost)
    return wishes.take(np.flatnonzero(can_stand(rink, wishes.eyes(centre))))


def nearby(wishes: Wishes, which: int, spec: CameraSpec, centre: Array, rink: RinkSpec) -> Wishes:
    """The same place a little nearer and a little further."""
    factors = np.concatenate(((1.0,), np.linspace(0.86, 1.16, 25)))
    distance = wishes.distances[which] * factors
    cost = wishes.cost[which] + (
        np.abs(distance - spec.distance) - np.abs(wishes.distances[which] - spec.distance)
    ) / max(spec.distance, 1.0)
    near = Wishes(
        np.full(len(factors), wishes.azimuths[which]), distance, np.full(len(factors), wishes.heights[which]), cost
    )
    return near.take(np.flatnonzero(can_stand(rink, near.eyes(centre))))


def hidden_share(eyes: Array, feet: Array, rink: RinkSpec) -> Array:
    """(C,) share of feet (F, 3) that boards, glass or the rows in front hide from eyes (C, 3)."""
    hall = hall_of(rink)
    here = outside(rink, eyes[:, :2])
    feet = feet[outside(rink, feet[:, :2]) < -1e-3]
    out = np.zeros(len(eyes))
    beyond = np.flatnonzero(here > 0.0)
    if not len(feet) or not len(beyond):
        return out
    share = np.linspace(0.0, 1.0, _SAMPLES)
    # s is convex along a line, so that it crosses every curve round the ice once on its way out.
    lines = feet[None, :, None] + share[:, None] * (eyes[beyond, None, None] - feet[None, :, None])
    s = outside(rink, lines[..., :2])
    blocked = np.zeros(s.shape[:2], dtype=bool)
    glass = _crossing(s, 0.5 * hall.boards_depth)
    at = feet[None] + glass[..., None] * (eyes[beyond, None] - feet[None])
    blocked |= at[..., 2] < hall.boards + glass_height(rink, at[..., :2]) + OVER_GLASS
    for row in (hall.aisle + hall.tier_depth * np.arange(hall.tiers) + 1e-6).tolist():
        behind = here[beyond] > row + hall.tier_depth
        if not behind.any():
            break
        at_row = _crossing(s[behind], row)
        z = feet[None, :, 2] + at_row * (eyes[beyond[behind], None, 2] - feet[None, :, 2])
        blocked[behind] |= z < float(hall.floor(row)) + OVER_SEATS
    out[beyond] = blocked.mean(axis=1)
    return out


def _crossing(s: Array, level: float) -> Array:
    """(…) share of lines at which s (…, _SAMPLES), falling and then rising along them, rises over a level."""
    above = s > level
    # The first sample from which on all are above.
    after = np.clip(s.shape[-1] - np.argmin(above[..., ::-1], axis=-1), 1, s.shape[-1] - 1)
    high = np.take_along_axis(s, after[..., None], axis=-1)[..., 0]
    low = np.take_along_axis(s, after[..., None] - 1, axis=-1)[..., 0]
    part = np.clip((level - low) / np.maximum(high - low, 1e-12), 0.0, 1.0)
    return np.asarray((after - 1 + part) / (s.shape[-1] - 1))


def _distances_to(centre: Array, azimuths: Array, levels: Array, rink: RinkSpec) -> Array:
    """(A, L) metres from the centre along azimuths (A,) to the curves around the ice at levels (L,)."""
    ways = np.stack((np.cos(azimuths), np.sin(azimuths)), axis=-1)[:, None]
    low = np.zeros((len(azimuths), len(levels)))
    high = np.full_like(low, rink.length + rink.width)
    for _ in range(24):
        half = 0.5 * (low + high)
        past = outside(rink, centre[:2] + half[..., None] * ways) > levels
        low, high = np.where(past, low, half), np.where(past, half, high)
    return low


def lanes(centre: Array, azimuths: Array, rink: RinkSpec) -> tuple[Array, Array]:
    """Where operators walk along the boards: (C, 2) places at which rays from the centre at azimuths (A,) meet strips
    on either side of them, and others further in, A times as many as these; and (C,) the metres (s) that they lie
    outside the ice's edge.
    """
    strips = np.array((-0.9, 0.6, -2.5, -4.5, -6.5, -8.5, -10.5, -12.0))
    away = _distances_to(centre, azimuths, strips, rink)
    ways = np.stack((np.cos(azimuths), np.sin(azimuths)), axis=-1)
    places = centre[:2] + away[..., None] * ways[:, None]
    return places.reshape(-1, 2), np.tile(strips, len(azimuths))

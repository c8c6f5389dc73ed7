"""Operators who carry their camera: along the boards, or on skates beside the skater. No bpy.

Ways are laid out on a coarse grid of time and drawn smooth over it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.filming.aim import middles, smoothed
from blender_addon.filming.track import Filmed
from blender_addon.rink.plan import outline, outside, perimeter
from mocap.rotations import Array

WALKING_PACE = 1.5
"""Metres per second that an operator walks at most."""

SKATING_PACE = 7.0
"""Metres per second that an operator on skates does at most."""

SKATING_CLEARANCE = 1.2
"""Metres between a skating operator's camera and any point of the skater at least, where the ice has the room."""

FROM_EDGE = 0.6
"""Metres that a skating operator stays away from the boards."""

# Metres per second squared of somebody who sets off or stops without a jerk; how soon (1/s) they make up leeway.
_SET_OFF, _CATCH_UP = 1.0, 0.8
# Walkers keep under the limit, as a curve outside the edge is longer than the edge. Metres they go to either side.
_EASY_PACE, _FURTHEST = 1.4, 20.0
# Metres that a walker keeps from somebody who stands in the way.
_PASSING = 1.3
# Steps per second of the grids on which walkers and skating operators make up their minds.
_WALK_RATE, _SKATE_RATE = 10.0, 2.0
_SMOOTH = 0.4

# Directions from the skater to a skating operator that are looked at, and metres per second round the skater.
_DIRECTIONS = 36
_AROUND = 2.5
# What a direction costs: by square of the turn (rad) from the one asked for, by square of one's change in a step;
# being off the ice, per metre; somebody near; somebody in the line of sight.
_TURNED, _CHANGED, _OFF, _NEAR, _SIGHT = 0.6, 4.0, 200.0, 6.0, 4.0
_WIDE, _NARROW = 2.5, 1.3


@dataclass(frozen=True)
class Ways:
    """Some ways, each G places (m) at `times` (G,) seconds: `places` (C, G, 3)."""

    times: Array
    places: Array

    def at(self, times: Array) -> Array:
        """(C, N, 3) at other times."""
        if len(self.times) == 1:
            return np.broadcast_to(self.places, (len(self.places), len(times), 3))
        after = np.clip(np.searchsorted(self.times, times), 1, len(self.times) - 1)
        first, last = self.times[after - 1], self.times[after]
        share = np.clip((times - first) / (last - first), 0.0, 1.0)[:, None]
        return np.asarray((1.0 - share) * self.places[:, after - 1] + share * self.places[:, after])


def walks(people: Filmed, aims: Array, centre: Array, places: Array, s: Array, heights: Array, rink: RinkSpec) -> Ways:
    """Ways of operators who walk along the boards so as to stay as far abreast of the skater as they began.

    Args:
        aims: (N, 3) what they look at; centre: (3,) of the travel.
        places: (C, 2) where they stand with the skater at the centre, s: (C,) metres outside the ice's edge.
        heights: (C,) of their cameras.
    """
    grid, coarse = _grid(people, aims, _WALK_RATE)
    u = np.array([_along(place, rink) for place in places])
    tangent = outline(rink, u + 0.5) - outline(rink, u - 0.5)
    tangent = tangent / np.linalg.norm(tangent, axis=-1, keepdims=True)
    low, high = _free_stretch(people, u, s, rink)
    wish = np.clip((coarse[None, :, :2] - centre[:2]) @ tangent[..., None], low[:, None, None], high[:, None, None])
    gone = _paced(wish[..., 0], grid[1] - grid[0] if len(grid) > 1 else 1.0, _EASY_PACE * _slower(rink, s))
    places = outline(rink, u[:, None] + gone, s[:, None])
    return Ways(grid, np.concatenate((places, np.broadcast_to(heights[:, None, None], (*gone.shape, 1))), axis=-1))


def rides(people: Filmed, azimuth: float, distances: Array, heights: Array, rink: RinkSpec) -> Ways:
    """Ways of operators on skates who stay at (C,) distances (m) from the skater, as seen from whom they are at
    `azimuth`: ahead of one who comes that way, beside one who passes by. They go round the skater where the boards or
    somebody else make them, come nearer where nothing else is left, and stay on the ice.
    """
    # Whoever skates sees further ahead than a hand that turns a camera, and goes on more evenly.
    even = smoothed(middles(people.points), 1.2 * _SMOOTH * people.rate)
    grid, coarse = _grid(people, even, _SKATE_RATE)
    others = _resampled(people.times, people.others, grid) if people.others.shape[1] else np.zeros((len(grid), 0, 3))
    ways = []
    for distance, height in zip(distances.tolist(), heights.tolist(), strict=True):
        angle = _resampled(
            grid, _round_the_skater(coarse, others, azimuth, distance, grid, rink)[:, None], people.times
        )
        angle = smoothed(angle, _SMOOTH * people.rate)[:, 0]
        way = even[:, :2] + distance * np.stack((np.cos(angle), np.sin(angle)), axis=-1)
        # Neither the way on to the ice nor a straight line to the next place leaves the ice or goes faster.
        way = _no_faster(on_ice(way, rink, FROM_EDGE), SKATING_PACE / people.rate)
        ways.append(np.concatenate((way, np.full((len(way), 1), height)), axis=-1))
    return Ways(people.times, np.array(ways))


def on_ice(xy: Array, rink: RinkSpec, margin: float) -> Array:
    """Places (…, 2), those off the ice or nearer than `margin` (m) to its edge moved to the nearest that is not."""
    radius = max(min(rink.corner_radius, 0.5 * rink.length, 0.5 * rink.width), margin + 0.1)
    core = np.maximum(np.array((0.5 * rink.length - radius, 0.5 * rink.width - radius)), 0.0)
    corner = np.clip(xy, -core, core)
    out = xy - corner
    away = np.linalg.norm(out, axis=-1, keepdims=True)
    return np.asarray(corner + out * np.minimum(1.0, (radius - margin) / np.maximum(away, 1e-9)))


def _along(place: Array, rink: RinkSpec) -> float:
    """Metres along the edge of what of it is nearest to a place (2,)."""
    ring = np.arange(0.0, perimeter(rink), 0.05)
    return float(ring[np.linalg.norm(outline(rink, ring) - place, axis=1).argmin()])


def _grid(people: Filmed, path: Array, rate: float) -> tuple[Array, Array]:
    """Times (G,) about `rate` a second over all of the people's, and the path at them."""
    times = people.times
    count = max(1, int(np.ceil((times[-1] - times[0]) * rate)) + 1) if len(times) > 1 else 1
    grid = np.linspace(times[0], times[-1], count)
    return grid, _resampled(times, path, grid)


def _resampled(times: Array, path: Array, grid: Array) -> Array:
    """A path (N, …) at other times."""
    flat = path.reshape(len(path), -1)
    return np.stack([np.interp(grid, times, column) for column in flat.T], axis=1).reshape(len(grid), *path.shape[1:])


def _free_stretch(people: Filmed, u: Array, s: Array, rink: RinkSpec) -> tuple[Array, Array]:
    """(C,) each: how far (m) an operator at u, s may go back and forth along the edge before somebody is in the way."""
    low, high = np.full(len(u), -_FURTHEST), np.full(len(u), _FURTHEST)
    here = outline(rink, u, s)
    for somebody in np.moveaxis(people.others[people.frames], 1, 0):
        place = somebody[:, :2].mean(axis=0)
        if np.ptp(somebody[:, :2], axis=0).max() > 2.0:
            # Who skates about is gone again before long.
            continue
        beside = np.abs(outside(rink, place) - s) < _PASSING
        along = _wrapped(_along(place, rink) - u, perimeter(rink))
        # One who stands where the operator does is no reason to walk away: other places are better.
        near = np.linalg.norm(here - place, axis=-1) < _PASSING
        high = np.where(beside & ~near & (along > 0.0), np.clip(along - _PASSING, 0.0, high), high)
        low = np.where(beside & ~near & (along < 0.0), np.clip(along + _PASSING, low, 0.0), low)
    return low, high


def _slower(rink: RinkSpec, s: Array) -> Array:
    """(…) share of the pace along the edge at which one outside it walks as fast in corners."""
    radius = max(min(rink.corner_radius, 0.5 * rink.length, 0.5 * rink.width), 0.1)
    return np.asarray(radius / (radius + np.maximum(s, 0.0)))


def _paced(wish: Array, step: float, pace: Array) -> Array:
    """Ways (C, G) along a line after wishes (C, G), `step` seconds apart, at no more than pace (C,)."""
    gone = np.empty_like(wish)
    at, speed = wish[:, 0].copy(), np.zeros(len(wish))
    for k in range(wish.shape[1]):
        wanted = np.clip(_CATCH_UP * (wish[:, k] - at), -pace, pace)
        speed = speed + np.clip(wanted - speed, -_SET_OFF * step, _SET_OFF * step)
        at = at + speed * step
        gone[:, k] = at
    return gone


def _no_faster(way: Array, step: float) -> Array:
    """The way (N, 2) at no more than `step` metres from place to place."""
    if np.linalg.norm(np.diff(way, axis=0), axis=-1).max(initial=0.0) <= step:
        return way
    out = way.copy()
    for k in range(1, len(way)):
        leg = way[k] - out[k - 1]
        out[k] = out[k - 1] + leg * min(1.0, step / max(float(np.hypot(*leg)), 1e-9))
    return out


def _round_the_skater(
    skater: Array, others: Array, azimuth: float, distance: float, grid: Array, rink: RinkSpec
) -> Array:
    """(G,) directions (rad, without jumps) from the skater to an operator, the cheapest in all.

    Args:
        skater: (G, 3), others: (G, Q, 3) at times `grid` (G,).
    """
    fan = azimuth + 2.0 * np.pi * np.arange(_DIRECTIONS) / _DIRECTIONS
    spots = skater[:, None, :2] + distance * np.stack((np.cos(fan), np.sin(fan)), axis=-1)
    cost = _TURNED * _wrapped(fan - azimuth, 2.0 * np.pi) ** 2 + _OFF * np.maximum(outside(rink, spots) + FROM_EDGE, 0)
    for somebody in np.moveaxis(others[..., :2], 1, 0):
        away = np.linalg.norm(spots - somebody[:, None], axis=-1)
        cost = cost + _NEAR * (np.maximum(_WIDE - away, 0.0) + 20.0 * np.maximum(_NARROW - away, 0.0))
        line = skater[:, None, :2] - spots
        share = np.clip(((somebody[:, None] - spots) * line).sum(axis=-1) / distance**2, 0.0, 1.0)
        cost = cost + _SIGHT * (np.linalg.norm(somebody[:, None] - spots - share[..., None] * line, axis=-1) < 0.6)
    step = 2.0 * np.pi / _DIRECTIONS
    seconds = float(grid[1] - grid[0]) if len(grid) > 1 else 1.0
    reach = min(max(1, int(_AROUND * seconds / (distance * step))), _DIRECTIONS // 2)
    moves = np.arange(-reach, reach + 1)
    change = _CHANGED * (moves * step) ** 2
    # The cheapest way through all instants, from its end.
    total, chosen = cost[-1], np.zeros((len(grid), _DIRECTIONS), dtype=int)
    for k in range(len(grid) - 2, -1, -1):
        options = np.stack([np.roll(total, -move) for move in moves]) + change[:, None]
        chosen[k] = moves[options.argmin(axis=0)]
        total = cost[k] + options.min(axis=0)
    at, out = int(total.argmin()), np.empty(len(grid))
    turn = at if at <= _DIRECTIONS // 2 else at - _DIRECTIONS
    for k in range(len(grid)):
        out[k] = azimuth + turn * step
        turn += int(chosen[k, turn % _DIRECTIONS])
    return out


def _wrapped(value: Array, period: float) -> Array:
    """The same but for whole periods, nearest to 0."""
    return np.asarray((value + 0.5 * period) % period - 0.5 * period)

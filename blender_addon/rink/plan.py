"""The plan of the hall: the ice's outline, and how far the building reaches around it. No bpy.

The rink lies centred on the origin, its length along X, the ice at z = 0. Everything around it is described by
(u, s, z): u metres along the ice's edge (clockwise seen from above, see `outline`), s metres outwards from that edge,
z metres up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from blender_addon.clip import RinkSpec
from blender_addon.rink.markings import measures, penalty_side
from mocap.rotations import Array

HIGHER_AT_ENDS = 0.6
"""Metres: glass behind the goals over that along the sides."""

HEADROOM, LOWEST_ROOF = 3.2, 4.5
"""Metres of the roof over the last row's floor and over the ice, at least."""


@dataclass(frozen=True)
class Hall:
    """Measures of what is around the ice, metres. Heights are over the ice, distances out from its edge.

    From the boards to `lane` outside the ice nothing stands, all around: there coaches stand and operators walk.
    Benches reach from there to `bench_back`.

    Attributes:
        boards: height of the boards (IIHF rule 1.3: 1.07 m), `boards_depth` their thickness.
        glass_sides, glass_ends: height of the glass over the boards; lower than hockey's, as temporary panes for
            figure skating are.
        aisle: width of the walk between boards and stands.
        tiers: number of rows; `tier_depth`, `tier_rise` of each; `first_tier` the height of the lowest.
        walk: width of the walk behind the last row, where the wall stands (outdoors: the fence).
        roof: height of the ceiling; lamps hang `lamps` high. Outdoors there is no ceiling, and `roof` is the height of
            the masts.
        outdoors: whether the sky is over it.
    """

    boards: float = 1.07
    boards_depth: float = 0.12
    lane: float = 1.0
    bench_back: float = 1.5
    glass_sides: float = 1.2
    glass_ends: float = 1.8
    aisle: float = 2.6
    tiers: int = 8
    tier_depth: float = 0.85
    tier_rise: float = 0.42
    first_tier: float = 0.5
    walk: float = 1.5
    roof: float = 11.0
    lamps: float = 9.2
    outdoors: bool = False

    @property
    def wall(self) -> float:
        """How far the wall stands from the ice's edge."""
        return self.aisle + self.tiers * self.tier_depth + self.walk

    def floor(self, s: ArrayLike) -> Array:
        """Height (…) of what one stands on, s (…) metres out from the ice's edge."""
        if self.tiers == 0:
            return np.zeros(np.shape(s))
        row = np.floor((np.asarray(s, dtype=np.float64) - self.aisle) / self.tier_depth)
        height = self.first_tier + np.clip(row, 0, self.tiers - 1) * self.tier_rise
        return np.where(row < 0, 0.0, height)


@dataclass(frozen=True)
class _Kind:
    """What a kind of rink has of its own: `Hall`'s measures, and metres that its lamps hang under the roof."""

    aisle: float
    walk: float
    first_tier: float
    lamps_under_roof: float


_KINDS = {
    "arena": _Kind(aisle=2.6, walk=1.5, first_tier=0.5, lamps_under_roof=1.8),
    "training": _Kind(aisle=2.2, walk=0.9, first_tier=0.3, lamps_under_roof=0.9),
    "outdoor": _Kind(aisle=3.0, walk=3.0, first_tier=0.3, lamps_under_roof=0.4),
}


def hall_of(spec: RinkSpec) -> Hall:
    """What a rink asks for around the ice. The roof is never lower than the last row needs."""
    kind = _KINDS[spec.kind]
    last = kind.first_tier + max(spec.tiers - 1, 0) * Hall.tier_rise
    roof = max(spec.roof, last + HEADROOM if spec.tiers else 0.0, LOWEST_ROOF)
    return Hall(
        glass_sides=spec.glass,
        glass_ends=spec.glass + HIGHER_AT_ENDS if spec.glass > 0.0 else 0.0,
        aisle=kind.aisle,
        tiers=spec.tiers,
        first_tier=kind.first_tier,
        walk=kind.walk,
        roof=roof,
        lamps=roof - kind.lamps_under_roof,
        outdoors=spec.kind == "outdoor",
    )


def perimeter(spec: RinkSpec) -> float:
    """Metres around the ice."""
    r = _radius(spec)
    return 2.0 * (spec.length + spec.width - 4.0 * r) + 2.0 * np.pi * r


def outline(spec: RinkSpec, u: ArrayLike, s: ArrayLike = 0.0) -> Array:
    """Points (…, 2) at u (…) metres along the ice's edge and s (…) metres outwards from it.

    u = 0 is the +X end of the +Y side's straight; u runs clockwise seen from above: +X end, −Y side, −X end, +Y side.
    """
    r = _radius(spec)
    u, s = np.broadcast_arrays(np.mod(u, perimeter(spec)), np.asarray(s, dtype=np.float64))
    a, b, arc = 0.5 * spec.length - r, 0.5 * spec.width - r, 0.5 * np.pi * r
    lengths = np.array((arc, 2 * b, arc, 2 * a, arc, 2 * b, arc, 2 * a))
    starts = np.concatenate(((0.0,), np.cumsum(lengths)[:-1]))
    piece = np.clip(np.searchsorted(starts, u, side="right") - 1, 0, 7)
    along = u - starts[piece]
    curved = piece % 2 == 0
    # Each corner turns the outward normal by −90°, each straight keeps it; the straights' places come from the corner
    # that they leave.
    corner = np.array(((a, b), (a, -b), (-a, -b), (-a, b)))[piece // 2]
    angle = 0.5 * np.pi * (1 - (piece + 1) // 2) - np.where(curved, along / max(r, 1e-9), 0.0)
    normal = np.stack((np.cos(angle), np.sin(angle)), axis=-1)
    tangent = np.stack((normal[..., 1], -normal[..., 0]), axis=-1)
    straight = np.where(curved, 0.0, along)[..., None] * tangent
    return corner + (r + s)[..., None] * normal + straight


def bend(spec: RinkSpec, usz: ArrayLike) -> Array:
    """World points (…, 3) of places (…, 3) given as (u, s, z)."""
    usz = np.asarray(usz, dtype=np.float64)
    return np.concatenate((outline(spec, usz[..., 0], usz[..., 1]), usz[..., 2:]), axis=-1)


def facing_ice(spec: RinkSpec, u: float, s: float) -> tuple[float, float, float]:
    """(x, y, heading) of somebody at u along the ice's edge, s metres outside it, who looks straight at the ice.

    The heading is the turn (rad) about the vertical of a person who faces −Y.
    """
    x, y = outline(spec, u, s)
    away = outline(spec, u, s + 1.0) - (x, y)
    return float(x), float(y), float(np.arctan2(-away[0], away[1]))


def stations(spec: RinkSpec, step: float, corner_step: float) -> Array:
    """Places u (M,) along the edge, ascending from 0; at most `step` apart, `corner_step` in corners."""
    r = _radius(spec)
    a, b, arc = 0.5 * spec.length - r, 0.5 * spec.width - r, 0.5 * np.pi * r
    parts, start = [], 0.0
    for length, longest in ((arc, corner_step), (2 * b, step), (arc, corner_step), (2 * a, step)) * 2:
        count = max(int(np.ceil(length / longest)), 1)
        parts.append(start + length * np.arange(count) / count)
        start += length
    return np.concatenate(parts)


def outside(spec: RinkSpec, xy: ArrayLike) -> Array:
    """Metres (…) that points xy (…, 2) lie outside the ice's edge; negative on the ice."""
    r = _radius(spec)
    q = np.abs(np.asarray(xy, dtype=np.float64)) - (0.5 * spec.length - r, 0.5 * spec.width - r)
    return np.linalg.norm(np.maximum(q, 0.0), axis=-1) + np.minimum(q.max(axis=-1), 0.0) - r


def u_at(spec: RinkSpec, x: float, side: int) -> float:
    """Where along the edge (u, metres) the line across the ice at x meets its +Y (`side` 1) or −Y (−1) half."""
    r, end = _radius(spec), perimeter(spec)
    a, arc = 0.5 * spec.length - r, 0.5 * np.pi * _radius(spec)
    over = np.clip(abs(x) - a, 0.0, r)
    # From the +X end of the +Y side's straight, on to smaller x against the clock.
    back = np.clip(a - x, 0.0, 2.0 * a) + np.sign(-x) * r * np.arcsin(over / max(r, 1e-9))
    if side > 0:
        return float(np.mod(-back, end))
    return float(2.0 * arc + (spec.width - 2.0 * r) + back)


def along(spec: RinkSpec, xy: ArrayLike) -> Array:
    """Where along the edge (…), u in metres, points xy (…, 2) lie that are not far from it: `outline`'s inverse."""
    r = _radius(spec)
    a, b, arc = 0.5 * spec.length - r, 0.5 * spec.width - r, 0.5 * np.pi * r
    x, y = np.moveaxis(np.asarray(xy, dtype=np.float64), -1, 0)
    past_x, past_y = np.abs(x) > a, np.abs(y) > b
    # Turned about the middle to the +X half, where the +Y corner, the end and the −Y corner follow one another.
    flip = np.where(x < 0.0, -1.0, 1.0)
    half = np.where(x < 0.0, 0.5 * perimeter(spec), 0.0)
    x, y = flip * x, flip * y
    angle = np.arctan2(np.maximum(np.abs(y) - b, 0.0), np.maximum(x - a, 1e-12)) * np.sign(y)
    corner = np.where(y > 0.0, r * (0.5 * np.pi - angle), arc + 2.0 * b - r * angle)
    end, side = arc + b - y, np.where(y > 0.0, x - a, 2.0 * arc + 2.0 * b + a - x)
    return np.mod(half + np.where(past_x & past_y, corner, np.where(past_x, end, side)), perimeter(spec))


@dataclass(frozen=True)
class Bench:
    """Seats beside the boards, from u0 to u1 along them: "players", "penalty" or "officials"."""

    u0: float
    u1: float
    kind: str


def benches(spec: RinkSpec) -> tuple[Bench, ...]:
    """Players' benches on one side, penalty boxes and the officials' place on the other; none if the spec has none."""
    if not spec.benches:
        return ()
    side = penalty_side(spec)
    k = min(spec.length / 60.0, 1.0)
    rows = ((1.2, 10.2, -side, "players"), (2.2, 5.0, side, "penalty"))
    made = [_bench(spec, sx * k * near, sx * k * far, at, kind) for near, far, at, kind in rows for sx in (-1, 1)]
    return (*made, _bench(spec, -2.2 * k, 2.2 * k, side, "officials"))


def _bench(spec: RinkSpec, x0: float, x1: float, side: int, kind: str) -> Bench:
    a, b = u_at(spec, x0, side), u_at(spec, x1, side)
    return Bench(min(a, b), max(a, b), kind)


@dataclass(frozen=True)
class Gate:
    """A door in the boards: its first side at u, metres wide, of one leaf or two, its sill metres over the ice."""

    u: float
    width: float
    leaves: int
    sill: float


def gates(spec: RinkSpec) -> tuple[Gate, ...]:
    """`spec.gates` doors, the first for the machine, at an end; besides, doors to the benches.

    Each has its place from a draw of its own, so that one more gate leaves the others where they are.
    """
    taken = [(bench.u0, bench.u1) for bench in benches(spec)]
    made: list[Gate] = []
    for index in range(spec.gates):
        rng = np.random.default_rng((spec.texture_seed, 6, index))
        width = 3.2 if index == 0 else float(rng.choice((0.9, 1.0, 1.2)))
        for _ in range(20):
            if index == 0:
                y = rng.uniform(-0.5, 0.5) * max(spec.width - 2.0 * _radius(spec) - width, 0.0)
                middle = 0.5 * (spec.width - 2.0 * _radius(spec)) - y
                u = 0.5 * np.pi * _radius(spec) + middle - 0.5 * width + rng.integers(2) * 0.5 * perimeter(spec)
            else:
                u = rng.uniform(0.0, perimeter(spec) - width)
            if all(u + width + 0.4 < start or u > end + 0.4 for start, end in taken):
                taken.append((u, u + width))
                made.append(Gate(float(u), width, 2 if index == 0 else 1, float(rng.choice((0.02, 0.10, 0.18)))))
                break
    for bench in benches(spec):
        if bench.kind == "players":
            made += [Gate(bench.u0 + 0.3, 0.75, 1, 0.2), Gate(bench.u1 - 1.05, 0.75, 1, 0.2)]
        elif bench.kind == "penalty":
            made.append(Gate(0.5 * (bench.u0 + bench.u1) - 0.4, 0.75, 1, 0.2))
    return tuple(made)


def glass_height(spec: RinkSpec, xy: ArrayLike) -> Array:
    """Height (…) of the glass over the boards at xy (…, 2): higher around both ends than along the sides.

    Players' benches have none before them.
    """
    x, y = np.moveaxis(np.asarray(xy, dtype=np.float64), -1, 0)
    behind_goal = np.abs(x) > 0.5 * spec.length - measures(spec).goal_line
    hall = hall_of(spec)
    height = np.where(behind_goal, hall.glass_ends, hall.glass_sides)
    if spec.benches:
        for bench in benches(spec)[:2]:
            first, last = sorted(outline(spec, (bench.u0, bench.u1))[:, 0])
            there = (x >= first - 1e-6) & (x <= last + 1e-6) & (y * penalty_side(spec) < 0.0)
            height = np.where(there, 0.0, height)
    return height


def _radius(spec: RinkSpec) -> float:
    return min(spec.corner_radius, 0.5 * spec.length, 0.5 * spec.width)

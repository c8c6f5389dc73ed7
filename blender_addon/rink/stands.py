"""The rows around the boards: where they run, their steps, entrances, and where people sit. No bpy."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.color import Color
from blender_addon.rink.plan import hall_of, outline, perimeter, stations
from blender_addon.rink.quads import Quads, bent, ledge, wall_strip
from blender_addon.rink.shapes import beside_ice, gather, painted
from mocap.rotations import Array

CONCRETE: Color = (0.24, 0.24, 0.25)
RUBBER: Color = (0.06, 0.06, 0.07)
# Metres: from seat to seat, a seat's width, depth and height, and from the edge of the row to its front.
SEAT_PITCH, SEAT_WIDTH, SEAT_DEPTH, SEAT_HEIGHT, SEAT_FRONT = 0.55, 0.44, 0.36, 0.42, 0.38
STAIR = 1.2
"""Metres that a stair is wide."""

ENTRANCE, ENTRANCE_ROWS = 2.0, 5
"""Metres that an entrance in the rows is wide, and how many rows it cuts out: that gives its head room."""


INTO_CORNERS = 9.0
"""Metres that floors reach beyond the hall's wall, which cuts them off, in its corners further out than elsewhere."""


@dataclass(frozen=True)
class Block:
    """Rows between two stairs, or a stair and an end: u from `start` to `end` along the ice's edge.

    `radius` is that of the ice's edge there, 0 for a straight.
    """

    start: float
    end: float
    radius: float

    def stretch(self, s: Array | float) -> Array:
        """How much longer the block is s metres out than at the ice's edge."""
        return 1.0 + np.asarray(s, dtype=np.float64) / self.radius if self.radius else np.ones(np.shape(s))


@dataclass(frozen=True)
class Entrance:
    """A hole in the rows through which people come in: its middle at u, its floor that of row `tier`, −1 the ice's."""

    u: float
    tier: int

    @property
    def rows(self) -> range:
        """The rows that it cuts."""
        return range(max(self.tier, 0), self.tier + ENTRANCE_ROWS + (self.tier < 0))


def pieces(spec: RinkSpec) -> list[tuple[float, float, bool]]:
    """Start and length along the ice's edge of its corners (True) and straights, in the order of `plan.outline`."""
    r = min(spec.corner_radius, 0.5 * spec.length, 0.5 * spec.width)
    quarter, made, start = 0.5 * np.pi * r, [], 0.0
    for curved, length in (
        (True, quarter),
        (False, spec.width - 2 * r),
        (True, quarter),
        (False, spec.length - 2 * r),
    ) * 2:
        made.append((start, length, curved))
        start += length
    return made


def layout(spec: RinkSpec) -> str:
    """Where rows stand: "bowl", "horseshoe" (one end free), "sides" or "side" (one of the long ones)."""
    rng = np.random.default_rng((spec.texture_seed, 20))
    draw = rng.random()
    if spec.kind == "outdoor":
        return "side"
    if spec.kind == "training":
        return "sides" if draw < 0.4 else "side"
    return "bowl" if draw < 0.6 else "horseshoe" if draw < 0.85 else "sides"


def has_rows(spec: RinkSpec, piece: int) -> bool:
    """Whether rows stand along one of `pieces`: 0 the corner at +X +Y, 1 the +X end … 3 the −Y side … 7 the +Y side."""
    free = {"bowl": (), "horseshoe": (4, 5, 6), "sides": (0, 1, 2, 4, 5, 6), "side": (0, 1, 2, 3, 4, 5, 6)}
    return spec.tiers > 0 and piece not in free[layout(spec)]


def rows_at(spec: RinkSpec, u: Array | float) -> np.ndarray:
    """Whether rows stand at u (…)."""
    u = np.mod(u, perimeter(spec))
    starts = [start for start, _, _ in pieces(spec)]
    have = np.array([has_rows(spec, piece) for piece in range(8)])
    return have[np.clip(np.searchsorted(starts, u, side="right") - 1, 0, 7)]


def blocks_of(spec: RinkSpec) -> list[Block]:
    """The rows in blocks, with stairs between them and where they meet an end."""
    rng = np.random.default_rng((spec.texture_seed, 21))
    longest = rng.uniform(7.5, 12.5)
    made = []
    for piece, (start, length, curved) in enumerate(pieces(spec)):
        count = max(int(np.ceil(length / longest)), 1)
        edges = start + length * np.arange(count + 1) / count
        if has_rows(spec, piece) and length > 0.0:
            radius = length / (0.5 * np.pi) if curved else 0.0
            made += [Block(a, b, radius) for a, b in itertools.pairwise(edges)]
    return made


def stair_places(spec: RinkSpec) -> Array:
    """u (K,) of the middle of every stair."""
    ends = [edge for block in blocks_of(spec) for edge in (block.start, block.end)]
    return np.unique(np.round(np.mod(ends, perimeter(spec)), 6))


def entrances(spec: RinkSpec) -> list[Entrance]:
    """Vomitories of an arena: in the middle of straight blocks, never two next to each other."""
    if spec.kind != "arena" or spec.tiers < ENTRANCE_ROWS + 1:
        return []
    rng = np.random.default_rng((spec.texture_seed, 22))
    tier = -1 if spec.tiers < 10 else int(rng.integers(2, spec.tiers - ENTRANCE_ROWS - 1))
    every, first = int(rng.integers(2, 4)), int(rng.integers(0, 2))
    straight = [block for block in blocks_of(spec) if not block.radius]
    wide = [block for block in straight if block.end - block.start > ENTRANCE + STAIR + 2.0]
    return [Entrance(0.5 * (block.start + block.end), tier) for block in wide[first::every]]


def _cut(spec: RinkSpec, u: Array, tier: np.ndarray | int, margin: float = 0.0) -> np.ndarray:
    """Whether an entrance takes the place at u in row `tier`."""
    gone = np.zeros(np.broadcast_shapes(np.shape(u), np.shape(tier)), dtype=bool)
    for hole in entrances(spec):
        rows = np.asarray(tier)
        near = np.abs(np.asarray(u) - hole.u) < 0.5 * ENTRANCE + margin
        gone |= near & (rows >= hole.rows.start) & (rows < hole.rows.stop)
    return gone


def stands(spec: RinkSpec) -> Quads:
    """The aisle around the boards, the stepped rows behind it, the walk on top, and the entrances' walls."""
    hall = hall_of(spec)
    end = perimeter(spec)
    rng = np.random.default_rng((spec.texture_seed, 23))
    tone = np.asarray(CONCRETE) * rng.uniform(0.8, 1.5)
    edge = np.asarray(((0.6, 0.6, 0.6), (0.55, 0.42, 0.05), spec.stripe)[int(rng.integers(0, 3))])
    u = stations(spec, 60.0, 1.2)
    bags = []
    if spec.kind != "outdoor":
        # The floor reaches under the walls, into the hall's corners.
        v = stations(spec, 3.0, 1.5)
        bags.append(bent(spec, ledge(v, end, hall.boards_depth, hall.aisle, 0.0), RUBBER))
        bags.append(bent(spec, ledge(v, end, hall.aisle, hall.wall + INTO_CORNERS, 0.0), _floor_color(spec)))
    if not hall.tiers:
        return gather(bags)
    cuts = [hole.u + side * 0.5 * ENTRANCE for hole in entrances(spec) for side in (-1, 1)]
    ends = [start for start, _, _ in pieces(spec)]
    u = np.unique(np.concatenate((u, cuts, ends)))
    middle = 0.5 * (u + np.append(u[1:], end))
    here = rows_at(spec, middle)
    before = 0.0
    behind = 0.0 if spec.kind == "outdoor" else hall.walk + INTO_CORNERS
    for tier in range(hall.tiers):
        s = hall.aisle + tier * hall.tier_depth
        height = float(hall.floor(s + 1e-6))
        deep = hall.tier_depth + (behind if tier == hall.tiers - 1 else 0.0)
        keep = here & ~_cut(spec, middle, tier)
        risers, treads = wall_strip(u, end, s, before, height)[keep], ledge(u, end, s, s + deep, height)[keep]
        nosing = wall_strip(u, end, s - 0.004, height - 0.05, height)[keep]
        face = edge if tier == 0 else tone * 0.85
        bags += [bent(spec, risers, face), bent(spec, treads, tone)]
        if tier:
            bags.append(bent(spec, nosing, tone * 1.35))
        before = height
    if spec.kind == "outdoor":
        back = hall.aisle + hall.tiers * hall.tier_depth
        bags.append(bent(spec, wall_strip(u, end, back, 0.0, before)[here], tone * 0.7))
    bags += [_ends(spec, tone), *(_hole(spec, hole, tone) for hole in entrances(spec))]
    return gather(bags)


def _floor_color(spec: RinkSpec) -> Array:
    """Of rubber, painted concrete or bare."""
    rng = np.random.default_rng((spec.texture_seed, 27))
    return np.asarray((RUBBER, (0.20, 0.20, 0.21), (0.10, 0.12, 0.14), (0.16, 0.08, 0.07))[int(rng.integers(0, 4))])


def _ends(spec: RinkSpec, tone: Array) -> Quads:
    """Side walls where the rows end: one upright face per row."""
    hall = hall_of(spec)
    starts = [start for start, _, _ in pieces(spec)]
    open_at = [u for i, u in enumerate(starts) if has_rows(spec, i) != has_rows(spec, (i + 7) % 8)]
    faces = []
    for u in open_at:
        for tier in range(hall.tiers):
            s = hall.aisle + tier * hall.tier_depth
            walk = 0.0 if spec.kind == "outdoor" else hall.walk + INTO_CORNERS
            far = s + hall.tier_depth + (walk if tier == hall.tiers - 1 else 0.0)
            top = float(hall.floor(s + 1e-6))
            faces.append(((u, s, 0.0), (u, far, 0.0), (u, far, top), (u, s, top)))
    return bent(spec, np.array(faces), tone * 0.8) if faces else painted(np.zeros((0, 4, 3)), tone)


def _hole(spec: RinkSpec, hole: Entrance, tone: Array) -> Quads:
    """An entrance: parapets that follow the rows, its floor, the dark passage and the rail over its head."""
    hall = hall_of(spec)
    place = beside_ice(spec, hole.u, hall.aisle)
    rows = hole.rows
    low = 0.0 if hole.tier < 0 else float(hall.floor(hall.aisle + hole.tier * hall.tier_depth + 1e-6))
    front, back = rows.start * hall.tier_depth, rows.stop * hall.tier_depth
    top = float(hall.floor(hall.aisle + back + 1e-6))
    first = float(hall.floor(hall.aisle + front + 1e-6))
    half, over, inner = 0.5 * ENTRANCE, 0.85, 3.0
    walls = []
    for side in (-1, 1):
        for a in (side * half, side * (half + 0.12)):
            walls.append(((a, front, low), (a, back, low), (a, back, top + over), (a, front, first + over)))
        a0, a1 = side * half, side * (half + 0.12)
        walls.append(
            ((a0, front, first + over), (a1, front, first + over), (a1, back, top + over), (a0, back, top + over))
        )
        walls.append(((a0, front, low), (a1, front, low), (a1, front, first + over), (a0, front, first + over)))
        walls.append(
            (
                (side * half, back, low),
                (side * half, back + inner, low),
                (side * half, back + inner, top),
                (side * half, back, top),
            )
        )
    head = (
        ((-half, back, top - 0.25), (half, back, top - 0.25), (half, back, top + over), (-half, back, top + over)),
        (
            (-half, back + 0.12, top),
            (half, back + 0.12, top),
            (half, back + 0.12, top + over),
            (-half, back + 0.12, top + over),
        ),
        (
            (-half, back, top + over),
            (half, back, top + over),
            (half, back + 0.12, top + over),
            (-half, back + 0.12, top + over),
        ),
    )
    floor = (
        (
            (-half, front, low + 0.01),
            (half, front, low + 0.01),
            (half, back + inner, low + 0.01),
            (-half, back + inner, low + 0.01),
        ),
    )
    dark = (
        ((-half, back + inner, low), (half, back + inner, low), (half, back + inner, top), (-half, back + inner, top)),
        (
            (-half, back, top - 0.25),
            (half, back, top - 0.25),
            (half, back + inner, top - 0.25),
            (-half, back + inner, top - 0.25),
        ),
    )
    return gather(
        [
            painted(place.bodies(walls), tone * 1.25),
            painted(place.bodies(head), np.asarray(spec.stripe) * 0.7 + 0.08),
            painted(place.bodies(floor), tone * 0.6),
            painted(place.bodies(dark), (0.03, 0.03, 0.035)),
        ]
    )


def seat_places(spec: RinkSpec) -> tuple[Array, np.ndarray]:
    """Every seat in the rows, stairs and entrances left free: (S,) u of its middle, and (S,) its row from the ice."""
    hall = hall_of(spec)
    us, tiers = [np.zeros(0)], [np.zeros(0, dtype=np.int64)]
    row = np.arange(hall.tiers)
    s = hall.aisle + row * hall.tier_depth + SEAT_FRONT + 0.5 * SEAT_DEPTH
    for block in blocks_of(spec):
        stretch = block.stretch(s)
        free = (block.end - block.start) * stretch - STAIR
        count = np.maximum(np.floor(free / SEAT_PITCH).astype(int), 0)
        k = np.arange(count.max(initial=0))
        offset = (k - 0.5 * (count[:, None] - 1)) * SEAT_PITCH / stretch[:, None]
        used = k < count[:, None]
        us.append((0.5 * (block.start + block.end) + offset)[used])
        tiers.append(np.broadcast_to(row[:, None], used.shape)[used])
    u, tier = np.concatenate(us), np.concatenate(tiers)
    keep = ~_cut(spec, u, tier, margin=0.12 + 0.55 * SEAT_PITCH)
    return u[keep], tier[keep]


def sitting(spec: RinkSpec) -> tuple[Array, Array]:
    """Where people sit: (S, 3) the middles of all seats, and (S, 2) the ways out from the ice there, unit vectors."""
    hall = hall_of(spec)
    u, tier = seat_places(spec)
    s = hall.aisle + tier * hall.tier_depth + SEAT_FRONT + 0.5 * SEAT_DEPTH
    inner, outer = outline(spec, u, s), outline(spec, u, s + 1.0)
    return np.concatenate((inner, (hall.floor(s) + SEAT_HEIGHT)[:, None]), axis=1), outer - inner

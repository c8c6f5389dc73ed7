"""The building around the ice as coloured quadrilaterals: boards, glass, stands, walls, roof. No bpy.

Each part is made as (u, s, z) quadrilaterals (see `rink_plan`), coloured face by face, and bent around the rink.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.color import Color
from blender_addon.scene.rink_plan import (
    HALL,
    Line,
    bend,
    covers,
    glass_height,
    markings,
    outline,
    perimeter,
    stations,
)
from mocap.rotations import Array

KICK_PLATE: Color = (0.75, 0.55, 0.06)
CONCRETE: Color = (0.24, 0.24, 0.25)
RUBBER: Color = (0.06, 0.06, 0.07)
WALL: Color = (0.30, 0.32, 0.36)
STEEL: Color = (0.45, 0.47, 0.50)
GLASS_EDGE: Color = (0.45, 0.60, 0.56)
CEILING: Color = (0.16, 0.165, 0.175)

KICK_PLATE_TOP = 0.18
RAIL_BOTTOM = 0.99
AD_COLUMN = 0.16
AD_ROWS = 7
AD_COLORS: tuple[Color, ...] = (
    (0.60, 0.02, 0.03),
    (0.02, 0.06, 0.35),
    (0.01, 0.25, 0.42),
    (0.70, 0.30, 0.01),
    (0.02, 0.22, 0.08),
    (0.015, 0.015, 0.02),
    (0.80, 0.62, 0.02),
    (0.35, 0.02, 0.30),
)
"""Grounds and inks of the advertisements."""

AD_WORDS = ("AXEL", "LUTZ", "LOOP", "FLIP", "EDGE", "GLIDE", "SPIN", "RINK", "ICE", "SKATE", "TOELOOP", "SALTO")
LETTERS = {
    "A": "25755",
    "C": "74447",
    "D": "65556",
    "E": "74647",
    "F": "74644",
    "G": "74557",
    "I": "72227",
    "K": "55655",
    "L": "44447",
    "N": "57775",
    "O": "75557",
    "P": "75744",
    "R": "75765",
    "S": "74717",
    "T": "72222",
    "U": "55557",
    "X": "55255",
    "Z": "71247",
}
"""Block letters: five rows from the top, each an octal digit of three dots, the left one counting 4."""

# Metres: from seat to seat, a seat's width, depth and height, and from the edge of the row to its front.
SEAT_PITCH, SEAT_WIDTH, SEAT_DEPTH, SEAT_HEIGHT, SEAT_FRONT = 0.55, 0.44, 0.36, 0.42, 0.38
LAMP_ROWS = (-8.0, 8.0)
"""Y of the rows of lamps over a rink 30 m wide."""
LAMP_WIDTH = 1.2
TRUSS_PITCH = 6.0


@dataclass(frozen=True)
class Quads:
    """A bag of quadrilaterals: corners (Q, 4, 3) in the world, colors (Q, 3) linear."""

    corners: Array
    colors: Array


def join(*parts: Quads) -> Quads:
    """All quadrilaterals of the parts in one bag."""
    return Quads(np.concatenate([p.corners for p in parts]), np.concatenate([p.colors for p in parts]))


def _wall_strip(u: Array, end: float, s: float, low: Array | float, high: Array | float) -> Array:
    """(M, 4, 3) standing quads between stations u (M,), closed around the rink; heights (M,) or scalar."""
    u0, u1 = u, np.append(u[1:], end)
    low, high, side = (np.broadcast_to(v, u.shape) for v in (low, high, s))
    corners = ((u0, side, low), (u1, side, low), (u1, side, high), (u0, side, high))
    return np.stack([np.stack(c, axis=-1) for c in corners], axis=1)


def _ledge(u: Array, end: float, s0: float, s1: float, z: float) -> Array:
    """(M, 4, 3) lying quads from s0 out to s1."""
    u0, u1 = u, np.append(u[1:], end)
    a, b, h = (np.full(u.shape, v) for v in (s0, s1, z))
    corners = ((u0, a, h), (u1, a, h), (u1, b, h), (u0, b, h))
    return np.stack([np.stack(c, axis=-1) for c in corners], axis=1)


def _boxes(low: Array, high: Array) -> Array:
    """(N · 5, 4, 3) sides and tops of boxes from corner low (N, 3) to high (N, 3)."""
    pick = np.array(
        (
            ((0, 0, 0), (1, 0, 0), (1, 0, 1), (0, 0, 1)),
            ((1, 0, 0), (1, 1, 0), (1, 1, 1), (1, 0, 1)),
            ((1, 1, 0), (0, 1, 0), (0, 1, 1), (1, 1, 1)),
            ((0, 1, 0), (0, 0, 0), (0, 0, 1), (0, 1, 1)),
            ((0, 0, 1), (1, 0, 1), (1, 1, 1), (0, 1, 1)),
        ),
        dtype=np.float64,
    )
    return (low[:, None, None] + pick * (high - low)[:, None, None]).reshape(-1, 4, 3)


def _same(color: Color | Array, count: int) -> Array:
    return np.broadcast_to(np.asarray(color, dtype=np.float64), (count, 3)).copy()


def _bent(spec: RinkSpec, usz: Array, colors: Array | Color) -> Quads:
    return Quads(bend(spec, usz), _same(colors, len(usz)) if np.ndim(colors) == 1 else np.asarray(colors))


def boards(spec: RinkSpec) -> Quads:
    """Kick plate, panels with advertisements and the ice's lines drawn up them, top rail, back."""
    end = perimeter(spec)
    count = int(np.ceil(end / AD_COLUMN))
    u = end * np.arange(count) / count
    heights = np.linspace(KICK_PLATE_TOP, RAIL_BOTTOM, AD_ROWS + 1)
    pattern = _advertisements(spec, count)
    middle = outline(spec, u + 0.5 * end / count)
    for mark in markings(spec):
        if isinstance(mark, Line) and mark.width > AD_COLUMN:
            pattern[:, covers(mark, middle)] = mark.color
    panels = [
        _bent(spec, _wall_strip(u, end, 0.0, low, high), pattern[row])
        for row, (low, high) in enumerate(pairwise(heights))
    ]
    v = stations(spec, 2.0, 0.4)
    depth = HALL.boards_depth
    return join(
        *panels,
        _bent(spec, _wall_strip(v, end, 0.0, 0.0, KICK_PLATE_TOP), KICK_PLATE),
        _bent(spec, _wall_strip(v, end, -0.01, RAIL_BOTTOM, HALL.boards), spec.stripe),
        _bent(spec, _ledge(v, end, -0.01, 0.0, RAIL_BOTTOM), spec.stripe),
        _bent(spec, _ledge(v, end, -0.01, depth, HALL.boards), spec.stripe),
        _bent(spec, _wall_strip(v, end, depth, 0.0, HALL.boards), spec.boards),
    )


def _advertisements(spec: RinkSpec, columns: int) -> Array:
    """(AD_ROWS, columns, 3) colours: white panels, others with a word, bars or chequers, read from the ice.

    Row 0 is the lowest.
    """
    rng = np.random.default_rng((spec.texture_seed, 1))
    colors = np.broadcast_to(np.asarray(spec.boards), (AD_ROWS, columns, 3)).copy()
    start = 0
    while start < columns:
        drawn = _design(rng)[:, : columns - start]
        first, second = rng.choice(len(AD_COLORS), 2, replace=False)
        on_white = rng.random() < 0.45
        ground = np.asarray(spec.boards if on_white else AD_COLORS[first])
        ink = np.asarray(AD_COLORS[second] if on_white or rng.random() < 0.3 else spec.boards)
        colors[:, start : start + drawn.shape[1]] = np.where(drawn[..., None], ink, ground)
        # A white gap, and now and then a bare panel, before the next.
        start += drawn.shape[1] + int(rng.choice((1, 1, 1, 16)))
    return colors


def _design(rng: np.random.Generator) -> np.ndarray:
    """(AD_ROWS, columns) bool: where a panel's ink is."""
    kind = rng.choice(("word", "word", "word", "bars", "chequers"))
    if kind == "word":
        word = rng.choice(AD_WORDS)
        letters = [np.pad(_letter(c), ((1, 1), (1, 0))) for c in word]
        return np.pad(np.concatenate(letters, axis=1), ((0, 0), (1, 2)))
    row, column = np.indices((AD_ROWS, int(rng.integers(12, 22))))
    return row // 2 % 2 == 1 if kind == "bars" else (row // 2 + column // 2) % 2 == 0


def _letter(character: str) -> np.ndarray:
    """(5, 3) bool: a letter of `LETTERS`, its lowest row first."""
    rows = np.array([int(digit) for digit in LETTERS[character]])
    return (rows[::-1, None] >> np.array((2, 1, 0)) & 1).astype(bool)


def glass(spec: RinkSpec) -> Quads:
    """The panes over the boards."""
    end = perimeter(spec)
    u = stations(spec, 2.4, 0.6)
    middle = 0.5 * (u + np.append(u[1:], end))
    top = HALL.boards + glass_height(spec, outline(spec, middle))
    return _bent(spec, _wall_strip(u, end, 0.5 * HALL.boards_depth, HALL.boards, top), (1.0, 1.0, 1.0))


def posts(spec: RinkSpec) -> Quads:
    """Thin uprights that hold the panes, every 2.4 m, and the panes' bright upper edges."""
    end = perimeter(spec)
    count = int(end / 2.4)
    u = end * np.arange(count) / count
    s = 0.5 * HALL.boards_depth
    top = HALL.boards + glass_height(spec, outline(spec, u))
    low = np.stack((u - 0.012, np.full(count, s + 0.005), np.full(count, HALL.boards)), axis=-1)
    high = np.stack((u + 0.012, np.full(count, s + 0.04), top), axis=-1)
    v = stations(spec, 2.4, 0.6)
    edge = HALL.boards + glass_height(spec, outline(spec, 0.5 * (v + np.append(v[1:], end))))
    return join(
        _bent(spec, _boxes(low, high), STEEL),
        _bent(spec, _wall_strip(v, end, s, edge - 0.015, edge), GLASS_EDGE),
    )


def stands(spec: RinkSpec) -> Quads:
    """The aisle around the boards, the stepped rows behind it and the walk on top."""
    end = perimeter(spec)
    u = stations(spec, 60.0, 1.2)
    parts = [_bent(spec, _ledge(u, end, HALL.boards_depth, HALL.aisle, 0.0), RUBBER)]
    before = 0.0
    for tier in range(HALL.tiers):
        s = HALL.aisle + tier * HALL.tier_depth
        height = float(HALL.floor(s + 1e-6))
        deep = HALL.tier_depth + (HALL.walk if tier == HALL.tiers - 1 else 0.0)
        parts.append(_bent(spec, _wall_strip(u, end, s, before, height), CONCRETE))
        parts.append(_bent(spec, _ledge(u, end, s, s + deep, height), CONCRETE))
        before = height
    return join(*parts)


def seat_places(spec: RinkSpec) -> tuple[Array, np.ndarray]:
    """Every seat in the rows, with stairs left free: (S,) u of its first side, and (S,) its row from the ice."""
    places = np.arange(0.0, perimeter(spec) - SEAT_PITCH, SEAT_PITCH)
    places = places[places % 9.9 < 8.5]
    u, tier = (g.ravel() for g in np.meshgrid(places, np.arange(HALL.tiers), indexing="ij"))
    return u, tier


def sitting(spec: RinkSpec) -> tuple[Array, Array]:
    """Where people sit: (S, 3) the middles of all seats, and (S, 2) the ways out from the ice there, unit vectors."""
    u, tier = seat_places(spec)
    u, s = u + 0.5 * SEAT_WIDTH, HALL.aisle + tier * HALL.tier_depth + SEAT_FRONT + 0.5 * SEAT_DEPTH
    inner, outer = outline(spec, u, s), outline(spec, u, s + 1.0)
    return np.concatenate((inner, (HALL.floor(s) + SEAT_HEIGHT)[:, None]), axis=1), outer - inner


def seats(spec: RinkSpec) -> Quads:
    """A seat and its back for every place in the rows; colours vary in blocks and by seat."""
    rng = np.random.default_rng((spec.texture_seed, 2))
    end = perimeter(spec)
    u, tier = seat_places(spec)
    front = HALL.aisle + tier * HALL.tier_depth + SEAT_FRONT
    z = HALL.floor(front)
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
    return join(_bent(spec, seat, color), _bent(spec, back, color), _bent(spec, apron, color * 0.25))


def walls(spec: RinkSpec) -> Quads:
    """The wall around the hall with a band and hanging banners."""
    rng = np.random.default_rng((spec.texture_seed, 3))
    end = perimeter(spec)
    u = stations(spec, 60.0, 1.2)
    floor = float(HALL.floor(HALL.wall))
    band = floor + 1.2
    wall = [
        _bent(spec, _wall_strip(u, end, HALL.wall, floor, band), tuple(0.5 * np.asarray(spec.stands) + 0.05)),
        _bent(spec, _wall_strip(u, end, HALL.wall, band, HALL.roof), WALL),
    ]
    count = int(end / 5.0)
    at = np.sort(rng.uniform(0.0, end, count))
    low = np.full(count, band + 0.7)
    size = rng.uniform(1.2, 3.5, count)
    corners = np.stack(
        [
            np.stack((at + du * size, np.full(count, HALL.wall - 0.06), low + dz * 1.4), axis=-1)
            for du, dz in ((0, 0), (1, 0), (1, 1), (0, 1))
        ],
        axis=1,
    )
    colors = np.asarray(AD_COLORS)[rng.integers(0, len(AD_COLORS), count)]
    return join(*wall, _bent(spec, corners, colors))


def roof(spec: RinkSpec) -> Quads:
    """The ceiling and the lattice girders under it, across the hall."""
    x, y = 0.5 * spec.length + HALL.wall + 1.0, 0.5 * spec.width + HALL.wall + 1.0
    ceiling = np.array(((-x, -y, HALL.roof), (-x, y, HALL.roof), (x, y, HALL.roof), (x, -y, HALL.roof)))[None]
    at = np.arange(-x + TRUSS_PITCH / 2, x, TRUSS_PITCH)
    chords = [
        _boxes(
            np.stack((at - 0.1, np.full(at.shape, -y), np.full(at.shape, z)), axis=-1),
            np.stack((at + 0.1, np.full(at.shape, y), np.full(at.shape, z + 0.2)), axis=-1),
        )
        for z in (HALL.roof - 1.2, HALL.roof - 0.3)
    ]
    knots = np.linspace(-y, y, 2 * int(y / 1.5) + 1)
    low, high = HALL.roof - 1.0, HALL.roof - 0.3
    z0 = np.where(np.arange(len(knots) - 1) % 2 == 0, low, high)
    z1 = low + high - z0
    a, b = (g.ravel() for g in np.meshgrid(at, np.arange(len(knots) - 1), indexing="ij"))
    braces = np.stack(
        [
            np.stack((a, knots[b], z0[b] - 0.06), axis=-1),
            np.stack((a, knots[b + 1], z1[b] - 0.06), axis=-1),
            np.stack((a, knots[b + 1], z1[b] + 0.06), axis=-1),
            np.stack((a, knots[b], z0[b] + 0.06), axis=-1),
        ],
        axis=1,
    )
    steel = np.concatenate((*chords, braces))
    return join(Quads(ceiling, _same(CEILING, 1)), Quads(steel, _same(tuple(0.5 * np.asarray(STEEL)), len(steel))))


def lamp_rows(spec: RinkSpec) -> tuple[Array, float]:
    """Y (R,) of the rows of lamps and the metres that each reaches along X, centred."""
    return np.asarray(LAMP_ROWS) * spec.width / 30.0, spec.length - 2.0


def lamps(spec: RinkSpec) -> Quads:
    """The glowing undersides of the lamps."""
    rows, length = lamp_rows(spec)
    count = int(length / 3.0)
    x = -0.5 * length + length * np.arange(count) / count
    x, y = (g.ravel() for g in np.meshgrid(x, rows, indexing="ij"))
    z = np.full(x.shape, HALL.lamps)
    w = 0.5 * LAMP_WIDTH
    corners = np.stack(
        [np.stack((x + dx, y + dy, z), axis=-1) for dx, dy in ((0, -w), (0, w), (2.4, w), (2.4, -w))], axis=1
    )
    return Quads(corners, np.ones((len(x), 3)))

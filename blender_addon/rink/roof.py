"""The ceiling, what carries it, and what hangs there to move air and sound. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.rink.plan import hall_of
from blender_addon.rink.quads import Quads
from blender_addon.rink.shapes import bars, blocks, each, gather, grid, painted, tubes, vec
from mocap.rotations import Array

PITCHED = 1.0
"""Metres that a pitched ceiling is lower at the long walls than over the middle."""

STEELS = ((0.34, 0.35, 0.37), (0.50, 0.51, 0.52), (0.05, 0.05, 0.055), (0.05, 0.09, 0.20), (0.32, 0.05, 0.04))
GLULAM = (0.44, 0.26, 0.12)


def roof(spec: RinkSpec) -> Quads:
    """Ceiling, girders, catwalks, ducts and speakers."""
    return gather([*(_arena(spec) if spec.kind == "arena" else _training(spec))])


def half_spans(spec: RinkSpec) -> tuple[float, float]:
    """How far the ceiling reaches along X and Y from the middle."""
    hall = hall_of(spec)
    return 0.5 * spec.length + hall.wall + 0.3, 0.5 * spec.width + hall.wall + 0.3


def girders(spec: RinkSpec) -> tuple[Array, Array]:
    """X (G,) of the girders across the hall, and the colour of its steel."""
    rng = np.random.default_rng((spec.texture_seed, 52))
    x, _ = half_spans(spec)
    pitch = rng.uniform(5.5, 8.0) if spec.kind == "arena" else rng.uniform(4.5, 6.5)
    count = max(round(2 * x / pitch), 1)
    return 2 * x * ((np.arange(count) + 0.5) / count - 0.5), np.asarray(STEELS[int(rng.integers(0, len(STEELS)))])


def _arena(spec: RinkSpec) -> list[Quads]:
    rng = np.random.default_rng((spec.texture_seed, 50))
    x, y = half_spans(spec)
    at, steel = girders(spec)
    deck = np.full(3, rng.uniform(0.05, 0.16)) * (1.0, 1.0, 1.06)
    kind = rng.choice(("lattice", "arch", "double"))
    low = np.full(41, spec.roof - 1.45)
    knots = np.linspace(-y, y, 41)
    if kind == "arch":
        low = spec.roof - 0.7 - 0.85 * (np.abs(knots) / y) ** 2
    bags = [_deck(spec, deck, x, y, rng)]
    bags += [_trusses(at, knots, low, spec.roof - 0.25, steel, 0.16, two=kind == "double")]
    # Beams along the rink tie the girders.
    ties = np.array((-0.66, -0.33, 0.0, 0.33, 0.66)) * y
    bags.append(
        painted(bars([(-x, v, spec.roof - 0.3) for v in ties], [(x, v, spec.roof - 0.3) for v in ties], 0.14), steel)
    )
    bags += [_catwalk(spec, v, x - 3.0, steel) for v in (-0.30 * spec.width, 0.30 * spec.width)]
    big = float(rng.uniform(0.4, 0.65))
    tone = ((0.45, 0.46, 0.47), (0.06, 0.06, 0.065), (0.30, 0.31, 0.32))[int(rng.integers(0, 3))]
    bags += [
        _duct(spec, side * (0.5 * spec.width + 2.5), x - 2.0, spec.roof - 0.9 - big, big, tone) for side in (-1, 1)
    ]
    bags.append(_speakers(spec))
    return bags


def _training(spec: RinkSpec) -> list[Quads]:
    rng = np.random.default_rng((spec.texture_seed, 51))
    x, y = half_spans(spec)
    # Without windows daylight comes through strips in the roof: then it is flat.
    slope = PITCHED / y if rng.random() < 0.7 and spec.windows > 0.0 else 0.0
    kind = str(rng.choice(("timber", "steel", "lattice")))
    at, steel = girders(spec)
    if kind == "timber":
        lining = np.asarray(((0.55, 0.55, 0.53), (0.48, 0.33, 0.19), (0.60, 0.58, 0.52))[int(rng.integers(0, 3))])
        carried = _beams(spec, at, slope, y, 0.22, 0.8, np.asarray(GLULAM) * rng.uniform(0.8, 1.2))
    elif kind == "steel":
        lining = np.asarray(((0.50, 0.52, 0.53), (0.62, 0.62, 0.60), (0.42, 0.45, 0.48))[int(rng.integers(0, 3))])
        carried = gather(
            [_beams(spec, at, slope, y, 0.03, 0.5, steel * 0.9), _flanges(spec, at, slope, y, 0.26, 0.5, steel)]
        )
    else:
        lining = np.asarray(((0.58, 0.59, 0.60), (0.30, 0.31, 0.33))[int(rng.integers(0, 2))])
        knots = np.linspace(-y, y, 33)
        carried = _trusses(
            at, knots, spec.roof - 0.95 - slope * np.abs(knots), spec.roof - 0.12, steel, 0.1, slope=slope
        )
    bags = [_lining(spec, lining, slope, x, y, rng, ribs=kind != "timber"), carried]
    rows = np.arange(-y + 1.2, y, 2.4)
    z = spec.roof - 0.12 - slope * np.abs(rows)
    tone = steel if kind != "timber" else np.asarray(GLULAM) * 0.9
    bags.append(
        painted(
            bars(
                np.stack((np.full(len(rows), -x), rows, z), axis=-1),
                np.stack((np.full(len(rows), x), rows, z), axis=-1),
                0.14,
            ),
            tone,
        )
    )
    side = 1.0 if rng.random() < 0.5 else -1.0
    fabric = ((0.66, 0.66, 0.65), (0.45, 0.46, 0.47), (0.05, 0.12, 0.30))[int(rng.integers(0, 3))]
    radius = float(rng.uniform(0.28, 0.42))
    bags.append(
        _duct(spec, side * (0.5 * spec.width + 1.2), x - 2.0, spec.roof - PITCHED - 1.0 - radius, radius, fabric)
    )
    bags.append(_heaters(spec, -side * (0.5 * spec.width + 1.6), x))
    return bags


def _deck(spec: RinkSpec, color: Array, x: float, y: float, rng: np.random.Generator) -> Quads:
    """An arena's ceiling: sheets 3 m wide whose tones differ a little."""
    sheets = np.arange(-x, x, 3.0)
    low = np.stack((sheets, np.full(len(sheets), -y), np.full(len(sheets), spec.roof)), axis=-1)
    corners = low[:, None] + np.array(((0, 0, 0), (0, 2 * y, 0), (3.0, 2 * y, 0), (3.0, 0, 0)))[None]
    return each(corners, color * rng.uniform(0.8, 1.2, (len(sheets), 1)))


def _lining(
    spec: RinkSpec, color: Array, slope: float, x: float, y: float, rng: np.random.Generator, ribs: bool
) -> Quads:
    """Two slopes of a low hall's ceiling, of ribbed sheet or of boards, each strip in its own tone."""
    width = 0.3 if ribs else 0.6
    edge = np.linspace(-x, x, int(2 * x / width) + 1)
    wave = np.where(np.arange(len(edge)) // 2 % 2 == 0, 0.0, 0.05) if ribs else np.zeros(len(edge))
    bags = []
    for side in (-1.0, 1.0):
        eaves = spec.roof - slope * y
        corners = np.stack(
            [
                np.stack((edge[:-1], np.zeros(len(edge) - 1), spec.roof + wave[:-1]), axis=-1),
                np.stack((edge[:-1], np.full(len(edge) - 1, side * y), eaves + wave[:-1]), axis=-1),
                np.stack((edge[1:], np.full(len(edge) - 1, side * y), eaves + wave[1:]), axis=-1),
                np.stack((edge[1:], np.zeros(len(edge) - 1), spec.roof + wave[1:]), axis=-1),
            ],
            axis=1,
        )
        bags.append(each(corners, color * rng.uniform(0.93, 1.05, (len(edge) - 1, 1))))
    return gather(bags)


def _beams(spec: RinkSpec, at: Array, slope: float, y: float, width: float, depth: float, color: Array) -> Quads:
    """Solid beams across the hall, deepest over the middle."""
    bags = []
    for side in (-1.0, 1.0):
        z0, z1 = spec.roof - 0.03, spec.roof - 0.03 - slope * y
        d0, d1 = depth, 0.75 * depth
        low = np.array(((0.0, z0 - d0), (side * y, z1 - d1)))
        high = np.array(((0.0, z0), (side * y, z1)))
        local = []
        for half in (-0.5 * width, 0.5 * width):
            local.append([(half, *low[0]), (half, *low[1]), (half, *high[1]), (half, *high[0])])
        w = 0.5 * width
        local.append([(-w, *low[0]), (w, *low[0]), (w, *low[1]), (-w, *low[1])])
        corners = np.array(local)[None] + np.stack((at, 0 * at, 0 * at), axis=-1)[:, None, None]
        bags.append(painted(corners.reshape(-1, 4, 3), color))
    return gather(bags)


def _flanges(spec: RinkSpec, at: Array, slope: float, y: float, width: float, depth: float, color: Array) -> Quads:
    """The lower flanges of steel beams."""
    bags = []
    for side in (-1.0, 1.0):
        z0, z1 = spec.roof - 0.03 - depth, spec.roof - 0.03 - slope * y - 0.75 * depth
        w = 0.5 * width
        local = np.array(((-w, 0.0, z0), (w, 0.0, z0), (w, side * y, z1), (-w, side * y, z1)))
        bags.append(painted(local[None] + np.stack((at, 0 * at, 0 * at), axis=-1)[:, None], color))
    return gather(bags)


def _trusses(
    at: Array, knots: Array, low: Array, high: float, color: Array, thick: float, slope: float = 0.0, two: bool = False
) -> Quads:
    """Lattice girders across the hall at x `at`, their lower chord through (knots, low), the upper one at `high`.

    two: the lower chords come in pairs, so that a girder is a prism.
    """
    top = high - slope * np.abs(knots)
    bags = []
    for shift in (-0.5, 0.5) if two else (0.0,):
        lower = np.stack((np.full(len(knots), shift), knots, low), axis=-1)
        upper = np.stack((np.zeros(len(knots)), knots, top), axis=-1)
        zigzag = np.where((np.arange(len(knots)) % 2 == 0)[:, None], lower, upper)
        step = 4  # chords are nearly straight
        parts = [bars(lower[:-1:step], lower[step::step], thick), tubes(zigzag[:-1], zigzag[1:], 0.38 * thick, sides=3)]
        if shift <= 0.0:
            parts.append(bars(upper[:-1:step], upper[step::step], thick))
        local = np.concatenate(parts)
        corners = local[None] + np.stack((at, 0 * at, 0 * at), axis=-1)[:, None, None]
        bags.append(painted(corners.reshape(-1, 4, 3), color))
    return gather(bags)


def _catwalk(spec: RinkSpec, y: float, x: float, color: Array) -> Quads:
    """A walk for the lamps' keepers along the rink, between the girders' chords, with rails and hangers."""
    z = spec.roof - 1.55
    floor = blocks(((-x, y - 0.4, z),), ((x, y + 0.4, z + 0.06),))
    rail = [(-x, y + side * 0.4, z + up) for side in (-1, 1) for up in (0.5, 1.0)]
    ends = [(x, v, w) for _, v, w in rail]
    at = grid(np.arange(-x, x, 3.0), (y - 0.4, y + 0.4))
    low = np.concatenate((at, np.full((len(at), 1), z)), axis=1)
    posts = bars(low, low + vec(0.0, 0.0, spec.roof - z), 0.04)
    return painted(np.concatenate((floor, bars(rail, ends, 0.045), posts)), color * 0.8)


def _duct(spec: RinkSpec, y: float, x: float, z: float, radius: float, color: object) -> Quads:
    """A round duct along the rink, with bands around it and hangers up to the ceiling."""
    tone = np.asarray(color, dtype=np.float64)
    edge = np.linspace(-x, x, int(2 * x / 3.0) + 1)
    start = np.stack((edge[:-1], np.full(len(edge) - 1, y), np.full(len(edge) - 1, z)), axis=-1)
    end = start + vec(edge[1] - edge[0], 0.0, 0.0)
    body = each(tubes(start, end, radius, sides=10), tone * np.where(np.arange(len(start)) % 2, 1.0, 0.94)[:, None])
    bands = tubes(start - (0.04, 0, 0), start + vec(0.04, 0, 0), radius + 0.02, sides=10)
    caps = blocks(
        ((-x - 0.02, y - 0.7 * radius, z - 0.7 * radius), (x, y - 0.7 * radius, z - 0.7 * radius)),
        ((-x, y + 0.7 * radius, z + 0.7 * radius), (x + 0.02, y + 0.7 * radius, z + 0.7 * radius)),
    )
    wires = bars(start + vec(0, 0, radius), start * (1, 1, 0) + (0, 0, spec.roof), 0.02)
    return gather([body, painted(bands, tone * 0.7), painted(caps, tone), painted(wires, (0.2, 0.2, 0.2))])


def _speakers(spec: RinkSpec) -> Quads:
    """Curved columns of black boxes over the boards, six of them, each on its wire."""
    x = np.array((-0.36, 0.0, 0.36)) * spec.length
    number = np.arange(6)
    bags = []
    for side in (-1.0, 1.0):
        lean = 0.018 * number**2
        middle = np.stack((0 * lean, side * (0.5 * spec.width - 0.4 + lean), spec.roof - 2.1 - 0.27 * number), axis=-1)
        half = np.array((0.42, 0.26, 0.12))
        local = np.concatenate(
            (blocks(middle - half, middle + half), bars(middle[:1], middle[:1] * (1, 1, 0) + (0, 0, spec.roof), 0.03))
        )
        corners = local[None] + np.stack((x, 0 * x, 0 * x), axis=-1)[:, None, None]
        bags.append(painted(corners.reshape(-1, 4, 3), (0.02, 0.02, 0.022)))
    return gather(bags)


def _heaters(spec: RinkSpec, y: float, x: float) -> Quads:
    """Radiant heaters: long tubes under bent reflectors, over the walk."""
    z = spec.roof - PITCHED - 0.9
    at = np.arange(-x + 8.0, x - 8.0, 11.0)
    bags = []
    for start in at:
        low, high = np.array(((start, y, z),)), np.array(((start + 6.0, y, z),))
        shade = [
            [
                (start, y, z + 0.25),
                (start + 6.0, y, z + 0.25),
                (start + 6.0, y + s * 0.4, z + 0.02),
                (start, y + s * 0.4, z + 0.02),
            ]
            for s in (-1, 1)
        ]
        wires = bars(low + vec(0.5, 0, 0.25), low + vec(0.5, 0, spec.roof - z), 0.03)
        bags += [
            painted(tubes(low, high, 0.06, sides=6), (0.12, 0.05, 0.03)),
            painted(np.array(shade), (0.5, 0.5, 0.5)),
            painted(wires, (0.2, 0.2, 0.2)),
        ]
    return gather(bags)

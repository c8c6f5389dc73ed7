"""Banners under the roof and on the walls, and strings of pennants: flags of clubs that do not exist. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.rink.adverts import AD_COLORS
from blender_addon.rink.features import features
from blender_addon.rink.lettering import word, word_width
from blender_addon.rink.plan import hall_of
from blender_addon.rink.quads import Quads
from blender_addon.rink.shapes import NOTHING, Places, bars, gather, painted, vec
from blender_addon.rink.walls import Wall, wall_plan
from mocap.rotations import Array

TOWNS = (
    "NORTH BAY",
    "ELMFORD",
    "KESTRELS",
    "POLAR",
    "OTTERS",
    "LARKEN",
    "VARNDAL",
    "GLACIER",
    "AURORA",
    "TARN",
    "FROST",
    "COMETS",
)
TITLES = ("CHAMPIONS", "CUP", "JUNIORS", "SYNCHRO", "SC", "OPEN", "MASTERS")
ON_WALLS = 0.4
"""Share of an arena's banners that hang on its walls; a low hall has them all there."""


def banners(spec: RinkSpec) -> Quads:
    """`spec.banners` of them, on the walls as far as these have room, the others under the roof over the ice's ends."""
    if spec.banners <= 0 or spec.kind == "outdoor":
        return NOTHING
    slots = _wall_slots(spec)
    rng = np.random.default_rng((spec.texture_seed, 60))
    wanted = spec.banners if spec.kind == "training" else round(ON_WALLS * spec.banners)
    chosen = rng.permutation(len(slots))[:wanted]
    bags = [_hung(slots[i][0], slots[i][1], _rng(spec, int(i)), slots[i][2]) for i in sorted(chosen.tolist())]
    left = spec.banners - len(chosen)
    if spec.kind == "arena":
        bags += [
            _hung(place, z, _rng(spec, 1000 + i), 0.0, both=True)
            for i, (place, z) in enumerate(_roof_slots(spec, left))
        ]
    elif rng.random() < 0.6:
        bags.append(_pennants(spec, rng))
    return gather(bags)


def _rng(spec: RinkSpec, number: int) -> np.random.Generator:
    return np.random.default_rng((spec.texture_seed, 61, number))


def _wall_slots(spec: RinkSpec) -> list[tuple[Places, float, float]]:
    """Where a banner may hang on a wall: place of its upper edge's middle, height of that edge, metres down at most."""
    out = []
    taken = [f for f in features(spec) if f.z1 > 0.0]
    for number, wall in enumerate(wall_plan(spec)):
        top = wall.top - (1.8 if spec.kind == "training" else 2.2)
        for a in np.arange(2.0, wall.length - 2.0, 3.1).tolist():
            over = [f.z1 for f in taken if f.wall == number and f.a0 - 1.0 < a < f.a1 + 1.0]
            room = top - max([wall.base + 1.9, *(z + 0.9 for z in over)])
            if room > 0.9 and top - wall.base > 2.5:
                out.append((_along(wall, a), top, min(room, 3.2)))
    return out


def _along(wall: Wall, a: float) -> Places:
    """A place 4 cm before the wall whose `out` points into the hall, `along` to the right of who looks at it."""
    p = wall.place
    return Places(p.origin + a * p.along - 0.04 * p.out, p.along, -p.out)


def _roof_slots(spec: RinkSpec, count: int) -> list[tuple[Places, float]]:
    """Rows across the hall over the ends of the ice and the stands behind them, read from the middle."""
    hall = hall_of(spec)
    across = np.arange(-0.5 * spec.width + 1.5, 0.5 * spec.width - 1.4, 2.3)
    out = []
    for row in range(12):
        for side in (-1.0, 1.0):
            x = side * (0.5 * spec.length - 2.5 + 3.2 * row)
            if abs(x) > 0.5 * spec.length + hall.wall - 1.5:
                continue
            for y in across:
                out.append(
                    (Places(np.array(((x, y),)), np.array(((0.0, -side),)), np.array(((-side, 0.0),))), spec.roof - 1.6)
                )
    middle_first = sorted(range(len(out)), key=lambda i: (i // (2 * len(across)), abs(out[i][0].origin[0, 1])))
    return [out[i] for i in middle_first[:count]]


def _hung(place: Places, z: float, rng: np.random.Generator, room: float, both: bool = False) -> Quads:
    """A banner hanging from z: its cloth, a design on it, and a rod. `out` of the place is where it is read from.

    both: it is printed on its back as well.
    """
    first, second = rng.choice(len(AD_COLORS), 2, replace=False)
    ground, ink = np.asarray(AD_COLORS[first]), np.asarray(AD_COLORS[second])
    white = np.full(3, 0.68)
    if rng.random() < 0.4:
        ground, ink = white, ground
    else:
        ink = white if rng.random() < 0.6 else ink
    w = float(rng.uniform(1.0, 1.7))
    h = float(rng.uniform(1.3, 2.4)) * w if not room else min(float(rng.uniform(1.2, 2.2)) * w, room)
    flat, tones = _design(w, h, ground, ink, rng)
    bags = []
    for sign in (1.0, -1.0) if both else (1.0,):
        local = np.concatenate((sign * flat[..., :1], 0 * flat[..., :1], flat[..., 1:]), axis=-1)
        # Each layer of paint lies a little before the last; the first is the cloth.
        local[..., 1] = sign * (0.01 + 0.004 * np.minimum(np.arange(len(flat)), 6))[:, None]
        bags.append(Quads(place.bodies(local + vec(0.0, 0.0, z)), tones))
    rod = bars(((-0.5 * w - 0.08, 0.0, z),), ((0.5 * w + 0.08, 0.0, z),), 0.05)
    bags.append(painted(place.bodies(rod), (0.25, 0.25, 0.25)))
    if both:
        wires = bars(((-0.4 * w, 0.0, z), (0.4 * w, 0.0, z)), ((-0.4 * w, 0.0, z + 1.4), (0.4 * w, 0.0, z + 1.4)), 0.02)
        bags.append(painted(place.bodies(wires), (0.15, 0.15, 0.15)))
    return gather(bags)


def _box(a0: float, z0: float, a1: float, z1: float) -> Array:
    return np.array((((a0, z0), (a1, z0), (a1, z1), (a0, z1)),))


def _design(w: float, h: float, ground: Array, ink: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """(Q, 4, 2) faces about a = 0 under z = 0, cloth first, and their colours: a pattern and words."""
    a = 0.5 * w
    faces, tones = [_box(-a, -h, a, 0.0)], [ground]

    def add(shape: Array, color: Array) -> None:
        faces.append(shape)
        tones.extend([color] * len(shape))

    kind = rng.choice(("border", "stripes", "chevron", "disc"))
    shade = 0.5 * ground + 0.5 * ink
    if kind == "border":
        b = 0.07 * w
        add(
            np.concatenate(
                (_box(-a, -b, a, 0), _box(-a, -h, a, b - h), _box(-a, b - h, b - a, -b), _box(a - b, b - h, a, -b))
            ),
            ink,
        )
    elif kind == "stripes":
        add(np.concatenate([_box(-a, -h + 0.06 * h * i, a, -h + 0.06 * h * i + 0.03 * h) for i in range(1, 5)]), ink)
    elif kind == "chevron":
        low, tip, thick = -0.62 * h, -0.86 * h, 0.12 * h
        add(np.array([((s * a, low), (0.0, tip), (0.0, tip + thick), (s * a, low + thick)) for s in (-1.0, 1.0)]), ink)
    else:
        turn = np.linspace(0.0, 2.0 * np.pi, 13)
        rim = np.stack((np.cos(turn), np.sin(turn)), axis=-1) * 0.3 * w + (0.0, -0.62 * h)
        middle = np.full((6, 2), (0.0, -0.62 * h))
        add(np.stack((middle, rim[:-1:2], rim[1::2], rim[2::2]), axis=1), shade)
    for text, z, size in (
        (str(rng.choice(TOWNS)), -0.22 * h, 0.16 * w),
        (str(rng.choice(TITLES)), -0.34 * h, 0.11 * w),
    ):
        size = min(size, size * 0.82 * w / word_width(text, size))
        add(word(text, size) + vec(-0.5 * word_width(text, size), z), ink)
    year = str(int(rng.integers(1968, 2024)))
    add(word(year, 0.14 * w) + vec(-0.5 * word_width(year, 0.14 * w), -0.56 * h), ink if kind != "disc" else ground)
    return np.concatenate(faces), np.array(tones)


def _pennants(spec: RinkSpec, rng: np.random.Generator) -> Quads:
    """Strings of small pointed flags across the hall, sagging from wall to wall."""
    hall = hall_of(spec)
    y = 0.5 * spec.width + hall.wall - 0.1
    pairs = np.asarray(AD_COLORS)[rng.choice(len(AD_COLORS), 3, replace=False)]
    bags = []
    for x in np.linspace(-0.32, 0.32, int(rng.integers(2, 5))) * spec.length:
        at = np.arange(-y, y, 0.45)
        z = spec.roof - 2.1 - 0.5 * (1.0 - (at / y) ** 2)
        corners = np.stack(
            [
                np.stack((np.full(len(at), x), at + da, z + dz), axis=-1)
                for da, dz in ((0.0, 0.0), (0.3, 0.0), (0.16, -0.4), (0.14, -0.4))
            ],
            axis=1,
        )
        bags.append(Quads(corners, pairs[np.arange(len(at)) % 3]))
        line = np.stack((np.full(len(at), x), at, z), axis=-1)
        bags.append(painted(bars(line[:-1], line[1:], 0.012), (0.5, 0.5, 0.5)))
    return gather(bags)

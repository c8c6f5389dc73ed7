"""What is on the walls over people's heads: columns, advertisements, the hall's name, lit ribbons, pipes. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.rink.adverts import AD_COLORS
from blender_addon.rink.cladding import colors
from blender_addon.rink.features import Feature, features
from blender_addon.rink.lettering import word, word_width
from blender_addon.rink.quads import Quads
from blender_addon.rink.roof import girders
from blender_addon.rink.shapes import NOTHING, gather, painted
from blender_addon.rink.walls import Wall, boards_on, crates_on, letters_on, wall_plan

WORDS = (
    "NORDAN",
    "TILIA",
    "OSKEN BANK",
    "VELTO",
    "KIRNA",
    "FJELL TEA",
    "RADIO NINE",
    "MORVA",
    "BRIGHT",
    "ELUNA",
    "TORSK",
    "HALLE",
)
NAMES = (
    "ICE CENTRE",
    "WINTER HALL",
    "SKATE PARK",
    "POLAR ARENA",
    "NORTH BAY ICE",
    "GLACIER HALL",
    "EISHALLE",
    "PATINOIRE",
)


def wall_art(spec: RinkSpec) -> tuple[Quads, Quads]:
    """What the lamps light, and what shines by itself."""
    plan = wall_plan(spec)
    taken = features(spec)
    dull = [_columns(spec, plan, taken), _pipes(spec, plan, taken)]
    for number, f in enumerate(taken):
        rng = np.random.default_rng((spec.texture_seed, 100, number))
        if f.kind == "board":
            dull.append(_board(plan[f.wall], f, rng))
        elif f.kind == "name":
            dull.append(_name(spec, plan[f.wall], f, rng))
    return gather(dull), _ribbon(spec, plan, taken)


def _columns(spec: RinkSpec, plan: list[Wall], taken: list[Feature]) -> Quads:
    """Uprights under the girders on the long walls, and as far apart on the others, where no opening is."""
    rng = np.random.default_rng((spec.texture_seed, 101))
    if rng.random() < 0.2:
        return NOTHING
    at, steel = girders(spec)
    wide, deep = float(rng.uniform(0.2, 0.4)), float(rng.uniform(0.12, 0.28))
    color = steel if rng.random() < 0.6 else colors(spec)[2] * 0.7
    bags = []
    for number, wall in enumerate(plan):
        pitch = float(at[1] - at[0]) if len(at) > 1 else 6.0
        if wall.side in (1, 3):
            a = at - float(at[0]) + 0.5 * (wall.length - float(at[-1] - at[0]))
        else:
            count = max(int(wall.length / pitch), 1)
            a = wall.length * (np.arange(count) + 0.5) / count
        near = [(f.a0 - wide, f.a1 + wide) for f in taken if f.wall == number]
        a = a[[all(not low < x < high for low, high in near) for x in a.tolist()]]
        a = a[(a > 0.3) & (a < wall.length - 0.3)]
        measures = np.array([(x - 0.5 * wide, x + 0.5 * wide, 0.0, deep, wall.base, wall.top) for x in a])
        if len(measures):
            bags.append(painted(crates_on(wall, measures), color))
    return gather(bags)


def _pipes(spec: RinkSpec, plan: list[Wall], taken: list[Feature]) -> Quads:
    """Trays with cables along the walls under the ceiling."""
    rng = np.random.default_rng((spec.texture_seed, 102))
    z = spec.roof - float(rng.uniform(1.25, 1.7))
    bags = []
    for number, wall in enumerate(plan):
        high = max((f.z1 for f in taken if f.wall == number), default=0.0)
        if high < z - 0.1 and z > wall.base + 2.8:
            tray = ((0.0, wall.length, 0.02, 0.22, z, z + 0.07), (0.0, wall.length, 0.03, 0.11, z + 0.3, z + 0.38))
            bags.append(painted(crates_on(wall, np.array(tray)), (0.33, 0.34, 0.35)))
    return gather(bags)


def _board(wall: Wall, f: Feature, rng: np.random.Generator) -> Quads:
    """An advertisement: a word beside or over a mark, on a ground."""
    first, second = (np.asarray(AD_COLORS[i]) for i in rng.choice(len(AD_COLORS), 2, replace=False))
    white = np.full(3, 0.7)
    ground, ink = (white, first) if rng.random() < 0.55 else (first, white)
    text, tall = str(rng.choice(WORDS)), f.z1 - f.z0
    wide = f.a1 - f.a0 - 0.3 - 1.2 * tall
    size = min(0.5 * tall, 0.5 * tall * wide / word_width(text, 0.5 * tall))
    a = f.a0 + 1.15 * tall
    turn = np.linspace(0.0, 2.0 * np.pi, 13)
    rim = np.stack((np.cos(turn), np.sin(turn)), axis=-1) * 0.34 * tall
    disc = np.stack((np.zeros((6, 2)), rim[:-1:2], rim[1::2], rim[2::2]), axis=1)
    mark = disc if rng.random() < 0.5 else disc[:3] * 1.15
    under = (f.a0, f.z0, f.a1, f.z0 + 0.12 * tall)
    return gather(
        [
            painted(crates_on(wall, np.array(((f.a0, f.a1, 0.0, 0.05, f.z0, f.z1),))), ground),
            painted(boards_on(wall, np.array((under,)), 0.055), second),
            painted(letters_on(wall, word(text, size), a, f.z0 + 0.56 * tall - 0.5 * size, 0.06), ink),
            painted(letters_on(wall, mark, f.a0 + 0.6 * tall, f.z0 + 0.55 * tall, 0.06), second),
        ]
    )


def _name(spec: RinkSpec, wall: Wall, f: Feature, rng: np.random.Generator) -> Quads:
    """The hall's name, painted on the wall or in raised letters."""
    text, tall = str(rng.choice(NAMES)), f.z1 - f.z0
    size = min(tall, tall * (f.a1 - f.a0) / word_width(text, tall))
    upper = colors(spec)[2]
    ink = np.asarray(spec.stripe) if upper.mean() > 0.3 else np.full(3, 0.65)
    a = 0.5 * (f.a0 + f.a1 - word_width(text, size))
    return painted(letters_on(wall, word(text, size), a, f.z0, 0.06), ink)


def _ribbon(spec: RinkSpec, plan: list[Wall], taken: list[Feature]) -> Quads:
    """A band of lamps with moving words around an arena over its doors; half of the arenas have none."""
    rng = np.random.default_rng((spec.texture_seed, 103))
    if spec.kind != "arena" or rng.random() < 0.5:
        return NOTHING
    ground, ink = (np.asarray(AD_COLORS[i]) for i in rng.choice(len(AD_COLORS), 2, replace=False))
    bags = []
    for wall in plan:
        low = wall.base + 2.85
        if low + 0.5 > wall.top - 1.5 or wall.length < 3.0:
            continue
        bags.append(
            painted(
                boards_on(wall, np.array(((0.05, low, wall.length - 0.05, low + 0.5),)), 0.09), 0.35 * ground + 0.01
            )
        )
        a = 0.6
        while True:
            text = str(rng.choice(WORDS))
            width = word_width(text, 0.3)
            if a + width > wall.length - 0.4:
                break
            bags.append(painted(letters_on(wall, word(text, 0.3), a, low + 0.1, 0.1), 0.5 * ink + 0.3))
            a += width + 1.2
    return gather(bags)

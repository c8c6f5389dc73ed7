"""What one sees through the walls' openings and on the walls: garage, café, concourse, boxes, doors, boards. No bpy.

Rooms are shells; what is lit in them glows by itself, so that no lamp has to stand there.
"""

from __future__ import annotations

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.rink.adverts import AD_COLORS
from blender_addon.rink.cladding import REVEAL
from blender_addon.rink.features import ROOMS, Feature, features
from blender_addon.rink.lettering import word, word_width
from blender_addon.rink.quads import Quads
from blender_addon.rink.resurfacer import resurfacer
from blender_addon.rink.shapes import FACES, gather, painted, vec
from blender_addon.rink.walls import Wall, boards_on, crates_on, letters_on, wall_plan
from mocap.rotations import Array

DEEP = {"garage": 6.5, "cafe": 3.0, "concourse": 4.0, "suite": 2.6}
WARM, COOL = np.array((1.0, 0.78, 0.52)), np.array((0.85, 0.95, 1.0))


def rooms(spec: RinkSpec) -> tuple[Quads, Quads]:
    """The rooms' shells and what stands in them; and what glows there."""
    plan = wall_plan(spec)
    dull, glow = [], []
    for number, f in enumerate(f for f in features(spec) if f.kind in ROOMS):
        rng = np.random.default_rng((spec.texture_seed, 40, number))
        lit = {"garage": 0.10, "cafe": 0.55, "concourse": 0.5, "suite": 0.30}[f.kind] * rng.uniform(0.6, 1.3)
        if f.kind == "suite" and rng.random() < 0.35:
            lit = 0.02
        light = (WARM if f.kind in ("cafe", "suite") or spec.texture_seed % 2 else COOL) * lit
        shell = _shell(plan[f.wall], f, DEEP[f.kind])
        # The lamps are on the ceiling: walls are darker, the floor darker still.
        glow.append(Quads(shell, np.outer((0.75, 0.6, 0.6, 0.35, 1.0), light)))
        inside = {"garage": _garage, "cafe": _cafe, "concourse": _concourse, "suite": _suite}[f.kind]
        more, shining = inside(spec, plan[f.wall], f, rng, light)
        dull.append(more)
        glow.append(shining)
    return gather(dull), gather(glow)


def on_walls(spec: RinkSpec) -> tuple[Quads, Quads]:
    """Doors, notice boards, plates with words and cabinets on the walls; and the signs that glow over doors."""
    plan = wall_plan(spec)
    dull, glow = [], []
    for number, f in enumerate(features(spec)):
        rng = np.random.default_rng((spec.texture_seed, 41, number))
        wall = plan[f.wall]
        if f.kind == "door":
            dull.append(_door(spec, wall, f))
            glow.append(_exit(wall, 0.5 * (f.a0 + f.a1), f.z1 + 0.2))
        elif f.kind in ("concourse", "garage"):
            glow.append(_exit(wall, 0.5 * (f.a0 + f.a1), f.z1 + 0.15))
        elif f.kind == "vending":
            case, lit = _vending(wall, f, rng)
            dull.append(case)
            glow.append(lit)
        elif f.kind in ("notice", "plate", "unit", "lockers"):
            make = {"notice": _notice, "plate": _plate, "unit": _unit, "lockers": _lockers}[f.kind]
            dull.append(make(wall, f, rng))
    return gather(dull), gather(glow)


def _shell(wall: Wall, f: Feature, deep: float) -> Array:
    """(5, 4, 3) back, two sides, floor and ceiling behind an opening."""
    low, high = np.array((f.a0, REVEAL, f.z0)), np.array((f.a1, REVEAL + deep, f.z1))
    return wall.place.bodies((low + FACES * (high - low))[[2, 1, 3, 5, 4]])


def _garage(spec: RinkSpec, wall: Wall, f: Feature, rng: np.random.Generator, light: Array) -> tuple[Quads, Quads]:
    """The resurfacer in its place, or the shutter that hides it; yellow and black edges."""
    stripes = np.arange(f.z0, f.z1 - 0.01, 0.4)
    edge = [(a, z, a + 0.14, min(z + 0.4, f.z1)) for a in (f.a0 - 0.14, f.a1) for z in stripes]
    tones = np.where((np.arange(len(edge)) % len(stripes) % 2 == 0)[:, None], (0.6, 0.42, 0.02), (0.02, 0.02, 0.02))
    bags = [Quads(boards_on(wall, np.array(edge), 0.015), tones)]
    if rng.random() < 0.3:
        slats = np.arange(f.z0, f.z1, 0.12)
        panels = boards_on(wall, np.array([(f.a0, z, f.a1, min(z + 0.12, f.z1)) for z in slats]), -0.1)
        shade = np.where(np.arange(len(slats)) % 2 == 0, 0.42, 0.36)
        bags.append(Quads(panels, np.outer(shade, (1.0, 1.0, 1.02))))
        return gather(bags), painted(np.zeros((0, 4, 3)), light)
    tube = boards_on(wall, np.array(((f.a0 + 0.6, f.z1 - 0.25, f.a1 - 0.6, f.z1 - 0.17),)), -REVEAL - 2.0)
    machine = resurfacer(spec)
    local = machine.corners + vec(0.5 * (f.a0 + f.a1), REVEAL + 0.4, f.z0)
    bags.append(Quads(wall.place.bodies(local), machine.colors))
    return gather(bags), painted(tube, COOL * 1.2)


def _cafe(spec: RinkSpec, wall: Wall, f: Feature, rng: np.random.Generator, light: Array) -> tuple[Quads, Quads]:
    """A counter, boards with prices, and the sign over it."""
    counter = crates_on(wall, np.array(((f.a0 - 0.1, f.a1 + 0.1, -0.25, 0.22, f.z0 - 0.05, f.z0),)))
    text = str(rng.choice(("CAFE", "SNACKS", "HOT DRINKS", "SKATE HIRE", "TEA BAR")))
    width = word_width(text, 0.32)
    a = 0.5 * (f.a0 + f.a1 - width)
    sign = boards_on(wall, np.array(((a - 0.3, f.z1 + 0.12, a + width + 0.3, f.z1 + 0.68),)), 0.04)
    ground = np.asarray(AD_COLORS[int(rng.integers(0, len(AD_COLORS)))])
    letters = letters_on(wall, word(text, 0.32), a, f.z1 + 0.24, 0.05)
    menus = [
        (f.a0 + 0.4 + i * 1.3, f.z1 - 0.62, f.a0 + 1.4 + i * 1.3, f.z1 - 0.1) for i in range(int((f.a1 - f.a0) / 1.4))
    ]
    back = boards_on(wall, np.array(menus), -REVEAL - DEEP["cafe"] + 0.05)
    glow = [painted(back, light * 2.2), painted(letters, (0.8, 0.75, 0.6))]
    things = rng.uniform(f.a0 + 0.3, f.a1 - 0.5, 8)
    jars = np.array(
        [(a, a + 0.22, -0.9, -0.65, f.z0, f.z0 + h) for a, h in zip(things, rng.uniform(0.2, 0.7, 8), strict=True)]
    )
    tones = np.asarray(AD_COLORS)[rng.integers(0, len(AD_COLORS), 8)]
    dull = [
        painted(counter, (0.30, 0.30, 0.31)),
        painted(sign, ground),
        Quads(crates_on(wall, jars), np.repeat(tones, 6, axis=0)),
    ]
    return gather(dull), gather(glow)


def _concourse(spec: RinkSpec, wall: Wall, f: Feature, rng: np.random.Generator, light: Array) -> tuple[Quads, Quads]:
    """A frame, a number over it, and posters in the light behind."""
    frame = crates_on(
        wall,
        np.array(
            (
                (f.a0 - 0.15, f.a0, 0.0, 0.06, f.z0, f.z1 + 0.15),
                (f.a1, f.a1 + 0.15, 0.0, 0.06, f.z0, f.z1 + 0.15),
                (f.a0, f.a1, 0.0, 0.06, f.z1, f.z1 + 0.15),
            )
        ),
    )
    number = str(100 + 2 * (f.wall * 7 + int(f.a0 / 9.0)) % 40)
    a = 0.5 * (f.a0 + f.a1 - word_width(number, 0.4))
    letters = letters_on(wall, word(number, 0.4), a, f.z1 + 0.5, 0.03)
    at = rng.uniform(f.a0 + 0.2, f.a1 - 1.4)
    poster = boards_on(wall, np.array(((at, f.z0 + 0.9, at + 1.2, f.z0 + 2.1),)), -REVEAL - DEEP["concourse"] + 0.05)
    ink = np.asarray(AD_COLORS[int(rng.integers(0, len(AD_COLORS)))])
    dull = [painted(frame, 0.7 * np.asarray(spec.stripe) + 0.03), painted(letters, (0.65, 0.65, 0.63))]
    return gather(dull), painted(poster, 0.15 * light + 0.5 * ink)


def _suite(spec: RinkSpec, wall: Wall, f: Feature, rng: np.random.Generator, light: Array) -> tuple[Quads, Quads]:
    """A parapet in front, seats behind it, and a screen on the back wall."""
    parapet = crates_on(wall, np.array(((f.a0, f.a1, -REVEAL, 0.1, f.z0, f.z0 + 0.75),)))
    a = np.arange(f.a0 + 0.5, f.a1 - 0.7, 0.8)
    chairs = np.array([(x, x + 0.5, -1.2, -0.9, f.z0, f.z0 + 1.15) for x in a])
    dull = [
        painted(parapet, 0.5 * np.asarray(spec.stands) + 0.04),
        painted(crates_on(wall, chairs), (0.02, 0.02, 0.02)),
    ]
    at = rng.uniform(f.a0 + 0.3, f.a1 - 1.7)
    screen = boards_on(wall, np.array(((at, f.z0 + 1.1, at + 1.3, f.z0 + 1.85),)), -REVEAL - DEEP["suite"] + 0.05)
    return gather(dull), painted(screen, COOL * rng.uniform(0.1, 0.9) * (light.max() > 0.05))


def _door(spec: RinkSpec, wall: Wall, f: Feature) -> Quads:
    """Two leaves with small panes, push bars and a frame."""
    rng = np.random.default_rng((spec.texture_seed, 42))
    tones = ((0.30, 0.31, 0.33), (0.05, 0.10, 0.24), (0.30, 0.05, 0.04), (0.55, 0.55, 0.52), (0.06, 0.16, 0.10))
    leaf = np.asarray(tones[int(rng.integers(0, len(tones)))])
    middle = 0.5 * (f.a0 + f.a1)
    frame = crates_on(wall, np.array(((f.a0, f.a1, 0.0, 0.05, f.z0, f.z1),)))
    leaves = [
        (f.a0 + 0.07, f.z0 + 0.02, middle - 0.01, f.z1 - 0.07),
        (middle + 0.01, f.z0 + 0.02, f.a1 - 0.07, f.z1 - 0.07),
    ]
    panes = [(a + 0.3, f.z0 + 1.35, a + 0.55, f.z0 + 1.85) for a in (f.a0, middle)]
    push = [(a + 0.12, a + 0.8, 0.05, 0.12, f.z0 + 1.0, f.z0 + 1.06) for a in (f.a0, middle)]
    return gather(
        [
            painted(frame, leaf * 0.5),
            painted(boards_on(wall, np.array(leaves), 0.055), leaf),
            painted(boards_on(wall, np.array(panes), 0.06), (0.03, 0.035, 0.04)),
            painted(crates_on(wall, np.array(push)), (0.45, 0.45, 0.45)),
        ]
    )


def _exit(wall: Wall, a: float, z: float) -> Quads:
    """A lit green sign with its arrow."""
    sign = boards_on(wall, np.array(((a - 0.3, z, a + 0.3, z + 0.2),)), 0.08)
    mark = boards_on(
        wall, np.array(((a - 0.22, z + 0.08, a + 0.08, z + 0.12), (a + 0.12, z + 0.05, a + 0.2, z + 0.15))), 0.085
    )
    return gather([painted(sign, (0.01, 0.33, 0.10)), painted(mark, (0.7, 0.8, 0.7))])


def _notice(wall: Wall, f: Feature, rng: np.random.Generator) -> Quads:
    """Cork with sheets of paper and now and then a poster."""
    cork = crates_on(wall, np.array(((f.a0, f.a1, 0.0, 0.03, f.z0, f.z1),)))
    count = int(rng.integers(8, 16))
    tall = rng.random(count) < 0.7
    w, h = np.where(tall, 0.21, 0.30), np.where(tall, 0.30, 0.21)
    a, z = rng.uniform(f.a0 + 0.05, f.a1 - 0.4, count), rng.uniform(f.z0 + 0.05, f.z1 - 0.35, count)
    tones = np.where(
        rng.random((count, 1)) < 0.7, (0.75, 0.75, 0.72), np.asarray(AD_COLORS)[rng.integers(0, len(AD_COLORS), count)]
    )
    sheets = [
        boards_on(wall, np.array((r,)), 0.035 + 0.001 * i) for i, r in enumerate(zip(a, z, a + w, z + h, strict=True))
    ]
    return gather([painted(cork, (0.32, 0.19, 0.09)), Quads(np.concatenate(sheets), tones)])


def _lockers(wall: Wall, f: Feature, rng: np.random.Generator) -> Quads:
    """Two rows of small doors, a few in another colour."""
    a, z = (g.ravel() for g in np.meshgrid(np.arange(f.a0, f.a1 - 0.2, 0.3), (f.z0 + 0.1, f.z0 + 1.0), indexing="ij"))
    doors = boards_on(wall, np.stack((a + 0.01, z + 0.01, a + 0.29, z + 0.87), axis=-1), 0.285)
    tones = np.asarray(((0.42, 0.43, 0.44), (0.05, 0.12, 0.30), (0.45, 0.30, 0.04), (0.30, 0.04, 0.04)))
    pair = tones[rng.choice(4, 2, replace=False)]
    case = crates_on(wall, np.array(((f.a0, f.a1, 0.0, 0.28, f.z0, f.z1),)))
    return gather([painted(case, (0.12, 0.12, 0.12)), Quads(doors, pair[(rng.random(len(a)) < 0.25).astype(int)])])


def _vending(wall: Wall, f: Feature, rng: np.random.Generator) -> tuple[Quads, Quads]:
    """Two machines with drinks and sweets behind lit glass; they stand in a recess, so that little of them shows."""
    dull, glow = [], []
    for a in (f.a0 + 0.02, f.a0 + 1.02):
        tone = np.asarray(AD_COLORS[int(rng.integers(0, len(AD_COLORS)))])
        dull.append(painted(crates_on(wall, np.array(((a, a + 0.95, 0.0, 0.28, f.z0, f.z1),))), tone * 0.6 + 0.01))
        window = boards_on(wall, np.array(((a + 0.08, f.z0 + 0.6, a + 0.68, f.z1 - 0.12),)), 0.285)
        x, z = (
            g.ravel()
            for g in np.meshgrid(np.arange(5) * 0.115 + a + 0.1, f.z0 + 0.63 + 0.22 * np.arange(5), indexing="ij")
        )
        goods = boards_on(wall, np.stack((x, z, x + 0.08, z + 0.15), axis=-1), 0.29)
        glow.append(painted(window, COOL * 0.35))
        glow.append(Quads(goods, 0.45 * np.asarray(AD_COLORS)[rng.integers(0, len(AD_COLORS), len(x))]))
    return gather(dull), gather(glow)


PLATES = (
    "SKATE SAFE",
    "NO FOOD ON ICE",
    "RINK RULES",
    "WELCOME",
    "OPEN DAILY",
    "LEARN TO SKATE",
    "FIRST AID",
    "ICE DISCO",
)


def _plate(wall: Wall, f: Feature, rng: np.random.Generator) -> Quads:
    """A printed panel: words over lines of small print, or over a picture in coloured bands."""
    ground = np.asarray(AD_COLORS[int(rng.integers(0, len(AD_COLORS)))])
    pale = rng.random() < 0.5
    ink, ground = (ground, np.full(3, 0.7)) if pale else (np.full(3, 0.7), ground)
    text = str(rng.choice(PLATES))
    size = min(0.3, 0.3 * (f.a1 - f.a0 - 0.4) / word_width(text, 0.3))
    a = 0.5 * (f.a0 + f.a1 - word_width(text, size))
    lines = [
        (f.a0 + 0.3, f.z1 - 0.75 - 0.12 * i, f.a1 - rng.uniform(0.3, 1.2), f.z1 - 0.71 - 0.12 * i) for i in range(5)
    ]
    return gather(
        [
            painted(crates_on(wall, np.array(((f.a0, f.a1, 0.0, 0.03, f.z0, f.z1),))), ground),
            painted(letters_on(wall, word(text, size), a, f.z1 - 0.5, 0.04), ink),
            painted(boards_on(wall, np.array(lines), 0.04), 0.6 * ink + 0.4 * ground),
        ]
    )


def _unit(wall: Wall, f: Feature, rng: np.random.Generator) -> Quads:
    """A fuse box or hose cabinet."""
    tone = np.asarray(((0.40, 0.41, 0.42), (0.45, 0.03, 0.02), (0.55, 0.55, 0.50))[int(rng.integers(0, 3))])
    box = crates_on(wall, np.array(((f.a0 + 0.1, f.a1 - 0.1, 0.0, 0.25, f.z0, f.z1),)))
    line = boards_on(wall, np.array(((f.a0 + 0.15, f.z0 + 0.05, f.a1 - 0.15, f.z1 - 0.05),)), 0.255)
    pipe = crates_on(wall, np.array(((f.a0 + 0.25, f.a0 + 0.31, 0.02, 0.08, f.z1, wall.top),)))
    return gather([painted(box, tone), painted(line, tone * 1.12), painted(pipe, (0.35, 0.35, 0.36))])

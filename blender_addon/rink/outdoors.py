"""A rink under the sky: land, snow banks, a fence, masts, trees, houses and hills. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.rink.adverts import AD_COLORS
from blender_addon.rink.houses import fairy_lights, house, kiosk
from blender_addon.rink.lamps import masts
from blender_addon.rink.plan import hall_of, outline, outside, perimeter, stations
from blender_addon.rink.quads import Quads
from blender_addon.rink.shapes import NOTHING, Places, bars, beside_ice, blocks, gather, painted, tubes, vec
from blender_addon.rink.stands import rows_at
from blender_addon.rink.trees import far_wood, wood
from mocap.rotations import Array

SCENES = ("park", "village", "plaza", "lake")
SNOW = (0.76, 0.78, 0.82)
HORIZON = 650.0
"""Metres from the ice's edge to where the land ends."""


def scene_of(spec: RinkSpec) -> str:
    """What lies around a rink outdoors."""
    return str(np.random.default_rng((spec.texture_seed, 80)).choice(SCENES))


def snowy(spec: RinkSpec) -> bool:
    """Whether snow lies on the land; in towns it is swept away."""
    return scene_of(spec) != "plaza" and bool(np.random.default_rng((spec.texture_seed, 81)).random() < 0.8)


def outdoors(spec: RinkSpec) -> tuple[Quads, Quads]:
    """Everything around a rink outdoors; and what glows there."""
    built, glow = _town(spec) if scene_of(spec) == "plaza" else _village(spec)
    huts, hatches = _huts(spec)
    strings, bulbs = _strings(spec)
    return (
        gather(
            [
                land(spec, banks=True),
                path(spec),
                _fence(spec),
                _masts(spec),
                _benches(spec),
                trees(spec),
                built,
                huts,
                _poles(spec),
                strings,
            ]
        ),
        gather([glow, hatches, bulbs]),
    )


def land(spec: RinkSpec, banks: bool) -> Quads:
    """The ground from the hall's wall, or the path outdoors, to the horizon, with hills there.

    banks: snow thrown out of the way lies along the path.
    """
    rng = np.random.default_rng((spec.texture_seed, 83))
    hall, end = hall_of(spec), perimeter(spec)
    u = stations(spec, 0.7, 0.5) if banks else stations(spec, 6.0, 3.0)
    s = hall.wall + np.array((0.0, 0.35, 0.7, 1.1, 1.5, 1.9, 2.4, 3.0, 4.0) if banks else (0.0, 6.0))
    near = _sheet(spec, u, end, s, rng, banks)
    # In corners the land opens like a fan: what is a step at the ice is a field at the horizon.
    v = stations(spec, 9.0, 0.7 if banks else 2.0)
    far = hall.wall + np.concatenate(((4.0, 8.0, 14.0, 22.0, 35.0), np.geomspace(55.0, HORIZON, 22)))
    return gather([near, _sheet(spec, v, end, far, np.random.default_rng((spec.texture_seed, 84)), False)])


def _sheet(spec: RinkSpec, u: Array, end: float, s: Array, rng: np.random.Generator, banks: bool) -> Quads:
    """Land over stations u and distances s."""
    around = np.append(u, end)
    usg = np.stack(np.meshgrid(around, s, indexing="ij"), axis=-1)
    xy = outline(spec, usg[..., 0], usg[..., 1])
    z = _height(spec, xy, usg[..., 1])
    if banks:
        depth = usg[..., 1] - hall_of(spec).wall
        profile = np.interp(depth, (0.0, 0.35, 0.8, 1.5, 2.4, 4.0), (0.0, 0.45, 0.85, 0.9, 0.45, 0.0))
        size = _bank(spec, xy)
        lumps = rng.uniform(-0.12, 0.12, (len(u), len(s)))
        lumps = np.concatenate((lumps, lumps[:1]))
        z = z + profile * size * (1.0 + lumps * 1.6) * (~rows_at(spec, usg[..., 0]))
    points = np.concatenate((xy, z[..., None]), axis=-1)
    corners = np.stack((points[:-1, :-1], points[1:, :-1], points[1:, 1:], points[:-1, 1:]), axis=2).reshape(-1, 4, 3)
    middle = corners.mean(axis=1)
    return Quads(corners, _ground_color(spec, middle, rng, banks))


def _ground_color(spec: RinkSpec, middle: Array, rng: np.random.Generator, banks: bool) -> Array:
    away = outside(spec, middle[:, :2])
    if scene_of(spec) == "plaza" and spec.kind == "outdoor":
        # Slabs of two tones; what was swept off them lies by the path, grey.
        slab = np.floor(middle[:, :2] / 3.0).sum(axis=1) % 2
        color = np.outer(0.20 + 0.05 * slab, (1.0, 0.97, 0.92))
        heaped = middle[:, 2] > 0.06
        return np.where((heaped & (away < 12.0))[:, None], np.asarray(SNOW) * 0.85, color) * rng.uniform(
            0.93, 1.06, (len(middle), 1)
        )
    base = np.asarray(SNOW if snowy(spec) else (0.13, 0.13, 0.07))
    color = base * rng.uniform(0.95, 1.03, (len(middle), 1))
    if not snowy(spec) and banks:
        color = np.where((middle[:, 2] > 0.12)[:, None], np.asarray(SNOW) * 0.9, color)
    # Woods make far hills dark; the air before them makes them blue.
    woods = np.clip((away - 100.0) / 70.0, 0.0, 1.0)
    woods *= np.clip(0.75 + 0.4 * _waves(spec, middle[:, :2], 220.0, 4), 0.45, 1.0)
    air = np.clip(away / HORIZON, 0.0, 1.0)[:, None]
    hills = np.array((0.06, 0.08, 0.085)) + 0.16 * air * np.array((0.8, 1.0, 1.25))
    return color + woods[:, None] * (hills * rng.uniform(0.8, 1.2, (len(middle), 1)) - color)


def _waves(spec: RinkSpec, xy: Array, longest: float, number: int) -> Array:
    """Smooth noise of about unit size over xy (…, 2): a few waves in random directions."""
    rng = np.random.default_rng((spec.texture_seed, 85, number))
    total = np.zeros(xy.shape[:-1])
    for _ in range(6):
        angle, phase = rng.uniform(0.0, 2.0 * np.pi, 2)
        wave = 2.0 * np.pi / (longest * rng.uniform(0.35, 1.0))
        total += np.sin(wave * (xy[..., 0] * np.cos(angle) + xy[..., 1] * np.sin(angle)) + phase)
    return total / np.sqrt(6.0)


def _height(spec: RinkSpec, xy: Array, s: Array) -> Array:
    """Metres of the land at xy: level near the rink, a little uneven further out, hills behind."""
    rng = np.random.default_rng((spec.texture_seed, 86))
    high = rng.uniform(8.0, 75.0) if scene_of(spec) != "plaza" else 4.0
    uneven = 0.25 * np.clip((s - 10.0) / 15.0, 0.0, 1.0) * _waves(spec, xy, 60.0, 0)
    rise = np.clip((s - 90.0) / (HORIZON - 150.0), 0.0, 1.0) ** 1.4
    return uneven + high * rise * np.maximum(
        0.75 + 0.45 * _waves(spec, xy, 600.0, 1) + 0.1 * _waves(spec, xy, 170.0, 5), 0.1
    )


def _bank(spec: RinkSpec, xy: Array) -> Array:
    """How high the bank is at xy."""
    rng = np.random.default_rng((spec.texture_seed, 87))
    mean = rng.uniform(0.5, 1.0) if snowy(spec) else rng.uniform(0.15, 0.4)
    return np.maximum(mean * (1.0 + 0.55 * _waves(spec, xy, 14.0, 2)), 0.05)


def path(spec: RinkSpec) -> Quads:
    """What one walks on around the boards: trodden snow, mats, planks or slabs."""
    rng = np.random.default_rng((spec.texture_seed, 88))
    hall, end = hall_of(spec), perimeter(spec)
    u = stations(spec, 0.9, 0.6)
    s = np.linspace(hall.boards_depth, hall.wall, 6)
    points = np.concatenate(
        (outline(spec, *np.meshgrid(np.append(u, end), s, indexing="ij")), np.zeros((len(u) + 1, 6, 1))), axis=-1
    )
    corners = np.stack((points[:-1, :-1], points[1:, :-1], points[1:, 1:], points[:-1, 1:]), axis=2).reshape(-1, 4, 3)
    trodden = ((0.50, 0.50, 0.50), (0.62, 0.63, 0.65), (0.07, 0.07, 0.075), (0.24, 0.16, 0.10))
    tone = np.asarray(trodden[int(rng.integers(0, 2 if snowy(spec) and rng.random() < 0.6 else 4))])
    return Quads(corners, tone * rng.uniform(0.86, 1.1, (len(corners), 1)))


def _fence(spec: RinkSpec) -> Quads:
    """A low fence outside the path: two rails on posts, or netting; with gaps to come in, none behind the rows."""
    rng = np.random.default_rng((spec.texture_seed, 89))
    if rng.random() < 0.3:
        return NOTHING
    hall, end = hall_of(spec), perimeter(spec)
    count = int(end / 2.0)
    u = end * np.arange(count) / count
    here = ~rows_at(spec, u) & (rng.random(count) > 0.06)
    s = hall.wall - 0.12
    place = outline(spec, u, s)
    after = np.roll(place, -1, axis=0)
    tones = ((0.20, 0.12, 0.07), (0.62, 0.62, 0.60), (0.08, 0.08, 0.085))
    tone = np.asarray(tones[int(rng.integers(0, 3))])

    def at(xy: Array, z: float) -> Array:
        return np.concatenate((xy[here], np.full((int(here.sum()), 1), z)), axis=1)

    posts = bars(at(place, -0.1), at(place, 1.0), 0.09)
    lying = [bars(at(place, z), at(after, z), 0.06) for z in (0.5, 0.9)]
    return painted(np.concatenate((posts, *lying)), tone)


def _masts(spec: RinkSpec) -> Quads:
    """Poles under the lamps, a foot and an arm with a housing each."""
    heads = masts(spec)
    # The pole stands a step outside the lamp, so that this is free; before rows, a step inside.
    side = np.where((heads[:, 1:2] > 0.0) & bool(spec.tiers), -0.2, 0.25)
    foot = heads * (1.0, 1.0, 0.0) + np.sign(heads) * (0.0, 1.0, 0.0) * side
    top = foot + (0.0, 0.0, 1.0) * heads + (0.0, 0.0, 0.25)
    poles = tubes(foot, top, 0.11, 0.06, sides=8)
    arms = bars(top - (0.0, 0.0, 0.1), heads + vec(0.0, 0.0, 0.15), 0.07)
    across = bars(heads + vec(-0.75, 0, 0.2), heads + vec(0.75, 0, 0.2), 0.08)
    feet = blocks(foot - (0.25, 0.25, 0.0), foot + vec(0.25, 0.25, 0.3), 5)
    return gather(
        [painted(np.concatenate((poles, arms, across)), (0.26, 0.27, 0.28)), painted(feet, (0.35, 0.35, 0.34))]
    )


def _benches(spec: RinkSpec) -> Quads:
    """Park benches along the path, backs to the bank."""
    rng = np.random.default_rng((spec.texture_seed, 90))
    hall, end = hall_of(spec), perimeter(spec)
    count = int(rng.integers(4, 10))
    u = end * (np.arange(count) + rng.uniform(0.2, 0.8, count)) / count
    u = u[~rows_at(spec, u)]
    place = beside_ice(spec, u, hall.wall - 0.85)
    plank = blocks(
        ((-0.9, 0.0, 0.42), (-0.9, 0.16, 0.42), (-0.9, 0.32, 0.42), (-0.9, 0.48, 0.58), (-0.9, 0.52, 0.74)),
        ((0.9, 0.13, 0.46), (0.9, 0.29, 0.46), (0.9, 0.45, 0.46), (0.9, 0.51, 0.70), (0.9, 0.55, 0.86)),
    )
    legs = blocks(((-0.75, 0.03, 0.0), (0.69, 0.03, 0.0)), ((-0.69, 0.5, 0.42), (0.75, 0.5, 0.42)), 5)
    return gather([painted(place.bodies(plank), (0.25, 0.14, 0.07)), painted(place.bodies(legs), (0.05, 0.05, 0.05))])


def trees(spec: RinkSpec) -> Quads:
    """Trees between the rink and the hills, clear of houses and huts, and the edge of the woods."""
    rng = np.random.default_rng((spec.texture_seed, 91))
    hall, end = hall_of(spec), perimeter(spec)
    around = spec.kind == "outdoor"
    scene = scene_of(spec) if around else "park"
    count = {"park": 64, "village": 34, "plaza": 12, "lake": 30}[scene] if around else 10
    u = end * (np.arange(count) + rng.uniform(0.0, 1.0, count)) / count
    near, far = {"park": (5.0, 45.0), "village": (6.0, 34.0), "plaza": (6.0, 8.5), "lake": (9.0, 60.0)}[scene]
    s = hall.wall + near + (far - near) * rng.random(count) ** 1.5
    xy = outline(spec, u, s)
    conifers = rng.random(count) < {"park": 0.35, "village": 0.5, "plaza": 0.3, "lake": 0.85}[scene]
    free = np.ones(count, dtype=bool)
    if around:
        houses, huts = _house_places(spec), _hut_places(spec)
        for middles, apart in ((houses.origin + 3.7 * houses.out, 9.5), (huts.origin + 1.2 * huts.out, 5.0)):
            free &= (np.linalg.norm(xy[:, None] - middles[None], axis=-1) > apart).all(axis=1)
    at = np.concatenate((xy, _height(spec, xy, s)[:, None] - 0.05), axis=1)
    white = 0.7 if snowy(spec) else 0.0
    bags = [wood(at[free], conifers[free], rng, white)]
    if scene != "plaza":
        # The woods' edge: in belts and clumps, thin where the land lies open.
        many = 2600 if around else 350
        v, t = end * rng.random(many), hall.wall + 55.0 + 150.0 * rng.random(many) ** 0.8
        xy = outline(spec, v, t)
        dense = _waves(spec, xy, 160.0, 3) + (t - 100.0) / 50.0 > rng.uniform(-0.2, 0.6, many)
        xy, t = xy[dense], t[dense]
        low = np.concatenate((xy, _height(spec, xy, t)[:, None] - 0.3), axis=1)
        bags.append(far_wood(low, rng.uniform(6.0, 15.0, len(low)), rng, white))
    return gather(bags)


def _house_places(spec: RinkSpec) -> Places:
    """Where single houses stand: many in a village, few in a park or by a lake, none on a square, which has fronts."""
    rng = np.random.default_rng((spec.texture_seed, 92))
    count = {"village": 17, "park": 7, "lake": 3, "plaza": 0}[scene_of(spec)]
    u = perimeter(spec) * (np.arange(count) + rng.uniform(0.25, 0.75, count)) / max(count, 1)
    return beside_ice(spec, u, hall_of(spec).wall + rng.uniform(14.0, 40.0, count))


def _village(spec: RinkSpec) -> tuple[Quads, Quads]:
    """Houses with gardens between them."""
    rng = np.random.default_rng((spec.texture_seed, 97))
    places = _house_places(spec)
    made = [house(places.at(number), rng, snowy(spec), town=False) for number in range(len(places))]
    return gather([dull for dull, _ in made]), gather([glow for _, glow in made])


def _town(spec: RinkSpec) -> tuple[Quads, Quads]:
    """House fronts side by side around a square."""
    rng = np.random.default_rng((spec.texture_seed, 93))
    hall = hall_of(spec)
    deep = hall.wall + float(rng.uniform(9.0, 18.0))
    x, y = 0.5 * spec.length + deep, 0.5 * spec.width + deep
    made = []
    for start, along, length in (
        ((x, y), (0, -1), 2 * y),
        ((x, -y), (-1, 0), 2 * x),
        ((-x, -y), (0, 1), 2 * y),
        ((-x, y), (1, 0), 2 * x),
    ):
        a = 0.0
        out = np.array((-along[1], along[0]), dtype=np.float64)
        while a < length:
            a += 6.8
            middle = np.asarray(start) + np.asarray(along, dtype=np.float64) * a
            place = Places(middle[None], np.asarray(along, dtype=np.float64)[None], out[None])
            made.append(house(place, rng, False, town=True))
            a += 6.8 + (4.0 if rng.random() < 0.15 else 0.0)
    return gather([dull for dull, _ in made]), gather([glow for _, glow in made])


def _hut_places(spec: RinkSpec) -> Places:
    """Where huts stand beyond the path: one to three, on a square a row of them; never behind the rows."""
    rng = np.random.default_rng((spec.texture_seed, 94))
    end, plaza = perimeter(spec), scene_of(spec) == "plaza"
    count = int(rng.integers(5, 11)) if plaza else int(rng.integers(1, 4))
    pitch = float(rng.uniform(6.5, 9.0)) if plaza else 0.3 * end
    u = np.mod(end * rng.random() + pitch * np.arange(count), end)
    return beside_ice(spec, u[~rows_at(spec, u)], hall_of(spec).wall + 3.2)


def _huts(spec: RinkSpec) -> tuple[Quads, Quads]:
    places = _hut_places(spec)
    made = [kiosk(spec, places.at(number), snowy(spec), number) for number in range(len(places))]
    return gather([dull for dull, _ in made]), gather([glow for _, glow in made])


def _poles(spec: RinkSpec) -> Quads:
    """Flags on poles in a row, and nets that catch pucks behind the ends."""
    rng = np.random.default_rng((spec.texture_seed, 96))
    hall = hall_of(spec)
    bags = []
    if rng.random() < 0.6:
        count = int(rng.integers(3, 8))
        u = perimeter(spec) * (0.02 + float(rng.choice((0.1, 0.6)))) + 3.2 * np.arange(count)
        place = beside_ice(spec, u, hall.wall + 2.2)
        pole = tubes(((0.0, 0.0, 0.0),), ((0.0, 0.0, 7.0),), 0.05, 0.03, sides=6)
        bags.append(painted(place.bodies(pole), (0.6, 0.6, 0.6)))
        wave = np.linspace(0.0, 1.6, 6)
        sway = 0.12 * np.sin(3.0 * wave) * wave
        line = np.stack((wave, sway, 6.8 - 0.06 * wave), axis=-1)
        down = np.array((0.0, 0.0, -1.0))
        cloth = np.stack((line[:-1] + down, line[1:] + down, line[1:], line[:-1]), axis=1)
        two = np.asarray(AD_COLORS)[rng.integers(0, len(AD_COLORS), (count, 2))]
        tones = np.where((np.arange(5) < 2)[None, :, None], two[:, :1], two[:, 1:])
        bags.append(Quads(place.bodies(cloth), tones.reshape(-1, 3)))
    if rng.random() < 0.5:
        bags += [_net(0.5 * spec.length + hall.wall - 0.3), _net(-0.5 * spec.length - hall.wall + 0.3)]
    return gather(bags)


def _net(x: float) -> Quads:
    """A net across the end at x, 18 m wide, from the bank to 4 m up."""
    y, z = np.arange(-9.0, 9.1, 0.3), np.arange(1.2, 4.1, 0.3)
    low = np.stack((np.full(len(y), x), y, np.full(len(y), 1.2)), axis=-1)
    left = np.stack((np.full(len(z), x), np.full(len(z), -9.0), z), axis=-1)
    cords = np.concatenate((bars(low, low + vec(0.0, 0.0, 2.8), 0.015), bars(left, left + vec(0.0, 18.0, 0.0), 0.015)))
    foot = low[::10] * (1.0, 1.0, 0.0)
    posts = tubes(foot, foot + vec(0.0, 0.0, 4.1), 0.05, sides=6)
    return gather([painted(posts, (0.2, 0.2, 0.21)), painted(cords, (0.12, 0.12, 0.12))])


def _strings(spec: RinkSpec) -> tuple[Quads, Quads]:
    """Bulbs on wires from mast to mast, over a square or, now and then, elsewhere."""
    rng = np.random.default_rng((spec.texture_seed, 95))
    if rng.random() > (0.8 if scene_of(spec) == "plaza" else 0.3):
        return NOTHING, NOTHING
    heads = masts(spec)
    tops = heads - (0.0, 0.0, 0.6)
    left, right = tops[tops[:, 1] < 0.0], tops[tops[:, 1] >= 0.0]
    pairs = [np.stack(pair) for pair in zip(left, right, strict=True)]
    pairs += [np.stack((row[i], row[i + 1])) for row in (left, right) for i in range(len(row) - 1)]
    return fairy_lights(np.array(pairs))

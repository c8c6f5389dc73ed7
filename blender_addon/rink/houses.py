"""Houses and huts around a rink outdoors: fronts with windows, roofs, a kiosk. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.rink.adverts import AD_COLORS
from blender_addon.rink.lettering import word, word_width
from blender_addon.rink.quads import Quads
from blender_addon.rink.shapes import Places, bars, blocks, gather, painted, vec
from mocap.rotations import Array

PLASTER = (
    (0.60, 0.55, 0.45),
    (0.55, 0.40, 0.24),
    (0.48, 0.22, 0.15),
    (0.62, 0.60, 0.56),
    (0.30, 0.10, 0.07),
    (0.42, 0.46, 0.48),
)
TIMBER = ((0.22, 0.12, 0.06), (0.30, 0.05, 0.04), (0.34, 0.28, 0.20), (0.12, 0.09, 0.07))
TILES = ((0.12, 0.06, 0.045), (0.07, 0.07, 0.075), (0.16, 0.09, 0.06))
SNOW = (0.74, 0.76, 0.80)
LAMPLIGHT = np.array((1.0, 0.62, 0.28))


def house(place: Places, rng: np.random.Generator, snow: bool, town: bool) -> tuple[Quads, Quads]:
    """A house whose front stands at the place and looks against its `out`; its lit windows apart."""
    storeys = int(rng.integers(3, 6)) if town else int(rng.integers(1, 3))
    w, deep, h = (
        (float(rng.uniform(9.0, 15.0)), 10.0, 3.1 * storeys + 0.6)
        if town
        else (float(rng.uniform(7.0, 12.0)), 7.5, 2.8 * storeys)
    )
    tones = PLASTER if town or rng.random() < 0.5 else TIMBER
    front = np.asarray(tones[int(rng.integers(0, len(tones)))]) * rng.uniform(0.8, 1.15)
    roof = np.asarray(SNOW if snow else TILES[int(rng.integers(0, len(TILES)))])
    a = 0.5 * w
    body = blocks(((-a, 0.0, 0.0),), ((a, deep, h),), 5)
    ridge, over = h + (2.6 if town else 3.0), 0.45
    if town or rng.random() < 0.5:  # the ridge runs along the front
        slopes = [
            (
                (-a - over, y, h - 0.2),
                (a + over, y, h - 0.2),
                (a + over, 0.5 * deep, ridge),
                (-a - over, 0.5 * deep, ridge),
            )
            for y in (-over, deep + over)
        ]
        gables = [
            ((s * a, 0.0, h), (s * a, deep, h), (s * a, 0.52 * deep, ridge - 0.1), (s * a, 0.48 * deep, ridge - 0.1))
            for s in (-1, 1)
        ]
    else:
        slopes = [
            (
                (s * (a + over), -over, h - 0.2),
                (s * (a + over), deep + over, h - 0.2),
                (0.0, deep + over, ridge),
                (0.0, -over, ridge),
            )
            for s in (-1, 1)
        ]
        gables = [((-a, 0.0, h), (a, 0.0, h), (0.02, 0.0, ridge - 0.1), (-0.02, 0.0, ridge - 0.1))]
    eaves = blocks(((-a - over, -over, h - 0.3),), ((a + over, -over + 0.12, h - 0.15),))
    chimney = blocks(((0.25 * w, 0.55 * deep, h + 0.5),), ((0.25 * w + 0.7, 0.55 * deep + 0.7, ridge + 0.9),), 5)
    columns = max(int(w / 2.6), 2)
    x = (np.arange(columns) + 0.5) / columns * w - a
    x, z = (g.ravel() for g in np.meshgrid(x, 1.0 + np.arange(storeys) * (3.1 if town else 2.8), indexing="ij"))
    lit = rng.random(len(x)) < 0.35
    pane_low = np.stack((x - 0.5, np.full(len(x), -0.05), z), axis=-1)
    pane = np.array(((0.0, 0, 0), (1.0, 0, 0), (1.0, 0, 1.4), (0, 0, 1.4)))
    panes = place.bodies(pane_low[:, None] + pane)
    trim = blocks(pane_low + vec(-0.12, 0.02, -0.12), pane_low + vec(1.12, 0.06, 1.52))
    cross = blocks(
        np.concatenate((pane_low + vec(0.46, -0.03, 0), pane_low + vec(0, -0.03, 0.85))),
        np.concatenate((pane_low + vec(0.54, 0.0, 1.4), pane_low + vec(1.0, 0, 0.92))),
    )
    door = blocks(((-0.6, -0.08, 0.0),), ((0.6, 0.0, 2.2),), 5)
    dark = np.array((0.03, 0.035, 0.045))
    light = LAMPLIGHT * rng.uniform(0.05, 0.2, (int(lit.sum()), 1))
    return gather(
        [
            painted(place.bodies(body), front),
            painted(place.bodies(slopes), roof),
            painted(place.bodies(gables), front * 0.95),
            painted(place.bodies(np.concatenate((eaves, chimney))), front * 0.5),
            painted(place.bodies(np.concatenate((trim, cross))), np.minimum(front * 1.5 + 0.08, 0.7)),
            painted(place.bodies(door), (0.09, 0.05, 0.03)),
            painted(panes[~lit], dark),
        ]
    ), Quads(panes[lit], light)


def kiosk(spec: RinkSpec, place: Places, snow: bool, number: int) -> tuple[Quads, Quads]:
    """A hut that sells hot drinks, the `number`th: its hatch and sign glow."""
    rng = np.random.default_rng((spec.texture_seed, 82, number))
    tone = np.asarray(TIMBER[int(rng.integers(0, len(TIMBER)))])
    w, deep, h = 2.0, 2.4, 2.4
    body = np.concatenate(
        (
            blocks(((-w, 0.0, 0.0), (-w, 0.0, 2.1)), ((w, 0.15, 1.05), (w, 0.15, h)), 6),
            blocks(((-w, 0.0, 0.0), (w - 0.4, 0.0, 0.0)), ((0.4 - w, 0.15, h), (w, 0.15, h)), 6),
            blocks(((-w, 0.15, 0.0), (w - 0.1, 0.15, 0.0)), ((0.1 - w, deep, h), (w, deep, h)), 6),
        )
    )
    slats = np.arange(0.0, 1.05, 0.15)
    lines = blocks([(-w - 0.01, -0.012, z) for z in slats], [(w + 0.01, 0.0, z + 0.015) for z in slats])
    roof = [
        ((-w - 0.3, -0.7, 2.35), (w + 0.3, -0.7, 2.35), (w + 0.3, 1.2, 3.3), (-w - 0.3, 1.2, 3.3)),
        ((-w - 0.3, deep + 0.3, 2.35), (w + 0.3, deep + 0.3, 2.35), (w + 0.3, 1.2, 3.3), (-w - 0.3, 1.2, 3.3)),
    ]
    counter = blocks(((-w, -0.35, 1.05),), ((w, 0.15, 1.12),))
    back = [((-w, deep - 0.05, 0.0), (w, deep - 0.05, 0.0), (w, deep - 0.05, h), (-w, deep - 0.05, h))]
    text = str(rng.choice(("HOT DRINKS", "WAFFLES", "SKATE HIRE", "PUNCH", "TICKETS")))
    size = min(0.34, 0.34 * 3.4 / word_width(text, 0.34))
    flat = word(text, size)
    letters = np.stack(
        (flat[..., 0] - 0.5 * word_width(text, size), np.full(flat.shape[:-1], -0.76), flat[..., 1] + 2.5), axis=-1
    )
    sign = blocks(((-1.9, -0.75, 2.4),), ((1.9, -0.7, 2.95),))
    ground = np.asarray(AD_COLORS[int(rng.integers(0, len(AD_COLORS)))])
    dull = [
        painted(place.bodies(body), tone),
        painted(place.bodies(lines), tone * 0.4),
        painted(place.bodies(roof), SNOW if snow else tone * 0.6),
        painted(place.bodies(np.concatenate((counter, sign))), ground),
    ]
    glow = [painted(place.bodies(back), LAMPLIGHT * 0.16), painted(place.bodies(letters), (0.30, 0.24, 0.14))]
    return gather(dull), gather(glow)


def fairy_lights(ends: Array) -> tuple[Quads, Quads]:
    """Strings of bulbs between points (N, 2, 3), sagging: the wires, and the bulbs, which glow."""
    share = np.linspace(0.0, 1.0, 33)
    sag = 4.0 * share * (1.0 - share)
    wires, bulbs = [], []
    for a, b in ends:
        line = a + (b - a) * share[:, None] - sag[:, None] * (0.0, 0.0, 0.05 * float(np.linalg.norm(b - a)))
        wires.append(bars(line[:-1], line[1:], 0.02))
        bulbs.append(blocks(line[1:-1] - 0.06, line[1:-1] + vec(0.06, 0.06, 0.0)))
    return painted(np.concatenate(wires), (0.03, 0.03, 0.03)), painted(np.concatenate(bulbs), (0.9, 0.62, 0.3))

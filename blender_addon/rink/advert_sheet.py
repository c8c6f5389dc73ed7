"""All advertisements of a rink in one picture, and where on the boards each hangs. No bpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.rink.adverts import draw_advert
from mocap.rotations import Array

LONG, SHORT = 8, 6
"""How many different advertisements two panels long and one panel long a rink has."""

PIXELS = 288
"""Per metre of the boards."""

_WHITE = 4


@dataclass(frozen=True)
class Sheet:
    """Attributes:
    pixels: (H, W, 3) uint8 sRGB, the top row first; its lower left corner is white.
    boxes: (N, 4) left, bottom, right, top of each advertisement, shares of the picture from its lower left.
    panels: (N,) how many panels each is long.
    """

    pixels: np.ndarray
    boxes: Array
    panels: np.ndarray


def advert_sheet(spec: RinkSpec, panel: float, height: float) -> Sheet:
    """The advertisements for panels of so many metres; nothing but white if the spec has none.

    Each is drawn from a seed of its own.
    """
    if spec.adverts <= 0.0:
        return Sheet(np.full((_WHITE, _WHITE, 3), 255, dtype=np.uint8), np.zeros((0, 4)), np.zeros(0, dtype=np.int64))
    wide, high = round(PIXELS * panel), round(PIXELS * height)
    rows = LONG + -(-SHORT // 2)
    shape = np.array((rows * high + _WHITE, 2 * wide))
    pixels = np.full((*shape, 3), 255, dtype=np.uint8)
    places = [(k, 0, 2) for k in range(LONG)] + [(LONG + k // 2, k % 2, 1) for k in range(SHORT)]
    boxes = []
    for k, (row, column, long) in enumerate(places):
        top, left, right = row * high, column * wide, (column + long) * wide
        rng = np.random.default_rng((spec.texture_seed, 1, k))
        pixels[top : top + high, left:right] = draw_advert(rng, right - left, high, spec.boards)
        # Half a pixel inside, so that no neighbour shows at the edges.
        low, up = shape[0] - top - high + 0.5, shape[0] - top - 0.5
        boxes.append(((left + 0.5) / shape[1], low / shape[0], (right - 0.5) / shape[1], up / shape[0]))
    return Sheet(pixels, np.array(boxes), np.array([long for _, _, long in places]))


def hang(spec: RinkSpec, count: int, sheet: Sheet) -> tuple[np.ndarray, np.ndarray]:
    """For each of `count` panels (N,): which advertisement it is part of (−1: bare), and which of its panels it is."""
    which, part = np.full(count, -1), np.zeros(count, dtype=np.int64)
    rng = np.random.default_rng((spec.texture_seed, 2))
    at, last = 0, -1
    while at < count and len(sheet.panels):
        shown, chosen = rng.random() < spec.adverts, int(rng.integers(len(sheet.panels)))
        long = min(int(sheet.panels[chosen]), count - at)
        if shown and chosen != last and long == sheet.panels[chosen]:
            which[at : at + long], part[at : at + long] = chosen, np.arange(long)
        at, last = at + long, chosen
    return which, part

"""Advertisements and a club's crest under the ice: where they lie, and their pictures. No bpy."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.rink.adverts import AD_COLORS, draw_advert, srgb
from blender_addon.rink.letters import STYLES, draw_text, text_width
from mocap.rotations import Array

CREST_SIZE = 4.4
ADVERT_SIZE = (5.2, 2.3)
"""Metres of the crest's square and of an advertisement's rectangle, on a rink of 60 × 30 m."""

CELL = 480
"""Pixels along a side of a picture on the sheet."""

# Where they lie, in the order in which rinks sell them: x as a share of half the length, y of half the width.
# Between the lines and the circles, then before the goals, then along the sides.
PLACES = (
    (0.0, 0.0), (0.12, -0.62), (-0.12, 0.62), (0.12, 0.62), (-0.12, -0.62), (0.5, 0.0), (-0.5, 0.0),
    (0.38, -0.8), (-0.38, 0.8), (0.38, 0.8), (-0.38, -0.8),
)  # fmt: skip

_DEEP = 1.6  # pixels of blur: ice scatters what lies an inch under it


@dataclass(frozen=True)
class Logo:
    """A rectangle under the ice: its middle and half sizes, metres; `cell` counts along the sheet."""

    x: float
    y: float
    half: tuple[float, float]
    cell: int


def logos(spec: RinkSpec) -> tuple[Logo, ...]:
    """What lies under the ice; a club's crest in the middle, then advertisements. No more than there are places."""
    scale = min(spec.length / 60.0, spec.width / 30.0)
    made = []
    for number, (x, y) in enumerate(PLACES[: max(spec.ice.logos, 0)]):
        wide, high = (CREST_SIZE, CREST_SIZE) if number == 0 else ADVERT_SIZE
        half = (0.5 * scale * wide, 0.5 * scale * high)
        made.append(Logo(0.5 * spec.length * x, 0.5 * spec.width * y, half, number))
    return tuple(made)


def logo_sheet(spec: RinkSpec) -> np.ndarray:
    """(CELL, CELL · N, 4) uint8 sRGB with alpha: the pictures of `logos`, side by side, clear at their edges.

    Row 0 is the top, which lies towards +Y.
    """
    cells = []
    for logo in logos(spec):
        rng = np.random.default_rng((spec.texture_seed, 47, logo.cell))
        color = _crest(rng) if logo.cell == 0 else _advert(rng, spec)
        cells.append(cv2.GaussianBlur(color, (0, 0), _DEEP, borderType=cv2.BORDER_REPLICATE))
    return np.concatenate(cells, axis=1)


def logo_places(spec: RinkSpec, middles: Array, corners: Array) -> Array:
    """Shares (F, C, 2) of the sheet's width and height for the corners (F, C, 2; m) of faces with middles (F, 2).

    Faces beside all logos get the sheet's corner, which is clear.
    """
    out = np.zeros(corners.shape)
    laid = logos(spec)
    for logo in laid:
        inside = (np.abs(middles - (logo.x, logo.y)) <= logo.half).all(axis=-1)
        share = 0.5 + 0.5 * (corners[inside] - (logo.x, logo.y)) / logo.half
        out[inside] = np.add(share, (logo.cell, 0.0)) / (len(laid), 1.0)
    return out


def _advert(rng: np.random.Generator, spec: RinkSpec) -> np.ndarray:
    high = round(CELL * ADVERT_SIZE[1] / ADVERT_SIZE[0])
    drawn = cv2.resize(draw_advert(rng, CELL, high, spec.ice.color), (CELL, CELL), interpolation=cv2.INTER_AREA)
    alpha = np.zeros((CELL, CELL), np.uint8)
    alpha[8:-8, 5:-5] = 255
    return np.dstack((drawn, alpha))


def _crest(rng: np.random.Generator) -> np.ndarray:
    """A club's round badge: ring, field, a blade's arcs or a star, and initials."""
    first, second = rng.choice(len(AD_COLORS), 2, replace=False)
    ground, mark, white = srgb(AD_COLORS[first]), srgb(AD_COLORS[second]), (235, 238, 240)
    canvas = np.zeros((CELL, CELL, 4), np.uint8)
    canvas[..., :3] = ground
    middle = (CELL // 2, CELL // 2)
    for share, color in ((0.47, ground), (0.44, white), (0.425, ground), (0.33, white), (0.315, mark)):
        cv2.circle(canvas, middle, round(share * CELL), (*color, 255), -1, cv2.LINE_AA)
    if rng.random() < 0.5:
        turn = np.arange(10) * np.pi / 5.0 - 0.5 * np.pi
        reach = np.where(np.arange(10) % 2 == 0, 0.29, 0.12) * CELL
        star = np.stack((np.cos(turn) * reach, np.sin(turn) * reach), axis=-1) + middle
        cv2.fillPoly(canvas, [np.rint(16.0 * star).astype(np.int32)], (*white, 255), cv2.LINE_AA, 4)
        ink = ground
    else:
        for k in range(3):
            axes = (round((0.27 - 0.05 * k) * CELL), round((0.10 + 0.05 * k) * CELL))
            cv2.ellipse(canvas, middle, axes, 60 * k, 0, 250, (*white, 255), 5, cv2.LINE_AA)
        ink = white
    text = "".join(rng.choice(list("ABCDEFGHIKLMNOPRSTUVW"), 2)) + "SC"[: int(rng.integers(1, 3))]
    style = STYLES[int(rng.integers(len(STYLES)))]
    size = min(0.30 * CELL / text_width(text, style), 0.16 * CELL)
    letters = np.ascontiguousarray(canvas[..., :3])
    draw_text(letters, text, style, 0.5 * (CELL - size * text_width(text, style)), 0.5 * (CELL + size), size, ink)
    canvas[..., :3] = letters
    return canvas

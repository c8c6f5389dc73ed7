"""Advertisements: brands that nobody owns, drawn as pictures. No bpy.

All drawing is OpenCV's in whole numbers (polygons, circles), so that a seed gives the same picture on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from blender_addon.color import Color
from blender_addon.rink.letters import STYLES, Style, draw_text, text_width
from mocap.rotations import Array

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
"""Grounds and inks of the advertisements, linear."""

# fmt: off
_FIRST = (
    "NOR", "VEL", "KRY", "TUN", "LUM", "ZIM", "HAL", "BRIS", "FJEL", "QUEN", "OST", "GLA", "SKAR", "TORV",
    "EID", "YLM", "AXE", "PRU", "MIR", "DOV",
)
_LAST = (
    "DRAK", "VIKA", "ORIX", "IXA", "ANEV", "OLLA", "UMO", "ENTO", "ARIS", "EKKO", "UNDEL", "AVIA", "ISTO",
    "ULFI", "ONDA", "ETTAR",
)
_TRADES = (
    "BANK", "ENERGY", "DAIRY", "TOOLS", "AIR", "RADIO", "SPORT", "HOTELS", "MOTORS", "FOODS", "PAINTS", "OPTIC",
    "TIMBER", "WATER", "COFFEE", "TRAVEL", "SKATES", "ICE SYSTEMS", "INSURANCE", "BAKERY", "DIGITAL", "CYCLES",
)
_LINES = (
    "EVERY DAY ON ICE", "SINCE 1928", "SKATING SCHOOL", "WARM INSIDE", "FOR WINTER PEOPLE", "YOUR CITY RINK",
    "MADE NEAR YOU", "KEEP GLIDING", "OPEN ALL YEAR", "PARTNER OF SKATING", "COLD IS COOL",
)
# fmt: on

_Ink = tuple[int, ...]
_SHIFT = 4


@dataclass(frozen=True)
class _Brand:
    """What the advertisements of one brand share. Colours are sRGB, 0 … 255."""

    name: str
    trade: str
    line: str
    ground: _Ink
    ink: _Ink
    second: _Ink
    white: _Ink
    style: Style
    logo: Callable[[np.ndarray, float, float, float, _Ink, _Ink], None]


def draw_advert(rng: np.random.Generator, width: int, height: int, white: Color) -> np.ndarray:
    """(height, width, 3) uint8 sRGB: one advertisement, as seen from the ice.

    Args:
        rng: decides brand and design; white: linear colour of what it is put on.
    """
    brand = _brand(rng, white)
    design = _DESIGNS[int(rng.integers(len(_DESIGNS)))]
    canvas = np.empty((height, width, 3), dtype=np.uint8)
    canvas[:] = brand.ground
    design(canvas, brand, rng)
    return canvas


def srgb(color: Color | Array) -> _Ink:
    """A linear colour as sRGB, 0 … 255."""
    linear = np.clip(np.asarray(color, dtype=np.float64), 0.0, 1.0)
    encoded = np.where(linear < 0.0031308, 12.92 * linear, 1.055 * linear ** (1.0 / 2.4) - 0.055)
    return tuple(int(v) for v in np.rint(255.0 * encoded))


def _brand(rng: np.random.Generator, white: Color) -> _Brand:
    name = str(rng.choice(_FIRST)) + str(rng.choice(_LAST))
    first, second = rng.choice(len(AD_COLORS), 2, replace=False)
    on_white = bool(rng.random() < 0.45)
    ground = white if on_white else AD_COLORS[first]
    bright = float(np.dot(ground, (0.2126, 0.7152, 0.0722))) > 0.3
    # Dark on light or light on dark, so that it reads from afar.
    ink = AD_COLORS[5 if first == 6 or rng.random() < 0.2 else first] if bright else white
    if bright and not on_white:
        ink = AD_COLORS[int(rng.choice((5, 1, 0)))]
    return _Brand(
        name=name,
        trade=str(rng.choice(_TRADES)),
        line=str(rng.choice(_LINES)),
        ground=srgb(ground),
        ink=srgb(ink),
        second=srgb(AD_COLORS[second]),
        white=srgb(white),
        style=STYLES[int(rng.integers(len(STYLES)))],
        logo=_LOGOS[int(rng.integers(len(_LOGOS)))],
    )


def _fit(canvas: np.ndarray, text: str, style: Style, box: tuple[float, float, float, float], ink: _Ink) -> None:
    """Draws a line of text as large as the box (left, top, right, bottom; shares of the canvas) lets it be."""
    high, wide = canvas.shape[:2]
    left, top, right, bottom = box[0] * wide, box[1] * high, box[2] * wide, box[3] * high
    size = min((right - left) / text_width(text, style), bottom - top)
    if size < 6.0:
        return
    start = left + 0.5 * (right - left - size * text_width(text, style))
    draw_text(canvas, text, style, start, bottom - 0.5 * (bottom - top - size), size, ink)


# Designs ---------------------------------------------------------------------------------------------------------


def _logo_and_word(canvas: np.ndarray, brand: _Brand, rng: np.random.Generator) -> None:
    high, wide = canvas.shape[:2]
    at = 0.62 * high
    brand.logo(canvas, at, 0.5 * high, 0.36 * high, brand.ink, brand.second)
    _fit(canvas, brand.name, brand.style, ((at + 0.5 * high) / wide, 0.24, 1.0 - 0.2 * high / wide, 0.76), brand.ink)


def _word(canvas: np.ndarray, brand: _Brand, rng: np.random.Generator) -> None:
    _fit(canvas, brand.name, brand.style, (0.05, 0.18, 0.95, 0.82), brand.ink)


def _two_lines(canvas: np.ndarray, brand: _Brand, rng: np.random.Generator) -> None:
    plain = STYLES[int(rng.choice((0, 3, 5)))]
    _fit(canvas, brand.name, brand.style, (0.05, 0.12, 0.95, 0.62), brand.ink)
    _fit(canvas, str(rng.choice((brand.trade, brand.line))), plain, (0.08, 0.70, 0.92, 0.88), brand.ink)


def _word_and_band(canvas: np.ndarray, brand: _Brand, rng: np.random.Generator) -> None:
    high = len(canvas)
    canvas[int(0.78 * high) :] = brand.second
    canvas[int(0.74 * high) : int(0.76 * high)] = brand.second
    _fit(canvas, brand.name, brand.style, (0.05, 0.12, 0.95, 0.64), brand.ink)


def _word_and_chevrons(canvas: np.ndarray, brand: _Brand, rng: np.random.Generator) -> None:
    high, wide = canvas.shape[:2]
    count, step, thick = 4, 0.30 * high, 0.16 * high
    start = 0.0 if rng.random() < 0.5 else wide - (count + 1.5) * step
    for k in range(count):
        x = start + k * step
        corners = ((x, 0), (x + thick, 0), (x + thick + 0.4 * high, 0.5 * high), (x + thick, high), (x, high))
        _polygon(canvas, (*corners, (x + 0.4 * high, 0.5 * high)), brand.ink if k % 2 else brand.second)
    room = (count + 1.4) * step / wide
    box = (room, 0.2, 0.95, 0.8) if start == 0.0 else (0.05, 0.2, 1.0 - room, 0.8)
    _fit(canvas, brand.name, brand.style, box, brand.ink)


def _split(canvas: np.ndarray, brand: _Brand, rng: np.random.Generator) -> None:
    high, wide = canvas.shape[:2]
    cut, lean = 0.36 * wide, 0.2 * high
    _polygon(canvas, ((0, 0), (cut + lean, 0), (cut - lean, high), (0, high)), brand.second)
    brand.logo(canvas, 0.5 * cut, 0.5 * high, 0.34 * high, brand.white, brand.second)
    _fit(canvas, brand.name, brand.style, (0.42, 0.16, 0.96, 0.60), brand.ink)
    _fit(canvas, brand.trade, STYLES[0], (0.44, 0.68, 0.94, 0.86), brand.ink)


def _repeated(canvas: np.ndarray, brand: _Brand, rng: np.random.Generator) -> None:
    high, wide = canvas.shape[:2]
    for x in np.arange(0.5 * high, wide - 0.4 * high, 0.95 * high).tolist():
        brand.logo(canvas, x, 0.36 * high, 0.24 * high, brand.ink, brand.second)
    _fit(canvas, f"{brand.name}  {brand.trade}  {brand.name}", STYLES[0], (0.03, 0.72, 0.97, 0.90), brand.ink)


def _landscape(canvas: np.ndarray, brand: _Brand, rng: np.random.Generator) -> None:
    """A picture: sky that pales downwards, a sun, ranges of hills one before the other."""
    high, wide = canvas.shape[:2]
    sky, low = np.array(brand.second), np.array(brand.white)
    share = np.arange(high)[:, None] * 256 // high
    canvas[:] = ((sky * (256 - share) + low * share) // 256).astype(np.uint8)[:, None]
    sun = (rng.uniform(0.1, 0.9) * wide, 0.32 * high)
    _disc(canvas, *sun, 0.20 * high, srgb(AD_COLORS[6]))
    x = np.linspace(-0.05, 1.05, 14) * wide
    for k in range(3):
        top = (0.40 + 0.18 * k + rng.uniform(-0.16, 0.16, len(x))) * high
        shade = tuple(int(v) for v in (sky * (40 + 60 * (2 - k)) + low * (100 - 50 * k) * (k < 2)) // 256)
        _polygon(canvas, (*zip(x.tolist(), top.tolist(), strict=True), (1.1 * wide, high), (-0.1 * wide, high)), shade)
    _fit(canvas, brand.name, STYLES[int(rng.choice((1, 4, 7)))], (0.05, 0.42, 0.95, 0.92), brand.white)


def _shaded(canvas: np.ndarray, brand: _Brand, rng: np.random.Generator) -> None:
    """A ground that goes over from one colour to another along the panel, with beams of light across it."""
    high, wide = canvas.shape[:2]
    first, second = np.array(srgb(AD_COLORS[int(rng.integers(6))])), np.array(brand.second)
    share = np.arange(wide)[:, None] * 256 // wide
    canvas[:] = ((first * (256 - share) + second * share) // 256).astype(np.uint8)[None]
    for x in rng.uniform(0.0, wide, 5).tolist():
        beam, thick = canvas.copy(), rng.uniform(0.05, 0.3) * high
        _polygon(beam, ((x, 0), (x + thick, 0), (x + thick - 0.6 * high, high), (x - 0.6 * high, high)), brand.white)
        canvas[:] = ((canvas.astype(np.uint16) * 13 + beam.astype(np.uint16) * 3) // 16).astype(np.uint8)
    _fit(canvas, brand.name, brand.style, (0.05, 0.16, 0.95, 0.64), brand.white)
    _fit(canvas, brand.line, STYLES[3], (0.08, 0.72, 0.92, 0.88), brand.white)


def _framed(canvas: np.ndarray, brand: _Brand, rng: np.random.Generator) -> None:
    high, wide = canvas.shape[:2]
    edge, gap = int(0.05 * high), int(0.09 * high)
    canvas[edge:-edge, edge:-edge] = brand.ink
    canvas[gap:-gap, gap:-gap] = brand.ground
    brand.logo(canvas, wide - 0.6 * high, 0.5 * high, 0.30 * high, brand.ink, brand.second)
    _fit(canvas, brand.name, brand.style, (0.3 * high / wide, 0.22, 1.0 - 1.1 * high / wide, 0.62), brand.ink)
    _fit(canvas, brand.line, STYLES[0], (0.3 * high / wide, 0.70, 1.0 - 1.1 * high / wide, 0.84), brand.ink)


_DESIGNS = (
    _logo_and_word,
    _logo_and_word,
    _word,
    _word,
    _two_lines,
    _two_lines,
    _word_and_band,
    _word_and_chevrons,
    _split,
    _repeated,
    _landscape,
    _shaded,
    _framed,
)


# Logos: middle x and y, radius, ink and a second ink ----------------------------------------------------------------


def _ball(canvas: np.ndarray, x: float, y: float, r: float, ink: _Ink, second: _Ink) -> None:
    ground = tuple(int(v) for v in canvas[int(y), int(max(x - 1.05 * r, 0.0))])
    _disc(canvas, x, y, r, ink)
    for k, depth in enumerate((0.15, 0.45)):
        angle = np.linspace(np.pi, 0.0, 24)
        arc = [(x + r * np.cos(a), y + depth * r + 0.35 * r * np.sin(a) * (1 - 2 * k)) for a in angle.tolist()]
        _band(canvas, np.array(arc), 0.14 * r, ground)


def _star(canvas: np.ndarray, x: float, y: float, r: float, ink: _Ink, second: _Ink) -> None:
    angle = np.pi * np.arange(10) / 5 - 0.5 * np.pi
    radius = np.where(np.arange(10) % 2 == 0, r, 0.42 * r)
    _polygon(canvas, np.stack((x + radius * np.cos(angle), y + radius * np.sin(angle)), axis=-1), ink)


def _flake(canvas: np.ndarray, x: float, y: float, r: float, ink: _Ink, second: _Ink) -> None:
    middle = np.array((x, y))
    for k in range(6):
        a = k * np.pi / 3 + np.pi / 6
        way, side = np.array((np.cos(a), np.sin(a))), np.array((-np.sin(a), np.cos(a)))
        _band(canvas, np.array((middle, middle + r * way)), 0.13 * r, ink)
        for out, long in ((0.45, 0.32), (0.72, 0.24)):
            for sign in (-1, 1):
                foot = middle + out * r * way
                _band(canvas, np.array((foot, foot + long * r * (0.6 * way + 0.8 * sign * side))), 0.11 * r, ink)


def _waves(canvas: np.ndarray, x: float, y: float, r: float, ink: _Ink, second: _Ink) -> None:
    along = np.linspace(-1.0, 1.0, 36)
    for k, color in enumerate((ink, second, ink)):
        line = np.stack((x + r * along, y + r * ((k - 1) * 0.6 + 0.22 * np.sin(2.0 * np.pi * along))), axis=-1)
        _band(canvas, line, 0.26 * r, color)


def _arrow(canvas: np.ndarray, x: float, y: float, r: float, ink: _Ink, second: _Ink) -> None:
    for shift, color in ((-0.55, second), (0.15, ink)):
        points = ((0.0, -0.9), (0.45, -0.9), (1.0, 0.0), (0.45, 0.9), (0.0, 0.9), (0.55, 0.0))
        _polygon(canvas, np.array(points) * r + (x + (shift - 0.2) * r, y), color)


def _rings(canvas: np.ndarray, x: float, y: float, r: float, ink: _Ink, second: _Ink) -> None:
    ground = tuple(int(v) for v in canvas[int(y), int(max(x - 1.05 * r, 0.0))])
    for radius, color in ((1.0, ink), (0.78, ground), (0.58, second), (0.30, ground)):
        _disc(canvas, x, y, radius * r, color)


def _shield(canvas: np.ndarray, x: float, y: float, r: float, ink: _Ink, second: _Ink) -> None:
    points = ((-0.8, -0.95), (0.8, -0.95), (0.8, 0.1), (0.45, 0.65), (0.0, 1.0), (-0.45, 0.65), (-0.8, 0.1))
    _polygon(canvas, np.array(points) * r + (x, y), ink)
    _polygon(canvas, np.array(((-0.8, 0.05), (0.8, -0.55), (0.8, -0.2), (-0.8, 0.4))) * r + (x, y), second)


def _peaks(canvas: np.ndarray, x: float, y: float, r: float, ink: _Ink, second: _Ink) -> None:
    for points, color in (
        (((0.0, 0.8), (0.55, -0.3), (1.1, 0.8)), second),
        (((-1.1, 0.8), (-0.2, -0.9), (0.7, 0.8)), ink),
    ):
        _polygon(canvas, np.array(points) * r + (x, y), color)


_LOGOS = (_ball, _star, _flake, _waves, _arrow, _rings, _shield, _peaks)


def _polygon(canvas: np.ndarray, points: Array | tuple[tuple[float, float], ...], ink: _Ink) -> None:
    fixed = np.rint(np.asarray(points, dtype=np.float64) * 2**_SHIFT).astype(np.int32)
    cv2.fillPoly(canvas, [fixed], ink, cv2.LINE_AA, _SHIFT)


def _disc(canvas: np.ndarray, x: float, y: float, radius: float, ink: _Ink) -> None:
    middle = (round(x * 2**_SHIFT), round(y * 2**_SHIFT))
    cv2.circle(canvas, middle, round(radius * 2**_SHIFT), ink, -1, cv2.LINE_AA, _SHIFT)


def _band(canvas: np.ndarray, points: Array, thick: float, ink: _Ink) -> None:
    """A bent band along a polyline (M, 2)."""
    way = np.gradient(points, axis=0)
    aside = 0.5 * thick * np.stack((-way[:, 1], way[:, 0]), axis=-1) / np.hypot(*way.T)[:, None]
    _polygon(canvas, np.concatenate((points - aside, (points + aside)[::-1])), ink)

"""Colours of clothes: what dressmakers choose for the ice, in pairs that go together, and what one trains in."""

from __future__ import annotations

import colorsys
from functools import lru_cache

from blender_addon.color import Color
from render_scripts.distributions import Choice, color, weighted
from render_scripts.draws import Draws

BLACK = color("#131314")
WHITE = color("#ece9e4")
STEEL: Color = (0.62, 0.64, 0.67)

# Costumes as "#rrggbb", by how often they are seen.
COSTUMES: Choice[str] = weighted(
    {
        "#16151a": 0.12, "#7a0f1f": 0.07, "#b3152c": 0.08, "#1b2a6b": 0.08, "#2456b0": 0.07, "#5aa7d8": 0.07,
        "#0f6b5c": 0.05, "#1f7f4c": 0.04, "#4b1f6f": 0.07, "#8a5bb5": 0.05, "#c2317a": 0.06, "#e38bb0": 0.06,
        "#d9682a": 0.03, "#d8a63c": 0.03, "#e9e4da": 0.05, "#b9b6bd": 0.03, "#2b7f8e": 0.04,
    }
)  # fmt: skip

# What a second colour is to the first, by how often it is chosen.
_PARTNERS = weighted(
    {"lighter": 0.3, "darker": 0.15, "neighbour": 0.2, "opposite": 0.06, "metal": 0.17, "neutral": 0.12}
)
_METALS = weighted({"#c9cdd6": 0.6, "#cfae62": 0.4})
_NEUTRALS = weighted({"#16151a": 0.5, "#efece6": 0.5})

# Clothes for training and for standing at the boards.
CASUAL = weighted(
    {
        color(code): share
        for code, share in {
            "#141416": 0.34, "#2b2e36": 0.12, "#1c2748": 0.12, "#6d7076": 0.08, "#d9d8d4": 0.08, "#7b1b28": 0.06,
            "#23507f": 0.06, "#1d5c50": 0.04, "#5a3a72": 0.04, "#b85a83": 0.06,
        }.items()
    }
)  # fmt: skip
DARK = weighted({BLACK: 0.7, color("#22252c"): 0.15, color("#1a2340"): 0.15})
WOMENS_BOOTS = weighted({color("#e2ddd3"): 0.68, color("#c29f7c"): 0.2, BLACK: 0.12})
MENS_BOOTS = weighted({BLACK: 0.9, color("#e2ddd3"): 0.05, color("#3b2a20"): 0.05})
SHOES = weighted({BLACK: 0.5, color("#d8d5cf"): 0.25, color("#4a3222"): 0.15, color("#5f6368"): 0.1})

Pair = tuple[Color, Color]


def draw_costume(draws: Draws) -> Pair:
    """The first and the second colour of a costume."""
    code, partner, unit = COSTUMES.at(draws.unit()), _PARTNERS.at(draws.unit()), round(draws.unit(), 2)
    first, second = _costume(code, partner, unit)
    # Cloth of one name comes in many shades.
    darker = 0.7 + 0.5 * draws.unit()
    redder = 0.9 + 0.2 * draws.unit()
    return _shaded(first, darker, redder), second


def _shaded(color: Color, darker: float, redder: float) -> Color:
    red, green, blue = (min(round(darker * channel, 6), 1.0) for channel in color)
    return min(round(redder * red, 6), 1.0), green, min(round(blue / redder, 6), 1.0)


@lru_cache(maxsize=8192)
def _costume(code: str, partner: str, unit: float) -> Pair:
    if partner in ("metal", "neutral"):
        return color(code), color((_METALS if partner == "metal" else _NEUTRALS).at(unit))
    hue, light, strength = colorsys.rgb_to_hls(*(int(code[i : i + 2], 16) / 255.0 for i in (1, 3, 5)))
    if partner == "lighter":
        light = light + (0.35 + 0.35 * unit) * (1.0 - light)
    elif partner == "darker":
        light *= 0.35 + 0.3 * unit
    elif partner == "neighbour":
        hue += (0.06 + 0.06 * unit) * (1.0 if unit * 7919.0 % 1.0 < 0.5 else -1.0)
    else:
        hue, strength = hue + 0.5, 0.8 * strength
    channels = (min(max(round(255.0 * channel), 0), 255) for channel in colorsys.hls_to_rgb(hue % 1.0, light, strength))
    return color(code), color("#{:02x}{:02x}{:02x}".format(*channels))

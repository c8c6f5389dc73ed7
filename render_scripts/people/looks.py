"""Skin, hair and eyes. They follow from where somebody's family comes from, as loosely as in the world."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from blender_addon.cast import HairSpec, SkinSpec
from blender_addon.color import Color
from blender_addon.skater.hair.styles import STYLES
from blender_addon.skater.skin_tones import skin_tone
from render_scripts.distributions import Between, Choice, Mixture, Normal, Numbers, color, weighted
from render_scripts.job import PersonJob
from render_scripts.people.bodies import ORIGINS, BodyDraw, Streams

# Melanin (0 lightest … 1 darkest) by origin: wide, and overlapping.
MELANIN: Mapping[str, Normal] = {
    "african": Normal(0.7, 0.13, 0.35, 1.0),
    "asian": Normal(0.3, 0.1, 0.08, 0.62),
    "caucasian": Normal(0.16, 0.09, 0.02, 0.5),
}
# Olive 0 … 1 rosy.
UNDERTONE: Numbers = Normal(0.5, 0.2, 0.0, 1.0)
# Freckles show on light skin; most people have few.
FRECKLES: Numbers = Mixture((Between(0.0, 0.0), Between(0.05, 0.35), Between(0.35, 0.9)), (0.6, 0.3, 0.1))
BLUSH: Numbers = Between(0.15, 0.55)
_FRECKLED_UP_TO = 0.45  # melanin beyond which there are none

# Hair as it grows, by the shares of people who have it; then what age does to it, and dye.
_BLACK, _DARK, _BROWN, _LIGHT, _BLOND, _PALE, _RED = map(
    color, ("#0d0a09", "#241712", "#3f271a", "#68472e", "#96703f", "#bd9d6a", "#7a3318")
)
HAIR: Mapping[str, Choice[Color]] = {
    "african": weighted({_BLACK: 0.75, _DARK: 0.22, _BROWN: 0.03}),
    "asian": weighted({_BLACK: 0.68, _DARK: 0.27, _BROWN: 0.05}),
    "caucasian": weighted(
        {_BLACK: 0.04, _DARK: 0.24, _BROWN: 0.28, _LIGHT: 0.18, _BLOND: 0.15, _PALE: 0.06, _RED: 0.05}
    ),
}
DYED = weighted({_LIGHT: 0.3, _BLOND: 0.2, _RED: 0.2, color("#4a1420"): 0.15, color("#5c1f12"): 0.15})
GREY = weighted({color("#6f6c69"): 0.5, color("#a5a29e"): 0.35, color("#d4d2ce"): 0.15})
_DYED_FROM, _DYED_SHARE = 16.0, 0.12
# Years by which nobody and everybody is grey.
_GREY_YEARS = (42.0, 74.0)

_BROWN_EYES, _DARK_EYES = color("#4a2c17"), color("#2b1a10")
EYES: Mapping[str, Choice[Color]] = {
    "african": weighted({_DARK_EYES: 0.75, _BROWN_EYES: 0.25}),
    "asian": weighted({_DARK_EYES: 0.65, _BROWN_EYES: 0.35}),
    "caucasian": weighted(
        {
            _DARK_EYES: 0.08,
            _BROWN_EYES: 0.32,
            color("#6b5330"): 0.14,
            color("#5b6a45"): 0.1,
            color("#6f8698"): 0.18,
            color("#4d6f92"): 0.18,
        }
    ),
}

# How often a style is worn: by women and girls on the ice, by men and boys, by women off it.
STYLES_ON_ICE: Mapping[str, float] = {"bun": 0.46, "ponytail": 0.3, "braid": 0.15, "long": 0.04, "short": 0.05}
STYLES_OF_MEN: Mapping[str, float] = {"short": 0.94, "bun": 0.02, "ponytail": 0.02, "long": 0.02}
STYLES_OFF_ICE: Mapping[str, float] = {"long": 0.45, "ponytail": 0.2, "short": 0.2, "bun": 0.1, "braid": 0.05}


def draw_skin(ask: PersonJob, body: BodyDraw, streams: Streams) -> SkinSpec:
    """Somebody's skin."""
    draws, given = streams("skin"), ask.skin
    origin = origin_of(body, draws.unit())
    melanin = draws.of(given.melanin, MELANIN[origin])
    undertone = draws.of(given.undertone, UNDERTONE)
    usual = skin_tone_at(round(melanin, 2), round(undertone, 2))
    tone = usual if given.tone is None else given.tone.at(streams("skin/tone").unit())
    freckles = draws.of(given.freckles, FRECKLES)
    if given.freckles is None:
        freckles = round(freckles * max(0.0, 1.0 - melanin / _FRECKLED_UP_TO), 6)
    return SkinSpec(tone=tone, freckles=freckles, blush=draws.of(given.blush, BLUSH), seed=draws.whole())


@lru_cache(maxsize=4096)
def skin_tone_at(melanin: float, undertone: float) -> Color:
    """As `skin_tones.skin_tone`, kept in memory and rounded."""
    red, green, blue = (round(channel, 6) for channel in skin_tone(melanin, undertone))
    return red, green, blue


def draw_hair(ask: PersonJob, body: BodyDraw, on_ice: bool, streams: Streams) -> HairSpec:
    """Somebody's hair."""
    draws, given = streams("hair"), ask.hair
    style = draws.of(given.style, _usual_style(body.female, on_ice))
    origin, shade = origin_of(body, draws.unit()), draws.unit()
    dyed, grey, other = draws.unit(), draws.unit(), draws.unit()
    tone = HAIR[origin].at(shade)
    if body.female and body.years >= _DYED_FROM and dyed < _DYED_SHARE:
        tone = DYED.at(other)
    elif body.years > _GREY_YEARS[0] + (_GREY_YEARS[1] - _GREY_YEARS[0]) * grey:
        tone = GREY.at(other)
    # No two heads of hair are quite alike.
    lighter = draws.between(0.8, 1.25)
    red, green, blue = (round(min(1.0, lighter * channel), 6) for channel in tone)
    if given.color is not None:
        red, green, blue = given.color.at(shade)
    return HairSpec(style=style, color=(red, green, blue), length=draws.of(given.length, Between(0.1, 0.9)))


def draw_eyes(ask: PersonJob, body: BodyDraw, streams: Streams) -> Color:
    """The colour of somebody's irises."""
    draws = streams("eyes")
    return draws.of(ask.eyes, EYES[origin_of(body, draws.unit())])


def origin_of(body: BodyDraw, unit: float) -> str:
    """The origin that one of a person's traits comes from, by the shares of the person's origins."""
    place = unit * sum(body.phenotype[name] for name in ORIGINS)
    for name in ORIGINS:
        place -= body.phenotype[name]
        if place < 0.0:
            return name
    return ORIGINS[-1]


@lru_cache(maxsize=4)
def _usual_style(female: bool, on_ice: bool) -> Choice[str]:
    often = STYLES_OF_MEN if not female else STYLES_ON_ICE if on_ice else STYLES_OFF_ICE
    return weighted({name: share for name, share in often.items() if name in STYLES})

"""Skin, hair and eyes. They follow from where somebody's family comes from, as loosely as in the world."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from blender_addon.cast import HairSpec, SkinSpec
from blender_addon.color import Color
from blender_addon.skater.hair.styles import STYLES
from blender_addon.skater.skin_tones import skin_tone
from render_scripts.distributions import Between, Choice, Mixture, Normal, Numbers, color, weighted
from render_scripts.draws import Draws, Streams
from render_scripts.job import PersonJob
from render_scripts.people.bodies import ORIGINS, BodyDraw

# Melanin (0 lightest … 1 darkest) by origin: wide, and overlapping.
MELANIN: Mapping[str, Normal] = {
    "african": Normal(0.68, 0.18, 0.3, 1.0),
    "asian": Normal(0.3, 0.14, 0.05, 0.65),
    "caucasian": Normal(0.16, 0.12, 0.0, 0.5),
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

# How often a style is worn, by who somebody is: on the ice hair is tied back, and it must stay so in a spin.
_ON_ICE = {"bun": 0.44, "ponytail": 0.14, "high_ponytail": 0.1, "braid": 0.12, "bun_fringe": 0.06}
STYLES_WORN: Mapping[str, Mapping[str, float]] = {
    "girl on the ice": {
        **_ON_ICE, "two_braids": 0.07, "ponytail_fringe": 0.05, "pigtails": 0.02, "bob_fringe": 0.02, "bob": 0.02,
    },
    "woman on the ice": {
        **_ON_ICE, "ponytail_fringe": 0.05, "two_braids": 0.02, "pixie": 0.02, "bob": 0.02, "long": 0.02, "half": 0.01,
    },
    "woman": {
        "long": 0.16, "long_fringe": 0.08, "ponytail": 0.2, "bun": 0.1, "bob": 0.13, "bob_fringe": 0.06, "braid": 0.06,
        "pixie": 0.08, "curly": 0.07, "half": 0.06,
    },
    "old woman": {"pixie": 0.3, "bob": 0.22, "bob_fringe": 0.1, "curly": 0.2, "bun": 0.1, "long": 0.04, "short": 0.04},
    "man": {"short": 0.4, "side_parting": 0.34, "buzz": 0.13, "curly": 0.08, "ponytail": 0.02, "none": 0.03},
    "boy": {"short": 0.55, "side_parting": 0.28, "curly": 0.08, "buzz": 0.05, "bob_fringe": 0.04},
    "old man": {"short": 0.4, "side_parting": 0.3, "buzz": 0.12, "none": 0.18},
    "girl of African origin": {
        "bun": 0.35, "cornrows": 0.22, "two_braids": 0.1, "braid": 0.1, "ponytail": 0.1, "curly": 0.13,
    },
    "woman of African origin": {
        "bun": 0.34, "cornrows": 0.2, "braid": 0.1, "ponytail": 0.16, "curly": 0.14, "buzz": 0.06,
    },
    "boy of African origin": {"buzz": 0.35, "short": 0.3, "curly": 0.2, "cornrows": 0.15},
    "man of African origin": {"buzz": 0.42, "short": 0.22, "curly": 0.18, "cornrows": 0.12, "none": 0.06},
}  # fmt: skip
_YOUNG_UP_TO, _OLD_FROM = 13.0, 62.0


def draw_skin(ask: PersonJob, body: BodyDraw, streams: Streams) -> SkinSpec:
    """Somebody's skin, between those of two parents."""
    draws, given = streams("skin"), ask.skin
    parents = parents_of(body, draws)
    melanin = draws.or_this(given.melanin, 0.5 * sum(MELANIN[parent].at(draws.unit()) for parent in parents))
    undertone = draws.of(given.undertone, UNDERTONE)
    # In steps too small to be seen, so that most tones have been worked out before.
    usual = skin_tone_at(round(50.0 * melanin) / 50.0, round(20.0 * undertone) / 20.0)
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
    style = draws.of(given.style, _styles(_group(body, on_ice)))
    origin, shade = _dominant(parents_of(body, draws)), draws.unit()
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
    length = draws.of(given.length, Between(0.1, 0.9))
    return HairSpec(style=style, color=(red, green, blue), length=length, file=given.file)


def draw_eyes(ask: PersonJob, body: BodyDraw, streams: Streams) -> Color:
    """The colour of somebody's irises."""
    draws = streams("eyes")
    return draws.of(ask.eyes, EYES[_dominant(parents_of(body, draws))])


def parents_of(body: BodyDraw, draws: Draws) -> tuple[str, str]:
    """The origins that one trait has from either side, by the person's shares of them. Takes two numbers."""
    return _origin_at(body, draws.unit()), _origin_at(body, draws.unit())


def _origin_at(body: BodyDraw, unit: float) -> str:
    place = unit * sum(body.phenotype[name] for name in ORIGINS)
    for name in ORIGINS:
        place -= body.phenotype[name]
        if place < 0.0:
            return name
    return ORIGINS[-1]


def _dominant(parents: tuple[str, str]) -> str:
    """Light hair and light eyes show only if both sides bring them: ORIGINS is in the order of who prevails."""
    return min(parents, key=ORIGINS.index)


def _group(body: BodyDraw, on_ice: bool) -> str:
    """Whose hair it is: a key of STYLES_WORN."""
    young = body.years < _YOUNG_UP_TO
    who = ("girl" if young else "woman") if body.female else ("boy" if young else "man")
    if body.phenotype["african"] > 0.5:
        return f"{who} of African origin"
    if body.female and on_ice:
        return f"{who} on the ice"
    if body.years > _OLD_FROM:
        return f"old {who}"
    return "woman" if who == "girl" else who


@lru_cache(maxsize=32)
def _styles(group: str) -> Choice[str]:
    return weighted({name: share for name, share in STYLES_WORN[group].items() if name in STYLES})

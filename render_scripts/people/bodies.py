"""Bodies: sex, age, origin, stature, and MakeHuman's macro values that make them."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from render_scripts.distributions import Between, Normal, Numbers
from render_scripts.draws import Draws, Streams
from render_scripts.job import PersonJob
from render_scripts.people.kinds import Kind

ORIGINS = ("african", "asian", "caucasian")

# How much more often a club's families come from one of them than from another.
_OFTEN = (0.7, 1.0, 1.6)

# MakeHuman's age values by years. Its targets are a baby, a child, a young adult of 25 and an old one; between child
# and adult a body grows faster than the years go: a girl of 16 has nearly the stature and face that she keeps.
_YEARS = (1.0, 5.0, 8.0, 10.0, 12.0, 14.0, 16.0, 18.0, 25.0, 90.0)
_AGE_VALUES = (0.0, 0.12, 0.17, 0.2, 0.24, 0.31, 0.39, 0.45, 0.5, 1.0)

# Mean stature and its standard deviation (m) by years, girls' and boys': the World Health Organization's reference for
# 5 to 19 years (2007, height for age), adults as at 19.
_STATURE_YEARS = (5.0, 8.0, 10.0, 12.0, 14.0, 16.0, 19.0)
_STATURES = {
    True: ((1.096, 1.266, 1.386, 1.512, 1.598, 1.625, 1.632), (0.048, 0.058, 0.064, 0.068, 0.067, 0.066, 0.065)),
    False: ((1.103, 1.273, 1.378, 1.491, 1.632, 1.729, 1.765), (0.046, 0.057, 0.063, 0.070, 0.078, 0.076, 0.073)),
}
# Beyond two of them nobody is drawn.
_TALLEST = 2.0

# Metres from sole to crown of MakeHuman's bodies at height 0.5, women's and men's, at these age values; in between
# they go over evenly, as its targets do. And the shares of that which height 0 takes away and height 1 adds.
_SIZE_AGES = (0.12, 0.1875, 0.5, 1.0)
_SIZES = {
    "african": ((1.040, 1.308, 1.673, 1.650), (1.089, 1.402, 1.814, 1.779)),
    "asian": ((0.988, 1.223, 1.499, 1.491), (1.043, 1.320, 1.629, 1.597)),
    "caucasian": ((1.018, 1.275, 1.609, 1.597), (1.066, 1.360, 1.747, 1.713)),
}
_SHRINKS, _GROWS = (0.275, 0.275, 0.215, 0.215), 0.43

# Macro values of people who skate: slim to sturdy, and fitter than most.
BUILD: Mapping[str, Numbers] = {
    "muscle": Normal(0.57, 0.08, 0.4, 0.8),
    "weight": Normal(0.45, 0.09, 0.25, 0.75),
    "proportions": Between(0.5, 0.85),
}
# How much more those over 30 weigh.
_ADULT_WEIGHT = 0.06


@dataclass(frozen=True)
class BodyDraw:
    """A body, and what looks and clothes depend on.

    Attributes:
        phenotype: as a `SkaterSpec` has it; years: the age; female: by the gender value.
    """

    phenotype: dict[str, float]
    years: float
    female: bool


def draw_body(ask: PersonJob, kind: Kind, streams: Streams) -> BodyDraw:
    """Somebody's body. What the job fixes changes only what follows from it."""
    given = ask.phenotype
    # One stream serves all: each value takes its own number of it, fixed or not.
    draws = streams("body", 20)
    gender = _gender(ask, kind, draws)
    female = gender < 0.5
    years = draws.of(ask.age, kind.age)
    origins = _origins(ask, draws)
    age = round(_between(years, _YEARS, _AGE_VALUES), 6)
    out = {"gender": gender, "age": age}
    for name, usual in BUILD.items():
        out[name] = draws.of(getattr(given, name), usual)
    if given.weight is None and years > 30.0:
        out["weight"] = round(out["weight"] + _ADULT_WEIGHT, 6)
    stature = draws.of(ask.stature, usual_stature(years, female))
    out["height"] = draws.or_this(given.height, height_value(stature, gender, age, origins))
    for name in ("cupsize", "firmness"):
        value = draws.or_this(getattr(given, name), None)
        if value is not None:
            out[name] = value
    return BodyDraw(phenotype=out | origins, years=years, female=female)


def usual_stature(years: float, female: bool) -> Normal:
    """Metres from sole to crown of people of an age."""
    means, spreads = _STATURES[female]
    mean, sd = _between(years, _STATURE_YEARS, means), _between(years, _STATURE_YEARS, spreads)
    return Normal(mean, sd, mean - _TALLEST * sd, mean + _TALLEST * sd)


def years_of(age: float) -> float:
    """The years that MakeHuman's age value stands for here."""
    return _between(age, _AGE_VALUES, _YEARS)


def height_value(stature: float, gender: float, age: float, origins: Mapping[str, float]) -> float:
    """MakeHuman's height, 0…1, that makes a body about so tall; the nearest where none does.

    Args:
        stature: metres; gender, age: MakeHuman's values; origins: shares that sum to 1.
    """
    usual = 0.0
    for name, share in origins.items():
        women, men = (_between(age, _SIZE_AGES, sizes) for sizes in _SIZES[name])
        usual += share * ((1.0 - gender) * women + gender * men)
    off = stature / usual - 1.0
    whole = _GROWS if off > 0.0 else _between(age, _SIZE_AGES, _SHRINKS)
    return round(min(max(0.5 + 0.5 * off / whole, 0.0), 1.0), 6)


def _gender(ask: PersonJob, kind: Kind, draws: Draws) -> float:
    usual = Between(0.0, 0.15) if draws.unit() < kind.female else Between(0.85, 1.0)
    return draws.of(ask.phenotype.gender, usual)


def _origins(ask: PersonJob, draws: Draws) -> dict[str, float]:
    """Shares that sum to 1."""
    # Exponentials of uniforms, made to sum to 1, spread evenly over all mixtures; squares favour one origin.
    shares = [often * math.log1p(-draws.unit()) ** 2 for often in _OFTEN]
    asked = [getattr(ask.phenotype, name) for name in ORIGINS]
    given = [draws.of(share, Between(0.0, 0.0)) for share in asked]
    if any(share is not None for share in asked) and sum(given) > 0.0:
        shares = given
    total = sum(shares) or 1.0
    return {name: round(share / total, 6) for name, share in zip(ORIGINS, shares, strict=True)}


def _between(x: float, xs: Sequence[float], ys: Sequence[float]) -> float:
    """As `numpy.interp`, which for a single number takes five times as long."""
    k = min(max(bisect_right(xs, x), 1), len(xs) - 1)
    share = min(max((x - xs[k - 1]) / (xs[k] - xs[k - 1]), 0.0), 1.0)
    return ys[k - 1] + share * (ys[k] - ys[k - 1])

"""How a job says what a value may be: fixed, a range, a choice or a bell curve. One grammar for the whole job. No bpy.

- `0.5`, `"#aabbcc"` or `bun`: always this;
- `[low, high]`: any number between, all as likely;
- `{choice: [a, b, c], weights: [3, 1, 1]}`: one of them, all as likely without weights; of numbers, some may be ranges;
- `{normal: [mean, sd], within: [low, high]}`: a bell curve, cut off at the limits.

A distribution turns one uniform number into a value, so that whatever is drawn after it does not depend on which kind
it is. Types for pydantic's models: `Annotated[Numbers, Within(0.0, 1.0)]`, `Paints`, `Annotated[Words, OneOf(…)]`.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from statistics import NormalDist
from typing import Annotated, Any, Generic, Protocol, TypeAlias, TypeVar

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from blender_addon.color import Color
from mocap.meant import nearest

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_KEYS = ("choice", "weights", "normal", "within")
# Options of a choice; far more than anyone writes.
_MOST_OPTIONS = 1000


class Distribution(Protocol[T_co]):
    """What a value may be."""

    def at(self, unit: float) -> T_co:
        """The value for a uniform number in [0, 1)."""
        ...


@dataclass(frozen=True)
class Between:
    """Numbers from low to high, all as likely; one number where both are the same."""

    low: float
    high: float

    def at(self, unit: float) -> float:
        """See `Distribution`."""
        return round(self.low + (self.high - self.low) * unit, 6)


@dataclass(frozen=True)
class Normal:
    """A bell curve's numbers from low to high: those outside are never drawn, the others as often as ever."""

    mean: float
    sd: float
    low: float
    high: float

    def at(self, unit: float) -> float:
        """See `Distribution`."""
        curve = NormalDist(self.mean, self.sd)
        first, last = curve.cdf(self.low), curve.cdf(self.high)
        share = first + (last - first) * unit
        # Limits far out on a tail leave no share to invert; the nearer one is where the curve is.
        value = curve.inv_cdf(share) if 0.0 < share < 1.0 else self.mean
        return round(min(max(value, self.low), self.high), 6)


@dataclass(frozen=True)
class Mixture:
    """Numbers of one of several ranges, by weights from 0 up, not all 0."""

    parts: tuple[Between, ...]
    weights: tuple[float, ...]
    _ends: tuple[float, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ends", tuple(accumulate(self.weights)))

    @property
    def low(self) -> float:
        """The lowest number of all."""
        return min(part.low for part in self.parts)

    @property
    def high(self) -> float:
        """The highest number of all."""
        return max(part.high for part in self.parts)

    def at(self, unit: float) -> float:
        """See `Distribution`."""
        index, rest = self.part_at(unit)
        return self.parts[index].at(rest)

    def part_at(self, unit: float) -> tuple[int, float]:
        """Which of the parts a uniform number falls on, and where in it, 0…1."""
        place, index = unit * self._ends[-1], _index(self._ends, unit)
        start = self._ends[index - 1] if index else 0.0
        return index, min(max((place - start) / self.weights[index], 0.0), 1.0)


@dataclass(frozen=True)
class Choice(Generic[T]):
    """One of the options, by weights from 0 up, not all 0."""

    options: tuple[T, ...]
    weights: tuple[float, ...]
    _ends: tuple[float, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ends", tuple(accumulate(self.weights)))

    def at(self, unit: float) -> T:
        """See `Distribution`."""
        return self.options[_index(self._ends, unit)]


Numbers: TypeAlias = Between | Normal | Mixture
"""Every kind has the attributes `low` and `high`, which no drawn number lies outside of."""
Colors: TypeAlias = Choice[Color]
Words: TypeAlias = Choice[str]


def always(value: T) -> Choice[T]:
    """The distribution of one value."""
    return Choice((value,), (1.0,))


def weighted(options: Mapping[T, float]) -> Choice[T]:
    """A choice by weights."""
    return Choice(tuple(options), tuple(options.values()))


def whole_number(numbers: Numbers, unit: float) -> int:
    """A whole number of a distribution; those of a range, its ends among them, are all as likely."""
    if isinstance(numbers, Mixture):
        index, rest = numbers.part_at(unit)
        return whole_number(numbers.parts[index], rest)
    if isinstance(numbers, Between):
        return math.floor(numbers.low + unit * (numbers.high - numbers.low + 1.0))
    return round(numbers.at(unit))


def _index(ends: Sequence[float], unit: float) -> int:
    """Which option a uniform number falls on, by the sums of their weights up to each."""
    # The last one that weighs anything, should rounding put the place at the very end.
    return min(bisect_right(ends, unit * ends[-1]), bisect_left(ends, ends[-1]))


@dataclass(frozen=True)
class Within:
    """Marks a model's field as a distribution of numbers from low to high."""

    low: float
    high: float

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return _schema(self.read)

    def read(self, value: Any) -> Numbers:
        """The distribution that is written so. ValueError if it is none, or reaches outside the limits."""
        if isinstance(value, (Between, Normal, Mixture)):
            return value
        if is_distribution(value):
            return self._bell(value) if "normal" in value else self._mixture(value)
        return self._range(value)

    def _range(self, value: Any) -> Between:
        pair = list(value) if isinstance(value, (list, tuple)) else [value, value]
        if len(pair) != 2 or not all(map(is_number, pair)):
            raise ValueError(
                "give a number, a range [low, high], {choice: [a, b]} or {normal: [mean, sd], within: [low, high]}"
            )
        low, high = (float(v) for v in pair)
        if not self.low <= low <= high <= self.high:
            raise ValueError(f"give numbers from {self.low:g} to {self.high:g}, the lower one first")
        return Between(low, high)

    def _bell(self, value: Mapping[str, Any]) -> Normal:
        _only(value, ("normal", "within"))
        pair = value["normal"]
        if not isinstance(pair, (list, tuple)) or len(pair) != 2 or not all(map(is_number, pair)) or pair[1] <= 0:
            raise ValueError("normal is [mean, standard deviation], the second above 0")
        limits = self._range(value.get("within", (self.low, self.high)))
        mean, sd = (float(v) for v in pair)
        if limits.low == limits.high or not limits.low - 6.0 * sd < mean < limits.high + 6.0 * sd:
            raise ValueError(f"within {limits.low:g} to {limits.high:g} there is nothing of that bell curve")
        return Normal(mean, sd, limits.low, limits.high)

    def _mixture(self, value: Mapping[str, Any]) -> Mixture:
        options, weights = _options(value)
        return Mixture(tuple(self._range(option) for option in options), weights)


@dataclass(frozen=True)
class OneOf:
    """Marks a model's field as a distribution of words.

    Attributes:
        kind: what a message calls them.
        known: gives the words that there are; not asked before a job names one, as it may import much.
    """

    kind: str
    known: Callable[[], Iterable[str]]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return _schema(self.read)

    def read(self, value: Any) -> Words:
        """The distribution that is written so. ValueError for a word that there is not."""
        return _choice(value, self._word)

    def _word(self, value: Any) -> str:
        known = tuple(self.known())
        if value in known:
            return str(value)
        raise ValueError(f"unknown {self.kind} '{value}'{in_brackets(str(value), known)}")


class _Paint:
    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return _schema(read_colors)


Paints = Annotated[Colors, _Paint()]
"""The type of a model's field that is a distribution of colours."""


def read_colors(value: Any) -> Colors:
    """The distribution of colours that is written so. ValueError if it is none."""
    return _choice(value, color)


def color(value: Any) -> Color:
    """Linear RGB of "#rrggbb" (by the sRGB curve of IEC 61966-2-1) or of three linear values. ValueError for others."""
    if isinstance(value, str) and re.fullmatch(r"#[0-9a-fA-F]{6}", value):
        encoded = [int(value[i : i + 2], 16) / 255.0 for i in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in encoded)
        return round(red, 6), round(green, 6), round(blue, 6)
    if isinstance(value, (list, tuple)) and len(value) == 3 and all(map(is_number, value)):
        red, green, blue = (float(v) for v in value)
        if all(0.0 <= v <= 1.0 for v in (red, green, blue)):
            return red, green, blue
    raise ValueError('give a colour as "#rrggbb" or as three linear values from 0 to 1, or {choice: [a, b]}')


def is_number(value: Any) -> bool:
    """Whether `float` takes it as it stands; an integer of hundreds of digits is none that anyone means."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300


def is_distribution(value: Any) -> bool:
    """Whether this mapping, as a job writes it, is a distribution and not a block of keys."""
    return isinstance(value, Mapping) and any(key in value for key in _KEYS)


def in_brackets(word: str, known: Iterable[str]) -> str:
    """The known word that was meant, else all that are known; in brackets, as more of the message may follow."""
    near = nearest(word, known)
    return f" (known: {', '.join(known)})" if near is None else f" (did you mean '{near}'?)"


def _choice(value: Any, read: Callable[[Any], T]) -> Choice[T]:
    if isinstance(value, Choice):
        return value
    if not is_distribution(value):
        return always(read(value))
    if "normal" in value:
        raise ValueError("only numbers have a bell curve: give a choice")
    options, weights = _options(value)
    return Choice(tuple(read(option) for option in options), weights)


def _options(value: Mapping[str, Any]) -> tuple[Sequence[Any], tuple[float, ...]]:
    _only(value, ("choice", "weights"))
    options, weights = value.get("choice"), value.get("weights")
    if not isinstance(options, (list, tuple)) or not 0 < len(options) <= _MOST_OPTIONS:
        raise ValueError("choice is a list of values")
    if weights is None:
        return options, (1.0,) * len(options)
    good = isinstance(weights, (list, tuple)) and all(is_number(w) and 0 <= w <= 1e9 for w in weights)
    if not good or len(weights) != len(options) or not any(weights):
        raise ValueError("weights are as many numbers as there are choices, from 0 up, not all 0")
    return options, tuple(float(w) for w in weights)


def _only(value: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in value:
        if key not in known:
            raise ValueError(f"'{key}' does not belong beside '{known[0]}' (known: {', '.join(known)})")


def _schema(read: Callable[[Any], Any]) -> CoreSchema:
    return core_schema.no_info_plain_validator_function(
        read, serialization=core_schema.plain_serializer_function_ser_schema(written)
    )


def written(value: Numbers | Choice[Any]) -> Any:
    """A distribution as a job writes it."""
    if isinstance(value, Between):
        return value.low if value.low == value.high else [value.low, value.high]
    if isinstance(value, Normal):
        return {"normal": [value.mean, value.sd], "within": [value.low, value.high]}
    parts = value.parts if isinstance(value, Mixture) else value.options
    options = [written(part) if isinstance(part, Between) else _plain(part) for part in parts]
    if isinstance(value, Choice) and len(options) == 1:
        return options[0]
    return {"choice": options, "weights": list(value.weights)}


def _plain(option: Any) -> Any:
    return list(option) if isinstance(option, tuple) else option

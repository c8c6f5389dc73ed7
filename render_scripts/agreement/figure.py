"""What a check finds: a figure, its limit, and whether it holds, does not, or cannot be told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from mocap.rotations import Array


@dataclass(frozen=True)
class Rule:
    """What a figure is about and when it holds.

    Attributes:
        name: as in tables and JSON; about: in words.
        limit: that the figure of one sample may reach; pooled: that of many samples together.
        enough: the count from which one sample tells anything; pooled_enough: from which many do.
    """

    name: str
    about: str
    limit: float = 0.0
    pooled: float = 0.0
    enough: float = 1.0
    pooled_enough: float = 1.0

    def bounds(self, samples: int) -> tuple[float, float]:
        """(limit, count that is enough) for a figure over so many samples."""
        return (self.limit, self.enough) if samples == 1 else (self.pooled, self.pooled_enough)


class Figure(Protocol):
    """One figure over one sample or many."""

    @property
    def rule(self) -> Rule:
        """Its meaning."""

    @property
    def samples(self) -> int:
        """Over how many samples it is."""

    @property
    def count(self) -> float:
        """Of how many pixels, points, … it tells."""

    @property
    def value(self) -> float:
        """The figure; 0 is perfect; NaN where there is nothing to tell of."""

    @property
    def limit(self) -> float:
        """That the value may reach."""

    @property
    def holds(self) -> bool | None:
        """None where it cannot be told."""

    def plus(self, other: Figure) -> Figure:
        """The figure over the samples of both."""


@dataclass(frozen=True)
class Share:
    """How many of `count` are wrong: `wrong` / `count`."""

    rule: Rule
    wrong: float
    count: float
    samples: int = 1

    @property
    def value(self) -> float:
        """0 none … 1 all."""
        return self.wrong / self.count if self.count > 0 else float("nan")

    @property
    def limit(self) -> float:
        """Of the value."""
        return self.rule.bounds(self.samples)[0]

    @property
    def holds(self) -> bool | None:
        """Whether the share is at most the limit; None of too few."""
        limit, enough = self.rule.bounds(self.samples)
        if self.count < enough:
            return None
        return self.value <= limit

    def plus(self, other: Figure) -> Share:
        """Sums of both."""
        if not isinstance(other, Share) or other.rule != self.rule:
            raise ValueError(f"{self.rule.name} and {other.rule.name} do not add up")
        return replace(
            self,
            wrong=self.wrong + other.wrong,
            count=self.count + other.count,
            samples=self.samples + other.samples,
        )


# Pixels to either side at which edges are sought, and from which on they are taken for what is there by chance.
REACH, BY_CHANCE = 6, 4
# Pixels round the strongest place within which its middle is taken.
_ROUND = 3
# Standard errors by which a place has to be better than another one. Neighbours on an edge go together: so many count
# as one.
SURE, ALIKE = 4.0, 4.0


@dataclass(frozen=True)
class Offset:
    """By how many pixels edges of labels lie beside edges of the picture.

    Attributes:
        strength: (2 REACH + 1,) sum, over pieces of a label's edge, of how strong an edge of the picture lies so many
            pixels from it, −REACH … REACH.
        spread: (2 REACH + 1,) sum of the squares of the differences to the strength at 0.
        skew: (REACH + 1,) sum of the squares of the differences between the places 0 … REACH to either side.
        count: pieces of edge.
    """

    rule: Rule
    strength: Array
    spread: Array
    skew: Array
    count: float
    samples: int = 1

    @property
    def value(self) -> float:
        """Pixels from the label's edge to the picture's: the middle of what rises round the strongest place."""
        if self.count < 1:
            return float("nan")
        round_it = np.arange(max(self._peak - _ROUND, 0), min(self._peak + _ROUND, 2 * REACH) + 1)
        near = self.strength[round_it]
        # Over a slope from end to end: there is more to see inside people than outside.
        rises = np.maximum(near - np.linspace(near[0], near[-1], len(near)), 0.0)
        return float(rises @ round_it / rises.sum() - REACH) if rises.any() else float(self._peak - REACH)

    @property
    def limit(self) -> float:
        """Pixels, to either side."""
        return self.rule.bounds(self.samples)[0]

    @property
    def holds(self) -> bool | None:
        """Whether edges are as near as the limit; None where the picture shows none clearly enough."""
        limit, enough = self.rule.bounds(self.samples)
        if self.count < enough:
            return None
        if abs(self.value) <= limit:
            return True if self._stands_out() else None
        return False if self._leans() else None

    @property
    def _peak(self) -> int:
        return int(np.argmax(self.strength[1:-1])) + 1

    def _leans(self) -> bool:
        """Whether the picture's edges are clearly on one side: where they are strongest, more than as far opposite."""
        away = max(abs(self._peak - REACH), 1)
        more = abs(self.strength[REACH + away] - self.strength[REACH - away]) / self.count
        return bool(more > SURE * np.sqrt(self.skew[away] / self.count * ALIKE / self.count))

    def _stands_out(self) -> bool:
        """Whether edges at 0 are clearly stronger than far from it."""
        far = np.r_[0 : REACH - BY_CHANCE + 1, REACH + BY_CHANCE : 2 * REACH + 1]
        loss = self.strength[REACH] / self.count - self.strength[far] / self.count
        error = np.sqrt(self.spread[far] / self.count * ALIKE / self.count)
        return bool(loss.mean() > SURE * error.mean())

    def plus(self, other: Figure) -> Offset:
        """Sums of both."""
        if not isinstance(other, Offset) or other.rule != self.rule:
            raise ValueError(f"{self.rule.name} and {other.rule.name} do not add up")
        return replace(
            self,
            strength=self.strength + other.strength,
            spread=self.spread + other.spread,
            skew=self.skew + other.skew,
            count=self.count + other.count,
            samples=self.samples + other.samples,
        )

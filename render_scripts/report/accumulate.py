"""Sums that never grow with the number of samples: histograms, counts of names, and a fair choice of a few. No bpy."""

from __future__ import annotations

import hashlib
import heapq
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike

# Names come from files that may be of anybody: so many of one kind are counted, and so much of each is shown.
MOST_NAMES = 400
MOST_LETTERS = 60
REST = "(further names)"


@dataclass
class Histogram:
    """Counts between fixed edges (B + 1,), ascending; what is beyond them counts in the outermost bins."""

    edges: np.ndarray
    counts: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.counts = np.zeros(len(self.edges) - 1, dtype=np.int64)

    def add(self, values: ArrayLike) -> None:
        """Counts numbers of any shape; what is not finite is left out."""
        numbers = np.asarray(values, dtype=np.float64).ravel()
        bins = np.searchsorted(self.edges, numbers[np.isfinite(numbers)], side="right") - 1
        np.add.at(self.counts, np.clip(bins, 0, len(self.counts) - 1), 1)

    @property
    def total(self) -> int:
        """How many numbers were counted."""
        return int(self.counts.sum())

    def quantile(self, share: float) -> float:
        """The number that this share of all lies below, as if each bin were filled evenly; NaN of nothing."""
        if self.total == 0:
            return float("nan")
        reached = np.concatenate(([0.0], np.cumsum(self.counts) / self.total))
        # The bin in which the share is reached; never an empty one, and the first that is not for a share of nothing.
        first = int(np.flatnonzero(self.counts)[0]) + 1
        k = int(np.clip(np.searchsorted(reached, share, side="left"), first, len(self.counts)))
        part = (share - reached[k - 1]) / (reached[k] - reached[k - 1])
        return float(self.edges[k - 1] + np.clip(part, 0.0, 1.0) * (self.edges[k] - self.edges[k - 1]))

    def share_below(self, value: float) -> float:
        """Which share of all lies below a number, as if each bin were filled evenly; NaN of nothing."""
        if self.total == 0:
            return float("nan")
        reached = np.concatenate(([0.0], np.cumsum(self.counts) / self.total))
        return float(np.interp(value, self.edges, reached))


@dataclass
class Names:
    """How often each name occurs, of at most `MOST_NAMES` different ones; the rest counts together."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, times: int = 1) -> None:
        """Counts a name, or its beginning if it is long."""
        short = name if len(name) <= MOST_LETTERS else name[: MOST_LETTERS - 1] + "…"
        self.counts[short if short in self.counts or len(self.counts) < MOST_NAMES else REST] += times

    @classmethod
    def of(cls, names: Iterable[str]) -> Names:
        """Those counted."""
        made = cls()
        for name in names:
            made.add(name)
        return made

    def ranked(self) -> list[tuple[str, int]]:
        """(name, times), the most frequent first, equal ones by name."""
        return sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))


T = TypeVar("T")


@dataclass
class Lowest(Generic[T]):
    """The `most` items with the lowest lots: a choice in which all have the same chance, whatever their order."""

    most: int
    _heap: list[tuple[int, int, T]] = field(default_factory=list)
    _seen: int = 0

    def admits(self, lot: int) -> bool:
        """Whether an item with this lot would be kept for now, so that only then it need be made."""
        return len(self._heap) < self.most or lot < -self._heap[0][0]

    def add(self, lot: int, item: T) -> None:
        """Offers an item; of equal lots the earlier is kept."""
        self._seen += 1
        entry = (-lot, -self._seen, item)
        if len(self._heap) < self.most:
            heapq.heappush(self._heap, entry)
        elif entry > self._heap[0]:
            heapq.heapreplace(self._heap, entry)

    def items(self) -> list[T]:
        """Those kept, in the order of their lots."""
        return [item for _, _, item in sorted(self._heap, key=lambda entry: (-entry[0], -entry[1]))]


def lot_of(*parts: object) -> int:
    """A whole number of 64 bits that follows from the parts alone: equal on every machine and in every order."""
    text = "\0".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")


def total_of(counts: Iterable[tuple[str, int]]) -> int:
    """Sum of counts by name."""
    return sum(count for _, count in counts)

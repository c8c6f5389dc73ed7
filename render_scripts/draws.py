"""Where all that varies comes from: numbers decided by (job seed, clip index, name of the thing) alone. No bpy."""

from __future__ import annotations

import hashlib
import struct
from typing import TYPE_CHECKING, Protocol, TypeVar

from render_scripts.distributions import Between, Distribution

if TYPE_CHECKING:
    import numpy as np

T = TypeVar("T")

# Numbers that a stream holds at first: as many as come of one round of the hash.
_FIRST = 20


def hashed(seed: int, clip: int, name: str, size: int) -> bytes:
    """`size` bytes that depend on every bit of what is given; a hash costs a tenth of setting up a generator."""
    return hashlib.shake_128(f"{seed}/{clip}/{name}".encode()).digest(size)


class Draws:
    """Uniform numbers of one named thing in one clip: the n-th is a function of (seed, clip, name, n) alone."""

    def __init__(self, seed: int, clip: int, name: str, first: int = _FIRST) -> None:
        """`first`: how many numbers are made at once; it changes none of them."""
        self._of, self._made = (seed, clip, name), first
        self._words = iter(struct.unpack(f"<{first}Q", hashed(seed, clip, name, 8 * first)))

    def unit(self) -> float:
        """The next number in [0, 1)."""
        word = next(self._words, None)
        return ((self._more() if word is None else word) >> 11) * 2.0**-53

    def units(self) -> np.ndarray:
        """All numbers that are made and not yet drawn, in bulk."""
        import numpy as np  # which whoever draws singly does not wait for

        return (np.array(list(self._words), dtype=np.uint64) >> np.uint64(11)) * 2.0**-53

    def of(self, given: Distribution[T] | None, default: Distribution[T]) -> T:
        """A value of what the job gives, else of the default. Takes one number even where the value is fixed."""
        return (default if given is None else given).at(self.unit())

    def or_this(self, given: Distribution[T] | None, default: T) -> T:
        """A value of what the job gives, else this one. Takes one number all the same."""
        unit = self.unit()
        return default if given is None else given.at(unit)

    def between(self, low: float, high: float) -> float:
        """Any number from low to high, all as likely."""
        return Between(low, high).at(self.unit())

    def whole(self) -> int:
        """The seed of something: 0 … 2³¹−1."""
        return int(self.unit() * 2**31)

    def _more(self) -> int:
        # A longer digest begins with the shorter one.
        done, self._made = self._made, 4 * self._made
        words = struct.unpack(f"<{self._made}Q", hashed(*self._of, 8 * self._made))
        self._words = iter(words[done:])
        return next(self._words)


class Streams(Protocol):
    """The streams of somebody or something, one for each attribute."""

    def __call__(self, attribute: str, /, first: int = 8) -> Draws:
        """The attribute's stream; `first` as of `Draws`."""
        ...


def streams_of(seed: int, clip: int, name: str) -> Streams:
    """The streams of a named thing or person of one clip."""

    def stream(attribute: str, first: int = 8) -> Draws:
        return Draws(seed, clip, f"{name}/{attribute}", first)

    return stream

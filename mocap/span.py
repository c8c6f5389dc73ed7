"""The part of a take to keep while it is read."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, inf
from pathlib import Path

from mocap.errors import UserError

_ROUNDING = 1e-6  # frames: seconds given in decimals rarely fall on a frame exactly


@dataclass(frozen=True)
class Span:
    """Seconds from the first recorded frame, both ends kept; None reaches to the take's own end."""

    start: float | None = None
    stop: float | None = None

    def first(self, rate: float) -> int:
        """Number of the first frame kept."""
        return max(0, ceil((self.start or 0.0) * rate - _ROUNDING))

    def last(self, rate: float) -> float:
        """Number of the last frame kept; infinite when open."""
        return inf if self.stop is None else floor(self.stop * rate + _ROUNDING)

    def holds(self, frame: int, rate: float) -> bool:
        """Is this frame kept?"""
        return self.first(rate) <= frame <= self.last(rate)

    def check(self, frames: int, rate: float, path: Path) -> None:
        """Raise UserError unless the span lies within a take of so many frames and holds at least one."""
        length = (frames - 1) / rate
        start, stop = self.start or 0.0, length if self.stop is None else self.stop
        if not 0.0 <= start <= stop or self.first(rate) > min(self.last(rate), frames - 1):
            problem = f"seconds {start:g} to {stop:g} hold no frame"
        elif self.stop is not None and self.last(rate) > frames - 1:
            problem = f"seconds {start:g} to {stop:g} reach beyond the end"
        else:
            return
        raise UserError(problem, file=path, mend=f"The take runs from 0 to {length:.3f} s ({frames} frames).")

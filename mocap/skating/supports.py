"""Which foot carries the skater when."""

from __future__ import annotations

from dataclasses import dataclass

from mocap.runs import runs
from mocap.skating.tracks import Tracks
from mocap.skeleton import LEFT, RIGHT, SIDES


@dataclass(frozen=True)
class Support:
    """One foot carrying the skater, from the frame it is set down to the frame before the next foot takes over."""

    side: str
    start: int
    end: int

    @property
    def free(self) -> str:
        """The side of the other foot."""
        return RIGHT if self.side == LEFT else LEFT

    @property
    def part(self) -> slice:
        """Its frames."""
        return slice(self.start, self.end + 1)


def supports(tracks: Tracks) -> tuple[Support, ...]:
    """Which foot carries when. One that comes down and leaves again while the other one stands has not taken over."""
    stands = sorted((int(first), int(last), side) for side in SIDES for first, last in runs(tracks.blades[side].down))
    chain: list[tuple[int, int, str]] = []
    for stand in stands:
        if not chain or stand[1] > chain[-1][1]:
            chain.append(stand)
    return tuple(
        Support(side, first, min(last, chain[k + 1][0] - 1) if k + 1 < len(chain) else last)
        for k, (first, last, side) in enumerate(chain)
        if k + 1 == len(chain) or chain[k + 1][0] > first
    )

"""What a skater does in a take, with the frames it lasts: jumps, spins, glides, steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Event:
    """One element of a programme.

    Attributes:
        type: "stroke", "glide", "step", "turn", "jump" or "spin".
        name: as a coach calls it ("axel", "upright spin", "right forward outside edge"); the type where nobody knows.
        start: first frame, at the motion's own rate; of a jump, the last frame on the ice (take-off).
        end: last frame; of a jump, the frame of the touch-down (landing). The flight lies between the two.
        turns: whole and part turns of the body; 0 for glides and strokes. A jump counts as its name does (Axel: 1.5).
        height: metres that the centre of mass rises in a jump's flight; 0 for all else.
        rate: turns per second at the fastest, of jumps and spins; 0 for all else.
    """

    type: str
    name: str
    start: int
    end: int
    turns: float = 0.0
    height: float = 0.0
    rate: float = 0.0


EVENT_TYPES: tuple[str, ...] = ("stroke", "glide", "step", "turn", "jump", "spin")


def at_rate(events: Iterable[Event], ratio: float, shift: float, count: int) -> tuple[Event, ...]:
    """Events of a motion whose frame f became frame (f − shift) · ratio, cut to 0 … count − 1."""
    out = []
    for event in events:
        start, end = (round((frame - shift) * ratio) for frame in (event.start, event.end))
        if end >= 0 and start < count:
            out.append(replace(event, start=max(0, start), end=min(count - 1, end)))
    return tuple(out)

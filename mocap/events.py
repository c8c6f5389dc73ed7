"""What a skater does in a take, with the frames it lasts: jumps, spins, glides, steps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """One element of a programme.

    Attributes:
        type: "stroke", "glide", "step", "jump" or "spin".
        name: as a coach calls it ("axel", "upright spin", "right forward outside edge").
        start: first frame, at the motion's own rate; of a jump, the last frame on the ice.
        end: last frame; of a jump, the frame of the touch-down.
        turns: whole and part turns of the body; 0 for glides and strokes. A jump counts as its name does (Axel: 1.5).
    """

    type: str
    name: str
    start: int
    end: int
    turns: float = 0.0

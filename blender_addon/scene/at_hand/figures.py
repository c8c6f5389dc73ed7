"""How well a movement sits on a skater: a few figures that a coach asks for, in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One figure.

    Attributes:
        label: what is measured ("Blade slips on the ice"); text: how much, with its unit, and what it compares to.
        good: whether that is as it should be; None where there is nothing to judge.
    """

    label: str
    text: str
    good: bool | None

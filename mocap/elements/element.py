"""What an element of the library is: a name, numbers that shape it, and phrases made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mocap.elements.phrase import Phrase

# Frames per second of every element's take.
RATE = 60.0


@dataclass(frozen=True)
class Parameter:
    """A number that shapes an element.

    Attributes:
        default: what it is if nobody says; None where it follows from the element's other parameters.
        low, high: the limits within which it still looks like skating.
        about: what it is, with its unit.
        whole: whether it counts something: turns, steps.
    """

    default: float | None
    low: float
    high: float
    about: str
    whole: bool = False


@dataclass(frozen=True)
class Element:
    """A skating element, from its entry to its exit.

    Attributes:
        name: as a coach says it ("sit spin").
        parameters: by name ("turns", "height", "speed", …).
        build: the element's phrases from a value for every parameter that is given or has a default. UserError where
            values do not go together.
    """

    name: str
    parameters: Mapping[str, Parameter]
    build: Callable[[Mapping[str, float]], Sequence[Phrase]]

"""What an element of the library is: a name, numbers that shape it, and phrases made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from mocap.elements.phrase import Phrase


@dataclass(frozen=True)
class Parameter:
    """A number that shapes an element: its default, and the limits within which it still looks like skating."""

    default: float
    low: float
    high: float
    about: str


@dataclass(frozen=True)
class Element:
    """A skating element, from its entry to its exit.

    Attributes:
        name: as a coach says it ("sit spin").
        parameters: by name ("turns", "height", "speed", …).
        build: the element's phrases from a value for every parameter.
    """

    name: str
    parameters: Mapping[str, Parameter]
    build: Callable[[Mapping[str, float]], Sequence[Phrase]]

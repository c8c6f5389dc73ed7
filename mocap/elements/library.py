"""The elements that a job can ask for by name, and the takes that they make."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from mocap.elements import jumps, moves, spins
from mocap.elements.body import skater
from mocap.elements.element import Element
from mocap.elements.phrase import string_together
from mocap.elements.skate import perform
from mocap.errors import UserError
from mocap.events import Event
from mocap.motion import Motion

RATE = 60.0

ELEMENTS: Mapping[str, Element] = {
    element.name: element for element in (*moves.ELEMENTS, *spins.ELEMENTS, *jumps.ELEMENTS)
}


def element_take(name: str, parameters: Mapping[str, float] | None = None) -> Motion:
    """An element as a take: 60 Hz, all 23 segments, contacts and events, travelling from the origin toward −Y.

    Args:
        name: of `ELEMENTS`.
        parameters: values by name; what is left out has its default.

    Raises:
        UserError: no such element or parameter, or a value outside its limits.
    """
    element = _known(name)
    phrases = element.build(_complete(element, parameters or {}))
    programme, moments, duration = string_together(phrases, start=(0.0, 0.0), direction=-90.0)
    skeleton = skater()
    performance = perform(programme, skeleton, RATE, duration)
    return Motion(
        name=name,
        rate=RATE,
        skeleton=skeleton,
        orientations=performance.orientations,
        positions=performance.positions,
        contacts=performance.contacts,
        source={"format": "authored"},
        events=tuple(Event(m.type, m.name, round(m.start * RATE), round(m.end * RATE), m.turns) for m in moments),
    )


def element_duration(name: str, parameters: Mapping[str, float] | None = None) -> float:
    """Seconds that `element_take` will last, without making it. UserError as there."""
    element = _known(name)
    return sum(phrase.duration for phrase in element.build(_complete(element, parameters or {})))


def _known(name: str) -> Element:
    element = ELEMENTS.get(name)
    if element is None:
        raise UserError(f"there is no element {name!r}", place="element", mend=_meant(name, ELEMENTS))
    return element


def _complete(element: Element, given: Mapping[str, float]) -> dict[str, float]:
    """A value for every parameter of an element."""
    for name, value in given.items():
        if name not in element.parameters:
            raise UserError(
                f"the {element.name} has no parameter {name!r}", place="element", mend=_meant(name, element.parameters)
            )
        limits = element.parameters[name]
        if not limits.low <= value <= limits.high:
            raise UserError(
                f"{name} {value:g} of the {element.name} lies outside {limits.low:g} to {limits.high:g}",
                place="element",
            )
    return {name: float(given.get(name, limits.default)) for name, limits in element.parameters.items()}


def _meant(name: str, known: Mapping[str, object]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"Did you mean {close[0]!r}?" if close else f"There are: {', '.join(known) or 'none'}."

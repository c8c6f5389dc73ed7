"""The elements that a job can ask for by name, and the takes that they make."""

from __future__ import annotations

from collections.abc import Mapping

from mocap.elements import jumps, moves, spins, spirals, standing
from mocap.elements.element import Element
from mocap.elements.phrase import string_together
from mocap.elements.take import take_of
from mocap.errors import UserError
from mocap.meant import meant
from mocap.motion import Motion

ELEMENTS: Mapping[str, Element] = {
    element.name: element
    for element in (
        *moves.ELEMENTS,
        *spirals.ELEMENTS,
        *spins.ELEMENTS,
        *jumps.ELEMENTS,
        *standing.ELEMENTS,
    )
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
    return take_of(name, programme, moments, duration)


def element_duration(name: str, parameters: Mapping[str, float] | None = None) -> float:
    """Seconds that `element_take` will last, without making it. UserError as there."""
    element = _known(name)
    return sum(phrase.duration for phrase in element.build(_complete(element, parameters or {})))


def _known(name: str) -> Element:
    element = ELEMENTS.get(name)
    if element is None:
        raise UserError(f"there is no element {name!r}", place="element", mend=meant(name, ELEMENTS))
    return element


def _complete(element: Element, given: Mapping[str, float]) -> dict[str, float]:
    """The values given and the defaults of the others, for the parameters that have one."""
    for name, value in given.items():
        if name not in element.parameters:
            raise UserError(
                f"the {element.name} has no parameter {name!r}", place="element", mend=meant(name, element.parameters)
            )
        limits = element.parameters[name]
        if not limits.low <= value <= limits.high:
            raise UserError(
                f"{name} {value:g} of the {element.name} lies outside {limits.low:g} to {limits.high:g}",
                place="element",
            )
        if limits.whole and value != round(value):
            raise UserError(f"{name} of the {element.name} is a whole number, not {value:g}", place="element")
    defaults = {name: p.default for name, p in element.parameters.items() if p.default is not None}
    return {name: float(value) for name, value in {**defaults, **given}.items()}

"""The elements that a job can ask for by name, and the takes that they make."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

import numpy as np

from mocap.elements import jumps, moves, spins, spirals
from mocap.elements.body import skater
from mocap.elements.element import RATE, Element
from mocap.elements.phrase import Moment, string_together
from mocap.elements.skate import perform
from mocap.errors import UserError
from mocap.events import Event
from mocap.inertia import centre_of_mass
from mocap.motion import Motion
from mocap.rotations import Array, rotate

ELEMENTS: Mapping[str, Element] = {
    element.name: element for element in (*moves.ELEMENTS, *spirals.ELEMENTS, *spins.ELEMENTS, *jumps.ELEMENTS)
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
    height = centre_of_mass(skeleton, performance.orientations, performance.positions)[:, 2]
    rate = _turns_per_second(performance.orientations)
    return Motion(
        name=name,
        rate=RATE,
        skeleton=skeleton,
        orientations=performance.orientations,
        positions=performance.positions,
        contacts=performance.contacts,
        source={"format": "authored"},
        events=tuple(_event(moment, height, rate) for moment in moments),
    )


def _turns_per_second(orientations: Array) -> Array:
    """(T,) how fast the hips turn about the vertical, positive to the left, from (T, J, 4) at `RATE`."""
    left = rotate(orientations[:, 0], np.array((1.0, 0.0, 0.0)))
    return np.gradient(np.unwrap(np.arctan2(left[:, 1], left[:, 0]))) * RATE / (2.0 * np.pi)


def _event(moment: Moment, height: Array, rate: Array) -> Event:
    """A moment with what was performed in it; `height` (T,) of the centre of mass, `rate` (T,) in turns per second."""
    start, end = round(moment.start * RATE), min(round(moment.end * RATE), len(rate) - 1)
    span = slice(start, end + 1)
    return Event(
        moment.type,
        moment.name,
        start,
        end,
        turns=moment.turns,
        height=float(height[span].max() - height[start]) if moment.type == "jump" else 0.0,
        rate=float(np.abs(rate[span]).max()) if moment.type in ("jump", "spin") else 0.0,
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
    """The values given and the defaults of the others, for the parameters that have one."""
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
        if limits.whole and value != round(value):
            raise UserError(f"{name} of the {element.name} is a whole number, not {value:g}", place="element")
    defaults = {name: p.default for name, p in element.parameters.items() if p.default is not None}
    return {name: float(value) for name, value in {**defaults, **given}.items()}


def _meant(name: str, known: Mapping[str, object]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"Did you mean {close[0]!r}?" if close else f"There are: {', '.join(known) or 'none'}."

"""A programme as a take: performed, and told in events with the figures that came of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mocap.axes import LEFTWARD, facing
from mocap.elements.body import skater
from mocap.elements.element import RATE
from mocap.elements.phrase import Moment
from mocap.elements.skate import Programme, perform
from mocap.events import Event
from mocap.inertia import centre_of_mass
from mocap.motion import Motion
from mocap.rotations import Array, rotate


def take_of(name: str, programme: Programme, moments: Sequence[Moment], duration: float) -> Motion:
    """A take of all 23 segments at `RATE`, `duration` seconds long, the soles at z = 0 where a foot is on the ice."""
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
    turned = np.unwrap(facing(rotate(orientations[:, 0], LEFTWARD)))
    return np.gradient(turned) * RATE / (2.0 * np.pi)


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

"""What an authored body does in the air and in a spin: it falls freely, and turns faster the narrower it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import BPoly

from mocap.elements.keyframes import ease, through
from mocap.inertia import GRAVITY
from mocap.rotations import Array

# Seconds over which the ice gives or takes what a turn needs to reach its counts.
_HANDOVER = 0.5


@dataclass(frozen=True)
class Turn:
    """A turn of the whole body about the vertical, on the ice or in the air.

    Attributes:
        turns: how far in all, positive to the left.
        momentum: (seconds, angular momentum) keys, in any unit: the ice gives and takes it, the air keeps it.
        reached: (seconds, turns) counted on the way, where the turns between two moments must be whole.
    """

    turns: float
    momentum: Sequence[tuple[float, float]]
    reached: Sequence[tuple[float, float]] = ()


def turning(turns: Sequence[Turn], times: Array, inertia: Array) -> Array:
    """(T,) radians that the body has turned by each time.

    Within each turn the rate is momentum / inertia (T,), so drawing the arms in speeds it up; the momentum's scale is
    the one that makes the turn as far as authored, from each of its counts to the next.
    """
    angle = np.zeros(len(times))
    for turn in turns:
        angle += 2.0 * np.pi * _swept(turn, times, through(turn.momentum, times) / inertia)
    return angle


def _swept(turn: Turn, times: Array, rate: Array) -> Array:
    """(T,) turns swept by each time, for a rate (T,) in any unit, which is scaled from count to count."""
    at, counts = np.array([(times[0], 0.0), *turn.reached, (times[-1], turn.turns)]).T
    begun = np.array([np.ones(len(times)), *(ease((times - t) / _HANDOVER + 0.5) for t in at[1:-1])])
    parts = rate * (begun - np.concatenate((begun[1:], np.zeros((1, len(times))))))
    step = times[1] - times[0]
    swept = np.cumsum(0.5 * step * (parts[:, 1:] + parts[:, :-1]), axis=1)
    swept = np.concatenate((np.zeros((len(parts), 1)), swept), axis=1)
    between_counts = np.diff([np.interp(at, times, part) for part in swept], axis=1).T
    return np.linalg.solve(between_counts, np.diff(counts)) @ swept


@dataclass(frozen=True)
class Flight:
    """A jump's time in the air, in seconds: `push` starts the leg's thrust, `settled` ends the landing knee's give."""

    push: float
    takeoff: float
    landing: float
    settled: float


def ballistic_height(heights: Array, flight: Flight, rate: float) -> Array:
    """The centre of mass's heights (T,) with a real flight in them.

    From the height at take-off to that at landing goes the parabola of free fall: with equal heights it rises g·t²/8.
    The thrust before and the give after are quintics that meet it in height, speed and acceleration.
    """
    first, off, on, last = (round(t * rate) for t in (flight.push, flight.takeoff, flight.landing, flight.settled))
    out = heights.copy()
    air = (on - off) / rate
    rise = (heights[on] - heights[off]) / air + 0.5 * GRAVITY * air
    t = np.arange(on - off + 1) / rate
    out[off : on + 1] = heights[off] + rise * t - 0.5 * GRAVITY * t**2
    speed = np.gradient(heights) * rate
    acceleration = np.gradient(speed) * rate
    air_ends = {off: (heights[off], rise, -GRAVITY), on: (heights[on], rise - GRAVITY * air, -GRAVITY)}
    for a, b in ((first, off), (on, last)):
        ends = [air_ends.get(k, (heights[k], speed[k], acceleration[k])) for k in (a, b)]
        curve = BPoly.from_derivatives([a / rate, b / rate], ends)
        out[a : b + 1] = curve(np.arange(a, b + 1) / rate)
    return out

"""What an authored body does in the air and in a spin: it falls freely, and turns faster the narrower it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import BPoly

from mocap.elements.keyframes import through
from mocap.inertia import GRAVITY
from mocap.rotations import Array


@dataclass(frozen=True)
class Turn:
    """A turn of the whole body about the vertical, on the ice or in the air.

    Attributes:
        turns: how far in all, positive to the left.
        momentum: (seconds, angular momentum) keys, in any unit: the ice gives and takes it, the air keeps it.
    """

    turns: float
    momentum: Sequence[tuple[float, float]]


def turning(turns: Sequence[Turn], times: Array, inertia: Array) -> Array:
    """(T,) radians that the body has turned by each time.

    Within each turn the rate is momentum / inertia (T,), so drawing the arms in speeds it up; the momentum's scale is
    the one that makes the turn as far as authored.
    """
    angle = np.zeros(len(times))
    step = times[1] - times[0]
    for turn in turns:
        rate = through(turn.momentum, times) / inertia
        swept = np.concatenate(((0.0,), np.cumsum(0.5 * step * (rate[1:] + rate[:-1]))))
        angle += 2.0 * np.pi * turn.turns * swept / swept[-1]
    return angle


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

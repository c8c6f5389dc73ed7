"""Spins: where they begin and end, how far and how fast they turn."""

from __future__ import annotations

import numpy as np

from mocap.events import Event
from mocap.motion import Motion
from mocap.rotations import Array
from mocap.runs import joined, runs
from mocap.skating.flights import find_flights
from mocap.skating.spin_positions import spin_name
from mocap.skating.tracks import Tracks, velocity

# Turns per second: slower turning is an edge or a wind-up. Beginners spin at about 1, elite layback spins at 1.5–2.
_SLOWEST = 0.6
# Share of a spin's median rate from which on it counts as begun, so that fast and slow ones begin alike; and the turns
# per second at which any has.
_UNDER_WAY = 0.5
_SURELY = 0.9
# Hz and m/s: the drift of a spin is what is left of its travel when its own circling (a decimetre, once a turn) is
# filtered out; faster, it is a travelling turn (a twizzle) or a landing.
_DRIFT_CUTOFF = 1.0
_TRAVEL = 0.7
# Turns: fewer are a pivot or the way out of a jump. The rules call nothing a spin that has under three (ISU, Technical
# Panel Handbook, Single Skating); children's two-turn spins are wanted too.
_FEWEST = 1.75
# Seconds that a spin may hesitate, to change the foot or the position.
_HESITATION = 0.5


def find_spins(motion: Motion, tracks: Tracks) -> tuple[Event, ...]:
    """Sustained turning on one spot, at least _FEWEST turns long."""
    on_ice = np.ones(len(tracks.turned), dtype=bool)
    for flight in find_flights(tracks):
        # A contact that was lost for a moment ends no spin; a body that falls does.
        on_ice[flight.start : flight.end + 1] = not flight.ballistic
    drift = np.linalg.norm(velocity(tracks.centre[:, :2], tracks.rate, _DRIFT_CUTOFF), axis=-1)
    slow = drift < _TRAVEL
    out: list[Event] = []
    for direction in (1.0, -1.0):
        turning = direction * tracks.turning > 2.0 * np.pi * _SLOWEST
        for span in joined(runs(turning & slow & on_ice), tracks.frames(_HESITATION)):
            first, last = _trimmed(direction * tracks.turning, *span)
            turns = direction * (tracks.turned[last] - tracks.turned[first]) / (2.0 * np.pi)
            if turns >= _FEWEST:
                part = slice(first, last + 1)
                rate = float(np.max(direction * tracks.turning[part])) / (2.0 * np.pi)
                out.append(
                    Event("spin", spin_name(motion, tracks, part), first, last, round(float(turns), 2), 0.0, rate)
                )
    return tuple(sorted(out, key=lambda event: event.start))


def _trimmed(turning: Array, first: int, last: int) -> tuple[int, int]:
    """A spin without its winding up and running out: from where it turns at _UNDER_WAY of its usual rate, to there."""
    rate = min(_UNDER_WAY * float(np.median(turning[first : last + 1])), 2.0 * np.pi * _SURELY)
    fast = np.flatnonzero(turning[first : last + 1] >= rate)
    return int(first + fast[0]), int(first + fast[-1])

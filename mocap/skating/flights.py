"""When the skater is in the air, and whether the body falls there as bodies do."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mocap.inertia import GRAVITY
from mocap.runs import runs
from mocap.skating.tracks import Tracks
from mocap.skeleton import SIDES

# Seconds: shorter spells without a contact are a step from foot to foot. A single jump of a beginner flies about 0.3 s,
# a hop 0.15 s.
_SHORTEST = 0.14
# Share of g by which the fall may differ before it counts as no free fall: 15% of a 0.5 s flight's 0.31 m is 5 cm,
# beyond what MVN's vertical errs in so short a time.
_TOLERANCE = 0.15
# Of the flight at either end that is left out of the fit: there a contact may be off by a frame or two.
_TRIM = 0.1


@dataclass(frozen=True)
class Flight:
    """A time in the air.

    Attributes:
        start, end: last frame on the ice, first frame on it again.
        seconds: between the two.
        height: metres that the centre of mass rises from take-off to the apex.
        fall: m/s² with which it is drawn down, fitted; 9.81 in free fall.
        residual: metres (root mean square) between its heights and the parabola.
        ballistic: whether `fall` is gravity's within what the recording's noise allows.
    """

    start: int
    end: int
    seconds: float
    height: float
    fall: float
    residual: float
    ballistic: bool

    @property
    def expected_height(self) -> float:
        """Metres that a flight of this length rises if it ends as high as it began: g·t²/8."""
        return GRAVITY * self.seconds**2 / 8.0


def find_flights(tracks: Tracks) -> tuple[Flight, ...]:
    """Every time both blades are off the ice, long enough to be no step; those that the take cuts off are left out."""
    air = ~np.any([tracks.blades[side].down for side in SIDES], axis=0)
    last = len(air) - 1
    return tuple(
        _flight(tracks, first - 1, end + 1)
        for first, end in runs(air)
        if first > 0 and end < last and (end - first + 2) / tracks.rate >= _SHORTEST
    )


def _flight(tracks: Tracks, start: int, end: int) -> Flight:
    seconds = (end - start) / tracks.rate
    trim = round(_TRIM * (end - start)) if end - start >= 8 else 0
    frames = np.arange(start + trim, end - trim + 1)
    time = (frames - start) / tracks.rate
    basis = np.stack((np.ones_like(time), time, time**2), axis=-1)
    heights = tracks.centre[frames, 2]
    fit, *_ = np.linalg.lstsq(basis, heights, rcond=None)
    left = heights - basis @ fit
    residual = float(np.sqrt(np.mean(left**2)))
    # Three numbers were fitted. The fall is twice the curvature, and so is its standard error.
    spread = np.sum(left**2) / max(1, len(time) - 3)
    error = 2.0 * np.sqrt(spread * np.linalg.inv(basis.T @ basis)[2, 2]) if len(time) > 3 else 0.0
    fall = -2.0 * float(fit[2])
    rise = max(0.0, float(fit[1]))
    risen = float(np.max(tracks.centre[start : end + 1, 2]) - tracks.centre[start, 2])
    return Flight(
        start=int(start),
        end=int(end),
        seconds=seconds,
        # The parabola's apex, which noise moves less than the highest frame; without a fall it has none.
        height=rise**2 / (2.0 * fall) if fall > 0.5 * GRAVITY else risen,
        fall=fall,
        residual=residual,
        # Two standard errors are left to the noise.
        ballistic=bool(abs(fall - GRAVITY) < _TOLERANCE * GRAVITY + 2.0 * error),
    )

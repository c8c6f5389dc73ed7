"""On which edge a blade runs: how far the skater leans over it, to its inside or its outside."""

from __future__ import annotations

import numpy as np

from mocap.inertia import GRAVITY
from mocap.rotations import Array
from mocap.skating.tracks import Tracks
from mocap.skeleton import OUTWARD

# Degrees of lean below which an edge is not told: MVN's legs and pelvis err by about as much.
_UNSURE = 1.5
# m/s below which the direction of a blade's run is not told.
_STILL = 0.3


def lean_out(tracks: Tracks, side: str, part: slice) -> float:
    """Degrees by which the skater leans to the outside of a foot over some frames; negative to its inside.

    A skater in balance leans by as much as the path's curve asks (atan(v²/r·g)). Both are measured, the lean from the
    centre of mass over the blade, the curve from the travel, and their mean is taken: the one suffers where feet are
    tracked badly, the other where travel is.
    """
    blade = tracks.blades[side]
    over = (tracks.centre - blade.point)[part]
    left = np.stack((-blade.ahead[part, 1], blade.ahead[part, 0]), axis=-1)
    leaning = np.sum(over[:, :2] * left, axis=-1) / np.maximum(over[:, 2], 0.3)
    if len(leaning) < 2:
        return OUTWARD[side] * float(np.degrees(np.arctan(leaning.mean()))) if len(leaning) else 0.0
    pull = np.gradient(tracks.travel[part], axis=0) * tracks.rate
    curving = np.sum(pull * left, axis=-1) / GRAVITY
    return OUTWARD[side] * float(np.degrees(np.arctan(0.5 * np.mean(leaning + curving))))


def edge_name(tracks: Tracks, side: str, part: slice) -> str:
    """ "outside", "inside", or nothing where the lean is too small to tell."""
    lean = lean_out(tracks, side, part)
    if abs(lean) < _UNSURE:
        return ""
    return "outside" if lean > 0.0 else "inside"


def runs_backward(tracks: Tracks, side: str, part: slice) -> bool | None:
    """Whether a blade runs backward over some frames; None where it hardly moves."""
    along = float(np.mean(tracks.blades[side].along[part])) if part.stop > part.start else 0.0
    return None if abs(along) < _STILL else along < 0.0


def way_name(tracks: Tracks, side: str, part: slice) -> str:
    """ "forward", "back", or nothing where the blade hardly moves."""
    backward = runs_backward(tracks, side, part)
    return "" if backward is None else "back" if backward else "forward"


def in_words(*words: str) -> str:
    """The words that are known, as a coach says them in a row: "left", "back", "", "edge"."""
    return " ".join(word for word in words if word)


def path_curve(tracks: Tracks, part: slice) -> float:
    """Radians by which the travel bends to the left over some frames."""
    going: Array = tracks.going[part]
    return float(going[-1] - going[0]) if len(going) else 0.0

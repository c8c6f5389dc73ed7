"""MVN's segments out of joints that a map names, where the map names fewer: the rest of the spine, clavicles, toes.

Joints in between are interpolated, as an average skater has them; those at the ends follow their parent.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mocap.elements.body import skater
from mocap.rotations import Array, conjugate, rotate, slerp

_TRUNK = ("Pelvis", "L5", "L3", "T12", "T8", "Neck", "Head")
_AVERAGE = skater()
# Share of the way from the middle to the shoulder joint at which an average clavicle begins.
_CLAVICLE = float(
    _AVERAGE.offsets[_AVERAGE.index("LeftShoulder")][0]
    / (_AVERAGE.offsets[_AVERAGE.index("LeftShoulder")][0] + _AVERAGE.offsets[_AVERAGE.index("LeftUpperArm")][0])
)


def spine_turns(turns: Mapping[str, Array]) -> dict[str, Array]:
    """Orientations (T, 4) of all segments of the trunk, from those (T, 4) of some, pelvis and head among them."""
    return {name: slerp(turns[below], turns[above], np.asarray(share)) for name, below, above, share in _between(turns)}


def spine_places(places: Mapping[str, Array]) -> dict[str, Array]:
    """Positions (T, 3) of all segments of the trunk, on straight lines between those (T, 3) that are known."""
    return {
        name: places[below] + share * (places[above] - places[below]) for name, below, above, share in _between(places)
    }


def _between(known: Mapping[str, Array]) -> list[tuple[str, str, str, float]]:
    """(segment, the known one below or at it, the one above, share of the way) for the trunk."""
    heights = dict(zip(_AVERAGE.names, _AVERAGE.identity_positions()[:, 2], strict=True))
    out = []
    for k, name in enumerate(_TRUNK):
        below = next(other for other in reversed(_TRUNK[: k + 1]) if other in known)
        above = next(other for other in _TRUNK[k:] if other in known)
        span = heights[above] - heights[below]
        out.append((name, below, above, 0.0 if below == above else (heights[name] - heights[below]) / span))
    return out


def clavicle_in_chest(chest: Array, place: Array, arm: Array) -> Array:
    """(3,) where a clavicle begins in the chest's frame, from the rest pose.

    Args:
        chest: (4,) orientation of the chest; place: (3,) its origin; arm: (3,) the shoulder joint.
    """
    return rotate(conjugate(chest), arm - place) * np.array((_CLAVICLE, 1.0, 1.0))


def ball_in_foot(side: str, leg: float) -> Array:
    """(3,) where the ball of an average foot lies in the foot's frame, for a leg of so many metres."""
    offset = {name: _AVERAGE.offsets[_AVERAGE.index(f"{side}{name}")] for name in ("LowerLeg", "Foot", "Toe")}
    average = float(np.linalg.norm(offset["LowerLeg"]) + np.linalg.norm(offset["Foot"]))
    ball: Array = offset["Toe"] * (leg / average)
    return ball

"""Room for everybody: who may give way is moved as a whole, so that nobody runs into another or the boards. No bpy."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from blender_addon.cast import PlacementSpec, SkaterSpec
from blender_addon.clip import RinkSpec
from blender_addon.rink.plan import facing_ice, outline, outside, perimeter
from blender_addon.skater.human import Human
from blender_addon.skater.performance import around, load_motion, placed
from mocap.placement import sized
from mocap.retarget import leg_length, source_leg_length
from mocap.rotations import Array

# Metres between the hips of two people: an arm's length each. Metres from hips to boards.
APART = 1.7
FROM_BOARDS = 1.1
# Places that are tried: on a spiral whose turns lie this far apart (m), each with another heading.
_TRIED = 160
_SPIRAL = 0.9
# Metres from one place along the boards to the next.
_STEP = 0.8
_GOLDEN_ANGLE = math.pi * (3.0 - math.sqrt(5.0))


class Located(Protocol):
    """Somebody who is there: a `Performance`, or what is known of one."""

    @property
    def landmarks(self) -> Mapping[str, Array]:
        """(T, 3) world positions by name, of the hips at least."""


def make_room(
    spec: SkaterSpec,
    human: Human,
    fps: float,
    count: int,
    others: Sequence[Located],
    rink: RinkSpec,
) -> PlacementSpec:
    """Where somebody goes so as to keep clear of the others, who stay: the place asked for, or one as near as may be.

    A placement that does not yield comes back as it is. Where there is no room at all, the roomiest place is taken.

    Args:
        human: who moves so; fps, count: the clip's frames.
        others: who is on the ice already.
    """
    if not spec.placement.yields:
        return spec.placement
    take = load_motion(spec.motion)
    motion, window = around(take, fps, spec.motion.start, count)
    size = leg_length(human.rig, human.bones) / source_leg_length(motion)
    travel = placed(sized(motion, size), spec.placement, window).positions[window, 0, :2]
    there = np.array([hips(other) for other in others]).reshape(len(others), count, 2)
    middle = 0.5 * (travel.min(axis=0) + travel.max(axis=0))
    best, most = spec.placement, -np.inf
    at_boards = spec.role == "coach"
    for place in _along_the_boards(spec.placement, rink) if at_boards else _places(spec.placement):
        turn = place.heading - spec.placement.heading
        cosine, sine = math.cos(turn), math.sin(turn)
        moved = (travel - middle) @ np.array(((cosine, sine), (-sine, cosine)))
        # As `place_motion` does: the middle of the box round the travel lies at the place.
        moved += np.array((place.x, place.y)) - 0.5 * (moved.min(axis=0) + moved.max(axis=0))
        room = _room(moved, there)
        if not at_boards:
            room = min(room, float(-outside(rink, moved).max()) - FROM_BOARDS)
        if room >= 0.0:
            return place
        if room > most:
            best, most = place, room
    return best


def hips(somebody: Located) -> Array:
    """(T, 2) the middle of the hip joints over the ice."""
    marks = somebody.landmarks
    return np.asarray(0.5 * (marks["left_hip"] + marks["right_hip"])[:, :2])


def _places(first: PlacementSpec) -> Sequence[PlacementSpec]:
    """The place asked for, then others around it on a spiral."""
    out = [first]
    for k in range(1, _TRIED):
        away, angle = _SPIRAL * math.sqrt(k), k * _GOLDEN_ANGLE
        x, y = first.x + away * math.cos(angle), first.y + away * math.sin(angle)
        out.append(replace(first, x=round(x, 6), y=round(y, 6), heading=round(first.heading + angle, 6)))
    return out


def _along_the_boards(first: PlacementSpec, rink: RinkSpec) -> Sequence[PlacementSpec]:
    """The place asked for, then others further and further along the boards to either side, turned to the ice alike."""
    here = np.array((first.x, first.y))
    away = float(outside(rink, here))
    ring = np.arange(0.0, perimeter(rink), _STEP)
    nearest = int(np.linalg.norm(outline(rink, ring, away) - here, axis=1).argmin())
    turned = first.heading - facing_ice(rink, float(ring[nearest]), away)[2]
    out = [first]
    for k in range(1, len(ring) // 2):
        for side in (1, -1):
            x, y, heading = facing_ice(rink, float(ring[(nearest + side * k) % len(ring)]), away)
            out.append(replace(first, x=round(x, 6), y=round(y, 6), heading=round(heading + turned, 6)))
    return out


def _room(travel: Array, others: Array) -> float:
    """Metres to spare between the way (T, 2) and others' (K, T, 2), at the narrowest; negative where too near."""
    return float(np.linalg.norm(others - travel, axis=-1).min()) - APART if len(others) else np.inf

"""All figures of one take on one avatar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from mocap.metrics.blades import BladeErrors, blade_errors, running_edges
from mocap.metrics.bodies import posed_avatar, recorded_body
from mocap.metrics.directions import DirectionErrors, direction_errors
from mocap.metrics.flights import FlightError, TurnError, flight_errors, turn_errors
from mocap.metrics.limits import Violation, violations
from mocap.metrics.positions import PositionErrors, position_errors
from mocap.motion import Motion
from mocap.retarget import BoneMap, Soles, leg_length, source_leg_length
from mocap.rig import PoseTrack, Rig


@dataclass(frozen=True)
class Quality:
    """What retargeting kept and what it lost; every part says its units.

    Attributes:
        frames, rate: of the motion and of the track alike.
        leg_scale: the avatar's leg to the recorded one, by which flights and slip are compared.
        limits, recorded_limits: the avatar's joints and the recorded ones against the ranges of the human body.
    """

    frames: int
    rate: float
    leg_scale: float
    directions: DirectionErrors
    positions: PositionErrors
    blades: BladeErrors
    flights: tuple[FlightError, ...]
    turns: tuple[TurnError, ...]
    limits: Mapping[str, Violation]
    recorded_limits: Mapping[str, Violation]


def measure(motion: Motion, rig: Rig, bones: BoneMap, soles: Soles, track: PoseTrack) -> Quality:
    """Compare a track with the motion it was made of.

    Args:
        motion: what was retargeted, frame for frame, at the track's rate; without contacts no figure that needs them
            is given.
        rig: the avatar at rest.
        bones: which bones play which segments.
        soles: running edges, rigid with the feet, toe first.
        track: the avatar's movement; the ice lies at z = 0.

    Raises:
        ValueError: motion and track have different numbers of frames.
    """
    if len(motion) != len(track):
        raise ValueError(f"a motion of {len(motion)} frames cannot be held against a track of {len(track)}")
    source, target = recorded_body(motion), posed_avatar(rig, bones, soles, track)
    scale = leg_length(rig, bones) / source_leg_length(motion)
    return Quality(
        frames=len(motion),
        rate=motion.rate,
        leg_scale=scale,
        directions=direction_errors(motion, rig, bones, track, source, target),
        positions=position_errors(source, target, motion.rate),
        blades=blade_errors(motion, rig, bones, soles, track, scale),
        flights=flight_errors(motion, source, target, running_edges(rig, bones, soles, track), scale),
        turns=turn_errors(motion, source, target),
        limits=violations(target),
        recorded_limits=violations(source),
    )


def to_json(quality: Quality) -> dict[str, Any]:
    """Plain values, ready for JSON; what cannot be said is None."""
    out = asdict(quality)
    for flight, plain in zip(quality.flights, out["flights"], strict=True):
        plain |= {"time_error": flight.time_error, "apex_error_mm": flight.apex_error_mm}
    for turn, plain in zip(quality.turns, out["turns"], strict=True):
        plain |= {"whole_turns_error": turn.whole_turns_error}
    return out

"""Jumps and turns: is a flight as long, as high and as often round as the recorded one?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mocap.axes import facing
from mocap.metrics.bodies import PosedBody
from mocap.motion import Motion
from mocap.rotations import Array
from mocap.runs import runs

# A time without contact that is shorter (s) is a step between two strides or a flicker of the contact sensor.
SHORTEST = 0.15
# Metres over the ice from which an avatar's blade counts as off it. A jumper passes them within a frame at 60 Hz.
CLEAR = 0.01


@dataclass(frozen=True)
class FlightError:
    """One flight.

    Attributes:
        takeoff, landing: recorded: last frame on the ice, first frame on it again.
        frames: time in the air, in frames from take-off to landing, recorded; avatar_frames: the avatar's, with both
            blades more than CLEAR over the ice; 0 where it does not leave it.
        apex_mm: how far the middle of the hips rises from take-off to its highest, recorded × scale; avatar_apex_mm.
    """

    takeoff: int
    landing: int
    frames: int
    avatar_frames: int
    apex_mm: float
    avatar_apex_mm: float

    @property
    def time_error(self) -> int:
        """Frames by which the avatar's flight is longer or shorter."""
        return abs(self.avatar_frames - self.frames)

    @property
    def apex_error_mm(self) -> float:
        """Millimetres by which it is higher or lower."""
        return abs(self.avatar_apex_mm - self.apex_mm)


@dataclass(frozen=True)
class TurnError:
    """Turns of the pelvis about the vertical, left positive: over a jump or a spin, or over the whole take.

    Attributes:
        name: of the event, or "take"; start, end: frames.
        turns: recorded; avatar_turns: the avatar's.
    """

    name: str
    start: int
    end: int
    turns: float
    avatar_turns: float

    @property
    def whole_turns_error(self) -> int:
        """Whole turns gained or lost."""
        return abs(round(self.avatar_turns - self.turns))


def flight_errors(
    motion: Motion, source: PosedBody, target: PosedBody, edges: Mapping[str, Array], scale: float
) -> tuple[FlightError, ...]:
    """Every time of at least SHORTEST seconds that the take spends without contact; none where it has no contacts.

    Args:
        edges: the avatar's running edges (T, M, 3) per side.
        scale: the avatar's leg length to the recorded one.
    """
    if motion.contacts is None:
        return ()
    lowest = np.min([edge[..., 2].min(axis=1) for edge in edges.values()], axis=0)
    off = lowest > CLEAR
    hips, avatar_hips = source.mid_hip[:, 2], target.mid_hip[:, 2]
    out = []
    for first, last in runs(~motion.contacts.any(axis=1)).tolist():
        if first == 0 or last == len(motion) - 1 or (last - first + 1) / motion.rate < SHORTEST:
            continue
        takeoff, landing = first - 1, last + 1
        flown = [(a, b) for a, b in runs(off).tolist() if a <= last and b >= first]
        air = slice(takeoff, landing + 1)
        out.append(
            FlightError(
                takeoff=takeoff,
                landing=landing,
                frames=landing - takeoff,
                avatar_frames=max((b - a + 2 for a, b in flown), default=0),
                apex_mm=float(1000.0 * scale * (hips[air].max() - hips[takeoff])),
                avatar_apex_mm=float(1000.0 * (avatar_hips[air].max() - avatar_hips[takeoff])),
            )
        )
    return tuple(out)


def turn_errors(motion: Motion, source: PosedBody, target: PosedBody) -> tuple[TurnError, ...]:
    """Over each jump and spin, and over the whole take."""
    recorded, posed = pelvis_turns(source), pelvis_turns(target)
    spans = [(event.name, event.start, event.end) for event in motion.events if event.type in ("jump", "spin")]
    return tuple(
        TurnError(name, start, end, float(recorded[end] - recorded[start]), float(posed[end] - posed[start]))
        for name, start, end in (*spans, ("take", 0, len(motion) - 1))
    )


def pelvis_turns(body: PosedBody) -> Array:
    """(T,) turns since the first frame, of the line from the right hip to the left one seen from above."""
    line = body.joints["LeftHip"] - body.joints["RightHip"]
    yaw = np.unwrap(facing(line))
    turns: Array = (yaw - yaw[0]) / (2.0 * np.pi)
    return turns

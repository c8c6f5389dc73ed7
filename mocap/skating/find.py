"""All that a skater does in a take, found from the movement alone."""

from __future__ import annotations

from mocap.events import Event
from mocap.motion import Motion
from mocap.skating.contacts import legs_recorded
from mocap.skating.jumps import find_jumps
from mocap.skating.spins import find_spins
from mocap.skating.steps import find_steps
from mocap.skating.tracks import Tracks, track

# Seconds: in less there is nothing to find, and filters have nothing to work on.
_SHORTEST = 0.5


def find_events(motion: Motion, tracks: Tracks | None = None) -> tuple[Event, ...]:
    """Jumps, spins, turns, glides, strokes and steps of a motion, by their start; its own `events` play no part.

    Nothing is found where the legs were not recorded, and in takes of less than half a second.

    Args:
        motion: any take.
        tracks: its curves, if they are at hand already.

    Raises:
        KeyError: the skeleton lacks a segment or point of the body or its soles.
    """
    if motion.duration < _SHORTEST or not legs_recorded(motion):
        return ()
    tracks = tracks or track(motion)
    spins = find_spins(motion, tracks)
    # A hop from foot to foot within a spin is the spin's.
    jumps = [j for j in find_jumps(tracks) if not any(s.start < j.start and j.end < s.end for s in spins)]
    return tuple(
        sorted((*jumps, *spins, *find_steps(motion, tracks, (*jumps, *spins))), key=lambda e: (e.start, e.end))
    )

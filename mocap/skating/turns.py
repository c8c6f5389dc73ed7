"""Turns on one foot: three-turns and their kin, and twizzles."""

from __future__ import annotations

import numpy as np

from mocap.events import Event
from mocap.runs import runs
from mocap.skating.edges import edge_name, in_words, path_curve, runs_backward, way_name
from mocap.skating.supports import Support
from mocap.skating.tracks import Tracks

# Turns on one foot that are a turn: a three-turn or its kin make half a turn, a twizzle one and more.
_TURNED = 0.35
_TWIZZLE = 0.8
# Turns per second from which a turn on one foot is under way; edges curve by less than a quarter of that.
_TURNING = 0.35
# Seconds before and after a turn in which its edges are looked at.
_EDGE = 0.3


def find_turns(tracks: Tracks, support: Support) -> list[Event]:
    """Turns on the foot that carries: the body, and the blade with it, turns about while the travel goes on."""
    pivoting = tracks.pivoting[support.part]
    out: list[Event] = []
    for direction in (1.0, -1.0):
        for first, last in runs(direction * pivoting > 2.0 * np.pi * _TURNING) + support.start:
            turned = direction * float(tracks.turned[last] - tracks.turned[first]) / (2.0 * np.pi)
            before = slice(max(support.start, first - tracks.frames(_EDGE)), int(first) + 1)
            after = slice(int(last), min(support.end, last + tracks.frames(_EDGE)) + 1)
            ways = [runs_backward(tracks, support.side, span) for span in (before, after)]
            reverses = None not in ways and ways[0] != ways[1]
            if turned >= _TWIZZLE or (turned >= _TURNED and reverses):
                name = _turn_name(tracks, support.side, turned, direction, before, after)
                rate = float(np.max(direction * tracks.turning[first : last + 1])) / (2.0 * np.pi)
                out.append(Event("turn", name, int(first), int(last), max(0.5, round(2.0 * turned) / 2.0), 0.0, rate))
    return sorted(out, key=lambda event: event.start)


def _turn_name(tracks: Tracks, side: str, turned: float, direction: float, before: slice, after: slice) -> str:
    """Which turn: three-turns and rockers turn into the curve they come on, brackets and counters out of it; after a
    three-turn and a bracket the path goes on bending the same way, after a rocker and a counter the other way."""
    if turned >= _TWIZZLE:
        return "twizzle"
    into = np.sign(path_curve(tracks, before)) == direction
    same = np.sign(path_curve(tracks, before)) == np.sign(path_curve(tracks, after))
    kind = {(True, True): "three-turn", (False, True): "bracket", (True, False): "rocker", (False, False): "counter"}
    return in_words(
        side.lower(), way_name(tracks, side, before), edge_name(tracks, side, before), kind[bool(into), bool(same)]
    )

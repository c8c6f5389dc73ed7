"""What happens between jumps and spins: strokes, glides, steps, crossovers, and turns on one foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mocap.events import Event
from mocap.skating.edges import edge_name, path_curve, runs_backward
from mocap.skating.runs import runs
from mocap.skating.tracks import LEFT, OUTWARD, RIGHT, SIDES, Tracks

# Seconds on one edge from which it is held, a glide; strokes and steps follow each other faster.
_HELD = 1.0
# Seconds: what is left of a phase beside a jump or a spin has to last so long to be named.
_SHORTEST = 0.2
# m/s: a blade that runs slower does not glide. It tells skating from walking, where the foot that carries stands still.
_SKATING = 0.5
# Metres that a pushing foot is away from the carrying one, across the travel, when it leaves the ice.
_PUSHED = 0.22
# Metres by which a foot is set down beyond the other one, across the body, to have crossed over.
_CROSSED = 0.02
# Turns on one foot that are a turn: a three-turn or its kin make half a turn, a twizzle one and more.
_TURNED = 0.35
_TWIZZLE = 0.8
# Turns per second from which a turn on one foot is under way; edges curve by less than a quarter of that.
_TURNING = 0.35
# Seconds before and after a turn in which its edges are looked at.
_EDGE = 0.3


@dataclass(frozen=True)
class Support:
    """One foot carrying the skater, from the frame it is set down to the frame before the next foot takes over."""

    side: str
    start: int
    end: int


def find_steps(tracks: Tracks, taken: Sequence[Event]) -> tuple[Event, ...]:
    """Events of the frames that `taken` (jumps and spins) leave free."""
    busy = np.zeros(len(tracks.turned), dtype=bool)
    for event in taken:
        busy[event.start + 1 : event.end] = True
    out: list[Event] = []
    for support in supports(tracks):
        free = runs(~busy[support.start : support.end + 1]) + support.start
        for first, last in free:
            if last - first + 1 >= tracks.frames(_SHORTEST):
                out += _phase(tracks, Support(support.side, int(first), int(last)))
    return tuple(sorted(out, key=lambda event: event.start))


def supports(tracks: Tracks) -> tuple[Support, ...]:
    """Which foot carries when. One that comes down and leaves again while the other one stands has not taken over."""
    stands = sorted((int(first), int(last), side) for side in SIDES for first, last in runs(tracks.blades[side].down))
    chain: list[tuple[int, int, str]] = []
    for stand in stands:
        if not chain or stand[1] > chain[-1][1]:
            chain.append(stand)
    return tuple(
        Support(side, first, min(last, chain[k + 1][0] - 1) if k + 1 < len(chain) else last)
        for k, (first, last, side) in enumerate(chain)
        if k + 1 == len(chain) or chain[k + 1][0] > first
    )


def _phase(tracks: Tracks, support: Support) -> list[Event]:
    part = slice(support.start, support.end + 1)
    running = np.abs(tracks.blades[support.side].along[part])
    if min(np.median(tracks.speed[part]), np.median(running)) < _SKATING:
        return []
    turns = _turns(tracks, support)
    out = []
    at = support.start
    for turn in turns:
        if turn.start - at >= tracks.frames(_SHORTEST):
            out.append(_edge(tracks, Support(support.side, at, turn.start), first=at == support.start))
        out.append(turn)
        at = turn.end
    if support.end - at >= tracks.frames(_SHORTEST) or not turns:
        out.append(_edge(tracks, Support(support.side, at, support.end), first=at == support.start))
    return out


def _edge(tracks: Tracks, support: Support, *, first: bool) -> Event:
    part = slice(support.start, support.end + 1)
    backward = runs_backward(tracks, support.side, part)
    way = "" if backward is None else "back" if backward else "forward"
    foot = support.side.lower()
    if first and _crosses(tracks, support):
        bend = "left" if path_curve(tracks, part) > 0.0 else "right"
        return Event("step", f"{way} crossover to the {bend}".strip(), support.start, support.end)
    if (support.end - support.start) / tracks.rate >= _HELD:
        name = " ".join(word for word in (foot, way, edge_name(tracks, support.side, part), "edge") if word)
        return Event("glide", name, support.start, support.end)
    if first and _pushes(tracks, support):
        return Event("stroke", " ".join(word for word in (foot, way, "stroke") if word), support.start, support.end)
    name = " ".join(word for word in (foot, way, edge_name(tracks, support.side, part), "edge") if word)
    return Event("step", name, support.start, support.end)


def _other(side: str) -> str:
    return RIGHT if side == LEFT else LEFT


def _pushes(tracks: Tracks, support: Support) -> bool:
    """Whether the other foot thrusts aside as it leaves the ice, within this support."""
    other = tracks.blades[_other(support.side)]
    stands = runs(other.down[: support.end + 1])
    if not len(stands) or stands[-1, 1] < support.start:
        return False
    leaves = int(stands[-1, 1])
    if leaves >= support.end:
        return False
    apart = (other.point - tracks.blades[support.side].point)[leaves, :2]
    return float(np.linalg.norm(apart)) > _PUSHED


def _crosses(tracks: Tracks, support: Support) -> bool:
    """Whether the foot is set down on the far side of the other one."""
    frame = min(support.start + tracks.frames(0.1), support.end)
    if not tracks.blades[_other(support.side)].down[support.start]:
        return False
    apart = (tracks.blades[support.side].point - tracks.blades[_other(support.side)].point)[frame, :2]
    left = np.array((-np.sin(tracks.facing[frame]), np.cos(tracks.facing[frame])))
    return OUTWARD[support.side] * float(apart @ left) < -_CROSSED


def _turns(tracks: Tracks, support: Support) -> list[Event]:
    """Turns on the foot that carries: the body, and the blade with it, turns about while the travel goes on."""
    part = slice(support.start, support.end + 1)
    relative = (
        tracks.turning[part] - np.gradient(tracks.going[part]) * tracks.rate
        if support.end > support.start
        else (tracks.turning[part])
    )
    out: list[Event] = []
    for direction in (1.0, -1.0):
        for first, last in runs(direction * relative > 2.0 * np.pi * _TURNING) + support.start:
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
    """Which turn: three-turns and rockers turn into the curve they come on, brackets and counters out of it; the curve
    of the exit bends the same way after the former of each pair (ISU Special Regulations, ice dance)."""
    if turned >= _TWIZZLE:
        return "twizzle"
    into = np.sign(path_curve(tracks, before)) == direction
    same = np.sign(path_curve(tracks, before)) == np.sign(path_curve(tracks, after))
    kind = {(True, True): "three-turn", (False, True): "bracket", (True, False): "rocker", (False, False): "counter"}
    way = "back" if runs_backward(tracks, side, before) else "forward"
    words = (side.lower(), way, edge_name(tracks, side, before), kind[bool(into), bool(same)])
    return " ".join(word for word in words if word)

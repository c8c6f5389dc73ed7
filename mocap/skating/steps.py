"""What happens between jumps and spins: strokes, glides, steps, crossovers, and turns on one foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mocap.events import Event
from mocap.motion import Motion
from mocap.skating.edges import edge_name, path_curve, runs_backward
from mocap.skating.runs import runs
from mocap.skating.tracks import LEFT, OUTWARD, RIGHT, SIDES, Tracks

# Seconds on one edge from which it is held, a glide; strokes and steps follow each other faster.
_HELD = 1.0
# Seconds on an edge that goes on after a turn, a spiral or a landing from which it is held.
_GOES_ON = 0.4
# Seconds: what is left of a phase beside a jump or a spin has to last so long to be named.
_SHORTEST = 0.2
# m/s: a blade that runs slower does not glide. It tells skating from walking, where the foot that carries stands still.
_SKATING = 0.5
# Metres that a pushing foot is away from the carrying one, across the travel, when it leaves the ice.
_PUSHED = 0.22
# Metres by which a foot is set down beyond the other one to have crossed over, and the seconds in which that is seen.
_CROSSED = 0.04
_CROSSING = 0.2
# Turns on one foot that are a turn: a three-turn or its kin make half a turn, a twizzle one and more.
_TURNED = 0.35
_TWIZZLE = 0.8
# Turns per second from which a turn on one foot is under way; edges curve by less than a quarter of that.
_TURNING = 0.35
# Share of a phase in which the other foot stands, too, to be a glide on both.
_BOTH = 0.8
# Seconds that a free leg is held high to be a spiral; the rules ask for three, a label may have shorter ones.
_SPIRAL = 0.7
# Seconds before and after a turn in which its edges are looked at.
_EDGE = 0.3


@dataclass(frozen=True)
class Support:
    """One foot carrying the skater, from the frame it is set down to the frame before the next foot takes over."""

    side: str
    start: int
    end: int


def find_steps(motion: Motion, tracks: Tracks, taken: Sequence[Event]) -> tuple[Event, ...]:
    """Events of the frames that `taken` (jumps and spins) leave free."""
    busy = np.zeros(len(tracks.turned), dtype=bool)
    for event in taken:
        busy[event.start + 1 : event.end] = True
    out: list[Event] = []
    for support in supports(tracks):
        free = runs(~busy[support.start : support.end + 1]) + support.start
        for first, last in free:
            if last - first + 1 >= tracks.frames(_SHORTEST):
                out += _phase(motion, tracks, Support(support.side, int(first), int(last)))
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


def _phase(motion: Motion, tracks: Tracks, support: Support) -> list[Event]:
    """The events of one foot's time on the ice: turns and spirals, and the edges before, between and after them."""
    part = slice(support.start, support.end + 1)
    running = np.abs(tracks.blades[support.side].along[part])
    if min(np.median(tracks.speed[part]), np.median(running)) < _SKATING:
        return []
    marked = sorted((*_turns(tracks, support), *_spirals(motion, tracks, support)), key=lambda event: event.start)
    out: list[Event] = []
    at = support.start
    for event in marked:
        if event.start < at:
            continue
        if event.start - at >= tracks.frames(_SHORTEST):
            out.append(_edge(tracks, Support(support.side, at, event.start), begins=at == support.start))
        out.append(event)
        at = event.end
    if support.end - at >= tracks.frames(_SHORTEST) or not out:
        out.append(_edge(tracks, Support(support.side, at, support.end), begins=at == support.start))
    return out


def _edge(tracks: Tracks, support: Support, *, begins: bool) -> Event:
    """The event of an edge; `begins` if its foot has just come to the ice."""
    part = slice(support.start, support.end + 1)
    way = _way(tracks, support.side, part)
    if begins and _crosses(tracks, support):
        bend = "left" if path_curve(tracks, part) > 0.0 else "right"
        return Event("step", _words(way, f"crossover to the {bend}"), support.start, support.end)
    if tracks.blades[_other(support.side)].down[part].mean() > _BOTH:
        return Event("glide", _words(way, "two-foot glide"), support.start, support.end)
    name = _words(support.side.lower(), way, edge_name(tracks, support.side, part), "edge")
    if (support.end - support.start) / tracks.rate >= (_HELD if begins else _GOES_ON):
        return Event("glide", name, support.start, support.end)
    if begins and _pushes(tracks, support):
        return Event("stroke", _words(support.side.lower(), way, "stroke"), support.start, support.end)
    return Event("step", name, support.start, support.end)


def _spirals(motion: Motion, tracks: Tracks, support: Support) -> list[Event]:
    """Glides with the free leg held above the hip, as the rules ask of a spiral (ISU, Technical Panel Handbook)."""
    free = _other(support.side)
    part = slice(support.start, support.end + 1)
    hip, knee, foot = (
        motion.positions[part, motion.skeleton.index(free + name), 2] for name in ("UpperLeg", "LowerLeg", "Foot")
    )
    out = []
    for first, last in runs(np.minimum(knee, foot) > hip) + support.start:
        if last - first >= tracks.frames(_SPIRAL):
            span = slice(int(first), int(last) + 1)
            edge = edge_name(tracks, support.side, span)
            name = _words(support.side.lower(), _way(tracks, support.side, span), edge, "spiral")
            out.append(Event("glide", name, int(first), int(last)))
    return out


def _way(tracks: Tracks, side: str, part: slice) -> str:
    backward = runs_backward(tracks, side, part)
    return "" if backward is None else "back" if backward else "forward"


def _words(*words: str) -> str:
    return " ".join(word for word in words if word)


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
    """Whether the foot comes to the ice on the far side of the other one, seen along its own blade."""
    blade, other = tracks.blades[support.side], tracks.blades[_other(support.side)]
    frames = np.arange(support.start, min(support.start + tracks.frames(_CROSSING), support.end) + 1)
    frames = frames[other.down[frames]]
    if not len(frames):
        return False
    apart = (blade.point - other.point)[frames, :2]
    left = np.stack((-blade.ahead[frames, 1], blade.ahead[frames, 0]), axis=-1)
    return OUTWARD[support.side] * float(np.median(np.sum(apart * left, axis=-1))) < -_CROSSED


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
    """Which turn: three-turns and rockers turn into the curve they come on, brackets and counters out of it; after a
    three-turn and a bracket the path goes on bending the same way, after a rocker and a counter the other way."""
    if turned >= _TWIZZLE:
        return "twizzle"
    into = np.sign(path_curve(tracks, before)) == direction
    same = np.sign(path_curve(tracks, before)) == np.sign(path_curve(tracks, after))
    kind = {(True, True): "three-turn", (False, True): "bracket", (True, False): "rocker", (False, False): "counter"}
    return _words(
        side.lower(), _way(tracks, side, before), edge_name(tracks, side, before), kind[bool(into), bool(same)]
    )

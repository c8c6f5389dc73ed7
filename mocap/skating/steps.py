"""What happens between jumps and spins: strokes, glides, steps, crossovers, spirals, and the turns among them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mocap.events import Event
from mocap.motion import Motion
from mocap.runs import runs
from mocap.skating.edges import edge_name, in_words, path_curve, way_name
from mocap.skating.supports import Support, supports
from mocap.skating.tracks import Tracks
from mocap.skating.turns import find_turns
from mocap.skeleton import OUTWARD

# Seconds on one edge from which it is held, a glide; strokes and steps follow each other faster.
_HELD = 1.0
# Seconds on an edge that goes on after a turn, a spiral or a landing from which it is held.
_GOES_ON = 0.4
# Seconds: what is left of a phase beside a jump or a spin has to last so long to be named.
_SHORTEST = 0.2
# m/s: a blade that runs slower does not glide. It tells skating from walking, where the foot that carries stands still.
_SKATING = 0.5
# Metres that a pushing foot is away from the carrying one when it leaves the ice.
_PUSHED = 0.22
# Metres by which a foot is set down beyond the other one to have crossed over, and the seconds in which that is seen.
_CROSSED = 0.04
_CROSSING = 0.2
# Share of a phase in which the other foot stands, too, to be a glide on both.
_BOTH = 0.8
# Seconds that a free leg is held high to be a spiral; the rules ask for three, a label may have shorter ones.
_SPIRAL = 0.7


def find_steps(motion: Motion, tracks: Tracks, taken: Sequence[Event]) -> tuple[Event, ...]:
    """Events of the frames that `taken` (jumps and spins) leave free."""
    busy = np.zeros(len(tracks.turned), dtype=bool)
    for event in taken:
        # Take-off and landing are frames of the edges before and after, too.
        busy[event.start + 1 : event.end] = True
    out: list[Event] = []
    for support in supports(tracks):
        free = runs(~busy[support.start : support.end + 1]) + support.start
        for first, last in free:
            if last - first + 1 >= tracks.frames(_SHORTEST):
                out += _phase(motion, tracks, Support(support.side, int(first), int(last)))
    return tuple(sorted(out, key=lambda event: event.start))


def _phase(motion: Motion, tracks: Tracks, support: Support) -> list[Event]:
    """The events of one foot's time on the ice: turns and spirals, and the edges before, between and after them."""
    part = support.part
    running = np.abs(tracks.blades[support.side].along[part])
    if min(np.median(tracks.speed[part]), np.median(running)) < _SKATING:
        return []
    marked = sorted((*find_turns(tracks, support), *_spirals(motion, tracks, support)), key=lambda event: event.start)
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
    part = support.part
    way = way_name(tracks, support.side, part)
    if begins and _crosses(tracks, support):
        bend = "left" if path_curve(tracks, part) > 0.0 else "right"
        return Event("step", in_words(way, f"crossover to the {bend}"), support.start, support.end)
    if tracks.blades[support.free].down[part].mean() > _BOTH:
        return Event("glide", in_words(way, "two-foot glide"), support.start, support.end)
    name = in_words(support.side.lower(), way, edge_name(tracks, support.side, part), "edge")
    if (support.end - support.start) / tracks.rate >= (_HELD if begins else _GOES_ON):
        return Event("glide", name, support.start, support.end)
    if begins and _pushes(tracks, support):
        return Event("stroke", in_words(support.side.lower(), way, "stroke"), support.start, support.end)
    return Event("step", name, support.start, support.end)


def _spirals(motion: Motion, tracks: Tracks, support: Support) -> list[Event]:
    """Glides with the free leg held above the hip, as the rules ask of a spiral (ISU, Technical Panel Handbook)."""
    free = support.free
    part = support.part
    hip, knee, foot = (
        motion.positions[part, motion.skeleton.index(free + name), 2] for name in ("UpperLeg", "LowerLeg", "Foot")
    )
    out = []
    for first, last in runs(np.minimum(knee, foot) > hip) + support.start:
        if last - first >= tracks.frames(_SPIRAL):
            span = slice(int(first), int(last) + 1)
            edge = edge_name(tracks, support.side, span)
            name = in_words(support.side.lower(), way_name(tracks, support.side, span), edge, "spiral")
            out.append(Event("glide", name, int(first), int(last)))
    return out


def _pushes(tracks: Tracks, support: Support) -> bool:
    """Whether the other foot thrusts aside as it leaves the ice, within this support."""
    other = tracks.blades[support.free]
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
    blade, other = tracks.blades[support.side], tracks.blades[support.free]
    frames = np.arange(support.start, min(support.start + tracks.frames(_CROSSING), support.end) + 1)
    frames = frames[other.down[frames]]
    if not len(frames):
        return False
    apart = (blade.point - other.point)[frames, :2]
    left = np.stack((-blade.ahead[frames, 1], blade.ahead[frames, 0]), axis=-1)
    return OUTWARD[support.side] * float(np.median(np.sum(apart * left, axis=-1))) < -_CROSSED

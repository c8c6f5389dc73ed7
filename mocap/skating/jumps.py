"""Which jump a flight was: told by the foot and edge it left the ice from, a toe's help, and where the skater faced.

What the names ask (ISU, Technical Panel Handbook, Single Skating) of one who turns to the left; all is the mirror image
for one who turns to the right:

| jump | edge | toe of the free foot |
|---|---|---|
| Axel | left forward outside | no |
| Salchow | left back inside | no |
| loop | right back outside | no |
| toe loop | right back outside | yes |
| flip | left back inside | yes |
| Lutz | left back outside | yes |
"""

from __future__ import annotations

import numpy as np

from mocap.events import Event
from mocap.inertia import GRAVITY
from mocap.runs import runs
from mocap.skating.edges import lean_out, runs_backward
from mocap.skating.flights import Flight, find_flights
from mocap.skating.tracks import Tracks
from mocap.skeleton import CONTACT_POINTS, LEFT, RIGHT, SIDES

AXEL, SALCHOW, TOE_LOOP, LOOP, FLIP, LUTZ, JUMP = "axel", "salchow", "toe loop", "loop", "flip", "lutz", "jump"
# The Axel's little sister, of half a turn.
WALTZ = "waltz jump"

# Seconds before take-off in which the edge is looked at: the last tenth belongs to the spring, when the blade pivots
# onto its toe; earlier than half a second there may still be the three-turn or the step of the entry.
_EDGE = (0.45, 0.10)
# Seconds before take-off in which a picking toe is in the ice (from 0.2 s before it in flips and toe loops), and what
# tells it, in metres: how low it is (the soles' points err by centimetres), how far its heel is over it, and how far it
# is behind the other foot, as the body faces: by 0.3 to 0.5 m where it picks.
_PICK = (0.12, 0.03)
_TOE_LOW = 0.06
_TOE_POINTS = 0.05
_TOE_BEHIND = 0.18
# Seconds after landing at which the body has come to its running edge: the twist is checked within about 0.2 s.
_CHECKED = 0.20
# Seconds before take-off at which the body has not yet begun to turn into the jump. Skaters leave the ice turned by up
# to half a turn, and the more so the more turns they want (King et al. 2004), so the air alone does not tell the turns.
_UNTURNED = 0.20
# Turns: less is no rotation, as in a split jump or a hop.
_ROTATES = 0.3
# m/s: slower travel has no direction that turns could be counted against.
_GOING = 0.6
# Share of a turn that the air alone does not show, where the travel gives no direction.
_ON_THE_ICE = 0.35
# Turns in the air, and share of gravity, that make a jump even of a flight whose fall is not a free one, as poor takes
# have it. Without any fall it is a spin whose contact was lost.
_SURELY = 0.75
_FALLS = 0.3
# Degrees of lean below which a flip and a Lutz are not told apart.
_FLAT = 1.0
# Seconds: a flight without rotation has to last so long to be more than a hasty step or a running stride.
_HOP = 0.22


def find_jumps(tracks: Tracks) -> tuple[Event, ...]:
    """Every jump, from its last frame on the ice to the touch-down."""
    return tuple(_event(tracks, flight) for flight in find_flights(tracks) if _is_jump(tracks, flight))


def _is_jump(tracks: Tracks, flight: Flight) -> bool:
    turns = abs(_air_turns(tracks, flight))
    if flight.ballistic:
        return turns > _ROTATES or flight.seconds > _HOP
    return turns > _SURELY and flight.fall > _FALLS * GRAVITY


def _event(tracks: Tracks, flight: Flight) -> Event:
    part = slice(flight.start, flight.end + 1)
    foot = takeoff_foot(tracks, flight)
    window = _window(tracks, flight.start, *_EDGE)
    backward = runs_backward(tracks, foot, window)
    turns = _named_turns(tracks, flight, backward)
    rate = float(np.abs(tracks.turning[part]).max()) / (2.0 * np.pi)
    name = _name(tracks, flight, foot, window, backward) if turns else JUMP
    if name == AXEL and turns < 1.0:
        name = WALTZ
    return Event("jump", name, flight.start, flight.end, turns, flight.height, rate if turns else 0.0)


def _air_turns(tracks: Tracks, flight: Flight) -> float:
    return float(tracks.turned[flight.end] - tracks.turned[flight.start]) / (2.0 * np.pi)


def takeoff_foot(tracks: Tracks, flight: Flight) -> str:
    """The foot whose edge carries the skater before the spring; with a toe's help the other one leaves the ice last."""
    window = _window(tracks, flight.start, *_EDGE)
    on = {side: float(tracks.blades[side].down[window].mean()) for side in SIDES}
    if abs(on[LEFT] - on[RIGHT]) > 0.1:
        return max(SIDES, key=lambda side: on[side])
    # Both for as long: the one that stood there first.
    since = {side: _stood_since(tracks, side, flight.start) for side in SIDES}
    return min(SIDES, key=lambda side: since[side])


def _stood_since(tracks: Tracks, side: str, frame: int) -> int:
    before = runs(tracks.blades[side].down[: frame + 1])
    return int(before[-1, 0]) if len(before) else frame


def toe_assists(tracks: Tracks, flight: Flight, foot: str) -> bool:
    """Whether the toe of the free foot is set to the ice for the spring: low, pointed down, and behind the body.

    That tells it better than a contact, which a suit may miss or make up: in jumps without a toe the free foot passes
    as low, but in the last tenth of a second it swings through beside the other foot or before the body.
    """
    free = RIGHT if foot == LEFT else LEFT
    part = _window(tracks, flight.start, *_PICK)
    heel, toe = (tracks.above[part, CONTACT_POINTS.index(f"{free}Foot_{end}")] for end in ("Heel", "Toe"))
    front = np.stack((np.cos(tracks.facing[part]), np.sin(tracks.facing[part])), axis=-1)
    behind = -np.sum((tracks.blades[free].point - tracks.blades[foot].point)[part, :2] * front, axis=-1)
    return bool(toe.min() < _TOE_LOW and np.median(heel - toe) > _TOE_POINTS and np.median(behind) > _TOE_BEHIND)


def _name(tracks: Tracks, flight: Flight, foot: str, window: slice, backward: bool | None) -> str:
    own = LEFT if _air_turns(tracks, flight) > 0.0 else RIGHT
    if backward is None:
        return JUMP
    if not backward:
        return AXEL if foot == own else JUMP
    toe = toe_assists(tracks, flight, foot)
    if foot != own:
        return TOE_LOOP if toe else LOOP
    if not toe:
        return SALCHOW
    lean = lean_out(tracks, foot, window)
    return JUMP if abs(lean) < _FLAT else LUTZ if lean > 0.0 else FLIP


def _named_turns(tracks: Tracks, flight: Flight, backward: bool | None) -> float:
    """Turns that the jump's name promises: from the direction of the take-off edge to the backward landing edge."""
    air = _air_turns(tracks, flight)
    before = max(0, flight.start - tracks.frames(_UNTURNED))
    after = min(len(tracks.turned) - 1, flight.end + tracks.frames(_CHECKED))
    if backward is None or min(tracks.speed[before], tracks.speed[after]) < _GOING:
        return max(0.5, round(2.0 * (abs(air) + _ON_THE_ICE)) / 2.0) if abs(air) > _ROTATES else 0.0
    # Turned against the direction of travel, in turns: whole numbers are facing forward, halves backward.
    facing = np.sign(air) * (tracks.facing - tracks.going) / (2.0 * np.pi)
    entry = _nearest(facing[before], 0.5 if backward else 0.0)
    if abs(air) < _ROTATES:
        # Half a turn, most of it on the ice, or none: this landing may be forward.
        return min(0.5, max(0.0, round(2.0 * (facing[after] - entry)) / 2.0))
    return max(0.5, _nearest(facing[after], 0.5) - entry)


def _nearest(turns: float, part: float) -> float:
    """The number nearest to `turns` that is a whole one plus `part`."""
    return float(np.round(turns - part) + part)


def _window(tracks: Tracks, frame: int, before: float, until: float) -> slice:
    first = max(0, frame - tracks.frames(before))
    return slice(first, max(first + 1, frame - tracks.frames(until) + 1))

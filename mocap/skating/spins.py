"""Spins: where they begin and end, how far and how fast they turn, and in which position."""

from __future__ import annotations

import numpy as np

from mocap.events import Event
from mocap.motion import Motion
from mocap.rotations import Array, rotate
from mocap.skating.runs import joined, runs
from mocap.skating.tracks import LEFT, RIGHT, SIDES, Tracks, velocity

# Turns per second: slower turning is an edge or a wind-up. Beginners spin at about 1, elite layback spins at 1.5–2.
_SLOWEST = 0.6
# Share of a spin's median rate from which on it counts as begun, so that fast and slow ones begin alike; and the turns
# per second at which any has.
_UNDER_WAY = 0.4
_SURELY = 0.9
# Hz and m/s: the drift of a spin is what is left of its travel when its own circling (a decimetre, once a turn) is
# filtered out; faster, it is a travelling turn (a twizzle) or a landing.
_DRIFT_CUTOFF = 1.0
_TRAVEL = 1.0
# Turns: fewer are a pivot or the way out of a jump. The rules call nothing a spin that has under three (ISU, Technical
# Panel Handbook, Single Skating); children's two-turn spins are wanted too.
_FEWEST = 1.75
# Seconds that a spin may hesitate, to change the foot or the position.
_HESITATION = 0.5
# Turns that a position (or a foot) must be held to count beside another one, as the rules ask; and that one must show
# to give its name to a spin that has no other.
_HELD = 2.0
_SHOWN = 1.0

# Degrees that tell positions apart, after the rules' own words (ISU, Technical Panel Handbook, Single Skating): sit:
# the skating thigh at least parallel to the ice (here: nearly, a label is no judge); camel: the free leg backward with
# the knee higher than the hip; layback: head and shoulders leaning back, or aside. Biellmann: the free foot over the
# head.
_THIGH_LEVEL = 35.0
_FREE_LEG_LEVEL = -5.0
_TRUNK_BACK = 30.0

UPRIGHT, SIT, CAMEL, LAYBACK, BIELLMANN = "upright", "sit", "camel", "layback", "Biellmann"
POSITIONS = (UPRIGHT, SIT, CAMEL, LAYBACK, BIELLMANN)


def find_spins(motion: Motion, tracks: Tracks) -> tuple[Event, ...]:
    """Sustained turning on one spot, at least _FEWEST turns long."""
    on_ice = np.any([tracks.blades[side].down for side in SIDES], axis=0)
    drift = np.linalg.norm(velocity(tracks.centre[:, :2], tracks.rate, _DRIFT_CUTOFF), axis=-1)
    slow = drift < _TRAVEL
    out: list[Event] = []
    for direction in (1.0, -1.0):
        turning = direction * tracks.turning > 2.0 * np.pi * _SLOWEST
        for span in joined(runs(turning & slow & on_ice), tracks.frames(_HESITATION)):
            first, last = _trimmed(direction * tracks.turning, *span)
            turns = direction * (tracks.turned[last] - tracks.turned[first]) / (2.0 * np.pi)
            if turns >= _FEWEST:
                part = slice(first, last + 1)
                rate = float(np.max(direction * tracks.turning[part])) / (2.0 * np.pi)
                name = _name(motion, tracks, part)
                out.append(Event("spin", name, first, last, round(float(turns), 2), 0.0, rate))
    return tuple(sorted(out, key=lambda event: event.start))


def _trimmed(turning: Array, first: int, last: int) -> tuple[int, int]:
    """A spin without its winding up and running out: from where it turns at _UNDER_WAY of its usual rate, to there."""
    rate = min(_UNDER_WAY * float(np.median(turning[first : last + 1])), 2.0 * np.pi * _SURELY)
    fast = np.flatnonzero(turning[first : last + 1] >= rate)
    return int(first + fast[0]), int(first + fast[-1])


def _name(motion: Motion, tracks: Tracks, part: slice) -> str:
    skating = skating_side(tracks, part)
    where = positions(motion, part, skating)
    turned = np.abs(np.gradient(tracks.turned[part])) / (2.0 * np.pi)
    held = set()
    for k, name in enumerate(POSITIONS):
        for first, last in runs(where == k):
            # Every spin begins upright, whatever it becomes.
            if turned[first : last + 1].sum() >= _HELD and (name != UPRIGHT or first > 0):
                held.add(UPRIGHT if name in (LAYBACK, BIELLMANN) else name)
    shown = {name: float(turned[where == k].sum()) for k, name in enumerate(POSITIONS)}
    rarest = next((name for name in (BIELLMANN, LAYBACK) if shown[name] >= _SHOWN), UPRIGHT)
    lowest = max((SIT, CAMEL), key=lambda name: shown[name])
    kind = "combination" if len(held) > 1 else lowest if shown[lowest] >= max(_SHOWN, shown[rarest]) else rarest
    if rarest == UPRIGHT and len(held) <= 1 and shown[lowest] >= _SHOWN:
        kind = lowest
    both = all(turned[skating == side].sum() >= _HELD for side in SIDES)
    return f"change foot {kind} spin" if both else f"{kind} spin"


def skating_side(tracks: Tracks, part: slice) -> np.ndarray:
    """(T,) "Left" or "Right": the foot that carries in each frame of a part; the lower one where both or none do."""
    left, right = (tracks.blades[side].down[part] for side in SIDES)
    lower = tracks.above[part, :2].min(axis=1) <= tracks.above[part, 2:].min(axis=1)
    return np.where(np.where(left == right, lower, left), LEFT, RIGHT)


def positions(motion: Motion, part: slice, skating: np.ndarray) -> np.ndarray:
    """(T,) index into POSITIONS for each frame of a part, on the foot `skating` (T,)."""
    index = motion.skeleton.index

    def at(segment: str) -> Array:
        return motion.positions[part, index(segment)]

    def of(name: str, *, free: bool) -> Array:
        return np.where(((skating == LEFT) != free)[:, None], at(f"Left{name}"), at(f"Right{name}"))

    def slope(a: Array, b: Array) -> Array:
        """(T,) degrees by which the line from a to b rises."""
        along = b - a
        return np.degrees(np.arctan2(along[:, 2], np.linalg.norm(along[:, :2], axis=-1)))

    crown = motion.skeleton.points.get("Head", {}).get("pTopOfHead", np.zeros(3))
    head = (at("Head") + rotate(motion.orientations[part, index("Head")], crown))[:, 2]
    hip_line = rotate(motion.orientations[part, 0], np.array((1.0, 0.0, 0.0)))
    front = np.stack((hip_line[:, 1], -hip_line[:, 0]), axis=-1)
    trunk = at("Neck") - at("Pelvis")
    back = -np.sum(trunk[:, :2] * front, axis=-1)
    aside = np.sum(trunk[:, :2] * hip_line[:, :2], axis=-1)
    lean = np.degrees(np.arctan2(np.hypot(np.maximum(back, 0.0), aside), trunk[:, 2]))
    lean[back < -np.abs(aside)] = 0.0
    sit = slope(of("UpperLeg", free=False), of("LowerLeg", free=False)) > -_THIGH_LEVEL
    behind = np.sum((of("Foot", free=True) - of("UpperLeg", free=True))[:, :2] * front, axis=-1) < 0.0
    camel = (slope(of("UpperLeg", free=True), of("LowerLeg", free=True)) > _FREE_LEG_LEVEL) & behind
    out = np.full(len(skating), POSITIONS.index(UPRIGHT))
    out[lean > _TRUNK_BACK] = POSITIONS.index(LAYBACK)
    out[camel & (lean < _TRUNK_BACK)] = POSITIONS.index(CAMEL)
    out[sit] = POSITIONS.index(SIT)
    out[of("Foot", free=True)[:, 2] > head] = POSITIONS.index(BIELLMANN)
    return out

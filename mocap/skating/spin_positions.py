"""In which position a skater spins, after the rules' definitions."""

from __future__ import annotations

import numpy as np

from mocap.axes import LEFTWARD
from mocap.motion import Motion
from mocap.rotations import Array, rotate
from mocap.runs import runs
from mocap.skating.tracks import Tracks
from mocap.skeleton import LEFT, RIGHT, SIDES

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
# Layback and Biellmann are upright spins to the rules, and make no combination with upright.
_BASIC = {UPRIGHT: UPRIGHT, SIT: SIT, CAMEL: CAMEL, LAYBACK: UPRIGHT, BIELLMANN: UPRIGHT}


def spin_name(motion: Motion, tracks: Tracks, part: slice) -> str:
    """ "sit spin", "combination spin", "change foot camel spin", … for a spin over some frames."""
    skating = skating_side(tracks, part)
    turned = np.abs(np.gradient(tracks.turned[part])) / (2.0 * np.pi)
    kind = _kind(positions(motion, part, skating), turned)
    both = all(turned[skating == side].sum() >= _HELD for side in SIDES)
    return f"change foot {kind} spin" if both else f"{kind} spin"


def _kind(where: np.ndarray, turned: Array) -> str:
    """A spin's position from those of its frames, `where` (T,), and the part of a turn made in each, `turned` (T,)."""
    basic = set()
    shown = {}
    for k, name in enumerate(POSITIONS):
        shown[name] = float(turned[where == k].sum())
        for first, last in runs(where == k):
            # Every spin begins upright, whatever it becomes.
            if turned[first : last + 1].sum() >= _HELD and (name != UPRIGHT or first > 0):
                basic.add(_BASIC[name])
    if len(basic) > 1:
        return "combination"
    others = [name for name in POSITIONS if name != UPRIGHT and shown[name] >= _SHOWN]
    return max(others, key=lambda name: shown[name]) if others else UPRIGHT


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
    hip_line = rotate(motion.orientations[part, 0], LEFTWARD)
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

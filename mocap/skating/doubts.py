"""What is suspicious in a take: marks that sensors, magnetic disturbance and MVN's assumptions leave on ice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from mocap.events import Event
from mocap.inertia import GRAVITY
from mocap.motion import Motion
from mocap.rotations import Array, conjugate, multiply, rotate
from mocap.runs import runs
from mocap.skating.flights import find_flights
from mocap.skating.ice import CREEP
from mocap.skating.tracks import Tracks, velocity
from mocap.skeleton import LEFT, RIGHT, SEGMENTS, SIDES

# Degrees, and metres, from one frame to the next that no body moves by when the frames around move far less.
_FLIP = 40.0
_LEAP = 0.05
_SUDDEN = 3.0
# So many segments that turn suddenly in one frame are a gap in time rather than a flipped quaternion.
_MANY = 5

# °/s and m/s² at which sensors clip (Xsens' data sheets: MTx 1200°/s and 5 g, MTw and later 2000°/s and 16 g).
_TURN_CEILINGS = (1200.0, 2000.0)
_FORCE_CEILINGS = (5.0 * GRAVITY, 16.0 * GRAVITY)
# How near to a ceiling the top of a curve must lie, how level it must be, and for how many seconds: no limb's own
# movement is so level at its fastest, a clipped one is.
_NEAR_CEILING = 0.02
_LEVEL = 0.004
_LEVEL_SECONDS = 0.10
_LEVEL_FORCE_SECONDS = 0.025

# Degrees that the blades' run may wander from the blades' own direction over a take, and stand off from it throughout.
_DRIFT = 15.0
_OFFSET = 20.0
# m/s of travel, rad/s of turning and seconds in all that one-foot glides must have for that to be told.
_GLIDING = 1.0
_CREEPING = 0.2
_TURNING = 2.5
_ENOUGH = 2.0

# Share of frames whose contacts contradict the heights, from which on it is worth a word.
_CONTRADICTED = 0.01
# Seconds: shorter flights say little about their fall.
_FLIGHT = 0.25
# The lean asks for so many times the speed recorded, from which on travel is understated; and how well lean and
# centripetal acceleration must agree in shape for that to be told.
_UNDERSTATED = 1.5
_AGREEMENT = 0.6
# Hz, and m/s²: edges change no faster, and a take without curves (half a degree of lean) tells nothing.
_CURVE_CUTOFF = 3.0
_CURVED = 0.1
# m/s, a slow walk: nobody takes off from less for a jump with a whole turn in it, which is entered at speed.
_ENTRY = 1.0


@dataclass(frozen=True)
class Doubt:
    """Something suspicious: what it is about ("gap", "flip", "clipping", …), and one line that says it."""

    about: str
    says: str


def find_doubts(motion: Motion, tracks: Tracks, events: Sequence[Event]) -> tuple[Doubt, ...]:
    """All that is suspicious in a take with these curves and events; its contacts as `ensure_contacts` gives them."""
    return (
        *_sudden_changes(motion),
        *_clipping(motion),
        *_contacts(motion),
        *_creeping_ice(motion, tracks),
        *_heading(motion, tracks, events),
        *_flights(tracks),
        *_travel(tracks, events),
    )


def _sudden_changes(motion: Motion) -> Iterator[Doubt]:
    if len(motion) < 4:
        return
    turns = np.stack(
        [np.degrees(np.linalg.norm(_turn_steps(motion, j), axis=-1)) for j in range(len(SEGMENTS))], axis=-1
    )
    flips = (turns > _FLIP) & _stands_out(turns)
    leaps = np.linalg.norm(np.diff(motion.positions[:, 0], axis=0), axis=-1, keepdims=True)
    gaps = ((leaps > _LEAP) & _stands_out(leaps))[:, 0] | (flips.sum(axis=1) >= _MANY)
    if gaps.any():
        first = int(np.argmax(gaps))
        yield Doubt(
            "gap",
            f"the body leaps from one frame to the next {_times(gaps.sum())}, first at {_at(motion, first + 1)}:"
            " frames may be missing",
        )
    for j in np.flatnonzero((flips & ~gaps[:, None]).any(axis=0)):
        mine = flips[:, j] & ~gaps
        first = int(np.argmax(mine))
        yield Doubt(
            "flip",
            f"{motion.skeleton.names[j]} turns by {turns[first, j]:.0f}° from one frame to the next"
            f" {_times(mine.sum())}, first at {_at(motion, first + 1)}",
        )


def _stands_out(steps: Array) -> np.ndarray:
    """(T − 1, N) bool: steps that are far larger than any of the two before and the two after."""
    padded = np.pad(steps, ((2, 2), (0, 0)), mode="edge")
    count = len(steps)
    around = np.max([padded[k : k + count] for k in (0, 1, 3, 4)], axis=0)
    ends = np.zeros(len(steps), dtype=bool)
    ends[[0, -1]] = True
    return (steps > _SUDDEN * around) & ~ends[:, None]


def _turn_steps(motion: Motion, j: int) -> Array:
    """(T − 1, 3) rotation vectors, in radians and the segment's own axes, from each frame to the next."""
    step = multiply(conjugate(motion.orientations[:-1, j]), motion.orientations[1:, j])
    step = np.where(step[:, :1] < 0.0, -step, step)
    sine = np.linalg.norm(step[:, 1:], axis=-1, keepdims=True)
    angle = 2.0 * np.arctan2(sine, step[:, :1])
    return step[:, 1:] * np.where(sine > 1e-9, angle / np.maximum(sine, 1e-9), 2.0)


def _clipping(motion: Motion) -> Iterator[Doubt]:
    if len(motion) < 5:
        return
    for j in range(len(SEGMENTS)):
        name = motion.skeleton.names[j]
        turning = np.degrees(_turn_steps(motion, j)) * motion.rate
        ceiling = _ceiling_met(turning, _TURN_CEILINGS, round(_LEVEL_SECONDS * motion.rate))
        if ceiling:
            yield Doubt("clipping", f"{name} turns no faster than {ceiling:.0f}°/s for a while: its sensor may clip")
        pull = np.diff(motion.positions[:, j], 2, axis=0) * motion.rate**2 + (0.0, 0.0, GRAVITY)
        felt = rotate(conjugate(motion.orientations[1:-1, j]), pull)
        ceiling = _ceiling_met(felt, _FORCE_CEILINGS, round(_LEVEL_FORCE_SECONDS * motion.rate))
        if ceiling:
            yield Doubt(
                "clipping", f"{name} feels no more than {ceiling / GRAVITY:.0f} g for a while: its sensor may clip"
            )


def _ceiling_met(values: Array, ceilings: Sequence[float], frames: int) -> float | None:
    """The ceiling at which a component of values (T, 3), or their length, stays level for so many frames."""
    for curve in (np.linalg.norm(values, axis=-1), *np.abs(values.T)):
        top = float(curve.max())
        for ceiling in ceilings:
            if abs(top - ceiling) < _NEAR_CEILING * ceiling:
                level = runs(curve > (1.0 - _LEVEL) * top)
                if (level[:, 1] - level[:, 0] + 1).max() >= max(5, frames):
                    return ceiling
    return None


def _contacts(motion: Motion) -> Iterator[Doubt]:
    changed = motion.source.get("contacts_changed")
    if isinstance(changed, float) and changed > _CONTRADICTED:
        done = "put right" if motion.source.get("contacts_from") == "file, mended" else "not used"
        yield Doubt(
            "contacts", f"the file's contacts flicker or contradict the heights in {changed:.0%} of frames: {done}"
        )


def _creeping_ice(motion: Motion, tracks: Tracks) -> Iterator[Doubt]:
    levelled = motion.source.get("ice_levelled")
    if isinstance(levelled, float) and levelled > CREEP:
        yield Doubt("ice", f"the ice creeps by {100.0 * levelled:.0f} cm over the take: levelled")
    elif np.ptp(tracks.ice) > CREEP:
        yield Doubt("ice", f"the ice creeps by {100.0 * np.ptp(tracks.ice):.0f} cm over the take")


def _one_foot(tracks: Tracks, events: Sequence[Event], speed: float) -> dict[str, np.ndarray]:
    """(T,) bool by side: frames of a one-foot glide at more than `speed`, outside of jumps, spins and turns."""
    quiet = (tracks.speed > speed) & (np.abs(tracks.turning) < _TURNING)
    pad = tracks.frames(0.3)
    for event in events:
        if event.type in ("jump", "spin", "turn"):
            quiet[max(0, event.start - pad) : event.end + pad] = False
    down = {side: tracks.blades[side].down for side in SIDES}
    return {LEFT: quiet & down[LEFT] & ~down[RIGHT], RIGHT: quiet & down[RIGHT] & ~down[LEFT]}


def _heading(motion: Motion, tracks: Tracks, events: Sequence[Event]) -> Iterator[Doubt]:
    moved = motion.source.get("slip_bounded")
    if isinstance(moved, float) and moved > 0.0:
        yield Doubt(
            "heading", f"blades slipped sideways in glides: the travel was bent along them, by up to {moved:.1f} m"
        )
    off = np.full(len(tracks.turned), np.nan)
    for side, alone in _one_foot(tracks, events, _GLIDING).items():
        blade = tracks.blades[side]
        # A blade runs forward or backward along itself: the angle counts up to half a turn.
        angle = np.degrees(np.arctan2(blade.aside, blade.along))
        off[alone] = (angle[alone] + 90.0) % 180.0 - 90.0
    told = np.flatnonzero(np.isfinite(off))
    if len(told) < _ENOUGH * tracks.rate:
        return
    first, last = (float(np.median(off[part])) for part in (told[: len(told) // 3], told[-(len(told) // 3) :]))
    drift = (last - first + 90.0) % 180.0 - 90.0
    if abs(drift) > _DRIFT:
        yield Doubt("heading", f"the heading drifts: blades point {abs(drift):.0f}° off between early and late glides")
    elif abs(np.median(off[told])) > _OFFSET:
        yield Doubt("heading", f"blades point {abs(np.median(off[told])):.0f}° off the way that they run")


def _flights(tracks: Tracks) -> Iterator[Doubt]:
    for flight in find_flights(tracks):
        if flight.seconds > _FLIGHT and not flight.ballistic:
            yield Doubt(
                "flight",
                f"from {flight.start / tracks.rate:.2f} s no blade touches the ice for {flight.seconds:.2f} s,"
                f" but the body does not fall freely: {flight.fall:.1f} instead of {GRAVITY} m/s²",
            )


def _travel(tracks: Tracks, events: Sequence[Event]) -> Iterator[Doubt]:
    slow = [
        event
        for event in events
        if event.type == "jump"
        and event.turns >= 1.0
        and tracks.speed[max(0, event.start - tracks.frames(0.3))] < _ENTRY
    ]
    asked = _speed_asked(tracks, events)
    if asked is not None and asked > _UNDERSTATED:
        yield Doubt("travel", f"travel looks understated: the lean on edges asks for {asked:.1f} times the speed")
    elif slow:
        yield Doubt(
            "travel", f"travel looks understated: {slow[0].name} at {slow[0].start / tracks.rate:.2f} s from a stand"
        )


def _speed_asked(tracks: Tracks, events: Sequence[Event]) -> float | None:
    """How many times the recorded speed the lean over the blades asks for; None where edges are too few to tell.

    In balance g·tan(lean) = speed · turning of the path. The lean comes from the body's attitude alone, so a travel
    that was recorded too short shows as a lean that it cannot hold up. Both carry errors: their ratio is that of their
    sizes (reduced major axis).
    """
    turning = velocity(tracks.going, tracks.rate, _CURVE_CUTOFF)
    leans, pulls = [], []
    for side, alone in _one_foot(tracks, events, _CREEPING).items():
        blade = tracks.blades[side]
        along = np.where(blade.along < 0.0, -1.0, 1.0)[:, None] * blade.ahead
        over = tracks.centre - blade.point
        left = np.stack((-along[:, 1], along[:, 0]), axis=-1)
        leans.append((GRAVITY * np.sum(over[:, :2] * left, axis=-1) / np.maximum(over[:, 2], 0.3))[alone])
        pulls.append((tracks.speed * turning)[alone])
    lean, pull = np.concatenate(leans), np.concatenate(pulls)
    if len(lean) < _ENOUGH * tracks.rate or min(lean.std(), pull.std()) < _CURVED:
        return None
    if np.corrcoef(lean, pull)[0, 1] < _AGREEMENT:
        return None
    return float(np.sqrt(np.sum(lean**2) / np.sum(pull**2)))


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _at(motion: Motion, frame: int) -> str:
    return f"{frame / motion.rate:.2f} s"

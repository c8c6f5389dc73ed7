"""The path on the ice: speed, curve and lean of the body, and where each blade runs under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mocap.elements.flight import GRAVITY
from mocap.elements.keyframes import sample, through
from mocap.rotations import Array

# Seconds. A skater's edge changes no faster than the body can fall from one side to the other.
_EDGE_ROUNDING = 0.07


@dataclass(frozen=True)
class Glide:
    """How the skater travels: speed in m/s, curve in 1/m (positive to the left: 1/8 is an edge of 8 m radius)."""

    speed: float
    curve: float


@dataclass(frozen=True)
class Blade:
    """Where and how one blade stands on the ice.

    Attributes:
        load: share of the weight it carries, 0…1.
        ahead, out: metres from where the weight acts, forward and to the foot's own side.
        pitch: degrees, heel up.
        edge: degrees over to the inside, on top of the body's lean.
        pressure: 0 heel … 1 toe: the point of the sole that `ahead` and `out` speak of.
        follow: 0 the blade points along its own track, 1 it turns with the body (spins, take-offs).
    """

    load: float = 1.0
    ahead: float = 0.0
    out: float = 0.0
    pitch: float = 0.0
    edge: float = 0.0
    pressure: float = 0.45
    follow: float = 0.0


@dataclass(frozen=True)
class Contact:
    """One foot on the ice, from its first key to its last.

    Attributes:
        side: "Left" or "Right".
        backward: whether the blade runs backward.
        keys: (seconds, Blade).
        reach, leave: seconds in which the foot comes down to the ice before, and lifts off after.
    """

    side: str
    backward: bool
    keys: Sequence[tuple[float, Blade]]
    reach: float = 0.25
    leave: float = 0.25

    @property
    def start(self) -> float:
        """Second of touch-down."""
        return self.keys[0][0]

    @property
    def end(self) -> float:
        """Last second on the ice."""
        return self.keys[-1][0]


@dataclass(frozen=True)
class Path:
    """The centre of mass over the ice: xy (T, 2), direction (T,) radians from +X, lean (T,) radians to its left."""

    xy: Array
    direction: Array
    lean: Array


def travel(keys: Sequence[tuple[float, Glide]], times: Array, start: tuple[float, float], direction: float) -> Path:
    """The path of the centre of mass from `start`, first toward `direction` (degrees from +X).

    On a curve of radius r the body leans in by atan(v² / (r·g)), the balance of weight and centripetal force.
    """
    glide = sample(keys, times, _EDGE_ROUNDING)
    speed, curve = glide["speed"], glide["curve"]
    step = times[1] - times[0]

    def integral(values: Array) -> Array:
        return np.concatenate(((0.0,), np.cumsum(0.5 * step * (values[1:] + values[:-1]))))

    heading = np.radians(direction) + integral(speed * curve)
    x = start[0] + integral(speed * np.cos(heading))
    y = start[1] + integral(speed * np.sin(heading))
    return Path(np.stack((x, y), axis=-1), heading, np.arctan(speed**2 * curve / GRAVITY))


def weight_point(path: Path, height: Array) -> Array:
    """(T, 2) where the weight acts on the ice under a centre of mass at `height` (T,): out of the curve by the lean."""
    left = np.stack((-np.sin(path.direction), np.cos(path.direction)), axis=-1)
    return path.xy - left * (height * np.tan(path.lean))[:, None]


@dataclass(frozen=True)
class Track:
    """A contact over all frames: point (T, 2) on the ice, yaw (T,) of the toes from −Y, the blade's curves (T,).

    Before the first and after the last key the blade goes on as at that key.
    """

    point: Array
    yaw: Array
    blade: dict[str, Array]


def track(contact: Contact, times: Array, weight: Array, facing: Array) -> Track:
    """Where a blade runs, given the weight's point (T, 2) and the body's facing (T,), radians of its front from +X."""
    blade = sample(contact.keys, times)
    own = 1.0 if contact.side == "Left" else -1.0
    ahead = np.stack((np.cos(facing), np.sin(facing)), axis=-1)
    aside = own * np.stack((-np.sin(facing), np.cos(facing)), axis=-1)
    point = weight + ahead * blade["ahead"][:, None] + aside * blade["out"][:, None]
    velocity = np.gradient(point, axis=0)
    along = np.arctan2(velocity[:, 1], velocity[:, 0]) + (np.pi if contact.backward else 0.0)
    off = np.unwrap(along - facing)
    # Whole turns are counted from where the blade runs along its own track, not where the body turns over it.
    off -= 2.0 * np.pi * np.round(off[_truest(contact, times, blade["follow"])] / (2.0 * np.pi))
    # −Y is at −90° from +X, so a person who faces +X is turned by +90°.
    return Track(point, facing + (1.0 - blade["follow"]) * off + 0.5 * np.pi, blade)


def _truest(contact: Contact, times: Array, follow: Array) -> int:
    """The frame of a contact in which the blade follows the body least."""
    on = (times >= contact.start) & (times <= contact.end)
    return int(np.argmin(np.where(on, follow, np.inf)))


def grip(contact: Contact, times: Array) -> Array:
    """(T,) 1 on the ice, 0 in the air, and a smooth (C2) change over `reach` and `leave`."""

    def step(x: Array) -> Array:
        x = np.clip(x, 0.0, 1.0)
        return x**3 * (10.0 - 15.0 * x + 6.0 * x**2)

    return step(1.0 + (times - contact.start) / contact.reach) * step(1.0 + (contact.end - times) / contact.leave)


def loads(contacts: Sequence[Contact], times: Array) -> Array:
    """(C, T) share of the weight on each contact; all zero in flight, else adding up to one."""
    rows = []
    for contact in contacts:
        load = through([(t, blade.load) for t, blade in contact.keys], times)
        on = (times >= contact.start - 1e-9) & (times <= contact.end + 1e-9)
        rows.append(np.where(on, np.maximum(load, 0.0), 0.0))
    share = np.array(rows)
    total = share.sum(axis=0)
    return np.where(total > 1e-6, share / np.maximum(total, 1e-6), 0.0)

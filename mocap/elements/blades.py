"""The blades on the ice: when each foot stands, how much it carries, and where its boot is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mocap.elements import anatomy
from mocap.elements.body import sole
from mocap.elements.keyframes import ease, sample, through
from mocap.rotations import Array, rotate
from mocap.skeleton import CONTACT_POINTS, Skeleton

# Degrees of pitch from which a blade stands on its front or its back only.
_ON_ONE_END = 8.0
# Seconds in which a foot that plants its toe pick comes to rest on the ice, about.
_PLANTING = 0.09
# Seconds of slack when a time is compared with a frame's.
_SLACK = 1e-6


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
        turned: half-turns to the left that the blade has made on its track; changed only where `follow` is 1. A
            three-turn goes from 0 to 1: forward before it, backward after it.
    """

    load: float = 1.0
    ahead: float = 0.0
    out: float = 0.0
    pitch: float = 0.0
    edge: float = 0.0
    pressure: float = 0.45
    follow: float = 0.0
    turned: float = 0.0


@dataclass(frozen=True)
class Contact:
    """One foot on the ice, from its first key to its last.

    Attributes:
        side: "Left" or "Right".
        backward: whether the blade runs backward, before it turns on the ice.
        keys: (seconds, Blade).
        reach, leave: seconds in which the foot comes down to the ice before, and lifts off after.
        planted: whether the point of contact stays where it is at the last key: a toe pick in the ice.
    """

    side: str
    backward: bool
    keys: Sequence[tuple[float, Blade]]
    reach: float = 0.25
    leave: float = 0.25
    planted: bool = False

    @property
    def start(self) -> float:
        """Second of touch-down."""
        return self.keys[0][0]

    @property
    def end(self) -> float:
        """Last second on the ice."""
        return self.keys[-1][0]

    def on(self, times: Array) -> np.ndarray:
        """(T,) bool, whether the foot is on the ice at each time."""
        return (times >= self.start - _SLACK) & (times <= self.end + _SLACK)


@dataclass(frozen=True)
class Stance:
    """A contact over all frames; before its first and after its last key the blade goes on as at that key.

    Attributes:
        contact: the one it is of.
        pitch: (T,) degrees, heel up.
        boot: (T, 4) rotation of the foot, foot → world.
        ankle: (T, 3) position of the ankle that puts the boot's lowest sole point at height 0.
    """

    contact: Contact
    pitch: Array
    boot: Array
    ankle: Array


def stance(contact: Contact, skeleton: Skeleton, times: Array, weight: Array, facing: Array, lean: Array) -> Stance:
    """Put a blade on the ice.

    Args:
        contact: the blade's keys.
        skeleton: whose foot it is.
        times: (T,) seconds.
        weight: (T, 2) where the weight acts.
        facing: (T,) radians of the body's front from +X.
        lean: (T, 4) the body's lean, which the boot shares.
    """
    blade = sample(contact.keys, times)
    m = anatomy.mirror(contact.side)
    ahead = np.stack((np.cos(facing), np.sin(facing)), axis=-1)
    aside = m * np.stack((-np.sin(facing), np.cos(facing)), axis=-1)
    point = weight + ahead * blade["ahead"][:, None] + aside * blade["out"][:, None]
    if contact.planted:
        point = point[_frame(times, contact.end)] + _brought_along(contact, times, weight)
    boot = anatomy.chain(
        lean,
        anatomy.about_z(np.degrees(_yaw(contact, times, point, facing, blade))),
        anatomy.about_y(-m * blade["edge"]),
        anatomy.about_x(blade["pitch"]),
    )
    points = sole(skeleton, contact.side)
    heel, toe = points[np.argmax(points[:, 1])], points[np.argmin(points[:, 1])]
    pressed = heel + blade["pressure"][:, None] * (np.array((0.0, toe[1], heel[2])) - heel)
    ankle = np.concatenate((point - rotate(boot, pressed)[:, :2], -lowest(boot, points)[:, None]), axis=-1)
    return Stance(contact, blade["pitch"], boot, ankle)


def _brought_along(contact: Contact, times: Array, weight: Array) -> Array:
    """(T, 2) how far a planted foot is from its place: at it while on the ice, with the body before and after."""
    out = np.zeros_like(weight)
    for moment, away in ((contact.start, contact.start - times), (contact.end, times - contact.end)):
        away = np.maximum(away, 0.0)
        # Runs with the body, but for a smooth slowing down and speeding up at the ice.
        shown = moment + np.sign(times - moment) * away**2 / (away + _PLANTING)
        out += np.stack([np.interp(shown, times, axis) - np.interp(moment, times, axis) for axis in weight.T], axis=-1)
    return out


def _frame(times: Array, second: float) -> int:
    """The first of `times` (T,) that has come to `second`, or the last."""
    return min(int(np.searchsorted(times, second - _SLACK)), len(times) - 1)


def lowest(boot: Array, points: Array) -> Array:
    """(T,) height of the lowest of a boot's sole points (N, 3) over its ankle, for its rotations (T, 4)."""
    return rotate(boot[:, None], points)[..., 2].min(axis=1)


def _yaw(contact: Contact, times: Array, point: Array, facing: Array, blade: Mapping[str, Array]) -> Array:
    """(T,) radians that the toes are turned from −Y: along the track of `point` (T, 2), with the body, or between."""
    velocity = np.gradient(point, axis=0)
    along = np.arctan2(velocity[:, 1], velocity[:, 0]) + (np.pi if contact.backward else 0.0)
    follow = blade["follow"]
    off = np.unwrap(along - facing) + np.pi * blade["turned"]
    # Whole turns are counted from where the blade runs truest along its own track, not where the body turns over it.
    truest = int(np.argmin(np.where(contact.on(times), follow, np.inf)))
    off -= 2.0 * np.pi * np.round(off[truest] / (2.0 * np.pi))
    # −Y is at −90° from +X, so a person who faces +X is turned by +90°.
    return facing + (1.0 - follow) * off + 0.5 * np.pi


def grip(contact: Contact, times: Array) -> Array:
    """(T,) 1 on the ice, 0 in the air, and a smooth change over `reach` and `leave`."""
    return ease(1.0 + (times - contact.start) / contact.reach) * ease(1.0 + (contact.end - times) / contact.leave)


def loads(contacts: Sequence[Contact], times: Array) -> Array:
    """(C, T) share of the weight on each contact; all zero in flight, else adding up to one."""
    # Eased, not rounded: rounding would leave some weight on a foot in the frame in which it comes to the ice.
    load = [through([(t, blade.load) for t, blade in c.keys], times, rounding=0.0) for c in contacts]
    share = np.array([np.where(c.on(times), ease(one), 0.0) for c, one in zip(contacts, load, strict=True)])
    total = share.sum(axis=0)
    return np.where(total > 1e-6, share / np.maximum(total, 1e-6), 0.0)


def contact_flags(stances: Sequence[Stance], times: Array) -> np.ndarray:
    """(T, 4) bool in the order of CONTACT_POINTS: of a tipped blade only the end it stands on."""
    out = np.zeros((len(times), len(CONTACT_POINTS)), dtype=bool)
    for s in stances:
        on = s.contact.on(times)
        for end, down in (("Heel", s.pitch < _ON_ONE_END), ("Toe", s.pitch > -_ON_ONE_END)):
            out[:, CONTACT_POINTS.index(f"{s.contact.side}Foot_{end}")] |= on & down
    return out

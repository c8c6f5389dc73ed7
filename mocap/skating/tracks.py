"""The few curves that tell what a skater does: travel, turning, and each blade over the ice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.signal import butter, sosfiltfilt

from mocap.axes import FORWARD, LEFTWARD, facing
from mocap.inertia import MASSES, centre_of_mass
from mocap.motion import Motion
from mocap.rotations import Array, conjugate, multiply, rotate
from mocap.skating.contacts import ensure_contacts
from mocap.skating.ice import contact_point_heights, ice_curve
from mocap.skeleton import JOINT_OF, SIDES, Skeleton
from mocap.sole_points import heel_and_ball

# Hz. A body's travel and turning change no faster than legs can push: what lies above is sensors' noise and vibration.
# Whole-body sport movement is filtered at 4–8 Hz (Winter 2009, ch. 3); the twist of a three-turn takes about 0.2 s.
_TRAVEL_CUTOFF = 4.0
_TURN_CUTOFF = 6.0


@dataclass(frozen=True)
class Blade:
    """One blade over T frames, in the world.

    Attributes:
        down: (T,) bool, whether any of it is on the ice; heel, toe: (T,) bool, which end.
        point: (T, 3) where it touches the ice: its middle, or the end that alone is down.
        ahead: (T, 2) unit vector from heel to toe, seen from above.
        velocity: (T, 2) of `point`, low-passed, m/s.
    """

    down: np.ndarray
    heel: np.ndarray
    toe: np.ndarray
    point: Array
    ahead: Array
    velocity: Array

    @cached_property
    def along(self) -> Array:
        """(T,) m/s toward the toe: negative when it runs backward."""
        return np.sum(self.velocity * self.ahead, axis=-1)

    @cached_property
    def aside(self) -> Array:
        """(T,) m/s toward the skater's left, across the blade."""
        return self.velocity[:, 1] * self.ahead[:, 0] - self.velocity[:, 0] * self.ahead[:, 1]


@dataclass(frozen=True)
class Tracks:
    """A skater over T frames.

    Attributes:
        rate: frames per second.
        centre: (T, 3) centre of mass, as it follows from the recording.
        travel: (T, 2) its horizontal velocity, low-passed, m/s.
        turned: (T,) radians that the pelvis has turned about the vertical since the first frame, left positive.
        turning: (T,) its rate, low-passed, rad/s.
        facing: (T,) radians of the pelvis' front from +X, seen from above, unwrapped.
        ice: (T,) height of the ice in the recording.
        above: (T, 4) height of the contact points above it.
        blades: by side.
    """

    rate: float
    centre: Array
    travel: Array
    turned: Array
    turning: Array
    facing: Array
    ice: Array
    above: Array
    blades: Mapping[str, Blade]

    @cached_property
    def speed(self) -> Array:
        """(T,) of the centre of mass over the ice, m/s."""
        return np.linalg.norm(self.travel, axis=-1)

    @cached_property
    def going(self) -> Array:
        """(T,) radians of the direction of travel from +X, unwrapped."""
        return np.unwrap(np.arctan2(self.travel[:, 1], self.travel[:, 0]))

    @cached_property
    def pivoting(self) -> Array:
        """(T,) rad/s that the body turns beyond what the curve of its path turns it, left positive."""
        return self.turning - velocity(self.going, self.rate, _TRAVEL_CUTOFF)

    def frames(self, seconds: float) -> int:
        """So many frames, at least one."""
        return max(1, round(seconds * self.rate))


def track(motion: Motion) -> Tracks:
    """The curves of a motion; contacts as `ensure_contacts` has them.

    Raises:
        KeyError: the skeleton lacks a segment or point of the body or its soles.
    """
    motion = ensure_contacts(motion)
    heights = contact_point_heights(motion)
    ice = ice_curve(heights, motion.rate)
    centre = centre_of_mass(_with_mass_points(motion.skeleton), motion.orientations, motion.positions)
    turned = turned_about_vertical(motion.orientations[:, 0])
    return Tracks(
        rate=motion.rate,
        centre=centre,
        travel=velocity(centre[:, :2], motion.rate, _TRAVEL_CUTOFF),
        turned=turned,
        turning=velocity(turned, motion.rate, _TURN_CUTOFF),
        facing=np.unwrap(facing(rotate(motion.orientations[:, 0], LEFTWARD))),
        ice=ice,
        above=heights - ice[:, None],
        blades={side: _blade(motion, side) for side in SIDES},
    )


def _with_mass_points(skeleton: Skeleton) -> Skeleton:
    """The skeleton with every point that `centre_of_mass` asks for, where a file names none.

    Joints lie where the next segment begins; a head or hand of unknown length counts at its joint, which moves the
    centre of the body by less than a centimetre.
    """
    children = {joint: skeleton.offsets[skeleton.index(segment)] for segment, joint in JOINT_OF.items()}
    points = {
        segment: {mass.toward: children.get(mass.toward, np.zeros(3))} | dict(skeleton.points.get(segment, {}))
        for segment, mass in MASSES.items()
    }
    return replace(skeleton, points={**skeleton.points, **points})


def turned_about_vertical(orientations: Array) -> Array:
    """(T,) radians that a segment (T, 4) has turned about the vertical since the first frame, left positive.

    Adds up the vertical part of each step, which stays true where the segment is pitched over (a heading would not).
    """
    step = multiply(orientations[1:], conjugate(orientations[:-1]))
    angle = 2.0 * np.arctan2(step[:, 3], step[:, 0])
    angle = (angle + np.pi) % (2.0 * np.pi) - np.pi
    return np.concatenate(((0.0,), np.cumsum(angle)))[: len(orientations)]


def velocity(values: Array, rate: float, cutoff: float) -> Array:
    """Rate of change per second of values (T, …), low-passed at `cutoff` Hz."""
    if len(values) < 2:
        return np.zeros_like(values)
    return np.gradient(low_passed(values, rate, cutoff), axis=0) * rate


def low_passed(values: Array, rate: float, cutoff: float) -> Array:
    """Values (T, …) through a Butterworth filter, forwards and backwards; ends are continued by point reflection."""
    if len(values) < 3 or cutoff >= 0.5 * rate:
        return values
    sections = butter(2, cutoff, fs=rate, output="sos")
    padding = min(len(values) - 1, int(np.ceil(3.0 * rate / cutoff)))
    filtered: Array = sosfiltfilt(sections, values, axis=0, padtype="odd", padlen=padding)
    return filtered


def _blade(motion: Motion, side: str) -> Blade:
    contacts = motion.foot_contacts(side)
    assert contacts is not None
    heel, toe = contacts.T
    # 0 at the heel, 1 at the ball: the middle of the blade unless one end alone is down.
    pressed = np.where(heel == toe, 0.5, np.where(toe, 1.0, 0.0))[:, None]
    ends = heel_and_ball(motion, side)
    ahead = rotate(motion.orientations[:, motion.skeleton.index(f"{side}Foot")], FORWARD)[:, :2]
    # Each end's own velocity, then the one that counts: a change of pressure is no movement of the blade.
    speeds = [velocity(end[:, :2], motion.rate, _TURN_CUTOFF) for end in ends]
    return Blade(
        down=heel | toe,
        heel=heel,
        toe=toe,
        point=ends[0] + pressed * (ends[1] - ends[0]),
        ahead=ahead / np.maximum(np.linalg.norm(ahead, axis=-1, keepdims=True), 1e-9),
        velocity=speeds[0] + pressed * (speeds[1] - speeds[0]),
    )

"""From authored keys to a whole moving body: the blades are put on the ice and the body balanced over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mocap.elements import anatomy, blades, flight, ice
from mocap.elements.anatomy import Arm, Leg, Pelvis, Trunk
from mocap.elements.blades import Contact, Stance
from mocap.elements.flight import Flight, Turn
from mocap.elements.holds import Hold, reach
from mocap.elements.ice import Glide
from mocap.elements.keyframes import rounded, sample, through
from mocap.elements.legs import leg_lengths, place_leg
from mocap.inertia import centre_of_mass, spin_inertia
from mocap.motion import forward_kinematics
from mocap.rotations import Array, hemisphere, multiply
from mocap.skeleton import SIDES, Skeleton

# The balance depends on the pose and the pose on the balance; this many rounds leave less than a tenth of a millimetre.
_ROUNDS = 8
# Metres: the centre of mass's height that the first round of balancing starts from.
_STANDING = 0.9
# Seconds of slack when moments are compared.
_SLACK = 1e-6


@dataclass(frozen=True)
class Programme:
    """A skater's programme as keys in seconds.

    Attributes:
        start, direction: where on the ice it begins (metres) and which way it goes (degrees from +X).
        glide: speed and curve of the travel.
        turns: turns of the body relative to the travel.
        contacts: every time a blade is on the ice.
        flights: every jump's time in the air.
        knee: degrees of bend of the leg that carries the weight.
        pelvis, trunk: keys of their angles.
        arms, legs: keys by side; a leg's keys count where its foot is off the ice.
        holds: hands that hold a part of the body, on top of the arms' keys.
        turned: degrees that the body is turned, at the start, from the way it goes: 180 goes backward.
    """

    start: tuple[float, float]
    direction: float
    glide: Sequence[tuple[float, Glide]]
    turns: Sequence[Turn]
    contacts: Sequence[Contact]
    flights: Sequence[Flight]
    knee: Sequence[tuple[float, float]]
    pelvis: Sequence[tuple[float, Pelvis]]
    trunk: Sequence[tuple[float, Trunk]]
    arms: Mapping[str, Sequence[tuple[float, Arm]]]
    legs: Mapping[str, Sequence[tuple[float, Leg]]]
    holds: Sequence[Hold] = ()
    turned: float = 0.0


@dataclass(frozen=True)
class Performance:
    """The body over time: orientations (T, J, 4), positions (T, J, 3), contacts (T, 4) as `Motion` has them."""

    orientations: Array
    positions: Array
    contacts: np.ndarray


def perform(programme: Programme, skeleton: Skeleton, rate: float, duration: float) -> Performance:
    """Solve a programme for a body, `rate` frames a second, `duration` seconds.

    In every frame: the centre of mass is over the point where the weight acts, leaning as the curve asks; the carrying
    leg's knee gives the height; the blades lie along their tracks; in flight the centre of mass falls freely.
    """
    times = np.arange(round(duration * rate) + 1) / rate
    path = ice.travel(programme.glide, times, programme.start, programme.direction)
    lean = ice.lean_rotation(path)
    hips = anatomy.pelvis_rotation(**sample(programme.pelvis, times))
    free = _free_pose(programme, skeleton, times)
    knee = np.radians(through(programme.knee, times))
    loads = blades.loads(programme.contacts, times)
    height = np.full(len(times), _STANDING)
    at_origin = np.zeros((len(times), 3))
    local = free.copy()

    for _ in range(_ROUNDS):
        local[:, 0] = hips
        inertia = spin_inertia(skeleton, *forward_kinematics(skeleton, at_origin, local))
        facing = path.direction + np.radians(programme.turned) + flight.turning(programme.turns, times, inertia)
        local[:, 0] = multiply(multiply(lean, anatomy.about_z(np.degrees(facing) + 90.0)), hips)
        orientations, positions = forward_kinematics(skeleton, at_origin, local)
        centre = centre_of_mass(skeleton, orientations, positions)

        weight = ice.weight_point(path, height)
        stances = [blades.stance(c, skeleton, times, weight, facing, lean) for c in programme.contacts]
        root = np.concatenate((path.xy, np.zeros((len(times), 1))), axis=-1) - centre * (1.0, 1.0, 0.0)
        standing = _standing_height(skeleton, positions + root[:, None], stances, loads, knee)
        # A boot that rolls from one edge to the other sets its ankle down and up again at once; the knee takes that up.
        height = rounded(standing, rate) + centre[:, 2]
        for jump in programme.flights:
            height = flight.ballistic_height(height, jump, rate)
        root[:, 2] = height - centre[:, 2]

        for side in SIDES:
            leg = [skeleton.index(f"{side}{name}") for name in ("UpperLeg", "LowerLeg", "Foot")]
            feet = [(s, _risen(s.contact, programme.flights, times, height)) for s in stances if s.contact.side == side]
            authored = (free[:, leg[0]], free[:, leg[1]], free[:, leg[2]])
            for segment, rotation in place_leg(side, skeleton, times, (local[:, 0], root), authored, feet).items():
                local[:, skeleton.index(segment)] = rotation
        if programme.holds:
            body = forward_kinematics(skeleton, root, local)
            for hold in programme.holds:
                arm = [skeleton.index(f"{hold.side}{name}") for name in ("UpperArm", "ForeArm", "Hand")]
                authored = (free[:, arm[0]], free[:, arm[1]], free[:, arm[2]])
                for segment, rotation in reach(hold, skeleton, times, authored, body).items():
                    local[:, skeleton.index(segment)] = rotation

    orientations, positions = forward_kinematics(skeleton, root, local)
    return Performance(hemisphere(orientations), positions, blades.contact_flags(stances, times))


def _free_pose(programme: Programme, skeleton: Skeleton, times: Array) -> Array:
    """Local rotations (T, J, 4) as authored, before any foot is put on the ice; the pelvis is unrotated."""
    local = np.zeros((len(times), len(skeleton.names), 4))
    local[..., 0] = 1.0
    parts = anatomy.trunk_rotations(**sample(programme.trunk, times))
    for side in SIDES:
        parts |= anatomy.arm_rotations(side, **sample(programme.arms[side], times))
        parts |= anatomy.leg_rotations(side, **sample(programme.legs[side], times))
    for segment, rotation in parts.items():
        local[:, skeleton.index(segment)] = rotation
    return local


def _standing_height(
    skeleton: Skeleton, positions: Array, stances: Sequence[Stance], loads: Array, knee: Array
) -> Array:
    """(T,) how far to raise the body so that the carrying legs are bent by `knee` (T,) radians, weighed by their loads.

    `positions` (T, J, 3) are the body's, right over the ice but for their height.
    """
    total = np.zeros(len(knee))
    for stance, load in zip(stances, loads, strict=True):
        thigh, shank = leg_lengths(skeleton, stance.contact.side)
        hip = positions[:, skeleton.index(f"{stance.contact.side}UpperLeg")]
        length = np.sqrt(thigh**2 + shank**2 + 2.0 * thigh * shank * np.cos(knee))
        aside = np.sum((hip - stance.ankle)[:, :2] ** 2, axis=-1)
        # A foot far aside cannot carry; a centimetre of height keeps the root real there.
        total += load * (stance.ankle[:, 2] + np.sqrt(np.maximum(length**2 - aside, 1e-4)) - hip[:, 2])
    # In flight no leg carries: bridge the gap, which the ballistic curve replaces.
    carried = loads.sum(axis=0) > 0.5
    frames = np.arange(len(knee))
    return np.interp(frames, frames[carried], total[carried])


def _risen(contact: Contact, flights: Sequence[Flight], times: Array, height: Array) -> Array:
    """(T,) how far a foot that took off, or is about to land, has risen with the body instead of staying at the ice."""
    out = np.zeros(len(times))
    for jump in flights:
        springs = jump.push <= contact.end <= jump.takeoff + _SLACK
        lands = jump.landing - _SLACK <= contact.start <= jump.settled
        for at, meets, side in (
            (jump.takeoff, springs, times > jump.takeoff),
            (jump.landing, lands, times < jump.landing),
        ):
            if meets:
                out[side] = height[side] - np.interp(at, times, height)
    return out

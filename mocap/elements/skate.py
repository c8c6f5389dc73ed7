"""From authored keys to a whole moving body: the blades are put on the ice and the body balanced over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mocap.elements import anatomy, flight, ice
from mocap.elements.anatomy import LEFT, SIDES, Arm, Leg, Pelvis, Trunk
from mocap.elements.body import sole
from mocap.elements.flight import Flight, Turn
from mocap.elements.ice import Contact, Glide, Path, Track
from mocap.elements.keyframes import sample, through
from mocap.motion import forward_kinematics
from mocap.rotations import Array, conjugate, from_axis_angle, from_matrix, hemisphere, multiply, rotate, slerp
from mocap.skeleton import CONTACT_POINTS, Skeleton

# The balance depends on the pose and the pose on the balance; this many rounds leave less than a tenth of a millimetre.
_ROUNDS = 8
# A knee is never locked: a leg that is asked to reach farther than this share of its length stays short of it.
_FULL_REACH = 0.9995
# Metres between the ice and a free foot that passes over it.
_CLEARANCE = 0.03
# Metres: the centre of mass's height that the first round of balancing starts from.
_STANDING = 0.9


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


@dataclass(frozen=True)
class Performance:
    """The body over time: orientations (T, J, 4), positions (T, J, 3), contacts (T, 4) as `Motion` has them."""

    orientations: Array
    positions: Array
    contacts: np.ndarray


def bend_leg(hip: Array, ankle: Array, hinge: Array, thigh: float, shank: float) -> tuple[Array, Array]:
    """World rotations (T, 4) of thigh and shank that join hip and ankle (T, 3), the knee bending about hinge (T, 3).

    The hinge points to the skater's left across the leg. Law of cosines; the knee always bends backward.
    """
    line = ankle - hip
    distance = np.linalg.norm(line, axis=-1, keepdims=True)
    up = -line / distance
    distance = np.clip(distance[:, 0], abs(thigh - shank) + 1e-6, _FULL_REACH * (thigh + shank))
    left = hinge - up * np.sum(hinge * up, axis=-1, keepdims=True)
    left /= np.linalg.norm(left, axis=-1, keepdims=True)
    whole = from_matrix(np.stack((left, np.cross(up, left), up), axis=-1))
    at_hip = np.arccos((thigh**2 + distance**2 - shank**2) / (2.0 * thigh * distance))
    at_knee = np.pi - np.arccos((thigh**2 + shank**2 - distance**2) / (2.0 * thigh * shank))
    upper = multiply(whole, anatomy.about_x(-np.degrees(at_hip)))
    return upper, multiply(upper, anatomy.about_x(np.degrees(at_knee)))


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


def _lean(path: Path) -> Array:
    """(T, 4) the body's lean into the curve."""
    along = np.stack((np.cos(path.direction), np.sin(path.direction), np.zeros(len(path.lean))), axis=-1)
    return from_axis_angle(along, -path.lean)


def _boot(contact: Contact, track: Track, lean: Array) -> Array:
    """(T, 4) world rotation of a foot on the ice."""
    m = anatomy.mirror(contact.side)
    return anatomy.chain(
        lean,
        anatomy.about_z(np.degrees(track.yaw)),
        anatomy.about_y(-m * track.blade["edge"]),
        anatomy.about_x(track.blade["pitch"]),
    )


def _ankle_on_ice(points: Array, boot: Array, track: Track) -> Array:
    """(T, 3) where the ankle is when the boot's lowest sole point is at height 0, its pressure point on the track."""
    heel, toe = points[np.argmax(points[:, 1])], points[np.argmin(points[:, 1])]
    pressed = heel + track.blade["pressure"][:, None] * (np.array((0.0, toe[1], heel[2])) - heel)
    at = rotate(boot, pressed)
    lowest = rotate(boot[:, None], points)[..., 2].min(axis=1)
    return np.concatenate((track.point - at[:, :2], -lowest[:, None]), axis=-1)


def _lift(contact: Contact, flights: Sequence[Flight], times: Array, height: Array) -> Array:
    """(T,) how far a foot that took off or will land has risen with the body, in place of staying at the ice."""
    out = np.zeros(len(times))
    for jump in flights:
        if abs(contact.end - jump.takeoff) < 1e-6:
            after = times > jump.takeoff
            out[after] = height[after] - np.interp(jump.takeoff, times, height)
        if abs(contact.start - jump.landing) < 1e-6:
            before = times < jump.landing
            out[before] = height[before] - np.interp(jump.landing, times, height)
    return out


def perform(programme: Programme, skeleton: Skeleton, rate: float, duration: float) -> Performance:
    """Solve a programme for a body, `rate` frames a second, `duration` seconds.

    In every frame: the centre of mass is over the point where the weight acts, leaning as the curve asks; the carrying
    leg's knee gives the height; the blades lie along their tracks; in flight the centre of mass falls freely.
    """
    times = np.arange(round(duration * rate) + 1) / rate
    path = ice.travel(programme.glide, times, programme.start, programme.direction)
    free, lean = _free_pose(programme, skeleton, times), _lean(path)
    hips = anatomy.pelvis_rotation(**sample(programme.pelvis, times))
    knee = np.radians(through(programme.knee, times))
    loads = ice.loads(programme.contacts, times)
    local = free.copy()
    zero = np.zeros((len(times), 3))
    height = np.full(len(times), _STANDING)

    for _ in range(_ROUNDS):
        local[:, 0] = hips
        inertia = flight.spin_inertia(skeleton, *forward_kinematics(skeleton, zero, local))
        facing = path.direction + flight.turning(programme.turns, times, inertia)
        local[:, 0] = multiply(multiply(lean, anatomy.about_z(np.degrees(facing) + 90.0)), hips)
        world, at = forward_kinematics(skeleton, zero, local)
        centre = flight.centre_of_mass(skeleton, world, at)
        weight = ice.weight_point(path, height)
        tracks = [ice.track(contact, times, weight, facing) for contact in programme.contacts]
        boots = [_boot(c, t, lean) for c, t in zip(programme.contacts, tracks, strict=True)]
        ankles = [
            _ankle_on_ice(sole(skeleton, c.side), b, t)
            for c, b, t in zip(programme.contacts, boots, tracks, strict=True)
        ]
        root = np.concatenate((path.xy - centre[:, :2], np.zeros((len(times), 1))), axis=-1)
        root[:, 2] = _standing_height(programme, skeleton, at, root, ankles, loads, knee)
        height = root[:, 2] + centre[:, 2]
        for jump in programme.flights:
            height = flight.ballistic_height(height, jump, rate)
        root[:, 2] = height - centre[:, 2]
        legs = _legs(programme, skeleton, free, local[:, 0], root, height, times, boots, ankles)
        for segment, rotation in legs.items():
            local[:, skeleton.index(segment)] = rotation

    orientations, positions = forward_kinematics(skeleton, root, local)
    return Performance(hemisphere(orientations), positions, _contacts(programme, times, tracks))


def _standing_height(
    programme: Programme,
    skeleton: Skeleton,
    at: Array,
    root: Array,
    ankles: Sequence[Array],
    loads: Array,
    knee: Array,
) -> Array:
    """(T,) the pelvis's height at which the carrying legs are bent by `knee` (T,), weighed by what each carries."""
    total = np.zeros(len(knee))
    for contact, ankle, load in zip(programme.contacts, ankles, loads, strict=True):
        thigh, shank = _leg_lengths(skeleton, contact.side)
        hip = at[:, skeleton.index(f"{contact.side}UpperLeg")]
        length = np.sqrt(thigh**2 + shank**2 + 2.0 * thigh * shank * np.cos(knee))
        aside = np.sum((hip[:, :2] + root[:, :2] - ankle[:, :2]) ** 2, axis=-1)
        total += load * (ankle[:, 2] + np.sqrt(np.maximum(length**2 - aside, 0.01)) - hip[:, 2])
    # In flight no leg carries: bridge the gap, the ballistic curve replaces it.
    carried = loads.sum(axis=0) > 0.5
    frames = np.arange(len(knee))
    return np.interp(frames, frames[carried], total[carried])


def _leg_lengths(skeleton: Skeleton, side: str) -> tuple[float, float]:
    lower, foot = (skeleton.offsets[skeleton.index(f"{side}{name}")] for name in ("LowerLeg", "Foot"))
    return float(np.linalg.norm(lower)), float(np.linalg.norm(foot))


def _legs(
    programme: Programme,
    skeleton: Skeleton,
    free: Array,
    pelvis: Array,
    root: Array,
    height: Array,
    times: Array,
    boots: Sequence[Array],
    ankles: Sequence[Array],
) -> dict[str, Array]:
    """Local rotations (T, 4) of thigh, shank and foot of both legs: as authored in the air, on the track on the ice."""
    out = {}
    left = np.array((1.0, 0.0, 0.0))
    for side in SIDES:
        thigh, shank = _leg_lengths(skeleton, side)
        upper, lower, foot = (skeleton.index(f"{side}{name}") for name in ("UpperLeg", "LowerLeg", "Foot"))
        hip = root + rotate(pelvis, skeleton.offsets[upper])
        upper_world = multiply(pelvis, free[:, upper])
        lower_world = multiply(upper_world, free[:, lower])
        boot = multiply(lower_world, free[:, foot])
        knee_at = hip + rotate(upper_world, skeleton.offsets[lower])
        ankle = knee_at + rotate(lower_world, skeleton.offsets[foot])
        hinge = rotate(upper_world, left)
        free_foot = np.ones(len(times))
        for contact, on_boot, on_ankle in zip(programme.contacts, boots, ankles, strict=True):
            if contact.side != side:
                continue
            grip = ice.grip(contact, times)
            rising = np.zeros_like(on_ankle)
            rising[:, 2] = _lift(contact, programme.flights, times, height)
            ankle = ankle + grip[:, None] * (on_ankle + rising - ankle)
            hinge = hinge + grip[:, None] * (rotate(on_boot, left) - hinge)
            boot = slerp(boot, on_boot, grip)
            free_foot *= 1.0 - grip
        lowest = ankle[:, 2] + rotate(boot[:, None], sole(skeleton, side))[..., 2].min(axis=1)
        ankle[:, 2] += _over_the_ice(lowest, free_foot)
        upper_world, lower_world = bend_leg(hip, ankle, hinge, thigh, shank)
        out[f"{side}UpperLeg"] = multiply(conjugate(pelvis), upper_world)
        out[f"{side}LowerLeg"] = multiply(conjugate(upper_world), lower_world)
        out[f"{side}Foot"] = multiply(conjugate(lower_world), boot)
    return out


def _over_the_ice(lowest: Array, free: Array) -> Array:
    """(T,) how much to raise a foot whose sole is at `lowest` (T,), smoothly, so that it passes clear of the ice.

    `free` (T,) is 1 for a foot in the air, 0 for one on the ice, which stays where it is.
    """
    short = _CLEARANCE * free - lowest
    return np.where(free > 0.0, 0.5 * (short + np.hypot(short, _CLEARANCE * free)), 0.0)


def _contacts(programme: Programme, times: Array, tracks: Sequence[Track]) -> np.ndarray:
    """(T, 4) bool: heel and toe of each foot, the heel only while the blade is not up on its front."""
    out = np.zeros((len(times), len(CONTACT_POINTS)), dtype=bool)
    for contact, track in zip(programme.contacts, tracks, strict=True):
        on = (times >= contact.start - 1e-9) & (times <= contact.end + 1e-9)
        heel = 0 if contact.side == LEFT else 2
        out[:, heel] |= on & (track.blade["pitch"] < 8.0)
        out[:, heel + 1] |= on & (track.blade["pitch"] > -8.0)
    return out

"""The legs between hips and blades: as authored in the air, down to the ice where a foot stands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mocap.axes import LEFTWARD, UP
from mocap.elements import anatomy
from mocap.elements.blades import Stance, grip, lowest
from mocap.elements.body import sole
from mocap.rotations import Array, conjugate, from_matrix, multiply, rotate, slerp
from mocap.skeleton import Skeleton

# A knee is never locked: a leg is followed exactly up to this share of its length (a knee bent by 16 degrees), and what
# it is asked beyond that it nears without a jerk.
_EASY_REACH = 0.99
# Metres between the ice and a free foot that passes over it.
_CLEARANCE = 0.03


def leg_lengths(skeleton: Skeleton, side: str) -> tuple[float, float]:
    """Thigh and shank in metres."""
    lower, foot = (skeleton.offsets[skeleton.index(f"{side}{name}")] for name in ("LowerLeg", "Foot"))
    return float(np.linalg.norm(lower)), float(np.linalg.norm(foot))


def bend_leg(hip: Array, ankle: Array, hinge: Array, thigh: float, shank: float) -> tuple[Array, Array]:
    """World rotations (T, 4) of thigh and shank that join hip and ankle (T, 3), the knee bending about hinge (T, 3).

    The hinge points to the skater's left across the leg. Law of cosines; the knee always bends backward.
    """
    line = ankle - hip
    distance = np.linalg.norm(line, axis=-1, keepdims=True)
    up = -line / distance
    easy, spare = _EASY_REACH * (thigh + shank), (1.0 - _EASY_REACH) * (thigh + shank)
    distance = np.maximum(distance[:, 0], abs(thigh - shank) + 1e-6)
    beyond = np.maximum(distance - easy, 0.0)
    distance = np.minimum(distance, easy) + spare * (1.0 - np.exp(-beyond / spare))
    left = hinge - up * np.sum(hinge * up, axis=-1, keepdims=True)
    left /= np.linalg.norm(left, axis=-1, keepdims=True)
    whole = from_matrix(np.stack((left, np.cross(up, left), up), axis=-1))
    at_hip = np.arccos((thigh**2 + distance**2 - shank**2) / (2.0 * thigh * distance))
    at_knee = np.pi - np.arccos((thigh**2 + shank**2 - distance**2) / (2.0 * thigh * shank))
    upper = multiply(whole, anatomy.about_x(-np.degrees(at_hip)))
    return upper, multiply(upper, anatomy.about_x(np.degrees(at_knee)))


def place_leg(
    side: str,
    skeleton: Skeleton,
    times: Array,
    pelvis: tuple[Array, Array],
    free: tuple[Array, Array, Array],
    stances: Sequence[tuple[Stance, Array]],
) -> dict[str, Array]:
    """Local rotations (T, 4) of one leg's thigh, shank and foot.

    Args:
        side: "Left" or "Right".
        skeleton: whose leg it is.
        times: (T,) seconds.
        pelvis: its world rotation (T, 4) and position (T, 3).
        free: local rotations (T, 4) of thigh, shank and foot as authored, which hold while the foot is in the air.
        stances: this foot's times on the ice, each with how far (T,) it has risen with the body in a jump.
    """
    thigh, shank = leg_lengths(skeleton, side)
    names = [f"{side}{name}" for name in ("UpperLeg", "LowerLeg", "Foot")]
    hip_at, knee_at, ankle_at = (skeleton.offsets[skeleton.index(name)] for name in names)
    hip = pelvis[1] + rotate(pelvis[0], hip_at)
    upper = multiply(pelvis[0], free[0])
    lower = multiply(upper, free[1])
    boot = multiply(lower, free[2])
    ankle = hip + rotate(upper, knee_at) + rotate(lower, ankle_at)
    hinge = rotate(upper, LEFTWARD)
    airborne = np.ones(len(times))
    for stance, risen in stances:
        held = grip(stance.contact, times)
        on_ice = stance.ankle + risen[:, None] * UP
        ankle = ankle + held[:, None] * (on_ice - ankle)
        hinge = hinge + held[:, None] * (rotate(stance.boot, LEFTWARD) - hinge)
        boot = slerp(boot, stance.boot, held)
        airborne *= 1.0 - held
    ankle[:, 2] += _over_the_ice(ankle[:, 2] + lowest(boot, sole(skeleton, side)), airborne)
    upper, lower = bend_leg(hip, ankle, hinge, thigh, shank)
    local = (multiply(conjugate(p), c) for p, c in ((pelvis[0], upper), (upper, lower), (lower, boot)))
    return dict(zip(names, local, strict=True))


def _over_the_ice(sole_height: Array, airborne: Array) -> Array:
    """(T,) how much to raise a foot, smoothly, so that its sole passes clear of the ice.

    `airborne` (T,) is 1 for a foot in the air, 0 for one on the ice, which stays where it is.
    """
    short = _CLEARANCE * airborne - sole_height
    return np.where(airborne > 0.0, 0.5 * (short + np.hypot(short, _CLEARANCE * airborne)), 0.0)

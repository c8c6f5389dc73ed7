"""Joint angles as a coach says them, and the rotations they are. The one place where their signs are decided.

All angles are degrees, all zero when the skater stands upright with straight legs and the arms hanging at the sides.
Left and right use the same words: the same numbers on both sides make a mirror image.
Axes are Blender's: an unrotated person faces −Y, their own left is +X, up is +Z; XSens' unrotated arms point sideways.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mocap.axes import LEFTWARD, UP
from mocap.rotations import Array, from_axis_angle, multiply
from mocap.skeleton import OUTWARD

_SPINE_SHARE = {"L5": 0.25, "L3": 0.25, "T12": 0.25, "T8": 0.25}
_NECK_SHARE = {"Neck": 0.5, "Head": 0.5}


@dataclass(frozen=True)
class Pelvis:
    """How the hips sit over the edge: tilt + forward, hike + right hip up, turn + to the left."""

    tilt: float = 0.0
    hike: float = 0.0
    turn: float = 0.0


@dataclass(frozen=True)
class Trunk:
    """Spine and head: bend + forward, lean, twist, turn + to the left; the head's angles come on top of the spine's."""

    bend: float = 0.0
    lean: float = 0.0
    twist: float = 0.0
    head_bend: float = 0.0
    head_lean: float = 0.0
    head_turn: float = 0.0


@dataclass(frozen=True)
class Arm:
    """An arm: abduction from 0 hanging to 90 level, forward + from the side to the front, rotation + outward (hand up).

    elbow + bends; supination + turns a palm that faces back or down to the front or up; wrist + bends toward the palm;
    shrug + lifts the shoulder itself, and with it the arm, whose abduction then counts from there.
    """

    abduction: float = 0.0
    forward: float = 0.0
    rotation: float = 0.0
    elbow: float = 0.0
    supination: float = 0.0
    wrist: float = 0.0
    shrug: float = 0.0


@dataclass(frozen=True)
class Leg:
    """A leg: flexion + knee forward, abduction + away from the other leg, rotation + toes out.

    knee + bends; ankle + toes up (a pointed foot is negative).
    """

    flexion: float = 0.0
    abduction: float = 0.0
    rotation: float = 0.0
    knee: float = 0.0
    ankle: float = 0.0


def about_x(degrees: ArrayLike) -> Array:
    """Rotation (…, 4) about X, the axis from the skater's right to the left."""
    return from_axis_angle(LEFTWARD, np.radians(np.asarray(degrees, dtype=np.float64)))


def about_y(degrees: ArrayLike) -> Array:
    """Rotation (…, 4) about Y, the axis from the skater's front to the back."""
    return from_axis_angle((0.0, 1.0, 0.0), np.radians(np.asarray(degrees, dtype=np.float64)))


def about_z(degrees: ArrayLike) -> Array:
    """Rotation (…, 4) about Z, upward: positive is to the skater's left."""
    return from_axis_angle(UP, np.radians(np.asarray(degrees, dtype=np.float64)))


def chain(*rotations: Array) -> Array:
    """Product (…, 4) of rotations, the last one applied first."""
    out = rotations[0]
    for rotation in rotations[1:]:
        out = multiply(out, rotation)
    return out


def mirror(side: str) -> float:
    """+1 for the left, −1 for the right: the sign of rotations about Y and Z that both sides share by a mirror."""
    return OUTWARD[side]


def pelvis_rotation(tilt: ArrayLike, hike: ArrayLike, turn: ArrayLike) -> Array:
    """Pelvis (…, 4) relative to an upright body that faces as the skater does."""
    return chain(about_z(turn), about_y(hike), about_x(tilt))


def trunk_rotations(
    bend: ArrayLike,
    lean: ArrayLike,
    twist: ArrayLike,
    head_bend: ArrayLike,
    head_lean: ArrayLike,
    head_turn: ArrayLike,
) -> dict[str, Array]:
    """Local rotations (…, 4) of L5, L3, T12, T8, Neck and Head: the angles are shared out evenly over the joints."""
    out = {}
    spine, head = (twist, lean, bend), (head_turn, head_lean, head_bend)
    for shares, angles in ((_SPINE_SHARE, spine), (_NECK_SHARE, head)):
        for segment, share in shares.items():
            turn, side, forward = (share * np.asarray(angle, dtype=np.float64) for angle in angles)
            out[segment] = chain(about_z(turn), about_y(side), about_x(forward))
    return out


def arm_rotations(
    side: str,
    abduction: ArrayLike,
    forward: ArrayLike,
    rotation: ArrayLike,
    elbow: ArrayLike,
    supination: ArrayLike,
    wrist: ArrayLike,
    shrug: ArrayLike,
) -> dict[str, Array]:
    """Local rotations (…, 4) of one arm's Shoulder, UpperArm, ForeArm and Hand from the angles of `Arm`."""
    m = mirror(side)
    lowered = 90.0 - np.asarray(abduction, dtype=np.float64)
    return {
        f"{side}Shoulder": about_y(-m * np.asarray(shrug)),
        f"{side}UpperArm": chain(
            about_z(-m * np.asarray(forward)), about_y(m * lowered), about_x(-np.asarray(rotation))
        ),
        f"{side}ForeArm": chain(about_z(-m * np.asarray(elbow)), about_x(-np.asarray(supination))),
        f"{side}Hand": about_y(m * np.asarray(wrist)),
    }


def leg_rotations(
    side: str,
    flexion: ArrayLike,
    abduction: ArrayLike,
    rotation: ArrayLike,
    knee: ArrayLike,
    ankle: ArrayLike,
) -> dict[str, Array]:
    """Local rotations (…, 4) of UpperLeg, LowerLeg and Foot from the angles of `Leg`; the boot keeps the toes still."""
    m = mirror(side)
    return {
        f"{side}UpperLeg": chain(
            about_x(-np.asarray(flexion)), about_y(-m * np.asarray(abduction)), about_z(m * np.asarray(rotation))
        ),
        f"{side}LowerLeg": about_x(np.asarray(knee)),
        f"{side}Foot": about_x(-np.asarray(ankle)),
    }

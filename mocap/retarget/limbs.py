"""Arms and legs: recorded segments on limbs of one bone or of two."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mocap.axes import FORWARD, LEFTWARD, UP
from mocap.retarget.alignment import HandAxes, hand_axes, rest_head, segment_direction, unit
from mocap.retarget.bone_map import Limbs
from mocap.rig import Rig
from mocap.rotations import (
    Array,
    between,
    between_frames,
    conjugate,
    from_axis_angle,
    hemisphere,
    multiply,
    rotate,
    twist_about,
)
from mocap.skeleton import Skeleton

# MVN's shoulder segment is level, a clavicle is not. So much of its slope is left to it, and no more than so much is
# taken: Mixamo's shoulder bone, from the side of the neck, slopes by 30°, and level it would be a constant shrug.
CLAVICLE_SLOPE, CLAVICLE_LIFT = np.radians(4.5), np.radians(6.0)
# Of a forearm's twist, what a near half takes; a single bone leaves half of it to the wrist.
_NEAR_PRONATION = 0.35
_SINGLE_PRONATION = 0.5


def arm_turns(
    skeleton: Skeleton, source: Mapping[str, Array], rig: Rig, limbs: Limbs, side: str, sign: float
) -> dict[str, Array]:
    """(T, 4) per bone of clavicle, upper arm, forearm and hand."""
    shoulder, elbow, wrist = (rest_head(rig, b) for b in (limbs.upper_arm[0], limbs.forearm[0], limbs.hand))
    upper, lower = elbow - shoulder, wrist - elbow
    upper_identity, lower_identity = (segment_direction(skeleton, side + s) for s in ("ForeArm", "Hand"))

    # Identity pose: palms down, so the elbow bends forward, about ∓Z; MakeHuman's rest has its elbows a little bent.
    hinge = np.cross(upper, lower)
    hinge_identity = -sign * UP
    hand = hand_axes(rig, limbs, sign)
    palm_identity = identity_hand(sign)
    align_upper = between_frames((upper, hinge), (upper_identity, hinge_identity))
    align_elbow = between_frames((lower, hinge), (lower_identity, hinge_identity))
    align_wrist = between_frames((lower, hand.palm), (lower_identity, palm_identity.palm))

    clavicle = multiply(source[side + "Shoulder"], _clavicle_alignment(skeleton, rig, limbs, side))
    arm = multiply(source[side + "UpperArm"], align_upper)
    fore = multiply(source[side + "ForeArm"], align_wrist)
    # The elbow end of the forearm does not pronate: it is the upper arm bent to where the forearm points.
    unturned = multiply(source[side + "UpperArm"], align_elbow)
    return {
        limbs.clavicle: clavicle,
        **_two_halves(rig, limbs.upper_arm, limbs.forearm[0], clavicle, arm, 0.5),
        **_forearm(rig, limbs, unturned, fore, lower),
        limbs.hand: multiply(source[side + "Hand"], hand_alignment(hand, sign)),
    }


def identity_hand(sign: float) -> HandAxes:
    """A hand in the identity pose: pointing sideways, palm down."""
    return HandAxes(sign * LEFTWARD, -UP)


def hand_alignment(hand: HandAxes, sign: float) -> Array:
    """(4,) from a hand at rest to the identity pose."""
    identity = identity_hand(sign)
    return between_frames((hand.along, hand.palm), (identity.along, identity.palm))


def leg_turns(
    skeleton: Skeleton, source: Mapping[str, Array], rig: Rig, limbs: Limbs, side: str, sole: Array
) -> dict[str, Array]:
    """(T, 4) per bone of thigh, shank and foot. Knees face forward at rest; the blade is turned to point forward."""
    hip, knee, ankle = (rest_head(rig, b) for b in (limbs.thigh[0], limbs.shank[0], limbs.foot))
    thigh_identity, shank_identity = (segment_direction(skeleton, side + s) for s in ("LowerLeg", "Foot"))
    thigh = multiply(source[side + "UpperLeg"], between_frames((knee - hip, FORWARD), (thigh_identity, FORWARD)))
    shank = multiply(source[side + "LowerLeg"], between_frames((ankle - knee, FORWARD), (shank_identity, FORWARD)))
    blade = (sole[0] - sole[-1]) * np.array((1.0, 1.0, 0.0))
    foot = multiply(source[side + "Foot"], between_frames((blade, UP), (FORWARD, UP)))
    return {
        **_two_halves(rig, limbs.thigh, limbs.shank[0], source["Pelvis"], thigh, 0.5),
        **dict.fromkeys(limbs.shank, shank),
        limbs.foot: foot,
    }


def _clavicle_alignment(skeleton: Skeleton, rig: Rig, limbs: Limbs, side: str) -> Array:
    """(4,) a turn of the line from clavicle to shoulder towards MVN's."""
    line = unit(rest_head(rig, limbs.upper_arm[0]) - rest_head(rig, limbs.clavicle))
    wanted = segment_direction(skeleton, side + "UpperArm")
    angle = float(np.arccos(np.clip(np.dot(line, wanted), -1.0, 1.0)))
    lift = np.clip(angle - CLAVICLE_SLOPE, 0.0, CLAVICLE_LIFT)
    return from_axis_angle(np.cross(line, wanted), lift)


def _forearm(rig: Rig, limbs: Limbs, unturned: Array, fore: Array, axis: Array) -> dict[str, Array]:
    if len(limbs.forearm) == 1:
        return {limbs.forearm[0]: _near_half(unturned, fore, axis, _SINGLE_PRONATION)}
    return _two_halves(rig, limbs.forearm, limbs.hand, unturned, fore, _NEAR_PRONATION)


def _two_halves(rig: Rig, joints: tuple[str, ...], end: str, base: Array, far: Array, share: float) -> dict[str, Array]:
    """(T, 4) per bone of a limb in one bone or in two: all of the swing in both, the twist shared.

    Args:
        joints: (near, far) bones, or one; end: the bone that starts where the limb ends.
        base: (T, 4) turn of what the limb hangs on; far: (T, 4) turn of the limb's far end.
        share: of the twist, what the near half takes.
    """
    if len(joints) == 1:
        return {joints[0]: far}
    start, middle, tip = (rest_head(rig, name) for name in (*joints, end))
    near = _near_half(base, far, tip - start, share)
    # The halves do not lie on the limb's line: twisted apart, they would carry its end beside it.
    line = rotate(near, middle - start) + rotate(far, tip - middle)
    back = between(line, rotate(far, tip - start))
    return {joints[0]: multiply(back, near), joints[1]: multiply(back, far)}


def _near_half(base: Array, far: Array, axis: Array, share: float) -> Array:
    """(T, 4) a limb's turn with all of its swing and a share of its twist.

    Args:
        base: (T, 4) turn of what the limb hangs on; far: (T, 4) turn of the limb's far end.
        axis: (3,) the limb's direction at rest.
    """
    swung = multiply(between(rotate(base, axis), rotate(far, axis)), base)
    twist = hemisphere(twist_about(multiply(conjugate(swung), far), axis))
    along = unit(axis)
    # Unwrapped, so that an arm which passes half a turn does not snap back.
    angle = np.unwrap(2.0 * np.arctan2(twist[:, 1:] @ along, twist[:, 0]))
    angle = angle - 2.0 * np.pi * np.round(np.median(angle) / (2.0 * np.pi))
    return multiply(swung, from_axis_angle(along, share * angle))

"""Hands: recorded fingers where a take has them, a skater's relaxed hand where it has not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mocap.axes import FORWARD
from mocap.retarget.alignment import HandAxes, hand_axes, rest_head, unit
from mocap.retarget.bone_map import Limbs
from mocap.retarget.limbs import hand_alignment, identity_hand
from mocap.rig import Rig
from mocap.rotations import Array, between, between_frames, conjugate, from_axis_angle, multiply, rotate
from mocap.skeleton import Skeleton

# MVN's names of the fingers, and of the bones that a rig's three are played by.
_RECORDED = {
    "thumb": ("FirstMC", "FirstPP", "FirstDP"),
    "index": ("SecondPP", "SecondMP", "SecondDP"),
    "middle": ("ThirdPP", "ThirdMP", "ThirdDP"),
    "ring": ("FourthPP", "FourthMP", "FourthDP"),
    "little": ("FifthPP", "FifthMP", "FifthDP"),
}


@dataclass(frozen=True)
class Curl:
    """A finger's posture, in degrees.

    Attributes:
        spread: from the line of the hand towards the thumb.
        bent: at its three joints, from the knuckle outward.
    """

    spread: float
    bent: tuple[float, float, float]


# A skater's hand as coaches ask for it: long, fingers near each other, each a little rounder than its neighbour on the
# thumb's side, the middle finger a little lower than the index.
RELAXED = {
    "index": Curl(spread=2.5, bent=(6.0, 14.0, 8.0)),
    "middle": Curl(spread=0.0, bent=(16.0, 18.0, 10.0)),
    "ring": Curl(spread=-3.0, bent=(17.0, 20.0, 11.0)),
    "little": Curl(spread=-6.5, bent=(10.0, 18.0, 10.0)),
}
# The thumb's three bones: parts along the hand, towards the thumb's side, out of the palm.
RELAXED_THUMB = ((0.72, 0.55, 0.42), (0.90, 0.34, 0.27), (0.95, 0.18, 0.25))


def relaxed_turns(rig: Rig, limbs: Limbs, sign: float) -> dict[str, Array]:
    """(4,) per finger bone: its turn before it follows its parent, for a relaxed hand."""
    rest = hand_axes(rig, limbs, sign) if limbs.fingers else None
    if rest is None:
        return {}
    home = hand_alignment(rest, sign)
    out: dict[str, Array] = {}
    for finger, bones in limbs.fingers.items():
        before = home
        for place, bone in enumerate(bones):
            now = _relaxed(rig, rest, finger, bones, place, sign)
            out[bone] = multiply(conjugate(before), now)
            before = now
    return out


def _relaxed(rig: Rig, rest: HandAxes, finger: str, bones: tuple[str, ...], place: int, sign: float) -> Array:
    """(4,) turn of one bone of a relaxed hand in the identity pose."""
    direction = _bone_direction(rig, bones[place])
    identity = identity_hand(sign)
    if finger == "thumb":
        along, aside, out = RELAXED_THUMB[place]
        home = hand_alignment(rest, sign)
        target = along * identity.along + aside * FORWARD + out * identity.palm
        return multiply(between(rotate(home, direction), target), home)
    curl = RELAXED[finger]
    spread = np.radians(curl.spread)
    straight = np.cos(spread) * identity.along + np.sin(spread) * FORWARD
    hinge = unit(np.cross(straight, identity.palm))
    target = rotate(from_axis_angle(hinge, np.radians(sum(curl.bent[: place + 1]))), straight)
    hinge_rest = np.cross(_bone_direction(rig, bones[0]), rest.palm)
    return between_frames((direction, hinge_rest), (target, hinge))


def recorded_turns(
    skeleton: Skeleton, source: Mapping[str, Array], rig: Rig, limbs: Limbs, side: str, sign: float
) -> dict[str, Array]:
    """(T, 4) per finger bone, from the take's finger tracking."""
    rest = hand_axes(rig, limbs, sign)
    palm = identity_hand(sign).palm
    out = {}
    for finger, bones in limbs.fingers.items():
        # A thumb bends across the palm, which its rest and MVN's show in another attitude; its direction must do.
        hinge = np.cross(_bone_direction(rig, bones[0]), rest.palm)
        names = [side + name for name in _RECORDED[finger]]
        for place, bone in enumerate(bones):
            child = names[min(place + 1, len(names) - 1)]
            pointing = _direction_or_none(skeleton, child)
            straight = identity_hand(sign).along if pointing is None else pointing
            identity = (straight, np.cross(straight, palm))
            out[bone] = multiply(source[names[place]], between_frames((_bone_direction(rig, bone), hinge), identity))
    return out


def _direction_or_none(skeleton: Skeleton, child: str) -> Array | None:
    """(3,) from a segment's parent to it, None where the two share their origin."""
    offset = skeleton.offsets[skeleton.index(child)]
    return unit(offset) if float(np.linalg.norm(offset)) > 1e-6 else None


def has_fingers(skeleton: Skeleton, side: str) -> bool:
    """Whether the take tracked the fingers of one hand."""
    return f"{side}SecondPP" in skeleton.names


def _bone_direction(rig: Rig, bone: str) -> Array:
    b = rig.index(bone)
    return unit(rig.tails[b] - rest_head(rig, bone))

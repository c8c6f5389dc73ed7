"""How a foreign skeleton's joints are turned in the pose that stands for MVN's identity.

MVN's segments are unrotated when the arms point sideways with palms down and the legs straight down. In another file
the joints have axes of their own, and the pose with all rotations zero may have the arms hanging. From one pose in
which limbs are straight, this finds how MVN's segments are turned in it: for each limb its direction, then the twist
about it by a second axis (a bent elbow's hinge; otherwise the least turn from the identity pose, which takes palms that
face down to palms that face the thigh when an arm hangs). Trunk, head and clavicles keep the person's own bearing.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mocap.axes import FORWARD, UP
from mocap.rotations import Array, between, between_frames, conjugate, multiply, rotate
from mocap.skeleton import OUTWARD, SIDES

# Below this bend an elbow's hinge is lost in the noise of its direction.
_HINGE = np.sin(np.radians(15.0))
# Feet point ahead to about this angle when somebody stands.
_TURNED_OUT = np.radians(60.0)
_STRAIGHT_HAND = np.radians(60.0)


def standing_error(at: Mapping[str, Array]) -> Array:
    """(T,) radians by which poses are away from standing with straight limbs; over 1 is no standing pose.

    Args:
        at: (T, 3) positions in Blender's axes of the near ends of pelvis, head, arms and legs, by segment.
    """
    errors = [_angle(at["Head"] - at["Pelvis"], UP)]
    for side in SIDES:
        thigh, shank = at[f"{side}LowerLeg"] - at[f"{side}UpperLeg"], at[f"{side}Foot"] - at[f"{side}LowerLeg"]
        upper, lower = at[f"{side}ForeArm"] - at[f"{side}UpperArm"], at[f"{side}Hand"] - at[f"{side}ForeArm"]
        errors += [_angle(thigh, -UP), _angle(shank, -UP), _angle(upper, lower)]
        # Arms above the shoulders are no rest pose: the least turn would put the palms wrong.
        errors.append(np.maximum(0.0, _angle(upper, -UP) - 0.5 * np.pi))
    across = at["LeftUpperLeg"] - at["RightUpperLeg"]
    errors.append(np.abs(0.5 * np.pi - _angle(across, UP)))
    return np.max(errors, axis=0)


def segment_turns(at: Mapping[str, Array], ends: Mapping[str, Array]) -> dict[str, Array]:
    """How each of MVN's 23 segments is turned in a rest pose: quaternions (4,) from its identity pose.

    Args:
        at: (3,) positions in Blender's axes of near ends, by segment: all but those of the spine, clavicles and toes.
        ends: (3,) positions of far ends of hands and feet, where they are known.
    """
    bearing = _bearing(at["LeftUpperLeg"] - at["RightUpperLeg"])
    out = dict.fromkeys(("Pelvis", "L5", "L3", "T12", "T8", "Neck", "Head"), bearing)
    for side, sign in OUTWARD.items():
        out |= _arm(at, ends, side, sign, bearing)
        out |= _leg(at, ends, side, bearing)
    return out


def _bearing(across: Array) -> Array:
    """(4,) turn about the vertical for a person whose left is at `across`."""
    heading = np.arctan2(across[1], across[0])
    return np.array((np.cos(0.5 * heading), 0.0, 0.0, np.sin(0.5 * heading)))


def _arm(
    at: Mapping[str, Array], ends: Mapping[str, Array], side: str, sign: float, bearing: Array
) -> dict[str, Array]:
    shoulder, elbow, wrist = (at[f"{side}{name}"] for name in ("UpperArm", "ForeArm", "Hand"))
    outward = np.array((sign, 0.0, 0.0))
    # The person's own axes, in which the identity pose is known.
    upper, lower = rotate(conjugate(bearing), np.stack((elbow - shoulder, wrist - elbow)))
    hinge = np.cross(upper, lower)
    if np.linalg.norm(hinge) > _HINGE * np.linalg.norm(upper) * np.linalg.norm(lower):
        # Palms down, an elbow bends forward.
        turned = between_frames((outward, np.cross(outward, FORWARD)), (upper, hinge))
    else:
        turned = between(outward, upper)
    arm = multiply(bearing, turned)
    fore = multiply(between(rotate(arm, outward), wrist - elbow), arm)
    hand = fore
    if f"{side}Hand" in ends:
        along = ends[f"{side}Hand"] - wrist
        bent = between(rotate(fore, outward), along)
        # A far end that lies back or across is a thumb's, or none.
        if np.linalg.norm(along) > 1e-6 and abs(bent[0]) > np.cos(0.5 * _STRAIGHT_HAND):
            hand = multiply(bent, fore)
    return {f"{side}Shoulder": bearing, f"{side}UpperArm": arm, f"{side}ForeArm": fore, f"{side}Hand": hand}


def _leg(at: Mapping[str, Array], ends: Mapping[str, Array], side: str, bearing: Array) -> dict[str, Array]:
    hip, knee, ankle = (at[f"{side}{name}"] for name in ("UpperLeg", "LowerLeg", "Foot"))
    forward = rotate(bearing, FORWARD)
    identity = -UP, FORWARD
    foot = bearing
    if f"{side}Foot" in ends:
        ahead = (ends[f"{side}Foot"] - ankle) * np.array((1.0, 1.0, 0.0))
        turned = between(forward, ahead)
        if np.linalg.norm(ahead) > 1e-6 and abs(turned[0]) > np.cos(0.5 * _TURNED_OUT):
            foot = multiply(turned, bearing)
    return {
        f"{side}UpperLeg": between_frames(identity, (knee - hip, forward)),
        f"{side}LowerLeg": between_frames(identity, (ankle - knee, forward)),
        f"{side}Foot": foot,
        f"{side}Toe": foot,
    }


def _angle(a: Array, b: Array) -> Array:
    """Radians between vectors (…, 3); a right angle where one of them is nothing."""
    lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
    return np.arccos(np.clip(np.sum(a * b, axis=-1) / np.maximum(lengths, 1e-12), -1.0, 1.0))

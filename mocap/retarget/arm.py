"""One arm below the shoulder: where it is tried against the body, and how it bends to get elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mocap.retarget.bone_map import Limbs
from mocap.retarget.crossing import Rod
from mocap.retarget.pose import Pose
from mocap.retarget.two_bones import middle_joint, within_reach
from mocap.retarget.volume import ArmFlesh
from mocap.rotations import Array, between, dot, length, multiply

# Where along upper arm (from the shoulder) and forearm (from the elbow) they are tried, beside the joints.
_ALONG_UPPER = 0.75
_ALONG_FORE = (0.35, 0.7)
# Metres by which an upper arm and the flesh at the elbow sink into the side of the chest in everybody.
_GIVE = 0.012
# An arm is never stretched beyond this share of its length: a locked elbow snaps from frame to frame.
_REACH = 0.999


@dataclass(frozen=True)
class Arm:
    """One arm over T frames, as recorded.

    Attributes:
        shoulder: (T, 3).
        joints: (T, 2, 3) elbow and wrist.
        hand: (T, P, 3) points of the hand from the wrist, the palm first; knuckles: (T, 3) where fingers begin.
        radii: (6 + P,) metres of flesh around the points that `tried` gives.
        flesh: how thick it is.
    """

    shoulder: Array
    joints: Array
    hand: Array
    knuckles: Array
    radii: Array
    flesh: ArmFlesh

    def tried(self, frames: np.ndarray, joints: Array) -> Array:
        """(K, P, 3) points that must be clear if elbow and wrist were at `joints` (T, 2, 3), in some frames (K,)."""
        shoulder, elbow, wrist = self.shoulder[frames], joints[frames, 0], joints[frames, 1]
        upper = shoulder + _ALONG_UPPER * (elbow - shoulder)
        fore = [elbow + along * (wrist - elbow) for along in _ALONG_FORE]
        return np.concatenate(
            (np.stack((upper, elbow, *fore, wrist), axis=1), wrist[:, None] + self.hand[frames]), axis=1
        )

    def on_joints(self, pushes: Array) -> Array:
        """(K, 2, 3) what elbow and wrist do for pushes (K, P, 3) of what was `tried`; for each, the largest decides."""
        elbow = np.array([_ALONG_UPPER, 1.0, *(1.0 - along for along in _ALONG_FORE), 0.0])
        wrist = np.array([0.0, 0.0, *_ALONG_FORE, 1.0])
        rest = np.zeros(self.hand.shape[1])
        shares = np.stack((np.concatenate((elbow, rest)), np.concatenate((wrist, rest + 1.0))))
        shares = shares / np.sum(shares**2, axis=0)
        return np.stack([_largest(pushes * share[:, None]) for share in shares], axis=1)

    def bent(self, frames: np.ndarray, wanted: Array) -> Array:
        """(K, 2, 3) elbow and wrist near where they are wanted (K, 2, 3), the bones as long as they are."""
        start, recorded = self.shoulder[frames], self.joints[frames]
        upper, lower = length(recorded[:, 0] - start), length(recorded[:, 1] - recorded[:, 0])
        # An arm that the take holds straighter than this stays so.
        longest = np.maximum(_REACH * (upper + lower), length(recorded[:, 1] - start))
        wrist = within_reach(start, wanted[:, 1], np.abs(upper - lower) + 1e-4, longest)
        return np.stack((middle_joint(start, wrist, upper, lower, wanted[:, 0]), wrist), axis=1)

    def rod(self, frames: np.ndarray, joints: Array) -> Rod:
        """Forearm and hand with the joints at (T, 2, 3), in some frames."""
        elbow, wrist = joints[frames, 0], joints[frames, 1]
        radii = (self.flesh.elbow, self.flesh.wrist, self.flesh.hand)
        return Rod(elbow, wrist, wrist + self.knuckles[frames], radii)


def arm_of(pose: Pose, limbs: Limbs, flesh: ArmFlesh) -> Arm:
    """One arm of a pose."""
    rig = pose.rig
    hand = rig.index(limbs.hand)
    shoulder, elbow = (pose.head(rig.index(name)) for name in (limbs.upper_arm[0], limbs.forearm[0]))
    wrist = pose.head(hand)
    knuckle = limbs.knuckle("middle")
    end = rig.heads[rig.index(knuckle)] if knuckle else rig.tails[hand]
    points, radii = [pose.carried(hand, 0.5 * (rig.heads[hand] + end))], [flesh.hand]
    for finger, names in limbs.fingers.items():
        if finger != "ring":
            last = rig.index(names[-1])
            points.append(pose.carried(last, rig.tails[last]))
            radii.append(flesh.finger)
        if finger in ("index", "little"):
            points.append(pose.head(rig.index(names[0])))
            radii.append(0.8 * flesh.hand)
    fore = [flesh.elbow + along * (flesh.wrist - flesh.elbow) for along in _ALONG_FORE]
    return Arm(
        shoulder=shoulder,
        joints=np.stack((elbow, wrist), axis=1),
        hand=np.stack([point - wrist for point in points], axis=1),
        knuckles=pose.carried(hand, end) - wrist,
        radii=np.array([flesh.elbow - _GIVE, flesh.elbow - _GIVE, *fore, flesh.wrist, *radii]),
        flesh=flesh,
    )


def arm_bends(pose: Pose, limbs: Limbs, arm: Arm, joints: Array) -> Mapping[int, Array]:
    """Turns of the bones of upper arm and forearm that bring elbow and wrist to (T, 2, 3); the hand keeps its own."""
    index = pose.rig.index
    by = (
        between(arm.joints[:, 0] - arm.shoulder, joints[:, 0] - arm.shoulder),
        between(arm.joints[:, 1] - arm.joints[:, 0], joints[:, 1] - joints[:, 0]),
    )
    out: dict[int, Array] = {}
    for names, turn in zip((limbs.upper_arm, limbs.forearm), by, strict=True):
        out |= {b: multiply(turn, pose.turns[b]) for b in (index(name) for name in names)}
    return out


def _largest(vectors: Array) -> Array:
    """(K, 3) of vectors (K, P, 3) the longest one of each frame."""
    longest = np.argmax(dot(vectors, vectors), axis=1)
    return vectors[np.arange(len(vectors)), longest]

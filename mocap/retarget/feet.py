"""Sets the feet that a take says are down onto the ice again, after limbs of other lengths have moved them off it.

Only heights are mended: a skate glides, so nothing is ever held still in the plane. The thigh and the shank turn a
little (two-bone inverse kinematics with the knee kept on its side); the foot keeps its attitude, for it is the edge.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from mocap.axes import FORWARD, UP
from mocap.retarget.bone_map import Limbs
from mocap.retarget.pose import Pose
from mocap.retarget.two_bones import middle_joint, within_reach
from mocap.rotations import Array, between, rotate

# Seconds over which a correction fades in before a contact and out after it: short beside a step, long beside a frame.
FADE = 0.2
# Metres of height that are left alone: nobody sees them, but a nearly straight leg would bend its knee by 6° for them.
TOLERANCE = 0.001
# Seconds (of a Gaussian) by which corrections are smoothed: a nearly straight knee makes jerks of every corner in them.
# Longer would leave the feet of a walk, which roll over the ground, millimetres in it.
EASE = 0.02
# A leg is never stretched beyond this share of its length; a locked knee snaps from frame to frame.
REACH = 0.998


@dataclass(frozen=True)
class Leg:
    """Positions (T, 3) of one leg's joints, and `forward` (T, 3), the side to which its knee bends."""

    hip: Array
    knee: Array
    ankle: Array
    forward: Array


def height_corrections(lowest: Array, down: np.ndarray, rate: float) -> Array:
    """(T,) metres to raise a foot by: onto z = 0 while it is down, fading to none elsewhere, never below the ice.

    All but the last `TOLERANCE`, either way, and without corners in time.

    Args:
        lowest: (T,) height of the running edge's lowest point.
        down: (T,) bool.
        rate: frames per second.
    """
    if not down.any():
        return _eased(np.maximum(0.0, -lowest), rate)
    frames = np.arange(len(lowest))
    contact = np.flatnonzero(down)
    wanted = np.interp(frames, contact, -lowest[contact])
    after = np.clip(np.searchsorted(contact, frames), 0, len(contact) - 1)
    away = np.minimum(np.abs(contact[after] - frames), np.abs(contact[np.maximum(after - 1, 0)] - frames))
    weight = 0.5 + 0.5 * np.cos(np.pi * np.minimum(away / (FADE * rate), 1.0))
    return _eased(np.maximum(wanted * weight, -lowest), rate)


def _eased(correction: Array, rate: float) -> Array:
    beyond = np.sign(correction) * np.maximum(np.abs(correction) - TOLERANCE, 0.0)
    smooth: Array = gaussian_filter1d(beyond, EASE * rate, mode="nearest")
    return smooth


def out_of_reach(leg: Leg, raise_by: Array) -> Array:
    """(T,) metres by which the hip must come down for the leg to reach its raised (lowered) ankle."""
    across = np.linalg.norm((leg.ankle - leg.hip)[:, :2], axis=-1)
    reach = np.sqrt(np.maximum(_longest(leg) ** 2 - across**2, 0.0))
    drop = leg.hip[:, 2] - (leg.ankle[:, 2] + raise_by)
    return np.maximum(0.0, drop - reach)


def _longest(leg: Leg) -> Array:
    """(T,) how far the ankle may be from the hip; a leg that the take itself holds straighter than REACH stays so."""
    length = np.linalg.norm(leg.knee - leg.hip, axis=-1) + np.linalg.norm(leg.ankle - leg.knee, axis=-1)
    return np.maximum(REACH * length, np.linalg.norm(leg.ankle - leg.hip, axis=-1))


def smooth_drop(needed: Array, rate: float) -> Array:
    """(T,) a smooth curve over `needed` (T,): how far the hips come down so that no foot hangs in the air."""
    span = FADE * rate
    return gaussian_filter1d(
        maximum_filter1d(needed, max(1, round(2 * span) | 1), mode="nearest"), span / 2, mode="nearest"
    )


def bend(leg: Leg, raise_by: Array) -> tuple[Array, Array]:
    """World turns (T, 4) to put before those of thigh and shank so that the ankle rises by `raise_by` (T,) metres."""
    target = leg.ankle + raise_by[:, None] * UP
    upper = np.linalg.norm(leg.knee - leg.hip, axis=-1)
    lower = np.linalg.norm(leg.ankle - leg.knee, axis=-1)
    ankle = within_reach(leg.hip, target, np.abs(upper - lower) + 1e-6, _longest(leg))
    # The knee stays where it points now; a straight leg says nothing of it, so the thigh's front decides.
    toward = leg.knee + 0.05 * upper[:, None] * leg.forward
    knee = middle_joint(leg.hip, ankle, upper, lower, toward)
    return between(leg.knee - leg.hip, knee - leg.hip), between(leg.ankle - leg.knee, ankle - knee)


def leg_of(pose: Pose, limbs: Limbs) -> Leg:
    """One leg of a pose."""
    hip, knee, ankle = (pose.rig.index(name) for name in (limbs.thigh[0], limbs.shank[0], limbs.foot))
    return Leg(pose.head(hip), pose.head(knee), pose.head(ankle), rotate(pose.turn(hip), FORWARD))

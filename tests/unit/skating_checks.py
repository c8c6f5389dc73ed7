"""What tests measure on a skater's movement: blades, joints, distances between limbs, speeds."""

from __future__ import annotations

import numpy as np

from mocap.axes import FORWARD, LEFTWARD, UP
from mocap.elements.body import sole
from mocap.inertia import centre_of_mass
from mocap.motion import Motion
from mocap.rotations import Array, conjugate, multiply, rotate, twist_about
from mocap.skeleton import OUTWARD


def on_ice(take: Motion, side: str) -> np.ndarray:
    """(T,) bool, whether any part of that blade is on the ice."""
    contacts = take.foot_contacts(side)
    assert contacts is not None
    return contacts.any(axis=1)


def sole_points(take: Motion, side: str) -> Array:
    """(T, N, 3) in the world."""
    foot = take.skeleton.index(f"{side}Foot")
    return take.positions[:, foot, None] + rotate(take.orientations[:, foot, None], sole(take.skeleton, side))


def local_rotations(take: Motion) -> Array:
    """(T, J, 4) each segment in its parent's frame."""
    out = take.orientations.copy()
    for j, parent in enumerate(take.skeleton.parents):
        if parent >= 0:
            out[:, j] = multiply(conjugate(take.orientations[:, parent]), take.orientations[:, j])
    return out


def joint(take: Motion, segment: str) -> Array:
    """(T, 3) a segment's origin."""
    return take.positions[:, take.skeleton.index(segment)]


def facing(take: Motion) -> Array:
    """(T,) radians of the pelvis's front from +X, unwrapped."""
    left = rotate(take.orientations[:, 0], LEFTWARD)
    return np.unwrap(np.arctan2(-left[:, 0], left[:, 1]))


def velocity(points: Array, rate: float) -> Array:
    """(T, …) per second."""
    return np.gradient(points, axis=0) * rate


def mass_centre(take: Motion) -> Array:
    """(T, 3)."""
    return centre_of_mass(take.skeleton, take.orientations, take.positions)


def gap(a: tuple[Array, Array], b: tuple[Array, Array]) -> Array:
    """(T,) distance between two moving line segments, sampled at 11 points of each."""
    t = np.linspace(0.0, 1.0, 11)[:, None]
    p = a[0][:, None] * (1 - t) + a[1][:, None] * t
    q = b[0][:, None] * (1 - t) + b[1][:, None] * t
    return np.linalg.norm(p[:, :, None] - q[:, None], axis=-1).min(axis=(1, 2))


def limbs(take: Motion, side: str) -> dict[str, tuple[Array, Array]]:
    """The axes of one side's limbs, each as its two ends (T, 3); the thigh without its part in the hip."""
    hip, knee, ankle = (joint(take, f"{side}{name}") for name in ("UpperLeg", "LowerLeg", "Foot"))
    return {
        "thigh": (0.6 * hip + 0.4 * knee, knee),
        "shank": (knee, ankle),
        "foot": (take.point(f"{side}Foot", f"p{side}HeelFoot"), take.point(f"{side}Toe", f"p{side}Toe")),
        "forearm": (joint(take, f"{side}ForeArm"), take.point(f"{side}Hand", f"p{side}TopOfHand")),
    }


def slip(take: Motion, side: str) -> Array:
    """(T,) metres per second that the middle of a blade moves across itself."""
    foot = take.skeleton.index(f"{side}Foot")
    across = rotate(take.orientations[:, foot], LEFTWARD)[:, :2]
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    return np.abs(np.sum(velocity(sole_points(take, side).mean(axis=1), take.rate)[:, :2] * across, axis=1))


def knee_angle(local: Array, take: Motion, side: str) -> Array:
    """(T,) degrees of bend, negative where it bends backward."""
    q = local[:, take.skeleton.index(f"{side}LowerLeg")]
    return np.degrees(2.0 * np.arctan2(q[:, 1], q[:, 0]))


def elbow_angle(local: Array, take: Motion, side: str) -> Array:
    """(T,) degrees of bend, negative where it bends backward."""
    q = local[:, take.skeleton.index(f"{side}ForeArm")]
    q = q * np.sign(q[:, :1])
    return -OUTWARD[side] * np.degrees(2.0 * np.arctan2(q[:, 3], q[:, 0]))


def hip_angles(local: Array, take: Motion, side: str) -> tuple[Array, Array, Array]:
    """(T,) degrees of flexion, abduction and outward rotation, as `mocap.elements.anatomy.Leg` counts them."""
    thigh = local[:, take.skeleton.index(f"{side}UpperLeg")]
    down, turned = rotate(thigh, -UP), twist_about(thigh, UP)
    flexion = np.degrees(np.arctan2(-down[:, 1], -down[:, 2]))
    abduction = OUTWARD[side] * np.degrees(np.arcsin(np.clip(down[:, 0], -1.0, 1.0)))
    return flexion, abduction, OUTWARD[side] * np.degrees(2.0 * np.arctan(turned[:, 3] / turned[:, 0]))


def ankle_angle(local: Array, take: Motion, side: str) -> Array:
    """(T,) degrees that the toes point up from a right angle with the shank."""
    toes = rotate(local[:, take.skeleton.index(f"{side}Foot")], FORWARD)
    return np.degrees(np.arcsin(toes[:, 2]))


def joint_speeds(take: Motion) -> Array:
    """(T − 1, J − 1) degrees per second that each segment turns in its parent's frame."""
    local = local_rotations(take)[:, 1:]
    step = np.sum(local[1:] * local[:-1], axis=-1)
    return np.degrees(2.0 * np.arccos(np.clip(np.abs(step), 0.0, 1.0))) * take.rate

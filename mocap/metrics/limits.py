"""Joints bent beyond what people can do, and beyond what most people can do.

Skaters are flexible, so each limit has two values. `usual` is what healthy people reach on average, of the groups
measured the most mobile one; beyond it a pose is unusual. No study gives a hard end of a joint's range, so `possible`
is ours: more than gymnasts and dancers show in splits and needle scales. Beyond it a pose is a mistake.

Sources of the usual values, in degrees: Soucie et al. (2011), "Range of motion measurements: reference values and a
database for comparison studies", Haemophilia 17: hip and knee. Boone and Azen (1979), "Normal range of motion of joints
in male subjects", J Bone Joint Surg Am 61: shoulder. American Academy of Orthopaedic Surgeons (1965), "Joint motion:
method of measuring and recording": hip to the sides, elbow. Beighton et al. (1973), "Articular mobility in an African
population", Ann Rheum Dis 32: a knee or elbow is hypermobile from 10° of hyperextension on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mocap.metrics.bodies import PosedBody
from mocap.metrics.directions import angle_between
from mocap.rotations import Array
from mocap.skeleton import OUTWARD


@dataclass(frozen=True)
class Hinge:
    """Degrees a hinge bends: `back` beyond straight, `bent` from straight; (usual, possible) each."""

    back: tuple[float, float]
    bent: tuple[float, float]


@dataclass(frozen=True)
class Ball:
    """Degrees a limb leaves the line down the trunk, by where it goes: (usual, possible) each; between, linearly.

    Keys are degrees round that line: 0 away from the body's middle, 90 to the front, 180 across it, 270 to the back.
    """

    reach: Mapping[float, tuple[float, float]]


HINGES = {
    "Knee": Hinge(back=(10.0, 20.0), bent=(153.0, 170.0)),
    "Elbow": Hinge(back=(10.0, 20.0), bent=(150.0, 170.0)),
}
BALLS = {
    "Hip": Ball({0.0: (45.0, 175.0), 90.0: (141.0, 175.0), 180.0: (30.0, 70.0), 270.0: (28.0, 100.0)}),
    # The arm swings across the chest at shoulder height by 45° past straight ahead (135), and not through the trunk.
    "Shoulder": Ball(
        {0.0: (184.0, 190.0), 90.0: (180.0, 190.0), 135.0: (120.0, 190.0), 180.0: (45.0, 120.0), 270.0: (62.0, 150.0)}
    ),
}


@dataclass(frozen=True)
class Violation:
    """One joint against its limits.

    Attributes:
        unusual, impossible: share of frames beyond the usual and the possible range.
        excess: degrees beyond the possible range at worst, 0 if never.
    """

    unusual: float
    impossible: float
    excess: float


def violations(body: PosedBody) -> dict[str, Violation]:
    """By joint: LeftKnee, LeftElbow, LeftHip, LeftShoulder, and the right side's."""
    return {joint: _against(usual, possible) for joint, (usual, possible) in excess(body).items()}


def excess(body: PosedBody) -> dict[str, tuple[Array, Array]]:
    """By joint as in `violations`: (T,) degrees beyond the usual and beyond the possible range, negative within it."""
    out = {}
    for side, sign in OUTWARD.items():
        for joint, near, far in (("Knee", "UpperLeg", "LowerLeg"), ("Elbow", "UpperArm", "ForeArm")):
            bent, forward = bending(body.directions[side + near], body.directions[side + far], body.axes[side + near])
            limits = zip(HINGES[joint].back, HINGES[joint].bent, strict=True)
            usual, possible = (np.maximum(-forward - back, bent - most) for back, most in limits)
            out[side + joint] = usual, possible
        for joint, bone, frame in (("Hip", "UpperLeg", body.pelvis), ("Shoulder", "UpperArm", body.chest)):
            out[side + joint] = _ball_excess(BALLS[joint], body.directions[side + bone], frame, sign)
    return out


def bending(near: Array, far: Array, hinge: Array) -> tuple[Array, Array]:
    """How a joint between two bones is bent, all unit vectors (T, 3).

    Returns:
        (T,) degrees between the bones' lines, and (T,) the part of them about the hinge, negative backwards.
    """
    axis = np.cross(near, far)
    bent = angle_between(near, far)
    sine = np.linalg.norm(axis, axis=-1)
    about = np.divide(np.sum(axis * hinge, axis=-1), sine, out=np.zeros_like(sine), where=sine > 1e-9)
    return bent, bent * about


def _ball_excess(ball: Ball, limb: Array, frame: Array, sign: float) -> tuple[Array, Array]:
    """Degrees (T,) beyond the usual and the possible reach of a limb (T, 3) in a frame (T, 3, 3) of pelvis or chest.

    An arm a little behind overhead got there over the front, where 190° are possible, not over the back: of both ways
    to a place, the easier one counts.
    """
    local = np.einsum("tij,ti->tj", frame, limb)
    outward, forward, down = sign * local[:, 0], -local[:, 1], -local[:, 2]
    away = np.degrees(np.arctan2(np.hypot(outward, forward), down))
    towards = np.degrees(np.arctan2(forward, outward))
    keys = list(ball.reach)

    def beyond(k: int) -> Array:
        limits = [reach[k] for reach in ball.reach.values()]
        there, over = (np.interp(towards + turn, keys, limits, period=360.0) for turn in (0.0, 180.0))
        return np.minimum(away - there, 360.0 - away - over)

    return beyond(0), beyond(1)


def _against(usual: Array, possible: Array) -> Violation:
    return Violation(
        unusual=float(np.mean(usual > 0.0)),
        impossible=float(np.mean(possible > 0.0)),
        excess=float(max(0.0, possible.max())),
    )

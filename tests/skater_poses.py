"""Poses for tests, without a recording: a rig's bones turned by hand."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mocap.axes import FORWARD
from mocap.rig import PoseTrack, Rig
from mocap.rotations import Array, conjugate, from_axis_angle, from_matrix, multiply

SIDEWAYS = np.array((1.0, 0.0, 0.0))

# Turns of bones about the avatar's own axes, in degrees: (axis, angle). Positive about SIDEWAYS bends a limb backwards.
SIT_SPIN = {
    "upperleg01.L": (SIDEWAYS, -95.0),
    "lowerleg01.L": (SIDEWAYS, 100.0),
    "upperleg01.R": (SIDEWAYS, -80.0),
    "spine03": (SIDEWAYS, 30.0),
    "foot.L": (SIDEWAYS, -15.0),
}
SPIRAL = {
    "root": (SIDEWAYS, 75.0),
    "upperleg01.L": (SIDEWAYS, -70.0),
    "upperleg01.R": (SIDEWAYS, 25.0),
    "spine03": (SIDEWAYS, -30.0),
    "foot.R": (SIDEWAYS, 40.0),
}
LANDING = {
    "root": (SIDEWAYS, 10.0),
    "upperleg01.L": (SIDEWAYS, -45.0),
    "lowerleg01.L": (SIDEWAYS, 60.0),
    "upperleg01.R": (SIDEWAYS, 50.0),
    "upperarm01.L": (FORWARD, 40.0),
    "upperarm01.R": (FORWARD, -40.0),
}


def turned(rig: Rig, turns: Mapping[str, tuple[Array, float]]) -> Array:
    """(B, 4) what goes into the bones' `rotation_quaternion`."""
    rest = from_matrix(rig.rest[:, :3, :3])
    out = np.tile((1.0, 0.0, 0.0, 0.0), (len(rig.names), 1))
    for name, (axis, degrees) in turns.items():
        bone = rig.index(name)
        world = from_axis_angle(axis, np.radians(degrees))
        out[bone] = multiply(multiply(conjugate(rest[bone]), world), rest[bone])
    return out


def track(rig: Rig, rotations: Array, root_location: Array) -> PoseTrack:
    """Movement at 30 frames per second from (T, B, 4) rotations and (T, 3) root locations."""
    times = np.arange(len(rotations)) / 30.0
    return PoseTrack(30.0, times, rig, int(np.flatnonzero(rig.parents < 0)[0]), rotations, root_location)


def pose(rig: Rig, turns: Mapping[str, tuple[Array, float]]) -> PoseTrack:
    """One frame."""
    return track(rig, turned(rig, turns)[None], np.zeros((1, 3)))

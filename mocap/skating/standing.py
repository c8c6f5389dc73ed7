"""Legs for takes that recorded none: under whatever the pelvis does, they stand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mocap.axes import LEFTWARD, UP, facing
from mocap.motion import Motion
from mocap.rotations import from_axis_angle, hemisphere, rotate
from mocap.skeleton import SIDES

_LEG = ("UpperLeg", "LowerLeg", "Foot", "Toe")


def standing_up(motion: Motion) -> Motion:
    """The motion with both legs straight down and both soles level, the toes where the hips face.

    MVN leaves unrecorded legs in line with the pelvis, which tilts: a skater on the backs of the blades, the toes in
    the air. Above the hips nothing changes.
    """
    index = motion.skeleton.index
    orientations, positions = motion.orientations.copy(), motion.positions.copy()
    # An unrotated person faces −Y, which lies at −90° from +X.
    heading = facing(rotate(motion.orientations[:, 0], LEFTWARD)) + 0.5 * np.pi
    upright = from_axis_angle(UP, heading)
    for side in SIDES:
        for name, above in zip(_LEG, ("Pelvis", *(side + name for name in _LEG[:-1])), strict=True):
            j, parent = index(side + name), index(above)
            orientations[:, j] = upright
            positions[:, j] = positions[:, parent] + rotate(orientations[:, parent], motion.skeleton.offsets[j])
    return replace(motion, orientations=hemisphere(orientations), positions=positions)

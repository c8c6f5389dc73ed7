"""Puts a motion somewhere on the rink as a rigid whole: only where it is and which way it faces changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mocap.axes import UP
from mocap.motion import Motion
from mocap.rotations import from_axis_angle, multiply, rotate


def sized(motion: Motion, factor: float) -> Motion:
    """The motion of a body `factor` times as large: lengths and travel grow, timing and angles stay."""
    skeleton = motion.skeleton
    points = {name: {label: at * factor for label, at in of.items()} for name, of in skeleton.points.items()}
    return replace(
        motion,
        skeleton=replace(skeleton, offsets=skeleton.offsets * factor, points=points),
        positions=motion.positions * factor,
    )


def place_motion(motion: Motion, x: float, y: float, heading: float, window: slice = slice(None)) -> Motion:
    """The motion turned by `heading` (rad) about the vertical, the middle of its travel at (x, y) metres.

    The travel is the pelvis' bounding box over the frames of `window`. Heights stay as recorded.
    """
    turn = from_axis_angle(UP, heading)
    positions = rotate(turn, motion.positions)
    pelvis = positions[window, 0, :2]
    middle = 0.5 * (pelvis.min(axis=0) + pelvis.max(axis=0))
    return replace(
        motion,
        orientations=multiply(turn, motion.orientations),
        positions=positions + np.array((x - middle[0], y - middle[1], 0.0)),
    )

"""The demo take with something done to it, and takes with marks that recordings on ice have."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
from scipy.ndimage import gaussian_filter1d

from mocap.axes import UP
from mocap.elements.demo import demo_take
from mocap.motion import Motion, forward_kinematics
from mocap.rotations import Array, from_axis_angle, hemisphere, multiply, rotate

demo = lru_cache(maxsize=1)(demo_take)


def noisy(motion: Motion, metres: float = 0.003, degrees: float = 0.5, seed: int = 0) -> Motion:
    """White noise on every frame: the root's position, and every segment's attitude."""
    rng = np.random.default_rng(seed)
    count, segments = motion.orientations.shape[:2]
    jitter = from_axis_angle(
        rng.normal(size=(count, segments, 3)), np.radians(degrees) * rng.normal(size=(count, segments))
    )
    orientations = hemisphere(multiply(motion.orientations, jitter))
    shift = metres * rng.normal(size=(count, 1, 3))
    return replace(motion, orientations=orientations, positions=motion.positions + shift)


def swaying(motion: Motion, metres: float = 0.02, degrees: float = 4.0, seed: int = 1) -> Motion:
    """Errors that come and go within tenths of a second, as those of sensors on moving clothes: root and attitudes."""
    rng = np.random.default_rng(seed)
    count, segments = motion.orientations.shape[:2]

    def sway(shape: tuple[int, ...]) -> Array:
        out = gaussian_filter1d(rng.normal(size=shape), 0.1 * motion.rate, axis=0)
        return out / out.std()

    error = from_axis_angle(sway((count, segments, 3)), np.radians(degrees) * sway((count, segments)))
    moved = replace(motion, orientations=hemisphere(multiply(motion.orientations, error)))
    return shifted(moved, metres * sway((count, 3)))


def turned_about_root(motion: Motion, angle: Array) -> Motion:
    """The body turned by angle (T,) radians about the vertical through its pelvis, which travels as before."""
    turn = from_axis_angle(UP, angle)[:, None]
    root = motion.positions[:, :1]
    return replace(
        motion,
        orientations=hemisphere(multiply(turn, motion.orientations)),
        positions=root + rotate(turn, motion.positions - root),
    )


def bent(motion: Motion, angle: Array) -> Motion:
    """The body and its travel turned by angle (T,) radians about the vertical: another curve on the ice."""
    root = motion.positions[:, 0]
    turn = from_axis_angle(UP, angle)
    steps = rotate(turn[1:], np.diff(root, axis=0))
    path = root[0] + np.concatenate((np.zeros((1, 3)), np.cumsum(steps, axis=0)))
    return shifted(turned_about_root(motion, angle), path - root)


def shifted(motion: Motion, shift: Array) -> Motion:
    """The whole body moved by shift (T, 3)."""
    return replace(motion, positions=motion.positions + shift[:, None])


def travel_scaled(motion: Motion, share: float) -> Motion:
    """The same poses, with only a share of the travel, as MVN understates it."""
    travel = motion.positions[:, 0] * (1.0, 1.0, 0.0)
    return shifted(motion, (share - 1.0) * (travel - travel[0]))


def without(motion: Motion, first: int, last: int) -> Motion:
    """The motion with frames first … last missing."""
    keep = np.r_[0:first, last + 1 : len(motion)]
    contacts = None if motion.contacts is None else motion.contacts[keep]
    return replace(
        motion,
        orientations=motion.orientations[keep],
        positions=motion.positions[keep],
        contacts=contacts,
        events=(),
    )


def rigid(motion: Motion, orientations: Array) -> Motion:
    """The motion with these world orientations, its segments put together again."""
    local = orientations.copy()
    for j, parent in enumerate(motion.skeleton.parents):
        if parent >= 0:
            local[:, j] = multiply(orientations[:, parent] * (1.0, -1.0, -1.0, -1.0), orientations[:, j])
    out, positions = forward_kinematics(motion.skeleton, motion.positions[:, 0], local)
    return replace(motion, orientations=hemisphere(out), positions=positions)

"""What a camera turns after: the skater's middle, smoothed, as it is or as a hand comes after it. No bpy."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d

from blender_addon.clip import MovesSpec
from blender_addon.filming.track import Filmed
from mocap.rotations import Array

SMOOTHING = 0.35
"""Seconds (Gaussian sigma) over which whoever follows the skater evens out what they see."""

FURTHEST_SWING = 0.35
"""Share of a sudden turn by which the follower of overshoot 1 swings beyond it."""

# What is left of a follower's ringing where its memory is cut off.
_FORGOTTEN = 1e-4


def middles(points: Array) -> Array:
    """(N, 3) middles of the boxes around points (N, P, 3)."""
    return np.asarray(0.5 * (points.min(axis=1) + points.max(axis=1)))


def centre_of(people: Filmed) -> Array:
    """(3,) the middle of the travel: of the box around all points in the clip's frames."""
    points = people.points[people.frames]
    return np.asarray(0.5 * (points.min(axis=(0, 1)) + points.max(axis=(0, 1))))


def aims_of(people: Filmed, moves: MovesSpec) -> Array:
    """(N, 3) where a camera that pans looks at every instant.

    What lags is the place on the rink that it looks at: an operator's eyes and hands are where the skater was.
    """
    path = smoothed(middles(people.points), SMOOTHING * people.rate)
    return followed(path, people.rate, moves.lag, moves.overshoot) if moves.lag > 0.0 else path


def smoothed(path: Array, sigma: float) -> Array:
    """A path (N, D), or some (C, N, D), evened out by a Gaussian, without lag, also at its ends."""
    count = path.shape[-2]
    if count == 1 or sigma <= 0.0:
        return np.asarray(path)
    # Turned about its ends the path goes on as it came, so that nothing lags in the first and last instants.
    pad = int(np.ceil(4.0 * sigma))
    longer = _continued(path, pad, pad)
    return np.asarray(gaussian_filter1d(longer, sigma, axis=-2)[..., pad : pad + count, :])


def followed(path: Array, rate: float, lag: float, overshoot: float) -> Array:
    """A path (N, D) as a follower of second order comes after it.

    Its transfer function is ω² / (s² + 2 ζ ω s + ω²): behind an even movement it stays by 2 ζ / ω seconds, which is
    `lag`; on a sudden one it swings beyond by exp(−π ζ / √(1 − ζ²)) of it, which is `overshoot` × `FURTHEST_SWING`.

    Args:
        rate: instants per second; lag: seconds, more than 0; overshoot: 0…1.
    """
    count = len(path)
    if count == 1:
        return np.asarray(path)
    damping = damping_of(overshoot)
    frequency = 2.0 * damping / lag
    steps = int(np.ceil(rate * np.log(1.0 / _FORGOTTEN) / (damping * frequency))) + 1
    # Each weight is what the answer to a step gains around its instant, which keeps the lag exact at low rates, too.
    answer = _answer_to_step((np.arange(-1, steps) + 0.5).clip(0.0) / rate, frequency, damping)
    weights = np.diff(answer) / (answer[-1] - answer[0])
    longer = _continued(path, len(weights) - 1, 0)
    return np.stack([np.convolve(column, weights, mode="valid") for column in longer.T], axis=1)


def damping_of(overshoot: float) -> float:
    """ζ of a follower that overshoots so: 1 (not at all) and less."""
    swing = FURTHEST_SWING * overshoot
    if swing < 1e-9:
        return 1.0
    decay = -np.log(swing)
    return float(decay / np.hypot(np.pi, decay))


def _answer_to_step(t: Array, frequency: float, damping: float) -> Array:
    if damping > 1.0 - 1e-9:
        return np.asarray(1.0 - (1.0 + frequency * t) * np.exp(-frequency * t))
    inner = frequency * np.sqrt(1.0 - damping**2)
    slope = damping / np.sqrt(1.0 - damping**2)
    return np.asarray(1.0 - np.exp(-damping * frequency * t) * (np.cos(inner * t) + slope * np.sin(inner * t)))


def _continued(path: Array, before: int, after: int) -> Array:
    """The path (…, N, D) made longer at its ends, by itself turned about them and no further than it reaches."""
    last = path.shape[-2] - 1
    still = [(0, 0)] * (path.ndim - 2)
    longer = np.pad(path, [*still, (min(before, last), min(after, last)), (0, 0)], mode="reflect", reflect_type="odd")
    rest = (max(before - last, 0), max(after - last, 0))
    return np.pad(longer, [*still, rest, (0, 0)], mode="edge")

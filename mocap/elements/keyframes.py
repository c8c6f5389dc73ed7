"""Key poses in time, and the smooth curves through them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, fields
from typing import Any, TypeVar

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import gaussian_filter1d

from mocap.elements.anatomy import Arm, Leg, Pelvis, Trunk
from mocap.rotations import Array

# Seconds. Rounds the corners in acceleration that a monotone cubic leaves at its keys; about two frames at 60 Hz.
ROUNDING = 0.03

Pose = TypeVar("Pose", Arm, Leg, Pelvis, Trunk)


def through(keys: Sequence[tuple[float, float]], times: Array, rounding: float = ROUNDING) -> Array:
    """A curve (T,) through (time, value) keys: monotone between them, level before the first and after the last.

    PCHIP (Fritsch and Butland 1984) never overshoots a key, which keeps joint angles within what was authored;
    a Gaussian of `rounding` seconds then makes the acceleration continuous too. `times` (T,) must be evenly spaced.
    """
    at, values = np.array(keys, dtype=np.float64).T
    return _curves(at, values[:, None], times, rounding)[:, 0]


def _curves(at: Array, values: Array, times: Array, rounding: float) -> Array:
    """(T, F) curves through the values (K, F) at seconds (K,)."""
    if len(at) == 1:
        return np.tile(values[0], (len(times), 1))
    curves = PchipInterpolator(at, values)(np.clip(times, at[0], at[-1]))
    return rounded(curves, 1.0 / (times[1] - times[0]), rounding) if rounding > 0.0 else curves


def rounded(curve: Array, rate: float, rounding: float = ROUNDING) -> Array:
    """The curve (T, …), `rate` samples a second, with the corners rounded by a Gaussian of `rounding` seconds."""
    return gaussian_filter1d(curve, rounding * rate, axis=0, mode="nearest")


def ease(x: Array) -> Array:
    """0 up to x = 0, 1 from x = 1 on, and between them the quintic without a step in speed or acceleration."""
    x = np.clip(x, 0.0, 1.0)
    return x**3 * (10.0 - 15.0 * x + 6.0 * x**2)


def between(one: Pose, other: Pose, share: float) -> Pose:
    """The pose part-way from `one` (share 0) to `other` (share 1), each field by itself."""
    return type(one)(*((1.0 - share) * a + share * b for a, b in zip(astuple(one), astuple(other), strict=True)))


def sample(keys: Sequence[tuple[float, Any]], times: Array, rounding: float = ROUNDING) -> dict[str, Array]:
    """Every field of keyed dataclasses as a curve (T,), by field name: sample([(0, Arm()), …], times)["elbow"]."""
    at = np.array([time for time, _ in keys], dtype=np.float64)
    values = np.array([astuple(part) for _, part in keys], dtype=np.float64)
    return dict(zip((f.name for f in fields(keys[0][1])), _curves(at, values, times, rounding).T, strict=True))

"""Key poses in time, and the smooth curves through them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, fields
from typing import Any

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import gaussian_filter1d

from mocap.rotations import Array

# Seconds. Rounds the corners in acceleration that a monotone cubic leaves at its keys; about two frames at 60 Hz.
ROUNDING = 0.03


def through(keys: Sequence[tuple[float, float]], times: Array, rounding: float = ROUNDING) -> Array:
    """A curve (T,) through (time, value) keys: monotone between them, level before the first and after the last.

    PCHIP (Fritsch and Butland 1984) never overshoots a key, which keeps joint angles within what was authored;
    a Gaussian of `rounding` seconds then makes the acceleration continuous too. `times` (T,) must be evenly spaced.
    """
    at, values = np.array(keys, dtype=np.float64).T
    if len(at) == 1:
        return np.full(len(times), values[0])
    curve = PchipInterpolator(at, values)(np.clip(times, at[0], at[-1]))
    if rounding > 0.0:
        curve = gaussian_filter1d(curve, rounding / (times[1] - times[0]), mode="nearest")
    return curve


def sample(keys: Sequence[tuple[float, Any]], times: Array, rounding: float = ROUNDING) -> dict[str, Array]:
    """Every field of keyed dataclasses as a curve (T,), by field name: sample([(0, Arm()), …], times)["elbow"]."""
    names = [f.name for f in fields(keys[0][1])]
    values = np.array([astuple(part) for _, part in keys], dtype=np.float64)
    return {
        name: through([(time, value) for (time, _), value in zip(keys, column, strict=True)], times, rounding)
        for name, column in zip(names, values.T, strict=True)
    }

"""The path on the ice: speed, curve, and the lean of the body that the curve asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mocap.elements.keyframes import sample
from mocap.inertia import GRAVITY
from mocap.rotations import Array, from_axis_angle

# Seconds. A skater's edge changes no faster than the body can fall from one side to the other.
_EDGE_ROUNDING = 0.07


@dataclass(frozen=True)
class Glide:
    """How the skater travels: speed in m/s, curve in 1/m (positive to the left: 1/8 is an edge of 8 m radius)."""

    speed: float
    curve: float


def curve_of(lean: float, speed: float) -> float:
    """The curve (1/m) of an edge that a skater at `speed` m/s leans on by `lean` degrees; both positive to the left."""
    return float(GRAVITY * np.tan(np.radians(lean)) / speed**2)


@dataclass(frozen=True)
class Path:
    """The centre of mass over the ice: xy (T, 2), direction (T,) radians from +X, lean (T,) radians to its left."""

    xy: Array
    direction: Array
    lean: Array


def travel(keys: Sequence[tuple[float, Glide]], times: Array, start: tuple[float, float], direction: float) -> Path:
    """The path of the centre of mass from `start`, first toward `direction` (degrees from +X).

    On a curve of radius r the body leans in by atan(v² / (r·g)), the balance of weight and centripetal force.
    """
    glide = sample(keys, times, _EDGE_ROUNDING)
    speed, curve = glide["speed"], glide["curve"]
    step = times[1] - times[0]

    def integral(values: Array) -> Array:
        return np.concatenate(((0.0,), np.cumsum(0.5 * step * (values[1:] + values[:-1]))))

    heading = np.radians(direction) + integral(speed * curve)
    x = start[0] + integral(speed * np.cos(heading))
    y = start[1] + integral(speed * np.sin(heading))
    return Path(np.stack((x, y), axis=-1), heading, np.arctan(speed**2 * curve / GRAVITY))


def weight_point(path: Path, height: Array) -> Array:
    """(T, 2) where the weight acts on the ice under a centre of mass at `height` (T,): out of the curve by the lean."""
    left = np.stack((-np.sin(path.direction), np.cos(path.direction)), axis=-1)
    return path.xy - left * (height * np.tan(path.lean))[:, None]


def lean_rotation(path: Path) -> Array:
    """(T, 4) the lean as a rotation of the whole body about the direction of travel."""
    along = np.stack((np.cos(path.direction), np.sin(path.direction), np.zeros(len(path.lean))), axis=-1)
    return from_axis_angle(along, -path.lean)

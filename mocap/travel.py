"""Where a motion goes on the ice: as recorded, nowhere, or along a curve that a user draws.

XSens works out its travel from feet that stand still. A skate never does, so recordings of skating understate how far
the skater went; the body's own sway, its turns and its jumps are sound. Here the slow part of the travel, and nothing
else, is taken out or put in the place of another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.ndimage import gaussian_filter1d

from mocap.axes import FORWARD, UP
from mocap.errors import UserError
from mocap.motion import Motion
from mocap.rotations import Array, from_axis_angle, multiply, rotate

# Seconds. What is slower than this is travel; what is faster is the body's own movement over its skates.
SLOW = 0.6
# Metres between the points of the table by which a curve is measured.
_STEP = 0.01
_LONGEST = 10_000.0

FACINGS = ("along", "against", "recorded")


@dataclass(frozen=True)
class Curve:
    """A curve on the ice by its length: `at` (N,) metres from its start, `xy` (N, 2), `closed` if it comes back."""

    at: Array
    xy: Array
    closed: bool

    @property
    def length(self) -> float:
        """Metres."""
        return float(self.at[-1])


def curve_through(points: Sequence[Sequence[float]]) -> Curve:
    """The smooth curve through points (P, 2) in metres, P ≥ 2; closed when the last is the first again.

    A cubic spline over the chord lengths (periodic when closed), measured in steps of a centimetre.

    Raises:
        UserError: fewer than two different points, or a curve longer than any rink asks for.
    """
    given = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    apart = np.linalg.norm(np.diff(given, axis=0), axis=1)
    if len(given) < 2 or not np.isfinite(given).all() or (apart < 1e-3).any():
        raise UserError("a path needs two or more points, each apart from the one before it", place="path")
    if apart.sum() > _LONGEST:
        raise UserError(f"the path is {apart.sum():.0f} m long", place="path", mend="Give points in metres.")
    knots = np.concatenate(((0.0,), np.cumsum(apart)))
    closed = len(given) > 3 and bool(np.allclose(given[0], given[-1]))
    fine = np.linspace(0.0, knots[-1], max(2, int(np.ceil(knots[-1] / _STEP)) + 1))
    if len(given) == 2:
        xy = given[0] + fine[:, None] / knots[-1] * (given[1] - given[0])
    else:
        if closed:
            given[-1] = given[0]
        xy = CubicSpline(knots, given, bc_type="periodic" if closed else "natural")(fine)
    at = np.concatenate(((0.0,), np.cumsum(np.linalg.norm(np.diff(xy, axis=0), axis=1))))
    return Curve(at, xy, closed)


def along(curve: Curve, distance: Array) -> tuple[Array, Array]:
    """Where a curve is (T, 2), and its direction (T,) in radians from +X, continuous, at `distance` (T,) metres.

    Beyond its ends an open curve goes on straight; a closed one goes round again.
    """
    tangent = np.gradient(curve.xy, curve.at, axis=0)
    direction = np.unwrap(np.arctan2(tangent[:, 1], tangent[:, 0]))
    if curve.closed:
        rounds = np.floor(distance / curve.length)
        inside = distance - rounds * curve.length
        turned = direction[-1] - direction[0]
        xy = np.stack([np.interp(inside, curve.at, curve.xy[:, k]) for k in range(2)], axis=-1)
        return xy, np.interp(inside, curve.at, direction) + rounds * turned
    inside = np.clip(distance, 0.0, curve.length)
    heading = np.interp(inside, curve.at, direction)
    xy = np.stack([np.interp(inside, curve.at, curve.xy[:, k]) for k in range(2)], axis=-1)
    beyond = (distance - inside)[:, None] * np.stack((np.cos(heading), np.sin(heading)), axis=-1)
    return xy + beyond, heading


def slow_travel(motion: Motion) -> Array:
    """(T, 2) the slow part of the pelvis' way over the ice."""
    pelvis = motion.positions[:, 0, :2]
    # Continued by point reflection, so that a glide does not seem to stop at the ends of the take.
    reach = min(len(pelvis) - 1, int(np.ceil(4.0 * SLOW * motion.rate)))
    if reach < 1:
        return pelvis.copy()
    before = 2.0 * pelvis[0] - pelvis[reach:0:-1]
    after = 2.0 * pelvis[-1] - pelvis[-2 : -reach - 2 : -1]
    smooth = gaussian_filter1d(np.concatenate((before, pelvis, after)), SLOW * motion.rate, axis=0, mode="nearest")
    return smooth[reach : reach + len(pelvis)]


def in_place(motion: Motion) -> Motion:
    """The motion over one spot, the origin: its slow travel is taken out, sway and heights stay."""
    slow = slow_travel(motion)
    moved = motion.positions.copy()
    moved[..., :2] -= slow[:, None]
    return replace(motion, positions=moved)


def on_path(motion: Motion, curve: Curve, pace: float, start: float = 0.0, facing: str = "along") -> Motion:
    """The motion carried along a curve at `pace` (m/s), at the curve's beginning `start` seconds into the motion.

    Args:
        motion: a take; its slow travel gives way to the curve.
        curve: on the ice, in metres.
        pace: metres per second, not negative.
        start: seconds.
        facing: "along" and "against" turn the body with the curve, so that over the whole motion it faces the way it
            goes, or the way it comes from; "recorded" leaves every heading as the suit measured it.
    """
    times = np.arange(len(motion)) / motion.rate - start
    xy, direction = along(curve, pace * times)
    still = in_place(motion)
    if facing == "recorded":
        turn = np.zeros(len(motion))
    else:
        away = np.pi if facing == "against" else 0.0
        turn = direction - mean_heading(motion) + away
    q = from_axis_angle(UP, turn)[:, None]
    positions = rotate(q, still.positions)
    positions[..., :2] += xy[:, None]
    return replace(still, orientations=multiply(q, still.orientations), positions=positions)


def mean_heading(motion: Motion) -> float:
    """Radians from +X toward which the pelvis faces over a motion: the direction of the mean of its forward axis."""
    forward = rotate(motion.orientations[:, 0], FORWARD)[:, :2].mean(axis=0)
    return float(np.arctan2(forward[1], forward[0]))

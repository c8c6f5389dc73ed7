"""What a lens does: focal lengths, intrinsics, points to pixels and pixels to rays. Arrays alone, no bpy.

All lenses here are round: distortion moves a point along the line to the picture's principal point. With r the tangent
and θ the angle between a ray and the optical axis, a point falls at focal × d pixels from the principal point:

    "none"     d = r
    "opencv"   d = r (1 + k1 r² + k2 r⁴ + k3 r⁶), coefficients k1 k2 0 0 [k3] as of `cv2.projectPoints`
    "fisheye"  d = θ (1 + k1 θ² + k2 θ⁴ + k3 θ⁶ + k4 θ⁸), as of `cv2.fisheye.projectPoints`

Such a polynomial may turn back: beyond some angle d grows no more, and what comes from there has no place in the
picture, though the formula would put it in. That angle is the lens's limit, and nothing reaches 90° from the axis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from blender_addon.clip import LensSpec
from mocap.errors import UserError
from mocap.rotations import Array

MODELS = ("none", "opencv", "fisheye")

NEAREST = 1e-6
"""Metres in front of the camera below which a point has no place in the picture."""

# Steps that Newton's method, kept in bounds by bisection, may take; it needs about six.
_STEPS = 60
# Of d, in shares of the focal length.
_CLOSE = 1e-13


@dataclass(frozen=True)
class Bend:
    """How d grows with the ray: d = s (1 + k[0] s² + k[1] s⁴ + …), where s is θ or its tangent.

    Attributes:
        by_angle: whether s is the angle; k: at least one number, some of them 0.
        limit: the s at which d turns back; infinite for one that never does.
    """

    by_angle: bool
    k: tuple[float, ...]
    limit: float

    def spread(self, s: Array) -> Array:
        """d of s, any shape."""
        square = s * s
        return np.asarray(s * (1.0 + square * np.polynomial.polynomial.polyval(square, self.k)))

    def growth(self, s: Array) -> Array:
        """Derivative of d by s."""
        odd = [1.0, *((2 * i + 3) * k for i, k in enumerate(self.k))]
        return np.asarray(np.polynomial.polynomial.polyval(s * s, odd))

    def gather(self, d: Array) -> Array:
        """s of d ≥ 0, any shape; NaN where no s below the limit comes there."""
        if np.isinf(self.limit):
            high = np.maximum(d, 1.0)
            while np.any(short := self.spread(high) < d):
                high = np.where(short, 2.0 * high, high)
        else:
            d = np.where(d > self.spread(np.array(self.limit)), np.nan, d)
            high = np.full_like(d, self.limit)
        low, s = np.zeros_like(d), np.minimum(d, high)
        for _ in range(_STEPS):
            beyond = self.spread(s) - d
            low, high = np.where(beyond < 0.0, s, low), np.where(beyond > 0.0, s, high)
            if not np.any(np.abs(beyond) > _CLOSE * np.maximum(d, 1.0)):
                break
            with np.errstate(divide="ignore", invalid="ignore"):
                step = s - beyond / self.growth(s)
            s = np.where((step > low) & (step < high), step, 0.5 * (low + high))
        return np.where(np.isnan(d), np.nan, s)


@lru_cache(maxsize=256)
def bend_of(model: str, coefficients: Sequence[float]) -> Bend:
    """The distortion of a lens.

    Raises:
        UserError: another model, another number of coefficients, or a lens that is not round.
    """
    k = tuple(float(c) for c in coefficients)
    if model not in MODELS:
        raise UserError(f"distortion model {model!r} is none of {', '.join(MODELS)}", place="lens")
    wanted = {"none": (0,), "opencv": (4, 5), "fisheye": (4,)}[model]
    if len(k) not in wanted:
        count = " or ".join(map(str, wanted))
        raise UserError(f"a lens {model!r} has {count} coefficients, not {len(k)}", place="lens")
    if not np.isfinite(k).all():
        raise UserError("a lens's coefficients must be finite numbers", place="lens")
    if model == "opencv":
        if k[2] or k[3]:
            raise UserError(
                "a lens with tangential distortion cannot be rendered",
                place="lens",
                mend="Give k1 k2 0 0 k3: round lenses only.",
            )
        k = (k[0], k[1], *k[4:])
    return Bend(model == "fisheye", k or (0.0,), _turning_point(k, model == "fisheye"))


def _turning_point(k: Sequence[float], by_angle: bool) -> float:
    """The smallest s > 0 at which d stops growing; for an angle at most 90°."""
    roots = np.polynomial.polynomial.polyroots([1.0, *((2 * i + 3) * c for i, c in enumerate(k))]) if any(k) else []
    # Of a double root only rounding makes a pair that is not quite real.
    squares = [root.real for root in np.asarray(roots) if abs(root.imag) < 1e-9 * abs(root) and root.real > 0.0]
    furthest = 0.5 * np.pi if by_angle else np.inf
    return float(min([furthest, *np.sqrt(squares)]))


def focal_of(lens: LensSpec, width: int, fov: float) -> float:
    """Pixels of focal length with which a lens sees `fov` (rad) between the middles of the left and right edge.

    Raises:
        UserError: no such lens, or one that cannot see so far.
    """
    bend = bend_of(lens.model, lens.coefficients)
    half = 0.5 * fov
    s = half if bend.by_angle else float(np.tan(half)) if half < 0.5 * np.pi else np.inf
    if not 0.0 < s <= bend.limit or np.isinf(s):
        furthest = 2.0 * np.degrees(bend.limit if bend.by_angle else np.arctan(bend.limit))
        raise UserError(
            f"a lens {lens.model!r} with coefficients {list(lens.coefficients)} cannot see {np.degrees(fov):.1f}°",
            place="lens",
            mend=f"Its distortion turns back at {furthest:.1f}°.",
        )
    return 0.5 * width / float(bend.spread(np.array(s)))


def fov_of(lens: LensSpec, width: int, focal: float) -> float:
    """Horizontal field of view (rad), between the middles of the left and right edge; NaN where the lens turns back."""
    bend = bend_of(lens.model, lens.coefficients)
    s = float(bend.gather(np.array(0.5 * width / focal)))
    return 2.0 * (s if bend.by_angle else float(np.arctan(s)))


def intrinsics_of(lens: LensSpec, width: int, height: int, focal: float) -> Array:
    """K (3, 3): square pixels, principal point in the picture's middle; sizes in pixels. UserError: no such lens."""
    bend_of(lens.model, lens.coefficients)
    return np.array(((focal, 0.0, 0.5 * width), (0.0, focal, 0.5 * height), (0.0, 0.0, 1.0)))


def pixels(model: str, coefficients: Sequence[float], K: Array, camera: ArrayLike) -> Array:
    """Where points fall in the picture.

    Args:
        model, coefficients: of distortion.
        K: (3, 3), or (…, 3, 3) that go with the points' leading axes.
        camera: (…, 3) metres in the camera's frame (x right, y down, z forward).

    Returns:
        (…, 2) pixels, not cut to the picture; NaN for what is not in front of the camera or beyond the lens's limit.

    Raises:
        UserError: no such lens.
    """
    bend = bend_of(model, tuple(coefficients))
    camera = np.asarray(camera, dtype=np.float64)
    z = np.where(camera[..., 2] > NEAREST, camera[..., 2], np.nan)
    flat = camera[..., :2] / z[..., None]
    if model != "none":
        r = np.linalg.norm(flat, axis=-1)
        s = np.arctan(r) if bend.by_angle else r
        d = np.where(s <= bend.limit, bend.spread(s), np.nan)
        # On the axis itself d / r is 0 / 0 and means 1.
        flat = flat * np.where(r > 0.0, d / np.where(r > 0.0, r, 1.0), 1.0)[..., None]
    K = np.asarray(K, dtype=np.float64)
    if K.ndim == 2:
        return np.asarray(flat @ K[:2, :2].T + K[:2, 2])
    return np.asarray(np.einsum("...ij,...j->...i", K[..., :2, :2], flat) + K[..., :2, 2])


def rays(model: str, coefficients: Sequence[float], K: Array, xy: ArrayLike) -> Array:
    """From which direction pixels get their light: the inverse of `pixels`.

    Args:
        model, coefficients, K: as of `pixels`.
        xy: (…, 2) pixels.

    Returns:
        (…, 3) unit vectors in the camera's frame; NaN where the lens throws no picture.

    Raises:
        UserError: no such lens.
    """
    bend = bend_of(model, tuple(coefficients))
    K = np.asarray(K, dtype=np.float64)
    away = np.asarray(xy, dtype=np.float64) - K[..., :2, 2]
    y = away[..., 1] / K[..., 1, 1]
    x = (away[..., 0] - K[..., 0, 1] * y) / K[..., 0, 0]
    d = np.hypot(x, y)
    s = d if model == "none" else bend.gather(d)
    across, along = (np.sin(s), np.cos(s)) if bend.by_angle else (s, np.ones_like(s))
    share = np.where(d > 0.0, across / np.where(d > 0.0, d, 1.0), 1.0)
    out = np.stack((x * share, y * share, along), axis=-1)
    return np.asarray(out / np.linalg.norm(out, axis=-1, keepdims=True))

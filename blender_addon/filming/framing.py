"""What of the skater is in the frame, and the focal length that makes it so. No bpy.

Pictures are measured as a lens of focal length 1 throws them, distortion and all: a point falls at focal length times
that from the picture's middle, so that every point has one longest focal length with which it is still inside.
"""

from __future__ import annotations

import numpy as np
from scipy.ndimage import gaussian_filter1d, minimum_filter1d

from blender_addon.clip import CameraSpec
from blender_addon.filming.lens import focal_of, pixels
from mocap.rotations import Array

MARGIN = 0.04
"""Share of the picture's width and height that every point keeps from its edges, where all are to be in it."""

ZOOMING = 0.7
"""Seconds (Gaussian sigma) over which a lens is zoomed."""


def span_of(spec: CameraSpec) -> tuple[float, float]:
    """Shortest and longest focal length (pixels). UserError as `focal_of`."""
    lens = spec.lens
    return focal_of(lens, spec.width, lens.widest), focal_of(lens, spec.width, lens.narrowest)


def thrown(spec: CameraSpec, camera: Array) -> Array:
    """(…, 2) where points (…, 3) in the camera's frame fall for focal length 1; NaN where the lens sees none."""
    return pixels(spec.lens.model, spec.lens.coefficients, np.eye(3), camera)


def limits_of(spec: CameraSpec, flat: Array) -> Array:
    """(…) the longest focal length with which each of the points (…, 2), as `thrown`, is in the picture; 0 for none.

    With a margin where all have to be inside.
    """
    margin = MARGIN if spec.moves.keep >= 1.0 else 0.0
    half = (0.5 - margin) * np.array((spec.width, spec.height), dtype=np.float64)
    return np.nan_to_num((half / np.maximum(np.abs(flat), 1e-9)).min(axis=-1), nan=0.0)


def tallness(flat: Array) -> Array:
    """(…) height in the picture of a person's points (…, P, 2), for focal length 1; NaN where some are not seen."""
    return np.asarray(np.ptp(flat[..., 1], axis=-1))


def kept(limits: Array, keep: float) -> Array:
    """(…) the longest focal length with which a share `keep` of points with limits (…, L) is in the picture."""
    count = limits.shape[-1]
    place = min(int(np.floor((1.0 - keep) * count + 1e-9)), count - 1)
    return np.asarray(np.partition(limits, place, axis=-1)[..., place])


def typical(tall: Array) -> Array:
    """(…) median of heights (…, M), the unseen left out; as tall as can be where all are."""
    out = np.full(tall.shape[:-1], np.inf)
    seen = np.isfinite(tall).any(axis=-1)
    out[seen] = np.nanmedian(tall[seen], axis=-1)
    return out


def wished_focal(spec: CameraSpec, tall: Array) -> Array:
    """(…) focal lengths that make heights (…) `spec.fill` of the picture."""
    return np.asarray(spec.fill * spec.height / np.maximum(tall, 1e-9))


def focals_of(spec: CameraSpec, flat: Array, away: Array, frames: np.ndarray, rate: float) -> Array:
    """(N,) focal lengths at every instant.

    A lens that zooms makes up for how far away the skater is, not for what they do: who sits down gets smaller.

    Args:
        flat: (N, P, 2) the skater's points, as `thrown`; away: (N,) metres to the skater.
        frames: (T,) which instants are the clip's; rate: instants per second.
    """
    shortest, longest = span_of(spec)
    zoom, keep = spec.moves.zoom, spec.moves.keep
    limits, tall = limits_of(spec, flat), tallness(flat)
    steady = min(float(wished_focal(spec, typical(tall[frames]))), float(kept(limits[frames].ravel(), keep)))
    focals = np.full(len(flat), steady)
    if zoom > 0.0 and len(flat) > 1:
        free = _eased(wished_focal(spec, typical((tall * away)[frames]) / away), ZOOMING * rate)
        if keep >= 1.0:
            free = np.minimum(free, _under(np.clip(limits.min(axis=1), shortest, longest), ZOOMING * rate))
        focals = focals ** (1.0 - zoom) * free**zoom
    focals = np.clip(focals, shortest, longest)
    # What lags or shakes out of the picture makes all of it wider.
    wider = float(kept((limits[frames] / focals[frames, None]).ravel(), keep))
    return np.clip(focals * min(1.0, wider), shortest, longest)


def _eased(focals: Array, sigma: float) -> Array:
    """Focal lengths (N,) evened out."""
    return np.asarray(np.exp(gaussian_filter1d(np.log(focals), sigma, mode="nearest")))


def _under(focals: Array, sigma: float) -> Array:
    """A smooth curve that is nowhere over focal lengths (N,): the mean of what is the least nearby."""
    reach = int(np.ceil(2.0 * sigma))
    least = minimum_filter1d(np.log(focals), 2 * reach + 1, mode="nearest")
    return np.asarray(np.exp(gaussian_filter1d(least, sigma, radius=reach, mode="nearest")))

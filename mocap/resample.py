"""A motion at another rate, without aliasing: a spin at 1263°/s turns 42° between frames at 30 per second."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.signal import butter, sosfiltfilt

from mocap.errors import UserError
from mocap.events import at_rate
from mocap.motion import Motion
from mocap.rotations import Array, hemisphere, normalize, slerp

# Of the new rate, just below its Nyquist frequency (0.5): a take-off is blurred no more than sampling asks.
CUTOFF = 0.45
_ORDER = 4
_MARGIN = 1.0  # seconds kept on either side of the wanted part, for the filter to settle
_ROUNDING = 1e-6  # frames


def resample(motion: Motion, fps: float, start: float, count: int) -> Motion:
    """`count` frames of a motion from `start` on, `fps` apart.

    Frames that the take itself holds are copied bit for bit. Otherwise rotations are interpolated spherically,
    positions by a cubic spline and contacts from the nearest frame; events keep their instants. Before thinning out,
    rotations and positions are low-passed with zero phase (Butterworth, forwards and backwards).

    Args:
        motion: the take.
        fps: frames per second wanted.
        start: seconds from the motion's first frame.
        count: frames wanted, at least 1.

    Raises:
        UserError: the frames wanted reach beyond the take; the message gives its length.
    """
    indices = _indices(motion, fps, start, count)
    nearest = np.rint(indices).astype(np.intp)
    contacts = None if motion.contacts is None else motion.contacts[nearest]
    events = at_rate(motion.events, fps / motion.rate, start * motion.rate, count)
    if abs(motion.rate - fps) <= 1e-9 * fps and np.abs(indices - nearest).max() <= _ROUNDING:
        return replace(
            motion,
            rate=fps,
            orientations=motion.orientations[nearest],
            positions=motion.positions[nearest],
            contacts=contacts,
            events=events,
        )
    margin = int(np.ceil(_MARGIN * motion.rate))
    first, last = max(0, int(indices[0]) - margin), min(len(motion), int(np.ceil(indices[-1])) + margin + 1)
    orientations = hemisphere(motion.orientations[first:last])
    positions = motion.positions[first:last]
    if fps < motion.rate:
        orientations = normalize(_low_pass(orientations, motion.rate, fps))
        positions = _low_pass(positions, motion.rate, fps)
    inside = indices - first
    below = np.clip(np.floor(inside).astype(np.intp), 0, max(0, len(positions) - 2))
    above = np.minimum(below + 1, len(positions) - 1)
    return replace(
        motion,
        rate=fps,
        orientations=hemisphere(slerp(orientations[below], orientations[above], (inside - below)[:, None])),
        positions=_cubic(positions, inside),
        contacts=contacts,
        events=events,
    )


def _indices(motion: Motion, fps: float, start: float, count: int) -> Array:
    """(count,) where the wanted frames lie among the motion's own, in fractions of a frame."""
    indices = (start + np.arange(count) / fps) * motion.rate if fps > 0 and count > 0 else np.empty(0)
    if not len(indices) or not np.isfinite(indices).all() or indices[0] < -_ROUNDING:
        raise UserError(f"{count} frames at {fps:g} per second from {start:g} s on are not to be had", file=motion.name)
    beyond = indices[-1] - (len(motion) - 1)
    if beyond > _ROUNDING * max(1.0, len(motion)):
        raise UserError(
            f"the last of {count} frames at {fps:g} per second from {start:g} s on lies at"
            f" {indices[-1] / motion.rate:.3f} s, beyond the take",
            file=motion.name,
            mend=f"The take is {motion.duration:.3f} s long ({len(motion)} frames at {motion.rate:g} per second).",
        )
    return np.clip(indices, 0.0, len(motion) - 1)


def _low_pass(values: Array, rate: float, fps: float) -> Array:
    """`values` (T, …) without what a rate of `fps` cannot carry; the ends are continued by point reflection."""
    corner = CUTOFF * fps
    if len(values) < 2 or corner >= 0.5 * rate:
        return values
    sections = butter(_ORDER, corner, fs=rate, output="sos")
    padding = min(len(values) - 1, int(np.ceil(3.0 * rate / corner)))
    filtered: Array = sosfiltfilt(sections, values, axis=0, padtype="odd", padlen=padding)
    return filtered


def _cubic(values: Array, at: Array) -> Array:
    if len(values) < 2:
        return np.repeat(values, len(at), axis=0)
    sampled: Array = CubicSpline(np.arange(len(values)), values, axis=0)(at)
    return sampled

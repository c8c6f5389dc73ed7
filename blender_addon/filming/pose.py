"""Which way cameras are turned. No bpy."""

from __future__ import annotations

import numpy as np

from mocap.rotations import Array

# Sine of the angle from the vertical below which a camera counts as hanging over what it looks at.
_OVERHEAD = 0.3


def facing(eyes: Array, aims: Array, azimuth: Array | float) -> Array:
    """World → camera R (…, N, 3, 3) of cameras over N instants that see their aims in the middle, their horizon level.

    One that looks straight down at any instant has no horizon: the top of its picture points away from its azimuth
    instead, at all instants, so that nobody who passes under it makes it spin round.

    Args:
        eyes, aims: (…, N, 3), or what broadcasts to that.
        azimuth: (…), rad, where the camera stands as seen from what it films.
    """
    forward = aims - eyes
    forward = forward / np.maximum(np.linalg.norm(forward, axis=-1, keepdims=True), 1e-9)
    over = overhead(forward)
    azimuth = np.broadcast_to(azimuth, over.shape)
    away = np.stack((-np.cos(azimuth), -np.sin(azimuth), np.zeros(azimuth.shape)), axis=-1)
    up = np.where(over[..., None], away, (0.0, 0.0, 1.0))[..., None, :]
    right = np.cross(forward, up)
    right = right / np.maximum(np.linalg.norm(right, axis=-1, keepdims=True), 1e-9)
    return np.stack((right, np.cross(forward, right), forward), axis=-2)


def overhead(forward: Array) -> np.ndarray:
    """(…) bool: cameras that look about straight down at some instant of forward (…, N, 3), unit vectors."""
    return np.asarray((np.linalg.norm(forward[..., :2], axis=-1) < _OVERHEAD).any(axis=-1))


def turned(pan: Array, tilt: Array, roll: Array) -> Array:
    """(N, 3, 3) small turns in the camera's own frame, from R of a camera to R of the camera so turned.

    Args:
        pan, tilt, roll: (N,) rad: to the right, upwards, and clockwise as who holds it sees it.
    """
    one, none = np.ones_like(pan), np.zeros_like(pan)
    cp, sp, ct, st, cr, sr = np.cos(pan), np.sin(pan), np.cos(tilt), np.sin(tilt), np.cos(roll), np.sin(roll)
    panned = _rows((cp, none, -sp), (none, one, none), (sp, none, cp))
    tilted = _rows((one, none, none), (none, ct, st), (none, -st, ct))
    rolled = _rows((cr, sr, none), (-sr, cr, none), (none, none, one))
    return np.asarray(rolled @ tilted @ panned)


def _rows(*rows: tuple[Array, Array, Array]) -> Array:
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)

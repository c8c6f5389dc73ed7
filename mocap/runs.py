"""Stretches of frames over which something holds."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import uniform_filter1d


def runs(mask: np.ndarray) -> np.ndarray:
    """(R, 2) first and last frame of every stretch in which mask (T,) is true."""
    edges = np.diff(np.concatenate(((False,), np.asarray(mask, dtype=bool), (False,))).astype(np.int8))
    return np.stack((np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1), axis=-1)


def joined(spans: np.ndarray, gap: int) -> np.ndarray:
    """The stretches (R, 2), in order, with those made one that at most `gap` frames part."""
    if len(spans) < 2:
        return spans
    apart = spans[1:, 0] - spans[:-1, 1] - 1 > gap
    first = np.concatenate(((True,), apart))
    last = np.concatenate((apart, (True,)))
    return np.stack((spans[first, 0], spans[last, 1]), axis=-1)


def without_flicker(flags: np.ndarray, longest: int) -> np.ndarray:
    """flags (T, N) with changes undone that last at most `longest` frames; longer ones keep their very frames.

    The majority of the frames around each one decides, which leaves signals without such short changes as they are.
    """
    if longest < 1 or not len(flags):
        return flags.copy()
    share: np.ndarray = uniform_filter1d(flags.astype(np.float64), 2 * longest + 1, axis=0, mode="nearest")
    return share > 0.5

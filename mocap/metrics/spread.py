"""Many values said in three."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Spread:
    """Median, 95th percentile and greatest of a set of values, in their own unit."""

    median: float
    p95: float
    max: float


def spread(values: ArrayLike) -> Spread | None:
    """The spread of all finite values, whatever their shape; None where there is none."""
    flat = np.asarray(values, dtype=np.float64).ravel()
    flat = flat[np.isfinite(flat)]
    if not len(flat):
        return None
    median, p95 = np.percentile(flat, (50.0, 95.0))
    return Spread(float(median), float(p95), float(flat.max()))

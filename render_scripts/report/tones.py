"""Skin tones in the terms of those who study them, and colours as screens take them. No bpy.

The individual typology angle: arctan((L* − 50) / b*) of CIELAB, in degrees, and its six bands (Chardon, Cretois and
Hourseau, Skin colour typology and suntanning pathways, 1991; Del Bino and others, 2006).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Band:
    """A group of tones, from an angle in degrees up."""

    name: str
    lowest: float


BANDS: tuple[Band, ...] = (
    Band("very light", 55.0),
    Band("light", 41.0),
    Band("intermediate", 28.0),
    Band("tan", 10.0),
    Band("brown", -30.0),
    Band("dark", -90.0),
)

# Linear sRGB to XYZ under D65 (IEC 61966-2-1), relative to its white.
_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = _XYZ.sum(axis=1)


def typology_angles(tones: np.ndarray) -> np.ndarray:
    """(N,) degrees from linear RGB (N, 3) of 0 to 1."""
    ratio = np.clip(tones, 0.0, 1.0) @ _XYZ.T / _WHITE
    root = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    lightness, blue = 116.0 * root[:, 1] - 16.0, 200.0 * (root[:, 1] - root[:, 2])
    degrees: np.ndarray = np.degrees(np.arctan((lightness - 50.0) / np.maximum(blue, 1e-3)))
    return degrees


def band_counts(tones: Sequence[np.ndarray]) -> np.ndarray:
    """(6,) how many tones are in each of `BANDS`."""
    counts = np.zeros(len(BANDS), dtype=np.int64)
    if tones:
        lowest = np.array([band.lowest for band in BANDS])
        np.add.at(counts, (typology_angles(np.stack(tones))[:, None] < lowest).sum(axis=1), 1)
    return counts


def screen_color(linear: np.ndarray) -> str:
    """#rrggbb of linear RGB (3,)."""
    value = np.clip(linear, 0.0, 1.0)
    curved = np.where(value <= 0.0031308, 12.92 * value, 1.055 * value ** (1 / 2.4) - 0.055)
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in curved.tolist())

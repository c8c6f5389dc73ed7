"""A camera's meter: how bright a picture is to become, and which ISO that asks for. Arrays alone, no bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.render.frame import Exposure
from blender_addon.rink.light_color import LUMINANCE, LUX

MIDDLE_GREY = 0.18
AVERAGE_LEVEL = 0.30
"""What a simple camera brings the whole picture to: over the middle grey, as most cameras of today know a white scene,
yet with ice all round people come out dark."""

SUBJECT_LEVEL = 0.24
"""What the people in focus are brought to, who are lighter than middle grey on the whole."""

HIGHLIGHT, HIGHLIGHT_SHARE = 0.85, 0.97
SHADOW = 0.04
"""Limits within which a meter for the subject keeps it: that share of its pixels stays below the highlight, its median
above the shadow. Where both cannot be, the highlights win."""

DIM, DIM_SLOPE = 300.0, 0.25
"""Lux below which a camera leaves the evening its darkness: by the fourth root, a stop at a sixteenth of that."""

FEWEST_PIXELS = 40
"""Of the subject, below which it is metered as if it were not there."""

LENS_FACTOR = 0.65
"""Share of the light that reaches the sensor as the scene has it (ISO 2720's q)."""

GREY_EXPOSURE = 10.0
"""Lux-seconds times ISO at which a sensor renders middle grey (ISO 12232, standard output sensitivity)."""

LOWEST_ISO = 50.0
_DARKEST = 1e-5


def luminance(linear: np.ndarray) -> np.ndarray:
    """(H, W) of linear Rec. 709 light (H, W, 3)."""
    red, green, blue = LUMINANCE.astype(np.float32)
    # No matrix product: what BLAS makes of the last bit depends on where in memory a picture lies.
    return np.asarray(red * linear[..., 0] + green * linear[..., 1] + blue * linear[..., 2])


def meter(light: np.ndarray, subject: np.ndarray, metering: str) -> float:
    """The factor that makes scene light what a display shows, white being 1.

    Args:
        light: (H, W) luminance; subject: (H, W) bool, pixels of the people in focus.
        metering: "subject" or "average".
    """
    whole = _level(light)
    seen = light[subject]
    # A scene of ice, boards and stands throws back about half of the light.
    evening = min(1.0, (2.0 * LUX * whole / DIM) ** DIM_SLOPE)
    if metering == "average" or len(seen) < FEWEST_PIXELS:
        return evening * AVERAGE_LEVEL / whole
    # Half for the people, half for the scene they are in: who wears black is not made grey, nor the ice burnt.
    gain = evening * float(np.sqrt(SUBJECT_LEVEL / _level(seen) * AVERAGE_LEVEL / whole))
    middle, bright = (max(float(np.quantile(seen, share)), _DARKEST) for share in (0.5, HIGHLIGHT_SHARE))
    return min(max(gain, SHADOW / middle), HIGHLIGHT / bright)


def exposure_of(
    gain: float, stops: float, shutter: float, f_number: float, gains: tuple[float, float, float]
) -> Exposure:
    """What a camera would have set to get that gain, and `stops` more: the ISO follows from time and aperture.

    In light that asks for less than the lowest ISO a grey filter is taken to be on the lens.
    """
    gain *= 2.0**stops
    white = LUX / np.pi  # cd/m² of radiance 1
    exposed = LENS_FACTOR * white * shutter / f_number**2
    # Radiance r is shown as gain · r and exposes the sensor by r · exposed.
    iso = GREY_EXPOSURE * gain / (MIDDLE_GREY * exposed)
    return Exposure(
        stops=float(np.log2(gain)),
        iso=float(max(iso, LOWEST_ISO)),
        shutter=shutter,
        f_number=f_number,
        gains=gains,
    )


def _level(light: np.ndarray) -> float:
    """The mean as eyes and meters have it, of logarithms; lamps and what is black count no more than a few stops."""
    middle = max(float(np.median(light)), _DARKEST)
    return float(np.exp(np.mean(np.log(np.clip(light, middle / 16.0, middle * 8.0)))))

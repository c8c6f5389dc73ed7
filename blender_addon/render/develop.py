"""From the scene's light to a picture, as a camera makes it: metered, balanced, noisy, on its response curve. No bpy.

Cameras' own curves differ from model to model; this one has a photographer's contrast in the middle and rolls off
towards white, so that ice and white cloth keep their drawing.
"""

from __future__ import annotations

import numpy as np

from blender_addon.clip import CameraSpec, LightSpec
from blender_addon.render.frame import Exposure
from blender_addon.render.meter import exposure_of, luminance, meter
from blender_addon.render.sensor import compressed, noisy, sharpened, vignetted
from blender_addon.rink.light_color import LUMINANCE, cast_of

CLIP = 4.0
"""Light, white being 1, at which nothing more is told apart: two stops over white."""

CONTRAST = 1.5
"""Exponent of the curve at contrast 1."""

WHITE_AT = 0.72
"""What light of 0.8, as of ice, is shown as (linear, of a display's 1)."""

SATURATION = 0.92
"""The curve's contrast also spreads colours; this much of that is kept."""


def develop(
    linear: np.ndarray,
    subject: np.ndarray,
    camera: CameraSpec,
    light: LightSpec,
    seed: int,
    brightness: float = 1.0,
) -> tuple[np.ndarray, Exposure]:
    """A picture of linear light.

    Args:
        linear: (H, W, 3) float32 scene light, linear Rec. 709; 1 is `light_color.LUX` on white.
        subject: (H, W) bool: pixels of the people in focus.
        camera: what takes it; light: what shines, whose colour is balanced.
        seed: of the noise.
        brightness: by what the lamps' flicker multiplies the light at this instant. Meters are too slow for it: what
            they do not see stays in the picture.

    Returns:
        (H, W, 3) uint8 sRGB, and how the camera was set.
    """
    sensor = camera.sensor
    gains = _balance(light, sensor.white_balance)
    seen = vignetted(np.maximum(linear, 0.0), sensor.vignette) if sensor.vignette > 0.0 else np.maximum(linear, 0.0)
    seen = np.asarray(seen * gains, dtype=np.float32)
    red, green, blue = gains.tolist()
    exposure = exposure_of(
        meter(luminance(seen) / np.float32(brightness), subject, sensor.metering),
        sensor.exposure,
        sensor.shutter,
        sensor.f_number,
        (red, green, blue),
    )
    seen = seen * np.float32(2.0**exposure.stops)
    if sensor.noise > 0.0:
        width = camera.lens.sensor_width
        seen = noisy(seen, iso=exposure.iso, sensor_width=width, scale=sensor.noise, gains=gains, seed=seed)
    shown = _encoded(_saturated(response(seen, sensor.contrast), SATURATION * sensor.saturation))
    if sensor.sharpening > 0.0:
        shown = sharpened(shown, sensor.sharpening)
    rgb = np.rint(255.0 * np.clip(shown, 0.0, 1.0)).astype(np.uint8)
    return (compressed(rgb, sensor.compression) if sensor.compression > 0.0 else rgb), exposure


def response(light: np.ndarray, contrast: float = 1.0) -> np.ndarray:
    """Display-linear values 0…1 of light, white being 1: a sigmoid over the logarithm, 1 where the sensor is full.

    The curve is Naka and Rushton's, x^n / (x^n + k), scaled to be 1 at `CLIP`; k puts 0.8 at `WHITE_AT`.
    """
    n = CONTRAST * contrast
    ice, full = 0.8**n, CLIP**n
    k = ice * (1.0 - WHITE_AT) / (WHITE_AT - ice / full)
    raised = np.clip(light, 0.0, CLIP).astype(np.float32) ** np.float32(n)
    return np.asarray(raised * np.float32(1.0 + k / full) / (raised + np.float32(k)))


def _balance(light: LightSpec, left: float) -> np.ndarray:
    """(3,) float32 gains that take the light's colour out but for the share `left`; white stays as bright."""
    cast = np.asarray(cast_of(light), dtype=np.float64)
    gains = cast ** (left - 1.0)
    kept = float(cast**left @ LUMINANCE)
    return np.asarray(gains / kept, dtype=np.float32)


def _saturated(shown: np.ndarray, amount: float) -> np.ndarray:
    grey = luminance(shown)[..., None]
    return np.asarray(np.clip(grey + np.float32(amount) * (shown - grey), 0.0, 1.0))


def _encoded(linear: np.ndarray) -> np.ndarray:
    """sRGB's curve (IEC 61966-2-1)."""
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** np.float32(1.0 / 2.4) - 0.055)

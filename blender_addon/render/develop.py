"""From the scene's light to a picture, as a camera makes it: exposure, white balance, response. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import LightSpec, SensorSpec
from blender_addon.render.frame import Exposure


def develop(
    linear: np.ndarray, subject: np.ndarray, sensor: SensorSpec, light: LightSpec, seed: int
) -> tuple[np.ndarray, Exposure]:
    """A picture of linear light.

    Args:
        linear: (H, W, 3) float32 scene light, linear Rec. 709.
        subject: (H, W) bool: pixels of the people in focus.
        sensor: what the camera does; light: what shines.
        seed: of the noise.

    Returns:
        (H, W, 3) uint8 sRGB, and the exposure that was chosen.
    """
    stops = 0.8 + sensor.exposure
    x = np.maximum(linear, 0.0) * 2.0**stops * 0.6
    display = np.clip(x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14), 0.0, 1.0)
    encoded = np.where(display <= 0.0031308, 12.92 * display, 1.055 * display ** (1 / 2.4) - 0.055)
    rgb = np.rint(255.0 * encoded).astype(np.uint8)
    return rgb, Exposure(
        stops=stops, iso=100.0, shutter=sensor.shutter, f_number=sensor.f_number, gains=(1.0, 1.0, 1.0)
    )

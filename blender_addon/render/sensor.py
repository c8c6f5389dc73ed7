"""What sensors and their processors leave in a picture: noise, sharpening, compression. Arrays alone, no bpy."""

from __future__ import annotations

import cv2
import numpy as np

NATIVE_WIDTH = 1920
"""Pixels across a sensor when it films; a narrower picture is scaled down, which averages noise away."""

ELECTRONS = 900.0
"""That one square micrometre of a sensor collects where a picture is white at ISO 100: small pixels of phones of the
2020s hold 1000 to 2000 at their fullest."""

READ_NOISE = 3.0
"""Electrons, root of the mean square; CMOS sensors of the 2010s and later have 1.5 to 5."""

COARSE = 0.5
"""Share of the noise that reaches over two pixels each way: demosaicing and chroma subsampling smear it."""

_WORST_QUALITY, _BEST_QUALITY = 12.0, 96.0


def noisy(
    light: np.ndarray, *, iso: float, sensor_width: float, scale: float, gains: np.ndarray, seed: int
) -> np.ndarray:
    """Light with a sensor's noise: of photons, and of reading.

    Args:
        light: (H, W, 3) float32, white being 1.
        iso: of the exposure; sensor_width: millimetres; gains: (3,) of the white balance, which raise noise as well.
        scale: times the noise that such a sensor has.
        seed: of the noise.
    """
    height, width, _ = light.shape
    pitch = 1000.0 * sensor_width / NATIVE_WIDTH
    white = ELECTRONS * pitch**2 * 100.0 / iso
    averaged = min(1.0, width / NATIVE_WIDTH)
    rng = np.random.default_rng(seed)
    fine = rng.standard_normal((height, width, 3), dtype=np.float32)
    coarse = rng.standard_normal(((height + 1) // 2, (width + 1) // 2, 3), dtype=np.float32)
    coarse = np.repeat(np.repeat(coarse, 2, axis=0), 2, axis=1)[:height, :width]
    field = np.sqrt(1.0 - COARSE) * fine + np.sqrt(COARSE) * coarse
    spread = np.sqrt(np.maximum(light, 0.0) * gains / white + (READ_NOISE * gains / white) ** 2)
    return np.asarray(light + (scale * averaged) * spread * field, dtype=np.float32)


def sharpened(encoded: np.ndarray, amount: float) -> np.ndarray:
    """A display picture (H, W, 3), 0…1, with edges overdrawn as phones do it: all channels by what is lost in blurring
    their mean.
    """
    padded = np.pad(encoded.mean(axis=-1), 2, mode="edge")
    # A binomial blur of five pixels each way.
    weights = np.array((1.0, 4.0, 6.0, 4.0, 1.0), dtype=np.float32) / 16.0
    height, width, _ = encoded.shape
    rows = np.zeros((height, width + 4), dtype=np.float32)
    for k, weight in enumerate(weights):
        rows += weight * padded[k : k + height]
    blurred = np.zeros((height, width), dtype=np.float32)
    for k, weight in enumerate(weights):
        blurred += weight * rows[:, k : k + width]
    edges = padded[2:-2, 2:-2] - blurred
    return np.asarray(encoded + (1.5 * amount * edges)[..., None], dtype=np.float32)


def compressed(rgb: np.ndarray, amount: float) -> np.ndarray:
    """A picture (H, W, 3) uint8 after a lossy codec: blocks, ringing and smeared colour as of JPEG.

    Args:
        amount: above 0 hardly visible … 1 a bad upload.
    """
    quality = round(_BEST_QUALITY + min(amount, 1.0) * (_WORST_QUALITY - _BEST_QUALITY))
    settings = [cv2.IMWRITE_JPEG_QUALITY, quality]
    _, data = cv2.imencode(".jpg", np.ascontiguousarray(rgb[..., ::-1]), settings)
    return np.ascontiguousarray(cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1])


def vignetted(light: np.ndarray, amount: float) -> np.ndarray:
    """Light (H, W, 3) that falls off towards the corners: at 1 by two stops there, with the square of the way."""
    height, width, _ = light.shape
    y = (np.arange(height, dtype=np.float32) + 0.5) / height - 0.5
    x = (np.arange(width, dtype=np.float32) + 0.5) / width - 0.5
    away = 2.0 * (y[:, None] ** 2 + x[None] ** 2)
    return np.asarray(light * (1.0 - 0.75 * amount * away)[..., None])

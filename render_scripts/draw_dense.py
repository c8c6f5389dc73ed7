"""Labels of every pixel as pictures for people. Pictures are (H, W, 3) uint8 RGB. No bpy."""

from __future__ import annotations

import cv2
import numpy as np

from blender_addon.labels.dense import DENSE_FIELDS, Encoding
from render_scripts.dense_fields import decode_dense
from render_scripts.sample import Fields

# What has no value.
NONE = (60, 60, 60)
# Metres of the base mesh that colours span, and of a distance at which they have gone half their way.
_BODY_LOW, _BODY_HIGH, _HALF_WAY = (-0.8, -0.35, -0.9), (0.8, 0.15, 0.9), 8.0
# Share of flow that has full colour.
_FASTEST = 99.5


def dense_pictures(fields: Fields) -> list[np.ndarray]:
    """A picture of each such label that a sample has, but for those that every sample has, in the table's order.

    Normals and places on the body are their axes as red, green and blue; flow has its direction as hue and its size as
    saturation, up to the fastest in the picture; what is far away is dark.
    """
    asked = {name: data for name, data in fields.items() if name not in _ALWAYS}
    return [_PICTURES[_ENCODINGS[name]](array) for name, array in decode_dense(asked).items()]


def _metres(array: np.ndarray) -> np.ndarray:
    shade = 255.0 * _HALF_WAY / (_HALF_WAY + array)
    return _painted(np.repeat(shade[..., None], 3, axis=-1), array > 0.0)


def _vectors(array: np.ndarray) -> np.ndarray:
    return _painted(127.5 * (array + 1.0), np.any(array != 0.0, axis=-1))


def _places(array: np.ndarray) -> np.ndarray:
    low, high = np.array(_BODY_LOW), np.array(_BODY_HIGH)
    return _painted(255.0 * (array - low) / (high - low), np.any(array != 0.0, axis=-1))


def _flow(array: np.ndarray) -> np.ndarray:
    there = np.isfinite(array).all(axis=-1)
    u, v = np.nan_to_num(array[..., 0]), np.nan_to_num(array[..., 1])
    fast = np.hypot(u, v)
    most = max(float(np.percentile(fast[there], _FASTEST)) if there.any() else 0.0, 1e-6)
    hue = np.degrees(np.arctan2(v, u)) % 360.0
    wheel = np.stack((hue, np.clip(fast / most, 0.0, 1.0), np.ones_like(hue)), axis=-1).astype(np.float32)
    return _painted(255.0 * cv2.cvtColor(wheel, cv2.COLOR_HSV2RGB), there)


def _painted(picture: np.ndarray, there: np.ndarray) -> np.ndarray:
    return np.where(there[..., None], np.clip(np.rint(picture), 0, 255), NONE).astype(np.uint8)


_ALWAYS = {field.file for field in DENSE_FIELDS if field.default}
_ENCODINGS = {field.name: field.encoding for field in DENSE_FIELDS}
_PICTURES = {
    Encoding.MILLIMETRES: _metres,
    Encoding.UNIT_VECTOR: _vectors,
    Encoding.FLOW: _flow,
    Encoding.PLACE: _places,
}

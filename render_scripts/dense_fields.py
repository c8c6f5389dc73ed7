"""Labels of every pixel as PNGs and back; `blender_addon.labels.dense` says which there are. No bpy."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import cv2
import numpy as np

from blender_addon.labels.dense import DENSE_FIELDS, Encoding

# Six is zlib's own balance; a fixed one, because the bytes depend on it.
PNG_COMPRESSION = 6

# Millimetres in a metre; steps of flow in a pixel, of places on a body in a metre; what stands for zero in both.
_MILLIMETRES, _PER_PIXEL, _PER_METRE, _ZERO = 1000.0, 64.0, 30000.0, 32768
_MOST = 65535
# Pixels, more than flow can say.
_FAST = 1e6


def encode_dense(labels: Mapping[str, np.ndarray]) -> dict[str, bytes]:
    """PNGs by field from arrays by name, as `Frame.dense` has them."""
    return {
        field.file: png(_STORED[field.encoding](labels[field.name])) for field in DENSE_FIELDS if field.name in labels
    }


def decode_dense(fields: Mapping[str, bytes]) -> dict[str, np.ndarray]:
    """Arrays by name from a sample's fields: float32 metres, unit vectors, pixels; no value is 0, of flow NaN.

    Raises:
        ValueError: a field is no picture.
    """
    return {
        field.name: _MEANT[field.encoding](decode_picture(fields[field.file]))
        for field in DENSE_FIELDS
        if field.file in fields
    }


def png(picture: np.ndarray) -> bytes:
    """(H, W) or (H, W, 3) in RGB order, uint8 or uint16, as a PNG."""
    return encoded(".png", picture, [cv2.IMWRITE_PNG_COMPRESSION, PNG_COMPRESSION])


def encoded(suffix: str, picture: np.ndarray, settings: list[int]) -> bytes:
    """(H, W) or (H, W, 3) in RGB order as OpenCV writes pictures of that suffix."""
    swapped = picture[..., ::-1] if picture.ndim == 3 else picture
    done, data = cv2.imencode(suffix, np.ascontiguousarray(swapped), settings)
    if not done:
        raise ValueError(f"OpenCV cannot write a {suffix} of shape {picture.shape} and type {picture.dtype}")
    return data.tobytes()


def decode_picture(data: bytes) -> np.ndarray:
    """A picture field as stored: (H, W) uint8 or uint16, or (H, W, 3) in RGB order. ValueError if it is none."""
    try:
        picture = cv2.imdecode(np.frombuffer(data, dtype=np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:  # no data, or more pixels than OpenCV allows
        picture = None
    if picture is None:
        raise ValueError("not a picture")
    # In place: new memory for every picture would cost more than the turning round.
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB, dst=picture) if picture.ndim == 3 else picture


def _millimetres(metres: np.ndarray) -> np.ndarray:
    """0 stays 0, and whatever is nearer than half a millimetre is 1."""
    steps = np.clip(np.rint(np.nan_to_num(metres, posinf=1e6) * _MILLIMETRES), 1, _MOST)
    return np.where(metres > 0.0, steps, 0).astype(np.uint16)


def _metres(stored: np.ndarray) -> np.ndarray:
    return (stored / _MILLIMETRES).astype(np.float32)


def _steps_of_vectors(vectors: np.ndarray) -> np.ndarray:
    """−1 is 1, 0 is 32768, 1 is 65535; a zero vector is 0 in every channel."""
    steps = np.rint((np.clip(vectors, -1.0, 1.0) + 1.0) * 32767.0) + 1
    return np.where(np.any(vectors != 0.0, axis=-1, keepdims=True), steps, 0).astype(np.uint16)


def _vectors_of_steps(stored: np.ndarray) -> np.ndarray:
    vectors = (stored.astype(np.float32) - 1.0) / 32767.0 - 1.0
    return np.where(np.any(stored != 0, axis=-1, keepdims=True), vectors, 0.0).astype(np.float32)


def _steps_of_flow(flow: np.ndarray) -> np.ndarray:
    steps = np.rint(np.nan_to_num(flow, posinf=_FAST, neginf=-_FAST) * _PER_PIXEL) + _ZERO
    there = np.isfinite(flow).all(axis=-1, keepdims=True) & ((steps >= 0) & (steps <= _MOST)).all(
        axis=-1, keepdims=True
    )
    return np.concatenate((np.where(there, steps, 0), there), axis=-1).astype(np.uint16)


def _flow_of_steps(stored: np.ndarray) -> np.ndarray:
    flow = (stored[..., :2].astype(np.float32) - _ZERO) / _PER_PIXEL
    return np.where(stored[..., 2:] != 0, flow, np.nan).astype(np.float32)


def _steps_of_places(places: np.ndarray) -> np.ndarray:
    steps = np.clip(np.rint(places * _PER_METRE) + _ZERO, 1, _MOST)
    return np.where(np.any(places != 0.0, axis=-1, keepdims=True), steps, 0).astype(np.uint16)


def _places_of_steps(stored: np.ndarray) -> np.ndarray:
    places = (stored.astype(np.float32) - _ZERO) / _PER_METRE
    return np.where(np.any(stored != 0, axis=-1, keepdims=True), places, 0.0).astype(np.float32)


_STORED: Mapping[Encoding, Callable[[np.ndarray], np.ndarray]] = {
    Encoding.MILLIMETRES: _millimetres,
    Encoding.UNIT_VECTOR: _steps_of_vectors,
    Encoding.FLOW: _steps_of_flow,
    Encoding.PLACE: _steps_of_places,
}
_MEANT: Mapping[Encoding, Callable[[np.ndarray], np.ndarray]] = {
    Encoding.MILLIMETRES: _metres,
    Encoding.UNIT_VECTOR: _vectors_of_steps,
    Encoding.FLOW: _flow_of_steps,
    Encoding.PLACE: _places_of_steps,
}

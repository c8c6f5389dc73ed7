"""What a render's passes tell of every pixel, as the labels a job may ask for. Arrays alone, no bpy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from blender_addon.filming.lens import rays
from blender_addon.labels.dense import fields_of
from blender_addon.render.frame import CameraView, Reading
from mocap.rotations import Array, length


@dataclass(frozen=True)
class Seen:
    """A render as these labels are made from it.

    Attributes:
        view: at the frame's instant; reading: when rows were read, None if all at once.
        depth: (H, W) metres along the axis, 0 where nothing is hit.
        normal: (H, W, 3) in the world's axes, or None where no label needs it.
    """

    view: CameraView
    reading: Reading | None
    depth: np.ndarray
    normal: np.ndarray | None = None


def dense_labels(seen: Seen, labels: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Arrays by name, as `labels.dense` tells, of the labels asked for."""
    return {field.name: _MADE[field.name](seen) for field in fields_of(labels)}


def _depth(seen: Seen) -> np.ndarray:
    return seen.depth


def _distance(seen: Seen) -> np.ndarray:
    view = seen.view
    middles = np.stack(np.meshgrid(np.arange(view.width) + 0.5, np.arange(view.height) + 0.5), axis=-1)
    along = rays(view.model, view.coefficients, view.K, middles)[..., 2]
    return (seen.depth / along).astype(np.float32)


def _normal(seen: Seen) -> np.ndarray:
    assert seen.normal is not None
    return _units(seen.normal, seen)


def _normal_camera(seen: Seen) -> np.ndarray:
    turned = np.einsum("yij,yxj->yxi", _turns(seen), _normal(seen).astype(np.float64))
    return _units(turned, seen)


def _units(vectors: np.ndarray, seen: Seen) -> np.ndarray:
    """(H, W, 3) of length 1 where something is hit, 0 elsewhere."""
    units = vectors / np.maximum(length(vectors), 1e-12)[..., None]
    return np.where((seen.depth > 0.0)[..., None], units, 0.0).astype(np.float32)


def _turns(seen: Seen) -> Array:
    """(H, 3, 3) world → camera of each row; between two views of a reading nearly a rotation, and close enough."""
    if seen.reading is None:
        return np.broadcast_to(seen.view.R, (seen.view.height, 3, 3))
    rows = np.arange(seen.view.height) + 0.5
    after = np.clip(np.searchsorted(seen.reading.rows, rows), 1, len(seen.reading.rows) - 1)
    first, last = seen.reading.rows[after - 1], seen.reading.rows[after]
    share = ((rows - first) / (last - first))[:, None, None]
    turns = np.stack([view.R for view in seen.reading.views])
    return np.asarray(turns[after - 1] + share * (turns[after] - turns[after - 1]))


_MADE: Mapping[str, Callable[[Seen], np.ndarray]] = {
    "depth": _depth,
    "distance": _distance,
    "normal": _normal,
    "normal_camera": _normal_camera,
}

"""What a render's passes tell of every pixel, as the labels a job may ask for. Arrays alone, no bpy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from blender_addon.clip import Clip
from blender_addon.filming.lens import pixels, rays
from blender_addon.labels.dense import fields_of
from blender_addon.labels.projection import NEAREST, to_camera
from blender_addon.render.frame import CameraView, Reading
from mocap.errors import UserError
from mocap.rotations import Array, length


@dataclass(frozen=True)
class Seen:
    """A render as these labels are made from it.

    Attributes:
        view: at the frame's instant; reading: when rows were read, None if all at once.
        depth: (H, W) metres along the axis, 0 where nothing is hit.
        normal: (H, W, 3) in the world's axes; motion: (H, W, 4); surface: (H, W, 3): as `Passes` has them, or None
            where no label needs them.
        before, after: the camera a frame earlier and a frame later.
    """

    view: CameraView
    reading: Reading | None
    depth: np.ndarray
    normal: np.ndarray | None = None
    motion: np.ndarray | None = None
    surface: np.ndarray | None = None
    before: CameraView | None = None
    after: CameraView | None = None


def check_dense(clip: Clip) -> None:
    """UserError where the clip's engine or a camera's sensor makes a label impossible that is asked for."""
    for field in fields_of(clip.labels.dense):
        place = f"labels.{field.asked}"
        if clip.render.engine not in field.engines:
            raise UserError(
                f"{field.asked} cannot be had of render.engine {clip.render.engine}",
                place=place,
                mend=f"Set {place} to false, or render.engine to {' or '.join(field.engines)}.",
            )
        for camera in clip.cameras:
            if camera.sensor.readout > 0.0 and not field.rolling:
                raise UserError(
                    f"{field.asked} is not known for camera {camera.name!r}, which reads its rows one after another",
                    place=place,
                    mend=f"Set {place} to false, or the camera's readout to 0.",
                )


def dense_labels(seen: Seen, labels: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Arrays by name, as `labels.dense` tells, of the labels asked for."""
    return {field.name: _MADE[field.name](seen) for field in fields_of(labels)}


def _depth(seen: Seen) -> np.ndarray:
    return seen.depth


def _distance(seen: Seen) -> np.ndarray:
    return (seen.depth / _rays(seen.view, _middles(seen.view))[..., 2]).astype(np.float32)


def _normal(seen: Seen) -> np.ndarray:
    assert seen.normal is not None
    return _units(seen.normal, seen)


def _normal_camera(seen: Seen) -> np.ndarray:
    turned = np.einsum("yij,yxj->yxi", _turns(seen), _normal(seen).astype(np.float64))
    return _units(turned, seen)


def _flow_forward(seen: Seen) -> np.ndarray:
    assert seen.motion is not None and seen.after is not None
    return _flow(seen, seen.motion[..., 2:], seen.after)


def _flow_backward(seen: Seen) -> np.ndarray:
    assert seen.motion is not None and seen.before is not None
    return _flow(seen, seen.motion[..., :2], seen.before)


def _flow(seen: Seen, moved: np.ndarray, other: CameraView) -> np.ndarray:
    """(H, W, 2) pixels to where points are in another view; NaN where nothing is hit, or that view has no place for it.

    Args:
        moved: (H, W, 2) the same as Cycles has it.
    """
    view, middles = seen.view, _middles(seen.view)
    there = middles + moved
    if view.model != "none" and not np.array_equal(view.K, other.K):
        # Cycles knows where a lens that zooms goes if it is straight; others it takes to stay as they are.
        there = pixels(other.model, other.coefficients, other.K, _rays(view, there))
    # What the camera goes past within a frame, ice as a rule, is nowhere in the other view: people are not so near.
    rays_now = _rays(view, middles)
    camera = rays_now * (seen.depth / rays_now[..., 2])[..., None]
    beside = to_camera(other, (camera - view.t) @ view.R)[..., 2] <= NEAREST
    lost = (seen.depth <= 0.0) | beside
    return np.where(lost[..., None], np.nan, there - middles).astype(np.float32)


def _surface(seen: Seen) -> np.ndarray:
    assert seen.surface is not None
    return seen.surface


def _middles(view: CameraView) -> Array:
    """(H, W, 2) of all pixels."""
    return np.stack(np.meshgrid(np.arange(view.width) + 0.5, np.arange(view.height) + 0.5), axis=-1)


def _rays(view: CameraView, xy: Array) -> Array:
    return rays(view.model, view.coefficients, view.K, xy)


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
    "flow_forward": _flow_forward,
    "flow_backward": _flow_backward,
    "surface": _surface,
}

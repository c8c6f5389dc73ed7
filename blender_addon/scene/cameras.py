"""Camera views as Blender cameras, whatever their lenses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bpy
import numpy as np
from mathutils import Quaternion

from blender_addon.clip import CameraSpec
from blender_addon.filming.lens_fit import angle_polynomial
from blender_addon.render.frame import CameraView
from blender_addon.scene.curves import play
from mocap.rotations import Array, from_matrix, hemisphere

FULL_FRAME = 36.0
"""Millimetres of a full frame sensor's width."""

FROM_OPENCV = np.diag((1.0, -1.0, -1.0))
"""OpenCV's camera looks along +Z with Y down, Blender's along −Z with Y up."""

NEAR, FAR = 0.05, 300.0
"""Metres between which a camera sees."""

POLYNOMIAL = tuple(f"fisheye_polynomial_k{power}" for power in range(5))
"""Properties of Blender's camera that say how a lens bends."""


def build_camera(
    spec: CameraSpec,
    views: Sequence[CameraView],
    collection: bpy.types.Collection,
    frames: Array | None = None,
) -> bpy.types.Object:
    """A camera with its path, and its lens where that zooms, as F-curves: frame i of the scene sees as views[i] does.

    Between frames all of them go straight over.

    Args:
        frames: numbers of the frames that the views are of, fractions too; None for 0, 1, 2, ….

    Raises:
        UserError, ValueError: as `set_camera`.
    """
    camera = bpy.data.objects.new(f"camera {spec.name}", bpy.data.cameras.new(spec.name))
    collection.objects.link(camera)
    set_camera(camera, views[0], spec.lens.sensor_width)
    poses = [_pose(view) for view in views]
    turns = hemisphere(np.array([turn for _, turn in poses]))
    play(camera, {"location": np.array([place for place, _ in poses]), "rotation_quaternion": turns}, frames)
    if any(not np.array_equal(view.K, views[0].K) for view in views):
        lenses = [lens_of(view, spec.lens.sensor_width) for view in views]
        columns = {name: np.array([lens[name] for lens in lenses])[:, None] for name in lenses[0]}
        data: Any = camera.data
        play(data, {name: column for name, column in columns.items() if np.any(column != column[0])}, frames)
    return camera


def set_camera(camera: bpy.types.Object, view: CameraView, sensor_width: float = FULL_FRAME) -> None:
    """Lens and pose of a camera from a view.

    A lens that bends straight lines becomes Cycles' panoramic camera, any other a plain one. The render's resolution
    must be the view's, with square pixels.

    Args:
        sensor_width: millimetres, in which the focal length is told; what an f-number means depends on it.

    Raises:
        UserError: a lens that cannot be rendered, see `lens_fit.angle_polynomial`.
        ValueError: pixels that are not square, a skewed K, or a focal length under Blender's 1 mm.
    """
    fx, fy, skew = view.K[0, 0], view.K[1, 1], view.K[0, 1]
    if abs(fx - fy) > 1e-6 * fx or abs(skew) > 1e-9 * fx:
        raise ValueError("a Blender camera has square, straight pixels: fx = fy and no skew")
    data: Any = camera.data
    data.type = "PERSP" if view.model == "none" else "PANO"
    data.sensor_fit = "HORIZONTAL"
    data.sensor_width = sensor_width
    data.sensor_height = sensor_width * view.height / view.width
    if view.model != "none":
        data.panorama_type = "FISHEYE_LENS_POLYNOMIAL"
        data.fisheye_fov = np.pi  # beyond which all is black
    for name, value in lens_of(view, sensor_width).items():
        setattr(data, name, value)
    data.clip_start, data.clip_end = NEAR, FAR
    camera.rotation_mode = "QUATERNION"
    place, turn = _pose(view)
    camera.rotation_quaternion = Quaternion(turn.tolist())
    camera.location = place.tolist()


def bends(camera: bpy.types.Object) -> bool:
    """Whether a camera's lens bends straight lines."""
    data: Any = camera.data
    return bool(data.type == "PANO")


def along_axis(camera: bpy.types.Object, width: int, height: int) -> Array:
    """(H, W) cosine of the angle between a bending camera's rays, through the pixels' centres, and its axis.

    From what Blender's camera holds now, so that it is of the very rays that Cycles sends out.
    """
    data: Any = camera.evaluated_get(bpy.context.evaluated_depsgraph_get()).data
    x = (np.arange(width) + 0.5) / width - 0.5 + data.shift_x
    y = ((np.arange(height) + 0.5) / height - 0.5 - data.shift_y) * height / width
    r = data.sensor_width * np.hypot(x, y[:, None])
    return np.cos(np.polynomial.polynomial.polyval(r, [getattr(data, name) for name in POLYNOMIAL]))


def _pose(view: CameraView) -> tuple[Array, Array]:
    """(3,) location, (4,) quaternion."""
    return -view.R.T @ view.t, from_matrix(view.R.T @ FROM_OPENCV)


def lens_of(view: CameraView, sensor_width: float) -> dict[str, float]:
    """Properties of Blender's camera that depend on K."""
    lens = sensor_width * view.K[0, 0] / view.width
    if lens < 1.0:
        raise ValueError(f"camera {view.name!r}: Blender has no lenses of {lens:.2f} mm; give it a wider sensor")
    # Blender shifts the film in units of the picture's width, upwards positive; Cycles' panoramas take the height's.
    unit = view.width if view.model == "none" else view.height
    out = {
        "lens": lens,
        "shift_x": (0.5 * view.width - view.K[0, 2]) / view.width,
        "shift_y": (view.K[1, 2] - 0.5 * view.height) / unit,
    }
    if view.model != "none":
        # Cycles takes the negative of the angle, by millimetres on the sensor.
        shape = -angle_polynomial(view) * (view.width / sensor_width) ** np.arange(1, 5)
        out |= dict(zip(POLYNOMIAL, [0.0, *shape.tolist()], strict=True))
    return out

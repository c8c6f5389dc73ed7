"""Camera views as Blender cameras."""

from __future__ import annotations

from collections.abc import Sequence

import bpy
import numpy as np
from mathutils import Quaternion

from blender_addon.clip import CameraSpec
from blender_addon.render.frame import CameraView
from mocap.rotations import from_matrix

SENSOR = 36.0
"""Millimetres of the sensor's width; a full frame's, so that lenses read as photographers know them."""

FROM_OPENCV = np.diag((1.0, -1.0, -1.0))
"""OpenCV's camera looks along +Z with Y down, Blender's along −Z with Y up."""


def build_camera(spec: CameraSpec, views: Sequence[CameraView], collection: bpy.types.Collection) -> bpy.types.Object:
    """A camera with its path as F-curves: frame i of the scene sees as views[i] does."""
    camera = bpy.data.objects.new(f"camera {spec.name}", bpy.data.cameras.new(spec.name))
    collection.objects.link(camera)
    turn: Quaternion | None = None
    for frame, view in enumerate(views):
        set_camera(camera, view)
        if turn is not None:
            camera.rotation_quaternion.make_compatible(turn)
        turn = camera.rotation_quaternion.copy()
        camera.keyframe_insert("location", frame=frame)
        camera.keyframe_insert("rotation_quaternion", frame=frame)
    return camera


def set_camera(camera: bpy.types.Object, view: CameraView) -> None:
    """Lens and pose of a camera from a view; its distortion is no matter of Blender's pinhole and stays out.

    The render's resolution must be the view's, with square pixels.

    Raises:
        ValueError: pixels that are not square, or a skewed K.
    """
    fx, fy, skew = view.K[0, 0], view.K[1, 1], view.K[0, 1]
    if abs(fx - fy) > 1e-6 * fx or abs(skew) > 1e-9 * fx:
        raise ValueError("a Blender camera has square, straight pixels: fx = fy and no skew")
    data = camera.data
    assert isinstance(data, bpy.types.Camera)
    data.type = "PERSP"
    data.sensor_fit = "HORIZONTAL"
    data.sensor_width = SENSOR
    data.lens = SENSOR * fx / view.width
    # Blender shifts the film in units of the picture's width, upwards positive.
    data.shift_x = (0.5 * view.width - view.K[0, 2]) / view.width
    data.shift_y = (view.K[1, 2] - 0.5 * view.height) / view.width
    data.clip_start, data.clip_end = 0.05, 300.0
    camera.rotation_mode = "QUATERNION"
    camera.rotation_quaternion = Quaternion(from_matrix(view.R.T @ FROM_OPENCV).tolist())
    camera.location = (-view.R.T @ view.t).tolist()

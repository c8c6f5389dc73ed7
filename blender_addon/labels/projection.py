"""From world points to pixels, the one way for labels, cameras and exports. No bpy.

Cameras follow OpenCV: x right, y down, z forward; pixels are continuous with the origin at the image's top-left corner,
so that the middle of the first pixel is (0.5, 0.5).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from blender_addon.filming.lens import NEAREST, pixels
from blender_addon.render.frame import CameraView
from mocap.rotations import Array

__all__ = ["NEAREST", "inside", "intrinsics", "look_at", "project", "to_camera"]


def intrinsics(width: int, height: int, focal: float) -> Array:
    """K (3, 3) of an ideal lens: square pixels, principal point in the picture's middle; all arguments in pixels."""
    return np.array(((focal, 0.0, 0.5 * width), (0.0, focal, 0.5 * height), (0.0, 0.0, 1.0)))


def look_at(eye: ArrayLike, target: ArrayLike) -> tuple[Array, Array]:
    """World → camera R (…, 3, 3), t (…, 3) of cameras at `eye` (…, 3) that see `target` (…, 3) in the middle.

    The horizon is level.

    Raises:
        ValueError: a target at its eye, or straight above or below it.
    """
    eye, target = (np.asarray(v, dtype=np.float64) for v in (eye, target))
    forward = target - eye
    right = np.cross(forward, (0.0, 0.0, 1.0))
    if np.any(np.linalg.norm(right, axis=-1) < 1e-9):
        raise ValueError("a camera cannot look along its own vertical, nor at its own place")
    forward = forward / np.linalg.norm(forward, axis=-1, keepdims=True)
    right = right / np.linalg.norm(right, axis=-1, keepdims=True)
    R = np.stack((right, np.cross(forward, right), forward), axis=-2)
    return R, -np.einsum("...ij,...j->...i", R, eye)


def to_camera(view: CameraView, world: ArrayLike) -> Array:
    """World points (…, 3) in the camera's frame (…, 3), metres."""
    return np.asarray(world, dtype=np.float64) @ view.R.T + view.t


def project(view: CameraView, world: ArrayLike) -> tuple[Array, Array]:
    """Where world points (…, 3) fall in the picture, distortion and all: see `filming.lens`.

    Returns:
        xy (…, 2) pixels, not cut to the picture, NaN for points that are not in front of the camera or where its lens
        throws no picture; camera (…, 3) metres in the camera's frame.

    Raises:
        UserError: a lens that there is not.
    """
    camera = to_camera(view, world)
    return pixels(view.model, view.coefficients, view.K, camera), camera


def inside(xy: ArrayLike, width: int, height: int) -> np.ndarray:
    """(…) bool: places xy (…, 2) that lie in a picture of this size; NaN, behind the camera, does not."""
    xy = np.asarray(xy, dtype=np.float64)
    return np.all((xy >= 0.0) & (xy < (width, height)), axis=-1)

"""The camera's facts, and keypoints against their projection, through OpenCV's lenses and not our own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
from scipy.spatial.transform import Rotation

from blender_addon.labels.vocabulary import Cause
from mocap.rotations import Array
from render_scripts.agreement.decoded import Decoded
from render_scripts.agreement.figure import Figure, Rule, Share

CAMERA = Rule("camera", "of R a rotation, K upright with its middle in the picture, a lens of a known model: not so")
PROJECTION = Rule("projection", "keypoints whose xy is not where K, R, t and the lens put their xyz")

# Of R's rows, which are stored with nine decimals.
_ROTATION = 1e-6
# Pixels: what rounding to 3 decimals and to micrometres makes; where rows are read one after another, shares of the
# picture's width: what a curve through three poses leaves of a camera's shake.
_EXACT, _ROLLING = 0.02, 1e-3


def camera_figure(sample: Decoded) -> Figure:
    """Whether the camera is one."""
    return Share(CAMERA, 0 if _is_camera(sample.camera) else 1, 1)


def projection_figure(sample: Decoded) -> Figure:
    """Keypoints' places in the picture against those in the world."""
    camera = sample.camera
    size = np.array((camera["width"], camera["height"]))
    allowed = max(_EXACT, _ROLLING * camera["width"] if camera["readout"] > 0.0 else 0.0)
    wrong = count = 0
    for points in sample.points:
        known = (points.cause != Cause.BEHIND_CAMERA) & np.any(points.xy != 0.0, axis=1)
        # Lenses are made for the picture and its surroundings, not for what lies far outside.
        known &= np.all((points.xy > -size) & (points.xy < 2 * size), axis=1)
        off = np.abs(projected(camera, points.xyz[known], points.xy[known, 1]) - points.xy[known])
        wrong += int((~(off.max(axis=1, initial=0.0) <= allowed)).sum())
        count += int(known.sum())
    return Share(PROJECTION, wrong, count)


def poses(camera: Mapping[str, Any], y: Array) -> tuple[Array, Array]:
    """R (N, 3, 3) and t (N, 3) of a camera when it read what lies at heights y (N,) of its picture."""
    y = np.asarray(y, dtype=np.float64)
    R, t = np.array(camera["R"]), np.array(camera["t"])
    if camera["readout"] <= 0.0:
        return np.broadcast_to(R, (len(y), 3, 3)), np.broadcast_to(t, (len(y), 3))
    height = camera["height"]
    time = camera["readout"] * (np.clip(y, 0.0, height) + 0.5 - 0.5 * height) / (height - 1)
    top, bottom = camera["top"], camera["bottom"]
    times = np.array((top["time"], 0.0, bottom["time"]))
    eyes = np.stack([-np.array(pose["R"]).T @ np.array(pose["t"]) for pose in (top, camera, bottom)])
    turns = Rotation.from_matrix([pose["R"] for pose in (top, camera, bottom)])
    # A parabola through three turns, seen from the middle one.
    away = (turns * turns[1].inv()).as_rotvec()
    time = np.clip(time, times[0], times[-1])
    turned = Rotation.from_rotvec(_parabola(times, away, time)) * turns[1]
    at = _parabola(times, eyes, time)
    R = turned.as_matrix()
    return R, -np.einsum("nij,nj->ni", R, at)


def _parabola(times: Array, values: Array, at: Array) -> Array:
    """Through values (3, C) at times (3,), read at (N,): (N, C)."""
    a, b, c = times
    one = ((at - b) * (at - c) / ((a - b) * (a - c)))[:, None]
    two = ((at - a) * (at - c) / ((b - a) * (b - c)))[:, None]
    three = ((at - a) * (at - b) / ((c - a) * (c - b)))[:, None]
    return np.asarray(one * values[0] + two * values[1] + three * values[2])


def in_camera(camera: Mapping[str, Any], xyz: Array, y: Array) -> Array:
    """World points (N, 3) in the camera's frame when heights y (N,) of the picture were read."""
    R, t = poses(camera, y)
    return np.asarray(np.einsum("nij,nj->ni", R, xyz) + t)


def pixel_size(camera: Mapping[str, Any], xyz: Array, y: Array) -> Array:
    """(N,) metres that a pixel is large at world points (N, 3), read at heights y (N,) of the picture."""
    return np.asarray(in_camera(camera, xyz, y)[:, 2] / camera["K"][0][0])


def projected(camera: Mapping[str, Any], xyz: Array, y: Array) -> Array:
    """(N, 2) pixels of world points (N, 3) whose rows, y (N,), say when they were read."""
    points = in_camera(camera, xyz, y)
    if not len(points):
        return np.zeros((0, 2))
    K = np.array(camera["K"], dtype=np.float64)
    # OpenCV has no lens without coefficients; zeros bend nothing.
    k = np.array(camera["distortion"]["coefficients"] or (0.0,) * 4, dtype=np.float64)
    zero = np.zeros(3)
    if camera["distortion"]["model"] == "fisheye":
        xy, _ = cv2.fisheye.projectPoints(points[:, None], zero, zero, K, k)
    else:
        xy, _ = cv2.projectPoints(points[:, None], zero, zero, K, k)
    return np.asarray(xy[:, 0])


def _is_camera(camera: Mapping[str, Any]) -> bool:
    K, R, t = (np.array(camera[name], dtype=np.float64) for name in ("K", "R", "t"))
    if K.shape != (3, 3) or R.shape != (3, 3) or t.shape != (3,) or not np.isfinite(np.r_[K.flat, R.flat, t]).all():
        return False
    width, height = camera["width"], camera["height"]
    counts = {"none": (0,), "opencv": (4, 5), "fisheye": (4,)}
    return bool(
        np.abs(R @ R.T - np.eye(3)).max() < _ROTATION
        and np.linalg.det(R) > 0.0
        and K[0, 0] > 0.0
        and K[1, 1] > 0.0
        and np.array_equal(K[2], (0.0, 0.0, 1.0))
        and K[1, 0] == 0.0
        and 0.0 < K[0, 2] < width
        and 0.0 < K[1, 2] < height
        and len(camera["distortion"]["coefficients"]) in counts.get(camera["distortion"]["model"], ())
    )

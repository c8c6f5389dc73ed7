"""Where the surfaces that a picture shows lie in space: the ice is flat, distances and normals fit the depth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np

from mocap.rotations import Array
from render_scripts.agreement.camera import poses
from render_scripts.agreement.decoded import FURTHEST, Decoded
from render_scripts.agreement.figure import Figure, Rule, Share

ICE = Rule(
    "ice_is_flat",
    "of what lies on the ice or near it, by depth and camera, pixels that are not at its height",
    limit=0.05,
    pooled=0.01,
    enough=200.0,
    pooled_enough=2000.0,
)
DISTANCE = Rule("distance", "pixels whose distance is not their depth along the ray", limit=0.001, pooled=0.001)
TURNED = Rule(
    "normals_turned", "pixels whose normals in the world and in the camera are not one", limit=0.001, pooled=0.001
)
FACING = Rule("normals_facing", "pixels whose normal looks away from the camera", limit=0.02, pooled=0.01, enough=200.0)
SLOPES = Rule(
    "normals_of_depth",
    "pixels of smooth surfaces whose normal leans from that of their depth",
    limit=0.05,
    pooled=0.02,
    enough=200.0,
    pooled_enough=2000.0,
)

# Metres over and under the ice that are looked at, and from the boards inwards; what is at its height.
_ABOVE, _UNDER, _INWARDS, _FLAT = 0.25, 1.0, 1.5, 0.015
# Pixels that are enough to tell of the ice.
_PIXELS = 20_000
# Metres: of the two roundings of distance and depth, and a share of either for what a lens's inverse leaves.
_ROUNDING, _RELATIVE = 0.002, 2e-4
# Of unit vectors: of 16 bits, and of a camera that turns while it reads.
_SAME = 0.01
# Cosine by which a normal may look away: shading is smoother than the faces are.
_AWAY = 0.3
# Cosine to the normal of depth; metres per metre of depth by which a surface may bend within three pixels.
_LEANS, _BENDS = 0.8, 5e-4


def space_figures(sample: Decoded) -> tuple[Figure, ...]:
    """Figures of the fields that a sample has."""
    depth = sample.depth
    if depth is None:
        return ()
    known = (depth > 0.0) & np.isfinite(depth)
    out: list[Figure] = []
    if not sample.facts["scene"]["rink"]["file"]:
        out.append(_ice(sample, depth, known))
    if set(sample.dense) & {"distance", "normal", "normal_camera"}:
        rows, columns = np.indices(depth.shape)
        ray = rays(sample.camera, np.stack((columns.ravel(), rows.ravel()), axis=1) + 0.5).reshape(*depth.shape, 3)
        known &= np.isfinite(ray[..., 0])
        out += _distance(sample, depth, ray, known)
        out += _normals(sample, depth, ray, known)
    return tuple(out)


def rays(camera: Mapping[str, Any], xy: Array) -> Array:
    """Directions in the camera's frame, 1 along its axis, that places in the picture show.

    Args:
        xy: (N, 2) pixels.

    Returns:
        (N, 3); NaN where the lens throws no picture.
    """
    K = np.array(camera["K"], dtype=np.float64)
    k = np.array(camera["distortion"]["coefficients"] or (0.0,) * 4, dtype=np.float64)
    stop = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 60, 1e-10)
    if camera["distortion"]["model"] == "fisheye":
        flat = cv2.fisheye.undistortPoints(xy[:, None], K, k, criteria=stop)[:, 0]
        # What it cannot turn back it says by a number that is far outside.
        flat = np.where(np.abs(flat).max(axis=1, keepdims=True) > 1e5, np.nan, flat)
    elif camera["distortion"]["model"] == "opencv":
        flat = cv2.undistortPointsIter(xy[:, None], K, k, np.eye(3), np.eye(3), stop)[:, 0]
    else:
        flat = (xy - K[:2, 2]) / K[(0, 1), (0, 1)]
    return np.concatenate((flat, np.ones((len(flat), 1))), axis=1)


def _ice(sample: Decoded, depth: Array, known: np.ndarray) -> Share:
    row, column = np.nonzero(known & (sample.instance == 0))
    every = slice(None, None, max(1, len(row) // _PIXELS))
    row, column = row[every], column[every]
    R, t = poses(sample.camera, np.arange(len(depth)) + 0.5)
    ray = rays(sample.camera, np.stack((column, row), axis=1) + 0.5)
    world = np.einsum("nji,nj->ni", R[row], ray * depth[row, column, None] - t[row])
    rink = sample.facts["scene"]["rink"]
    half = 0.5 * np.array((rink["length"], rink["width"])) - _INWARDS
    near = np.all(np.abs(world[:, :2]) < half, axis=1) & (world[:, 2] > -_UNDER) & (world[:, 2] < _ABOVE)
    return Share(ICE, int((np.abs(world[near, 2]) > _FLAT).sum()), int(near.sum()))


def _distance(sample: Decoded, depth: Array, ray: Array, known: np.ndarray) -> list[Figure]:
    distance = sample.dense.get("distance")
    if distance is None:
        return []
    along = np.where(known, depth, 0.0) * np.linalg.norm(np.nan_to_num(ray), axis=-1)
    both = known & (distance < FURTHEST) & (along < FURTHEST)
    off = np.abs(along - distance)[both] > _ROUNDING + _RELATIVE * along[both]
    return [Share(DISTANCE, int(off.sum()), len(off))]


def _normals(sample: Decoded, depth: Array, ray: Array, known: np.ndarray) -> list[Figure]:
    out: list[Figure] = []
    world, own = sample.dense.get("normal"), sample.dense.get("normal_camera")
    if own is None and world is not None:
        own = _in_camera(sample, world)
    if own is None:
        return out
    given = known & np.any(own != 0.0, axis=-1)
    if world is not None and "normal_camera" in sample.dense:
        off = np.abs(_in_camera(sample, world) - own).max(axis=-1)[given] > _SAME
        out.append(Share(TURNED, int(off.sum()), len(off)))
    toward = -ray / np.linalg.norm(ray, axis=-1, keepdims=True)
    facing = np.sum(own * toward, axis=-1)
    out.append(Share(FACING, int((facing[given] < -_AWAY).sum()), int(given.sum())))
    slope, smooth = _of_depth(depth, ray, known, sample.instance)
    smooth &= given
    leans = np.sum(slope * own, axis=-1)[smooth] < _LEANS
    out.append(Share(SLOPES, int(leans.sum()), len(leans)))
    return out


def _in_camera(sample: Decoded, world: np.ndarray) -> Array:
    R, _ = poses(sample.camera, np.arange(world.shape[0]) + 0.5)
    return np.asarray(np.einsum("hij,hwj->hwi", R, world))


def _of_depth(depth: Array, ray: Array, known: np.ndarray, instance: np.ndarray) -> tuple[Array, np.ndarray]:
    """Normals (H, W, 3) by finite differences of depth, toward the camera; (H, W) bool, where it is smooth there."""
    with np.errstate(invalid="ignore"):
        places = ray * np.where(known, depth, np.nan)[..., None]
    across, down = np.full_like(places, np.nan), np.full_like(places, np.nan)
    across[:, 1:-1], down[1:-1] = places[:, 2:] - places[:, :-2], places[2:] - places[:-2]
    slope = np.cross(down, across)
    with np.errstate(invalid="ignore", divide="ignore"):
        slope /= np.linalg.norm(slope, axis=-1, keepdims=True)
        # In inverse depth a plane has no second difference.
        near = 1.0 / np.where(known, depth, np.nan)
        bend = np.zeros_like(depth)
        bend[:, 1:-1] = np.abs(near[:, 2:] - 2.0 * near[:, 1:-1] + near[:, :-2])
        bend[1:-1] = np.maximum(bend[1:-1], np.abs(near[2:] - 2.0 * near[1:-1] + near[:-2]))
        smooth = bend < _BENDS * near
    who = instance.astype(np.int64)
    alone = np.zeros(who.shape, dtype=bool)
    alone[1:-1, 1:-1] = True
    for axis in (0, 1):
        for step in (-1, 1):
            alone &= np.roll(who, step, axis) == who
    return np.nan_to_num(slope), smooth & alone & np.isfinite(slope).all(axis=-1)

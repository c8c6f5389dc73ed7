"""Where a camera stands, how it turns and what lens it has, from the motion that it is to film. No bpy.

A camera keeps to its spec's azimuth, distance and elevation as far as the hall lets it. It may stand on the ice side of
the boards, or beyond them, in the stands or on a platform over their floor, where it sees the skater over boards, glass
and the rows in front of it. Where the wished place is none of these (behind the glass at the height of a phone, in a
wall, in the skater's way) it takes the nearest that is; for a low camera beyond the boards that is right inside them,
as a phone is that is held over the top rail.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.ndimage import gaussian_filter1d

from blender_addon.clip import CameraSpec, RinkSpec
from blender_addon.labels.projection import intrinsics, look_at
from blender_addon.render.frame import CameraView
from blender_addon.rink.plan import glass_height, hall_of, outside
from mocap.errors import UserError
from mocap.rotations import Array

MARGIN = 0.04
"""Share of the picture's width and height that every point keeps from its edges."""

SMOOTHING = 0.35
"""Seconds (Gaussian sigma) over which a panning camera follows the skater."""

WIDEST = np.radians(100.0)
"""Widest field of view, horizontal or vertical, before another place is sought."""

CLEARANCE = 2.0
"""Metres between a camera and any point of the skater."""

INSIDE_BOARDS = 0.3
BEHIND_BOARDS = 0.5
FROM_WALL = 0.4
"""Metres that a camera keeps from the boards on either side, and from the walls."""

EYE_OVER_FLOOR = 1.1
OVER_GLASS = 0.08
OVER_SEATS = 0.9
"""Metres: a seated spectator's eyes over the floor; a sight line over glass, and over the floor of the rows."""


def camera_views(spec: CameraSpec, points: Array, rink: RinkSpec, fps: float = 30.0) -> list[CameraView]:
    """One view per frame; the lens is the same in all, the horizon level.

    "pan" turns after the smoothed middle of the body, its lens making the body's median height `spec.fill` of the
    picture; "fixed" never moves. Either lens is widened until every point of every frame lies inside the picture by
    `MARGIN`.

    Args:
        points: (T, P, 3) world positions of the person in focus, from the top of the head to the blades.
        fps: frames per second of `points`.

    Raises:
        ValueError: points of another shape, or not finite.
        UserError: no place in the hall sees the whole travel.
    """
    points = np.asarray(points, dtype=np.float64)
    if points.ndim != 3 or points.shape[2] != 3 or 0 in points.shape or not np.isfinite(points).all():
        raise ValueError(f"a camera needs finite points (T, P, 3), not {points.shape}")
    aims = _smoothed_middles(points, fps)
    some = slice(None, None, len(points) // 30 + 1)
    for eye in _places(spec, points, rink):
        # Most places that fail do so on few frames already.
        if _film(spec, eye, aims[some], points[some], rink) is None:
            continue
        framed = _film(spec, eye, aims, points, rink)
        if framed is not None:
            K, R, t = framed
            return [CameraView(spec.name, spec.profile, spec.width, spec.height, K, R[i], t[i]) for i in range(len(R))]
    raise UserError(
        "no place in the hall sees the whole travel of the skater in focus",
        place=f"camera {spec.name!r}",
        mend="Choose a shorter part of the take, or place the skater nearer to the middle of the ice.",
    )


def _smoothed_middles(points: Array, fps: float) -> Array:
    """(T, 3) middles of the body's bounding box, smoothed over time."""
    middles = 0.5 * (points.min(axis=1) + points.max(axis=1))
    if len(middles) == 1:
        return np.asarray(middles)
    # Turned about its ends the path goes on as it came, so that the camera does not lag in the first and last frames.
    pad = int(np.ceil(4.0 * SMOOTHING * fps))
    path = np.pad(middles, ((pad, pad), (0, 0)), mode="reflect", reflect_type="odd")
    return np.asarray(gaussian_filter1d(path, SMOOTHING * fps, axis=0)[pad:-pad])


def _feet(points: Array) -> Array:
    """(4 T, 3) lower corners of the body's bounding box in every frame: what boards hide first."""
    low, high = points.min(axis=1), points.max(axis=1)
    corners = [np.stack((x, y, low[:, 2]), axis=-1) for x in (low[:, 0], high[:, 0]) for y in (low[:, 1], high[:, 1])]
    return np.concatenate(corners)


def _places(spec: CameraSpec, points: Array, rink: RinkSpec) -> Iterator[Array]:
    """Places (3,) where a camera can stand in the hall, the one nearest to the spec's wish first."""
    hall = hall_of(rink)
    middle = 0.5 * (points.min(axis=(0, 1)) + points.max(axis=(0, 1)))
    far = np.hypot(rink.length, rink.width) + 2.0 * hall.wall
    lowest, highest = 0.3, hall.lamps - 0.7
    wish = np.clip(spec.elevation, lowest, highest)
    turns = np.radians(np.concatenate(((0.0,), *((a, -a) for a in range(5, 181, 5)))))
    distances = np.concatenate(((spec.distance,), np.arange(0.5, far, 0.25)))
    heights = np.concatenate(((wish,), np.arange(np.ceil(wish) + 1.0, highest, 1.0)))
    turn, distance, height = (g.ravel() for g in np.meshgrid(turns, distances, heights, indexing="ij"))
    azimuth = spec.azimuth + turn
    eyes = np.stack(
        (middle[0] + distance * np.cos(azimuth), middle[1] + distance * np.sin(azimuth), height),
        axis=-1,
    )
    s = outside(rink, eyes[:, :2])
    beyond = (s >= BEHIND_BOARDS) & (s <= hall.wall - FROM_WALL) & (height >= hall.floor(s) + EYE_OVER_FLOOR)
    cost = np.abs(distance - spec.distance) / max(spec.distance, 1.0) + np.abs(turn) + (height - wish)
    stands = (s <= -INSIDE_BOARDS) | beyond
    eyes, cost = eyes[stands], cost[stands]
    yield from eyes[np.argsort(cost, kind="stable")]


Framed = tuple[Array, Array, Array]
"""K (3, 3), R (T, 3, 3), t (T, 3)."""


def _film(spec: CameraSpec, eye: Array, aims: Array, points: Array, rink: RinkSpec) -> Framed | None:
    """Lens and poses from this place, or None where it does not see all points (T, P, 3)."""
    framed = _pan(spec, eye, aims, points) if spec.moves.follow == "pan" else _fixed(spec, eye, points)
    return framed if framed is not None and _is_clear(eye, points, rink) else None


def _is_clear(eye: Array, points: Array, rink: RinkSpec) -> bool:
    """Whether nothing stands between the eye and the skater, who never comes near the camera."""
    if np.linalg.norm(points - eye, axis=-1).min() < CLEARANCE:
        return False
    hall = hall_of(rink)
    here = float(outside(rink, eye[:2]))
    if here <= 0.0:
        return True
    feet = _feet(points)
    feet = feet[outside(rink, feet[:, :2]) < -1e-3]
    glass = _crossing(eye, feet, 0.5 * hall.boards_depth, rink)
    if (glass[:, 2] < hall.boards + glass_height(rink, glass[:, :2]) + OVER_GLASS).any():
        return False
    rows = hall.aisle + hall.tier_depth * np.arange(hall.tiers) + 1e-6
    return all(
        bool((_crossing(eye, feet, s, rink)[:, 2] >= hall.floor(s) + OVER_SEATS).all())
        for s in rows[rows < here - hall.tier_depth].tolist()
    )


def _crossing(eye: Array, feet: Array, s: float, rink: RinkSpec) -> Array:
    """Places (N, 3) at which the lines from eye to feet (N, 3) cross the curve s metres around the ice.

    The distance to the ice is convex along a line, so bisection finds the one crossing.
    """
    low, high = np.zeros(len(feet)), np.ones(len(feet))
    for _ in range(20):
        half = 0.5 * (low + high)
        away = outside(rink, eye[:2] + half[:, None] * (feet[:, :2] - eye[:2])) > s
        low, high = np.where(away, half, low), np.where(away, high, half)
    return np.asarray(eye + low[:, None] * (feet - eye))


def _pan(spec: CameraSpec, eye: Array, aims: Array, points: Array) -> Framed | None:
    if np.linalg.norm(aims[:, :2] - eye[:2], axis=-1).min() < 0.5 * CLEARANCE:
        return None
    R, t = look_at(np.broadcast_to(eye, aims.shape), aims)
    K = _lens(spec, points @ R.swapaxes(-1, -2) + t[:, None])
    return None if K is None else (K, R, t)


def _fixed(spec: CameraSpec, eye: Array, points: Array) -> Framed | None:
    aim = 0.5 * (points.min(axis=(0, 1)) + points.max(axis=(0, 1)))
    # The middle of the travel in space is not the middle of its picture, as near parts look larger.
    for _ in range(4):
        if np.linalg.norm(aim[:2] - eye[:2]) < 1e-3:
            return None
        R, t = look_at(eye, aim)
        camera = points @ R.T + t
        if camera[..., 2].min() <= 0.0:
            return None
        xy = camera[..., :2] / camera[..., 2:]
        middle = 0.5 * (xy.min(axis=(0, 1)) + xy.max(axis=(0, 1)))
        aim = eye + R.T @ np.array((middle[0], middle[1], 1.0)) * np.linalg.norm(aim - eye)
    R, t = look_at(eye, aim)
    K = _lens(spec, points @ R.T + t)
    count = len(points)
    return None if K is None else (K, np.broadcast_to(R, (count, 3, 3)), np.broadcast_to(t, (count, 3)))


def _lens(spec: CameraSpec, camera: Array) -> Array | None:
    """K for points (T, P, 3) in the camera's frame, or None where the lens would have to be too wide."""
    if camera[..., 2].min() <= 0.0:
        return None
    xy = camera[..., :2] / camera[..., 2:]
    size = np.array((spec.width, spec.height), dtype=np.float64)
    tallness = float(np.median(np.ptp(xy[..., 1], axis=1)))
    fitting = (0.5 - MARGIN) * size / np.maximum(np.abs(xy).max(axis=(0, 1)), 1e-9)
    focal = min(spec.fill * spec.height / max(tallness, 1e-9), *fitting)
    if 2.0 * np.arctan(0.5 * size.max() / focal) > WIDEST:
        return None
    return intrinsics(spec.width, spec.height, focal)

"""A bun: a rope of hair wound up where it is tied. Numpy alone."""

from __future__ import annotations

import numpy as np

from blender_addon.skater.hair.combing import outside_out
from blender_addon.skater.hair.head import Head
from blender_addon.skater.hair.strands import Tuft, grid_faces, grid_uv, on_head, ribbons, tapered, tube
from blender_addon.skater.hair.updo import Updo, tie_frame
from mocap.rotations import Array

_ROUND = 14  # points round the rope
_PER_TURN = 26  # and along each of its turns


def wind_bun(head: Head, updo: Updo, radius: float, rng: np.random.Generator) -> list[Tuft]:
    """A rope of hair in two turns, the second on top within the first, a few strands out of place."""
    axes = tie_frame(updo.out)
    turns = 1.9 + 0.5 * rng.random()
    count = int(turns * _PER_TURN)
    t = np.linspace(0.0, 1.0, count)
    start, sense = 2.0 * np.pi * rng.random(), rng.choice((-1.0, 1.0))
    angle = start + sense * 2.0 * np.pi * turns * t
    thick = radius * np.interp(t, (0.0, 0.08, 0.5, 0.9, 1.0), (0.34, 0.46, 0.44, 0.36, 0.12))
    reach = radius * np.interp(t, (0.0, 0.5, 0.8, 1.0), (0.58, 0.5, 0.2, 0.0))
    rise = radius * np.interp(t, (0.0, 0.15, 0.5, 1.0), (0.05, 0.2, 0.38, 0.62))
    path = np.stack((reach * np.cos(angle), reach * np.sin(angle), rise), axis=-1) @ axes + updo.seat
    vertices, faces, uv = _rope(path, updo.out, thick, rng)
    return [on_head(vertices, faces, uv, head), _core(head, updo, axes, radius), _strays(head, updo, axes, radius, rng)]


def _rope(path: Array, out: Array, thick: Array, rng: np.random.Generator) -> tuple[Array, np.ndarray, Array]:
    """The skin of a rope along a path (K, 3), grooved by twisted strands."""
    along = np.gradient(path, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    side = np.cross(along, out)
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9)
    around = np.linspace(0.0, 2.0 * np.pi, _ROUND, endpoint=False)
    turn = np.linspace(0.0, 5.0, len(path))[:, None]
    groove = 1.0 + 0.09 * np.cos(3.0 * (around - turn)) + 0.05 * np.cos(7.0 * (around - turn) + 2.0 * rng.random())
    return tube(path, side, np.cross(along, side), thick[:, None] * groove)


def _core(head: Head, updo: Updo, axes: Array, radius: float) -> Tuft:
    """A mound under the rope, so that one never looks through it."""
    up = np.linspace(-0.3, 0.5 * np.pi - 0.05, 7)[:, None]
    around = np.linspace(0.0, 2.0 * np.pi, 20, endpoint=False)[None, :]
    ring = 0.72 * radius * np.cos(up)
    rings = np.stack(
        np.broadcast_arrays(ring * np.cos(around), ring * np.sin(around), 0.6 * radius * np.sin(up)), axis=-1
    )
    points = rings @ axes + updo.seat
    faces = outside_out(points.reshape(-1, 3), grid_faces(7, 20, closed=True), updo.seat - 0.2 * radius * updo.out)
    uv = grid_uv(points, closed=True)
    return on_head(points.reshape(-1, 3), faces, uv if faces[0, 0] == 0 else uv[:, ::-1], head)


def _strays(head: Head, updo: Updo, axes: Array, radius: float, rng: np.random.Generator) -> Tuft:
    """Strands laid round the bun that do not quite follow the rope."""
    count, steps = 60, 9
    start = rng.uniform(0.0, 2.0 * np.pi, count)[:, None]
    angle = start + np.linspace(0.0, 1.0, steps) * rng.uniform(0.8, 2.6, count)[:, None]
    tilt = rng.uniform(0.0, 1.2, count)[:, None] + 0.25 * np.sin(angle + start)
    reach = radius * rng.uniform(0.97, 1.06, count)[:, None]
    local = np.stack(
        (reach * np.cos(tilt) * np.cos(angle), reach * np.cos(tilt) * np.sin(angle), 0.8 * reach * np.sin(tilt)),
        axis=-1,
    )
    local[..., 2] += 0.14 * radius
    paths = local @ axes + updo.seat
    outward = paths - updo.seat
    outward /= np.linalg.norm(outward, axis=-1, keepdims=True)
    widths = tapered(rng.uniform(0.0015, 0.005, count), steps, root=0.1)
    return on_head(*ribbons(paths, outward, widths, rng.uniform(0.0, 8.0, count)), head)

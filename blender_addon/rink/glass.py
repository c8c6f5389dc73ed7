"""The panes over the boards and behind the benches, and what holds them. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import LightSpec, RinkSpec
from blender_addon.color import Color
from blender_addon.rink.lamp_faces import FLOOD_PITCH, TUBE_LENGTH, TUBE_PITCH, TUBE_WIDTH
from blender_addon.rink.lamps import flood_places, tube_length, tube_rows
from blender_addon.rink.plan import benches, glass_height, hall_of, outline, perimeter, stations
from blender_addon.rink.quads import Quads, bent, boxes, join, patch, wall_strip
from mocap.rotations import Array

STEEL: Color = (0.45, 0.47, 0.50)
GLASS_EDGE: Color = (0.30, 0.52, 0.44)
PITCH = 1.2
"""Metres between posts, about."""

BEHIND_BENCH = 0.9
"""Metres of glass over the wall behind a bench."""

NOTHING = Quads(np.zeros((0, 4, 3)), np.zeros((0, 3)))


def glass(spec: RinkSpec) -> Quads:
    """The panes over the boards, and those over the walls behind benches; none where the spec has no glass."""
    if spec.glass <= 0.0:
        return NOTHING
    hall = hall_of(spec)
    u, end, height = _panes(spec)
    panes = wall_strip(u, end, 0.5 * hall.boards_depth, hall.boards, hall.boards + height)[height > 0.0]
    behind = [
        patch(_along(bench.u0, bench.u1, PITCH), hall.bench_back + 0.03, hall.boards, hall.boards + BEHIND_BENCH)
        for bench in benches(spec)
    ]
    return bent(spec, np.concatenate((panes, *behind)), (1.0, 1.0, 1.0))


def posts(spec: RinkSpec) -> Quads:
    """Thin uprights that hold the panes, and the panes' edges. Some rinks have clips alone, and edges that show."""
    if spec.glass <= 0.0:
        return NOTHING
    hall = hall_of(spec)
    seamless = np.random.default_rng((spec.texture_seed, 7)).random() < 0.35
    u, end, height = _panes(spec)
    s = 0.5 * hall.boards_depth
    # As high as the higher of the two panes that meet there.
    tall = np.maximum(height, np.roll(height, 1))
    if not seamless:
        u_post = _along(0.0, end, PITCH)[:-1]
        tall_post = tall[np.searchsorted(u, u_post + 1e-6, side="right") - 1]
        posted, u_post = tall_post[tall_post > 0.0], u_post[tall_post > 0.0]
        shape = (posted + hall.boards, (0.016, 0.0, 0.05))
    else:
        u_post, posted = u[tall > 0.0], tall[tall > 0.0]
        shape = (np.minimum(posted, 0.12) + hall.boards, (0.03, -0.008, 0.03))
    top, (half, inner, outer) = shape
    low = np.stack((u_post - half, np.full(u_post.shape, s + inner), np.full(u_post.shape, hall.boards)), axis=-1)
    high = np.stack((u_post + half, np.full(u_post.shape, s + outer), top), axis=-1)
    there = height > 0.0
    over = wall_strip(u, end, s, hall.boards + height - 0.012, hall.boards + height)[there]
    parts = [bent(spec, boxes(low, high), STEEL), bent(spec, over, GLASS_EDGE)]
    if seamless:
        low = np.stack((u_post - 0.005, np.full(u_post.shape, s), np.full(u_post.shape, hall.boards)), axis=-1)
        high = np.stack((u_post + 0.005, np.full(u_post.shape, s), hall.boards + posted), axis=-1)
        parts.append(bent(spec, _faces(low, high), GLASS_EDGE))
    return join(*parts)


def lamp_grid(
    spec: RinkSpec, light: LightSpec
) -> tuple[tuple[float, float], tuple[float, float], tuple[float, float]] | None:
    """Lamps as panes mirror them, a grid along X and Y: pitch, size of each, the middle of one; None for none."""
    if light.kind not in ("tubes", "floods") or hall_of(spec).outdoors:
        return None
    if light.kind == "tubes":
        y = tube_rows(spec)
        x = 0.5 * TUBE_PITCH * (1 - int(tube_length(spec) / TUBE_PITCH) % 2)
        return (TUBE_PITCH, float(y[1] - y[0])), (TUBE_LENGTH, 3.0 * TUBE_WIDTH), (x, float(y[0]))
    columns, rows = max(int(spec.length / FLOOD_PITCH), 2), max(int(spec.width / FLOOD_PITCH / 1.4), 2)
    (x0, y0), (_, y1), (x1, _) = flood_places(spec, rows, columns)[[0, 1, rows]].tolist()
    return (x1 - x0, y1 - y0), (0.7, 0.7), (x0, y0)


def _panes(spec: RinkSpec) -> tuple[Array, float, Array]:
    """(M,) where panes begin, the perimeter, and (M,) how high each is. Panes end where benches do."""
    end = perimeter(spec)
    ends = [u for bench in benches(spec)[:2] for u in (bench.u0, bench.u1)]
    u = np.unique(np.round(np.concatenate((stations(spec, PITCH, 0.6), ends)), 6))
    u = u[np.diff(u, append=end) > 0.05]
    return u, end, glass_height(spec, outline(spec, 0.5 * (u + np.append(u[1:], end))))


def _along(start: float, end: float, step: float) -> Array:
    return np.linspace(start, end, max(round((end - start) / step), 1) + 1)


def _faces(low: Array, high: Array) -> Array:
    """(N, 4, 3) standing faces from their lower first to their upper last corners (N, 3)."""
    second, last = low.copy(), high.copy()
    second[:, 0], last[:, 0] = high[:, 0], low[:, 0]
    return np.stack((low, second, high, last), axis=1)

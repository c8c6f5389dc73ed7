"""How much of each body part is seen: its pixels in the masks, among those that it would fill alone. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.labels.projection import project
from blender_addon.labels.vocabulary import BODY_PARTS
from blender_addon.render.frame import CameraView
from blender_addon.skater.human import Human
from mocap.rotations import Array

PARTS: tuple[int, ...] = tuple(entry.index for entry in BODY_PARTS if entry.index > 0)
"""Body parts that have a share, in their order."""

# Places at which a part's silhouette is looked at, at most: more of them change its area by under 1%.
_MOST = 3000


def visible_parts(view: CameraView, human: Human, pose: Array, mask: np.ndarray, body: np.ndarray) -> tuple[float, ...]:
    """Of each of `PARTS` the share of its silhouette, as if it were all there is, that is seen of it.

    What is outside the picture is not seen. What is not in front of the lens, or more than a picture's size beyond the
    picture's edges, has no pixels, and counts by the part's surface.

    Args:
        pose: (B, 4, 4) bone → world.
        mask: (H, W) bool, where the person is seen; body: (H, W) body parts.
    """
    if not mask.any():
        return (0.0,) * len(PARTS)
    shell = human.shell
    seen = np.bincount(body[mask], minlength=max(PARTS) + 1)
    xy, _ = project(view, shell.skin.posed(human.rig.rest, pose))
    size = np.array((view.width, view.height))
    with np.errstate(invalid="ignore"):
        near = np.all((xy > -size) & (xy < 2 * size), axis=1)
    shown = near[shell.triangles].all(axis=1)
    whole = np.bincount(shell.part, shell.area, minlength=len(seen))
    there = np.bincount(shell.part[shown], shell.area[shown], minlength=len(seen))
    filled = pixels_filled(xy, shell.triangles[shown], shell.part[shown])
    with np.errstate(divide="ignore", invalid="ignore"):
        alone = np.maximum(filled * whole / there, seen)
        share = seen / alone
    return tuple(float(share[part]) if there[part] > 0.0 and seen[part] else 0.0 for part in PARTS)


def pixels_filled(xy: Array, triangles: np.ndarray, part: np.ndarray) -> Array:
    """(max(PARTS) + 1,) pixels whose middles triangles of each body part cover, front and back alike.

    Of a part that is large in the picture, only every so many pixels are looked at.

    Args:
        xy: (V, 2) pixels; triangles: (T, 3) vertices of which none is NaN; part: (T,).
    """
    kinds = max(PARTS) + 1
    # By axis and corner (2, 3, T): short rows are slow to go along.
    corner = np.ascontiguousarray(xy.T)[:, triangles.T]
    low, high = _least(corner), -_least(-corner)
    first, last = np.full((2, kinds), np.inf), np.full((2, kinds), -np.inf)
    for axis in range(2):
        np.minimum.at(first[axis], part, low[axis])
        np.maximum.at(last[axis], part, high[axis])
    there = np.isfinite(first[0])
    extent = np.where(there, last - first, 0.0)
    step = np.maximum(np.ceil(np.sqrt(extent.prod(axis=0) / _MOST)), 1.0)
    # Places are the middles of pixels; each part has its own grid of them.
    start = np.floor(np.where(there, first, 0.0))
    size = np.where(there, np.floor(extent / step) + 3.0, 0.0).astype(np.int64)
    places = size.prod(axis=0)
    offset = np.cumsum(places) - places

    away, apart = start[:, part] + 0.5, step[part]
    begin = np.ceil((low - away) / apart).astype(np.int64)
    count = np.floor((high - away) / apart).astype(np.int64) + 1 - begin
    some = np.flatnonzero((count > 0).all(axis=0))
    begin, count, part = begin[:, some], count[:, some], part[some]
    grid = (corner[..., some] - away[:, None, some]) / apart[some]
    tries = count.prod(axis=0)
    of = np.repeat(np.arange(len(some)), tries)
    rank = np.arange(len(of)) - np.repeat(np.cumsum(tries) - tries, tries)
    x, y = begin[0, of] + rank % count[0, of], begin[1, of] + rank // count[0, of]
    (ax, bx, cx), (ay, by, cy) = grid[0][:, of] - x, grid[1][:, of] - y
    a, b, c = bx * cy - by * cx, cx * ay - cy * ax, ax * by - ay * bx
    hit = ((a >= 0.0) & (b >= 0.0) & (c >= 0.0)) | ((a <= 0.0) & (b <= 0.0) & (c <= 0.0))
    mine = part[of[hit]]
    covered = np.zeros(int(places.sum()), dtype=bool)
    covered[offset[mine] + y[hit] * size[0, mine] + x[hit]] = True
    owner = np.repeat(np.arange(kinds), places)
    return np.asarray(np.bincount(owner[covered], minlength=kinds) * step**2)


def _least(values: Array) -> Array:
    """(2, T) of (2, 3, T)."""
    return np.minimum(np.minimum(values[:, 0], values[:, 1]), values[:, 2])

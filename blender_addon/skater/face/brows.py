"""Brows: single hairs on the skin over the eyes, which follow it in every shape and expression of the face."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from blender_addon.makehuman.body import Body
from blender_addon.skater.face.hairs import along, hairs, spread
from blender_addon.skater.surface import Surface, join, spread_weights
from mocap.rotations import Array

# The skin that brows grow on: vertices of hm08 from the nose outwards, in three rows from the lid up. A place on it is
# (u, v): 0 … 5 along the rows, 0 … 2 from row to row.
_SKIN: Mapping[str, tuple[tuple[int, ...], ...]] = {
    "left": (
        (6983, 6980, 6979, 6981, 6982, 6987),
        (7006, 6997, 6996, 6998, 6999, 7024),
        (7008, 7003, 7002, 7004, 7005, 7031),
    ),
    "right": (
        (208, 205, 204, 206, 207, 212),
        (233, 223, 222, 224, 225, 255),
        (236, 230, 229, 231, 232, 262),
    ),
}

# A brow from the nose outwards, at even steps: where its middle line runs (u, v), what a woman's has besides (v: the
# arch), half its height (in rows), its hairs' length (in columns), and how steeply they stand up from the line (rad).
_LINE = np.array(((0.2, 0.5), (1.1, 0.75), (1.95, 0.95), (2.8, 1.1), (3.6, 1.1), (4.35, 0.8)))
_ARCH = np.array((0.0, 0.0, 0.06, 0.16, 0.16, 0.0))
_HALF = np.array((0.2, 0.36, 0.3, 0.24, 0.18, 0.05))
_LENGTH = np.array((0.6, 0.75, 0.7, 0.65, 0.55, 0.4))
_STEEP = np.array((1.25, 0.75, 0.4, 0.2, 0.05, -0.05))
# Rows lie about two thirds as far apart as columns.
_ROW = 0.66
# Hairs of the upper edge lie down by this (rad), those of the lower edge stand up as much more.
_LEAN = 0.35

# Columns over which the ends are ragged.
_RAGGED = 0.3

_COUNT = 170
_WIDTH = 0.00038
# Metres off the skin, which lies a little deeper where it is rounded.
_OFF = np.array((0.0002, 0.0008, 0.0006))


def brows(body: Body) -> Surface:
    """Both brows: a man's are broader and straighter than a woman's, a child's have finer hairs."""
    return join([_brow(body, np.array(rows)) for rows in _SKIN.values()])


def _brow(body: Body, rows: np.ndarray) -> Surface:
    gender, age = body.phenotype["gender"], body.phenotype["age"]
    grown = np.clip(age / 0.4, 0.0, 1.0)
    place, across, growth = spread(_COUNT).T
    # Thin at the inner end, as hairs begin there one by one.
    place = place**0.85
    height = 2.0 * across - 1.0
    u, v = along(_LINE, place).T
    # Ragged ends.
    u = u + _RAGGED * (growth - 0.5)
    v = v + (1.0 - gender) * along(_ARCH, place) + (0.65 + 0.45 * gender * grown) * height * along(_HALF, place)
    length = (0.55 + 0.45 * growth) * along(_LENGTH, place)
    slope = np.gradient(_LINE[:, 1] * _ROW, _LINE[:, 0])
    angle = np.arctan(along(slope, place)) + along(_STEEP, place) - _LEAN * height
    reach = length[:, None] * np.stack((np.cos(angle), np.sin(angle) / _ROW), axis=-1)
    # Roots lie before and tips beyond a hair's place, so that the brow keeps its height.
    root = np.stack((u, v), axis=-1) - 0.4 * reach

    skin = body.vertices[rows]
    lines = np.stack([_on(skin, root + share * reach) for share in (0.0, 0.5, 1.0)], axis=1)
    outward = _normals(skin, root + 0.5 * reach)
    lines = lines + _OFF[:, None] * outward[:, None]
    forth = lines[:, 2] - lines[:, 0]
    sideways = np.cross(outward, forth)
    sideways /= np.linalg.norm(sideways, axis=1, keepdims=True)
    weights = spread_weights(body.bones[rows.ravel()], body.weights[rows.ravel()], len(body.rig.names))
    return hairs(
        lines,
        sideways,
        np.full(_COUNT, _WIDTH * (0.7 + 0.3 * grown)),
        _on(weights.reshape(*rows.shape, -1), root),
    )


def _on(grid: Array, place: Array) -> Array:
    """(H, C) values at places (H, 2) of a grid (3, 6, C)."""
    u, v = np.clip(place[:, 0], 0.0, 4.999), np.clip(place[:, 1], 0.0, 1.999)
    i, j = u.astype(np.int64), v.astype(np.int64)
    s, t = (u - i)[:, None], (v - j)[:, None]
    lower = (1.0 - s) * grid[j, i] + s * grid[j, i + 1]
    upper = (1.0 - s) * grid[j + 1, i] + s * grid[j + 1, i + 1]
    return np.asarray((1.0 - t) * lower + t * upper)


def _normals(skin: Array, place: Array) -> Array:
    """(H, 3) unit normals, out of the face, at places (H, 2) of the skin (3, 6, 3)."""
    along_u, along_v = (_on(skin, place + step) - _on(skin, place - step) for step in 0.1 * np.eye(2))
    normal = np.cross(along_u, along_v)
    # The same way round on both sides of the face: forwards.
    normal *= -np.sign(normal[:, 1:2])
    return np.asarray(normal / np.linalg.norm(normal, axis=1, keepdims=True))

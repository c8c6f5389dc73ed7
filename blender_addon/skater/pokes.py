"""Skin through cloth, measured on a posed person without rendering. Numpy alone.

Rays run parallel through a square grid of pixels and meet every surface on their way, nearest first. A pixel shows skin
through a garment where

- the first surface is skin, or clothing worn under that garment, and is met from outside;
- less than `DEPTH` behind it the ray meets the garment, also from outside, before it leaves any surface again: what is
  worn outside lies inside the flesh;
- the two lie within `NEAR` of each other at rest, as flesh and the cloth over it do. A hand laid on the hip is none.

So necklines, cuffs and hems do not count, where skin lies beside cloth; neither does an arm before the chest, which the
ray leaves before it meets the chest. A pixel is hollow where the first surface is skin or close-fitting cloth, met from
inside: one looks through a gap into the body, of which what lies hidden under clothes has been left out.

Surfaces are taken as they are skinned, without the renderer's subdivision and thickness.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from blender_addon.labels.vocabulary import CLOTHES, CLOTHES_INDEX
from blender_addon.skater.human import Human, skin
from mocap.axes import UP
from mocap.rotations import Array

# Metres along a ray, and at rest.
DEPTH = 0.02
NEAR = 0.06
# Metres of a pixel: a grown person standing is 250 of them high.
PIXEL = 0.007

# Who is worn over whom; equal ones do not cover each other. What is not named covers nothing and is covered by nothing.
_ORDER: Mapping[str, int] = {
    "skin": 0,
    "socks": 1,
    "leotard": 1,
    "tights": 1,
    "unitard": 1,
    "gloves": 1,
    "hair": 0,
    "boots": 2,
    "shoes": 2,
    "trousers": 3,
    "shirt": 4,
    "skirt": 5,
    "dress": 5,
    "jacket": 6,
    "hat": 6,
}
# Surfaces that have no inside one could look at, unless something is missing.
_CLOSED = ("skin", "leotard", "tights", "unitard", "gloves")
# Surfaces of one ray that are looked at: skin, cloth over it, and what lies between.
_HITS = 4


@dataclass(frozen=True)
class Pokes:
    """Pixels of one or more pictures, by garment.

    Attributes:
        seen: (C,) how many each class of the clothes vocabulary is the first in.
        through: (C, C) how many of those show the second class through the first, which should cover it.
        hollow: (C,) how many show a class from inside that should not be.
    """

    seen: np.ndarray
    through: np.ndarray
    hollow: np.ndarray

    def __add__(self, other: Pokes) -> Pokes:
        return Pokes(self.seen + other.seen, self.through + other.through, self.hollow + other.hollow)

    def share(self, garment: str) -> float:
        """Pixels that show through a garment, as a share of the garment's own pixels; 0 where it is not in sight."""
        index = CLOTHES_INDEX[garment]
        through = int(self.through[index].sum())
        return through / max(int(self.seen[index]) + through, 1)


def no_pokes() -> Pokes:
    """Of no picture."""
    count = max(entry.index for entry in CLOTHES) + 1
    return Pokes(np.zeros(count, np.int64), np.zeros((count, count), np.int64), np.zeros(count, np.int64))


def find_pokes(human: Human, pose: Array, azimuths: Array, elevation: float = 0.2, pixel: float = PIXEL) -> Pokes:
    """What shows through what of a person in one pose, seen from several sides.

    Args:
        pose: (B, 4, 4) bones.
        azimuths: (V,) radians from +X towards which the viewers stand.
        elevation: radians by which they look down.
        pixel: metres.
    """
    scene = _Scene.of(human, pose)
    total = no_pokes()
    for azimuth in azimuths:
        total += _pokes_from(scene, float(azimuth), elevation, pixel)
    return total


@dataclass(frozen=True)
class _Scene:
    """Triangles (T, 3, 3) of all surfaces; their middles at rest (T, 3), garments (T,) and layers (T,), −1 for none."""

    corners: Array
    rest: Array
    garment: np.ndarray
    layer: np.ndarray

    @staticmethod
    def of(human: Human, pose: Array) -> _Scene:
        corners, rest, garment = [], [], []
        for mesh in human.meshes:
            quads = mesh.faces[:, 3] >= 0
            triangles = np.concatenate((mesh.faces[:, :3], mesh.faces[quads][:, (0, 2, 3)]))
            posed = skin(mesh.vertices, mesh.bones, mesh.weights, human.rig.rest, pose)
            corners.append(posed[triangles])
            rest.append(mesh.vertices[triangles].mean(axis=1))
            garment.append(np.concatenate((mesh.garment, mesh.garment[quads])))
        classes = np.concatenate(garment).astype(np.intp)
        return _Scene(np.concatenate(corners), np.concatenate(rest), classes, _layers(human)[classes])


def _layers(human: Human) -> np.ndarray:
    """(C,) by garment how far outside it is worn; −1 where it neither covers nor is covered."""
    layer = np.full(len(no_pokes().seen), -1)
    for name, order in _ORDER.items():
        layer[CLOTHES_INDEX[name]] = order
    # Of boots under leg wear that reaches lower than the ankles only the soles are left, which stand beside it.
    ankles = min(float(human.landmarks[f"{side}_ankle"].points[:, 2].min()) for side in ("left", "right"))
    if any(_heights(human, name).min(initial=np.inf) < ankles for name in ("tights", "unitard")):
        layer[CLOTHES_INDEX["boots"]] = -1
    return layer


def _heights(human: Human, garment: str) -> Array:
    index = CLOTHES_INDEX[garment]
    heights = [mesh.vertices[mesh.faces[mesh.garment == index][:, :3].ravel(), 2] for mesh in human.meshes]
    return np.concatenate(heights)


def _pokes_from(scene: _Scene, azimuth: float, elevation: float, pixel: float) -> Pokes:
    level = np.array((np.cos(azimuth), np.sin(azimuth), 0.0))
    toward = np.cos(elevation) * level + np.sin(elevation) * UP
    right = np.cross(UP, level)
    axes = np.stack((right, np.cross(toward, right), toward))
    triangle, depth, outside = _hits(scene.corners @ axes.T, pixel)

    out = no_pokes()
    first = triangle[:, 0]
    # Which are met in a row from outside, no surface being left in between.
    entered = np.logical_and.accumulate(outside, axis=1)
    garment = scene.garment[first]
    np.add.at(out.hollow, garment[~outside[:, 0] & np.isin(garment, [CLOTHES_INDEX[n] for n in _CLOSED])], 1)
    done = np.zeros(len(first), bool)
    for k in range(1, triangle.shape[1]):
        behind = triangle[:, k]
        pokes = entered[:, k] & (behind >= 0) & (depth[:, 0] - depth[:, k] < DEPTH) & ~done
        pokes &= (scene.layer[first] >= 0) & (scene.layer[behind] > scene.layer[first])
        pokes &= np.linalg.norm(scene.rest[first] - scene.rest[behind], axis=1) < NEAR
        np.add.at(out.through, (scene.garment[behind[pokes]], garment[pokes]), 1)
        done |= pokes
    np.add.at(out.seen, garment[~done], 1)
    return out


def _hits(corners: Array, pixel: float) -> tuple[np.ndarray, Array, np.ndarray]:
    """What the rays through all pixels meet that meet anything.

    Args:
        corners: (T, 3, 3) of triangles: metres to the right, up and toward the viewer.

    Returns:
        (P, `_HITS`) triangles in the order in which the rays meet them, −1 for none; how near they are there (m toward
        the viewer); and whether they are met from outside.
    """
    flat = (corners[..., :2] - corners[..., :2].min(axis=(0, 1))) / pixel
    low = np.ceil(flat.min(axis=1) - 0.5).astype(np.int64)
    extent = np.maximum(np.floor(flat.max(axis=1) - 0.5).astype(np.int64) - low + 1, 0)
    count = extent[:, 0] * extent[:, 1]
    # One row for every pixel in every triangle's bounding box.
    triangle = np.repeat(np.arange(len(corners)), count)
    place = np.arange(len(triangle)) - np.repeat(np.cumsum(count) - count, count)
    column = low[triangle, 0] + place % extent[triangle, 0]
    row = low[triangle, 1] + place // extent[triangle, 0]

    a, b, c = (flat[triangle, corner] for corner in range(3))
    at = np.stack((column, row), axis=1) + 0.5
    shares = np.stack((_twice_area(at, b, c), _twice_area(at, c, a), _twice_area(at, a, b)), axis=1)
    area = _twice_area(a, b, c)
    inside = (area != 0.0) & np.all(shares * np.sign(area)[:, None] >= 0.0, axis=1)
    triangle, column, row, area, shares = triangle[inside], column[inside], row[inside], area[inside], shares[inside]
    near = np.sum(shares * corners[triangle, :, 2], axis=1) / area

    ray = row * (int(flat[..., 0].max()) + 2) + column
    order = np.lexsort((triangle, -near, ray))
    rays, first = np.unique(ray[order], return_index=True)
    rank = np.arange(len(order)) - np.repeat(first, np.diff(np.append(first, len(order))))
    kept = rank < _HITS
    index = (np.repeat(np.arange(len(rays)), np.diff(np.append(first, len(order))))[kept], rank[kept])
    hit, depth, outside = (np.full((len(rays), _HITS), fill) for fill in (-1, -np.inf, False))
    hit[index], depth[index], outside[index] = triangle[order][kept], near[order][kept], area[order][kept] > 0.0
    return hit, depth, outside


def _twice_area(a: Array, b: Array, c: Array) -> Array:
    """Of triangles in the plane, positive where the corners go round counter-clockwise."""
    ab, ac = b - a, c - a
    return ab[:, 0] * ac[:, 1] - ab[:, 1] * ac[:, 0]

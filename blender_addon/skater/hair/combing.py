"""How hair lies on the skull: which way it is combed, how high it stands, and the surface and locks that follow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from blender_addon.skater.hair.head import Head, unit
from blender_addon.skater.hair.strands import Tuft, grid_faces, grid_uv, on_head, ribbons, tapered
from mocap.rotations import Array

Height = Callable[[Array, Array], Array]
"""Metres above the skull at u (…,) across the strands and v (…,) along them, both 0…1."""

# Metres between strands of a surface along the hairline; less shows no more of a head that fills a picture.
SPACING = 0.0034


@dataclass(frozen=True)
class Combing:
    """Strands over the skull, side by side, each an arc from its root over a place on its way to its tip.

    Attributes:
        roots, via, tips: (C, 3) directions from the head's middle; via is where an arc is drawn to, not passed through.
        closed: whether the last strand lies beside the first.
    """

    roots: Array
    via: Array
    tips: Array
    closed: bool

    def directions(self, u: Array, v: Array) -> Array:
        """(…, 3) where strands lie at u (…,) and v (…,), of one shape."""
        root, via, tip = (_between(ends, u, self.closed) for ends in (self.roots, self.via, self.tips))
        t = np.asarray(v)[..., None]
        arc = (1.0 - t) ** 2 * root + 2.0 * t * (1.0 - t) * via + t**2 * tip
        return arc / np.linalg.norm(arc, axis=-1, keepdims=True)


def _between(ends: Array, u: Array, closed: bool) -> Array:
    count = len(ends)
    place = np.asarray(u) * (count if closed else count - 1)
    below = np.floor(place).astype(np.int64)
    share = (place - below)[..., None]
    if closed:
        return (1.0 - share) * ends[below % count] + share * ends[(below + 1) % count]
    below = np.clip(below, 0, count - 1)
    return (1.0 - share) * ends[below] + share * ends[np.minimum(below + 1, count - 1)]


def along(line: Callable[[Array], Array], head: Head) -> Array:
    """(C,) degrees round the head, evenly spaced in metres along a line, once round from the nape.

    Args:
        line: degrees above the horizontal of the line, from degrees round the head.
    """
    fine = np.linspace(-180.0, 180.0, 721)
    points = head.on_skull(unit(fine, line(fine)), 0.0)
    run = np.concatenate(((0.0,), np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))))
    count = round(float(run[-1]) / SPACING)
    return np.interp(np.arange(count) * run[-1] / count, run, fine)


def uneven(rng: np.random.Generator, count: int, widths: tuple[float, ...]) -> Array:
    """(count,) about −1…1, round a ring: the sum of noises as wide as `widths`, in strands."""
    layers = [gaussian_filter1d(rng.standard_normal(count), width, mode="wrap") for width in widths]
    return np.mean([layer / layer.std() for layer in layers], axis=0)


def combed(values: Array, closed: bool) -> Callable[[Array], Array]:
    """The function of u that goes through values (C,) of the strands."""
    return lambda u: _between(values[:, None], u, closed)[..., 0]


def mantle(head: Head, combing: Combing, height: Height, rows: int, columns: int) -> Tuft:
    """The surface of combed hair."""
    u = np.arange(columns) / (columns if combing.closed else columns - 1.0)
    u, v = np.meshgrid(u, np.linspace(0.0, 1.0, rows))
    points = head.on_skull(combing.directions(u, v), height(u, v))
    uv = grid_uv(points, combing.closed)
    faces = outside_out(points.reshape(-1, 3), grid_faces(rows, columns, combing.closed), head.middle)
    if faces[0, 0] != 0:
        uv = uv[:, ::-1]
    return on_head(points.reshape(-1, 3), faces, uv, head)


def outside_out(vertices: Array, faces: np.ndarray, middle: Array) -> np.ndarray:
    """The faces, all turned over if most of them look towards `middle`."""
    a, b, c, d = np.moveaxis(vertices[faces], 1, 0)
    away = np.einsum("fi,fi->f", np.cross(c - a, d - b), (a + c) / 2.0 - middle)
    return faces if away.sum() > 0.0 else faces[:, ::-1]


@dataclass(frozen=True)
class Locks:
    """S single locks over combed hair.

    Attributes:
        u, root, tip: (S,) which strand of the combing they follow, and from where to where along it; a tip over 1 hangs
            over the end.
        lift: (S,) metres that the tip stands off the surface; sink: (S,) that the root lies under it.
        width: (S,) metres.
        drift: (S,) by how much of u the tip strays.
    """

    u: Array
    root: Array
    tip: Array
    lift: Array
    sink: Array
    width: Array
    drift: Array


def lay_locks(head: Head, combing: Combing, height: Height, locks: Locks, count: int = 7) -> Tuft:
    """Ribbons of `count` points that follow the combing."""
    t = np.linspace(0.0, 1.0, count)
    v = locks.root[:, None] + (locks.tip - locks.root)[:, None] * t
    u = locks.u[:, None] + locks.drift[:, None] * t**2
    u = u % 1.0 if combing.closed else np.clip(u, 0.0, 1.0)
    up = locks.lift[:, None] * t**2 - locks.sink[:, None] * (1.0 - t) ** 2
    directions = combing.directions(u, v)
    paths = head.on_skull(directions, height(u, v) + up)
    vertices, faces, uv = ribbons(paths, directions, tapered(locks.width, count), locks.u * 7.0)
    return on_head(vertices, faces, uv, head)

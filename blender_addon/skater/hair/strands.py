"""Strands of hair as narrow ribbons, and the surfaces that they lie on. Numpy alone.

Texture coordinates everywhere: u runs across the strands and is constant along each, 1 for a decimetre; v runs along
them, 0 at the root and 1 at the tip.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_addon.labels.vocabulary import CLOTHES_INDEX
from blender_addon.skater.hair.head import Head
from blender_addon.skater.human import SkinnedMesh
from mocap.rotations import Array

DECIMETRE = 0.1


@dataclass(frozen=True)
class Tuft:
    """A piece of hair's surface.

    Attributes:
        vertices: (N, 3); faces: (F, 4), turned outwards; uv: (F, 4, 2).
        bones: (N, K) and weights: (N, K) as a mesh's.
    """

    vertices: Array
    faces: np.ndarray
    uv: Array
    bones: np.ndarray
    weights: Array


def on_head(vertices: Array, faces: np.ndarray, uv: Array, head: Head) -> Tuft:
    """Hair that lies close: it moves with the head."""
    count = len(vertices)
    return Tuft(vertices, faces, uv, np.full((count, 1), head.bone), np.ones((count, 1)))


def as_hair(tufts: list[Tuft], head: Head) -> SkinnedMesh:
    """All hair of a head as one mesh. Whatever it hangs over, it is labelled as hair of the head."""
    width = max(tuft.bones.shape[1] for tuft in tufts)
    offsets = np.cumsum([0, *(len(tuft.vertices) for tuft in tufts[:-1])])
    faces = np.concatenate([tuft.faces + offset for tuft, offset in zip(tufts, offsets, strict=True)])

    def widened(values: np.ndarray) -> np.ndarray:
        return np.pad(values, ((0, 0), (0, width - values.shape[1])))

    return SkinnedMesh(
        name="hair",
        vertices=np.concatenate([tuft.vertices for tuft in tufts]),
        faces=faces,
        bones=np.concatenate([widened(tuft.bones) for tuft in tufts]),
        weights=np.concatenate([widened(tuft.weights) for tuft in tufts]),
        garment=np.full(len(faces), CLOTHES_INDEX["hair"], np.uint8),
        part=np.full(len(faces), head.part, np.uint8),
        uv=np.concatenate([tuft.uv for tuft in tufts]),
    )


def grid_faces(rows: int, columns: int, closed: bool) -> np.ndarray:
    """(F, 4) corners of a grid of vertices (rows, columns), the last column joined to the first if `closed`."""
    index = np.arange(rows * columns).reshape(rows, columns)
    after = np.roll(index, -1, axis=1)
    if not closed:
        index, after = index[:, :-1], after[:, :-1]
    return np.stack((index[:-1], after[:-1], after[1:], index[1:]), axis=-1).reshape(-1, 4)


def grid_uv(points: Array, closed: bool) -> Array:
    """(F, 4, 2) texture coordinates of `grid_faces`, each column of points (R, C, 3) a strand from its first row on."""
    rows, columns = points.shape[:2]
    widest = np.linalg.norm(np.roll(points, -1, axis=1) - points, axis=-1).max(axis=0)
    across = np.concatenate(((0.0,), np.cumsum(widest))) / DECIMETRE
    along = np.linspace(0.0, 1.0, rows)
    steps = columns if closed else columns - 1
    u = np.stack((across[:steps], across[1 : steps + 1], across[1 : steps + 1], across[:steps]), axis=-1)
    v = np.stack((along[:-1], along[:-1], along[1:], along[1:]), axis=-1)
    u, v = np.broadcast_arrays(u[None, :, :], v[:, None, :])
    return np.stack((u, v), axis=-1).reshape(-1, 4, 2)


def ribbons(paths: Array, outward: Array, widths: Array, shade: Array) -> tuple[Array, np.ndarray, Array]:
    """Narrow strips with a ridge along their middle.

    Args:
        paths: (S, K, 3) from root to tip; outward: (S, K, 3) away from what they lie on.
        widths: (S, K) metres.
        shade: (S,) at which u each begins, so that neighbours differ.

    Returns:
        vertices (S·K·3, 3), faces (F, 4), uv (F, 4, 2).
    """
    along = np.gradient(paths, axis=1)
    across = np.cross(along, outward)
    across /= np.maximum(np.linalg.norm(across, axis=-1, keepdims=True), 1e-12)
    outward = np.cross(across, along)
    outward /= np.maximum(np.linalg.norm(outward, axis=-1, keepdims=True), 1e-12)
    half = 0.5 * widths[..., None] * across
    rows = np.stack((paths - half, paths + 0.3 * widths[..., None] * outward, paths + half), axis=2)
    strands, count = paths.shape[:2]
    faces = grid_faces(count, 3, closed=False)
    every = faces[None] + (np.arange(strands) * count * 3)[:, None, None]
    u = shade[:, None, None] + 0.5 * (faces % 3 - 1.0) * widths.max(axis=1)[:, None, None] / DECIMETRE
    v = np.broadcast_to((faces // 3 / (count - 1.0))[None], u.shape)
    return rows.reshape(-1, 3), every.reshape(-1, 4), np.stack((u, v), axis=-1).reshape(-1, 4, 2)


def tube(middles: Array, across: Array, up: Array, radii: Array) -> tuple[Array, np.ndarray, Array]:
    """The skin of a bundle of hair, a strand along each of its sides.

    Args:
        middles: (K, 3) from root to tip; across, up: (K, 3) square to it, across × up pointing along it.
        radii: (K, R) metres, or (K, R, 2) different ones across and up.

    Returns:
        vertices (K·R, 3), faces (F, 4) turned outwards, uv (F, 4, 2).
    """
    count, size = radii.shape[:2]
    around = np.linspace(0.0, 2.0 * np.pi, size, endpoint=False)
    wide = radii if radii.ndim == 3 else np.stack((radii, radii), axis=-1)
    rings = (
        middles[:, None]
        + (wide[..., 0] * np.cos(around))[..., None] * across[:, None]
        + (wide[..., 1] * np.sin(around))[..., None] * up[:, None]
    )
    return rings.reshape(-1, 3), grid_faces(count, size, closed=True), grid_uv(rings, closed=True)


def tapered(width: Array | float, count: int, root: float = 0.5, tip: float = 0.12) -> Array:
    """(…, count) widths along strands that are `width` at their widest, by shares of it at root and tip."""
    v = np.linspace(0.0, 1.0, count)
    shape = np.interp(v, (0.0, 0.25, 0.6, 1.0), (root, 1.0, 0.9, tip))
    return np.asarray(width)[..., None] * shape

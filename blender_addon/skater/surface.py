"""Cutting and making surfaces that hang on a rig: what skin, clothes, hair and skates are made with. Numpy alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from blender_addon.skater.cutting import crossed_edges, cut_faces, edges_of
from blender_addon.skater.human import SkinnedMesh
from blender_addon.skater.part_borders import PartBorders
from mocap.rotations import Array

# A cut nearer to a vertex than this share of the edge moves the vertex instead, so that no sliver is left.
SNAP = 0.3


@dataclass(frozen=True)
class Surface:
    """A surface while it is being made.

    Attributes:
        vertices: (N, 3) metres.
        faces: (F, 4) vertex indices, counter-clockwise seen from outside; a triangle has −1 in its last place.
        weights: (N, B) share of every bone in every vertex; rows sum to 1.
    """

    vertices: Array
    faces: np.ndarray
    weights: Array


def spread_weights(bones: np.ndarray, weights: Array, count: int) -> Array:
    """(N, count) weights by bone from lists of bones (N, K) and their shares (N, K)."""
    dense = np.zeros((len(bones), count))
    np.add.at(dense, (np.arange(len(bones))[:, None], bones), weights)
    return dense


def pack_weights(dense: Array) -> tuple[np.ndarray, Array]:
    """Lists of bones (N, K) and shares (N, K) from weights by bone (N, B); K is what the busiest vertex needs."""
    width = max(1, int((dense > 0.0).sum(axis=1).max(initial=0)))
    bones = np.argsort(-dense, axis=1, kind="stable")[:, :width]
    weights = np.take_along_axis(dense, bones, axis=1)
    return np.where(weights > 0.0, bones, 0), weights / weights.sum(axis=1, keepdims=True)


def as_mesh(
    name: str,
    surface: Surface,
    garment: np.ndarray | int,
    part: np.ndarray | PartBorders,
    *,
    uv: Array | None = None,
    smooth: bool = True,
    thickness: float = 0.0,
    look: str = "",
    fields: Mapping[str, Array] | None = None,
) -> SkinnedMesh:
    """The finished surface: `garment`, one or (F,), of its faces; the rest as `SkinnedMesh`.

    Args:
        part: body part (F,) of each face, or the borders between these.
    """
    borders = part if isinstance(part, PartBorders) else None
    bones, weights = pack_weights(surface.weights)
    return SkinnedMesh(
        name=name,
        vertices=surface.vertices,
        faces=surface.faces,
        bones=bones,
        weights=weights,
        garment=np.broadcast_to(garment, len(surface.faces)).astype(np.uint8),
        part=part.parts_at(face_centers(surface.vertices, surface.faces)) if isinstance(part, PartBorders) else part,
        uv=uv,
        smooth=smooth,
        thickness=thickness,
        look=look,
        fields=dict(fields or {}),
        borders=borders,
    )


def rigid_weights(count: int, bones: int, bone: int) -> Array:
    """(count, bones) weights of vertices that all hang on one bone."""
    dense = np.zeros((count, bones))
    dense[:, bone] = 1.0
    return dense


def select_faces(surface: Surface, mask: np.ndarray) -> Surface:
    """The faces where `mask` (F,) is true, with only the vertices that they use."""
    return select_faces_and_vertices(surface, mask)[0]


def select_faces_and_vertices(surface: Surface, mask: np.ndarray) -> tuple[Surface, np.ndarray]:
    """As `select_faces`; and which vertices (N,) of the whole are left."""
    faces = surface.faces[mask]
    used = np.unique(faces[faces >= 0])
    number = np.full(len(surface.vertices) + 1, -1)
    number[used] = np.arange(len(used))
    return Surface(surface.vertices[used], number[faces], surface.weights[used]), used


def join(surfaces: list[Surface]) -> Surface:
    """Several surfaces as one, unconnected."""
    offsets = np.cumsum([0, *(len(s.vertices) for s in surfaces[:-1])])
    return Surface(
        np.concatenate([s.vertices for s in surfaces]),
        np.concatenate([np.where(s.faces >= 0, s.faces + o, -1) for s, o in zip(surfaces, offsets, strict=True)]),
        np.concatenate([s.weights for s in surfaces]),
    )


def face_centers(vertices: Array, faces: np.ndarray) -> Array:
    """(F, 3) mean corner of each face."""
    present = (faces >= 0)[..., None]
    return (vertices[faces] * present).sum(axis=1) / present.sum(axis=1)


def face_areas(vertices: Array, faces: np.ndarray) -> Array:
    """(F, 3) normals of faces, as long as the face is large (m²)."""
    last = np.where(faces[:, 3] < 0, faces[:, 2], faces[:, 3])
    a, b, c, d = (vertices[index] for index in (faces[:, 0], faces[:, 1], faces[:, 2], last))
    return 0.5 * np.cross(c - a, d - b)


def vertex_normals(vertices: Array, faces: np.ndarray) -> Array:
    """(N, 3) unit normals, faces counting by their area."""
    normals = np.zeros_like(vertices)
    areas = face_areas(vertices, faces)
    for corner in range(4):
        there = faces[:, corner] >= 0
        np.add.at(normals, faces[there, corner], areas[there])
    return normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)


def cut(surface: Surface, field: Array) -> tuple[Surface, np.ndarray]:
    """Cuts a surface along the line where `field` (N,) is 0, so that no face lies on both sides.

    Returns:
        the cut surface, whose vertices are moved or added only along its edges, and (F,) bool: which faces lie on the
        side where the field is positive.
    """
    surface, field = _snap(surface, field)
    made = cut_faces(surface.faces, field)
    vertices, weights = made.of_vertices(surface.vertices), made.of_vertices(surface.weights)
    return Surface(vertices, made.faces, weights), made.side


def trim(surface: Surface, field: Array) -> Surface:
    """What of a surface lies where `field` (N,) is positive."""
    corner = surface.faces >= 0
    touched = np.zeros(len(surface.vertices), bool)
    touched[surface.faces[np.any((field[surface.faces] > 0.0) & corner, axis=1)[:, None] & corner]] = True
    # With one row of faces more, so that what is left out at once makes no edge where the cut runs.
    rest, kept = select_faces_and_vertices(surface, np.any(touched[surface.faces] & corner, axis=1))
    made, inside = cut(rest, field[kept])
    return select_faces(made, inside)


def open_edges(faces: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(E, 2) edges of one face only, as that face goes round, and (E,) that face."""
    edges, face = edges_of(faces)
    low, high = np.sort(edges, axis=1).T
    _, where, uses = np.unique(low * (faces.max(initial=0) + 1) + high, return_inverse=True, return_counts=True)
    alone = uses[where.ravel()] == 1
    return edges[alone], face[alone]


def _snap(surface: Surface, field: Array) -> tuple[Surface, Array]:
    """Moves vertices that the cut nearly meets onto it; those on an open edge only along that edge."""
    edges = crossed_edges(surface.faces, field)
    rim = np.zeros(len(surface.vertices), bool)
    outline = np.sort(open_edges(surface.faces)[0], axis=1)
    rim[outline] = True
    count = len(surface.vertices)
    on_outline = np.isin(edges[:, 0] * count + edges[:, 1], outline[:, 0] * count + outline[:, 1])
    ends = np.concatenate((edges, edges[:, ::-1]))
    ends = ends[~rim[ends[:, 0]] | np.tile(on_outline, 2)]
    t = field[ends[:, 0]] / (field[ends[:, 0]] - field[ends[:, 1]])
    ends, t = ends[t < SNAP], t[t < SNAP][:, None]
    near, count = np.unique(ends[:, 0], return_counts=True)
    moved = Surface(surface.vertices.copy(), surface.faces, surface.weights.copy())
    for values in (moved.vertices, moved.weights):
        step = np.zeros_like(values)
        np.add.at(step, ends[:, 0], t * (values[ends[:, 1]] - values[ends[:, 0]]))
        values[near] += step[near] / count[:, None]
    field = field.copy()
    field[near] = 0.0
    return moved, field


def loft(rings: Array, close_start: bool = False, close_end: bool = False) -> tuple[Array, np.ndarray]:
    """The skin over rings of points.

    Args:
        rings: (S, R, 3) points of S closed rings; R even where an end is closed.
        close_start, close_end: whether the first and the last ring are filled.

    Returns:
        vertices (S·R, 3) and faces (F, 4), turned outwards.
    """
    count, size = rings.shape[:2]
    index = np.arange(count * size).reshape(count, size)
    turned = np.roll(index, -1, axis=1)
    faces = [np.stack((index[:-1], turned[:-1], turned[1:], index[1:]), axis=-1).reshape(-1, 4)]
    half = np.arange(size // 2 - 1)
    # An end is filled with quads between its two halves; the outermost two share the corner where the halves meet.
    cap = np.stack((half, half + 1, size - 2 - half, size - 1 - half), axis=-1)
    if close_start:
        faces.append(index[0][cap[:, ::-1]])
    if close_end:
        faces.append(index[-1][cap])
    vertices, out = rings.reshape(-1, 3), np.concatenate(faces)
    side = index[:-1].size
    outward = face_centers(vertices, out[:side]) - rings.mean(axis=1).repeat(size, axis=0)[:side]
    if np.sum(face_areas(vertices, out[:side]) * outward) < 0.0:
        out = out[:, ::-1]
    return vertices, out


def smoothstep(low: float, high: float, value: Array) -> Array:
    """0 below `low`, 1 above `high`, smooth in between (3t² − 2t³)."""
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    return t * t * (3.0 - 2.0 * t)

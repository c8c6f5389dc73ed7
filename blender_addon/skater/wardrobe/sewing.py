"""How close cloth lies on skin, and how its edges are turned in. Numpy alone."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from blender_addon.skater.cutting import edges_of
from blender_addon.skater.surface import Surface, open_edges, smoothstep, vertex_normals
from mocap.rotations import Array

# Shares of the way to the neighbours' mean: there and back again, which evens out bumps without drawing limbs thinner
# (Taubin, "A signal processing approach to fair surface design", 1995).
_SMOOTH, _ROUGHEN = 0.63, -0.67
_SMOOTHINGS = 20
_BRIDGINGS = 16

# MakeHuman's helper geometry lies 5 to 6 mm outside the skin; metres by which it is drawn in.
_HELPER_FIT = 0.003
# Metres that its long edges sag below a round surface.
_SAG = 0.002

# What goes under a garment's edge is drawn in so far, and at such a depth under the edge (m, on a grown person), that
# it cannot show through: skin gently, as it is seen beside the edge; cloth more, as none of it is seen there.
SKIN_TUCK = (0.003, 0.02)
CLOTH_TUCK = (0.007, 0.012)


def ease_over(skin: Surface, most: float) -> Array:
    """(N, 3) metres by which cloth that touches the skin stands off it: over small bumps and navel it lies smooth,
    hollows it bridges, by up to `most`. Where the skin ends it lies on it."""
    step = _to_neighbours(skin)
    vertices = skin.vertices
    for _ in range(_SMOOTHINGS):
        for share in (_SMOOTH, _ROUGHEN):
            vertices = vertices + share * (step @ vertices)
    normals = vertex_normals(vertices, skin.faces)
    bridged = vertices
    for _ in range(_BRIDGINGS):
        # Only outwards: cloth under tension leaves hollows, it does not press into flesh.
        way = step @ bridged
        outward = np.sum(way * normals, axis=1) > 0.0
        bridged = bridged + 0.5 * way * outward[:, None]
    lift = bridged - vertices
    length = np.maximum(np.linalg.norm(lift, axis=1, keepdims=True), 1e-12)
    return vertices - skin.vertices + lift * np.minimum(1.0, most / length)


def lie_outside(cloth: Surface, skin: Surface, gap: float) -> Surface:
    """Cloth of a coarser make, drawn close to the skin but nowhere nearer than `gap` metres; it bends as the skin."""
    distance, near = cKDTree(skin.vertices).query(cloth.vertices, k=4)
    share = 1.0 / np.maximum(distance, 1e-4) ** 2
    share /= share.sum(axis=1, keepdims=True)
    below = np.einsum("nk,nki->ni", share, skin.vertices[near])
    normals = np.einsum("nk,nki->ni", share, vertex_normals(skin.vertices, skin.faces)[near])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    height = np.sum((cloth.vertices - below) * normals, axis=1)
    wanted = np.maximum(height - _HELPER_FIT, gap + _SAG)
    return Surface(
        cloth.vertices + (wanted - height)[:, None] * normals,
        cloth.faces,
        np.einsum("nk,nkb->nb", share, skin.weights[near]),
    )


def drawn_in(vertices: Array, faces: np.ndarray, depth: Array, size: float, tuck: tuple[float, float]) -> Array:
    """(N, 3) vertices of what lies `depth` (N,) metres under a garment's edge, on a person of `Pattern.size`; `tuck` as
    `SKIN_TUCK`."""
    most, at = tuck
    inward = most * size * smoothstep(0.0, at * size, depth)
    return vertices - inward[:, None] * vertex_normals(vertices, faces)


def scraps(faces: np.ndarray, kept: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """(F,) bool: which of the faces that are kept (F,) hang together without any vertex that is seen (N,)."""
    edges, _ = edges_of(faces[kept])
    count = len(seen)
    links = csr_array((np.ones(len(edges), bool), (edges[:, 0], edges[:, 1])), shape=(count, count))
    _, cloth = connected_components(links, directed=False)
    shown = np.zeros(count, bool)
    shown[cloth[seen & np.isin(np.arange(count), edges)]] = True
    return kept & ~shown[cloth[faces[:, 0]]]


def turn_in(surface: Surface, depth: float, width: float) -> tuple[Surface, np.ndarray, np.ndarray]:
    """A surface whose open edges are turned in: `depth` metres towards the skin, and back under the cloth for `width`.

    Returns:
        the surface; which vertex of the old one each vertex (N,), and which face each face (F,) was made from.
    """
    edges, face = open_edges(surface.faces)
    rim, place = np.unique(edges, return_inverse=True)
    place = place.reshape(edges.shape)
    normals = vertex_normals(surface.vertices, surface.faces)[rim]
    along = np.zeros((len(rim), 3))
    for end in range(2):
        np.add.at(along, place[:, end], surface.vertices[edges[:, 1]] - surface.vertices[edges[:, 0]])
    # The cloth lies to the left of its edge, seen from outside.
    under = np.cross(normals, along)
    under /= np.maximum(np.linalg.norm(under, axis=1, keepdims=True), 1e-12)
    fold = surface.vertices[rim] - depth * normals
    rows = (fold, fold + width * under - 0.5 * depth * normals)

    count = len(surface.vertices)
    first = np.stack((edges[:, 1], edges[:, 0], count + place[:, 0], count + place[:, 1]), axis=1)
    second = np.stack((first[:, 3], first[:, 2], first[:, 2] + len(rim), first[:, 3] + len(rim)), axis=1)
    source = np.concatenate((np.arange(count), rim, rim))
    return (
        Surface(
            np.concatenate((surface.vertices, *rows)),
            np.concatenate((surface.faces, first, second)),
            surface.weights[source],
        ),
        source,
        np.concatenate((np.arange(len(surface.faces)), face, face)),
    )


def _to_neighbours(surface: Surface) -> csr_array:
    """(N, N) the way from each vertex to the mean of its neighbours; none for those on an open edge."""
    count = len(surface.vertices)
    edges, _ = edges_of(surface.faces)
    pairs = np.unique(np.concatenate((edges, edges[:, ::-1])), axis=0)
    degree = np.bincount(pairs[:, 0], minlength=count)
    held = np.zeros(count, bool)
    held[open_edges(surface.faces)[0]] = True
    free = np.flatnonzero(~held & (degree > 0))
    inner = ~held[pairs[:, 0]]
    rows, columns = pairs[inner].T
    return csr_array(
        (
            np.concatenate((1.0 / degree[rows], np.full(len(free), -1.0))),
            (np.concatenate((rows, free)), np.concatenate((columns, free))),
        ),
        shape=(count, count),
    )

"""Where on everybody's one body each point of somebody lies: places on MakeHuman's base mesh. Numpy alone, no bpy.

The base mesh (hm08, before any phenotype) is the one body of which all others are made by moving its vertices. A point
of skin has the place there of the same point; clothes, hair, eyes and boots have that of the skin nearest to them at
rest, of the body parts that they belong to.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from blender_addon.cast import SkaterSpec
from blender_addon.labels.dense import CANONICAL_FIELDS
from blender_addon.makehuman.base_mesh import read_base_mesh
from blender_addon.makehuman.body import load_body
from blender_addon.skater.body_parts import part_of_bones
from blender_addon.skater.human import Human, SkinnedMesh
from mocap.rotations import Array, dot

# Triangles, by how near their middles are, among which the nearest one is looked for; and points at a time.
_NEAR, _AT_ONCE = 12, 20_000


def with_canonical(human: Human, spec: SkaterSpec, assets: Path) -> Human:
    """The human with each vertex' place on the base mesh (m) as fields of its meshes, by `CANONICAL_FIELDS`.

    Args:
        human: as built of the spec.
        assets: MakeHuman's data folder.
    """
    base = read_base_mesh(assets)
    body = load_body(spec.phenotype, assets, lengths=spec.lengths, details=spec.details, expression=spec.expression)
    skin = body.faces[body.face_masks["body"]]
    corners = np.concatenate((skin[:, [0, 1, 2]], skin[:, [0, 2, 3]][skin[:, 3] >= 0]))
    # Footwear raises people above what they stand on.
    worn = (body.vertices + (human.rig.heads[0] - body.rig.heads[0]))[corners]
    parts = part_of_bones(body.rig)[body.bones[:, 0]][corners]
    meshes = tuple(_marked(mesh, worn, base.vertices[corners], parts) for mesh in human.meshes)
    return dataclasses.replace(human, meshes=meshes)


def _marked(mesh: SkinnedMesh, worn: Array, canonical: Array, parts: np.ndarray) -> SkinnedMesh:
    of_these = np.isin(parts, np.unique(mesh.part)).any(axis=1)
    places = carried(mesh.vertices, worn[of_these], canonical[of_these])
    return dataclasses.replace(mesh, fields={**mesh.fields, **dict(zip(CANONICAL_FIELDS, places.T, strict=True))})


def carried(points: Array, triangles: Array, there: Array) -> Array:
    """(N, 3) where points lie on other triangles that correspond to those nearest to them.

    Args:
        points: (N, 3); triangles: (F, 3, 3) corners that they are near to.
        there: (F, 3, 3) corners of the same triangles elsewhere.
    """
    tree = cKDTree(triangles.mean(axis=1))
    count = min(_NEAR, len(triangles))
    out = np.empty_like(points)
    for start in range(0, len(points), _AT_ONCE):
        some = points[start : start + _AT_ONCE]
        near = tree.query(some, count)[1].reshape(len(some), count)
        shares = nearest_shares(some[:, None], triangles[near])
        away = np.einsum("nki,nkij->nkj", shares, triangles[near]) - some[:, None]
        best = np.argmin(dot(away, away), axis=1)
        each = np.arange(len(some))
        out[start : start + _AT_ONCE] = np.einsum("ni,nij->nj", shares[each, best], there[near[each, best]])
    return out


def nearest_shares(points: Array, triangles: Array) -> Array:
    """(…, 3) shares of a triangle's corners in its point nearest to a point.

    Which corner or edge is nearest, or the inside, is told as in Ericson, Real-Time Collision Detection (2005), 5.1.5.

    Args:
        points: (…, 3); triangles: (…, 3, 3), which may have more leading axes than one.
    """
    a, b, c = triangles[..., 0, :], triangles[..., 1, :], triangles[..., 2, :]
    ab, ac = b - a, c - a
    d1, d2 = dot(ab, points - a), dot(ac, points - a)
    d3, d4 = dot(ab, points - b), dot(ac, points - b)
    d5, d6 = dot(ab, points - c), dot(ac, points - c)
    va, vb, vc = d3 * d6 - d5 * d4, d5 * d2 - d1 * d6, d1 * d4 - d3 * d2
    zero, one = np.zeros_like(d1), np.ones_like(d1)

    def share(part: Array, whole: Array) -> Array:
        return np.asarray(part / np.where(whole != 0.0, whole, 1.0))

    on_ab, on_ac = share(d1, d1 - d3), share(d2, d2 - d6)
    on_bc = share(d4 - d3, (d4 - d3) + (d5 - d6))
    area: Array = np.asarray(va + vb + vc)
    v, w = share(vb, area), share(vc, area)
    regions = (
        ((d1 <= 0.0) & (d2 <= 0.0), (one, zero, zero)),
        ((d3 >= 0.0) & (d4 <= d3), (zero, one, zero)),
        ((vc <= 0.0) & (d1 >= 0.0) & (d3 <= 0.0), (1.0 - on_ab, on_ab, zero)),
        ((d6 >= 0.0) & (d5 <= d6), (zero, zero, one)),
        ((vb <= 0.0) & (d2 >= 0.0) & (d6 <= 0.0), (1.0 - on_ac, zero, on_ac)),
        ((va <= 0.0) & (d4 >= d3) & (d5 >= d6), (zero, 1.0 - on_bc, on_bc)),
    )
    conditions = [condition for condition, _ in regions]
    inside = (1.0 - v - w, v, w)
    return np.stack(
        [np.select(conditions, [shares[corner] for _, shares in regions], inside[corner]) for corner in range(3)],
        axis=-1,
    )

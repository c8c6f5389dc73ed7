"""How a Blender mesh hangs on an armature: weights written and read in bulk, as far as Blender lets one."""

from __future__ import annotations

from typing import Any

import bmesh
import bpy
import numpy as np

from mocap.rotations import Array


def hang_on_bones(thing: bpy.types.Object, names: tuple[str, ...], bones: np.ndarray, weights: Array) -> None:
    """Gives a mesh object without vertex groups one for each bone that it hangs on.

    Args:
        names: of all bones; bones: (N, K) their indices per vertex; weights: (N, K) shares.
    """
    assert isinstance(thing.data, bpy.types.Mesh)
    used = np.unique(bones[weights > 0.0])
    group = np.zeros(len(names), dtype=np.int64)
    group[used] = np.arange(len(used))
    for bone in used.tolist():
        thing.vertex_groups.new(name=names[bone])
    # Blender takes weights one by one; through BMesh that is far cheaper than through the groups' own `add`.
    work = bmesh.new()
    try:
        work.from_mesh(thing.data)
        layer = work.verts.layers.deform.verify()
        groups, shares = group[bones].tolist(), weights.tolist()
        for vertex, indices, values in zip(work.verts, groups, shares, strict=True):
            entry: Any = vertex[layer]
            for index, share in zip(indices, values, strict=True):
                if share > 0.0:
                    entry[index] = share
        work.to_mesh(thing.data)
    finally:
        work.free()


def group_weights(data: bpy.types.Mesh) -> tuple[np.ndarray, np.ndarray, Array]:
    """A mesh's vertex groups as (M,) vertex, (M,) group and (M,) weight."""
    # Blender gives them vertex by vertex only.
    rows = [(vertex.index, entry.group, entry.weight) for vertex in data.vertices for entry in vertex.groups]
    table = np.array(rows, dtype=np.float64).reshape(-1, 3)
    return table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), table[:, 2]


def armature_modifier(thing: bpy.types.Object, armature: bpy.types.Object) -> None:
    """Lets an armature move a mesh object by linear blend skinning, as `skater.human.skin` does."""
    # `Any`: each kind of modifier has attributes that their common type lacks.
    skinning: Any = thing.modifiers.new("Armature", "ARMATURE")
    skinning.object = armature
    skinning.use_deform_preserve_volume = False


def subdivision_modifier(thing: bpy.types.Object, levels: int) -> None:
    """Catmull-Clark, if any level of it is asked for."""
    if levels > 0:
        subdivision: Any = thing.modifiers.new("Subdivision", "SUBSURF")
        subdivision.levels = subdivision.render_levels = levels

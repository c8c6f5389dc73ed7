"""Somebody's mesh objects at rest: everything applied that shapes them, but neither bones nor subdivision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

from blender_addon.scene.skinning import group_weights
from mocap.errors import UserError
from mocap.rig import Rig
from mocap.rotations import Array

# Modifiers that shape a mesh by what the file itself holds. Others simulate, read files, or follow the pose.
_SHAPING = (
    *("ARRAY", "BEVEL", "DECIMATE", "DISPLACE", "EDGE_SPLIT", "MASK", "MIRROR", "NODES", "NORMAL_EDIT", "REMESH"),
    *("SCREW", "SIMPLE_DEFORM", "SMOOTH", "SOLIDIFY", "TRIANGULATE", "WEIGHTED_NORMAL", "WELD", "WIREFRAME"),
)
# What else can be seen of a person; only meshes can be labelled.
_OTHER_SURFACES = ("CURVE", "CURVES", "FONT", "META", "SURFACE")


@dataclass(frozen=True)
class RestMesh:
    """A mesh at rest.

    Attributes:
        data: Blender's, in the world's metres; vertices: (N, 3) the same.
        faces: (F, 4) vertex indices, −1 in the last place of a triangle; polygons of more corners are cut up.
        polygon: (F,) Blender's polygon that each face is of.
        slot: (P,) material slot of each polygon.
        subdivision: levels of Catmull-Clark that it would be rendered with.
    """

    data: bpy.types.Mesh
    vertices: Array
    faces: np.ndarray
    polygon: np.ndarray
    slot: np.ndarray
    subdivision: int

    @property
    def first(self) -> np.ndarray:
        """(P,) the first face of each polygon."""
        return np.unique(self.polygon, return_index=True)[1]


def hung_on(armature: bpy.types.Object, objects: Sequence[bpy.types.Object]) -> list[bpy.types.Object]:
    """The mesh objects that are rendered and that move with an armature: by a modifier, or as its children.

    Raises:
        UserError: something that is no mesh hangs on it: hair of curves, say.
    """
    out = []
    for thing in objects:
        if thing.hide_render or not _moves_with(thing, armature):
            continue
        if thing.type in _OTHER_SURFACES or any(modifier.type == "PARTICLE_SYSTEM" for modifier in thing.modifiers):
            raise UserError(
                f"{thing.name!r} is not made of faces",
                mend="Convert it to a mesh in Blender (Object > Convert > Mesh), or hide it from the render.",
            )
        if thing.type == "MESH":
            out.append(thing)
    return out


def _moves_with(thing: bpy.types.Object, armature: bpy.types.Object) -> bool:
    if any(
        getattr(modifier, "object", None) == armature for modifier in thing.modifiers if modifier.type == "ARMATURE"
    ):
        return True
    above = thing.parent
    while above is not None and above != armature:
        above = above.parent
    return above is not None


def rest_pose(
    armature: bpy.types.Object,
    things: Sequence[bpy.types.Object],
    parents: Mapping[str, str],
    collection: bpy.types.Collection,
) -> None:
    """Brings armature and meshes into the scene, every bone at rest and held by nothing but its parent.

    Args:
        parents: bones that hang on nothing, with the bone that is to carry each.
    """
    for thing in (armature, *things):
        if thing.name not in collection.objects:
            collection.objects.link(thing)
        thing.hide_viewport = False
        if thing.data is not None and thing.data.users > 1:
            thing.data = thing.data.copy()
    _plain_bones(armature, parents)
    for thing in things:
        for modifier in list(thing.modifiers):
            if modifier.type not in (*_SHAPING, "SUBSURF"):
                thing.modifiers.remove(modifier)
            elif modifier.type == "SUBSURF":
                modifier.show_viewport = False
            else:
                modifier.show_viewport = modifier.show_render
    _layer().update()


def _plain_bones(armature: bpy.types.Object, parents: Mapping[str, str]) -> None:
    data: Any = armature.data
    data.pose_position = "POSE"
    assert armature.pose is not None
    for bone in armature.pose.bones:
        bone.matrix_basis.identity()
        bone.rotation_mode = "QUATERNION"
    for rest in data.bones:
        rest.use_inherit_rotation = rest.use_local_location = True
        rest.inherit_scale = "FULL"
        rest.bbone_segments = 1
    if parents:
        layer = _layer()
        before, layer.objects.active = layer.objects.active, armature
        bpy.ops.object.mode_set(mode="EDIT")
        try:
            for name, parent in parents.items():
                data.edit_bones[name].parent = data.edit_bones[parent]
        finally:
            bpy.ops.object.mode_set(mode="OBJECT")
            layer.objects.active = before


def rest_mesh(thing: bpy.types.Object) -> RestMesh:
    """An object's mesh as it is rendered at rest; `rest_pose` comes first."""
    graph = bpy.context.evaluated_depsgraph_get()
    shown = thing.evaluated_get(graph)
    data = bpy.data.meshes.new_from_object(shown, preserve_all_data_layers=True, depsgraph=graph)
    data.transform(shown.matrix_world)
    levels = [modifier.render_levels for modifier in thing.modifiers if isinstance(modifier, bpy.types.SubsurfModifier)]
    faces, polygon, _ = faces_of(data)
    slot = np.zeros(len(data.polygons), dtype=np.int32)
    data.polygons.foreach_get("material_index", slot)
    return RestMesh(data, vertices_of(data), faces, polygon, slot, max(levels, default=0))


def unmasked(thing: bpy.types.Object) -> RestMesh:
    """As `rest_mesh`, of the mesh as it is drawn: nothing hidden, nothing added."""
    shown = [modifier for modifier in thing.modifiers if modifier.show_viewport]
    for modifier in shown:
        modifier.show_viewport = False
    _layer().update()
    try:
        return rest_mesh(thing)
    finally:
        for modifier in shown:
            modifier.show_viewport = True
        _layer().update()


def _layer() -> bpy.types.ViewLayer:
    layer = bpy.context.view_layer
    assert layer is not None
    return layer


def vertices_of(data: bpy.types.Mesh) -> Array:
    """(N, 3) in the mesh's own space."""
    out = np.empty(3 * len(data.vertices))
    data.vertices.foreach_get("co", out)
    return out.reshape(-1, 3)


def faces_of(data: bpy.types.Mesh) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Quads and triangles: a polygon of n corners gives a fan of n − 2 at most.

    Returns:
        (F, 4) vertices, −1 in the last place of a triangle; (F,) their polygons; (F, 4) Blender's loops.
    """
    corner = np.empty(len(data.loops), dtype=np.int32)
    data.loops.foreach_get("vertex_index", corner)
    start, size = (np.empty(len(data.polygons), dtype=np.int32) for _ in range(2))
    data.polygons.foreach_get("loop_start", start)
    data.polygons.foreach_get("loop_total", size)
    loops, owners = [np.empty((0, 4), dtype=np.int64)], [np.empty(0, dtype=np.int64)]
    # Two corners at a time, from the first one on: quads, and a triangle at the end of what is odd.
    for step in range(1, int(size.max(initial=3)) - 1, 2):
        there = np.flatnonzero(size >= step + 2)
        places = start[there, None] + np.array((0, step, step + 1, step + 2))
        quad = size[there] >= step + 3
        loops.append(np.where(quad[:, None] | (np.arange(4) < 3), places, -1))
        owners.append(there)
    owner, loop = np.concatenate(owners), np.concatenate(loops)
    order = np.argsort(owner, kind="stable")
    owner, loop = owner[order], loop[order]
    return np.where(loop >= 0, corner[loop], -1).astype(np.int64), owner, loop


def hanging(thing: bpy.types.Object, data: bpy.types.Mesh, rig: Rig, deforming: np.ndarray) -> tuple[np.ndarray, Array]:
    """How an object's vertices hang on a rig: bones (N, K) and their shares (N, K); zeros where they hang on nothing.

    Args:
        deforming: (B,) bool, which bones move flesh.
    """
    if thing.parent_type == "BONE" and thing.parent_bone in rig.names:
        bones = np.full((len(data.vertices), 1), rig.index(thing.parent_bone))
        return bones, np.ones((len(data.vertices), 1))
    number = {name: i for i, name in enumerate(rig.names) if deforming[i]}
    of_group = np.array([number.get(group.name, -1) for group in thing.vertex_groups] or [-1])
    vertex, group, weight = group_weights(data)
    known = (group < len(of_group)) & (weight > 0.0)
    vertex, weight, bone = vertex[known], weight[known], of_group[group[known]]
    vertex, weight, bone = (values[bone >= 0] for values in (vertex, weight, bone))
    order = np.lexsort((bone, -weight, vertex))
    vertex, weight, bone = vertex[order], weight[order], bone[order]
    place = np.arange(len(vertex)) - np.searchsorted(vertex, vertex)
    width = int(place.max(initial=0)) + 1
    bones, weights = np.zeros((len(data.vertices), width), dtype=np.int64), np.zeros((len(data.vertices), width))
    bones[vertex, place], weights[vertex, place] = bone, weight
    total = weights.sum(axis=1, keepdims=True)
    return bones, np.divide(weights, total, out=np.zeros_like(weights), where=total > 0.0)

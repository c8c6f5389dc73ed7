"""Surfaces cut along the borders of body parts as they are rendered: bent by bones, smoothed by subdivision.

A cut before subdivision would change the smooth surface, and with it what is seen. So the evaluated mesh at rest is cut
once, which gives another mesh, `the pattern`: its vertices lie at shares between vertices of the evaluated one, and so
they do in every pose. A modifier of geometry nodes lays the pattern's vertices there, frame by frame.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np

from blender_addon.scene.rest_meshes import faces_of, vertices_of
from blender_addon.scene.shading import add_node
from blender_addon.skater.cutting import crossed_edges, cut_faces
from blender_addon.skater.part_borders import PartBorder, PartBorders
from mocap.rotations import Array

# A border that meets an edge so near to its end, by the edge's length and by metres, goes through the vertex there.
_SNAP, _SNAP_MOST = 0.08, 0.0005
# Vertices of the evaluated mesh between which one of the pattern lies, at most: two, or four where borders meet.
_SOURCES = 4
_FROM, _SHARE = "cut_from_{}", "cut_share_{}"
# Blender's types of attributes that are interpolated, with what their values are called and how many numbers they have.
_VALUES: dict[str, tuple[str, int]] = {
    "FLOAT": ("value", 1),
    "FLOAT2": ("vector", 2),
    "FLOAT_VECTOR": ("vector", 3),
    "FLOAT_COLOR": ("color", 4),
    "BYTE_COLOR": ("color", 4),
}


@dataclass(frozen=True)
class _Pattern:
    """A mesh cut along borders.

    Attributes:
        points: (N, 3); faces: (F, 4); part: (F,) body part of each.
        polygon: (F,) polygon of the uncut mesh that each is of.
        sources: (N, 4) vertices of the uncut mesh; shares: (N, 4) of each in a vertex.
        corners: by attribute (F, 4, …) values of the corners.
    """

    points: Array
    faces: np.ndarray
    part: np.ndarray
    polygon: np.ndarray
    sources: np.ndarray
    shares: Array
    corners: dict[str, Array]


def cut_along(
    thing: bpy.types.Object,
    borders: PartBorders,
    part: np.ndarray,
    slot_of: Callable[[np.ndarray, np.ndarray], np.ndarray],
) -> None:
    """Lets a mesh object at rest be rendered with its faces cut along borders.

    Where none runs it is left alone, as is what has normals of its own, whose faces stay whole.

    Args:
        thing: in the scene at the world's origin, with its modifiers on, the view layer up to date.
        part: by material slot, the part that its faces are on now.
        slot_of: (F,) material slots of faces, from the slots that they have now (F,) and their body parts (F,).
    """
    if _is_one_part(thing, borders, part):
        return
    # `Any`: an object's data can be many things.
    data: Any = thing.evaluated_get(bpy.context.evaluated_depsgraph_get()).data
    if data.has_custom_normals or "sharp_edge" in data.attributes:
        # Normals of somebody's own do not go through the knife.
        return
    pattern = _cut(data, borders)
    slot = np.zeros(len(data.polygons), dtype=np.int32)
    data.polygons.foreach_get("material_index", slot)
    before = slot[pattern.polygon]
    after = slot_of(before, pattern.part)
    if len(pattern.points) > len(data.vertices) or np.any(before != after):
        _lay(thing, _pattern_mesh(data, pattern, after, thing))


def _is_one_part(thing: bpy.types.Object, borders: PartBorders, part: np.ndarray) -> bool:
    """Whether all of a mesh is on the one part that its slots say; subdivision stays between a mesh's vertices."""
    data: Any = thing.data
    found = borders.parts_at(vertices_of(data))
    return bool(len(found)) and bool(np.all(part == found[0])) and bool(np.all(found == found[0]))


def _cut(data: bpy.types.Mesh, borders: PartBorders) -> _Pattern:
    faces, polygon, loops = faces_of(data)
    points = vertices_of(data)
    corners = _corner_values(data, loops)
    label = borders.parts_at(points)
    first = label[faces[:, 0]]
    mixed = np.any((label[faces] != first[:, None]) & (faces >= 0), axis=1)
    # Only what lies across a border goes through the knife, with vertices numbered anew.
    used, place = np.unique(faces[mixed], return_inverse=True)
    used = used[used >= 0]
    local = place.reshape(-1, 4) - int(np.any(faces[mixed] < 0))
    one = np.eye(1, _SOURCES)
    across = _Pattern(
        points[used],
        local,
        np.full(len(local), borders.whole, dtype=np.uint8),
        polygon[mixed],
        used[:, None] * one.astype(np.int64),
        np.repeat(one, len(used), axis=0),
        {name: values[mixed] for name, values in corners.items()},
    )
    for border in borders.borders:
        across = _cut_once(across, border)
    number = np.concatenate((used, len(points) + np.arange(len(across.points) - len(used)), (-1,)))
    own = np.arange(len(points))[:, None] * one.astype(np.int64)
    return _Pattern(
        np.concatenate((points, across.points[len(used) :])),
        np.concatenate((faces[~mixed], number[across.faces])),
        np.concatenate((first[~mixed], across.part)),
        np.concatenate((polygon[~mixed], across.polygon)),
        np.concatenate((own, across.sources[len(used) :])),
        np.concatenate((np.repeat(one, len(points), axis=0), across.shares[len(used) :])),
        {name: np.concatenate((values[~mixed], across.corners[name])) for name, values in corners.items()},
    )


def _cut_once(pattern: _Pattern, border: PartBorder) -> _Pattern:
    where = pattern.part == border.near
    near = pattern.faces[where]
    field = _snapped(near, border.field(pattern.points))
    behind = np.any((field[near] < 0.0) & (near >= 0), axis=1)
    if not np.any(behind & np.any((field[near] > 0.0) & (near >= 0), axis=1)):
        part = pattern.part.copy()
        part[np.flatnonzero(where)[~behind]] = border.far
        return dataclasses.replace(pattern, part=part)
    made = cut_faces(pattern.faces, field, where)
    sizes = (pattern.faces >= 0).sum(axis=1)
    sources, shares = _mixed(pattern, made.ends, made.share)
    return _Pattern(
        made.of_vertices(pattern.points),
        made.faces,
        np.where(where[made.face] & made.side, border.far, pattern.part[made.face]).astype(np.uint8),
        pattern.polygon[made.face],
        sources,
        shares,
        {name: made.of_corners(values, sizes) for name, values in pattern.corners.items()},
    )


def _snapped(faces: np.ndarray, field: Array) -> Array:
    """The field (N,), 0 at vertices that the border of the faces (F, 4) nearly meets."""
    ends = crossed_edges(faces, field)
    ends = np.concatenate((ends, ends[:, ::-1]))
    share = field[ends[:, 0]] / (field[ends[:, 0]] - field[ends[:, 1]])
    out = field.copy()
    out[ends[(share < _SNAP) & (np.abs(field[ends[:, 0]]) < _SNAP_MOST), 0]] = 0.0
    return out


def _mixed(pattern: _Pattern, ends: np.ndarray, share: Array) -> tuple[np.ndarray, Array]:
    """Sources and shares of all vertices, those of new ones on edges (M, 2) at shares (M,) added."""
    sources = np.concatenate((pattern.sources[ends[:, 0]], pattern.sources[ends[:, 1]]), axis=1)
    weights = np.stack((1.0 - share, share), axis=1)[..., None]
    shares = (weights * pattern.shares[ends]).reshape(len(ends), 2 * _SOURCES)
    largest = np.argsort(-shares, axis=1, kind="stable")[:, :_SOURCES]
    sources, shares = np.take_along_axis(sources, largest, axis=1), np.take_along_axis(shares, largest, axis=1)
    shares = shares / shares.sum(axis=1, keepdims=True)
    return np.concatenate((pattern.sources, sources)), np.concatenate((pattern.shares, shares))


def _corner_values(data: bpy.types.Mesh, loops: np.ndarray) -> dict[str, Array]:
    out = {}
    for attribute in _shown(data, "CORNER"):
        values = _read(attribute)
        out[attribute.name] = values[np.where(loops >= 0, loops, loops[:, :1])]
    return out


def _shown(data: bpy.types.Mesh, domain: str) -> list[Any]:
    """Attributes of a domain that are interpolated; Blender's own begin with a dot."""
    return [
        attribute
        for attribute in data.attributes
        if attribute.domain == domain
        and attribute.data_type in _VALUES
        and not attribute.name.startswith(".")
        and attribute.name != "position"
    ]


def _read(attribute: Any) -> Array:
    name, width = _VALUES[attribute.data_type]
    values = np.empty(len(attribute.data) * width, dtype=np.float32)
    attribute.data.foreach_get(name, values)
    return values.reshape(-1, width).astype(np.float64)


def _write(data: bpy.types.Mesh, like: Any, values: Array) -> None:
    made: Any = data.attributes.new(like.name, like.data_type, like.domain)
    made.data.foreach_set(_VALUES[like.data_type][0], np.ascontiguousarray(values, dtype=np.float32).ravel())


def _pattern_mesh(data: bpy.types.Mesh, pattern: _Pattern, slot: np.ndarray, thing: bpy.types.Object) -> bpy.types.Mesh:
    made = new_mesh(f"{thing.name}_cut", pattern.points, pattern.faces)
    whole: Any = thing.data
    for shown in whole.materials:
        made.materials.append(shown)
    made.polygons.foreach_set("material_index", slot.astype(np.int32))
    smooth = np.empty(len(data.polygons), dtype=bool)
    data.polygons.foreach_get("use_smooth", smooth)
    made.polygons.foreach_set("use_smooth", smooth[pattern.polygon])
    corner = pattern.faces >= 0
    for attribute in _shown(data, "CORNER"):
        _write(made, attribute, pattern.corners[attribute.name][corner])
    for attribute in _shown(data, "POINT"):
        values = _read(attribute)
        _write(made, attribute, np.einsum("nk,nki->ni", pattern.shares, values[pattern.sources]))
    for k in range(_used(pattern.shares)):
        chosen: Any = made.attributes.new(_FROM.format(k), "INT", "POINT")
        chosen.data.foreach_set("value", pattern.sources[:, k].astype(np.int32))
        share: Any = made.attributes.new(_SHARE.format(k), "FLOAT", "POINT")
        share.data.foreach_set("value", pattern.shares[:, k].astype(np.float32))
    made.update(calc_edges=True)
    return made


def _used(shares: Array) -> int:
    return int((shares > 0.0).sum(axis=1).max())


def new_mesh(name: str, vertices: Array, faces: np.ndarray) -> bpy.types.Mesh:
    """A mesh of vertices (N, 3) and faces (F, 4), −1 in the last place of a triangle; `update` is still to come."""
    data = bpy.data.meshes.new(name)
    corner = faces >= 0
    sizes = corner.sum(axis=1)
    data.vertices.add(len(vertices))
    data.vertices.foreach_set("co", np.ascontiguousarray(vertices, dtype=np.float32).ravel())
    data.loops.add(int(sizes.sum()))
    data.loops.foreach_set("vertex_index", faces[corner].astype(np.int32))
    data.polygons.add(len(sizes))
    data.polygons.foreach_set("loop_start", (np.cumsum(sizes) - sizes).astype(np.int32))
    return data


def _lay(thing: bpy.types.Object, pattern: bpy.types.Mesh) -> None:
    """Gives an object the modifier that lays a pattern on what it is by then."""
    holder = bpy.data.objects.new(pattern.name, pattern)
    modifier: Any = thing.modifiers.new("Part borders", "NODES")
    modifier.node_group = _laying(holder, sum(entry.name.startswith(_FROM.format("")) for entry in pattern.attributes))


def _laying(holder: bpy.types.Object, sources: int) -> bpy.types.NodeTree:
    tree: Any = bpy.data.node_groups.new(holder.name, "GeometryNodeTree")
    for way in ("INPUT", "OUTPUT"):
        tree.interface.new_socket("Geometry", in_out=way, socket_type="NodeSocketGeometry")
    shown = add_node(tree, "NodeGroupInput").outputs[0]
    position = add_node(tree, "GeometryNodeInputPosition").outputs[0]
    total = None
    for k in range(sources):
        index = add_node(tree, "GeometryNodeInputNamedAttribute", {"Name": _FROM.format(k)}, data_type="INT")
        share = add_node(tree, "GeometryNodeInputNamedAttribute", {"Name": _SHARE.format(k)}, data_type="FLOAT")
        place = add_node(
            tree,
            "GeometryNodeSampleIndex",
            {"Geometry": shown, "Value": position, "Index": index.outputs[0]},
            data_type="FLOAT_VECTOR",
            domain="POINT",
        )
        part = add_node(
            tree, "ShaderNodeVectorMath", {0: place.outputs[0], "Scale": share.outputs[0]}, operation="SCALE"
        ).outputs[0]
        total = part if total is None else add_node(tree, "ShaderNodeVectorMath", {0: total, 1: part}).outputs[0]
    pattern = add_node(tree, "GeometryNodeObjectInfo", {"Object": holder}).outputs["Geometry"]
    laid = add_node(tree, "GeometryNodeSetPosition", {"Geometry": pattern, "Position": total})
    add_node(tree, "NodeGroupOutput", {0: laid.outputs[0]})
    return tree

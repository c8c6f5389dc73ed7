"""The hall in Blender: ice with its paint, boards, glass, stands, walls and roof.

Everything has pass index 0, so that masks hold skaters only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import bpy
import numpy as np
from mathutils import Vector
from mathutils.geometry import delaunay_2d_cdt

from blender_addon.clip import RinkSpec
from blender_addon.rink import boards, building, stands
from blender_addon.rink import glass as panes
from blender_addon.rink.plan import Disc, Line, markings, outline, outside, paint, stations
from blender_addon.rink.quads import Quads
from blender_addon.scene.rink_materials import PAINT, glass, ice, painted
from mocap.rotations import Array

CIRCLE_SIDES = 128
UNDER_BOARDS = 0.05
"""Metres that the ice reaches under the boards, so that no gap shows in the corners."""


@dataclass(frozen=True)
class Rink:
    """What `build_rink` made, `objects` by part: ice, boards, posts, glass, stands, seats, walls, roof."""

    spec: RinkSpec
    objects: dict[str, bpy.types.Object]


def build_rink(spec: RinkSpec, collection: bpy.types.Collection) -> Rink:
    """The hall as objects in the collection, but for its lamps (`lighting`). The ice is one flat mesh at z = 0."""
    dull = painted("rink dull", roughness=0.7)
    glossy = painted("rink glossy", roughness=0.3)
    objects = {"ice": place("ice", _ice_mesh(spec), ice(spec), collection)}
    for name, quads, material in (
        ("boards", boards.boards(spec), glossy),
        ("posts", panes.posts(spec), glossy),
        ("glass", panes.glass(spec), glass()),
        ("stands", stands.stands(spec), dull),
        ("seats", stands.seats(spec), glossy),
        ("walls", building.walls(spec), dull),
        ("roof", building.roof(spec), dull),
    ):
        objects[name] = place(name, quad_mesh(name, quads), material, collection)
    # Light that only the hall has thrown back adds little beside the lamps' and the ice's own, yet following it from
    # wall to wall takes most of a frame's time: diffuse rays see the ice and the skaters alone.
    for part in objects.keys() - {"ice"}:
        objects[part].visible_diffuse = False
    for part in ("glass", "walls", "roof"):
        objects[part].visible_shadow = False
    objects["glass"].visible_glossy = False
    return Rink(spec, objects)


def place(
    name: str, mesh: bpy.types.Mesh, material: bpy.types.Material, collection: bpy.types.Collection
) -> bpy.types.Object:
    """A new object of a mesh and a material."""
    mesh.materials.append(material)
    made = bpy.data.objects.new(name, mesh)
    collection.objects.link(made)
    return made


def quad_mesh(name: str, quads: Quads) -> bpy.types.Mesh:
    """A mesh of loose quadrilaterals, their colours in the `PAINT` attribute."""
    faces = np.arange(4 * len(quads.corners)).reshape(-1, 4)
    return _mesh(name, quads.corners.reshape(-1, 3), faces, quads.colors)


def _mesh(name: str, vertices: Array, faces: np.ndarray, colors: Array) -> bpy.types.Mesh:
    """A mesh from vertices (N, 3), faces (F, C) and linear face colours (F, 3), written in bulk."""
    count, sides = faces.shape
    mesh = bpy.data.meshes.new(name)
    mesh.vertices.add(len(vertices))
    mesh.vertices.foreach_set("co", np.ascontiguousarray(vertices, dtype=np.float32).ravel())
    mesh.loops.add(count * sides)
    mesh.loops.foreach_set("vertex_index", np.ascontiguousarray(faces, dtype=np.int32).ravel())
    mesh.polygons.add(count)
    mesh.polygons.foreach_set("loop_start", np.arange(0, count * sides, sides, dtype=np.int32))
    layer: Any = mesh.attributes.new(PAINT, "FLOAT_COLOR", "CORNER")
    corner = np.ones((count, sides, 4), dtype=np.float32)
    corner[..., :3] = colors[:, None]
    layer.data.foreach_set("color", corner.ravel())
    mesh.update(calc_edges=True)
    mesh.validate()
    return mesh


def _ice_mesh(spec: RinkSpec) -> bpy.types.Mesh:
    """Flat triangles at z = 0 whose edges follow every mark, so that paint needs neither texture nor a second layer."""
    loops = [outline(spec, stations(spec, 2.0, 0.25), UNDER_BOARDS)]
    loops += [loop for mark in markings(spec) for loop in _edges_of(mark, spec)]
    starts = np.cumsum([0] + [len(loop) for loop in loops])
    edges = [
        (int(start + i), int(start + (i + 1) % len(loop)))
        for start, loop in zip(starts, loops, strict=False)
        for i in range(len(loop))
    ]
    points = [Vector(p) for p in np.concatenate(loops).tolist()]
    flat, _, triangles, *_ = delaunay_2d_cdt(points, edges, [], 0, 1e-5)
    xy = np.array([(p.x, p.y) for p in flat])
    faces = np.array(triangles)
    middle = xy[faces].mean(axis=1)
    on_ice = outside(spec, middle) < UNDER_BOARDS
    vertices = np.concatenate((xy, np.zeros((len(xy), 1))), axis=1)
    return _mesh("ice", vertices, faces[on_ice], paint(spec, middle[on_ice]))


def _edges_of(mark: Line | Disc, spec: RinkSpec) -> list[Array]:
    """Closed loops (M, 2) along the mark's edges; those of lines reach beyond the ice."""
    if isinstance(mark, Line):
        half, end = 0.5 * mark.width, 0.5 * spec.width + 1.0
        corners = ((-half, -end), (half, -end), (half, end), (-half, end))
        return [np.add(corners, (mark.x, 0.0))]
    if mark.side:
        angle = np.linspace(-0.5 * np.pi, 0.5 * np.pi, CIRCLE_SIDES // 2)
        unit = np.stack((mark.side * np.cos(angle), np.sin(angle)), axis=-1)
    else:
        angle = 2.0 * np.pi * np.arange(CIRCLE_SIDES) / CIRCLE_SIDES
        unit = np.stack((np.cos(angle), np.sin(angle)), axis=-1)
    return [np.add(unit * radius, (mark.x, mark.y)) for radius in (mark.radius, mark.inner) if radius > 0.0]

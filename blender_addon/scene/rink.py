"""The rink in Blender: ice, boards, glass, and what is built around them.

Everything has pass index 0, so that masks hold skaters only.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from blender_addon.clip import LightSpec, RinkSpec
from blender_addon.rink import glass as panes
from blender_addon.rink.bench import bench_quads
from blender_addon.rink.boards import boards, wear_places
from blender_addon.rink.building import building_parts
from blender_addon.rink.quads import Quads
from blender_addon.scene import rink_materials as materials
from blender_addon.scene.building_materials import building_material
from blender_addon.scene.ice import build_ice
from blender_addon.scene.rink_file import load_rink
from blender_addon.scene.rink_materials import PAINT, painted
from mocap.rotations import Array


@dataclass(frozen=True)
class Rink:
    """What `build_rink` made.

    Attributes:
        objects: by part: ice, boards, posts and glass (if there is any), and `building_parts` by their names; of a
            user's own rink, its objects by theirs.
        lit: whether it brings lights of its own.
    """

    spec: RinkSpec
    objects: dict[str, bpy.types.Object]
    lit: bool = False


def build_rink(spec: RinkSpec, collection: bpy.types.Collection, light: LightSpec | None = None) -> Rink:
    """The rink as objects in the collection, but for its lamps (`lighting`). The ice is one flat mesh at z = 0.

    Args:
        light: whose lamps its panes mirror; None for the usual.

    Raises:
        UserError: the spec's own .blend cannot be used.
    """
    if spec.file is not None:
        return _own_rink(spec, Path(spec.file), collection)
    glossy = painted("rink glossy", roughness=0.3)
    objects = {"ice": build_ice(spec, collection)}
    around, sheet = boards(spec)
    for name, quads, material in (
        ("boards", around, materials.boards(spec, sheet)),
        ("benches", bench_quads(spec), glossy),
        ("posts", panes.posts(spec), glossy),
        ("glass", panes.glass(spec), materials.glass(spec, light or LightSpec())),
    ):
        if len(quads.corners):
            objects[name] = place(name, quad_mesh(name, quads), material, collection)
    if around.uv is not None:
        _texture_places(objects["boards"], materials.SHEET, around.uv)
    _texture_places(objects["boards"], materials.WEAR, wear_places(spec, around))
    parts = building_parts(spec)
    of_word = {word: building_material(word) for word in dict.fromkeys(part.material for part in parts)}
    for part in parts:
        objects[part.name] = place(part.name, quad_mesh(part.name, part.quads), of_word[part.material], collection)
        objects[part.name].visible_shadow = part.shadow
    # Light that only the hall has thrown back adds little beside the lamps' and the ice's own, yet following it from
    # wall to wall takes most of a frame's time: diffuse rays see the ice and the skaters alone.
    for name in objects.keys() - {"ice"}:
        objects[name].visible_diffuse = False
    if "glass" in objects:
        objects["glass"].visible_shadow = objects["glass"].visible_glossy = False
    return Rink(spec, objects)


def _own_rink(spec: RinkSpec, path: Path, collection: bpy.types.Collection) -> Rink:
    scene = bpy.context.scene
    assert scene is not None
    own = load_rink(path, scene, collection)
    objects = dict(own.objects)
    if not own.ice:
        objects["ice"] = build_ice(spec, collection)
    return Rink(spec, objects, lit=own.lit)


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


def _texture_places(thing: bpy.types.Object, name: str, uv: Array) -> None:
    """Gives an object of loose quadrilaterals texture coordinates (Q, 4, 2)."""
    layer: Any = thing.data.uv_layers.new(name=name)  # type: ignore[union-attr]
    layer.data.foreach_set("uv", np.ascontiguousarray(uv, dtype=np.float32).ravel())


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

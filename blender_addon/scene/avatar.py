"""A built skater as Blender objects: armature, skinned meshes, one material slot per garment and body part."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from blender_addon.cast import SkaterSpec
from blender_addon.clip import RenderSpec
from blender_addon.labels.vocabulary import CLOTHES_INDEX
from blender_addon.scene.armature import build_armature
from blender_addon.scene.looks.nodes import PLACE
from blender_addon.scene.looks.table import Palette, make_material
from blender_addon.scene.part_cut import cut_along, new_mesh
from blender_addon.scene.skinning import armature_modifier, hang_on_bones, subdivision_modifier
from blender_addon.skater.human import Human, SkinnedMesh
from blender_addon.skater.skin_fields import skin_fields
from mocap.rig import Rig
from mocap.rotations import Array


@dataclass(frozen=True)
class Avatar:
    """A skater in the scene. Everything hangs on the armature, which stands at the world's origin."""

    armature: bpy.types.Object
    meshes: tuple[bpy.types.Object, ...]


def build_avatar(
    human: Human,
    spec: SkaterSpec,
    render: RenderSpec,
    instance: int,
    collection: bpy.types.Collection,
    assets: Path,
) -> Avatar:
    """Makes a skater's objects in a collection that the active view layer shows.

    Args:
        human: the skater at rest; spec: its looks.
        render: for the subdivision of smooth surfaces.
        instance: from 1, unique in the scene: every object's `pass_index`.
        assets: MakeHuman's data folder, whose pictures mark lips and nails.

    Every material's `pass_index` is `vocabulary.pack_index` of its garment and body part.

    Raises:
        UserError: MakeHuman's pictures are missing or damaged.
    """
    armature = build_armature(human.rig, f"skater_{instance}", collection)
    palette = Palette(spec, armature.name)
    marked = [_marked(mesh, assets) for mesh in human.meshes]
    meshes = tuple(_mesh_object(mesh, human.rig, armature, palette, render, instance, collection) for mesh in marked)
    layer = bpy.context.view_layer
    assert layer is not None
    layer.update()
    for made, mesh in zip(meshes, marked, strict=True):
        _cut_along_borders(made, mesh, palette)
        _thicken(made, mesh)
    return Avatar(armature, meshes)


def build_statue(human: Human, vertices: Sequence[Array], spec: SkaterSpec, name: str, assets: Path) -> bpy.types.Mesh:
    """A person who does not move, as one mesh.

    Args:
        vertices: (N, 3) of each of the human's meshes, where they are.
        spec: looks; assets: MakeHuman's data folder.

    Raises:
        UserError: MakeHuman's pictures are missing or damaged.
    """
    palette = Palette(spec, name)
    objects = []
    for mesh, places in zip(human.meshes, vertices, strict=True):
        marked = _marked(mesh, assets)
        data = _mesh_data(marked, f"{name}_{mesh.name}")
        data.vertices.foreach_set("co", np.ascontiguousarray(places, dtype=np.float32).ravel())
        _assign_materials(data, marked, palette)
        objects.append(bpy.data.objects.new(data.name, data))
    return _joined(objects, name)


def _joined(objects: Sequence[bpy.types.Object], name: str) -> bpy.types.Mesh:
    """One mesh of several objects', which go."""
    scene: Any = bpy.context.scene
    for made in objects:
        scene.collection.objects.link(made)
    with bpy.context.temp_override(
        active_object=objects[0], selected_objects=objects, selected_editable_objects=objects
    ):
        bpy.ops.object.join()
    whole: Any = objects[0].data
    bpy.data.objects.remove(objects[0])
    whole.name = name
    return whole


def _marked(mesh: SkinnedMesh, assets: Path) -> SkinnedMesh:
    """Skin with fields that say where lips, nails and the like are."""
    if mesh.uv is None or mesh.look or CLOTHES_INDEX["skin"] not in mesh.garment:
        return mesh
    return dataclasses.replace(mesh, fields={**mesh.fields, **skin_fields(mesh, assets)})


def _mesh_object(
    mesh: SkinnedMesh,
    rig: Rig,
    armature: bpy.types.Object,
    palette: Palette,
    render: RenderSpec,
    instance: int,
    collection: bpy.types.Collection,
) -> bpy.types.Object:
    name = f"{armature.name}_{mesh.name}"
    data = _mesh_data(mesh, name)
    _assign_materials(data, mesh, palette)
    made = bpy.data.objects.new(name, data)
    made.pass_index = instance
    made.parent = armature
    collection.objects.link(made)
    hang_on_bones(made, rig.names, mesh.bones, mesh.weights)
    armature_modifier(made, armature)
    subdivision_modifier(made, render.subdivision if mesh.smooth else 0)
    return made


def _thicken(made: bpy.types.Object, mesh: SkinnedMesh) -> None:
    if mesh.thickness > 0.0:
        # `Any`: each kind of modifier has attributes that their common type lacks.
        solidify: Any = made.modifiers.new("Thickness", "SOLIDIFY")
        solidify.thickness = mesh.thickness
        solidify.offset = -1.0


def _cut_along_borders(made: bpy.types.Object, mesh: SkinnedMesh, palette: Palette) -> None:
    if mesh.borders is None:
        return
    data: Any = made.data
    kinds = _kinds(mesh)[0].tolist()

    def slot_of(before: np.ndarray, part: np.ndarray) -> np.ndarray:
        garment = np.array(kinds)[before, 0]
        wanted, place = np.unique(np.stack((garment, part), axis=1), axis=0, return_inverse=True)
        for kind in wanted.tolist():
            if kind not in kinds:
                kinds.append(kind)
                data.materials.append(make_material(palette, mesh, *kind))
        return np.array([kinds.index(kind) for kind in wanted.tolist()])[place.ravel()]

    cut_along(made, mesh.borders, np.array(kinds)[:, 1], slot_of)


def _mesh_data(mesh: SkinnedMesh, name: str) -> bpy.types.Mesh:
    data = new_mesh(name, mesh.vertices, mesh.faces)
    data.polygons.foreach_set("use_smooth", np.full(len(mesh.faces), mesh.smooth))
    if mesh.uv is not None:
        data.uv_layers.new(name="UVMap").uv.foreach_set("vector", mesh.uv[mesh.faces >= 0].astype(np.float32).ravel())
    for field, values in mesh.fields.items():
        attribute: Any = data.attributes.new(field, "FLOAT", "POINT")
        attribute.data.foreach_set("value", values.astype(np.float32))
    place: Any = data.attributes.new(PLACE, "FLOAT_VECTOR", "POINT")
    place.data.foreach_set("vector", np.ascontiguousarray(mesh.vertices, dtype=np.float32).ravel())
    data.update(calc_edges=True)
    return data


def _assign_materials(data: bpy.types.Mesh, mesh: SkinnedMesh, palette: Palette) -> None:
    kinds, slot = _kinds(mesh)
    for garment, part in kinds.tolist():
        data.materials.append(make_material(palette, mesh, garment, part))
    data.polygons.foreach_set("material_index", slot.astype(np.int32))


def _kinds(mesh: SkinnedMesh) -> tuple[np.ndarray, np.ndarray]:
    """(M, 2) the pairs of garment and body part on a mesh, and (F,) which of them each face has."""
    kinds, slot = np.unique(np.stack((mesh.garment, mesh.part), axis=1), axis=0, return_inverse=True)
    return kinds, slot.ravel()

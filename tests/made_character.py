"""A .blend as MPFB2 leaves one: armature, base mesh with helpers, masks and shape keys, clothes, hair and eyes.

What MPFB2 writes (its `services/humanservice.py`, `objectservice.py`): objects named after the person, properties
`MPFB_GEN_…` and `MPFB_HUM_…`, vertex groups named as bones besides those of the base mesh, a Mask modifier for helpers
and one for each garment that deletes what it covers, an Armature modifier, subdivision of clothes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy
import numpy as np
from mathutils import Matrix

from blender_addon.makehuman.base_mesh import read_base_mesh
from blender_addon.makehuman.body import load_body
from blender_addon.scene.armature import build_armature
from blender_addon.scene.shading import add_node, new_material
from blender_addon.scene.skinning import hang_on_bones
from blender_addon.skater.surface import vertex_normals
from mocap.rig import Rig
from mocap.rotations import Array

# What MPFB2 declares while it runs, and a Blender without it does not know.
_DECLARED = {
    "MPFB_GEN_object_type": bpy.props.StringProperty,
    "MPFB_GEN_asset_source": bpy.props.StringProperty,
    "MPFB_HUM_gender": bpy.props.FloatProperty,
    "MPFB_HUM_age": bpy.props.FloatProperty,
    "MPFB_HUM_caucasian": bpy.props.FloatProperty,
}
PHENOTYPE = {"gender": 0.0, "age": 0.4, "caucasian": 1.0}
ARMATURE = "Human.rig"
SKIN = slice(0, 13380)
"""The base mesh's vertices that are skin."""


class Character:
    """A character in the making, in an emptied Blender; `save` writes it."""

    def __init__(self, assets: Path, rig: str = "default", unit: float = 1.0, helpers: bool = True) -> None:
        """
        Args:
            rig: of `RIG_FILES`.
            unit: metres per unit of the objects' own space.
            helpers: whether the base mesh still has its helpers.
        """
        bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
        self.scene = bpy.context.scene
        self.unit = unit
        self.body = load_body(PHENOTYPE, assets, rig)
        self.armature = build_armature(_scaled(self.body.rig, 1.0 / unit), ARMATURE, self.scene.collection)
        self.armature.scale = (unit, unit, unit)
        for name, kind in _DECLARED.items():
            setattr(bpy.types.Object, name, kind())
        _note(self.armature, MPFB_GEN_object_type="Skeleton")
        self.things: dict[str, Any] = {"body": self._body(read_base_mesh(assets).vertices, helpers)}

    def _body(self, basis: Array, helpers: bool) -> Any:
        body = self.body
        chosen = body.face_masks["body"] if not helpers else np.ones(len(body.faces), bool)
        count = len(basis) if helpers else SKIN.stop
        thing = self._thing("Human", basis[:count], body.faces[chosen], np.arange(count), (0.7, 0.5, 0.4))
        _note(
            thing, MPFB_GEN_object_type="Basemesh", **{f"MPFB_HUM_{name}": value for name, value in PHENOTYPE.items()}
        )
        thing.shape_key_add(name="Basis")
        key = thing.shape_key_add(name="$md-shape")
        key.data.foreach_set("co", np.ascontiguousarray(body.vertices[:count] / self.unit, dtype=np.float32).ravel())
        key.value = 1.0
        if helpers:
            _group(thing, "body", np.arange(SKIN.stop))
            thing.modifiers.new("Hide helpers", "MASK").vertex_group = "body"
        return thing

    def wear(
        self, name: str, kind: str, faces: np.ndarray, out: float, *, covers: bool = False, source: str = ""
    ) -> Any:
        """Adds what is made of some faces of the base mesh (F,) bool, moved out by metres; returns its object.

        Args:
            covers: whether it deletes the skin under it, by a Mask modifier.
        """
        body = self.body
        used = np.unique(body.faces[faces])
        number = np.zeros(len(body.vertices), dtype=np.int64)
        number[used] = np.arange(len(used))
        vertices = body.vertices + out * vertex_normals(body.vertices, body.faces[faces])
        thing = self._thing(f"Human.{name}", vertices[used], number[body.faces[faces]], used, (0.1, 0.3, 0.6))
        _note(thing, MPFB_GEN_object_type=kind, MPFB_GEN_asset_source=source)
        subdivision = thing.modifiers.new("Subdivision", "SUBSURF")
        subdivision.levels, subdivision.render_levels = 0, 1
        if covers:
            skin = self.things["body"]
            low, high = body.vertices[used, 2].min() + 0.02, body.vertices[used, 2].max() - 0.05
            heights = body.vertices[SKIN, 2]
            trunk = np.abs(body.vertices[SKIN, 0]) < 0.12
            _group(skin, f"Delete.{name}", np.flatnonzero((heights > low) & (heights < high) & trunk))
            mask = skin.modifiers.new(f"Delete.{name}", "MASK")
            mask.vertex_group, mask.invert_vertex_group = f"Delete.{name}", True
        self.things[name] = thing
        return thing

    def _thing(
        self, name: str, vertices: Array, faces: np.ndarray, source: np.ndarray, color: tuple[float, ...]
    ) -> Any:
        data = bpy.data.meshes.new(name)
        data.from_pydata((vertices / self.unit).tolist(), [], faces.tolist())
        material, tree = new_material(name)
        surface = add_node(tree, "ShaderNodeBsdfPrincipled", {"Base Color": (*color, 1.0)})
        add_node(tree, "ShaderNodeOutputMaterial", {"Surface": surface.outputs["BSDF"]})
        data.materials.append(material)
        thing = bpy.data.objects.new(name, data)
        self.scene.collection.objects.link(thing)
        thing.parent = self.armature
        hang_on_bones(thing, self.body.rig.names, self.body.bones[source], self.body.weights[source])
        thing.modifiers.new("Armature", "ARMATURE").object = self.armature
        return thing

    def dressed(self) -> Character:
        """With a vest over deleted skin, a skirt, hair and eyes."""
        body, z = self.body, self.body.vertices[:, 2]
        middle = z[body.faces].mean(axis=1) / body.stature
        head = np.abs(body.vertices[body.faces][..., 0]).max(axis=1) < 0.1
        vest = body.face_masks["helper-tights"] & (middle > 0.6) & (middle < 0.8)
        eyes = body.face_masks["helper-l-eye"] | body.face_masks["helper-r-eye"]
        scalp = body.face_masks["body"] & (middle > 0.955) & head
        self.wear("female_vest01", "Clothes", vest, 0.004, covers=True, source="female_vest01/female_vest01.mhclo")
        self.wear("pleated", "Clothes", body.face_masks["helper-skirt"], 0.0, source="short_skirt/short_skirt.mhclo")
        self.wear("bob01", "Hair", scalp, 0.008, source="bob01/bob01.mhclo")
        self.wear("high-poly", "Eyes", eyes, 0.0)
        return self

    def rigid(self, name: str, bone: str) -> Any:
        """Adds a small plate before a bone's head that is parented to that bone; returns its object."""
        head = self.body.rig.heads[self.body.rig.index(bone)] + np.array((0.0, -0.12, 0.05))
        corners = head + 0.05 * np.array(((-1, 0, 0), (1, 0, 0), (1, 0, 0.4), (-1, 0, 0.4)))
        data = bpy.data.meshes.new(name)
        data.from_pydata((corners / self.unit).tolist(), [], [(0, 1, 2, 3)])
        thing = bpy.data.objects.new(name, data)
        self.scene.collection.objects.link(thing)
        bpy.context.view_layer.update()
        place = thing.matrix_world.copy()
        thing.parent, thing.parent_type, thing.parent_bone = self.armature, "BONE", bone
        bpy.context.view_layer.update()
        thing.matrix_world = place
        return thing

    def paint(self, name: str, image: Any, *, alpha: bool = False) -> None:
        """Gives a garment's material a picture for its colour, and for where there is something."""
        tree = self.things[name].data.materials[0].node_tree
        picture = add_node(tree, "ShaderNodeTexImage", image=image)
        tree.links.new(picture.outputs["Color"], tree.nodes["Principled BSDF"].inputs["Base Color"])
        if alpha:
            tree.links.new(picture.outputs["Alpha"], tree.nodes["Principled BSDF"].inputs["Alpha"])

    def save(self, path: Path, place: Matrix | None = None) -> Path:
        """Writes the file, its armature standing at `place`, and empties Blender."""
        self.armature.matrix_world = (place or Matrix.Identity(4)) @ Matrix.Scale(self.unit, 4)
        return self.save_as_is(path)

    def save_as_is(self, path: Path) -> Path:
        """Writes the file, and empties Blender."""
        path.parent.mkdir(exist_ok=True)
        bpy.context.view_layer.update()
        bpy.ops.wm.save_as_mainfile(filepath=str(path))
        bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
        for name in _DECLARED:
            delattr(bpy.types.Object, name)
        return path


def _scaled(rig: Rig, factor: float) -> Rig:
    rest = rig.rest.copy()
    rest[:, :3, 3] *= factor
    return Rig(rig.names, rig.parents, rig.heads * factor, rig.tails * factor, rest)


def _note(thing: Any, **properties: Any) -> None:
    for name, value in properties.items():
        setattr(thing, name, value)


def _group(thing: Any, name: str, vertices: np.ndarray) -> None:
    thing.vertex_groups.new(name=name).add(vertices.tolist(), 1.0, "REPLACE")

"""Which look is made how, and materials of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import bpy

from blender_addon.cast import SkaterSpec
from blender_addon.labels.dense import CANONICAL_FIELDS, SURFACE_PASS
from blender_addon.labels.vocabulary import CLOTHES, GARMENTS, pack_index
from blender_addon.scene.looks import eyes, fabrics, file, hair, hard, skin
from blender_addon.scene.looks.nodes import Socket
from blender_addon.scene.looks.nodes import field as stored
from blender_addon.scene.looks.subject import Look, Subject
from blender_addon.scene.shading import add_node, new_material
from blender_addon.skater.human import SkinnedMesh
from blender_addon.skater.look_names import look_of

LOOKS: Mapping[str, Look] = {
    **dict.fromkeys(GARMENTS, fabrics.garment),
    "skin": skin.skin,
    "hair": hair.hair,
    "eyes": eyes.eyes,
    "mouth": skin.tongue,
    "boots": hard.leather,
    "shoes": hard.leather,
    "blades": hard.steel,
    "glasses": hard.lens,
    "lashes": hair.lashes,
    "brows": hair.brows,
    "teeth": skin.teeth,
    "tongue": skin.tongue,
    "sole": hard.sole,
    "laces": hard.laces,
    "buttons": hard.button,
    "metal": hard.steel,
    "file": file.from_file,
}
"""By the names of `skater.look_names.LOOK_NAMES`."""


@dataclass(frozen=True)
class Palette:
    """The looks of one skater, each made once: materials that differ only in what labels they carry share its nodes.

    Attributes:
        skater: whose; name: that all names of its materials begin with.
        made: node groups by look, garment class and the mesh' fields.
    """

    skater: SkaterSpec
    name: str
    made: dict[tuple[str, str, frozenset[str]], bpy.types.NodeTree] = field(default_factory=dict)


def make_material(palette: Palette, mesh: SkinnedMesh, garment: int, part: int) -> bpy.types.Material:
    """A new material for a mesh' faces of a garment class on a body part.

    Its `pass_index` is `vocabulary.pack_index` of the two. KeyError for a look or a fabric that there is not.
    """
    index = pack_index(garment, part)
    material, nodes = new_material(f"{palette.name}_{mesh.name}_{index}")
    material.pass_index = index
    shared = add_node(nodes, "ShaderNodeGroup", node_tree=_group(palette, mesh, garment))
    add_node(nodes, "ShaderNodeOutputMaterial", {"Surface": shared.outputs[0]})
    if set(CANONICAL_FIELDS) <= set(mesh.fields):
        named = zip("XYZ", CANONICAL_FIELDS, strict=True)
        axes: dict[str | int, Socket] = {axis: stored(nodes, name) for axis, name in named}
        place = add_node(nodes, "ShaderNodeCombineXYZ", axes)
        add_node(nodes, "ShaderNodeOutputAOV", {"Color": place.outputs[0]}, aov_name=SURFACE_PASS)
    return material


def _group(palette: Palette, mesh: SkinnedMesh, garment: int) -> bpy.types.NodeTree:
    look, worn = look_of(mesh, garment), CLOTHES[garment].name
    fields = frozenset(mesh.fields)
    key = (look, worn, fields)
    if key not in palette.made:
        tree = bpy.data.node_groups.new(f"{palette.name}_{worn}_{look}", "ShaderNodeTree")
        assert tree.interface is not None
        tree.interface.new_socket("Shader", in_out="OUTPUT", socket_type="NodeSocketShader")
        subject = Subject(palette.skater, palette.skater.garments.get(worn), fields)
        add_node(tree, "NodeGroupOutput", {0: LOOKS[look](tree, subject)})
        palette.made[key] = tree
    return palette.made[key]

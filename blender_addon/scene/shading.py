"""What all materials of the scene share: how nodes are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import bpy

from blender_addon.color import Color


def new_material(name: str) -> tuple[bpy.types.Material, bpy.types.NodeTree]:
    """A material with an empty node tree."""
    material = bpy.data.materials.new(name)
    if bpy.app.version < (5, 0):  # from 5.0 on every material and world has nodes, and asking for them warns
        material.use_nodes = True
    return material, emptied(material.node_tree)


def emptied(tree: bpy.types.NodeTree | None) -> bpy.types.NodeTree:
    """A new material's or world's node tree, without the nodes that Blender puts there."""
    assert tree is not None
    tree.nodes.clear()
    return tree


def add_node(
    tree: bpy.types.NodeTree, kind: str, inputs: Mapping[str | int, Any] | None = None, **settings: Any
) -> Any:
    """A new node of `kind` with its properties set; an input takes a value, or another node's output to link to."""
    node: Any = tree.nodes.new(kind)
    for key, value in settings.items():
        setattr(node, key, value)
    for socket, value in (inputs or {}).items():
        if isinstance(value, bpy.types.NodeSocket):
            tree.links.new(value, node.inputs[socket])
        else:
            node.inputs[socket].default_value = value
    return node


def never_a_light(material: bpy.types.Material) -> None:
    """Keeps Cycles from sampling a glowing material as a light source."""
    cycles: Any = material.cycles
    cycles.emission_sampling = "NONE"


def rgba(color: Color) -> tuple[float, float, float, float]:
    """A linear colour as Blender's sockets take it."""
    return (*color, 1.0)

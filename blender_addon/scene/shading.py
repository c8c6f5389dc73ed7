"""What all materials and pictures of the scene share: how nodes are made, and how light becomes display values."""

from __future__ import annotations

import bpy

from blender_addon.clip import Color, LightSpec

VIEW_TRANSFORM = "AgX"
LOOK = "AgX - Medium High Contrast"
"""How scene light becomes display values, for every picture: highlights on white cloth and ice roll off as in a camera,
where "Standard" would clip them."""

EXPOSURE = 0.9
"""Stops that bring the ice under `lighting`'s lamps to a bright white with room above it."""


def set_view(scene: bpy.types.Scene, light: LightSpec) -> None:
    """The scene's view transform and exposure; `light.exposure` adds stops."""
    scene.display_settings.display_device = "sRGB"
    view = scene.view_settings
    view.view_transform = VIEW_TRANSFORM
    view.look = LOOK
    view.exposure = EXPOSURE + light.exposure
    view.gamma = 1.0
    view.use_curve_mapping = False


def new_material(name: str) -> tuple[bpy.types.Material, bpy.types.NodeTree]:
    """A material with an empty node tree but for its output, named "Output"."""
    material = bpy.data.materials.new(name)
    tree = _node_tree(material)
    return material, tree


def new_world(name: str) -> tuple[bpy.types.World, bpy.types.NodeTree]:
    """A world with an empty node tree but for its output, named "Output"."""
    world = bpy.data.worlds.new(name)
    if bpy.app.version < (5, 0):
        world.use_nodes = True
    tree = world.node_tree
    assert tree is not None
    tree.nodes.clear()
    tree.nodes.new("ShaderNodeOutputWorld").name = "Output"
    return world, tree


def _node_tree(material: bpy.types.Material) -> bpy.types.NodeTree:
    if bpy.app.version < (5, 0):  # from 5.0 on every material has nodes, and asking for them warns
        material.use_nodes = True
    tree = material.node_tree
    assert tree is not None
    tree.nodes.clear()
    tree.nodes.new("ShaderNodeOutputMaterial").name = "Output"
    return tree


def rgba(color: Color) -> tuple[float, float, float, float]:
    """A linear colour as Blender's sockets take it."""
    return (*color, 1.0)

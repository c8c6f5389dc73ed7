"""What stands, walls, roof and everything outdoors are made of."""

from __future__ import annotations

import bpy

from blender_addon.rink.parts import MATERIALS
from blender_addon.scene.rink_materials import PAINT, painted
from blender_addon.scene.shading import add_node, never_a_light, new_material, rgba

GLOW = 1.6
"""Radiance of what shines by itself, over its colour: clocks, signs, lit windows."""


def building_material(word: str) -> bpy.types.Material:
    """A new material for one of `rink.parts.MATERIALS`. KeyError for any other word."""
    return dict(zip(MATERIALS, (_dull, _glossy, _glow, _window), strict=True))[word]()


def _dull() -> bpy.types.Material:
    return painted("building dull", roughness=0.8)


def _glossy() -> bpy.types.Material:
    return painted("building glossy", roughness=0.35)


def _glow() -> bpy.types.Material:
    """Faces that shine in their own colour and light nothing."""
    material, tree = new_material("building glow")
    color = add_node(tree, "ShaderNodeAttribute", attribute_name=PAINT).outputs["Color"]
    glow = add_node(tree, "ShaderNodeEmission", {"Color": color, "Strength": GLOW})
    add_node(tree, "ShaderNodeOutputMaterial", {"Surface": glow.outputs["Emission"]})
    never_a_light(material)
    return material


def _window() -> bpy.types.Material:
    """A pane through which daylight and the first camera ray go straight, see `rink_materials.glass`."""
    material, tree = new_material("building window")
    clear = add_node(tree, "ShaderNodeBsdfTransparent", {"Color": rgba((0.82, 0.87, 0.87))})
    add_node(tree, "ShaderNodeOutputMaterial", {"Surface": clear.outputs["BSDF"]})
    material.surface_render_method = "BLENDED"
    return material

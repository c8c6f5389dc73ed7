"""What the hall's surfaces are made of."""

from __future__ import annotations

import bpy
import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.scene.shading import add_node, never_a_light, new_material, rgba

PAINT = "paint"
"""Name of the colour attribute that carries each face's colour."""

CLARITY = 0.72
"""Share of light that comes back from the paint through the ice."""

SCRATCHES = ((0.32, 0.99968), (0.45, 0.99936), (0.21, 0.99986))
"""Layers of blade tracks: waves per π/10 m, and the height of the wave above which it marks the ice (1 is its crest).
Each track is about 8 mm wide, a blade's cut and the snow along it."""


def painted(name: str, roughness: float) -> bpy.types.Material:
    """Faces in the colours of the `PAINT` attribute."""
    material, tree = new_material(name)
    color = add_node(tree, "ShaderNodeAttribute", attribute_name=PAINT).outputs["Color"]
    surface = add_node(tree, "ShaderNodeBsdfPrincipled", {"Base Color": color, "Roughness": roughness})
    add_node(tree, "ShaderNodeOutputMaterial", {"Surface": surface.outputs["BSDF"]})
    return material


def glass() -> bpy.types.Material:
    """A clear, slightly hazy pane.

    It passes camera rays straight through: Cycles then writes the index, depth and normal of what stands behind it in
    every pixel, as the pane's alpha is below the view layer's `pass_alpha_threshold`. A mirror in the mix would now and
    then send elsewhere the one ray that writes those passes.
    """
    material, tree = new_material("rink glass")
    clear = add_node(tree, "ShaderNodeBsdfTransparent", {"Color": rgba((0.86, 0.90, 0.89))})
    haze = add_node(tree, "ShaderNodeEmission", {"Color": rgba((0.9, 1.0, 0.98)), "Strength": 0.02})
    both = add_node(tree, "ShaderNodeAddShader", {0: clear.outputs["BSDF"], 1: haze.outputs["Emission"]})
    add_node(tree, "ShaderNodeOutputMaterial", {"Surface": both.outputs["Shader"]})
    never_a_light(material)
    # EEVEE's other method lets some samples stop at the pane, with their depth and label.
    material.surface_render_method = "BLENDED"
    return material


def ice(spec: RinkSpec) -> bpy.types.Material:
    """Paint under frosted, scratched ice: the frost varies gloss over metres, blades leave thin pale curves."""
    rng = np.random.default_rng((spec.texture_seed, 4))
    material, tree = new_material("rink ice")
    position = add_node(tree, "ShaderNodeNewGeometry").outputs["Position"]
    paint = add_node(tree, "ShaderNodeAttribute", attribute_name=PAINT).outputs["Color"]

    scratched = _scratches(tree, position, rng)
    frost = add_node(
        tree,
        "ShaderNodeTexNoise",
        {"Vector": _shifted(tree, position, rng), "Scale": 0.5, "Detail": 5.0, "Roughness": 0.65},
    ).outputs["Fac"]

    smooth = add_node(
        tree,
        "ShaderNodeMapRange",
        {"Value": frost, "From Min": 0.3, "From Max": 0.7, "To Min": 0.03, "To Max": 0.16},
    ).outputs["Result"]
    roughness = add_node(tree, "ShaderNodeMath", {0: scratched, 1: 0.3, 2: smooth}, operation="MULTIPLY_ADD")
    clouds = add_node(
        tree, "ShaderNodeMapRange", {"Value": frost, "From Min": 0.35, "From Max": 0.75, "To Max": 0.22}
    ).outputs["Result"]
    snow = add_node(tree, "ShaderNodeMath", {0: scratched, 1: 0.4, 2: clouds}, operation="MULTIPLY_ADD")
    color = add_node(
        tree,
        "ShaderNodeMixRGB",
        {"Fac": snow.outputs["Value"], "Color1": paint, "Color2": rgba((0.9, 0.92, 0.94))},
    )
    # What the ice keeps of the light on its way to the paint and back; its mirror images stand out by that much.
    seen = add_node(
        tree,
        "ShaderNodeMixRGB",
        {"Fac": 1.0, "Color1": color.outputs["Color"], "Color2": (CLARITY, CLARITY, CLARITY, 1.0)},
        blend_type="MULTIPLY",
    )
    bump = add_node(tree, "ShaderNodeBump", {"Height": frost, "Strength": 0.15, "Distance": 0.01})
    surface = add_node(
        tree,
        "ShaderNodeBsdfPrincipled",
        {
            "Base Color": seen.outputs["Color"],
            "Roughness": roughness.outputs["Value"],
            "Normal": bump.outputs["Normal"],
            "IOR": 1.31,
        },
    )
    add_node(tree, "ShaderNodeOutputMaterial", {"Surface": surface.outputs["BSDF"]})
    return material


def _scratches(
    tree: bpy.types.NodeTree, position: bpy.types.NodeSocket, rng: np.random.Generator
) -> bpy.types.NodeSocket:
    """0 on clean ice, 1 on blade tracks: crests of bent waves running in several directions."""
    layers = []
    for scale, crest in SCRATCHES:
        wave = add_node(
            tree,
            "ShaderNodeTexWave",
            {
                "Vector": _shifted(tree, position, rng, turn=rng.uniform(0.0, np.pi)),
                "Scale": scale,
                "Distortion": 7.0,
                "Detail": 1.0,
                "Detail Scale": 0.3,
            },
        )
        track = add_node(tree, "ShaderNodeMapRange", {"Value": wave.outputs["Fac"], "From Min": crest})
        layers.append(track.outputs["Result"])
    scratched = layers[0]
    for layer in layers[1:]:
        scratched = add_node(tree, "ShaderNodeMath", {0: scratched, 1: layer}, operation="MAXIMUM").outputs["Value"]
    return scratched


def _shifted(
    tree: bpy.types.NodeTree, position: bpy.types.NodeSocket, rng: np.random.Generator, turn: float = 0.0
) -> bpy.types.NodeSocket:
    """The position, moved and turned on the ice, so that no two rinks or layers share a pattern."""
    x, y = rng.uniform(-50.0, 50.0, 2)
    mapping = add_node(
        tree, "ShaderNodeMapping", {"Vector": position, "Location": (x, y, 0.0), "Rotation": (0.0, 0.0, turn)}
    )
    return mapping.outputs["Vector"]

"""The sky as Blender's world."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import bpy
import numpy as np

from blender_addon.clip import LightSpec
from blender_addon.color import Color
from blender_addon.rink.sky import sky
from blender_addon.scene.shading import add_node, emptied, rgba
from mocap.rotations import Array

GLOOM, TINTED = 0.08, 0.6
"""Strength of a grey day behind the windows of a hall whose lamps are on; share of a bright one that panes let pass."""


def build_sky(light: LightSpec, scene: bpy.types.Scene, ice: tuple[Color, float] | None) -> None:
    """The sky over a rink outdoors: seen, mirrored and giving light.

    Args:
        ice: colour and radiance of what lies under people, for EEVEE, where the ice throws nothing back.
    """
    tree, picture = _world(scene, "sky"), sky(light)
    if ice is not None:
        picture[: len(picture) // 2] = ice[1] * np.asarray(ice[0])
    _output(tree, _background(tree, picture))


def build_outlook(light: LightSpec, scene: bpy.types.Scene, bounce: tuple[Color, float] | None) -> None:
    """What is seen through a hall's windows, and gives the hall no light of its own: lamps at the windows do.

    Args:
        bounce: colour and radiance of the even light that all else sees instead, for EEVEE.
    """
    evening = np.random.default_rng((light.seed, 7)).random() < 0.5
    if light.kind == "daylight":
        outside = replace(light, strength=TINTED * light.strength)
    elif light.kind in ("spots", "dusk") or evening:
        outside = replace(light, kind="dusk", strength=1.0)
    else:
        outside = replace(light, kind="daylight", overcast=0.8, strength=GLOOM)
    tree = _world(scene, "outlook")
    path = add_node(tree, "ShaderNodeLightPath").outputs
    seen = add_node(tree, "ShaderNodeMath", {0: path["Is Camera Ray"], 1: path["Is Glossy Ray"]}, operation="MAXIMUM")
    color, strength = bounce or ((0.0, 0.0, 0.0), 0.0)
    even = add_node(tree, "ShaderNodeBackground", {"Color": rgba(color), "Strength": strength})
    both = add_node(
        tree,
        "ShaderNodeMixShader",
        {0: seen.outputs["Value"], 1: even.outputs["Background"], 2: _background(tree, sky(outside))},
    )
    _output(tree, both.outputs["Shader"])


def build_bounce(color: Color, radiance: float, scene: bpy.types.Scene) -> None:
    """An even light from everywhere for EEVEE, which sees only light that comes straight from a lamp.

    It stands for what ice, boards and walls throw back. Cycles finds that by itself, and in its closed hall a world
    would be no more than noise.
    """
    tree = _world(scene, "bounce")
    even = add_node(tree, "ShaderNodeBackground", {"Color": rgba(color), "Strength": radiance})
    _output(tree, even.outputs["Background"])


def _world(scene: bpy.types.Scene, name: str) -> bpy.types.NodeTree:
    world = bpy.data.worlds.new(name)
    if bpy.app.version < (5, 0):
        world.use_nodes = True
    settings: Any = world
    # Skies are even enough to be found by chance; looking for their bright places takes time in every render.
    settings.cycles.sampling_method = "NONE"
    scene.world = world
    return emptied(world.node_tree)


def _background(tree: bpy.types.NodeTree, picture: Array) -> bpy.types.NodeSocket:
    height, width, _ = picture.shape
    image: Any = bpy.data.images.new("sky", width, height, alpha=False, float_buffer=True)
    image.colorspace_settings.name = "Linear Rec.709"
    pixels = np.ones((height, width, 4), dtype=np.float32)
    pixels[..., :3] = picture
    image.pixels.foreach_set(pixels.ravel())
    image.pack()
    found = add_node(tree, "ShaderNodeTexEnvironment", image=image).outputs["Color"]
    socket: bpy.types.NodeSocket = add_node(tree, "ShaderNodeBackground", {"Color": found}).outputs["Background"]
    return socket


def _output(tree: bpy.types.NodeTree, surface: bpy.types.NodeSocket) -> None:
    add_node(tree, "ShaderNodeOutputWorld", {"Surface": surface})

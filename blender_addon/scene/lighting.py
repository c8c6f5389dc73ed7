"""Arena light: rows of wide lamps under the roof and a dim, even fill."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np

from blender_addon.clip import Color, LightSpec, RinkSpec
from blender_addon.scene.rink_parts import LAMP_WIDTH, lamp_rows
from blender_addon.scene.rink_plan import HALL
from blender_addon.scene.shading import add_node, new_world, rgba

POWER = 1500.0
"""Watts of one row of lamps over 52 m, at strength 1."""

AMBIENT = 0.12
"""Radiance of the fill at strength 1. The roof and walls let it pass (`rink`), as it stands for their bounced light."""


def build_lights(spec: LightSpec, rink: RinkSpec, collection: bpy.types.Collection) -> list[bpy.types.Object]:
    """One area light per row of lamps.

    Area lights are seen neither by cameras nor in reflections: the lamps of `rink` are.
    """
    color = tint(spec.warmth)
    rows, length = lamp_rows(rink)
    lights = []
    for i, y in enumerate(rows):
        data: Any = bpy.data.lights.new(f"lamps {i}", "AREA")
        data.shape = "RECTANGLE"
        data.size, data.size_y = length, LAMP_WIDTH
        data.energy = POWER * spec.strength * length / 52.0
        data.color = color
        light = bpy.data.objects.new(f"lamps {i}", data)
        light.location = (0.0, float(y), HALL.lamps - 0.02)
        light.visible_camera = False
        light.visible_glossy = False
        collection.objects.link(light)
        lights.append(light)
    return lights


def build_ambient(spec: LightSpec) -> bpy.types.World:
    """A world of one even colour."""
    world, tree = new_world("hall")
    color, strength = rgba(tint(spec.warmth)), AMBIENT * spec.strength
    background = add_node(tree, "ShaderNodeBackground", {"Color": color, "Strength": strength})
    add_node(tree, "ShaderNodeOutputWorld", {"Surface": background.outputs["Background"]})
    return world


def tint(warmth: float) -> Color:
    """Linear colour of light from −1 (about 9000 K) over 0 (neutral) to 1 (about 4000 K), of even luminance."""
    cold, warm = np.array((0.80, 0.98, 1.30)), np.array((1.28, 0.97, 0.62))
    color = np.ones(3) + abs(warmth) * ((warm if warmth > 0.0 else cold) - 1.0)
    luminance = float(color @ (0.2126, 0.7152, 0.0722))
    r, g, b = (color / luminance).tolist()
    return (r, g, b)

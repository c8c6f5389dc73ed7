"""Arena light: rows of wide lamps under the roof."""

from __future__ import annotations

from typing import Any

import bpy
import numpy as np

from blender_addon.clip import LightSpec, RinkSpec
from blender_addon.color import Color
from blender_addon.rink.lamps import LAMP_WIDTH, lamp_rows, lamps
from blender_addon.rink.plan import hall_of
from blender_addon.scene.rink import place, quad_mesh
from blender_addon.scene.shading import add_node, emptied, never_a_light, new_material, rgba

POWER = 55.0
"""Watts per metre of a row of lamps, at strength 1."""

FILL = 0.35
"""Power of the fill over that of all lamps: one soft light as wide as the hall, for what its walls throw back."""

GROUPS = 4
"""Area lights in each row. Shorter than the row, they throw shadows along it, as lamps with gaps between them do."""

LIT_SHARE = 0.3
"""Share of the row that its area lights fill."""

BOUNCE = 0.3
"""Radiance of the light that comes back from the hall, at strength 1: brings EEVEE's skater to Cycles' brightness."""

GLOW = 8.0
"""Radiance of the lamps that one sees, at strength 1."""


def build_lights(spec: LightSpec, rink: RinkSpec, collection: bpy.types.Collection) -> list[bpy.types.Object]:
    """The lamps one sees, and the area lights that do their work, unseen by cameras and in reflections."""
    color, hall = tint(spec.warmth), hall_of(rink)
    rows, length = lamp_rows(rink)
    glowing = place("lamps", quad_mesh("lamps", lamps(rink)), _glow(spec), collection)
    glowing.visible_diffuse = glowing.visible_shadow = False
    made = [glowing]
    pitch = length / GROUPS
    for x in (pitch * (np.arange(GROUPS) + 0.5) - 0.5 * length).tolist():
        for y in rows.tolist():
            flood = _area("flood", (LIT_SHARE * pitch, LAMP_WIDTH), POWER * spec.strength * pitch, color, collection)
            flood.location = (x, y, hall.lamps - 0.02)
            made.append(flood)
    power = FILL * POWER * spec.strength * length * len(rows)
    fill = _area("fill", (rink.length + hall.wall, rink.width + hall.wall), power, color, collection)
    fill.location = (0.0, 0.0, hall.lamps + 0.1)
    return [*made, fill]


def build_bounce(spec: LightSpec, scene: bpy.types.Scene) -> None:
    """An even light from everywhere for EEVEE, which sees only light that comes straight from a lamp.

    It stands for what ice, boards and walls throw back. Cycles finds that by itself, and in its closed hall a world
    would be no more than noise.
    """
    world = bpy.data.worlds.new("bounce")
    if bpy.app.version < (5, 0):
        world.use_nodes = True
    tree = emptied(world.node_tree)
    color, strength = rgba(tint(spec.warmth)), BOUNCE * spec.strength
    background = add_node(tree, "ShaderNodeBackground", {"Color": color, "Strength": strength})
    add_node(tree, "ShaderNodeOutputWorld", {"Surface": background.outputs["Background"]})
    scene.world = world


def _area(
    name: str, size: tuple[float, float], power: float, color: Color, collection: bpy.types.Collection
) -> bpy.types.Object:
    """A rectangle that shines down, `power` watts, and is itself never seen."""
    data: Any = bpy.data.lights.new(name, "AREA")
    data.shape = "RECTANGLE"
    data.size, data.size_y = size
    data.energy = power
    data.color = color
    light = bpy.data.objects.new(name, data)
    light.visible_camera = light.visible_glossy = False
    data.specular_factor = 0.0  # EEVEE's word for not being seen in reflections
    collection.objects.link(light)
    return light


def _glow(spec: LightSpec) -> bpy.types.Material:
    """Lamps that only glow: area lights are far cheaper to sample than a mesh that lights a hall."""
    material, tree = new_material("lamps")
    color, strength = rgba(tint(spec.warmth)), GLOW * spec.strength
    glow = add_node(tree, "ShaderNodeEmission", {"Color": color, "Strength": strength})
    add_node(tree, "ShaderNodeOutputMaterial", {"Surface": glow.outputs["Emission"]})
    never_a_light(material)
    return material


def tint(warmth: float) -> Color:
    """Linear colour of light from −1 (about 9000 K) over 0 (neutral) to 1 (about 4000 K), of even luminance."""
    cold, warm = np.array((0.80, 0.98, 1.30)), np.array((1.28, 0.97, 0.62))
    color = np.ones(3) + abs(warmth) * ((warm if warmth > 0.0 else cold) - 1.0)
    luminance = float(color @ (0.2126, 0.7152, 0.0722))
    r, g, b = (color / luminance).tolist()
    return (r, g, b)

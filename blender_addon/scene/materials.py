"""What skin, cloth, leather, steel, hair and eyes look like: procedural materials on the Principled BSDF."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bpy

from blender_addon.color import Color
from blender_addon.scene.shading import new_material

# Node trees are `Any` here: every kind of node and socket has attributes of its own.

# Radii of iris and pupil in the eye's texture coordinates, where the eyeball's own radius is 0.5.
IRIS = 0.21
PUPIL = 0.085

# The lips in hm08's texture coordinates: centre and half axes of an ellipse, read off MPFB2's mpfb_lips.jpg.
LIPS_CENTER = (0.9094, 0.4831)
LIPS_EXTENT = (0.0165, 0.0215)


def make_material(name: str, look: str, color: Color, pass_index: int) -> bpy.types.Material:
    """A new material.

    Args:
        look: a garment class of the vocabulary, or "leather"; KeyError if it has no look.
        color: linear RGB.
        pass_index: what the Material Index pass shows.
    """
    material, nodes = new_material(name)
    material.pass_index = pass_index
    tree: Any = nodes
    surface = tree.nodes.new("ShaderNodeBsdfPrincipled")
    output = tree.nodes.new("ShaderNodeOutputMaterial")
    tree.links.new(surface.outputs["BSDF"], output.inputs["Surface"])
    _set(surface, Base_Color=(*color, 1.0))
    LOOKS[look](tree, surface, color)
    return material


def _set(node: Any, **values: Any) -> None:
    """Sets sockets by name; an underscore stands for a space."""
    for name, value in values.items():
        node.inputs[name.replace("_", " ")].default_value = value


def _skin(tree: Any, surface: Any, color: Color) -> None:
    _set(surface, Roughness=0.48, Specular_IOR_Level=0.4)
    _set(surface, Subsurface_Weight=0.2, Subsurface_Scale=0.012, Subsurface_Radius=(1.0, 0.35, 0.2))
    mottled = _mottle(tree, surface, color, scale=14.0, amount=0.08)
    place = tree.nodes.new("ShaderNodeTexCoord")
    to_ellipse = tree.nodes.new("ShaderNodeMapping")
    scale = [1.0 / extent for extent in LIPS_EXTENT]
    _set(to_ellipse, Scale=(*scale, 1.0), Location=(-LIPS_CENTER[0] * scale[0], -LIPS_CENTER[1] * scale[1], 0.0))
    tree.links.new(place.outputs["UV"], to_ellipse.inputs["Vector"])
    distance = tree.nodes.new("ShaderNodeVectorMath")
    distance.operation = "LENGTH"
    tree.links.new(to_ellipse.outputs["Vector"], distance.inputs[0])
    inside = tree.nodes.new("ShaderNodeMapRange")
    _set(inside, From_Min=1.0, From_Max=0.8)
    tree.links.new(distance.outputs["Value"], inside.inputs["Value"])
    tint = tree.nodes.new("ShaderNodeMix")
    tint.data_type, tint.blend_type = "RGBA", "MULTIPLY"
    # A mix node has one set of sockets per type; those of colours stand at these places.
    tint.inputs[7].default_value = (0.82, 0.5, 0.52, 1.0)
    tree.links.new(inside.outputs["Result"], tint.inputs[0])
    tree.links.new(mottled, tint.inputs[6])
    tree.links.new(tint.outputs[2], surface.inputs["Base Color"])


def _cloth(tree: Any, surface: Any, color: Color) -> None:
    """Satin stretch cloth: a soft highlight and a sheen at the edges."""
    _set(surface, Roughness=0.5, Specular_IOR_Level=0.4, Sheen_Weight=0.35, Sheen_Roughness=0.4)
    _mottle(tree, surface, color, scale=9.0, amount=0.1)


def _chiffon(tree: Any, surface: Any, color: Color) -> None:
    _set(surface, Roughness=0.6, Sheen_Weight=0.4, Sheen_Roughness=0.5)
    _mottle(tree, surface, color, scale=6.0, amount=0.12)


def _tights(tree: Any, surface: Any, color: Color) -> None:
    _set(surface, Roughness=0.6, Specular_IOR_Level=0.3, Sheen_Weight=0.15)
    _mottle(tree, surface, color, scale=14.0, amount=0.06)


def _leather(tree: Any, surface: Any, color: Color) -> None:
    _set(surface, Roughness=0.35, Specular_IOR_Level=0.5, Coat_Weight=0.2, Coat_Roughness=0.25)
    _mottle(tree, surface, color, scale=25.0, amount=0.02)


def _steel(tree: Any, surface: Any, color: Color) -> None:
    _set(surface, Metallic=1.0, Roughness=0.22)


def _hair(tree: Any, surface: Any, color: Color) -> None:
    """Combed: fine light and dark lines along the strands, on which the texture coordinates are constant."""
    _set(surface, Roughness=0.4, Specular_IOR_Level=0.5)
    place = tree.nodes.new("ShaderNodeTexCoord")
    strands = _noise(tree, place.outputs["UV"], scale=24.0)
    _mix_shades(tree, surface, color, strands, dark=0.5, light=1.9)
    bump = tree.nodes.new("ShaderNodeBump")
    _set(bump, Strength=0.5, Distance=0.002)
    tree.links.new(strands, bump.inputs["Height"])
    tree.links.new(bump.outputs["Normal"], surface.inputs["Normal"])


def _eyes(tree: Any, surface: Any, color: Color) -> None:
    """White, iris in the spec's colour with a dark rim, pupil: rings about the middle of the texture."""
    _set(surface, Roughness=0.08, Specular_IOR_Level=0.6, Coat_Weight=0.5, Coat_Roughness=0.03)
    place = tree.nodes.new("ShaderNodeTexCoord")
    distance = tree.nodes.new("ShaderNodeVectorMath")
    distance.operation = "DISTANCE"
    distance.inputs[1].default_value = (0.5, 0.5, 0.0)
    tree.links.new(place.outputs["UV"], distance.inputs[0])
    ramp = tree.nodes.new("ShaderNodeValToRGB")
    tree.links.new(distance.outputs["Value"], ramp.inputs["Fac"])
    rim = tuple(0.25 * c for c in color)
    stops = (
        (PUPIL, (0.004, 0.004, 0.004)),
        (PUPIL + 0.01, color),
        (IRIS - 0.03, color),
        (IRIS - 0.008, rim),
        (IRIS + 0.008, (0.78, 0.75, 0.72)),
    )
    elements = ramp.color_ramp.elements
    elements.remove(elements[1])
    elements[0].position, elements[0].color = stops[0][0], (*stops[0][1], 1.0)
    for position, shade in stops[1:]:
        elements.new(position).color = (*shade, 1.0)
    tree.links.new(ramp.outputs["Color"], surface.inputs["Base Color"])


def _noise(tree: Any, vector: Any, scale: float) -> Any:
    noise = tree.nodes.new("ShaderNodeTexNoise")
    _set(noise, Scale=scale, Detail=2.0)
    tree.links.new(vector, noise.inputs["Vector"])
    return noise.outputs[0]


def _mottle(tree: Any, surface: Any, color: Color, scale: float, amount: float) -> Any:
    """Uneven colour that sticks to the surface; `amount` is the share by which it goes up and down. Its socket."""
    place = tree.nodes.new("ShaderNodeTexCoord")
    noise = _noise(tree, place.outputs["Generated"], scale)
    return _mix_shades(tree, surface, color, noise, dark=1.0 - amount, light=1.0 + amount)


def _mix_shades(
    tree: Any,
    surface: Any,
    color: Color,
    factor: Any,
    dark: float,
    light: float,
) -> Any:
    """Darker and lighter shades of the colour by a factor; the socket that gives them."""
    ramp = tree.nodes.new("ShaderNodeValToRGB")
    for element, position, shade in zip(ramp.color_ramp.elements, (0.3, 0.7), (dark, light), strict=True):
        element.position = position
        element.color = (*(min(shade * c, 1.0) for c in color), 1.0)
    tree.links.new(factor, ramp.inputs["Fac"])
    tree.links.new(ramp.outputs["Color"], surface.inputs["Base Color"])
    return ramp.outputs["Color"]
    return ramp.outputs["Color"]


LOOKS: dict[str, Callable[[Any, Any, Color], None]] = {
    "skin": _skin,
    "hair": _hair,
    "eyes": _eyes,
    "leotard": _cloth,
    "skirt": _chiffon,
    "tights": _tights,
    "boots": _leather,
    "leather": _leather,
    "blades": _steel,
}

"""The few kinds of nodes that all looks are made of."""

from __future__ import annotations

import bpy

from blender_addon.color import Color
from blender_addon.scene.shading import add_node, rgba

Tree = bpy.types.NodeTree
Socket = bpy.types.NodeSocket
Number = Socket | float
Shade = Socket | Color

PLACE = "place_at_rest"
"""Name of the attribute with a vertex' place (m) at rest, on every mesh: patterns keep their size and stick to it."""

RADIANS_PER_PIXEL = "radians_per_pixel"
"""Name of the scene's property that says how much of the view a pixel takes in; where it is missing nothing fades."""

FINE = 0.02
"""Metres; what is larger than this is seen from every place on a rink."""

# A mix node has one set of sockets per type, which stand at these places.
_NUMBER_A, _NUMBER_B = 2, 3
_MIX_A, _MIX_B, _MIX_RESULT = 6, 7, 2


def place(tree: Tree, shift: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Socket:
    """Where on the person at rest the point lies (m), moved by `shift`."""
    node = add_node(tree, "ShaderNodeAttribute", attribute_name=PLACE)
    if not any(shift):
        return node.outputs["Vector"]
    moved = add_node(tree, "ShaderNodeVectorMath", {0: node.outputs["Vector"], 1: shift}, operation="ADD")
    return moved.outputs["Vector"]


def stretched(tree: Tree, vector: Socket, scale: tuple[float, float, float]) -> Socket:
    """The vector with each axis scaled."""
    node = add_node(tree, "ShaderNodeVectorMath", {0: vector, 1: scale}, operation="MULTIPLY")
    return node.outputs["Vector"]


def field(tree: Tree, name: str) -> Socket:
    """A field of the mesh (`SkinnedMesh.fields`)."""
    return add_node(tree, "ShaderNodeAttribute", attribute_name=name).outputs["Fac"]


def texture_uv(tree: Tree) -> Socket:
    """The mesh' texture coordinates."""
    return add_node(tree, "ShaderNodeTexCoord").outputs["UV"]


def calc(tree: Tree, operation: str, a: Number, b: Number = 0.0, c: Number = 0.0) -> Socket:
    """One step of arithmetic: an operation of the Math node."""
    return add_node(tree, "ShaderNodeMath", {0: a, 1: b, 2: c}, operation=operation).outputs[0]


def between(tree: Tree, value: Number, low: float, high: float, first: Number = 0.0, last: Number = 1.0) -> Socket:
    """`first` up to `low`, `last` from `high` on, smooth in between; `low` may be the greater of the two."""
    node = add_node(
        tree,
        "ShaderNodeMapRange",
        {"Value": value, "From Min": low, "From Max": high, "To Min": first, "To Max": last},
        interpolation_type="SMOOTHSTEP",
    )
    return node.outputs["Result"]


def mix(tree: Tree, share: Number, a: Shade, b: Shade, blend: str = "MIX") -> Socket:
    """Colour `a` with a share of `b`, or with `b` blended onto it."""
    inputs: dict[str | int, object] = {0: share}
    for key, shade in ((_MIX_A, a), (_MIX_B, b)):
        inputs[key] = rgba(shade) if isinstance(shade, tuple) else shade
    return add_node(tree, "ShaderNodeMix", inputs, data_type="RGBA", blend_type=blend).outputs[_MIX_RESULT]


def noise(tree: Tree, vector: Socket, scale: float, detail: float = 1.0, size: float | None = None) -> Socket:
    """Clouds, 0…1 about 0.5, `scale` of them per unit of the vector; they fade to 0.5 where they are finer than pixels.

    `size` (m) is that of a cloud where the vector's unit is not a metre.
    """
    clouds = add_node(tree, "ShaderNodeTexNoise", {"Vector": vector, "Scale": scale, "Detail": detail}).outputs[0]
    size = size or 1.0 / scale
    return faded(tree, clouds, 0.5, size) if size < FINE else clouds


def seen(tree: Tree, size: float) -> Socket:
    """1 where something of a size (m) takes up pixels of its own … 0 where one pixel holds more than one of it."""
    distance = add_node(tree, "ShaderNodeCameraData").outputs["View Distance"]
    pixel = add_node(tree, "ShaderNodeAttribute", attribute_name=RADIANS_PER_PIXEL, attribute_type="VIEW_LAYER")
    width = calc(tree, "MULTIPLY", distance, pixel.outputs["Fac"])
    return between(tree, width, 0.4 * size, 1.0 * size, 1.0, 0.0)


def faded(tree: Tree, value: Socket, mean: Number, size: float) -> Socket:
    """A pattern of a size (m) that fades to its mean where it is finer than pixels."""
    node = add_node(tree, "ShaderNodeMix", {0: seen(tree, size), _NUMBER_A: mean, _NUMBER_B: value}, data_type="FLOAT")
    return node.outputs[0]


def cells(tree: Tree, vector: Socket, scale: float) -> tuple[Socket, Socket]:
    """Random cells, `scale` of them per metre: the distance to a cell's middle (in cells) and the cell's own random
    numbers."""
    node = add_node(tree, "ShaderNodeTexVoronoi", {"Vector": vector, "Scale": scale}, feature="F1")
    return node.outputs["Distance"], node.outputs["Color"]


def cell_walls(tree: Tree, vector: Socket, scale: float) -> Socket:
    """Of cells as above, the distance to the nearest wall between two (in cells)."""
    node = add_node(tree, "ShaderNodeTexVoronoi", {"Vector": vector, "Scale": scale}, feature="DISTANCE_TO_EDGE")
    return node.outputs["Distance"]


def channel(tree: Tree, color: Socket, name: str) -> Socket:
    """One of a colour's three numbers: "Red", "Green" or "Blue"."""
    return add_node(tree, "ShaderNodeSeparateColor", {0: color}).outputs[name]


def bump(tree: Tree, height: Socket, distance: float, normal: Socket | None = None) -> Socket:
    """Normals of a surface that is raised by `height` (0…1) times `distance` (m)."""
    inputs: dict[str | int, object] = {"Height": height, "Distance": distance, "Strength": 1.0}
    if normal is not None:
        inputs["Normal"] = normal
    return add_node(tree, "ShaderNodeBump", inputs).outputs["Normal"]


def facing(tree: Tree) -> Socket:
    """0 where one looks straight at the surface … 1 at its outline."""
    return add_node(tree, "ShaderNodeLayerWeight", {"Blend": 0.5}).outputs["Facing"]


def principled(tree: Tree, color: Shade, **inputs: object) -> Socket:
    """The Principled BSDF; inputs by name, an underscore for a space."""
    named: dict[str | int, object] = {name.replace("_", " "): value for name, value in inputs.items()}
    named["Base Color"] = rgba(color) if isinstance(color, tuple) else color
    return add_node(tree, "ShaderNodeBsdfPrincipled", named).outputs["BSDF"]


def scaled(color: Color, factor: float) -> Color:
    """A darker or lighter colour."""
    red, green, blue = (min(factor * part, 1.0) for part in color)
    return red, green, blue


def blend(a: Color, b: Color, share: float) -> Color:
    """Colour `a` with a share of `b`."""
    red, green, blue = (x + share * (y - x) for x, y in zip(a, b, strict=True))
    return red, green, blue

"""What the hall's surfaces are made of."""

from __future__ import annotations

from typing import Any

import bpy
import cv2
import numpy as np

from blender_addon.clip import LightSpec, RinkSpec
from blender_addon.rink.advert_sheet import Sheet
from blender_addon.rink.glass import lamp_grid
from blender_addon.rink.light_color import LUX, lux_of
from blender_addon.rink.plan import hall_of
from blender_addon.rink.wear import wear_map
from blender_addon.scene.shading import add_node, never_a_light, new_material, rgba

_Socket = bpy.types.NodeSocket

PAINT = "paint"
"""Name of the colour attribute that carries each face's colour."""

SHEET, WEAR = "sheet", "wear"
"""Texture coordinates: in the sheet of advertisements, in the picture of what is worn."""


def painted(name: str, roughness: float) -> bpy.types.Material:
    """Faces in the colours of the `PAINT` attribute."""
    material, tree = new_material(name)
    color = add_node(tree, "ShaderNodeAttribute", attribute_name=PAINT).outputs["Color"]
    surface = add_node(tree, "ShaderNodeBsdfPrincipled", {"Base Color": color, "Roughness": roughness})
    add_node(tree, "ShaderNodeOutputMaterial", {"Surface": surface.outputs["BSDF"]})
    return material


def boards(spec: RinkSpec, sheet: Sheet) -> bpy.types.Material:
    """The boards: each face's colour times its part of the sheet, with what skates, sticks and pucks left on them.

    The mesh has the texture coordinates `SHEET` and `WEAR`.
    """
    material, tree = new_material("rink boards")
    color = add_node(tree, "ShaderNodeAttribute", attribute_name=PAINT).outputs["Color"]
    if len(sheet.boxes):
        picture = add_node(tree, "ShaderNodeTexImage", image=_picture("rink adverts", sheet.pixels), extension="EXTEND")
        tree.links.new(add_node(tree, "ShaderNodeUVMap", uv_map=SHEET).outputs["UV"], picture.inputs["Vector"])
        color = add_node(
            tree,
            "ShaderNodeMixRGB",
            {"Fac": 1.0, "Color1": color, "Color2": picture.outputs["Color"]},
            blend_type="MULTIPLY",
        ).outputs["Color"]
    place = add_node(tree, "ShaderNodeUVMap", uv_map=WEAR).outputs["UV"]
    marks = add_node(
        tree, "ShaderNodeTexImage", {"Vector": place}, image=_picture("rink wear", wear_map(spec)), extension="REPEAT"
    )
    marks.image.colorspace_settings.name = "Non-Color"
    worn_color = add_node(
        tree, "ShaderNodeMixRGB", {"Fac": marks.outputs["Color"], "Color1": color, "Color2": rgba((0.045, 0.045, 0.05))}
    ).outputs["Color"]
    surface = add_node(tree, "ShaderNodeBsdfPrincipled", {"Base Color": worn_color, "Roughness": 0.32})
    add_node(tree, "ShaderNodeOutputMaterial", {"Surface": surface.outputs["BSDF"]})
    return material


def _picture(name: str, pixels: np.ndarray) -> bpy.types.Image:
    """Pixels (H, W, 3) or (H, W) uint8, the top row first, as an image that Blender holds in memory."""
    rows, columns = pixels.shape[:2]
    coded = cv2.imencode(".png", pixels[..., ::-1] if pixels.ndim == 3 else pixels, [cv2.IMWRITE_PNG_COMPRESSION, 1])[1]
    image = bpy.data.images.new(name, columns, rows)
    packed: Any = coded.tobytes()
    image.pack(data=packed, data_len=len(packed))
    image.source = "FILE"
    return image


CLEAREST, HAZIEST = 0.93, 0.62
"""Share of light that passes a pane straight on, and the least anywhere.

Below a half the pane's alpha would reach the view layer's `pass_alpha_threshold`, and the passes would show the pane.
"""

CEILING, STANDS, BOARDS, ICE, OPEN_SKY, LAMP = 0.07, 0.05, 0.18, 0.72, 0.7, 7.0
"""What a pane mirrors, over the radiance of a white sheet on the ice."""


def glass(spec: RinkSpec, light: LightSpec) -> bpy.types.Material:
    """A clear pane with smears on it, in which lamps, ice and a dark hall are mirrored.

    It passes camera rays straight through: Cycles then writes the index, depth and normal of what stands behind it in
    every pixel, as the pane's alpha is below the view layer's `pass_alpha_threshold`. A mirror in the mix would now and
    then send elsewhere the one ray that writes those passes. So the mirror image is a glow, whose strength is worked
    out here: where the mirrored ray meets the ice or the plane of the lamps.
    """
    rng = np.random.default_rng((spec.texture_seed, 10))
    material, tree = new_material("rink glass")
    geometry = add_node(tree, "ShaderNodeNewGeometry")
    position, normal, incoming = (geometry.outputs[name] for name in ("Position", "Normal", "Incoming"))
    shifted = add_node(
        tree, "ShaderNodeMapping", {"Vector": position, "Location": tuple(rng.uniform(-50.0, 50.0, 3))}
    ).outputs["Vector"]
    noise = add_node(tree, "ShaderNodeTexNoise", {"Vector": shifted, "Scale": 2.3, "Detail": 2.0, "Roughness": 0.6})

    # Two faces of Schlick's Fresnel.
    cosine = _vector(tree, "DOT_PRODUCT", normal, incoming, "Value")
    grazing = _math(tree, "SUBTRACT", 1.0, _math(tree, "ABSOLUTE", cosine))
    one = _math(tree, "MULTIPLY_ADD", _math(tree, "POWER", grazing, 5.0), 0.96, 0.04)
    both = _math(tree, "DIVIDE", _math(tree, "MULTIPLY", 2.0, one), _math(tree, "ADD", 1.0, one))

    seen = _mirrored(tree, position, normal, incoming, noise.outputs["Color"], spec, light)
    level = _level(spec, light)
    smears = _ranged(tree, noise.outputs["Fac"], (0.55, 0.75), (0.004, 0.03))
    glow = _math(tree, "MULTIPLY", _math(tree, "MULTIPLY_ADD", seen, both, smears), level)

    through = _math(tree, "MAXIMUM", _math(tree, "MULTIPLY", CLEAREST, _math(tree, "SUBTRACT", 1.0, both)), HAZIEST)
    tinted = add_node(tree, "ShaderNodeCombineXYZ", {0: _math(tree, "MULTIPLY", through, 0.975), 1: through})
    tree.links.new(_math(tree, "MULTIPLY", through, 0.985), tinted.inputs[2])

    clear = add_node(tree, "ShaderNodeBsdfTransparent", {"Color": tinted.outputs["Vector"]})
    mirror = add_node(tree, "ShaderNodeEmission", {"Color": rgba((0.95, 1.0, 0.99)), "Strength": glow})
    sum_of = add_node(tree, "ShaderNodeAddShader", {0: clear.outputs["BSDF"], 1: mirror.outputs["Emission"]})
    add_node(tree, "ShaderNodeOutputMaterial", {"Surface": sum_of.outputs["Shader"]})
    never_a_light(material)
    # EEVEE's other method lets some samples stop at the pane, with their depth and label.
    material.surface_render_method = "BLENDED"
    return material


def _level(spec: RinkSpec, light: LightSpec) -> float:
    """Radiance of white ice, about; in a show most of it lies in the dark."""
    return lux_of(light, spec) / LUX * (0.12 if light.kind == "spots" else 1.0)


def _mirrored(
    tree: bpy.types.NodeTree,
    position: _Socket,
    normal: _Socket,
    incoming: _Socket,
    noise: _Socket,
    spec: RinkSpec,
    light: LightSpec,
) -> _Socket:
    """Radiance, over that of white ice, of what a ray meets that the pane throws back."""
    hall = hall_of(spec)
    # No pane is quite even.
    bent = _vector(tree, "MULTIPLY_ADD", noise, (0.03, 0.03, 0.03), "Vector", (-0.015, -0.015, -0.015))
    way = _vector(tree, "ADD", _vector(tree, "REFLECT", _vector(tree, "SCALE", incoming, -1.0), normal), bent)
    up = add_node(tree, "ShaderNodeSeparateXYZ", {0: way}).outputs["Z"]
    _, aside, height = add_node(tree, "ShaderNodeSeparateXYZ", {0: position}).outputs
    rises = _math(tree, "GREATER_THAN", up, 0.0)
    # Where it meets the lamps' plane or the ice, whichever lies on its way.
    plane = _math(tree, "MULTIPLY", rises, hall.lamps)
    far = _math(tree, "DIVIDE", _math(tree, "SUBTRACT", plane, height), up)
    met = _vector(tree, "ADD", position, _vector(tree, "SCALE", way, far))
    half = (0.5 * spec.length, 0.5 * spec.width, 1e6)
    beyond = _vector(tree, "SUBTRACT", _vector(tree, "ABSOLUTE", met), half)
    x, y, _ = add_node(tree, "ShaderNodeSeparateXYZ", {0: beyond}).outputs
    over_ice = _math(tree, "LESS_THAN", _math(tree, "MAXIMUM", x, y), 0.0)
    # Between the panes behind benches and the ice are the boards.
    behind = _math(tree, "GREATER_THAN", _math(tree, "ABSOLUTE", aside), 0.5 * spec.width + hall.lane)
    paler = _math(tree, "MULTIPLY_ADD", behind, BOARDS - ICE, ICE - STANDS)
    below = _math(tree, "MULTIPLY_ADD", over_ice, paler, STANDS)
    above: _Socket | float = OPEN_SKY if hall.outdoors and light.kind == "daylight" else CEILING
    grid = lamp_grid(spec, light)
    if grid is not None:
        pitch, size, middle = grid
        place = _vector(tree, "DIVIDE", _vector(tree, "SUBTRACT", met, (*middle, 0.0)), (*pitch, 1e6))
        from_lamp = _vector(
            tree,
            "SUBTRACT",
            _vector(tree, "ABSOLUTE", _vector(tree, "WRAP", place, (0.5, 0.5, 0.5), "Vector", (-0.5, -0.5, -0.5))),
            (0.5 * size[0] / pitch[0], 0.5 * size[1] / pitch[1], 1e6),
        )
        x, y, _ = add_node(tree, "ShaderNodeSeparateXYZ", {0: from_lamp}).outputs
        in_lamp = _math(tree, "LESS_THAN", _math(tree, "MAXIMUM", x, y), 0.0)
        above = _math(tree, "MULTIPLY_ADD", _math(tree, "MULTIPLY", in_lamp, over_ice), LAMP, above)
    return _math(
        tree,
        "ADD",
        _math(tree, "MULTIPLY", rises, above),
        _math(tree, "MULTIPLY", _math(tree, "SUBTRACT", 1.0, rises), below),
    )


def _math(tree: bpy.types.NodeTree, operation: str, *values: _Socket | float) -> _Socket:
    return add_node(tree, "ShaderNodeMath", dict(enumerate(values)), operation=operation).outputs["Value"]


def _vector(
    tree: bpy.types.NodeTree,
    operation: str,
    first: _Socket,
    second: _Socket | float | tuple[float, float, float] | None = None,
    output: str = "Vector",
    third: tuple[float, float, float] | None = None,
) -> _Socket:
    inputs: dict[str | int, Any] = {0: first}
    if operation == "SCALE":
        inputs["Scale"] = second
    elif second is not None:
        inputs[1] = second
    if third is not None:
        inputs[2] = third
    return add_node(tree, "ShaderNodeVectorMath", inputs, operation=operation).outputs[output]


def _ranged(
    tree: bpy.types.NodeTree, value: _Socket, source: tuple[float, float], target: tuple[float, float]
) -> _Socket:
    """`value` taken linearly from one range to another, and kept within it."""
    inputs: dict[str | int, Any] = {
        "Value": value,
        "From Min": source[0],
        "From Max": source[1],
        "To Min": target[0],
        "To Max": target[1],
    }
    return add_node(tree, "ShaderNodeMapRange", inputs).outputs["Result"]

"""Eyes: an iris of fibres with a dark rim, a white that is not white, and the cornea's gloss over both."""

from __future__ import annotations

from blender_addon.color import Color
from blender_addon.scene.looks.nodes import (
    Socket,
    Tree,
    between,
    blend,
    mix,
    noise,
    place,
    principled,
    scaled,
    texture_uv,
)
from blender_addon.scene.looks.subject import Subject
from blender_addon.scene.shading import add_node

# Radii in the eye's texture coordinates, where the eyeball's own radius is 0.5: an iris measures 11.7 mm across, the
# pupil in a bright hall about 3.5 mm, the eyeball 24 mm. The mesh' eyeballs are a little larger than that.
IRIS = 0.225
PUPIL = 0.078
RIM = 0.028

WHITE: Color = (0.62, 0.58, 0.55)
CORNER: Color = (0.5, 0.27, 0.23)


def eyes(tree: Tree, subject: Subject) -> Socket:
    """Both eyeballs."""
    color = subject.skater.eyes
    offset = add_node(tree, "ShaderNodeVectorMath", {0: texture_uv(tree), 1: (0.5, 0.5, 0.0)}, operation="SUBTRACT")
    away = offset.outputs["Vector"]
    distance = add_node(tree, "ShaderNodeVectorMath", {0: away}, operation="LENGTH").outputs["Value"]
    iris = _iris(tree, color, away, distance)
    veins = between(tree, noise(tree, place(tree), 900.0, detail=3.0), 0.52, 0.75, 0.0, 0.35)
    white = mix(tree, between(tree, distance, 0.26, 0.5), WHITE, CORNER)
    white = mix(tree, veins, white, CORNER)
    shade = mix(tree, between(tree, distance, IRIS - 0.006, IRIS + 0.008), iris, white)
    shade = mix(tree, between(tree, distance, PUPIL, PUPIL + 0.008), (0.003, 0.003, 0.003), shade)
    # The upper lid and its lashes keep light from the upper third.
    height = add_node(tree, "ShaderNodeSeparateXYZ", {0: away}).outputs["Y"]
    shade = mix(tree, between(tree, height, 0.02, 0.26, 0.0, 0.6), shade, (0.1, 0.08, 0.08), "MULTIPLY")
    return principled(
        tree, shade, Roughness=0.3, Specular_IOR_Level=0.15, Coat_Weight=0.8, Coat_IOR=1.376, Coat_Roughness=0.02
    )


def _iris(tree: Tree, color: Color, away: Socket, distance: Socket) -> Socket:
    around = add_node(tree, "ShaderNodeVectorMath", {0: away}, operation="NORMALIZE").outputs["Vector"]
    # Fibres run outwards: the noise changes quickly around the pupil and slowly away from it.
    level = add_node(tree, "ShaderNodeCombineXYZ", {"Z": distance}).outputs["Vector"]
    fibre_place = add_node(tree, "ShaderNodeVectorMath", {0: around, 1: level}, operation="ADD").outputs["Vector"]
    fibres = between(tree, noise(tree, fibre_place, 9.0, detail=2.0), 0.3, 0.7)
    shade = mix(tree, fibres, scaled(color, 0.45), scaled(color, 1.5))
    inner = between(tree, distance, PUPIL + 0.012, PUPIL + 0.06, 0.55, 0.0)
    shade = mix(tree, inner, shade, blend(scaled(color, 1.2), (0.16, 0.08, 0.025), 0.6))
    rim = between(tree, distance, IRIS - RIM, IRIS - 0.004, 0.0, 0.9)
    return mix(tree, rim, shade, scaled(color, 0.12))

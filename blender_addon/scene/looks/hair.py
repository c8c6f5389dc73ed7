"""Hair: strands, each a little lighter or darker than its neighbours, that gleam across their run."""

from __future__ import annotations

from blender_addon.color import Color
from blender_addon.scene.looks.nodes import (
    Socket,
    Tree,
    between,
    blend,
    bump,
    calc,
    mix,
    noise,
    place,
    principled,
    scaled,
    stretched,
    texture_uv,
)
from blender_addon.scene.looks.subject import Subject

# How little of v, 0 at the root and 1 at the tip, goes into shades: a strand changes slowly along its run.
_ALONG = 0.04


def hair(tree: Tree, subject: Subject) -> Socket:
    """Hair on the head. Of its texture coordinates u is constant along a strand, 1 for a decimetre across."""
    color = subject.skater.hair.color
    across = stretched(tree, texture_uv(tree), (1.0, _ALONG, 1.0))
    locks = noise(tree, across, 14.0, detail=3.0, size=0.006)
    strands = noise(tree, across, 120.0, size=0.0009)
    both = calc(tree, "MULTIPLY_ADD", calc(tree, "SUBTRACT", strands, 0.5), 0.8, locks)
    shade = mix(tree, between(tree, both, 0.25, 0.75), scaled(color, 0.6), _light(color))
    return principled(
        tree,
        shade,
        Normal=bump(tree, both, 0.0018),
        Roughness=between(tree, strands, 0.3, 0.7, 0.42, 0.58),
        IOR=1.5,
        Coat_Weight=0.08,
        Coat_Roughness=0.3,
        Coat_Tint=(*blend(color, (1.0, 1.0, 1.0), 0.5), 1.0),
    )


def brows(tree: Tree, subject: Subject) -> Socket:
    """Brows, darker than fair hair and hardly darker than dark hair."""
    color = _dark(subject.skater.hair.color, 0.75)
    fine = noise(tree, stretched(tree, place(tree), (2.0, 1.0, 0.6)), 700.0)
    shade = mix(tree, between(tree, fine, 0.35, 0.65), scaled(color, 0.7), scaled(color, 1.3))
    return principled(tree, shade, Roughness=0.65, IOR=1.45)


def lashes(tree: Tree, subject: Subject) -> Socket:
    """Lashes, always darker than the hair: on the ice they are made up."""
    return principled(tree, _dark(subject.skater.hair.color, 0.2), Roughness=0.5)


def _light(color: Color) -> Color:
    return blend(scaled(color, 1.5), (0.9, 0.75, 0.55), 0.012)


def _dark(color: Color, share: float) -> Color:
    """The colour, fair hair darkened more than dark hair."""
    brightness = max(color)
    return scaled(color, share * min(1.0, 0.55 + 0.08 / max(brightness, 0.02)))

"""Leather, rubber, steel, plastic: what skates, shoes and fastenings are made of."""

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
)
from blender_addon.scene.looks.subject import Subject

STEEL: Color = (0.62, 0.64, 0.67)
SOLE_LEATHER: Color = (0.11, 0.055, 0.03)


def leather(tree: Tree, subject: Subject) -> Socket:
    """Boots and shoes: polished, creased where they bend, a little scuffed."""
    color = subject.worn.color
    at = place(tree)
    creases = noise(tree, stretched(tree, at, (1.0, 1.0, 3.0)), 45.0, detail=2.0)
    scuffs = between(tree, noise(tree, at, 60.0, detail=2.0), 0.58, 0.72, 0.0, 0.3)
    shade = mix(tree, scuffs, color, blend(scaled(color, 0.7), (0.3, 0.28, 0.26), 0.25))
    return principled(
        tree,
        shade,
        Roughness=calc(tree, "MULTIPLY_ADD", scuffs, 0.6, 0.34),
        Normal=bump(tree, creases, 0.0018),
        Coat_Weight=0.25,
        Coat_Roughness=0.2,
    )


def sole(tree: Tree, subject: Subject) -> Socket:
    """Stacked leather of a heel and a sole."""
    layers = noise(tree, stretched(tree, place(tree), (0.05, 0.05, 1.0)), 400.0)
    shade = mix(tree, layers, scaled(SOLE_LEATHER, 0.7), scaled(SOLE_LEATHER, 1.3))
    return principled(tree, shade, Roughness=0.45, Coat_Weight=0.15, Coat_Roughness=0.25)


def laces(tree: Tree, subject: Subject) -> Socket:
    """Waxed cotton in the boot's own colour, a little lighter."""
    return principled(tree, blend(subject.worn.color, (0.75, 0.74, 0.7), 0.15), Roughness=0.75, Sheen_Weight=0.15)


def steel(tree: Tree, subject: Subject) -> Socket:
    """Ground and chromed steel, or what colour the blades have."""
    color = subject.garment.color if subject.garment else STEEL
    ground = noise(tree, stretched(tree, place(tree), (0.05, 0.05, 1.0)), 1500.0)
    return principled(tree, color, Metallic=1.0, Roughness=between(tree, ground, 0.3, 0.7, 0.14, 0.3))


def button(tree: Tree, subject: Subject) -> Socket:
    """Buttons, zips and other fastenings, in the garment's second colour."""
    return principled(tree, subject.worn.second, Roughness=0.3, IOR=1.5)


def lens(tree: Tree, subject: Subject) -> Socket:
    """Glasses: dark, glossy plastic; opaque, so that labels and picture agree."""
    return principled(tree, subject.worn.color, Roughness=0.08, Coat_Weight=1.0, Coat_Roughness=0.02)

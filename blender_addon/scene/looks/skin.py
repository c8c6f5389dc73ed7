"""Skin: a tone with more or less blood and melanin in places, light that goes under it and comes out beside.

Where the places are, `skater.skin_fields` says; how blood and melanin colour them, `skater.skin_tones`.
"""

from __future__ import annotations

import numpy as np

from blender_addon.color import Color
from blender_addon.scene.looks.nodes import (
    Socket,
    Tree,
    between,
    blend,
    calc,
    cells,
    channel,
    faded,
    field,
    mix,
    noise,
    place,
    principled,
    scaled,
)
from blender_addon.scene.looks.subject import Subject
from blender_addon.skater.skin_fields import BLUSH, FRECKLES, LIDS, LIPS, MOUTH, NAILS, PALMS
from blender_addon.skater.skin_tones import flushed, pale, pigmented

# Metres that red light travels under the skin, and what green and blue travel of it.
DEPTH = 0.0045
DEPTH_BY_COLOR = (1.0, 0.36, 0.2)
SCATTERED = 0.6  # share of light that goes under the skin

FRECKLES_PER_METRE = 520.0
MOLES_PER_METRE = 17.0
MOUTH_COLOR: Color = (0.22, 0.03, 0.03)


def skin(tree: Tree, subject: Subject) -> Socket:
    """The whole skin, lips, nails and the inside of the mouth among it."""
    spec = subject.skater.skin
    tone = spec.tone
    at = place(tree, _shift(spec.seed))
    patches = noise(tree, at, 22.0, detail=3.0)
    color = mix(tree, between(tree, patches, 0.3, 0.7), flushed(pigmented(tone, 0.09), 0.02), pale(tone, 0.06))
    wet: Socket | float = 0.0
    has = subject.fields
    if BLUSH in has:
        share = calc(tree, "MULTIPLY", field(tree, BLUSH), 0.25 + 0.75 * spec.blush)
        color = mix(tree, share, color, flushed(tone, 0.42))
    if PALMS in has:
        color = mix(tree, field(tree, PALMS), color, flushed(pale(tone, 0.65), 0.12))
    color = _spotted(tree, subject, at, color)
    if LIDS in has:
        color = mix(tree, calc(tree, "MULTIPLY", field(tree, LIDS), 0.5), color, flushed(pigmented(tone, 0.12), 0.2))
    if LIPS in has:
        lips = between(tree, field(tree, LIPS), 0.25, 0.7)
        color = mix(tree, lips, color, _lips(tone))
        wet = lips
    if MOUTH in has:
        inside = field(tree, MOUTH)
        color = mix(tree, inside, color, MOUTH_COLOR)
        wet = calc(tree, "MAXIMUM", wet, inside)
    rough = between(tree, patches, 0.3, 0.7, 0.56, 0.46)
    rough = calc(tree, "MULTIPLY_ADD", wet, -0.18, rough)
    if NAILS in has:
        nails = between(tree, field(tree, NAILS), 0.3, 0.6)
        color = mix(tree, nails, color, blend(flushed(pale(tone, 0.6), 0.15), (0.75, 0.62, 0.58), 0.25))
        rough = calc(tree, "MULTIPLY_ADD", nails, -0.25, rough)
    return principled(
        tree,
        color,
        Roughness=rough,
        IOR=1.4,
        Subsurface_Weight=SCATTERED,
        Subsurface_Scale=DEPTH,
        Subsurface_Radius=DEPTH_BY_COLOR,
    )


def teeth(tree: Tree, subject: Subject) -> Socket:
    """Enamel, yellower with age."""
    age = subject.skater.phenotype.get("age", 0.5)
    return principled(tree, (0.72, 0.68 - 0.08 * age, 0.58 - 0.16 * age), Roughness=0.25, Subsurface_Weight=0.1)


def tongue(tree: Tree, subject: Subject) -> Socket:
    """Tongue and gums, moist."""
    shade = mix(tree, noise(tree, place(tree), 300.0), (0.34, 0.09, 0.09), (0.46, 0.16, 0.15))
    return principled(tree, shade, Roughness=0.3, Subsurface_Weight=0.2, Subsurface_Scale=0.004)


def _lips(tone: Color) -> Color:
    # Lips have hardly any melanin of their own in light skin, and much of it in dark skin.
    return scaled(flushed(pale(tone, 0.2), 0.45), 0.93)


def _spotted(tree: Tree, subject: Subject, at: Socket, color: Socket) -> Socket:
    """Freckles where they grow, and a mole here and there."""
    spec = subject.skater.skin
    tone = spec.tone
    distance, _ = cells(tree, at, MOLES_PER_METRE)
    mole = faded(tree, between(tree, distance, 0.030, 0.018), 0.0, 0.002)
    color = mix(tree, mole, color, pigmented(tone, 1.3))
    if spec.freckles <= 0.0 or FRECKLES not in subject.fields:
        return color
    distance, own = cells(tree, at, FRECKLES_PER_METRE)
    # The more of them grow in a place, the more cells have one and the larger it is.
    density = calc(tree, "MULTIPLY", field(tree, FRECKLES), spec.freckles)
    there = calc(tree, "SUBTRACT", density, channel(tree, own, "Red"))
    size = between(tree, there, 0.0, 0.8, 0.35, 0.8)
    freckle = between(tree, calc(tree, "SUBTRACT", size, distance), 0.0, 0.45)
    freckle = calc(tree, "MULTIPLY", freckle, between(tree, there, 0.0, 0.1))
    from_afar = calc(tree, "MULTIPLY", density, 0.2)
    return mix(tree, faded(tree, freckle, from_afar, 1.0 / FRECKLES_PER_METRE), color, pigmented(tone, 0.5))


def _shift(seed: int) -> tuple[float, float, float]:
    x, y, z = np.random.default_rng(seed).uniform(-50.0, 50.0, 3).tolist()
    return x, y, z

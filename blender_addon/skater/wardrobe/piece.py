"""What a tailor is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from blender_addon.cast import GarmentSpec
from blender_addon.makehuman.body import Body
from blender_addon.skater.human import Chain, Landmark, SkinnedMesh
from blender_addon.skater.part_borders import PartBorders
from blender_addon.skater.surface import Surface
from blender_addon.skater.wardrobe.pattern import Pattern
from mocap.rotations import Array

Covers = Callable[[Array, Array], Array]
"""(N,) metres, about, by which points (N, 3) at rest, with weights (N, B), lie under a garment; negative where bare."""

# Layers, from the skin outwards: what is worn over something hides it. Trousers fall over boots; a shirt is tucked into
# them or hangs over them.
HOSIERY, CLOSE, GLOVES, TUCKED, FOOTWEAR, OVER_BOOTS, TROUSERS, SHIRT, SKIRT, JACKET = range(10)

# Garments that lie round the body, so that it takes up the room inside them.
ROUND_THE_BODY = ("leotard", "unitard", "tights", "gloves", "shirt", "trousers", "jacket")


@dataclass(frozen=True)
class Fitting:
    """A body that clothes are made for.

    Attributes:
        body: at rest; pattern: its measures; parts: (B,) body part of each bone; borders: of its parts.
        skin: the body's skin; ease: (N, 3) metres by which cloth that touches it stands off its vertices.
        suit: a surface close to the skin from neck, wrists to toes, uncut, with few vertices.
        worn: all garments, by name.
    """

    body: Body
    pattern: Pattern
    parts: np.ndarray
    borders: PartBorders
    skin: Surface
    ease: Array
    suit: Surface
    worn: Mapping[str, GarmentSpec]


@dataclass(frozen=True)
class Piece:
    """Something worn, hair included.

    Attributes:
        meshes: its surfaces; a bone index of B or more means one of its own chains' bones, counted through them.
        layer: it hides all of lower layers that it covers.
        covers: where it hides; None if nothing.
        over_boots: where it lies in the layer `OVER_BOOTS` instead, as legs drawn over boots do; None for nowhere.
        hides: (19158,) bool vertices of the base mesh that it hides besides, or None.
        chains: what swings.
        lift: metres by which it raises the sole of the foot above what it stands on.
        soles: points that stand on the ground, as `Human.blades`.
        marks: landmarks that it adds to the body's.
    """

    meshes: tuple[SkinnedMesh, ...]
    layer: int
    covers: Covers | None = None
    over_boots: Covers | None = None
    hides: np.ndarray | None = None
    chains: tuple[Chain, ...] = ()
    lift: float = 0.0
    soles: Mapping[str, Landmark] = field(default_factory=dict)
    marks: Mapping[str, Landmark] = field(default_factory=dict)


Tailor = Callable[[Fitting], Piece]

"""What the surroundings hand to Blender: named bags of quadrilaterals, each of one material. No bpy."""

from __future__ import annotations

from dataclasses import dataclass

from blender_addon.rink.quads import Quads

MATERIALS = ("dull", "glossy", "glow", "window")
"""What a part can be made of; `scene.building_materials` says how each looks."""


@dataclass(frozen=True)
class Part:
    """One object of the surroundings.

    Attributes:
        name: unique among the parts of a rink.
        material: one of `MATERIALS`.
        shadow: whether it keeps lamps' light off what is behind it. What lamps stand before anyway does not: shadow
            rays are quicker for it.
    """

    name: str
    quads: Quads
    material: str
    shadow: bool = True

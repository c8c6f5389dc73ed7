"""What a look is given: whose material it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from blender_addon.cast import GarmentSpec, SkaterSpec
from blender_addon.scene.looks.nodes import Socket, Tree


@dataclass(frozen=True)
class Subject:
    """A surface of somebody.

    Attributes:
        skater: whose it is.
        garment: what the surface is of, as it is worn; None for what is not worn as a garment (skin, hair, blades
            that come with the boots).
        fields: names of the mesh' fields; a look does without what is not among them.
    """

    skater: SkaterSpec
    garment: GarmentSpec | None
    fields: frozenset[str]

    @property
    def worn(self) -> GarmentSpec:
        """The garment, or a plain one in its place."""
        return self.garment or GarmentSpec()


Look = Callable[[Tree, Subject], Socket]
"""Makes the nodes of a look; the socket gives its shader."""

"""Every look that a surface can have, by name. `scene.looks` makes them; whoever makes a mesh names one. No bpy."""

from __future__ import annotations

from blender_addon.labels.vocabulary import CLOTHES, CLOTHES_INDEX
from blender_addon.skater.human import SkinnedMesh

OWN_LOOKS: tuple[str, ...] = ("lashes", "brows", "teeth", "tongue", "sole", "laces", "buttons", "metal", "file")
"""Looks of parts that do not look like the rest of their class (`SkinnedMesh.look`)."""

LOOK_NAMES: tuple[str, ...] = (*(c.name for c in CLOTHES if c.index != CLOTHES_INDEX["background"]), *OWN_LOOKS)


def look_of(mesh: SkinnedMesh, garment: int) -> str:
    """The look of a mesh' faces of a garment class (index); KeyError if the mesh names one that there is not."""
    look = mesh.look or CLOTHES[garment].name
    if look not in LOOK_NAMES:
        raise KeyError(f"the mesh {mesh.name!r} has a look that is in no table: {look!r}")
    return look

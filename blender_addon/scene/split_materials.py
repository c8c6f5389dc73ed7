"""Somebody's materials, each split so that labels can be read from it: one copy per garment and body part."""

from __future__ import annotations

import bpy
import numpy as np

from blender_addon.labels.vocabulary import pack_index
from blender_addon.scene.shading import add_node, new_material

# Albedo of what has no material, as Blender shows it.
_GREY = (0.8, 0.8, 0.8, 1.0)


def split_materials(data: bpy.types.Mesh, name: str, slot: np.ndarray, garment: np.ndarray, part: np.ndarray) -> None:
    """Gives every (material, garment, body part) of a mesh a slot and a material of its own.

    Args:
        name: begins the copies' names, which are then unique in the scene: Cryptomatte tells them by these.
        slot, garment, part: (P,) of each polygon.
    """
    before = list(data.materials)
    kinds, chosen = np.unique(np.stack((slot, garment, part), axis=1), axis=0, return_inverse=True)
    data.materials.clear()
    for number, of_garment, of_part in kinds.tolist():
        source = before[number] if number < len(before) else None
        made = _plain() if source is None else source.copy()
        made.pass_index = pack_index(of_garment, of_part)
        made.name = f"{name}_{number}_{made.pass_index}"
        # What is blended over the picture is in none of EEVEE's passes.
        made.surface_render_method = "DITHERED"
        data.materials.append(made)
    data.polygons.foreach_set("material_index", chosen.ravel().astype(np.int32))


def _plain() -> bpy.types.Material:
    material, tree = new_material("plain")
    surface = add_node(tree, "ShaderNodeBsdfPrincipled", {"Base Color": _GREY})
    add_node(tree, "ShaderNodeOutputMaterial", {"Surface": surface.outputs["BSDF"]})
    return material

"""Somebody's materials, each split so that labels can be read from it: one copy per garment and body part.

What is half transparent is cut sharp in these: Cycles shows labels through opacities under a half in some pixels and
not in others (in as many as half the opacity), and on top of them from a half on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import bpy
import numpy as np

from blender_addon.labels.vocabulary import pack_index
from blender_addon.scene.shading import add_node, new_material

# Albedo of what has no material, as Blender shows it.
_GREY = (0.8, 0.8, 0.8, 1.0)
# Above this opacity there is something.
_SOLID = 0.5
_CUT = "cut out"


def split_materials(
    data: bpy.types.Mesh, name: str, slot: np.ndarray, garment: np.ndarray, part: np.ndarray
) -> tuple[np.ndarray, Callable[[np.ndarray, np.ndarray], np.ndarray]]:
    """Gives every (material, garment, body part) of a mesh a slot and a material of its own.

    Args:
        name: begins the copies' names, which are then unique in the scene: Cryptomatte tells them by these.
        slot, garment, part: (P,) of each polygon.

    Returns:
        the body part of each new slot; and what gives the slots of faces that are on other parts, from their slots (F,)
        and parts (F,), making those that there are not yet.
    """
    before = list(data.materials)
    kinds, chosen = np.unique(np.stack((slot, garment, part), axis=1), axis=0, return_inverse=True)
    data.materials.clear()

    def make(number: int, of_garment: int, of_part: int) -> None:
        source = before[number] if number < len(before) else None
        made = _plain() if source is None else source.copy()
        _cut_sharp(made.node_tree)
        made.pass_index = pack_index(of_garment, of_part)
        made.name = f"{name}_{number}_{made.pass_index}"
        # What is blended over the picture is in none of EEVEE's passes.
        made.surface_render_method = "DITHERED"
        data.materials.append(made)

    known = [tuple(kind) for kind in kinds.tolist()]
    for kind in known:
        make(*kind)
    data.polygons.foreach_set("material_index", chosen.ravel().astype(np.int32))

    def slot_of(now: np.ndarray, on: np.ndarray) -> np.ndarray:
        wanted, place = np.unique(np.column_stack((kinds[now, :2], on)), axis=0, return_inverse=True)
        rows = [tuple(kind) for kind in wanted.tolist()]
        for kind in rows:
            if kind not in known:
                known.append(kind)
                make(*kind)
        return np.array([known.index(kind) for kind in rows])[place.ravel()]

    return kinds[:, 2], slot_of


def _cut_sharp(tree: Any) -> None:
    """Makes opaque or nothing of whatever mixes with what is behind it, in a tree and the groups in it."""
    if tree is None:
        return
    for node in list(tree.nodes):
        if node.bl_idname == "ShaderNodeBsdfPrincipled":
            _step(tree, node.inputs["Alpha"])
        elif node.bl_idname == "ShaderNodeMixShader":
            mixed = [link.from_node.bl_idname for socket in node.inputs for link in socket.links]
            if "ShaderNodeBsdfTransparent" in mixed:
                _step(tree, node.inputs[0])
        elif node.bl_idname == "ShaderNodeGroup":
            _cut_sharp(node.node_tree)


def _step(tree: Any, socket: Any) -> None:
    """Lets a number from 0 to 1 be only one of the two."""
    if not socket.links:
        socket.default_value = float(socket.default_value > _SOLID)
    elif socket.links[0].from_node.label != _CUT:
        source = socket.links[0].from_socket
        step = add_node(tree, "ShaderNodeMath", {0: source, 1: _SOLID}, operation="GREATER_THAN", label=_CUT)
        tree.links.new(step.outputs[0], socket)


def _plain() -> bpy.types.Material:
    material, tree = new_material("plain")
    surface = add_node(tree, "ShaderNodeBsdfPrincipled", {"Base Color": _GREY})
    add_node(tree, "ShaderNodeOutputMaterial", {"Surface": surface.outputs["BSDF"]})
    return material

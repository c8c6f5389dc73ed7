"""Somebody's own rink: a .blend that stands in for everything but the ice's size.

Expected: metres, Z up, the ice's surface at z = 0, its middle in the origin, its length along X. The file is taken as
data, as a character's is (`blend_file`): nothing in it runs, and what moves in it stands still.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy

from blender_addon.scene.blend_file import append_surroundings, blocks_now, remove_unused
from blender_addon.scene.blend_images import check_images
from mocap.errors import UserError

KEPT = ("MESH", "CURVE", "SURFACE", "FONT", "META", "LIGHT", "EMPTY", "ARMATURE", "LATTICE")
"""Kinds of objects that are taken over; cameras, speakers, probes and the like are not."""

SHOWN = ("MESH", "CURVE", "SURFACE", "FONT", "META", "EMPTY")
"""Those of which there must be one."""

LARGEST_FILE = 1_000_000_000
"""Bytes."""

MOST_VERTICES = 10_000_000

ICE_NAMES = ("ice", "ice surface", "ice_surface")
"""Names (without case and number) of an object that is the ice; a custom property "ice" says so as well."""

# Modifiers that read a file.
_READING = ("MESH_CACHE", "MESH_SEQUENCE_CACHE", "FLUID")


@dataclass(frozen=True)
class OwnRink:
    """What a file brought.

    Attributes:
        objects: by name; ice: whether one of them is the ice.
        lit: whether it brings light: lamps, or a sky in its world.
    """

    objects: dict[str, bpy.types.Object]
    ice: bool
    lit: bool


def load_rink(path: Path, scene: bpy.types.Scene, collection: bpy.types.Collection) -> OwnRink:
    """The rink of a .blend, all of it with pass index 0. Its world becomes the scene's if the file brings light.

    Raises:
        UserError: there is no such file, it is no .blend, too large, or holds nothing that shows.
    """
    if path.is_file() and path.stat().st_size > LARGEST_FILE:
        raise UserError(f"larger than {LARGEST_FILE / 1e9:.0f} GB", file=path, mend="Leave out what no camera sees.")
    before = blocks_now()
    objects, worlds = append_surroundings(path)
    for thing in objects:
        collection.objects.link(thing)
    layer = bpy.context.view_layer
    assert layer is not None
    layer.update()
    kept = [thing for thing in objects if thing.type in KEPT]
    _check(kept, path)
    for thing in kept:
        if thing.parent is not None and thing.parent.type not in KEPT:
            place = thing.matrix_world.copy()
            thing.parent = None
            thing.matrix_world = place
    for thing in _only_instanced(kept):
        collection.objects.unlink(thing)
    bpy.data.batch_remove([thing for thing in objects if thing.type not in KEPT])

    skies = [world for world in worlds if _has_sky(world)]
    lit = bool(skies) or any(thing.type == "LIGHT" and not thing.hide_render for thing in kept)
    if lit and worlds:
        scene.world = (skies or list(worlds))[0]
    remove_unused(before)
    check_images(kept, path, [scene.world] if lit and scene.world is not None else [])
    ice = any(_is_ice(thing) for thing in kept)
    _make_background(kept, before)
    return OwnRink({thing.name: thing for thing in kept}, ice, lit)


def _check(kept: list[bpy.types.Object], path: Path) -> None:
    if not any(thing.type in SHOWN for thing in kept):
        raise UserError("holds no objects that a rink could be made of", file=path)
    meshes = {thing.data for thing in kept if isinstance(thing.data, bpy.types.Mesh)}
    count = sum(len(mesh.vertices) for mesh in meshes)
    if count > MOST_VERTICES:
        raise UserError(
            f"holds {count:,} vertices, more than {MOST_VERTICES:,}", file=path, mend="Leave out what no camera sees."
        )
    for thing in kept:
        data: Any = thing.data
        font = data.font if thing.type == "FONT" else None
        if font is not None and font.filepath != "<builtin>" and font.packed_file is None:
            raise UserError(
                f"the text {thing.name!r} uses a font that is not in the file",
                file=path,
                mend="Pack it (File > External Data > Pack Resources), or convert the text to a mesh.",
            )
        for modifier in list(thing.modifiers):
            if modifier.type in _READING:
                thing.modifiers.remove(modifier)


def _only_instanced(kept: list[bpy.types.Object]) -> list[bpy.types.Object]:
    """What lies in collections that empties show: it is seen where these stand, and nowhere else."""
    shown = {thing.instance_collection for thing in kept if thing.instance_collection is not None}
    there = {thing for collection in shown for thing in collection.all_objects}
    return [thing for thing in kept if thing in there]


def _has_sky(world: bpy.types.World) -> bool:
    tree = world.node_tree
    return tree is not None and any(
        node.bl_idname in ("ShaderNodeTexEnvironment", "ShaderNodeTexSky", "ShaderNodeTexImage") for node in tree.nodes
    )


def _is_ice(thing: bpy.types.Object) -> bool:
    return thing.type == "MESH" and (bool(thing.get("ice")) or thing.name.split(".")[0].strip().lower() in ICE_NAMES)


def _make_background(kept: list[bpy.types.Object], before: set[bpy.types.ID]) -> None:
    """No part of it counts in a mask; and names are plain, for Cryptomatte's list of them is JSON."""
    blocks: list[Any] = [*kept, *(material for material in bpy.data.materials if material not in before)]
    for block in blocks:
        block.pass_index = 0
        block.name = "rink " + block.name.replace('"', "'").replace("\\", "/")

"""Objects out of somebody's .blend, taken as data: nothing in the file is run, nothing outside its folder is read in.

A .blend can carry Python three ways: text blocks that run when the file is opened, drivers whose expressions are
Python, and script nodes. The file is never opened; its objects are appended, while scripts may not run, and what could
run later is taken off them before anything is evaluated.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy

from mocap.errors import UserError

# Nodes that run a script, or read a file that no image block names.
_ACTIVE_NODES = ("ShaderNodeScript", "ShaderNodeTexIES")
_READING_NODES = "GeometryNodeImport"

# What the first bytes say: "BLENDER-v405", since 5.0 "BLENDER17-01v0502".
_VERSION = re.compile(rb"BLENDER(?:[-_][vV](\d)(\d\d)|\d\d-\d\dv(\d\d)(\d\d))")


def append_objects(path: Path) -> tuple[bpy.types.Object, ...]:
    """All objects of a .blend, in no scene yet, without animation, drivers, constraints and scripts.

    Raises:
        UserError: there is no such file, it is no .blend that this Blender reads, or it links to another folder's.
    """
    if not path.is_file():
        raise UserError("there is no such file", file=path)
    before = set(_blocks())
    with _scripts_off():
        try:
            # `Any`: what is loaded has a list for every kind of block.
            libraries: Any = bpy.data.libraries
            with libraries.load(str(path), link=False) as (inside, wanted):
                wanted.objects = list(inside.objects)
        except OSError as error:
            raise _unreadable(path) from error
        objects = tuple(thing for thing in wanted.objects if thing is not None)
        new = [block for block in _blocks() if block not in before]
        _check_links(new, path)
        _disarm(new)
    return objects


def remove_unused(before: set[bpy.types.ID]) -> None:
    """Removes what is not in `before` and used by nothing; called with what was there before `append_objects`."""
    while unused := [block for block in _blocks() if block not in before and block.users == 0]:
        bpy.data.batch_remove(unused)


def blocks_now() -> set[bpy.types.ID]:
    """Everything that Blender holds."""
    return set(_blocks())


@contextlib.contextmanager
def _scripts_off() -> Iterator[None]:
    user: Any = bpy.context.preferences
    files = user.filepaths
    before = files.use_scripts_auto_execute
    files.use_scripts_auto_execute = False
    try:
        yield
    finally:
        files.use_scripts_auto_execute = before


def _blocks() -> Iterator[Any]:
    for name in dir(bpy.data):
        collection = getattr(bpy.data, name)
        if isinstance(collection, bpy.types.bpy_prop_collection):
            yield from collection


def _unreadable(path: Path) -> UserError:
    with path.open("rb") as file:
        found = _VERSION.search(file.read(64))
    if found:
        major, minor = (int(part) for part in found.groups() if part is not None)
        if (major, minor) > bpy.app.version[:2]:
            ours = ".".join(str(part) for part in bpy.app.version[:2])
            return UserError(
                f"saved by Blender {major}.{minor}, which Blender {ours} cannot read",
                file=path,
                mend="Save it in an older Blender, or use a newer one here.",
            )
    return UserError("not a .blend file that this Blender can read", file=path)


def _check_links(new: list[Any], path: Path) -> None:
    folder = path.resolve().parent
    for block in new:
        if isinstance(block, bpy.types.Library) and not block.packed_file:
            linked = Path(bpy.path.abspath(block.filepath)).resolve()
            if linked != path.resolve() and not linked.is_relative_to(folder):
                raise UserError(
                    f"links to {block.filepath!r}, outside its folder",
                    file=path,
                    mend="Make everything local in Blender (Object > Relations > Make Local > All), and save it again.",
                )


def _disarm(new: list[Any]) -> None:
    """Takes off everything that moves by itself or runs."""
    texts = []
    for block in new:
        for owner in (block, getattr(block, "node_tree", None)):
            if owner is not None and getattr(owner, "animation_data", None) is not None:
                owner.animation_data_clear()
        if isinstance(block, bpy.types.NodeTree):
            _remove_active_nodes(block)
        elif getattr(block, "node_tree", None) is not None:
            _remove_active_nodes(block.node_tree)
        if isinstance(block, bpy.types.Object):
            block.constraints.clear()
            if block.pose is not None:
                for bone in block.pose.bones:
                    while bone.constraints:
                        bone.constraints.remove(bone.constraints[0])
        if isinstance(block, bpy.types.Text):
            texts.append(block)
    bpy.data.batch_remove(texts)


def _remove_active_nodes(tree: Any) -> None:
    for node in list(tree.nodes):
        if node.bl_idname in _ACTIVE_NODES or node.bl_idname.startswith(_READING_NODES):
            tree.nodes.remove(node)

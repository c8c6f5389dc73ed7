"""Objects out of somebody's .blend, taken as data: nothing in the file is run, nothing outside its folder is read in.

A .blend can carry Python three ways: text blocks that run when the file is opened, drivers whose expressions are
Python, and script nodes. The file is never opened; its objects are appended, while scripts may not run, and what could
run later is taken off them before anything is evaluated.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import bpy

from blender_addon.scene.blend_blocks import linked_files, saved_by
from mocap.errors import UserError
from mocap.inside import inside

# Nodes that run a script, or read a file that no image block names.
_ACTIVE_NODES = ("ShaderNodeScript", "ShaderNodeTexIES")
_READING_NODES = "GeometryNodeImport"


def append_objects(path: Path) -> tuple[bpy.types.Object, ...]:
    """All objects of a .blend, in no scene yet, without animation, drivers, constraints and scripts.

    Raises:
        UserError: there is no such file, it is no .blend that this Blender reads, or it links to another folder's.
    """
    return _append(path, worlds=False)[0]


def append_moving(path: Path) -> tuple[tuple[bpy.types.Object, ...], tuple[bpy.types.World, ...]]:
    """All objects and worlds of a .blend that was handed over, moving as they do: keys, constraints, simple drivers.

    What is Python in it does not run, then or later: in this process no script of a file runs any more.

    Raises:
        UserError: as `append_objects`.
    """
    user: Any = bpy.context.preferences
    user.filepaths.use_scripts_auto_execute = False
    return _append(path, worlds=True, moving=True)


def append_surroundings(path: Path) -> tuple[tuple[bpy.types.Object, ...], tuple[bpy.types.World, ...]]:
    """All objects of a .blend as `append_objects` gives them, and all worlds. Raises as that does."""
    return _append(path, worlds=True)


def _append(
    path: Path, worlds: bool, moving: bool = False
) -> tuple[tuple[bpy.types.Object, ...], tuple[bpy.types.World, ...]]:
    if not path.is_file():
        raise UserError("there is no such file", file=path)
    try:
        _check_links(linked_files(path), path)
    except OSError as error:
        raise UserError(f"cannot be read ({error.strerror or error})", file=path) from error
    before = set(_blocks())
    with _scripts_off():
        try:
            # `Any`: what is loaded has a list for every kind of block.
            libraries: Any = bpy.data.libraries
            with libraries.load(str(path), link=False) as (inside, wanted):
                wanted.objects = list(inside.objects)
                wanted.worlds = list(inside.worlds) if worlds else []
        except OSError as error:
            raise _unreadable(path) from error
        objects, skies = (
            tuple(block for block in some if block is not None) for some in (wanted.objects, wanted.worlds)
        )
        new = [block for block in _blocks() if block not in before]
        # A compressed file shows its links only now.
        _check_links([bpy.path.abspath(block.filepath) for block in new if _is_link(block)], path)
        _disarm(new, moving)
    return objects, skies


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
    version = saved_by(path)
    if version is None or version <= bpy.app.version[:2]:
        return UserError("not a .blend file that this Blender can read", file=path)
    (major, minor), ours = version, ".".join(str(part) for part in bpy.app.version[:2])
    return UserError(
        f"saved by Blender {major}.{minor}, which Blender {ours} cannot read",
        file=path,
        mend="Save it in an older Blender, or use a newer one here.",
    )


def _check_links(links: Sequence[str], path: Path) -> None:
    """UserError for a link that leads out of the file's folder."""
    for link in links:
        if inside(path.parent, link.removeprefix("//")) is None:
            raise UserError(
                f"links to {link!r}, outside its folder",
                file=path,
                mend="Make everything local in Blender (Object > Relations > Make Local > All), and save it again.",
            )


def _is_link(block: Any) -> bool:
    return isinstance(block, bpy.types.Library) and not block.packed_file


def _disarm(new: list[Any], moving: bool) -> None:
    """Takes off everything that runs, and, if it is not to move, that moves by itself."""
    texts = []
    for block in new:
        for owner in () if moving else (block, getattr(block, "node_tree", None)):
            if owner is not None and getattr(owner, "animation_data", None) is not None:
                owner.animation_data_clear()
        if isinstance(block, bpy.types.NodeTree):
            _remove_active_nodes(block)
        elif getattr(block, "node_tree", None) is not None:
            _remove_active_nodes(block.node_tree)
        if isinstance(block, bpy.types.Object) and not moving:
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

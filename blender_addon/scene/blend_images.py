"""Pictures that somebody's materials need: from inside their file or from its folder, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path, PureWindowsPath
from typing import Any

import bpy

from mocap.errors import UserError
from mocap.inside import inside

# Where MakeHuman's and most programs' pictures lie beside a file.
_BESIDE = ("", "textures/", "Textures/")


def check_images(things: Sequence[bpy.types.Object], path: Path, worlds: Sequence[bpy.types.World] = ()) -> None:
    """Points every picture that objects (in materials, lamps, modifiers) and worlds use at what the .blend holds.

    What is not in the file itself is looked for in its folder.

    Raises:
        UserError: a picture is neither in the file nor in its folder.
    """
    trees = [tree for thing in things for tree in _trees(thing)]
    trees += [world.node_tree for world in worlds if world.node_tree]
    for image in dict.fromkeys(_images(trees)):
        if image.packed_file is None and image.source in ("FILE", "TILED", "SEQUENCE", "MOVIE"):
            image.filepath = str(_found(image, path))


def _trees(thing: bpy.types.Object) -> Iterator[Any]:
    owners: list[Any] = [slot.material for slot in thing.material_slots]
    if isinstance(thing.data, bpy.types.Light):
        owners.append(thing.data)
    yield from (owner.node_tree for owner in owners if owner is not None and owner.node_tree is not None)
    yield from (tree for m in thing.modifiers if (tree := getattr(m, "node_group", None)) is not None)


def _images(trees: list[Any]) -> Iterator[Any]:
    seen: set[Any] = set()
    while trees:
        tree: Any = trees.pop()
        if tree in seen:
            continue
        seen.add(tree)
        for node in tree.nodes:
            if getattr(node, "image", None) is not None:
                yield node.image
            if getattr(node, "node_tree", None) is not None:
                trees.append(node.node_tree)


def _found(image: Any, path: Path) -> Path:
    asked = bpy.path.abspath(image.filepath)
    # Written on another system, a path's name may follow a backslash.
    name = PureWindowsPath(asked).name
    for candidate in (asked, *(f"{place}{name}" for place in _BESIDE)):
        real = inside(path.parent, candidate)
        if real is not None and real.with_name(real.name.replace("<UDIM>", "1001")).is_file():
            return real
    raise UserError(
        f"the texture {name!r} is neither in the file nor in its folder",
        file=path,
        mend="Pack it (File > External Data > Pack Resources), or lay it beside the .blend.",
    )

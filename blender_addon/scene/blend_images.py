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


def check_images(things: Sequence[bpy.types.Object], path: Path) -> None:
    """Points every picture that the objects' materials use at what the .blend or its folder holds.

    Raises:
        UserError: a picture is neither in the file nor in its folder.
    """
    for image in dict.fromkeys(image for thing in things for image in _images(thing)):
        if image.packed_file is None and image.source in ("FILE", "TILED", "SEQUENCE", "MOVIE"):
            image.filepath = str(_found(image, path))


def _images(thing: bpy.types.Object) -> Iterator[Any]:
    trees = [slot.material.node_tree for slot in thing.material_slots if slot.material and slot.material.node_tree]
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

"""The collections that hold what is ours in a user's scene, and the data that goes with it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy

from blender_addon.cast import SkaterSpec
from blender_addon.scene.at_hand.record import HOME, KEY, MADE, read, write
from mocap.errors import UserError

NAME = "SkateSynth"

# Kinds of data that objects of ours are made of; objects among them, which only a modifier may use.
_PARTS = (
    *("meshes", "materials", "images", "node_groups", "armatures", "lights", "actions", "worlds", "textures"),
    *("curves", "cameras", "shape_keys", "metaballs", "fonts", "lattices", "objects"),
)


def home(scene: bpy.types.Scene) -> bpy.types.Collection:
    """The collection "SkateSynth" of a scene, made if it is not there.

    Raises:
        UserError: it is there, but excluded from the view layer: nothing can be made in it.
    """
    for collection in scene.collection.children:
        if read(collection, HOME) is not None:
            _check_shown(collection)
            return collection
    made = bpy.data.collections.new(NAME)
    write(made, HOME)
    scene.collection.children.link(made)
    return made


def room(scene: bpy.types.Scene, name: str) -> bpy.types.Collection:
    """A new collection in `home`. Raises as that does."""
    made = bpy.data.collections.new(name)
    home(scene).children.link(made)
    return made


def leave(scene: bpy.types.Scene) -> None:
    """Removes the collections of ours that nothing is in any more."""
    for collection in scene.collection.children:
        if read(collection, HOME) is None:
            continue
        for inner in list(collection.children):
            if not inner.all_objects and not inner.children:
                bpy.data.collections.remove(inner)
        if not collection.all_objects and not collection.children:
            bpy.data.collections.remove(collection)


def _check_shown(collection: bpy.types.Collection) -> None:
    layer = bpy.context.view_layer
    assert layer is not None
    waiting = [layer.layer_collection]
    while waiting:
        found = waiting.pop()
        if found.collection == collection:
            if found.exclude or found.hide_viewport or collection.hide_viewport:
                raise UserError(
                    f"the collection {collection.name!r} is hidden", mend="Show it in the outliner, then try again."
                )
            return
        waiting += found.children


def check_mode(scene: bpy.types.Scene) -> None:
    """UserError where nothing can be made: in edit mode, say, or in a scene that is not the one shown."""
    if bpy.context.mode != "OBJECT":
        raise UserError("Blender is not in object mode", mend="Leave edit or pose mode (Tab), then try again.")
    if scene != bpy.context.scene:
        raise UserError(f"the scene {scene.name!r} is not the one that is shown", mend="Show it, then try again.")


@contextlib.contextmanager
def marking() -> Iterator[None]:
    """Marks what is made in the meantime as ours, also where it ends in an error: `sweep` removes it then.

    Pictures that were painted in memory are packed: a file would forget them.
    """
    before = {block.as_pointer() for block in _parts()}
    try:
        yield
    finally:
        for block in _parts():
            if block.as_pointer() not in before and block.get(KEY) is None:
                write(block, MADE)
                if isinstance(block, bpy.types.Image) and block.source == "GENERATED" and block.packed_file is None:
                    block.pack()


def sweep() -> None:
    """Removes data of ours that nothing uses any more; a user's own stays."""
    while unused := [block for block in _parts() if block.users == 0 and read(block, MADE) is not None]:
        bpy.data.batch_remove(unused)


def remove(objects: list[bpy.types.Object]) -> None:
    """Removes objects, and what only they have used of ours."""
    actions = {made.action for thing in objects if (made := thing.animation_data) and made.action is not None}
    actions |= {
        made.action
        for thing in objects
        if thing.data is not None and (made := getattr(thing.data, "animation_data", None)) and made.action is not None
    }
    for action in actions:
        if action.get(KEY) is None:
            write(action, MADE)
    bpy.data.batch_remove(objects)
    sweep()


@contextlib.contextmanager
def names_free(spec: SkaterSpec) -> Iterator[None]:
    """Lets objects and materials of a character's file come in under the names that a character map knows them by.

    The user's own of the same names stand aside for so long: a character that is adopted is in the scene already.
    """
    if spec.character is None or not Path(spec.character).is_file():
        yield
        return
    wanted: dict[str, set[str]] = {}
    try:
        # `Any`: what is looked into has a list for every kind of block.
        libraries: Any = bpy.data.libraries
        with libraries.load(spec.character, link=False) as (inside, _):
            wanted = {kind: set(getattr(inside, kind)) for kind in ("objects", "materials")}
    except OSError:
        pass  # said better by whoever reads it
    aside: list[tuple[Any, str]] = []
    for kind, names in wanted.items():
        for block in [block for block in getattr(bpy.data, kind) if block.name in names and block.library is None]:
            aside.append((block, block.name))
            block.name = f"~{block.name}"
    try:
        yield
    finally:
        for block, name in aside:
            other = next((k for k in getattr(bpy.data, _kind_of(block)) if k.name == name and k.library is None), None)
            if other is not None:
                other.name = f"{name} adopted"
            block.name = name


def _kind_of(block: Any) -> str:
    return "objects" if isinstance(block, bpy.types.Object) else "materials"


def _parts() -> Iterator[Any]:
    for name in _PARTS:
        yield from getattr(bpy.data, name, ())

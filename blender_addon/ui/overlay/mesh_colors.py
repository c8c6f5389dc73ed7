# mypy: no-strict-optional
# By its stubs, a context may lack whatever it is asked for; in a Blender with a window manager, it does not.
"""Skaters in the colours of their labels: display colours of materials and objects, for solid viewports alone.

What they were before is kept beside them, in a custom property of the same material or object: whatever undo brings
back, both belong together. A file is saved without these colours; from one that was saved with them all the same, as
Blender's own backups are, they go when it is loaded.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import bpy
import numpy as np

from blender_addon.labels.colors import linear, person_color
from blender_addon.labels.vocabulary import BODY_PARTS, CLOTHES, color_table, unpack_index

KEY = "skatesynth_before"
"""Custom property of a coloured material or object: the four numbers of its own colour. Of a screen: JSON."""

Color = tuple[float, float, float, float]

# Which of a solid viewport's ways to colour shows what is coloured here.
_SHOWN_BY = {"part": "MATERIAL", "garment": "MATERIAL", "person": "OBJECT"}


def show(coloring: str) -> None:
    """Colours every skater in every scene, and has viewports show it; "none" puts everything back as it was."""
    # Another colouring starts from the things' own colours as well.
    put_back()
    if coloring == "none":
        _put_viewports_back()
        return
    color(coloring)
    _set_viewports(_SHOWN_BY[coloring])


def color(coloring: str) -> None:
    """Colours whoever is not coloured yet."""
    of = _color_of(coloring)
    for owner, attribute in _owners(coloring):
        if KEY not in owner:
            wanted = of(owner)
            if wanted is not None:
                owner[KEY] = list(getattr(owner, attribute))
                setattr(owner, attribute, wanted)


def put_back() -> None:
    """Gives all materials and objects that are coloured their own colours."""
    for owners, attribute in ((bpy.data.materials, "diffuse_color"), (bpy.data.objects, "color")):
        for owner in owners:
            before = owner.get(KEY)
            if before is not None and _writable(owner):
                setattr(owner, attribute, tuple(before))
                del owner[KEY]


def _owners(coloring: str) -> Iterator[tuple[Any, str]]:
    """What carries a colouring, each once, and the attribute that is its colour."""
    # Brings retargeting's mathematics, for which no Blender that only starts should wait.
    from blender_addon.scene.at_hand import skaters_in

    seen: set[int] = set()
    for scene in bpy.data.scenes:
        for armature in skaters_in(scene):
            for mesh in armature.children_recursive:
                if mesh.type != "MESH":
                    continue
                owners = [mesh] if coloring == "person" else [slot.material for slot in mesh.material_slots]
                for owner in owners:
                    if owner is not None and owner.as_pointer() not in seen and _writable(owner):
                        seen.add(owner.as_pointer())
                        yield owner, "color" if coloring == "person" else "diffuse_color"


def _writable(owner: bpy.types.ID) -> bool:
    return owner.library is None and owner.override_library is None


def _color_of(coloring: str) -> Callable[[Any], Color | None]:
    if coloring == "person":
        return lambda owner: _display(person_color(owner.pass_index))
    part = coloring == "part"
    table = color_table(BODY_PARTS if part else CLOTHES)

    def of(material: Any) -> Color | None:
        body, clothes = unpack_index(np.array(material.pass_index))
        index = int(body if part else clothes)
        # What shows no part and no garment is no surface of a skater's.
        return _display(table[index].tolist()) if index > 0 else None

    return of


def _display(rgb: Any) -> Color:
    """An sRGB colour, 0 … 255, as Blender keeps colours."""
    red, green, blue = linear(np.array(rgb)).tolist()
    return red, green, blue, 1.0


def _set_viewports(kind: str) -> None:
    manager = bpy.context.window_manager
    for window in manager.windows if manager is not None else ():
        screen = window.screen
        before = _remembered(screen)
        for place, space in _spaces(screen):
            # What was there first is put back, however often the colouring changes meanwhile.
            first = before.get(place, [space.shading.type, space.shading.color_type])
            space.shading.type = "SOLID"
            space.shading.color_type = kind
            before[place] = [*first[:2], kind]
        screen[KEY] = json.dumps(before)


def _put_viewports_back() -> None:
    for screen in bpy.data.screens:
        before = _remembered(screen)
        if screen.get(KEY) is not None:
            del screen[KEY]
        for place, space in _spaces(screen):
            kind, colors, ours = before.get(place, (None, None, None))
            # What the user has changed since is the user's.
            if kind is not None and (space.shading.type, space.shading.color_type) == ("SOLID", ours):
                space.shading.color_type = colors
                space.shading.type = kind


def _spaces(screen: Any) -> list[tuple[str, Any]]:
    """Its 3D views by their area's number, which a custom property can hold."""
    areas = enumerate(screen.areas)
    return [(str(number), area.spaces.active) for number, area in areas if area.type == "VIEW_3D"]


def _remembered(screen: Any) -> dict[str, list[Any]]:
    try:
        found = json.loads(str(screen.get(KEY, "{}")))
        return {place: list(state) for place, state in found.items() if len(state) == 3}
    except (ValueError, TypeError, AttributeError):
        return {}


def _now() -> str:
    chosen: Any = getattr(bpy.context.window_manager, "skatesynth_overlay", None)
    return "none" if chosen is None else str(chosen.coloring)


@bpy.app.handlers.persistent
def _before_saving(*_: object) -> None:
    if _now() != "none":
        put_back()
        _put_viewports_back()


@bpy.app.handlers.persistent
def _after_saving(*_: object) -> None:
    if _now() != "none":
        show(_now())


@bpy.app.handlers.persistent
def _after_loading(*_: object) -> None:
    show(_now())


@bpy.app.handlers.persistent
def _after_undoing(*_: object) -> None:
    # The undone state may be of before the colours, or of the colouring before this one.
    put_back()
    if _now() != "none":
        color(_now())


@bpy.app.handlers.persistent
def _after_changes(scene: bpy.types.Scene, graph: bpy.types.Depsgraph) -> None:
    """A skater who has come since, or has other clothes, is coloured too."""
    if _now() != "none" and any(graph.id_type_updated(kind) for kind in ("OBJECT", "MATERIAL")):
        color(_now())


_HANDLERS = (
    ("save_pre", _before_saving),
    ("save_post", _after_saving),
    ("save_post_fail", _after_saving),
    ("load_post", _after_loading),
    ("undo_post", _after_undoing),
    ("redo_post", _after_undoing),
    ("depsgraph_update_post", _after_changes),
)


def add() -> None:
    """Has Blender tell of what colours depend on."""
    for name, handler in _HANDLERS:
        getattr(bpy.app.handlers, name).append(handler)


def take_away() -> None:
    """Puts all colours back and listens no more. Harmless when it never did."""
    listened = False
    for name, handler in _HANDLERS:
        handlers = getattr(bpy.app.handlers, name)
        while handler in handlers:
            handlers.remove(handler)
            listened = True
    if not listened:
        return  # nor may it look: while Blender starts, an add-on is kept from the file's data
    put_back()
    _put_viewports_back()

"""What of a scene is ours: a custom property with JSON on a skater's armature and meshes, a camera, a collection.

The property comes along when its object is copied, goes when it is deleted, and is undone with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import bpy

from blender_addon.cast import SkaterSpec
from blender_addon.clip import CameraSpec, from_dict, to_dict
from mocap.errors import UserError

KEY = "skatesynth"
"""Name of the custom property."""

HOME = "home"
"""The collection that holds everything of ours, and what of a skater's one says of it."""
SKATER, SURFACE, CAMERA, OWN_CAMERA, SURROUNDINGS, MADE = (
    "skater",
    "surface",
    "camera",
    "own camera",
    "surroundings",
    "made",
)
"""What else something of ours is, under "kind" of its record: an armature, a mesh that hangs on it, a camera, one of
the user's own that is filmed with, the collection of rink and light, data that goes with the last that uses it."""

Record = dict[str, Any]


def write(owner: bpy.types.ID, kind: str, **facts: Any) -> None:
    """Says of an object, a collection or other data what it is to us; an earlier record goes."""
    owner[KEY] = json.dumps({"kind": kind, **facts}, sort_keys=True)


def read(owner: bpy.types.ID | None, kind: str) -> Record | None:
    """What is said of something of a kind; None for what is not ours, or of another kind."""
    if owner is None:
        return None
    found = _parsed(str(owner.get(KEY, "")))
    return found if found is not None and found.get("kind") == kind else None


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Record | None:
    # A user may have typed anything there.
    try:
        found = json.loads(text) if text else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def skaters_in(scene: bpy.types.Scene) -> tuple[bpy.types.Object, ...]:
    """Our skaters' armatures in a scene, in the order of their instances."""
    found = ((thing, record) for thing, record in ours(scene, SKATER) if thing.type == "ARMATURE")
    return tuple(thing for thing, _ in sorted(found, key=lambda one: (one[1].get("instance", 0), one[0].name)))


def skater_at(thing: bpy.types.Object | None) -> bpy.types.Object | None:
    """The armature of the skater that an object belongs to: the armature itself, or what hangs on it."""
    above = thing
    while above is not None:
        if read(above, SKATER) is not None:
            return above
        above = above.parent
    return None


def spec_of(armature: bpy.types.Object) -> SkaterSpec:
    """Whom an armature shows, with the movement and the place that it has been given. UserError if it is not ours."""
    spec: SkaterSpec = restored(SkaterSpec, record_of(armature, SKATER).get("spec"), armature)
    return spec


def camera_spec_of(camera: bpy.types.Object) -> CameraSpec:
    """The spec of a camera of ours. UserError if it is not ours."""
    spec: CameraSpec = restored(CameraSpec, record_of(camera, CAMERA).get("spec"), camera)
    return spec


def meshes_of(armature: bpy.types.Object) -> tuple[bpy.types.Object, ...]:
    """The meshes of a skater that are labelled, by name: what hangs on its armature and was made with it."""
    found = [thing for thing in armature.children_recursive if read(thing, SURFACE) is not None]
    return tuple(sorted(found, key=lambda thing: thing.name))


def record_of(owner: bpy.types.ID, kind: str) -> Record:
    """What is said of something of a kind. UserError if it is not ours."""
    found = read(owner, kind)
    if found is None:
        raise UserError(f"{owner.name!r} is no {kind} of SkateSynth's", mend="Select one that it has made.")
    return found


def restored(kind: type[Any], data: Any, owner: bpy.types.ID) -> Any:
    """A spec out of a record. UserError for what a user has changed there."""
    try:
        return from_dict(kind, data)
    except (TypeError, ValueError, KeyError, AttributeError, StopIteration):
        raise UserError(
            f"what {owner.name!r} says about itself cannot be read", mend=f"Delete it, or its property {KEY!r}."
        ) from None


def ours(scene: bpy.types.Scene, kind: str) -> Iterator[tuple[bpy.types.Object, Record]]:
    """Objects of a kind in a scene, with their records."""
    for thing in scene.objects:
        record = read(thing, kind)
        if record is not None:
            yield thing, record


def as_data(spec: Any) -> Record:
    """A spec as a record holds it."""
    return to_dict(spec)

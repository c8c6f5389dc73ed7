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

SKATER, SURFACE, CAMERA, SURROUNDINGS, HOME = "skater", "surface", "camera", "surroundings", "home"
"""What something of ours is: under "kind" of its record."""

Record = dict[str, Any]


def write(owner: bpy.types.ID, kind: str, **facts: Any) -> None:
    """Says of an object or a collection what it is to us; an earlier record goes."""
    owner[KEY] = json.dumps({"kind": kind, **facts}, sort_keys=True)


def read(owner: bpy.types.ID | None, kind: str) -> Record | None:
    """What is said of something of a kind; None for what is not ours, or of another kind."""
    if owner is None:
        return None
    found = _parsed(str(owner.get(KEY, "")))
    return dict(found) if found is not None and found.get("kind") == kind else None


@lru_cache(maxsize=256)
def _parsed(text: str) -> Record | None:
    # A user may have typed anything there.
    try:
        found = json.loads(text) if text else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def skaters_in(scene: bpy.types.Scene) -> tuple[bpy.types.Object, ...]:
    """Our skaters' armatures in a scene, in the order of their instances."""
    found = [(record["instance"], thing.name, thing) for thing, record in _ours(scene, SKATER)]
    return tuple(thing for _, _, thing in sorted(found, key=lambda one: one[:2]))


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
    return _skater_spec(_record_of(armature, SKATER)["spec"])


def camera_spec_of(camera: bpy.types.Object) -> CameraSpec:
    """The spec of a camera of ours. UserError if it is not ours."""
    spec: CameraSpec = _restored(CameraSpec, _record_of(camera, CAMERA)["spec"], camera)
    return spec


def _skater_spec(data: Record) -> SkaterSpec:
    spec: SkaterSpec = from_dict(SkaterSpec, data)
    return spec


def _restored(kind: type[Any], data: Record, owner: bpy.types.ID) -> Any:
    try:
        return from_dict(kind, data)
    except (TypeError, ValueError, KeyError, AttributeError):
        raise UserError(
            f"what {owner.name!r} says about itself cannot be read", mend=f"Delete it, or its property {KEY!r}."
        ) from None


def _record_of(owner: bpy.types.ID, kind: str) -> Record:
    found = read(owner, kind)
    if found is None:
        raise UserError(f"{owner.name!r} is no {kind} of ours", mend="Select one that SkateSynth has made.")
    return found


def _ours(scene: bpy.types.Scene, kind: str) -> Iterator[tuple[bpy.types.Object, Record]]:
    for thing in scene.objects:
        record = read(thing, kind)
        if record is not None:
            yield thing, record


def as_data(spec: Any) -> Record:
    """A spec as a record holds it."""
    return to_dict(spec)

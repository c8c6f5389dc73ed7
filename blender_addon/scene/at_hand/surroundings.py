"""Rink and light of the scene at hand, in a collection of their own."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bpy
import numpy as np

from blender_addon.clip import LightSpec, RinkSpec
from blender_addon.scene.at_hand import home
from blender_addon.scene.at_hand.clock import count_of, rate_of
from blender_addon.scene.at_hand.people import people_at_hand, standing
from blender_addon.scene.at_hand.record import HOME, KEY, SURROUNDINGS, as_data, read, restored, write
from blender_addon.scene.lighting import light_up
from blender_addon.scene.rink import build_rink
from mocap.errors import UserError

_WORLD_BEFORE, _SKY = "skatesynth_world", "skatesynth_sky"
"""Custom properties of the collection: the world that the scene had, and the one that came with the rink."""

_ROUND_ABOUT = ("roof", "walls")
"""What one looks at from outside while one works: the viewport shows its edges alone. Pictures show all."""


def put_surroundings(scene: bpy.types.Scene, rink: RinkSpec, light: LightSpec, assets: Path | None = None) -> None:
    """Rink, light and the sky, in place of those from before. The user's own world is kept until they are taken out.

    Lights that follow somebody follow the skaters in focus as they move now. Render settings stay the user's.

    Args:
        assets: MakeHuman's data folder, with which spots turn exactly as the pipeline's do; without it almost.

    Raises:
        UserError: the rink's own .blend cannot be used.
    """
    home.check_mode(scene)
    spots = light.kind == "spots"
    people = people_at_hand(scene, assets) if spots else standing(count_of(scene), rate_of(scene))
    before = _collection(scene)
    collection = home.room(scene, "Rink and light")
    layer = bpy.context.view_layer
    assert layer is not None
    layer.update()
    chosen = layer.objects.active
    try:
        with home.marking(), _workshop(layer) as shop:
            made = build_rink(rink, collection, light)
            if not made.lit:
                light_up(shop, light, rink, people, fps=rate_of(scene), engine="cycles")
                for thing in list(shop.collection.objects):
                    collection.objects.link(thing)
                    _begin_at(thing, scene.frame_start)
            sky = shop.world
        for thing in collection.all_objects:
            if thing.name.split(".")[0] in _ROUND_ABOUT:
                thing.display_type = "WIRE"
    except UserError:
        home.remove([*collection.all_objects])
        home.leave(scene)
        raise
    layer.objects.active = chosen
    world = _own_world(scene, before)
    write(collection, SURROUNDINGS, rink=as_data(rink), light=as_data(light))
    # A hall that is closed has no sky.
    scene.world = sky
    for name, kept in ((_WORLD_BEFORE, world), (_SKY, sky)):
        if kept is not None:
            collection[name] = kept
    if before is not None:
        _remove(before)
    home.leave(scene)


def surroundings_in(scene: bpy.types.Scene) -> tuple[RinkSpec, LightSpec] | None:
    """What `put_surroundings` has made there; None if nothing, or if it was deleted."""
    collection = _collection(scene)
    if collection is None or not collection.all_objects:
        return None
    record = read(collection, SURROUNDINGS) or {}
    rink: RinkSpec = restored(RinkSpec, record.get("rink"), collection)
    light: LightSpec = restored(LightSpec, record.get("light"), collection)
    return rink, light


def take_out_surroundings(scene: bpy.types.Scene) -> None:
    """Removes rink and light, and gives the scene back the world that it had; harmless where there are none."""
    collection = _collection(scene)
    if collection is None:
        return
    scene.world = _own_world(scene, collection)
    _remove(collection)
    home.leave(scene)


def _own_world(scene: bpy.types.Scene, collection: bpy.types.Collection | None) -> bpy.types.World | None:
    """The user's own world: the one from before ours, or one that took its place since."""
    if collection is None or scene.world != collection.get(_SKY):
        return scene.world
    world = collection.get(_WORLD_BEFORE)
    return world if isinstance(world, bpy.types.World) else None


def _collection(scene: bpy.types.Scene) -> bpy.types.Collection | None:
    for above in scene.collection.children:
        if read(above, HOME) is not None:
            for collection in above.children:
                if read(collection, SURROUNDINGS) is not None:
                    return collection
    return None


def _remove(collection: bpy.types.Collection) -> None:
    """Takes the collection out with what is ours in it; what a user has put there stays in the scene."""
    parent = next(above for above in bpy.data.collections if collection.name in above.children)
    mine = [thing for thing in collection.all_objects if thing.get(KEY) is not None]
    for thing in collection.all_objects:
        if thing not in mine:
            parent.objects.link(thing)
    bpy.data.collections.remove(collection)
    home.remove(mine)


@contextlib.contextmanager
def _workshop(layer: bpy.types.ViewLayer) -> Iterator[bpy.types.Scene]:
    """A scene in which lights are made, so that nothing of the user's own is set by the way."""
    shop = bpy.data.scenes.new("SkateSynth builds")
    try:
        with bpy.context.temp_override(scene=shop, view_layer=layer):
            yield shop
    finally:
        bpy.data.scenes.remove(shop)


def _begin_at(thing: bpy.types.Object, first: int) -> None:
    """Moves the keys of an object and of its data, which begin at frame 0."""
    if first == 0:
        return
    for owner in (thing, thing.data):
        animation: Any = None if owner is None else getattr(owner, "animation_data", None)
        if animation is None or animation.action is None:
            continue
        for strip in (strip for layer in animation.action.layers for strip in layer.strips):
            for bag in strip.channelbags:
                for curve in bag.fcurves:
                    keys = np.empty(2 * len(curve.keyframe_points), dtype=np.float32)
                    curve.keyframe_points.foreach_get("co", keys)
                    keys[::2] += first
                    curve.keyframe_points.foreach_set("co", keys)
                    curve.update()

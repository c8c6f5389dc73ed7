"""How a person of the cast comes into a scene, whichever way they are made."""

from __future__ import annotations

from pathlib import Path

import bpy

from blender_addon.cast import SkaterSpec
from blender_addon.clip import RenderSpec
from blender_addon.scene.adopt import adopt
from blender_addon.scene.avatar import Avatar, build_avatar
from blender_addon.skater.build import build_human
from blender_addon.skater.canonical import with_canonical
from blender_addon.skater.human import Human


def enter(
    spec: SkaterSpec,
    assets: Path,
    render: RenderSpec,
    instance: int,
    collection: bpy.types.Collection,
    surface: bool = False,
) -> tuple[Human, Avatar]:
    """A spec's person at rest, as arrays and as Blender's objects.

    Args:
        spec: whom to make.
        assets: MakeHuman's data folder.
        render: for the subdivision of smooth surfaces.
        instance: from 1, unique in the scene: every object's `pass_index`.
        collection: takes the objects; the active view layer shows it.
        surface: whether materials tell which point of the body they show; those of characters from elsewhere never do.

    Raises:
        UserError: what the spec asks for is not there, or cannot be used.
    """
    if spec.character is not None:
        return adopt(spec, render, instance, collection)
    human = build_human(spec, assets)
    if surface:
        human = with_canonical(human, spec, assets)
    return human, build_avatar(human, spec, render, instance, collection, assets)

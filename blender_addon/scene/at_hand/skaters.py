"""Skaters in the scene at hand: made, replaced, adopted, taken out."""

from __future__ import annotations

from pathlib import Path

import bpy

from blender_addon.cast import SkaterSpec
from blender_addon.clip import RenderSpec


def put_skater(scene: bpy.types.Scene, spec: SkaterSpec, assets: Path, render: RenderSpec) -> bpy.types.Object:
    """A new skater at rest in the middle of the ice, in a collection of its own; its armature, which becomes active.

    Args:
        spec: whom to make; its motion and placement are kept, `animate` plays them.
        assets: MakeHuman's data folder; render: for the subdivision of smooth surfaces.

    Raises:
        UserError: what the spec asks for is not there, or Blender is not in object mode.
    """
    raise NotImplementedError


def replace_skater(armature: bpy.types.Object, spec: SkaterSpec, assets: Path, render: RenderSpec) -> bpy.types.Object:
    """Another person in a skater's place, with its instance; the movement is to be given anew. Raises as `put_skater`."""
    raise NotImplementedError


def adopt_selected(
    scene: bpy.types.Scene,
    armature: bpy.types.Object,
    folder: Path,
    character_map: Path | None,
    render: RenderSpec,
) -> bpy.types.Object:
    """A skater out of a character of the user's own, whose original is hidden.

    Args:
        armature: the character's. Its file, `<name>.blend`, is written into
        folder: which must stay where it is for as long as the skater is used.
        character_map: YAML that says what the character's marks do not, see docs/characters.md.
        render: caps the subdivision that the character brings.

    Raises:
        UserError: the character cannot be understood, or the file not be written.
    """
    raise NotImplementedError


def take_out(armature: bpy.types.Object) -> None:
    """Removes a skater and all that was made for it and is used by nothing else. UserError if it is not ours."""
    raise NotImplementedError

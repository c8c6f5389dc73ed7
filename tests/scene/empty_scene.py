"""A Blender with nothing in it."""

from __future__ import annotations

import bpy


def empty_scene() -> bpy.types.Scene:
    """The one scene of a Blender that was just emptied, its preferences left as they are.

    `read_factory_settings` would reset those, too, and Blender then deletes the libraries of the user's extensions.
    """
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    return bpy.context.scene

"""An empty Blender, as every clip begins: nothing of the one before it, in memory neither."""

from __future__ import annotations

import ctypes
import sys

import bpy


def fresh_scene() -> bpy.types.Scene:
    """The one scene of a Blender emptied just now, its preferences left as they are."""
    # Factory settings would do as well, but resetting the preferences makes Blender delete the libraries of all the
    # user's extensions, ours among them.
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    _give_back()
    scene = bpy.context.scene
    assert scene is not None
    return scene


def _give_back() -> None:
    """Hands free memory to the system, where the C library has a way (glibc's).

    It keeps most of a clip's otherwise, in pieces that the next clip does not fit into: a process then grows with every
    larger clip and never shrinks. Now, while nearly everything is free, it costs some hundredths of a second.
    """
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)

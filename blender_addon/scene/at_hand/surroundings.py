"""Rink and light of the scene at hand, in a collection of their own."""

from __future__ import annotations

import bpy

from blender_addon.clip import LightSpec, RinkSpec


def put_surroundings(scene: bpy.types.Scene, rink: RinkSpec, light: LightSpec) -> None:
    """Rink, light and the sky, in place of those from before. The user's own world is kept until they are taken out.

    Lights that follow somebody follow the skaters in focus as they move now.

    Raises:
        UserError: the rink's own .blend cannot be used.
    """
    raise NotImplementedError


def surroundings_in(scene: bpy.types.Scene) -> tuple[RinkSpec, LightSpec] | None:
    """What `put_surroundings` has made there; None if nothing, or if it was deleted."""
    raise NotImplementedError


def take_out_surroundings(scene: bpy.types.Scene) -> None:
    """Removes rink and light, and gives the scene back the world that it had; harmless where there are none."""
    raise NotImplementedError

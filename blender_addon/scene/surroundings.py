"""Everything around the people of a clip: the rink and its light."""

from __future__ import annotations

import bpy

from blender_addon.clip import Clip
from blender_addon.filming.track import Filmed
from blender_addon.scene.lighting import build_bounce, build_lights
from blender_addon.scene.rink import build_rink


def furnish(scene: bpy.types.Scene, clip: Clip, people: Filmed) -> None:
    """Rink and light, in frames 0 … count−1 of the scene.

    Args:
        people: who is there, for lights that follow them.
    """
    build_rink(clip.rink, scene.collection)
    build_lights(clip.light, clip.rink, scene.collection)
    if clip.render.engine == "eevee":
        build_bounce(clip.light, scene)

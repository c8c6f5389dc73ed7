"""Everything around the people of a clip: the rink and its light."""

from __future__ import annotations

import bpy

from blender_addon.clip import Clip
from blender_addon.filming.track import Filmed
from blender_addon.scene.lighting import light_up
from blender_addon.scene.rink import build_rink


def furnish(scene: bpy.types.Scene, clip: Clip, people: Filmed) -> None:
    """Rink and light, in frames 0 … count−1 of the scene. A rink from a file that has its own light gets no other.

    Args:
        people: who is there, for lights that follow them.
    """
    rink = build_rink(clip.rink, scene.collection, clip.light)
    if not rink.lit:
        light_up(scene, clip.light, clip.rink, people, fps=clip.fps, engine=clip.render.engine)

"""The frames of a scene: its own range and rate."""

from __future__ import annotations

import bpy


def rate_of(scene: bpy.types.Scene) -> float:
    """Frames per second of a scene."""
    return float(scene.render.fps / scene.render.fps_base)


def count_of(scene: bpy.types.Scene) -> int:
    """Frames of a scene's range, every one of them."""
    return scene.frame_end - scene.frame_start + 1

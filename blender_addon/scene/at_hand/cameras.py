"""Cameras of the scene at hand: ours, and the user's own that are filmed with."""

from __future__ import annotations

from pathlib import Path

import bpy

from blender_addon.clip import CameraSpec


def put_camera(scene: bpy.types.Scene, spec: CameraSpec, assets: Path) -> bpy.types.Object:
    """A camera that follows the skaters in focus as they move now, as F-curves over the scene's frame range.

    One with the same name (`spec.name`) is replaced. A camera beside another needs that one to be there.

    Raises:
        UserError: nobody is there to be filmed, or it sees nothing of them from any place.
    """
    raise NotImplementedError


def cameras_in(scene: bpy.types.Scene) -> tuple[bpy.types.Object, ...]:
    """Our cameras in a scene, by the names of their specs."""
    raise NotImplementedError


def take_out_camera(camera: bpy.types.Object) -> None:
    """Removes a camera of ours. UserError if it is not ours."""
    raise NotImplementedError


def film_with(camera: bpy.types.Object, on: bool = True) -> None:
    """Says of a camera of the user's own that clips are filmed with it, too, or that they no longer are."""
    raise NotImplementedError


def films_with(scene: bpy.types.Scene) -> tuple[bpy.types.Object, ...]:
    """All cameras that a clip of this scene is filmed with, by name: ours and the chosen ones of the user's own.

    Where there are none, the scene's own camera.
    """
    raise NotImplementedError

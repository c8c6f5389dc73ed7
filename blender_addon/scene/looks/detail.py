"""How fine a pattern the camera can see: what is smaller than a pixel would be noise, so looks let it fade.

Real lenses average what falls into one pixel; a path tracer with a few samples per pixel does not, and a denoiser takes
what is left for a pattern of its own. Nodes cannot know the camera's resolution, so every render tells it.
"""

from __future__ import annotations

import bpy

from blender_addon.scene.looks.nodes import RADIANS_PER_PIXEL


def tell_pixel_size(scene: bpy.types.Scene) -> None:
    """Tells looks how much of the view a pixel of the scene's camera takes in.

    Set only where it changes by a hundredth, as materials are prepared anew for another value.
    """
    camera = scene.camera
    assert camera is not None and isinstance(camera.data, bpy.types.Camera)
    corners = camera.data.view_frame(scene=scene)
    width = max(corner.x for corner in corners) - min(corner.x for corner in corners)
    render = scene.render
    pixels = max(render.resolution_x * render.resolution_percentage // 100, 1)
    angle = width / abs(corners[0].z) / pixels
    if abs(angle / scene.get(RADIANS_PER_PIXEL, angle * 2.0) - 1.0) > 0.01:
        scene[RADIANS_PER_PIXEL] = angle

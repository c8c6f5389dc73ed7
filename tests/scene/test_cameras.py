"""Blender sees what the projection says."""

from __future__ import annotations

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from bpy_extras.object_utils import world_to_camera_view  # noqa: E402
from empty_scene import empty_scene  # noqa: E402
from mathutils import Vector  # noqa: E402

from blender_addon.clip import CameraSpec, RinkSpec  # noqa: E402
from blender_addon.labels.projection import intrinsics, look_at, project  # noqa: E402
from blender_addon.render.frame import CameraView  # noqa: E402
from blender_addon.scene.camera_moves import camera_views  # noqa: E402
from blender_addon.scene.cameras import build_camera, set_camera  # noqa: E402


@pytest.fixture
def scene() -> bpy.types.Scene:
    return empty_scene()


def blender_pixels(scene: bpy.types.Scene, camera: bpy.types.Object, view: CameraView, world: np.ndarray) -> np.ndarray:
    """(N, 2) where Blender puts world points (N, 3), in pixels from the top left."""
    scene.render.resolution_x, scene.render.resolution_y = view.width, view.height
    bpy.context.view_layer.update()
    ndc = np.array([world_to_camera_view(scene, camera, Vector(p)) for p in world.tolist()])
    return ndc[:, :2] * (view.width, -view.height) + (0.0, view.height)


@pytest.mark.parametrize("size", ((640, 480), (480, 640), (1920, 1080)))
def test_random_cameras_agree_with_the_projection(scene: bpy.types.Scene, size: tuple[int, int]) -> None:
    rng = np.random.default_rng(5)
    spec = CameraSpec("c", width=size[0], height=size[1])
    for _ in range(10):
        eye, target = rng.uniform(-15.0, 15.0, 3), rng.uniform(-15.0, 15.0, 3)
        R, t = look_at(eye, target)
        K = intrinsics(*size, focal=size[0] * rng.uniform(0.5, 3.3))
        K[:2, 2] += rng.uniform(-40.0, 40.0, 2)
        view = CameraView("c", "test", *size, K, R, t)
        camera = build_camera(spec, [view], scene.collection)
        scene.frame_set(0)
        rays = np.column_stack((rng.uniform(-0.4, 0.4, (40, 2)), np.ones(40))) * rng.uniform(3.0, 30.0, (40, 1))
        world = (rays - t) @ R
        xy, _ = project(view, world)
        assert np.abs(blender_pixels(scene, camera, view, world) - xy).max() < 0.01


def test_frames_play_the_views(scene: bpy.types.Scene) -> None:
    points = np.array(((0.0, 0.0, 0.0), (0.0, 0.0, 1.7)))[None] + np.linspace(-5.0, 5.0, 12)[:, None, None] * (
        1,
        0.3,
        0,
    )
    spec = CameraSpec("pan", azimuth=-1.2, distance=9.0)
    views = camera_views(spec, points, RinkSpec())
    camera = build_camera(spec, views, scene.collection)
    for frame in (11, 0, 5):
        scene.frame_set(frame)
        xy, _ = project(views[frame], points[frame])
        assert np.abs(blender_pixels(scene, camera, views[frame], points[frame]) - xy).max() < 0.01


def test_pixels_that_are_not_square_are_refused(scene: bpy.types.Scene) -> None:
    R, t = look_at((5.0, 0.0, 1.0), (0.0, 0.0, 1.0))
    view = CameraView("c", "test", 640, 480, np.diag((500.0, 510.0, 1.0)), R, t)
    camera = bpy.data.objects.new("c", bpy.data.cameras.new("c"))
    with pytest.raises(ValueError, match="square"):
        set_camera(camera, view)

"""Blender sees what the projection says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from bpy_extras.object_utils import world_to_camera_view  # noqa: E402
from empty_scene import empty_scene  # noqa: E402
from mathutils import Vector  # noqa: E402

from blender_addon.clip import CameraSpec, LensSpec  # noqa: E402
from blender_addon.filming.lens import intrinsics_of, rays  # noqa: E402
from blender_addon.labels.projection import intrinsics, look_at, project  # noqa: E402
from blender_addon.render.frame import CameraView  # noqa: E402
from blender_addon.scene.cameras import FROM_OPENCV, along_axis, bends, build_camera, set_camera  # noqa: E402
from mocap.rotations import from_matrix, slerp  # noqa: E402


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


def zoom(model: str, coefficients: tuple[float, ...], count: int = 12) -> tuple[CameraSpec, list[CameraView]]:
    """A camera that turns after something that passes by, and zooms in."""
    lens = LensSpec(model, coefficients, sensor_width=6.0)
    spec = CameraSpec("c", lens=lens)
    views = []
    for share in np.linspace(0.0, 1.0, count):
        R, t = look_at((8.0, 1.0, 1.5), (0.0, -4.0 + 8.0 * share, 1.0))
        K = intrinsics_of(lens, 640, 480, 500.0 + 900.0 * share)
        views.append(CameraView("c", "test", 640, 480, K, R, t, model, coefficients))
    return spec, views


def test_frames_play_the_views(scene: bpy.types.Scene) -> None:
    spec, views = zoom("none", ())
    camera = build_camera(spec, views, scene.collection)
    points = np.random.default_rng(3).uniform((-2.0, -4.0, 0.0), (2.0, 4.0, 2.0), (30, 3))
    for frame in (11, 0, 5):
        scene.frame_set(frame)
        xy, _ = project(views[frame], points)
        assert np.abs(blender_pixels(scene, camera, views[frame], points) - xy).max() < 0.01


def test_between_frames_a_camera_goes_straight_over(scene: bpy.types.Scene) -> None:
    spec, views = zoom("none", ())
    camera = build_camera(spec, views, scene.collection)
    scene.frame_set(4, subframe=0.25)
    seen = camera.evaluated_get(bpy.context.evaluated_depsgraph_get())
    lens = 6.0 / 640.0 * (0.75 * views[4].K[0, 0] + 0.25 * views[5].K[0, 0])
    assert seen.data.lens == pytest.approx(lens, rel=1e-5)
    turns = from_matrix(np.stack([view.R.T @ FROM_OPENCV for view in views[4:6]]))
    wanted = slerp(turns[0], turns[1], 0.25)
    assert abs(np.dot(np.array(seen.matrix_world.to_quaternion()), wanted)) > 1.0 - 1e-7


def test_a_lens_that_does_not_zoom_has_no_curves(scene: bpy.types.Scene) -> None:
    spec, views = zoom("none", ())
    camera = build_camera(spec, [replace(view, K=views[0].K) for view in views], scene.collection)
    assert camera.data.animation_data is None


def test_a_bent_lens_zooms_too(scene: bpy.types.Scene) -> None:
    spec, views = zoom("opencv", (-0.1, 0.03, 0.0, 0.0))
    camera = build_camera(spec, views, scene.collection)
    scene.render.resolution_x, scene.render.resolution_y = 640, 480
    for frame in (11, 0, 5):
        scene.frame_set(frame)
        xy = np.stack(np.meshgrid(np.arange(640) + 0.5, np.arange(480) + 0.5), axis=-1)
        cosine = rays("opencv", spec.lens.coefficients, views[frame].K, xy)[..., 2]
        assert bends(camera) and np.abs(along_axis(camera, 640, 480) - cosine).max() < 3e-5


def test_pixels_that_are_not_square_are_refused(scene: bpy.types.Scene) -> None:
    R, t = look_at((5.0, 0.0, 1.0), (0.0, 0.0, 1.0))
    view = CameraView("c", "test", 640, 480, np.diag((500.0, 510.0, 1.0)), R, t)
    camera = bpy.data.objects.new("c", bpy.data.cameras.new("c"))
    with pytest.raises(ValueError, match="square"):
        set_camera(camera, view)

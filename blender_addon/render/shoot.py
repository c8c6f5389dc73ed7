"""Films a clip: builds its scene once, then moves poses and cameras, and hands out labelled frames."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np

from blender_addon.clip import Clip
from blender_addon.labels.annotate import people_in
from blender_addon.labels.visibility import Surfaces
from blender_addon.render.engine import configure
from blender_addon.render.frame import CameraView, Frame
from blender_addon.render.passes import render_passes
from blender_addon.scene.animate import pose_avatar
from blender_addon.scene.avatar import build_avatar
from blender_addon.scene.camera_moves import camera_views
from blender_addon.scene.cameras import build_camera
from blender_addon.scene.lighting import build_bounce, build_lights
from blender_addon.scene.rink import build_rink
from blender_addon.scene.shading import set_view
from blender_addon.skater.build import build_human
from blender_addon.skater.performance import Performance, perform


@dataclass(frozen=True)
class Studio:
    """A clip's scene, built and ready: only poses and cameras move from here on.

    Attributes:
        clip: what is filmed; scene: Blender's; cast: in the order of their instances.
        cameras: Blender objects, and
        views: one `CameraView` per frame, both by camera name.
        scratch: folder for passing files.
    """

    clip: Clip
    scene: bpy.types.Scene
    cast: tuple[Performance, ...]
    cameras: Mapping[str, bpy.types.Object]
    views: Mapping[str, Sequence[CameraView]]
    scratch: Path

    def shoot(self, frame: int) -> Iterator[Frame]:
        """The frame (0 … count−1) from every camera, one render each."""
        self.scene.frame_set(frame)
        for spec in self.clip.cameras:
            yield _take(self, self.cameras[spec.name], self.views[spec.name][frame], frame)


def shoot_clip(clip: Clip, assets: Path, scratch: Path, *, frames: Sequence[int] | None = None) -> Iterator[Frame]:
    """Frames of a clip in order: frame by frame, in each every camera.

    Args:
        clip: what to film.
        assets: folder of MakeHuman data.
        scratch: folder for passing files.
        frames: which frame indices (0 … count−1); None for all.

    Raises:
        UserError: a take cannot be read, or what was asked for is not there.
    """
    studio = open_studio(clip, assets, scratch)
    for frame in range(clip.count) if frames is None else frames:
        yield from studio.shoot(frame)


def open_studio(clip: Clip, assets: Path, scratch: Path) -> Studio:
    """Builds everything a clip needs, in an emptied Blender. Arguments and errors as `shoot_clip`."""
    cast = tuple(perform(spec, build_human(spec, assets), clip.fps, clip.count) for spec in clip.skaters)
    views = {spec.name: camera_views(spec, focus_points(cast), clip.rink, clip.fps) for spec in clip.cameras}
    scene = build_scene(clip, cast, assets)
    cameras = {spec.name: build_camera(spec, views[spec.name], scene.collection) for spec in clip.cameras}
    configure(scene, clip.render, clip.labels, int(np.random.SeedSequence((clip.seed, 0)).generate_state(1)[0]))
    return Studio(clip, scene, cast, cameras, views, scratch)


def focus_points(cast: Sequence[Performance]) -> np.ndarray:
    """(T, P, 3) world positions that the cameras keep in the picture: all landmarks of whoever is in focus."""
    chosen = [member for member in cast if member.spec.in_focus] or list(cast)
    return np.concatenate([np.stack(list(member.landmarks.values()), axis=1) for member in chosen], axis=1)


def build_scene(clip: Clip, cast: Sequence[Performance], assets: Path) -> bpy.types.Scene:
    """An empty Blender filled with the clip's rink, light and posed cast; `assets`: MakeHuman's data folder."""
    # Factory settings would do as well, but resetting the preferences makes Blender delete the libraries of all the
    # user's extensions, ours among them.
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    scene = bpy.context.scene
    assert scene is not None
    scene.frame_start, scene.frame_end = 0, clip.count - 1
    scene.render.fps = max(1, round(clip.fps))
    scene.render.fps_base = scene.render.fps / clip.fps
    build_rink(clip.rink, scene.collection)
    build_lights(clip.light, clip.rink, scene.collection)
    if clip.render.engine == "eevee":
        build_bounce(clip.light, scene)
    set_view(scene, clip.light)
    for k, member in enumerate(cast):
        avatar = build_avatar(member.human, member.spec, clip.render, k + 1, scene.collection, assets)
        pose_avatar(avatar, member.track)
    return scene


def look_through(scene: bpy.types.Scene, camera: bpy.types.Object, view: CameraView) -> None:
    """Makes a camera, whose path its F-curves hold, the one that renders, at the view's size."""
    scene.camera = camera
    scene.render.resolution_x, scene.render.resolution_y = view.width, view.height
    scene.render.resolution_percentage = 100
    scene.render.pixel_aspect_x = scene.render.pixel_aspect_y = 1.0


def _take(studio: Studio, camera: bpy.types.Object, view: CameraView, frame: int) -> Frame:
    began = time.perf_counter()
    clip, cast = studio.clip, studio.cast
    look_through(studio.scene, camera, view)
    passes = render_passes(studio.scene, studio.scratch)
    seen = Surfaces(depth=passes.depth, instance=passes.instance, body=passes.body, clothes=passes.clothes)
    lead = next(member for member in cast if member.spec is clip.lead)
    return Frame(
        clip=clip.index,
        frame=frame,
        time=frame / clip.fps,
        take_frame=int(lead.take_frames[frame]),
        camera=view,
        rgb=passes.rgb,
        body=passes.body,
        clothes=passes.clothes,
        instance=passes.instance,
        people=people_in(view, frame, cast, seen, clip.labels.keypoints),
        depth=passes.depth if clip.labels.depth else None,
        normal=passes.normal,
        seconds=time.perf_counter() - began,
    )

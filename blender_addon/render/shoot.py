"""Films a clip: builds its scene once, then moves poses and cameras, and hands out labelled frames."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import bpy
import numpy as np

from blender_addon.clip import Clip
from blender_addon.labels.annotate import Subject, people_in
from blender_addon.labels.visibility import Surfaces
from blender_addon.render.engine import configure
from blender_addon.render.frame import CameraView, Frame
from blender_addon.render.passes import render_passes
from blender_addon.scene.animate import pose_avatar
from blender_addon.scene.camera_moves import camera_views
from blender_addon.scene.cameras import build_camera
from blender_addon.scene.cloth import drape
from blender_addon.scene.crowd import build_crowd
from blender_addon.scene.entrance import enter
from blender_addon.scene.lighting import build_bounce, build_lights
from blender_addon.scene.rink import build_rink
from blender_addon.scene.rink_parts import sitting
from blender_addon.scene.shading import set_view
from blender_addon.skater.crowd import Crowd, make_kinds, seated
from blender_addon.skater.performance import Performance, perform
from blender_addon.skater.room import make_room


@dataclass(frozen=True)
class Studio:
    """A clip's scene, built and ready: only poses and cameras move from here on.

    Attributes:
        clip: what is filmed; scene: Blender's.
        cast: in the order of their instances; crowd: whose instances follow.
        cameras: Blender objects, and
        views: one `CameraView` per frame, both by camera name.
        scratch: folder for passing files.
    """

    clip: Clip
    scene: bpy.types.Scene
    cast: tuple[Performance, ...]
    crowd: Crowd
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
    scene = _empty_scene(clip)
    entered: dict[int, Performance] = {}
    eyes = np.zeros((0, 3))
    # Whom the cameras follow comes first: the others keep away from where the cameras are then known to stand.
    for number in sorted(range(len(clip.skaters)), key=lambda k: not clip.skaters[k].in_focus):
        spec = clip.skaters[number]
        if not spec.in_focus and entered and not len(eyes):
            eyes = _eyes(_views(clip, list(entered.values())))
        human, avatar = enter(spec, assets, clip.render, number + 1, scene.collection)
        place = make_room(spec, human, clip.fps, clip.count, list(entered.values()), clip.rink, eyes)
        member = perform(replace(spec, placement=place), human, clip.fps, clip.count)
        entered[number] = drape(avatar, member) if clip.render.cloth == "simulated" else member
        pose_avatar(avatar, entered[number].track)
    cast = [entered[number] for number in range(len(clip.skaters))]
    views = _views(clip, cast)
    crowd = Crowd((), ()) if clip.crowd.count == 0 else _seat_crowd(clip, cast, views, assets)
    build_crowd(crowd, len(cast) + 1, scene.collection, assets)
    _furnish(scene, clip)
    cameras = {spec.name: build_camera(spec, views[spec.name], scene.collection) for spec in clip.cameras}
    configure(scene, clip.render, clip.labels, int(np.random.SeedSequence((clip.seed, 0)).generate_state(1)[0]))
    return Studio(clip, scene, tuple(cast), crowd, cameras, views, scratch)


def focus_points(cast: Sequence[Performance]) -> np.ndarray:
    """(T, P, 3) world positions that the cameras keep in the picture: all landmarks of whoever is in focus."""
    chosen = [member for member in cast if member.spec.in_focus] or list(cast)
    return np.concatenate([np.stack(list(member.landmarks.values()), axis=1) for member in chosen], axis=1)


def _views(clip: Clip, cast: Sequence[Performance]) -> dict[str, list[CameraView]]:
    """What every camera sees of the cast, frame by frame."""
    points = focus_points(cast)
    return {spec.name: camera_views(spec, points, clip.rink, clip.fps) for spec in clip.cameras}


def _eyes(views: Mapping[str, Sequence[CameraView]]) -> np.ndarray:
    """(C, 3) where cameras stand in the world, each in every frame."""
    return np.array([-view.R.T @ view.t for track in views.values() for view in track])


def _seat_crowd(
    clip: Clip, cast: Sequence[Performance], views: Mapping[str, Sequence[CameraView]], assets: Path
) -> Crowd:
    """The clip's spectators, nobody between a camera and whoever is in focus."""
    aims = focus_points(cast).mean(axis=1)
    eyes = _eyes(views)
    seats, outward = sitting(clip.rink)
    return Crowd(
        make_kinds(clip.crowd, assets), seated(clip.crowd, seats, outward, eyes, np.tile(aims, (len(views), 1)))
    )


def _empty_scene(clip: Clip) -> bpy.types.Scene:
    """An empty Blender with the clip's frames."""
    # Factory settings would do as well, but resetting the preferences makes Blender delete the libraries of all the
    # user's extensions, ours among them.
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    scene = bpy.context.scene
    assert scene is not None
    scene.frame_start, scene.frame_end = 0, clip.count - 1
    scene.render.fps = max(1, round(clip.fps))
    scene.render.fps_base = scene.render.fps / clip.fps
    return scene


def _furnish(scene: bpy.types.Scene, clip: Clip) -> None:
    """Rink and light."""
    build_rink(clip.rink, scene.collection)
    build_lights(clip.light, clip.rink, scene.collection)
    if clip.render.engine == "eevee":
        build_bounce(clip.light, scene)
    set_view(scene, clip.light)


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
    lead = cast[clip.skaters.index(clip.lead)]
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
        people=people_in(view, _subjects(studio, frame), seen, clip.labels.keypoints),
        depth=passes.depth if clip.labels.depth else None,
        normal=passes.normal,
        seconds=time.perf_counter() - began,
    )


def _subjects(studio: Studio, frame: int) -> Iterator[Subject]:
    """Everybody in the scene at a frame, by instance."""
    for number, member in enumerate(studio.cast, start=1):
        now = {name: track[frame] for name, track in member.landmarks.items()}
        yield Subject(number, member.spec, member.human, now, member.surface[frame])
    yield from studio.crowd.subjects(len(studio.cast) + 1)

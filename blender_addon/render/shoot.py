"""Films a clip: builds its scene once, then moves poses and cameras, and hands out labelled frames."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import bpy
import numpy as np

from blender_addon.clip import CameraSpec, Clip
from blender_addon.filming.cast import filmed
from blender_addon.filming.film import film
from blender_addon.filming.lens_fit import check_lens
from blender_addon.filming.track import CameraTrack
from blender_addon.labels.amodal import amodal_facts, as_bits
from blender_addon.labels.annotate import Subject, people_in
from blender_addon.labels.dense import fields_of
from blender_addon.labels.projection import to_camera
from blender_addon.labels.reading import reading_of
from blender_addon.labels.visibility import Surfaces
from blender_addon.render.amodal import check_amodal, silhouettes
from blender_addon.render.dense import Seen, check_dense, dense_labels
from blender_addon.render.develop import develop
from blender_addon.render.engine import configure
from blender_addon.render.frame import CameraView, Frame, Reading
from blender_addon.render.passes import Passes
from blender_addon.render.shutter import check_shutters, expose, hold_still, opened, reach, set_steps, steps_along
from blender_addon.rink.mains import brightness
from blender_addon.rink.stands import sitting
from blender_addon.scene.animate import pose_avatar
from blender_addon.scene.avatar import Avatar
from blender_addon.scene.cameras import bends, build_camera
from blender_addon.scene.cloth import drape
from blender_addon.scene.crowd import build_crowd
from blender_addon.scene.entrance import enter
from blender_addon.scene.fresh import fresh_scene
from blender_addon.scene.surroundings import furnish
from blender_addon.skater.canonical import with_canonical
from blender_addon.skater.crowd import Crowd, in_the_way, make_kinds, seated
from blender_addon.skater.performance import (
    Performance,
    at_instants,
    frames_of,
    instants_of,
    near_frames,
    outline,
    perform,
)
from blender_addon.skater.room import make_room
from mocap.rotations import Array


@dataclass(frozen=True)
class Studio:
    """A clip's scene, built and ready: only poses and cameras move from here on.

    Attributes:
        clip: what is filmed; scene: Blender's.
        cast: in the order of their instances, and what they are in Blender:
        avatars; crowd: whose instances follow.
        spectators: objects, in the order of the crowd's onlookers.
        cameras: Blender objects, their
        tracks: over the whole time, and
        views: one `CameraView` per frame, all by camera name.
        hidden: names of spectators who sit in a camera's way, and are not there in its pictures, by camera name.
        scratch: folder for passing files.
    """

    clip: Clip
    scene: bpy.types.Scene
    cast: tuple[Performance, ...]
    avatars: tuple[Avatar, ...]
    crowd: Crowd
    spectators: tuple[bpy.types.Object, ...]
    cameras: Mapping[str, bpy.types.Object]
    tracks: Mapping[str, CameraTrack]
    views: Mapping[str, Sequence[CameraView]]
    hidden: Mapping[str, frozenset[str]]
    scratch: Path

    def shoot(self, frame: int) -> Iterator[Frame]:
        """The frame (0 … count−1) from every camera, one render each."""
        self.scene.frame_set(frame)
        for spec in self.clip.cameras:
            yield _take(self, spec, frame)


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
    for camera in clip.cameras:
        check_lens(camera, clip.render.engine)
    check_shutters(clip)
    check_amodal(clip)
    check_dense(clip)
    scene = _empty_scene(clip)
    # What any camera's shutter may show.
    shown = near_frames(clip.fps, clip.count, reach(clip.cameras))
    if "flow" in clip.labels.dense:
        shown = np.union1d(shown, (-1.0, float(clip.count)))
    surface = "surface" in clip.labels.dense
    entered: dict[int, Performance] = {}
    avatars: dict[int, Avatar] = {}
    # Whom the cameras follow comes first: the others keep clear of them. Nobody's place depends on a camera, so that
    # one camera more changes nothing in the pictures of the others.
    for number in sorted(range(len(clip.skaters)), key=lambda k: not clip.skaters[k].in_focus):
        spec = clip.skaters[number]
        human, avatars[number] = enter(spec, assets, clip.render, number + 1, scene.collection, surface)
        place = make_room(spec, human, clip.fps, clip.count, list(entered.values()), clip.rink)
        member = perform(replace(spec, placement=place), human, clip.fps, clip.count)
        entered[number] = drape(avatars[number], member, shown) if clip.render.cloth == "simulated" else member
        pose_avatar(avatars[number], frames_of(member.whole, instants_of(member, shown), clip.fps), shown)
    cast = [entered[number] for number in range(len(clip.skaters))]
    people = filmed(cast)
    tracks: dict[str, CameraTrack] = {}
    for camera in clip.cameras:
        tracks[camera.name] = film(camera, people, clip.rink, tracks.get(camera.beside or ""))
    crowd = _crowd_of(clip, assets)
    spectators = build_crowd(crowd, len(cast) + 1, scene.collection, assets)
    furnish(scene, clip, people)
    views = {name: [track.at(frame / clip.fps) for frame in range(clip.count)] for name, track in tracks.items()}
    cameras = {
        name: build_camera(track.spec, [track.at(time / clip.fps) for time in shown.tolist()], scene.collection, shown)
        for name, track in tracks.items()
    }
    if len(shown) > clip.count:
        hold_still(scene, [mesh for avatar in avatars.values() for mesh in avatar.meshes])
    configure(scene, clip.render, clip.labels, int(np.random.SeedSequence((clip.seed, 0)).generate_state(1)[0]))
    aims = people.points[people.frames].mean(axis=1)
    hidden = {
        name: frozenset(
            made.name
            for made, away in zip(spectators, in_the_way(crowd, track.eyes[people.frames], aims), strict=True)
            if away
        )
        for name, track in tracks.items()
    }
    bodies = tuple(avatars[number] for number in range(len(cast)))
    return Studio(clip, scene, tuple(cast), bodies, crowd, spectators, cameras, tracks, views, hidden, scratch)


def _crowd_of(clip: Clip, assets: Path) -> Crowd:
    if clip.crowd.count == 0:
        return Crowd((), ())
    kinds = make_kinds(clip.crowd, assets)
    if "surface" in clip.labels.dense:
        kinds = tuple(replace(kind, human=with_canonical(kind.human, kind.spec, assets)) for kind in kinds)
    return Crowd(kinds, seated(clip.crowd, *sitting(clip.rink)))


def _empty_scene(clip: Clip) -> bpy.types.Scene:
    """An empty Blender with the clip's frames."""
    scene = fresh_scene()
    scene.frame_start, scene.frame_end = 0, clip.count - 1
    scene.render.fps = max(1, round(clip.fps))
    scene.render.fps_base = scene.render.fps / clip.fps
    return scene


def look_through(scene: bpy.types.Scene, camera: bpy.types.Object, view: CameraView) -> None:
    """Makes a camera, whose path its F-curves hold, the one that renders, at the view's size."""
    scene.camera = camera
    scene.render.resolution_x, scene.render.resolution_y = view.width, view.height
    scene.render.resolution_percentage = 100
    scene.render.pixel_aspect_x = scene.render.pixel_aspect_y = 1.0


def _take(studio: Studio, spec: CameraSpec, frame: int) -> Frame:
    began = time.perf_counter()
    clip, cast, view = studio.clip, studio.cast, studio.views[spec.name][frame]
    look_through(studio.scene, studio.cameras[spec.name], view)
    for somebody in studio.spectators:
        away = somebody.name in studio.hidden[spec.name]
        if somebody.hide_render != away:
            somebody.hide_render = away
    reading = reading_of(studio.tracks[spec.name], frame / clip.fps) if spec.sensor.readout > 0.0 else None
    _set_motion(studio, spec, frame)
    centre = any(label.centre for label in fields_of(clip.labels.dense)) and clip.render.engine == "cycles"
    passes = expose(studio.scene, spec, _distance(studio, spec, frame), studio.scratch, centre)
    amodal = _silhouettes(studio, spec, passes.instance) if clip.labels.amodal else None
    seen = Surfaces(depth=passes.depth, instance=passes.instance, body=passes.body, clothes=passes.clothes)
    lead = cast[clip.skaters.index(clip.lead)]
    focus = [number for number, member in enumerate(cast, start=1) if member.spec.in_focus]
    rgb, exposure = develop(
        passes.linear,
        np.isin(passes.instance, focus),
        spec,
        clip.light,
        _noise_seed(spec, frame),
        float(brightness(clip.light, clip.fps, clip.count)[frame]),
    )
    people = people_in(view, _subjects(studio, frame, reading), seen, clip.labels.keypoints, reading)
    if amodal is not None:
        people = tuple(replace(who, amodal=amodal_facts(amodal, passes.instance, who.instance)) for who in people)
    return Frame(
        clip=clip.index,
        frame=frame,
        time=frame / clip.fps,
        take_frame=int(lead.take_frames[frame]),
        camera=view,
        rgb=rgb,
        body=passes.body,
        clothes=passes.clothes,
        instance=passes.instance,
        people=people,
        exposure=exposure,
        dense=dense_labels(_seen(studio, spec, frame, passes, reading), clip.labels.dense),
        amodal=amodal,
        reading=reading,
        seconds=time.perf_counter() - began,
    )


def _seen(studio: Studio, spec: CameraSpec, frame: int, passes: Passes, reading: Reading | None) -> Seen:
    track, fps = studio.tracks[spec.name], studio.clip.fps
    return Seen(
        view=studio.views[spec.name][frame],
        reading=reading,
        depth=passes.depth,
        normal=passes.normal,
        motion=passes.motion,
        surface=passes.surface,
        before=track.at((frame - 1) / fps),
        after=track.at((frame + 1) / fps),
    )


def _silhouettes(studio: Studio, spec: CameraSpec, instances: np.ndarray) -> np.ndarray:
    """(H, W) uint16, see `as_bits`: of the cast, in this camera's picture."""
    cast = [avatar.meshes for avatar in studio.avatars]
    whole = silhouettes(studio.scene, spec, cast, studio.scratch)
    # By EEVEE, where what covers most of a pixel has it, somebody may have one in company that they lack alone.
    return as_bits({k: mask | (instances == k) for k, mask in whole.items()}, *instances.shape)


def _noise_seed(spec: CameraSpec, frame: int) -> int:
    return int(np.random.SeedSequence((spec.seed, frame)).generate_state(1)[0])


def _set_motion(studio: Studio, spec: CameraSpec, frame: int) -> None:
    """Everybody bends along their arcs, in this camera's picture, as finely as they need it, and the camera as they."""
    if opened(spec) > 0.0:
        most = 1
        for member, avatar in zip(studio.cast, studio.avatars, strict=True):
            marks, _ = at_instants(member, frame, opened(spec) * np.array((-0.5, 0.0, 0.5)))
            steps = steps_along(np.stack([marks[name] for name in outline(member)], axis=1), spec)
            set_steps(avatar.meshes, steps)
            most = max(most, steps)
        set_steps([studio.cameras[spec.name]], most)


def _distance(studio: Studio, spec: CameraSpec, frame: int) -> float:
    """Metres from a camera to the middle of the person in focus."""
    lead = studio.cast[studio.clip.skaters.index(studio.clip.lead)]
    middle = np.mean([lead.landmarks[name][frame] for name in outline(lead)], axis=0)
    away = to_camera(studio.views[spec.name][frame], middle)
    return float(np.linalg.norm(away) if bends(studio.cameras[spec.name]) else away[2])


def _now(member: Performance, frame: int) -> tuple[Mapping[str, Array], Array]:
    return {name: track[frame] for name, track in member.landmarks.items()}, member.surface[frame]


def _subjects(studio: Studio, frame: int, reading: Reading | None) -> Iterator[Subject]:
    """Everybody in the scene at a frame, or over the time in which its picture is read, by instance."""
    for number, member in enumerate(studio.cast, start=1):
        marks, surface = _now(member, frame) if reading is None else at_instants(member, frame, reading.times)
        yield Subject(number, member.spec, member.human, marks, surface, member.track.matrices[frame])
    yield from studio.crowd.subjects(len(studio.cast) + 1)

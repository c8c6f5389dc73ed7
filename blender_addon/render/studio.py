"""A clip's scene, ready to be filmed: poses the frame, renders it, and hands out labelled pictures."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import bpy
import numpy as np

from blender_addon.clip import CameraSpec, Clip
from blender_addon.filming.track import CameraTrack
from blender_addon.labels.amodal import amodal_facts, as_bits
from blender_addon.labels.annotate import Subject, people_in
from blender_addon.labels.dense import fields_of
from blender_addon.labels.projection import to_camera
from blender_addon.labels.reading import reading_of
from blender_addon.labels.visibility import Surfaces
from blender_addon.render.amodal import silhouettes
from blender_addon.render.dense import Seen, dense_labels
from blender_addon.render.develop import develop
from blender_addon.render.frame import CameraView, Frame, Reading
from blender_addon.render.passes import Passes
from blender_addon.render.posed import Posed
from blender_addon.render.shutter import expose, opened, set_steps, steps_along
from blender_addon.rink.mains import brightness
from blender_addon.scene.avatar import Avatar
from blender_addon.scene.cameras import bends
from blender_addon.skater.crowd import Crowd
from blender_addon.skater.performance import Performance, at_instants, outline
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
        first, step: the scene's frame that is the clip's first one, and how many lie from each to the next.
        focus: metres to what cameras are focused on, per frame, by name; others are on the person in focus.
    """

    clip: Clip
    scene: bpy.types.Scene
    cast: tuple[Performance | Posed, ...]
    avatars: tuple[Avatar, ...]
    crowd: Crowd
    spectators: tuple[bpy.types.Object, ...]
    cameras: Mapping[str, bpy.types.Object]
    tracks: Mapping[str, CameraTrack]
    views: Mapping[str, Sequence[CameraView]]
    hidden: Mapping[str, frozenset[str]]
    scratch: Path
    first: int = 0
    step: int = 1
    focus: Mapping[str, Sequence[float]] = field(default_factory=dict)

    def shoot(self, frame: int) -> Iterator[Frame]:
        """The frame (0 … count−1) from every camera."""
        self.scene.frame_set(self.first + frame * self.step)
        for spec in self.clip.cameras:
            yield _take(self, spec, frame)


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
    amodal = _silhouettes(studio, spec, view) if clip.labels.amodal else None
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


def _silhouettes(studio: Studio, spec: CameraSpec, view: CameraView) -> np.ndarray:
    """(H, W) uint16, see `as_bits`: of the cast, in this camera's picture."""
    cast = [avatar.meshes for avatar in studio.avatars]
    return as_bits(silhouettes(studio.scene, spec, cast, studio.scratch), view.height, view.width)


def _noise_seed(spec: CameraSpec, frame: int) -> int:
    return int(np.random.SeedSequence((spec.seed, frame)).generate_state(1)[0])


def _set_motion(studio: Studio, spec: CameraSpec, frame: int) -> None:
    """Everybody bends along their arcs, in this camera's picture, as finely as they need it, and the camera as they."""
    if opened(spec) > 0.0:
        most = 1
        for member, avatar in zip(studio.cast, studio.avatars, strict=True):
            marks, _ = _around(member, frame, opened(spec) * np.array((-0.5, 0.0, 0.5)))
            steps = steps_along(np.stack([marks[name] for name in outline(member)], axis=1), spec)
            set_steps(avatar.meshes, steps)
            most = max(most, steps)
        set_steps([studio.cameras[spec.name]], most)


def _distance(studio: Studio, spec: CameraSpec, frame: int) -> float:
    """Metres from a camera to what it is focused on."""
    if spec.name in studio.focus:
        return studio.focus[spec.name][frame]
    lead = studio.cast[studio.clip.skaters.index(studio.clip.lead)]
    middle = np.mean([lead.landmarks[name][frame] for name in outline(lead)], axis=0)
    away = to_camera(studio.views[spec.name][frame], middle)
    return float(np.linalg.norm(away) if bends(studio.cameras[spec.name]) else away[2])


def _now(member: Performance | Posed, frame: int) -> tuple[Mapping[str, Array], Array]:
    return {name: track[frame] for name, track in member.landmarks.items()}, member.surface[frame]


def _around(member: Performance | Posed, frame: int, seconds: Array) -> tuple[Mapping[str, Array], Array]:
    """As `at_instants`."""
    return member.around(frame, seconds) if isinstance(member, Posed) else at_instants(member, frame, seconds)


def _subjects(studio: Studio, frame: int, reading: Reading | None) -> Iterator[Subject]:
    """Everybody in the scene at a frame, or over the time in which its picture is read, by instance."""
    for number, member in enumerate(studio.cast, start=1):
        marks, surface = _now(member, frame) if reading is None else _around(member, frame, reading.times)
        pose = member.poses[frame] if isinstance(member, Posed) else member.track.matrices[frame]
        yield Subject(number, member.spec, member.human, marks, surface, pose)
    yield from studio.crowd.subjects(len(studio.cast) + 1)

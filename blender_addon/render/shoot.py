"""Films a clip: builds its scene once, then moves poses and cameras, and hands out labelled frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import bpy
import numpy as np

from blender_addon.clip import Clip
from blender_addon.filming.cast import filmed
from blender_addon.filming.film import film
from blender_addon.filming.lens_fit import check_lens
from blender_addon.filming.track import CameraTrack
from blender_addon.render.amodal import check_amodal
from blender_addon.render.dense import check_dense
from blender_addon.render.engine import configure
from blender_addon.render.frame import Frame
from blender_addon.render.shutter import check_shutters, hold_still, reach
from blender_addon.render.stage import open_stage
from blender_addon.render.studio import Studio, look_through
from blender_addon.rink.stands import sitting
from blender_addon.scene.animate import pose_avatar
from blender_addon.scene.avatar import Avatar
from blender_addon.scene.cameras import build_camera
from blender_addon.scene.cloth import drape
from blender_addon.scene.crowd import build_crowd
from blender_addon.scene.entrance import enter
from blender_addon.scene.fresh import fresh_scene
from blender_addon.scene.surroundings import furnish
from blender_addon.skater.canonical import with_canonical
from blender_addon.skater.crowd import Crowd, in_the_way, make_kinds, seated
from blender_addon.skater.performance import (
    Performance,
    frames_of,
    instants_of,
    near_frames,
    perform,
)
from blender_addon.skater.room import make_room

__all__ = ["Studio", "look_through", "open_studio", "shoot_clip"]


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
    studio = open_studio(clip, assets, scratch) if clip.stage is None else open_stage(clip, assets, scratch)
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

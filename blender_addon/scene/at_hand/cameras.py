"""Cameras of the scene at hand: ours, and the user's own that are filmed with."""

from __future__ import annotations

from pathlib import Path

import bpy
import numpy as np

from blender_addon.clip import CameraSpec, RinkSpec
from blender_addon.filming.film import film
from blender_addon.filming.lens_fit import check_lens
from blender_addon.filming.track import CameraTrack
from blender_addon.scene.at_hand import home
from blender_addon.scene.at_hand.clock import count_of, rate_of
from blender_addon.scene.at_hand.people import people_at_hand
from blender_addon.scene.at_hand.record import (
    CAMERA,
    KEY,
    OWN_CAMERA,
    as_data,
    camera_spec_of,
    ours,
    read,
    record_of,
    skaters_in,
    write,
)
from blender_addon.scene.at_hand.surroundings import surroundings_in
from blender_addon.scene.at_hand.views import tracks_of
from blender_addon.scene.cameras import build_camera
from mocap.errors import UserError

_ROOM = "Cameras"


def put_camera(
    scene: bpy.types.Scene, spec: CameraSpec, assets: Path, rink: RinkSpec | None = None
) -> bpy.types.Object:
    """A camera that follows the skaters in focus as they move now, as F-curves over the scene's frame range.

    One with the same name (`spec.name`) is replaced. A camera beside another (`spec.beside`) needs that one there.

    Args:
        assets: MakeHuman's data folder.
        rink: that it stands in where the scene has none of ours yet; None for the usual one.

    Raises:
        UserError: nobody is there to be filmed, it sees nothing of them from any place, or its lens is none.
    """
    home.check_mode(scene)
    check_lens(spec, "cycles")
    if not skaters_in(scene):
        raise UserError("there is nobody to be filmed", mend="Make a skater first.")
    around = surroundings_in(scene)
    beside = None if spec.beside is None else _track_of(scene, spec)
    where = around[0] if around is not None else rink or RinkSpec()
    track = film(spec, people_at_hand(scene, assets), where, beside)
    fps, count = rate_of(scene), count_of(scene)
    # A frame more on either side, for what blurs and flows at the ends.
    frames = np.arange(-1.0, count + 1.0)
    before = next((camera for camera in cameras_in(scene) if camera_spec_of(camera).name == spec.name), None)
    through = before is not None and scene.camera == before
    if before is not None:
        take_out_camera(before)
    with home.marking():
        collection = _room(scene)
        made = build_camera(
            track.spec, [track.at(time / fps) for time in frames.tolist()], collection, frames + scene.frame_start
        )
    write(made, CAMERA, spec=as_data(track.spec))
    if through:
        scene.camera = made
    return made


def cameras_in(scene: bpy.types.Scene) -> tuple[bpy.types.Object, ...]:
    """Our cameras in a scene, by the names of their specs."""
    found = [(str(record.get("spec", {}).get("name", "")), thing.name, thing) for thing, record in ours(scene, CAMERA)]
    return tuple(thing for _, _, thing in sorted(found, key=lambda one: one[:2]) if thing.type == "CAMERA")


def take_out_camera(camera: bpy.types.Object) -> None:
    """Removes a camera of ours. UserError if it is not ours."""
    record_of(camera, CAMERA)
    scene = bpy.context.scene
    assert scene is not None
    home.remove([camera])
    home.leave(scene)


def film_with(camera: bpy.types.Object, on: bool = True) -> None:
    """Says of a camera of the user's own that clips are filmed with it, too, or that they no longer are.

    Raises:
        UserError: it is no camera, or one of ours, with which clips are filmed anyway.
    """
    if camera.type != "CAMERA":
        raise UserError(f"{camera.name!r} is no camera", mend="Select a camera.")
    if read(camera, CAMERA) is not None:
        raise UserError(f"{camera.name!r} is SkateSynth's own", mend="Hide it from the render to leave it out.")
    if on:
        write(camera, OWN_CAMERA)
    elif read(camera, OWN_CAMERA) is not None:
        del camera[KEY]


def films_with(scene: bpy.types.Scene) -> tuple[bpy.types.Object, ...]:
    """All cameras that a clip of this scene is filmed with: ours, then the chosen ones of the user's own, by name.

    Those that are hidden from the render are left out. Where there are none, it is the scene's own camera.
    """
    own = sorted((thing for thing, _ in ours(scene, OWN_CAMERA) if thing.type == "CAMERA"), key=lambda one: one.name)
    found = tuple(camera for camera in (*cameras_in(scene), *own) if not camera.hide_render)
    return found or (() if scene.camera is None or scene.camera.type != "CAMERA" else (scene.camera,))


def _track_of(scene: bpy.types.Scene, spec: CameraSpec) -> CameraTrack:
    """Of the camera that another is mounted on, as it moves now."""
    lead = next((camera for camera in cameras_in(scene) if camera_spec_of(camera).name == spec.beside), None)
    if lead is None:
        raise UserError(
            f"stands beside {spec.beside!r}, which is not there", place=f"camera {spec.name!r}", mend="Make that first."
        )
    frames = np.arange(-1.0, count_of(scene) + 1.0)
    found = tracks_of(scene, {lead: camera_spec_of(lead)}, scene.frame_start + frames, frames / rate_of(scene))
    return found[lead.name]


def _room(scene: bpy.types.Scene) -> bpy.types.Collection:
    """The collection that our cameras lie in."""
    for camera in cameras_in(scene):
        for collection in camera.users_collection:
            if collection.name.split(".")[0] == _ROOM:
                return collection
    return home.room(scene, _ROOM)

"""What cameras of a scene see, read from Blender's own camera objects: theirs is the last word, whoever moved them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import bpy
import numpy as np

from blender_addon.clip import CameraSpec, LensSpec, MovesSpec, SensorSpec
from blender_addon.filming.track import CameraTrack
from blender_addon.render.frame import CameraView
from blender_addon.scene.at_hand.clock import rate_of
from blender_addon.scene.at_hand.record import CAMERA, camera_spec_of, read
from blender_addon.scene.at_hand.sampling import look
from blender_addon.scene.cameras import FROM_OPENCV, POLYNOMIAL, lens_of
from mocap.errors import UserError
from mocap.rotations import Array

OWN = "own"
"""Profile of a user's own camera."""

# How far the numbers of a bending lens may be from those that its focal length asks for; they are kept as floats.
_SAME = 1e-5


def spec_at_hand(scene: bpy.types.Scene, camera: bpy.types.Object, taken: Sequence[str] = ()) -> CameraSpec:
    """The spec of a camera: what ours says of itself, and of a user's own what Blender has of it.

    Args:
        taken: names of others, which a user's own gets a number behind its name to differ from.

    Raises:
        UserError: it takes pictures that cannot be labelled.
    """
    data: Any = camera.data
    if read(camera, CAMERA) is not None:
        spec = camera_spec_of(camera)
        bending = spec.lens.model != "none"
        if data.type != ("PANO" if bending else "PERSP") or (
            bending and data.panorama_type != "FISHEYE_LENS_POLYNOMIAL"
        ):
            raise UserError(
                "is of another type than SkateSynth made it", place=f"camera {camera.name!r}", mend="Make it anew."
            )
        return spec
    if data.type != "PERSP":
        kind = "an orthographic" if data.type == "ORTHO" else "a panoramic" if data.type == "PANO" else "another"
        raise UserError(
            f"is {kind} camera, whose pictures cannot be labelled",
            place=f"camera {camera.name!r}",
            mend="Set its lens to Perspective, or leave it out.",
        )
    render: Any = scene.render
    if abs(render.pixel_aspect_x / render.pixel_aspect_y - 1.0) > 1e-6:
        raise UserError(
            "has pixels that are not square", place=f"camera {camera.name!r}", mend="Set the scene's aspect to 1:1."
        )
    width, height = (
        max(1, int(size * render.resolution_percentage / 100)) for size in (render.resolution_x, render.resolution_y)
    )
    K = _plain_lens(data, width, height)
    angle = 2.0 * float(np.arctan(0.5 * width / K[0, 0]))
    depth: Any = data.dof
    return CameraSpec(
        name=_name(camera.name, taken),
        profile=OWN,
        width=width,
        height=height,
        place=None,
        lens=LensSpec(narrowest=angle, widest=angle, sensor_width=float(data.sensor_width)),
        moves=MovesSpec(follow="fixed"),
        sensor=SensorSpec(
            white_balance=0.0,
            shutter=float(render.motion_blur_shutter) / rate_of(scene) if render.use_motion_blur else 0.01,
            motion_blur=bool(render.use_motion_blur),
            f_number=float(depth.aperture_fstop),
            depth_of_field=bool(depth.use_dof),
        ),
    )


def tracks_of(
    scene: bpy.types.Scene, cameras: Mapping[bpy.types.Object, CameraSpec], frames: Array, times: Array
) -> dict[str, CameraTrack]:
    """What cameras see over frames (T,) of a scene, fractions too, by the names of their objects.

    Args:
        times: (T,) seconds of these frames from the clip's first.

    Raises:
        UserError: a lens that bends straight lines is not as it was made.
    """
    seen = look(scene, frames, {}, list(cameras), POLYNOMIAL)
    out = {}
    for camera, spec in cameras.items():
        bending = spec.lens.model != "none"
        places, lens = seen.places[camera.name], seen.lenses[camera.name]
        turn = places[:, :3, :3] / np.linalg.norm(places[:, :3, :3], axis=1, keepdims=True)
        R = FROM_OPENCV @ turn.transpose(0, 2, 1)
        t = -np.einsum("nij,nj->ni", R, places[:, :3, 3])
        fit = str(getattr(camera.data, "sensor_fit", "AUTO"))
        K = np.stack([_intrinsics(_at(lens, k), fit, spec, bending) for k in range(len(frames))])
        track = CameraTrack(spec, np.asarray(times, dtype=np.float64), K, R, t)
        if bending:
            for k in {0, len(frames) - 1}:
                _check_bend(track.at(float(times[k])), _at(lens, k), camera.name)
        out[camera.name] = track
    return out


def _at(lens: Mapping[str, Array], k: int) -> dict[str, float]:
    return {name: float(values[k]) for name, values in lens.items()}


def _plain_lens(data: Any, width: int, height: int) -> Array:
    names = ("lens", "sensor_width", "sensor_height", "shift_x", "shift_y")
    plain = CameraSpec("", width=width, height=height)
    return _intrinsics({name: float(getattr(data, name)) for name in names}, data.sensor_fit, plain, bending=False)


def _intrinsics(lens: Mapping[str, float], fit: str, spec: CameraSpec, bending: bool) -> Array:
    """(3, 3) K of Blender's numbers: `BKE_camera_params_compute_viewplane`, and `lens_of` reversed."""
    width, height = spec.width, spec.height
    across = fit == "HORIZONTAL" or (fit == "AUTO" and width >= height)
    sensor = lens["sensor_height"] if fit == "VERTICAL" else lens["sensor_width"]
    size = width if across else height
    focal = lens["lens"] * size / sensor
    # Cycles' panoramas shift by the picture's own height upwards.
    up = height if bending else size
    K = np.eye(3)
    K[0, 0] = K[1, 1] = focal
    K[0, 2] = 0.5 * width - lens["shift_x"] * size
    K[1, 2] = 0.5 * height + lens["shift_y"] * up
    return K


def _check_bend(view: CameraView, lens: Mapping[str, float], name: str) -> None:
    wanted = lens_of(view, lens["sensor_width"])
    if any(abs(wanted[key] - lens[key]) > _SAME * max(abs(wanted[key]), 1e-3) for key in POLYNOMIAL):
        raise UserError(
            "has a lens that was changed by hand in a way that cannot be labelled",
            place=f"camera {name!r}",
            mend="Make it anew, with the field of view that you want.",
        )


def _name(name: str, taken: Sequence[str]) -> str:
    """A name for the keys of samples: letters, digits and dashes."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name).strip("-")[:24]
    plain = plain or "camera"
    number = 2
    out = plain
    while out in taken:
        out, number = f"{plain}-{number}", number + 1
    return out


def renamed(spec: CameraSpec, taken: Sequence[str]) -> CameraSpec:
    """A spec under a name that no other has: a copy of a camera of ours says that it is the same one."""
    return replace(spec, name=_name(spec.name, taken)) if spec.name in taken else spec

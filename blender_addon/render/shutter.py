"""What time and the lens's opening do to a picture: motion blur, rolling shutter, depth of field. Labels stay sharp.

Labels are of what is met by the one ray through a pixel's centre, at the instant of its row. Where a picture takes more
than that together, the scene is rendered twice: once as the camera sees it, and once, by a single sample, for labels.
That is so with each picture of EEVEE, whose labels are of all its samples otherwise (docs/labels.md has both measured).

Blender poses people and cameras at instants in between by their F-curves, which must have keys there: `reach` tells how
far from a frame.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import bpy

from blender_addon.clip import CameraSpec, Clip
from blender_addon.render.passes import Passes, render_passes
from mocap.errors import UserError
from mocap.rotations import Array, length

# Metres by which a point of a body may leave its arc, as Cycles moves it straight from one step of a blur to the next;
# less where labels show it as well.
_BLUR_SAG, _READ_SAG = 0.003, 0.001
# Powers of two of the number of such steps.
_FEWEST, _MOST = 1, 5


def blur_of(spec: CameraSpec) -> float:
    """Seconds in which the camera's picture blurs what moves; 0 for none."""
    return spec.sensor.shutter if spec.sensor.motion_blur else 0.0


def sweep_of(spec: CameraSpec) -> float:
    """Seconds from the reading of a row to that of the row which would be as many below as the picture has."""
    return spec.sensor.readout * spec.height / (spec.height - 1)


def opened(spec: CameraSpec) -> float:
    """Seconds of the scene that a picture of the camera may show; 0 for an instant alone."""
    return blur_of(spec) + sweep_of(spec)


def reach(cameras: Iterable[CameraSpec]) -> float:
    """Seconds before and after a frame's instant that a picture of one of these cameras may show."""
    # A row more than `sweep_of`: labels know of the lower edge of the picture's last one.
    return max(0.5 * (blur_of(spec) + sweep_of(spec) * (1.0 + 1.0 / spec.height)) for spec in cameras)


def check_shutters(clip: Clip) -> None:
    """UserError where the engine cannot do what a camera's sensor asks for."""
    for spec in clip.cameras:
        if spec.sensor.readout > 0.0 and clip.render.engine != "cycles":
            raise UserError(
                "EEVEE reads all rows of a picture at once",
                place=f"camera {spec.name!r}, readout",
                mend="Set readout to 0, or render.engine to cycles.",
            )


def hold_still(scene: bpy.types.Scene, moving: Iterable[bpy.types.Object]) -> None:
    """Takes all objects but cameras and those that move out of what motion blur looks at."""
    names = {made.name for made in moving}
    for made in scene.objects:
        if made.type != "CAMERA":
            cycles: Any = made.cycles
            cycles.use_motion_blur = made.name in names


def steps_along(arc: Array, spec: CameraSpec) -> int:
    """The power of two of how many straight steps keep points near their arcs while the camera's shutter is open.

    Args:
        arc: (3, N, 3) where they are when it opens, in the middle, and when it closes.
    """
    sag = 0.5 * float(length(arc[0] - 2.0 * arc[1] + arc[2]).max(initial=0.0))
    allowed = _READ_SAG if spec.sensor.readout > 0.0 else _BLUR_SAG
    return min(max(math.ceil(0.5 * math.log2(max(sag / allowed, 1.0))), _FEWEST), _MOST)


def set_steps(made: Iterable[bpy.types.Object], steps: int) -> None:
    """Has Cycles move objects by two to the power of `steps` straight steps while the shutter is open."""
    for one in made:
        cycles: Any = one.cycles
        if cycles.motion_steps != steps:
            cycles.motion_steps = steps
        if one.type == "MESH":
            # Else Cycles keeps what it has of a mesh from a picture without motion, with fewer steps.
            data: Any = one.data
            data.update_tag()


def expose(scene: bpy.types.Scene, spec: CameraSpec, focus: float, scratch: Path, centre: bool = False) -> Passes:
    """Renders the scene's current frame and camera: the picture as the sensor takes it, labels sharp.

    Args:
        focus: metres to what the camera is focused on, along its axis; from its place for a lens that bends.
        scratch: folder for a passing file.
        centre: whether labels are wanted that one render for everything has as means over a pixel's samples.
    """
    blur, sweep, deep = blur_of(spec), sweep_of(spec), spec.sensor.depth_of_field
    with _opened(scene, blur, sweep), _focused(scene, spec, focus + spec.sensor.focus_error):
        picture = render_passes(scene, scratch)
    if scene.render.engine == "CYCLES" and not (blur or deep or centre):
        return picture
    return replace(expose_labels(scene, spec, scratch), linear=picture.linear)


def expose_labels(scene: bpy.types.Scene, spec: CameraSpec, scratch: Path) -> Passes:
    """Renders the scene's current frame and camera for labels alone: sharp, each row of its instant."""
    with _opened(scene, 0.0, sweep_of(spec)), _single_sample(scene):
        return render_passes(scene, scratch)


@contextmanager
def _opened(scene: bpy.types.Scene, blur: float, sweep: float) -> Iterator[None]:
    """The shutter open for `blur` seconds around the frame's instant, rows read from top to bottom in `sweep`."""
    if not blur and not sweep:
        yield
        return
    render, cycles, eevee, camera = _settings(scene)
    render.use_motion_blur = True
    render.motion_blur_position = "CENTER"
    render.motion_blur_shutter = (blur + sweep) * render.fps / render.fps_base
    # Cycles gives each row this share of the whole time, the first row the beginning and the last row the end of it.
    cycles.rolling_shutter_type = "TOP" if sweep else "NONE"
    cycles.rolling_shutter_duration = blur / (blur + sweep)
    eevee.motion_blur_steps = 2**camera.cycles.motion_steps
    try:
        yield
    finally:
        render.use_motion_blur = False
        cycles.rolling_shutter_type = "NONE"


@contextmanager
def _focused(scene: bpy.types.Scene, spec: CameraSpec, distance: float) -> Iterator[None]:
    """The lens open as wide as its f-number says, if that is to show."""
    camera = _settings(scene)[3]
    lens = camera.data.dof
    lens.focus_distance = max(distance, 0.1)
    lens.aperture_fstop = spec.sensor.f_number
    lens.use_dof = spec.sensor.depth_of_field
    try:
        yield
    finally:
        lens.use_dof = False


@contextmanager
def _single_sample(scene: bpy.types.Scene) -> Iterator[None]:
    """One sample through each pixel's middle: of Cycles the first of its samples, the one that writes labels."""
    render, cycles, eevee, _ = _settings(scene)
    denoising, samples, wide = cycles.use_denoising, eevee.taa_render_samples, render.filter_size
    # A part of the samples, not fewer of them: their pattern depends on how many there are.
    cycles.use_sample_subset, cycles.sample_offset, cycles.sample_subset_length = True, 0, 1
    cycles.use_denoising = False
    eevee.taa_render_samples = 1
    if render.engine != "CYCLES":
        # EEVEE moves each sample about within this many pixels.
        render.filter_size = 0.01
    try:
        yield
    finally:
        cycles.use_sample_subset = False
        cycles.use_denoising = denoising
        eevee.taa_render_samples, render.filter_size = samples, wide


def _settings(scene: bpy.types.Scene) -> tuple[Any, Any, Any, Any]:
    """Render's, Cycles' and EEVEE's settings and the camera, whose types do not tell all that they have."""
    return scene.render, scene.cycles, scene.eevee, scene.camera

"""Which pictures a camera of the job gives: names and sizes of its views, with nothing else drawn. No bpy."""

from __future__ import annotations

import math

from blender_addon.clip import LensSpec
from render_scripts.draws import Streams, streams_of
from render_scripts.job.scene import CameraJob, LensJob
from render_scripts.scenes.profiles import PROFILES, CameraProfile

LONGER_SIDE = 640
"""Pixels, if the job does not say."""


def views_of(ask: CameraJob, seed: int, clip: int) -> tuple[tuple[str, int, int], ...]:
    """Name, width and height of the cameras that `draw_cameras` gives, with nothing else drawn."""
    profile = PROFILES[drawn_profile(ask, streams_of(seed, clip, f"camera/{ask.name}"))]
    return tuple((name, *size_of(ask, profile)) for name in ask.names)


def size_of(ask: CameraJob, profile: CameraProfile) -> tuple[int, int]:
    """Width and height (pixels) of a camera's pictures."""
    if ask.width is not None and ask.height is not None:
        return ask.width, ask.height
    width, height = profile.native
    if ask.width is not None:
        return ask.width, max(round(ask.width * height / width), 1)
    if ask.height is not None:
        return max(round(ask.height * width / height), 1), ask.height
    if ask.size == "native":
        return profile.native
    return profile.size(LONGER_SIDE if ask.size is None else ask.size)


def lens_of(ask: LensJob) -> LensSpec:
    """A lens of the job's own."""
    return LensSpec(
        model=ask.model,
        coefficients=ask.coefficients,
        narrowest=_radians(ask.widest if ask.narrowest is None else ask.narrowest),
        widest=_radians(ask.widest),
        sensor_width=ask.sensor_width,
    )


def drawn_profile(ask: CameraJob, streams: Streams) -> str:
    """The kind of camera, by its name in `PROFILES`."""
    options = ask.profile.options
    return options[0] if len(options) == 1 else ask.profile.at(streams("profile", 1).unit())


def _radians(degrees: float) -> float:
    return round(math.radians(degrees), 6)

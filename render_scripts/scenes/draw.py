"""A clip's surroundings, drawn together. No bpy."""

from __future__ import annotations

from dataclasses import dataclass

from blender_addon.clip import CameraSpec, LightSpec, RinkSpec
from blender_addon.labels.dense import fields_of
from render_scripts.draws import streams_of
from render_scripts.job import Job
from render_scripts.scenes.cameras import draw_cameras
from render_scripts.scenes.kinds import draw_kinds
from render_scripts.scenes.lights import draw_light
from render_scripts.scenes.rinks import draw_rink


@dataclass(frozen=True)
class Surroundings:
    """Everything in a clip but its people; see `Clip`."""

    rink: RinkSpec
    light: LightSpec
    cameras: tuple[CameraSpec, ...]


def draw_surroundings(job: Job, clip: int) -> Surroundings:
    """What surrounds the people of a clip."""
    streams = streams_of(job.seed, clip, "scene")
    kind, light = draw_kinds(job.scene, streams)
    rink = draw_rink(job.scene, kind, light, streams)
    # EEVEE reads all rows at once; and not all labels are known otherwise.
    rolling = job.render.engine == "cycles" and all(field.rolling for field in fields_of(job.labels.dense))
    cameras = (
        made
        for camera in job.cameras
        for made in draw_cameras(camera, job.scene, rink, job.seed, clip, rolling=rolling)
    )
    return Surroundings(rink, draw_light(job.scene, light, streams), tuple(cameras))

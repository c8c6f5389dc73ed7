"""One small, quick picture of each camera with all labels drawn on it, before a job is rendered. No bpy here."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from blender_addon.clip import CameraSpec, Clip
from mocap.errors import UserError
from render_scripts.draw import preview_sheet
from render_scripts.job import Job
from render_scripts.plan import plan_job
from render_scripts.run.local import run_tasks
from render_scripts.shards import read_tar
from render_scripts.worker import Task

WIDTH = 480
SAMPLES = 4


def preview(job: Job, assets: Path, clip: int = 0, frame: int | None = None) -> np.ndarray:
    """The middle frame of a clip, or the one asked for, from every camera, as one RGB picture.

    Raises:
        UserError: there is no such clip or frame, or as `render`.
    """
    clips = plan_job(job)
    if not 0 <= clip < len(clips):
        raise UserError(f"there is no clip {clip}: this job has {len(clips)}, counted from 0")
    chosen = clips[clip]
    frame = chosen.count // 2 if frame is None else frame
    if not 0 <= frame < chosen.count:
        raise UserError(f"there is no frame {frame}: clip {clip} has {chosen.count}, counted from 0")
    with tempfile.TemporaryDirectory(prefix="skatesynth-preview-") as scratch:
        fragment = Path(scratch, "preview.tar")
        task = Task(_quick(chosen), fragment, assets, frames=(frame,))
        run_tasks([task], workers=1, logs=Path(scratch), report=lambda answer: None)
        return preview_sheet([fields for _, fields in read_tar(fragment)], WIDTH)


def _quick(clip: Clip) -> Clip:
    render = replace(clip.render, samples=min(SAMPLES, clip.render.samples), denoise=True, rgb="png")
    return replace(clip, cameras=tuple(_small(camera) for camera in clip.cameras), render=render)


def _small(camera: CameraSpec) -> CameraSpec:
    share = min(1.0, WIDTH / camera.width)
    return replace(camera, width=round(camera.width * share), height=max(1, round(camera.height * share)))

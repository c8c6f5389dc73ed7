"""The step Output as keys of a job. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from blender_addon.ui.request.blocks import Data, Named, block, give, number
from blender_addon.ui.request.fields import FRAME_CHOICES, SPLITS, TRAIN_ONLY, OutputFields
from blender_addon.ui.request.paths import plain_path
from blender_addon.ui.request.shown import Kept

if TYPE_CHECKING:
    from render_scripts.job import Job

LARGEST_SEED = 2**31 - 1
"""That a field of Blender's holds."""
LOWEST_RATE = 0.01
"""Frames per second that the panel's field has."""


def read(job: Job) -> tuple[OutputFields, Kept]:
    """What the fields show of a job."""
    kept: Kept = set()
    if job.seed > LARGEST_SEED:
        kept.add("seed")
    split = next((name for name, shares in SPLITS.items() if shares == job.output.splits), None)
    if split is None:
        kept.add("split")
    count, fps = job.frames.count, job.frames.fps
    if fps is not None and fps < LOWEST_RATE:
        kept |= {"frames", "fps"}
    counted, rated = count is not None, fps is not None or count is None
    frames = next(name for name, (_, *uses) in FRAME_CHOICES.items() if uses == [counted, rated])
    return OutputFields(
        out=plain_path(job.out) if job.out else "",
        clips=len(job.motions) if job.clips is None else job.clips,
        frames=frames,
        count=OutputFields.count if count is None else count,
        fps=OutputFields.fps if fps is None else fps,
        quality=job.render.quality,
        device=job.render.device,
        split=split or TRAIN_ONLY,
        rgb=job.output.rgb,
        seed=0 if "seed" in kept else job.seed,
    ), kept


def write(data: Data, was: OutputFields, now: OutputFields, named: Named) -> None:
    """Puts what has changed into a job's data."""
    if now.seed != was.seed:
        data["seed"] = now.seed
    if now.out != was.out:
        give(data, "out", named(now.out) if now.out else None)
    if now.clips != was.clips:
        data["clips"] = now.clips
    if _frames(now) != _frames(was):
        count, fps = _frames(now)
        give(block(data, "frames"), "count", count)
        give(block(data, "frames"), "fps", fps)
    for field in ("quality", "device"):
        if getattr(now, field) != getattr(was, field):
            block(data, "render")[field] = getattr(now, field)
    if now.split != was.split:
        block(data, "output")["split"] = TRAIN_ONLY if now.split == TRAIN_ONLY else dict(SPLITS[now.split])
    if now.rgb != was.rgb:
        block(data, "output")["rgb"] = now.rgb


def _frames(fields: OutputFields) -> tuple[int | None, float | None]:
    _, counted, rated = FRAME_CHOICES[fields.frames]
    return fields.count if counted else None, number(fields.fps) if rated else None

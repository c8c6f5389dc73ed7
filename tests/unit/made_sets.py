"""Data sets without Blender and without processes: random pictures whose JSON is as complete as a real one's."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

from made_frames import ASSETS, VERSIONS, shoot

from render_scripts.dataset.finish import JOB_FILE, finish
from render_scripts.dataset.log import RunLog
from render_scripts.job import CameraJob, FramesJob, Job, OutputJob, dump_job
from render_scripts.outline import Outline
from render_scripts.plan import Plan
from render_scripts.sample import Fields, encode_sample
from render_scripts.shards import write_tar, write_text

CAMERAS = (CameraJob(name="phone", width=64, height=48), CameraJob(name="stand", width=48, height=48))
JUMP: dict[str, Any] = {
    "type": "jump", "name": "axel", "turns": 1.0, "height": 0.5, "rate": 4.0, "start": 0.0, "end": 60.0,
}  # fmt: skip


def small_job(**changes: Any) -> Job:
    """Three clips of two frames from two cameras."""
    made = Job(clips=3, frames=FramesJob(fps=25.0, count=2), cameras=CAMERAS, output=OutputJob(shard_size=5))
    return made.model_copy(update=changes)


@lru_cache(maxsize=4)
def _samples(text: str) -> tuple[tuple[str, Fields], ...]:
    job = Job.model_validate_json(text)
    plan = Plan(job, {("demo", None): 12.0})
    clips = [plan[index] for index in range(job.clips or 1)]
    return tuple(
        encode_sample(frame, clip, [JUMP], VERSIONS) for clip in clips for frame in shoot(clip, ASSETS, Path())
    )


def made_samples(job: Job) -> list[tuple[str, Fields]]:
    """Keys and fields of all pictures of a job, in order."""
    return [(key, dict(fields)) for key, fields in _samples(job.model_dump_json(exclude_none=True))]


def write_set(out: Path, job: Job, samples: list[tuple[str, Fields]] | None = None) -> Path:
    """A finished data set: clips in turn in the job's splits. `samples` are packed in place of the job's own."""
    made = made_samples(job) if samples is None else samples
    out.mkdir(parents=True, exist_ok=True)
    outlines, tars = [], out.parent / f"{out.name}-tars"
    for clip, of_clip in groupby(made, lambda sample: int(sample[0][:6])):
        write_tar(tars / f"{clip}.tar", list(of_clip))
        outlines.append(Outline(clip, "demo", 0.0, 2, 25.0, tuple((c.name, 1, 1) for c in CAMERAS)))
    names = list(job.output.splits)
    splits = [names[clip % len(names)] for clip in range(max(outline.index for outline in outlines) + 1)]
    write_text(out / JOB_FILE, dump_job(job.model_copy(update={"out": "."})))
    shards = finish(out, job, outlines, splits, lambda clip: tars / f"{clip}.tar")
    RunLog({"job": {}, "files": {}, "versions": VERSIONS}, shards).write(out)
    return out

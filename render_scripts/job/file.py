"""Job files: read, written, and made for a recording."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import ValidationError

from blender_addon.cast import DEMO
from mocap.errors import UserError
from render_scripts.distributions import Between
from render_scripts.job.block import beside
from render_scripts.job.impossible import refuse_impossible
from render_scripts.job.mistakes import first_mistake
from render_scripts.job.motions import FramesJob, MotionJob
from render_scripts.job.output import RenderJob
from render_scripts.job.whole import Job
from render_scripts.job.yaml_file import parse, text_of

TAKE_SUFFIXES = (".mvnx", ".bvh", ".mvnx.gz", ".bvh.gz")


def load_job(path: str | Path) -> Job:
    """A job from its YAML file, or the default job of a recording given in its place (.mvnx, .bvh).

    Raises:
        UserError: with the line and the dotted path of the first mistake.
    """
    path = Path(path).absolute()
    if path.name.lower().endswith(TAKE_SUFFIXES):
        return job_for_take(str(path))
    return read_job(text_of(path), path)


def read_job(text: str, path: Path) -> Job:
    """A job from the text of its file, which need not be there. UserError as of `load_job`.

    Args:
        path: absolute, of the file: paths in it start from its folder.
    """
    node, data = parse(text, path)
    if not isinstance(data, dict):
        raise UserError("a job file is a mapping of keys to values", file=path, mend="See docs/job.md.")
    try:
        job = Job.model_validate(data)
    except ValidationError as error:
        raise first_mistake(error, Job, path, node) from None
    refuse_impossible(job, path, node)
    changes = {
        "out": beside(path, job.out if job.out is not None else f"{path.stem}-data"),
        "stage": None if job.stage is None else beside(path, job.stage),
        "motions": tuple(motion.found_from(path) for motion in job.motions),
        "skaters": tuple(skater.found_from(path) for skater in job.skaters),
        "coaches": job.coaches.found_from(path),
        "scene": job.scene.found_from(path),
    }
    return job.model_copy(update=changes)


def dump_job(job: Job) -> str:
    """YAML text that `load_job` reads back to the same job; what is drawn per clip is left out, as in the original."""
    data = job.model_dump(mode="json", exclude_none=True)
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, default_flow_style=None, width=120)


def job_for_take(take: str) -> Job:
    """The job that shows a recording: 48 frames spread over it, from two cameras."""
    return Job(motions=(MotionJob(take=take),), frames=FramesJob(count=48))


def demo_job(out: str | Path | None = None) -> Job:
    """The job of `skatesynth demo`: the project's own take, small and quick."""
    job = job_for_take(DEMO)
    changes = {
        "out": None if out is None else str(Path(out).absolute()),
        "frames": FramesJob(count=16),
        # From both long sides, so that the pictures show the skater from the front and from behind.
        "cameras": tuple(
            camera.model_copy(update={"width": 320, "height": 240, "azimuth": Between(degrees, degrees)})
            for camera, degrees in zip(job.cameras, (-70.0, 75.0), strict=True)
        ),
        "render": RenderJob(quality="standard", samples=8),
    }
    return job.model_copy(update=changes)

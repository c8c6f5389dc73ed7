"""What a user has set in the panel, as a job file; pure, so that it can be checked without Blender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from blender_addon.cast import DEMO
from mocap.errors import UserError
from render_scripts.job import (
    TAKE_SUFFIXES,
    Between,
    CameraJob,
    FramesJob,
    Job,
    MotionJob,
    RenderJob,
    dump_job,
)

# Sets of cameras that the panel offers, each as a CameraJob knows them: the name, what the panel says, the cameras.
CAMERA_SETS: Mapping[str, tuple[str, tuple[CameraJob, ...]]] = {
    "pair": ("Phone and stand", (CameraJob(name="phone"), CameraJob(name="stand", profile="broadcast"))),
    "phone": ("One phone", (CameraJob(name="phone"),)),
    "stand": ("One camera in the stands", (CameraJob(name="stand", profile="broadcast"),)),
    "ring": (
        "Four around the skater",
        tuple(
            CameraJob(name=name, profile="tripod", azimuth=Between(degrees, degrees))
            for name, degrees in (("north", 90.0), ("west", 180.0), ("south", 270.0), ("east", 0.0))
        ),
    ),
}

# Which frames of a take: the name, what the panel says, whether it uses the count, whether it uses the rate.
FRAME_CHOICES: Mapping[str, tuple[str, bool, bool]] = {
    "spread": ("Spread over the take", True, False),
    "window": ("One after another", True, True),
    "whole": ("The whole take", False, True),
}


@dataclass(frozen=True)
class Request:
    """The panel's fields.

    Attributes:
        take: absolute path of a recording, or "demo"; out: absolute path of the data set's folder.
        frames: key of `FRAME_CHOICES`; cameras: key of `CAMERA_SETS`; quality: as in a job file.
        count: frames of a clip; fps: frames per second; clips: how many; width, height: pixels.
    """

    take: str
    out: str
    quality: str = "draft"
    frames: str = "spread"
    count: int = 24
    fps: float = 25.0
    clips: int = 1
    cameras: str = "pair"
    width: int = 640
    height: int = 480
    seed: int = 0


def trouble(request: Request) -> str | None:
    """Why this cannot be rendered, as a sentence for the panel; None when it can. Looks no further than file names."""
    if request.take != DEMO:
        if not request.take:
            return "Choose a take, or tick Demo take."
        if not request.take.lower().endswith(TAKE_SUFFIXES):
            return f"A take is a file ending in {' or '.join(TAKE_SUFFIXES[:2])}."
        if not Path(request.take).is_file():
            return "The take is not there."
    if not request.out:
        return "Choose an output folder."
    if not Path(request.out).name:
        return "Choose an output folder, not a whole drive."
    if Path(request.out).is_file():
        return "The output folder is a file."
    return None


def job_of(request: Request) -> Job:
    """The job that the panel describes."""
    _, counted, rated = FRAME_CHOICES[request.frames]
    size = {"width": request.width, "height": request.height}
    return Job(
        seed=request.seed,
        out=request.out,
        clips=request.clips,
        motions=(MotionJob(take=request.take),),
        frames=FramesJob(count=request.count if counted else None, fps=request.fps if rated else None),
        cameras=tuple(camera.model_copy(update=size) for camera in CAMERA_SETS[request.cameras][1]),
        render=RenderJob.model_validate({"quality": request.quality}),
    )


def run_folder(out: str) -> Path:
    """Where a run keeps its job file, its progress and its log: beside the data set, so that this holds data only."""
    folder = Path(out)
    return folder.with_name(f"{folder.name}-run")


def write_job(request: Request) -> Path:
    """Writes `job.yaml` into the run's folder.

    Raises:
        UserError: the folder cannot be made or written to.
    """
    path = run_folder(request.out) / "job.yaml"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dump_job(job_of(request)), encoding="utf-8")
    except OSError as error:
        raise UserError(
            error.strerror or "cannot be written", file=path, mend="Choose another output folder."
        ) from None
    return path

"""What a user has set in the panel, as a job file; pure, so that it can be checked without Blender."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from blender_addon.cast import DEMO
from mocap.errors import UserError
from render_scripts.job import (
    TAKE_SUFFIXES,
    CameraJob,
    FramesJob,
    Job,
    MotionJob,
    RenderJob,
    SceneJob,
    dump_job,
)


def _of(profile: str, name: str | None = None) -> CameraJob:
    return CameraJob.model_validate({"name": name or profile, "profile": profile})


# Sets of cameras that the panel offers: the name, what the panel says, what its hint says, the cameras.
CAMERA_SETS: Mapping[str, tuple[str, str, tuple[CameraJob, ...]]] = {
    "pair": (
        "Phone and Broadcast",
        "A phone at the boards and a television camera in the stands",
        (_of("phone"), _of("broadcast", "stand")),
    ),
    "phone": ("Phone", "A phone at the boards, held level", (_of("phone"),)),
    "portrait": ("Phone, Upright", "A phone at the boards, held upright", (_of("phone-portrait", "phone"),)),
    "gopro": ("GoPro", "A GoPro's wide fisheye, mostly carried by somebody who skates along", (_of("gopro"),)),
    "stand": ("Broadcast", "A television camera in the stands", (_of("broadcast", "stand"),)),
    "tripod": ("Tripod", "A camera that stands still for analysis, the whole travel in its picture", (_of("tripod"),)),
    "ceiling": ("Ceiling", "A camera under the roof that stands still", (_of("ceiling"),)),
    "stereo": ("Stereo Pair", "Two parallel cameras, 28 cm apart", (_of("stereo"),)),
    "ring": ("Ring of Four", "Four calibrated cameras all around the skater", (_of("ring"),)),
}

# How much surroundings and cameras vary: the name, what the panel says, what its hint says.
PRESETS: Mapping[str, tuple[str, str]] = {
    "clean": ("Clean", "A well lit arena and a steady camera; nothing disturbs the picture"),
    "default": ("As Filmed", "Rinks, light and cameras as one meets them: a little shake, noise and motion blur"),
    "wild": (
        "Hard",
        "Strong blur, noise and shake, skaters cut off, wrong exposure and colours, dusk and show light",
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
        preset: key of `PRESETS`.
        count: frames of a clip; fps: frames per second; clips: how many; size: pixels of a picture's longer side.
    """

    take: str
    out: str
    quality: str = "draft"
    frames: str = "spread"
    count: int = 24
    fps: float = 25.0
    clips: int = 1
    cameras: str = "pair"
    preset: str = "default"
    size: int = 640
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
    size = {"size": request.size}
    return Job(
        seed=request.seed,
        out=request.out,
        clips=request.clips,
        motions=(MotionJob(take=request.take),),
        frames=FramesJob(count=request.count if counted else None, fps=request.fps if rated else None),
        cameras=tuple(camera.model_copy(update=size) for camera in CAMERA_SETS[request.cameras][2]),
        scene=SceneJob.model_validate({"preset": request.preset}),
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

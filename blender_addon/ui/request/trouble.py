"""Why what the panel says cannot be rendered, in a sentence. Pure."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from blender_addon.ui.request.fields import Request
from blender_addon.ui.request.whole import job_of, opened, run_folder, stage_text
from mocap.errors import UserError


def trouble(request: Request) -> str | None:
    """Why this cannot be rendered, as a sentence for the panel; None when it can. Looks no further than file names."""
    return _movement(request) or _people(request) or _output(request) or _job(request)


def take_trouble(request: Request) -> str | None:
    """The same, of the movement alone."""
    return _movement(request)


def stage_trouble(request: Request) -> str | None:
    """Why the scene at hand cannot be rendered as the panel asks for it; nothing is said of the scene itself."""
    if "surface" in request.labels.dense:
        return "Which point of a body each pixel shows is not known of a scene as it is: untick it (Labels)."
    return _output(request) or _stage(request)


@lru_cache(maxsize=16)
def _stage(request: Request) -> str | None:
    from render_scripts.job import read_job

    path = run_folder(request.output.out) / "job.yaml"
    try:
        read_job(stage_text(request, path, path.with_name("scene.blend")), path)
    except UserError as error:
        return _sentence(error)
    return None


def _movement(request: Request) -> str | None:
    from render_scripts.job import TAKE_SUFFIXES

    take = request.take
    if take.source != "recording" or "path" in _kept(request, "take"):
        return None
    if not take.path:
        return "Choose a take, or the demo take as its source."
    if not take.path.lower().endswith(TAKE_SUFFIXES):
        return f"A take is a file ending in {' or '.join(TAKE_SUFFIXES[:2])}."
    if not Path(take.path).is_file():
        return "The take is not there: put it back, or choose another."
    if take.joint_map and not Path(take.joint_map).is_file():
        return "The joint map is not there: put it back, or choose another."
    return None


def _people(request: Request) -> str | None:
    who, where = request.skater, request.retarget
    if who.age != "any" and who.age_low > who.age_high:
        return "The youngest skater is older than the oldest."
    if who.count > 1 and (where.path or where.place == "recorded") and "place" not in _kept(request, "retarget"):
        return "Several skaters would run into each other on one path: take one, or place them as drawn."
    return None


def _output(request: Request) -> str | None:
    out = request.output.out
    if not out:
        return "Choose an output folder."
    if not Path(out).name:
        return "Choose an output folder, not a whole drive."
    if Path(out).is_file():
        return "The output folder is a file."
    if not request.labels.keypoints:
        return "Tick at least one keypoint set."
    return None


@lru_cache(maxsize=16)
def _job(request: Request) -> str | None:
    try:
        job_of(request)
    except UserError as error:
        return _sentence(error)
    return None


def _sentence(error: UserError) -> str:
    # The file is not written yet, so that its name and line would say nothing.
    return " ".join(part for part in (f"{error.message[:1].upper()}{error.message[1:]}.", error.mend) if part)


def _kept(request: Request, step: str) -> frozenset[str]:
    try:
        return opened(request.file).kept[step]
    except UserError:
        return frozenset()

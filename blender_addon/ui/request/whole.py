"""From the panel's fields to a job and back: what the opened job file says, with what has been changed since. Pure.

The fields show what the file has; those that differ from what it has were changed by the user, and only they are
written. Without a file all goes out from an empty job, whose every key has the job's own default.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from blender_addon.ui.request import cameras, labels, output, retarget, skater, surroundings, take
from blender_addon.ui.request.blocks import Data, own_copy
from blender_addon.ui.request.fields import JobFile, Request
from blender_addon.ui.request.paths import move_paths

if TYPE_CHECKING:
    from blender_addon.clip import Clip
    from render_scripts.job import Job

STEPS: Mapping[str, Any] = {
    "take": take,
    "skater": skater,
    "retarget": retarget,
    "surroundings": surroundings,
    "cameras": cameras,
    "labels": labels,
    "output": output,
}
"""By the name of the request's part; each has `read` and `write`."""

EMPTY = "version: 1\n"


@dataclasses.dataclass(frozen=True)
class Opened:
    """A job file as the panel shows it.

    Attributes:
        request: its fields.
        kept: by step, the fields that cannot show what the file says, which therefore stays as it is.
    """

    request: Request
    kept: Mapping[str, frozenset[str]]


@lru_cache(maxsize=8)
def opened(file: JobFile) -> Opened:
    """What the panel shows of a job file; of no file, an empty job. UserError where it is none."""
    from render_scripts.job import read_job

    job = read_job(file.text, Path(file.path)) if file.text else _nothing()
    parts = {name: step.read(job) for name, step in STEPS.items()}
    request = Request(**{name: fields for name, (fields, _) in parts.items()}, file=file)
    kept = {name: frozenset(fields) for name, (_, fields) in parts.items()}
    if job.stage is not None:
        kept |= {name: _fields_of(getattr(request, name)) for name in WHAT_IS_SHOWN}
        kept["output"] |= {"clips", "frames", "count", "fps", "split"}
    return Opened(request, kept)


WHAT_IS_SHOWN = ("take", "skater", "retarget", "surroundings", "cameras")
"""Steps of which nothing is left to say where a job renders a scene that was handed over."""


def _fields_of(fields: Any) -> frozenset[str]:
    return frozenset(field.name for field in dataclasses.fields(fields) if field.name != "draw")


def _nothing() -> Job:
    from render_scripts.job import Job

    return Job()


def data_of(request: Request, path: Path) -> Data:
    """A job's data as YAML has it: the opened file's with all that was changed.

    Args:
        path: absolute, of the file that it is for: paths in it start from its folder.
    """
    was, data = opened(request.file), _data_in(request.file)
    if request.file.text and path.parent != Path(request.file.path).parent:
        move_paths(data, Path(request.file.path).parent, path.parent)

    def named(place: str) -> str:
        return _from(path.parent, place)

    usual = str(path.with_name(f"{path.stem}-data"))
    if request.file.text and data.get("out") is None and usual != request.output.out:
        data["out"] = named(request.output.out)  # another name of the file would mean another folder
    for name, step in STEPS.items():
        then, now = getattr(was.request, name), getattr(request, name)
        now = dataclasses.replace(now, **{field: getattr(then, field) for field in was.kept[name]})
        step.write(data, then, now, named)
    return data


def _data_in(file: JobFile) -> Data:
    if not file.text:
        return {"version": 1}
    from render_scripts.job.yaml_file import parse

    data: Data = own_copy(parse(file.text, Path(file.path))[1])
    return data


def _from(folder: Path, place: str) -> str:
    """A path as a file in the folder names it: from there if it lies in there, else whole."""
    return Path(os.path.relpath(place, folder)).as_posix() if Path(place).is_relative_to(folder) else place


def job_text(request: Request, path: Path) -> str:
    """The job file that says what the panel says; the opened file's own text wherever nothing was changed.

    Args:
        path: absolute, of the file that it is for.

    Raises:
        UserError: the opened file is no job, or cannot be changed in this place.
    """
    from blender_addon.ui.request.rewrite import rewrite

    data = data_of(request, path)
    return rewrite(request.file.text, data, path) if request.file.text else _fresh(data)


ALSO_AT_HAND = ("version", "seed", "out", "render", "labels", "output")
"""Keys of a job that hold for a scene that is handed over, too: how and where to, not what."""
NOT_AT_HAND = {"output": ("split", "split_by"), "render": ("engine", "subdivision", "cloth")}
"""Keys in them that do not: it is one clip, of meshes that are there already."""


def stage_text(request: Request, path: Path, scene: Path) -> str:
    """The job file that renders a scene as it was handed over, with the panel's labels and output.

    Args:
        path: absolute, of the file that it is for; scene: the .blend, in its folder.
    """
    data = data_of(request, path)
    data = {key: data[key] for key in ALSO_AT_HAND if key in data}
    for block, keys in NOT_AT_HAND.items():
        if isinstance(data.get(block), dict):
            data[block] = {key: value for key, value in data[block].items() if key not in keys}
    return _fresh({**data, "stage": _from(path.parent, str(scene))})


def _fresh(data: Data) -> str:
    """A file of our own, its keys in the order in which docs/job.md tells of them."""
    from blender_addon.ui.request.rewrite import entry
    from render_scripts.job import Job

    return "".join(f"{line}\n" for key in Job.model_fields if key in data for line in entry(key, data[key]))


def job_path(request: Request) -> Path:
    """Where the job of the panel is taken to lie: at the opened file, else in the run's folder."""
    if request.file.path:
        return Path(request.file.path)
    return run_folder(request.output.out or "data").absolute() / "job.yaml"


@lru_cache(maxsize=16)
def job_of(request: Request) -> Job:
    """The job that the panel describes. UserError where that is none, as of `render_scripts.job.load_job`."""
    from render_scripts.job import read_job

    path = job_path(request)
    return read_job(job_text(request, path), path)


def clip_at(request: Request, draw: int) -> Clip:
    """The clip of that number of the job that the panel describes. UserError as of `job_of` and `plan_job`."""
    from render_scripts.plan import plan_job

    return plan_job(job_of(request)).clip_at(draw)


def run_folder(out: str) -> Path:
    """Where a run keeps its job file, its progress and its log: beside the data set, so that this holds data only."""
    folder = Path(out)
    return folder.with_name(f"{folder.name}-run")

"""From a job to a finished folder: shards, data card, sums, contact sheet. What `render` and `demo` do. No bpy here.

The folder while it is being made: `.unfinished/` holds one tar per finished clip, the workers' logs and what identifies
the run; a later run of the same job takes up the clips that are there. It goes when the shards are whole.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from blender_addon.cast import DEMO
from mocap.errors import UserError
from render_scripts.card import data_card, timm_info
from render_scripts.draw import Sheet
from render_scripts.job import Job, dump_job
from render_scripts.outline import Outline
from render_scripts.plan import plan_job
from render_scripts.progress import Progress, one_line
from render_scripts.run.local import run_tasks
from render_scripts.sample import Fields
from render_scripts.shards import SHARD_NAMES, SUMS, Shard, pack, sha256, write_sums, write_text
from render_scripts.version import own_version
from render_scripts.worker import Task

UNFINISHED = ".unfinished"
IDENTITY = "identity.txt"
JOB_FILE = "job.yaml"
RUN_LOG = "run.json"
SHEET = "contact_sheet.png"
CARD = "README.md"
INFO = "_info.json"


@dataclass(frozen=True)
class Dataset:
    """What a run has made: its folder, shards, and whether it was there already, finished."""

    out: Path
    shards: tuple[Shard, ...]
    sheet: Path
    already: bool = False


def make_dataset(
    job: Job,
    assets: Path,
    *,
    workers: int = 1,
    overwrite: bool = False,
    progress_file: Path | None = None,
    quiet: bool = False,
) -> Dataset:
    """Renders a job into its `out` folder.

    Args:
        job: as `load_job` gives it, with `out`.
        assets: MakeHuman's data folder.
        workers: processes.
        overwrite: replace a data set that is there.
        progress_file: see `progress.py`.
        quiet: no bar.

    Raises:
        UserError: recordings or the folder cannot be used. RunFailed: rendering failed.
    """
    if job.out is None:
        raise UserError("the job names no folder to write to", place="out", mend="Give --out DIR.")
    out = Path(job.out)
    plan = plan_job(job)
    outlines = list(plan.outlines())
    total = sum(outline.pictures for outline in outlines)
    identity = _identity(job, assets)
    shards = _open_folder(out, job, identity, overwrite)
    if shards is not None:
        Progress(total, file=progress_file, quiet=True).finished(out, out / SHEET)
        return Dataset(out, shards, out / SHEET, already=True)
    unfinished = out / UNFINISHED
    fragments = [unfinished / f"{outline.index:06d}.tar" for outline in outlines]
    done = {outline.index for outline, path in zip(outlines, fragments, strict=True) if path.exists()}
    progress = Progress(total, file=progress_file, quiet=quiet)
    try:
        progress.reused(sum(outline.pictures for outline in outlines if outline.index in done))
        thumbnail = None if progress_file is None else unfinished / "latest.png"
        left = [outline.index for outline in outlines if outline.index not in done]
        # Each clip is drawn when a worker is free for it.
        tasks = (Task(plan[index], fragments[index], assets, thumbnail=thumbnail) for index in left)
        timing: dict[str, float] = {}

        def report(answer: Mapping[str, Any]) -> None:
            if answer["event"] == "frame":
                timing[answer["key"]] = answer["seconds"]
                progress.frame(answer["key"], thumbnail)

        began = time.time()
        run_tasks(tasks, workers=min(workers, len(left)), logs=unfinished, report=report)
        made = _finish(out, job, outlines, fragments)
        _write_run_log(out, identity, timing, time.time() - began, workers, made)
        shutil.rmtree(unfinished)
    except BaseException as error:
        progress.failed(one_line(error))
        raise
    progress.finished(out, out / SHEET)
    return Dataset(out, tuple(made), out / SHEET)


def _identity(job: Job, assets: Path) -> str:
    """Changes whenever the samples could: the job, the recordings' contents, the program's version."""
    takes = sorted({motion.take for motion in job.motions if motion.take != DEMO})
    parts = [own_version(), _settled(job), *(f"{sha256(Path(take))} {take}" for take in takes), str(assets)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _settled(job: Job) -> str:
    """The job as it is kept in the folder that it fills: equal for equal data sets, wherever they lie."""
    return dump_job(job.model_copy(update={"out": "."}))


def _open_folder(out: Path, job: Job, identity: str, overwrite: bool) -> tuple[Shard, ...] | None:
    """Makes the folder ready; its shards if this very data set is in it, finished."""
    shards = _finished_shards(out, identity)
    if shards is not None and not overwrite:
        return shards
    kept = out / UNFINISHED / IDENTITY
    same = kept.is_file() and kept.read_text(encoding="utf-8") == identity
    if out.exists() and not out.is_dir():
        raise UserError("this is a file, not a folder", file=out, mend="Give another --out.")
    if out.is_dir() and any(out.iterdir()) and not same:
        if not overwrite:
            raise UserError(
                "the folder is not empty, and what is in it is not this job unfinished",
                file=out,
                mend="Give another --out, or --overwrite.",
            )
        _remove_dataset(out)
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_text(kept, identity)
        write_text(out / JOB_FILE, _settled(job))
    except OSError as error:
        raise UserError(
            f"cannot be written to ({error.strerror or error})", file=out, mend="Give another --out."
        ) from None
    return None


def _remove_dataset(out: Path) -> None:
    """Takes away what a data set consists of, and nothing else that the user may keep in the folder."""
    ours = [path for name in (SUMS, RUN_LOG, JOB_FILE, SHEET, CARD, INFO) if (path := out / name).exists()]
    ours += out.glob(SHARD_NAMES)
    if ours and not (out / RUN_LOG).is_file() and not (out / UNFINISHED / IDENTITY).is_file():
        raise UserError(
            f"{ours[0].name} in it is not of a data set and will not be replaced", file=out, mend="Give another --out."
        )
    shutil.rmtree(out / UNFINISHED, ignore_errors=True)
    for path in ours:
        path.unlink()


def _finish(out: Path, job: Job, outlines: Sequence[Outline], fragments: Sequence[Path]) -> list[Shard]:
    names = [name for camera in job.cameras for name in camera.names]
    sheet = Sheet([(outline.index, outline.count) for outline in outlines], names)
    first: dict[str, Any] = {}

    def look(key: str, fields: Fields) -> None:
        if not first:
            first.update(fields)
        sheet.add(key, fields)

    split = job.output.split
    shards = pack(fragments, out, split, job.output.shard_size, look)
    sheet.write(out / SHEET)
    write_text(out / INFO, timm_info(split, shards))
    write_text(out / CARD, data_card(job, shards, first))
    write_sums(out, [*(shard.name for shard in shards), INFO, CARD, JOB_FILE, SHEET])
    return shards


def _write_run_log(
    out: Path, identity: str, timing: Mapping[str, float], seconds: float, workers: int, shards: Sequence[Shard]
) -> None:
    """What differs from run to run, with the seconds that each sample took (`timing`); `SHA256SUMS` leaves it out."""
    each = sorted(timing.values())
    log = {
        "identity": identity,
        "shards": [vars(shard) for shard in shards],
        "pictures_rendered": len(each),
        "seconds": round(seconds, 2),
        "seconds_per_picture_median": each[len(each) // 2] if each else 0.0,
        "workers": workers,
        "machine": {
            "system": platform.platform(),
            "processor": platform.processor() or platform.machine(),
            "cores": os.cpu_count(),
            "python": platform.python_version(),
        },
        "finished": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }
    write_text(out / RUN_LOG, json.dumps(log, indent=2) + "\n")


def _finished_shards(out: Path, identity: str) -> tuple[Shard, ...] | None:
    """The shards of a run of this identity that has ended well and whose shards are all there, else None."""
    try:
        log = json.loads((out / RUN_LOG).read_text(encoding="utf-8"))
        shards = tuple(Shard(**shard) for shard in log["shards"])
        same = log["identity"] == identity and all((out / shard.name).is_file() for shard in shards)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return shards if same else None

"""From a job to a finished folder: shards, data card, sums, contact sheet. What `render` and `demo` do. No bpy here.

It may be killed at any instant: the same command goes on from the clips that are finished (`folder`), and what comes
out does not tell.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mocap.errors import UserError
from render_scripts.dataset.finish import SHEET, finish
from render_scripts.dataset.folder import Folder, opened
from render_scripts.dataset.identity import identity_of
from render_scripts.dataset.log import RunLog
from render_scripts.errors import RunFailed
from render_scripts.job import Job
from render_scripts.outline import Outline
from render_scripts.plan import Plan, plan_job
from render_scripts.progress import Progress, one_line
from render_scripts.run.local import SetAside, run_clips
from render_scripts.run.process import STAYS
from render_scripts.shards import Shard
from render_scripts.worker import Task

# Nothing can be written, whichever clip it is of.
_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True)
class Dataset:
    """What a run has made.

    Attributes:
        out: folder; shards: in it; sheet: its contact sheet.
        already: whether it was there, finished.
        set_aside: clips that are missing from it, and why.
    """

    out: Path
    shards: tuple[Shard, ...]
    sheet: Path
    already: bool = False
    set_aside: tuple[SetAside, ...] = ()


def make_dataset(
    job: Job,
    assets: Path,
    *,
    workers: int = 1,
    overwrite: bool = False,
    resume: bool = False,
    progress_file: Path | None = None,
    quiet: bool = False,
) -> Dataset:
    """Renders a job into its `out` folder, or goes on with it there.

    Args:
        job: as `load_job` gives it, with `out`.
        assets: MakeHuman's data folder.
        workers: processes.
        overwrite: replace a data set that is there.
        resume: only go on with one that is there.
        progress_file: see `progress.py`.
        quiet: no bar.

    Raises:
        UserError: recordings or the folder cannot be used, or it holds something else.
        RunFailed: nothing could be rendered, or no more be written; what is finished stays.
    """
    if job.out is None:
        raise UserError("the job names no folder to write to", place="out", mend="Give --out DIR.")
    out = Path(job.out)
    plan = plan_job(job)
    outlines = list(plan.outlines())
    _ = plan.splits  # refused before anything is written
    identity, text = identity_of(job, assets)
    with opened(out, identity, text, overwrite=overwrite, resume=resume) as folder, _told_if_full(out):
        total = sum(outline.pictures for outline in outlines)
        progress = Progress(total, file=progress_file, quiet=quiet or folder.finished)
        already = folder.finished
        try:
            if not already:
                with _told_if_full(out):  # here as well, so that the progress tells of it in the same words
                    _Making(plan, outlines, folder, assets, workers, progress, progress_file is not None).through()
        except BaseException as error:
            progress.failed(one_line(error))
            raise
        assert folder.log is not None
        made = Dataset(out, folder.log.shards, out / SHEET, already, folder.log.set_aside)
        progress.finished(out, out / SHEET)
    return made


class _Making:
    """Clips that a data set lacks, rendered, and the data set put together of all."""

    def __init__(
        self,
        plan: Plan,
        outlines: Sequence[Outline],
        folder: Folder,
        assets: Path,
        workers: int,
        progress: Progress,
        watched: bool,
    ) -> None:
        """`watched`: whether somebody looks at the latest picture."""
        self._plan, self._outlines, self._folder, self._assets = plan, outlines, folder, assets
        self._workers, self._progress = workers, progress
        self._thumbnail = folder.unfinished / "latest.png" if watched else None
        self._seconds: dict[int, list[float]] = {}

    def through(self) -> None:
        """Until the data set is finished; without the clips that fail for good."""
        folder, began = self._folder, time.monotonic()
        left = [outline.index for outline in self._outlines if not folder.has(outline.index)]
        missing = set(left)
        self._progress.reused(sum(outline.pictures for outline in self._outlines if outline.index not in missing))
        workers = min(self._workers, len(left))
        aside = run_clips(left, self._task, workers=workers, logs=folder.unfinished, report=self._report)
        lost = {one.clip for one in aside}
        made = [outline for outline in self._outlines if outline.index not in lost]
        if not made:
            raise _nothing_made(aside)
        if folder.log is not None and len(aside) == len(folder.log.set_aside):
            shards = folder.log.shards
        else:
            folder.unpack()
            shards = finish(folder.out, self._plan.job, made, self._plan.splits, folder.fragment)
        seconds = time.monotonic() - began
        folder.close(RunLog(folder.identity, shards, tuple(aside), folder.noted(), seconds, self._workers))

    def _task(self, clip: int) -> Task:
        return Task(self._plan[clip], self._folder.fragment(clip), self._assets, thumbnail=self._thumbnail)

    def _report(self, answer: Mapping[str, Any]) -> None:
        clip = answer["clip"]
        if answer["event"] == "frame":
            self._seconds.setdefault(clip, []).append(answer["seconds"])
            self._progress.frame(answer["key"], self._thumbnail)
        elif answer["event"] == "failed":
            self._progress.taken_back(len(self._seconds.pop(clip, [])))
        elif answer["event"] == "clip":
            self._folder.note(clip, self._seconds.pop(clip, []))


def _nothing_made(aside: Sequence[SetAside]) -> Exception:
    first = aside[0]
    if all(one.mistake for one in aside):
        return UserError(first.reason)
    return RunFailed(f"no clip could be rendered; the first: {first.reason}")


@contextmanager
def _told_if_full(out: Path) -> Iterator[None]:
    """Raises RunFailed, in a line, where nothing more can be written."""
    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        raise RunFailed(f"{error.filename or out}: {error.strerror}; {STAYS}") from None

"""The folder that a data set is made in, and how it stands there. No bpy.

While it is being made, `.unfinished/` holds what identifies the run, one tar per finished clip and the workers' logs. A
run of the same identity takes up the clips that are there. Shards, packed from them, count for nothing until `run.json`
is there; then `.unfinished/` goes. Where clips were set aside, a later run renders those alone, and only if one of them
comes out well the shards are taken apart again and packed anew.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from itertools import groupby
from pathlib import Path
from typing import Any

from mocap.errors import UserError
from render_scripts.dataset.finish import JOB_FILE, MADE_FILES
from render_scripts.dataset.identity import differences
from render_scripts.dataset.log import RUN_LOG, RunLog, read_log
from render_scripts.run.lock import locked
from render_scripts.sample import parse_key
from render_scripts.shards import SHARD_NAMES, read_tar, write_tar, write_text

UNFINISHED = ".unfinished"
IDENTITY = "identity.json"
LOCK = "in-use.lock"
# As `mocap.whole_file` calls them.
_HALF_WRITTEN = re.compile(r"\.(.+)\.[a-z0-9_]{8}\.part")


@dataclass
class Folder:
    """A data set's, of which nobody else is at work.

    Attributes:
        out: the folder; identity: of what it is to hold.
        log: of what it holds already: a finished data set, which may lack clips.
    """

    out: Path
    identity: Mapping[str, Any]
    log: RunLog | None

    @property
    def unfinished(self) -> Path:
        """Where clips wait for being packed."""
        return self.out / UNFINISHED

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do."""
        return self.log is not None and not self.log.set_aside

    def fragment(self, clip: int) -> Path:
        """The tar of one clip."""
        return self.unfinished / f"{clip:06d}.tar"

    def has(self, clip: int) -> bool:
        """Whether a clip is rendered."""
        packed = self.log is not None and all(one.clip != clip for one in self.log.set_aside)
        return packed or self.fragment(clip).is_file()

    def note(self, clip: int, seconds: Sequence[float]) -> None:
        """Keeps how long the pictures of a finished clip took."""
        write_text(self._seconds(clip), json.dumps([round(each, 4) for each in seconds]))

    def noted(self) -> dict[str, list[float]]:
        """What is known of that, by clip."""
        out = dict(self.log.clips) if self.log is not None else {}
        for path in self.unfinished.glob("*.seconds.json"):
            with contextlib.suppress(OSError, ValueError):
                out[path.name.split(".")[0]] = json.loads(path.read_text(encoding="utf-8"))
        return dict(sorted(out.items()))

    def unpack(self) -> None:
        """Takes shards that lack clips apart again, into one tar per clip."""
        if self.log is None:
            return
        samples = (sample for shard in self.log.shards for sample in read_tar(self.out / shard.name))
        for clip, of_clip in groupby(samples, lambda sample: parse_key(sample[0])[0]):
            if self.fragment(clip).is_file():
                for _ in of_clip:
                    pass
            else:
                write_tar(self.fragment(clip), of_clip)
        for name, seconds in self.log.clips.items():
            self.note(int(name), seconds)
        # From here on the shards count for nothing.
        (self.out / RUN_LOG).unlink()
        self.log = None

    def close(self, log: RunLog) -> None:
        """The data set is whole, and finished."""
        log.write(self.out)
        self.log = log

    def _seconds(self, clip: int) -> Path:
        return self.unfinished / f"{clip:06d}.seconds.json"


@contextlib.contextmanager
def opened(out: Path, identity: Mapping[str, Any], job_text: str, *, overwrite: bool, resume: bool) -> Iterator[Folder]:
    """The folder, made ready for a data set of this identity, or with it in it.

    Args:
        out: the folder; identity, job_text: as of `identity_of`.
        overwrite: replace what is there; resume: refuse to begin.

    Raises:
        UserError: it cannot be written to, it holds something else, or another run is at work in it.
    """
    if out.exists() and not out.is_dir():
        raise UserError("this is a file, not a folder", file=out, mend="Give another --out.")
    unfinished = out / UNFINISHED
    with contextlib.ExitStack() as stack:
        try:
            if unfinished.is_dir():
                _take(unfinished, stack)
            kept, log = _kept(out), read_log(out)
            there = kept if kept is not None or log is None else log.identity
            if overwrite:
                _refuse_foreign(out, there)
            else:
                _refuse_another(out, there, identity, resume)
            if log is not None and log.identity != identity:
                log = None
            anew = there != identity or (overwrite and (kept is None or log is not None))
            if anew or log is None or log.set_aside:
                if not unfinished.is_dir():
                    unfinished.mkdir(parents=True)
                    _take(unfinished, stack)
                log = None if anew else log
                _make_ready(out, identity, job_text, anew, log)
        except OSError as error:
            raise UserError(
                f"cannot be written to ({error.strerror or error})", file=out, mend="Give another --out."
            ) from None
        folder = Folder(out, identity, log)
        yield folder
        if folder.log is not None and unfinished.is_dir():
            stack.close()  # what is open cannot be removed everywhere
            shutil.rmtree(unfinished)


def _take(unfinished: Path, stack: contextlib.ExitStack) -> None:
    lock = locked(unfinished / LOCK)
    if lock is None:
        raise UserError("another run is at work in this folder", file=unfinished.parent)
    stack.callback(lock.close)


def _kept(out: Path) -> dict[str, Any] | None:
    """The identity of a data set that is being made here."""
    try:
        kept = json.loads((out / UNFINISHED / IDENTITY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return kept if isinstance(kept, dict) else None


def _refuse_another(out: Path, there: Mapping[str, Any] | None, now: Mapping[str, Any], resume: bool) -> None:
    if there is None:
        if out.is_dir() and any(path.name != UNFINISHED and not _is_ours_half_written(path) for path in out.iterdir()):
            raise UserError(
                "the folder is not empty, and what is in it is no data set of this program's",
                file=out,
                mend="Give another --out, or --overwrite.",
            )
        if resume:
            raise UserError("there is nothing here to go on with", file=out, mend="Leave out --resume.")
    elif there != now:
        raise UserError(
            f"the folder holds another data set: {differences(there, now)}",
            file=out,
            mend="Give another --out, or --overwrite.",
        )


def _refuse_foreign(out: Path, there: Mapping[str, Any] | None) -> None:
    ours = list(_made(out))
    if there is None and ours and not (out / RUN_LOG).is_file():
        raise UserError(
            f"{ours[0].name} in it is not of a data set and will not be replaced", file=out, mend="Give another --out."
        )


def _make_ready(out: Path, identity: Mapping[str, Any], job_text: str, anew: bool, log: RunLog | None) -> None:
    """Takes away what is of no use for a data set of this identity; `log` tells of one that lacks clips."""
    unfinished = out / UNFINISHED
    if anew:
        for path in unfinished.iterdir():
            if path.name not in (LOCK, IDENTITY):
                path.unlink()
    # From here on the folder is this data set's, whatever else is still in it.
    write_text(unfinished / IDENTITY, json.dumps(identity, indent=1) + "\n")
    for folder in (out, unfinished):
        for path in folder.glob(".*.part"):
            if folder is unfinished or _is_ours_half_written(path):
                path.unlink()
    if log is None:
        for path in _made(out):
            path.unlink()
        write_text(out / JOB_FILE, job_text)


def _made(out: Path) -> Iterator[Path]:
    """What a data set consists of, and nothing else that the user may keep in the folder; its log first."""
    yield from (path for name in (RUN_LOG, *MADE_FILES) if (path := out / name).is_file())
    yield from sorted(out.glob(SHARD_NAMES))


def _is_ours_half_written(path: Path) -> bool:
    """Whether `whole_file` began it for a file of a data set, in a process that was killed."""
    found = _HALF_WRITTEN.fullmatch(path.name)
    return found is not None and (found[1] in (RUN_LOG, *MADE_FILES) or fnmatch(found[1], SHARD_NAMES))

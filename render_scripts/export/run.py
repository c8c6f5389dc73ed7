"""Turns a data set into a format, a clip at a time, so that what is finished stays when it is cut off. No bpy."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from mocap.errors import UserError
from mocap.whole_file import whole_file
from render_scripts.export.format import STATE, ClipWriter, Format, Made, Options, Out
from render_scripts.export.samples import BadSample, Sample, keyed, reading, split_of
from render_scripts.sample import Fields, facts_of, parse_key
from render_scripts.shards import SUMS, sha256, shard_paths, write_text
from render_scripts.version import own_version

RECORD = "export.json"
"""In a finished export: what it was made of, and how."""
_IDENTITY = "identity.json"
# Samples that are named in a line of their own; those that come after them are only counted.
_NAMED = 20


def run(
    dataset: Path, name: str, form: Format, out: Path, options: Options, tell: Callable[[str], None] | None = None
) -> int:
    """Writes a data set as `form`, or goes on with it; returns the number of files.

    Args:
        dataset: folder of shards.
        name: of the format.
        out: empty, new, or what an equal call has begun.
        options: see there.
        tell: takes lines for people; None shows neither these nor a bar.

    Raises:
        UserError: an option that the format does not have, no shards, a damaged one, another folder; and, when all
            else is written, if there were samples that are none.
    """
    _check(name, form, options)
    shards = [path for path in shard_paths(dataset) if options.split in (None, split_of(path))]
    if not shards:
        raise UserError(f"no shards of a split {options.split!r}", file=dataset, mend=_splits(dataset))
    identity = {
        "format": name,
        "options": dataclasses.asdict(options),
        "version": own_version(),
        "dataset": _identity(dataset, shards),
    }
    record = _record(out)
    if record is None or record["made"] != identity:
        _open(out, identity)
        count = _Run(form, Out(out, options), tell).all(dataset, shards)
        _close_folder(out, identity, count)
        record = vars(count)
    _complain(record)
    return int(record["files"])


@dataclass
class _Count:
    """What clips came to: samples read, files written, samples left out, and the first of the lines about these."""

    samples: int = 0
    files: int = 0
    left_out: int = 0
    bad: list[str] = dataclasses.field(default_factory=list)

    def plus(self, state: dict[str, Any]) -> None:
        self.samples += state["samples"]
        self.files += state["files"]
        self.left_out += state["left_out"]
        self.bad += state["bad"][: _NAMED - len(self.bad)]


class _Clips:
    """`format.Clips` in the state folder."""

    def __init__(self, folder: Path) -> None:
        self._paths = sorted(folder.glob("clip-*.json"))
        self._names = [path.stem.split("-", 1)[1].rsplit("-", 1) for path in self._paths]

    def __iter__(self) -> Iterator[Made]:
        for (split, clip), path in zip(self._names, self._paths, strict=True):
            yield Made(split, int(clip), json.loads(path.read_bytes())["made"])

    @property
    def splits(self) -> Sequence[str]:
        return sorted({split for split, _ in self._names})


class _Run:
    """One run over the shards."""

    def __init__(self, form: Format, out: Out, tell: Callable[[str], None] | None) -> None:
        self._form, self._out, self._tell = form, out, tell
        self._state = out.root / STATE
        self._done = {path.name for path in self._state.glob("clip-*.json")}
        self._seen: set[str] = set()
        self._current = ""
        self._writer: ClipWriter | None = None
        # Of the current clip, and of samples of which nobody can tell the clip.
        self._count, self._stray = _Count(), _Count()

    def all(self, dataset: Path, shards: Sequence[Path]) -> _Count:
        """Writes what is not there yet; returns what all of it comes to."""
        tqdm.set_lock(threading.RLock())
        quiet = True if self._tell is None else None
        with tqdm(total=_total(dataset, shards), unit="sample", file=sys.stderr, disable=quiet) as bar:
            for shard, key, fields in keyed(shards):
                self._one(shard, key, fields)
                bar.update(1)
            self._close()
        before = self._out.files
        self._form.finish(self._out, _Clips(self._state))
        total = _Count(files=self._out.files - before)
        for state in (vars(self._stray), *_states(self._state)):
            total.plus(state)
        return total

    def _one(self, shard: Path, key: str, fields: Fields) -> None:
        try:
            with reading(shard, key):
                clip, camera, frame = parse_key(key)
        except BadSample as error:
            self._stray.samples += 1
            return self._leave_out(self._stray, error)
        self._turn_to(split_of(shard), clip, shard, key)
        if self._writer is None:
            return None
        self._count.samples += 1
        try:
            with reading(shard, key):
                self._writer.add(Sample(clip, camera, frame, facts_of(fields), fields, shard, key))
        except BadSample as error:
            self._leave_out(self._count, error)
        return None

    def _turn_to(self, split: str, clip: int, shard: Path, key: str) -> None:
        """Makes a writer if this is a clip that was not finished earlier."""
        name = f"clip-{split}-{clip:09d}.json"
        if name == self._current:
            return
        self._close()
        if name in self._seen:
            raise UserError(f"clip {clip} comes up again after another one", file=shard, place=key)
        self._seen.add(name)
        self._current = name
        self._writer = None if name in self._done else self._form.clip(self._out, split, clip)
        self._count = _Count()
        self._out.files = 0

    def _close(self) -> None:
        if self._writer is None:
            return
        made = self._writer.close()
        self._count.files = self._out.files
        self._writer = None
        with whole_file(self._state / self._current) as file:
            state = {**vars(self._count), "made": made}
            file.write(json.dumps(state, separators=(",", ":"), allow_nan=False).encode())

    def _leave_out(self, count: _Count, error: UserError) -> None:
        count.left_out += 1
        if len(count.bad) < _NAMED:
            count.bad.append(error.line())
        if self._tell is not None:
            with tqdm.external_write_mode(file=sys.stderr):
                self._tell(f"left out: {error.line()}")


def _states(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob("clip-*.json")):
        yield json.loads(path.read_bytes())


def _check(name: str, form: Format, options: Options) -> None:
    for field in dataclasses.fields(options):
        if field.name == "split" or field.name in form.options or getattr(options, field.name) == field.default:
            continue
        raise UserError(f"the format {name} has no option --{field.name}")


def _splits(dataset: Path) -> str:
    return f"It has: {', '.join(sorted({split_of(path) for path in shard_paths(dataset)}))}."


def _total(dataset: Path, shards: Sequence[Path]) -> int | None:
    """Samples in shards, as far as `_info.json` tells; for a bar only, so anything in it is forgiven."""
    try:
        known = json.loads((dataset / "_info.json").read_bytes())["splits"].values()
        lengths = {n: c for each in known for n, c in zip(each["filenames"], each["shard_lengths"], strict=True)}
        return sum(int(lengths[path.name]) for path in shards)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _identity(dataset: Path, shards: Sequence[Path]) -> str:
    """Changes whenever the shards do: by the sums that lie beside them, or else by their bytes."""
    sums = dataset / SUMS
    own = hashlib.sha256()
    if sums.is_file():
        own.update(sums.read_bytes())
    for path in shards:
        own.update(f"{path.name} {path.stat().st_size if sums.is_file() else sha256(path)}\n".encode())
    return own.hexdigest()


def _record(out: Path) -> dict[str, Any] | None:
    try:
        record = json.loads((out / RECORD).read_bytes())
        return record if isinstance(record, dict) and {*vars(_Count()), "made"} <= set(record) else None
    except (OSError, ValueError):
        return None


def _open(out: Path, identity: dict[str, Any]) -> None:
    """Makes the folder ready, or finds it so. UserError if something else is in it."""
    state = out / STATE
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        try:
            begun = json.loads((state / _IDENTITY).read_bytes())
        except (OSError, ValueError):
            raise UserError(
                "not an empty folder, and what is in it is not this export unfinished",
                file=out,
                mend="Give another --out.",
            ) from None
        if (
            begun != identity
            and not list(state.glob("clip-*"))
            and not [path for path in out.iterdir() if path != state]
        ):
            # It has not come to anything: a mistake in what was asked for, mostly.
            begun = identity
        if begun != identity:
            differs = [key for key in identity if not isinstance(begun, dict) or begun.get(key) != identity[key]]
            raise UserError(
                f"another export is unfinished in it (other {', '.join(differs)})",
                file=out,
                mend="Give another --out, or finish that one first.",
            )
    write_text(state / _IDENTITY, json.dumps(identity) + "\n")


def _close_folder(out: Path, identity: dict[str, Any], count: _Count) -> None:
    write_text(out / RECORD, json.dumps({"made": identity, **vars(count)}, indent=2) + "\n")
    shutil.rmtree(out / STATE)


def _complain(record: dict[str, Any]) -> None:
    if record["left_out"]:
        raise UserError(
            f"{record['left_out']} of {record['samples']} samples are none and were left out, everything else is "
            f"written; the first: {record['bad'][0]}"
        )

"""The files of a data set: whether all are there and none besides, unchanged, and as many samples as they say."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from mocap.errors import UserError
from render_scripts.dataset.finish import CARD, INFO, JOB_FILE, SHEET
from render_scripts.dataset.folder import UNFINISHED
from render_scripts.dataset.log import RUN_LOG
from render_scripts.job import Job, load_job
from render_scripts.seal import SUMS_KEY, unbroken
from render_scripts.shards import SUMS, sha256
from render_scripts.validate.faults import Fault

_LISTED = (CARD, INFO, JOB_FILE, SHEET)
_LINE = re.compile(r"([0-9a-f]{64})  ([^/\\]+)")
# Texts beside the shards are kilobytes; a longer one is not read.
_MOST_BYTES = 64_000_000


@dataclass
class Beside:
    """What the files beside the shards say.

    Attributes:
        faults: found while reading them.
        job: that was rendered, or None where that cannot be read.
        features: of samples, as the data card has them, or None.
        counts: samples by split, of the card; lengths: of each shard by name, of `_info.json`; sizes: bytes likewise,
            of the run's log.
    """

    faults: list[Fault] = field(default_factory=list)
    job: Job | None = None
    features: Sequence[Mapping[str, Any]] | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    lengths: Mapping[str, int] = field(default_factory=dict)
    sizes: Mapping[str, int] = field(default_factory=dict)


def read_beside(folder: Path, shards: Sequence[Path]) -> Beside:
    """Reads what lies beside the shards, and finds what is missing or does not belong there."""
    out = Beside()
    names = {path.name for path in shards}
    wanted = {*_LISTED, SUMS, RUN_LOG}
    for path in sorted(folder.iterdir()):
        if path.name == UNFINISHED:
            out.faults.append(Fault("unfinished", path.name, "", "the data set is not finished: render it on"))
        elif path.is_symlink() or not path.is_file() or path.name not in wanted | names:
            out.faults.append(Fault("stray", path.name, "", "is no file of a data set"))
    for name in sorted(wanted):
        if not (folder / name).is_file():
            out.faults.append(Fault("missing", name, "", "is not there"))
    _attempt(out, "card", folder / CARD, lambda text: _read_card(out, text))
    _attempt(out, "count", folder / INFO, lambda text: _read_info(out, text))
    _attempt(out, "checksum", folder / RUN_LOG, lambda text: _read_log(out, text, folder))
    if (folder / JOB_FILE).is_file():
        try:
            out.job = load_job(folder / JOB_FILE)
        except UserError as error:
            out.faults.append(Fault("job", JOB_FILE, error.place or "", error.message))
    return out


def _attempt(out: Beside, kind: str, path: Path, read: Callable[[str], None]) -> None:
    if not path.is_file():
        return
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ValueError("it is too long")
        read(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, yaml.YAMLError) as e:
        reason = " ".join(str(e).split())[:200] or type(e).__name__
        out.faults.append(Fault(kind, path.name, "", f"is not as `render` writes it ({reason})"))


def _read_card(out: Beside, text: str) -> None:
    head = yaml.safe_load(text.split("---\n", 2)[1])
    info = head["dataset_info"]
    out.features = list(info["features"])
    out.counts = {split["name"]: int(split["num_examples"]) for split in info["splits"]}


def _read_info(out: Beside, text: str) -> None:
    lengths: dict[str, int] = {}
    for name, split in json.loads(text)["splits"].items():
        if split["name"] != name or split["num_samples"] != sum(split["shard_lengths"]):
            out.faults.append(Fault("count", INFO, name, "its counts do not add up"))
        lengths |= zip(split["filenames"], split["shard_lengths"], strict=True)
    out.lengths = lengths


def _read_log(out: Beside, text: str, folder: Path) -> None:
    if not unbroken(text):
        out.faults.append(Fault("checksum", RUN_LOG, "", "is not as it was written"))
        return
    log = json.loads(text)
    out.sizes = {shard["name"]: shard["bytes"] for shard in log["shards"]}
    if (folder / SUMS).is_file() and sha256(folder / SUMS) != log[SUMS_KEY]:
        out.faults.append(Fault("checksum", SUMS, "", f"is not as it was written ({RUN_LOG} has another sum of it)"))
    for one in log.get("set_aside", ()):
        out.faults.append(Fault("missing", RUN_LOG, f"clip {one['clip']}", "was set aside and is not in the data set"))


def faults_of_sums(folder: Path, shards: Sequence[Path], beside: Beside, full: bool) -> Iterator[Fault | None]:
    """Files that are not as `SHA256SUMS` has them, and None for each that is: the shards only if `full`."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        if (folder / SUMS).is_file():
            yield Fault("checksum", SUMS, "", "is no text")
        return
    sums: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        found = _LINE.fullmatch(line)
        if found is None:
            yield Fault("checksum", SUMS, f"line {number}", "is no sum")
        else:
            sums[found[2]] = found[1]
    names = {path.name for path in shards}
    for name in sorted({*sums, *_LISTED, *names}):
        path = folder / name
        if name not in sums:
            yield Fault("checksum", name, "", f"is not in {SUMS}")
        elif not path.is_file():
            yield Fault("missing", name, "", f"is in {SUMS}, and not there")
        elif name in names and beside.sizes.get(name, path.stat().st_size) != path.stat().st_size:
            yield Fault("checksum", name, "", f"is {path.stat().st_size} bytes long, was {beside.sizes[name]}")
        elif (full or name not in names) and sha256(path) != sums[name]:
            yield Fault("checksum", name, "", f"is not as it was written ({SUMS} has another sum of it)")
        else:
            yield None


def faults_of_counts(beside: Beside, lengths: Mapping[str, int]) -> Iterator[Fault]:
    """Shards against the card, `_info.json` and the job; `lengths`: samples in each shard."""
    by_split: dict[str, list[tuple[str, int]]] = {}
    for name, length in lengths.items():
        by_split.setdefault(name.rpartition("-")[0], []).append((name, length))
    for split, shards in by_split.items():
        for number, (name, _) in enumerate(shards):
            if name != f"{split}-{number:06d}.tar":
                yield Fault("missing", f"{split}-{number:06d}.tar", "", "shards are not numbered from 0 on")
                break
        if beside.job is not None:
            size = beside.job.output.shard_size
            for place, (name, length) in enumerate(shards):
                if length > size or (length < size and place < len(shards) - 1):
                    yield Fault("count", name, "", f"has {length} samples; the job's shards have {size}")
            if split not in beside.job.output.splits:
                yield Fault("stray", shards[0][0], "", f"the job has no split {split!r}")
    counts = {split: sum(length for _, length in shards) for split, shards in by_split.items()}
    for split in sorted(counts.keys() | beside.counts.keys()):
        told, there = beside.counts.get(split, 0), counts.get(split, 0)
        if beside.features is not None and told != there:
            yield Fault("count", CARD, split, f"{told} samples, and there are {there}")
    for name in sorted(lengths.keys() | beside.lengths.keys()):
        if beside.lengths and beside.lengths.get(name) != lengths.get(name):
            told, there = beside.lengths.get(name, 0), lengths.get(name, 0)
            yield Fault("count", INFO, name, f"{told} samples, and there are {there}")

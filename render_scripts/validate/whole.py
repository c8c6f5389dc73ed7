"""All checks of a data set, in their order."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from mocap.errors import UserError
from render_scripts.export.samples import split_of
from render_scripts.reading.index import Index, scan
from render_scripts.shards import shard_paths
from render_scripts.validate.contents import Looked, Piece, look, pieces
from render_scripts.validate.faults import Fault
from render_scripts.validate.findings import Finding, joined
from render_scripts.validate.folder import Beside, faults_of_counts, faults_of_sums, read_beside

QUICK = 40
"""Samples that the quick mode looks into."""

# What `split_by` keeps apart, and how a message calls it.
_KEPT_APART = {"motion": "the movement", "avatar": "the person"}


@dataclass(frozen=True)
class Report:
    """What was found.

    Attributes:
        faults: of files and samples, in their order.
        findings: figures of labels against pictures.
        samples, shards: how many there are; looked_at: samples that were read; full: whether all of it was.
    """

    faults: tuple[Fault, ...]
    findings: tuple[Finding, ...]
    samples: int
    shards: int
    looked_at: int
    full: bool

    @property
    def well(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults and all(finding.well for finding in self.findings)


def validate(dataset: Path, *, full: bool = False, workers: int = 1, quiet: bool = True) -> Report:
    """Checks a data set.

    Args:
        dataset: its folder.
        full: look at every byte, not only at the files beside the shards, headers and `QUICK` samples.
        workers: processes that look at samples.
        quiet: no bar.

    Raises:
        UserError: there is no such folder, or no shards in it.
    """
    shards = shard_paths(dataset)
    beside, faults = files(dataset, full=full, quiet=quiet)
    index, bad = _scanned(shards)
    faults += bad
    broken = {fault.file for fault in bad}
    counts = np.bincount(index.shard, minlength=len(index.shards))
    lengths = {path.name: int(count) for path, count in zip(index.shards, counts, strict=True)}
    if not broken:
        faults += faults_of_counts(beside, lengths)
    faults += _clips_in_two_splits(index)
    todo = pieces(index, None if full else QUICK)
    looked = list(_looked(index, beside.features, todo, workers, quiet))
    for one in looked:
        faults += one.faults
    if beside.job is not None:
        faults += _leaks(looked, beside.job.output.split_by)
    findings = tuple(joined(one.findings for one in looked))
    return Report(tuple(faults), findings, len(index.keys), len(shards), sum(one.samples for one in looked), full)


def files(dataset: Path, *, full: bool, quiet: bool = True) -> tuple[Beside, list[Fault]]:
    """What `validate` finds without looking into shards, but for their sums if `full`. UserError as `validate`."""
    shards = shard_paths(dataset)
    beside = read_beside(dataset, shards)
    faults = list(beside.faults)
    with _bar(len(shards), "file", quiet) as bar:
        for fault in faults_of_sums(dataset, shards, beside, full):
            faults += [] if fault is None else [fault]
            bar.update(1)
    return beside, faults


def _bar(total: int, unit: str, quiet: bool) -> Any:
    return tqdm(total=total, unit=unit, file=sys.stderr, disable=quiet or None, dynamic_ncols=True, leave=False)


def _scanned(shards: Sequence[Path]) -> tuple[Index, list[Fault]]:
    """The index of all shards that are whole, and what the others lack."""
    try:
        return scan(shards), []
    except UserError as error:
        first = error
    faults, whole = [], []
    for path in shards:
        try:
            scan([path])
            whole.append(path)
        except UserError as error:
            faults.append(Fault("tar", path.name, error.place or "", error.message))
    if faults:
        index, more = _scanned(whole)
        return index, faults + more
    # Each alone is whole: a sample is in two of them.
    return scan(shards[:1]), [Fault("tar", first.place or "", "", first.message)]


def _clips_in_two_splits(index: Index) -> Iterator[Fault]:
    splits = [split_of(path) for path in index.shards]
    where: dict[str, tuple[str, int]] = {}
    told = set()
    for place, key in enumerate(index.keys):
        clip, number = key[: key.index("_")], int(index.shard[place])
        split, first = where.setdefault(clip, (splits[number], number))
        if split != splits[number] and clip not in told:
            told.add(clip)
            text = f"clip {int(clip)} is in the split {split!r} as well ({index.shards[first].name})"
            yield Fault("leak", index.shards[number].name, key, text)


def _leaks(looked: Sequence[Looked], split_by: str) -> Iterator[Fault]:
    """What was to be kept apart and is shown in two splits."""
    where: dict[str, dict[str, str]] = {}
    for one in looked:
        for (split, kind, name), key in one.shown.items():
            if kind == split_by:
                where.setdefault(name, {}).setdefault(split, key)
    for name, splits in where.items():
        if len(splits) > 1:
            samples = " and ".join(f"{key} of {split!r}" for split, key in sorted(splits.items()))
            yield Fault("leak", "", "", f"{_KEPT_APART[split_by]} {name} is in several splits: {samples}")


def _looked(
    index: Index, features: Sequence[Mapping[str, Any]] | None, todo: Sequence[Piece], workers: int, quiet: bool
) -> Iterator[Looked]:
    with _bar(sum(len(piece.places) for piece in todo), "sample", quiet) as bar:
        workers = min(workers, len(todo))
        for one in (
            map(partial(look, index, features), todo) if workers < 2 else _shared(index, features, todo, workers)
        ):
            bar.update(one.samples)
            yield one


def _shared(
    index: Index, features: Sequence[Mapping[str, Any]] | None, todo: Sequence[Piece], workers: int
) -> Iterator[Looked]:
    # Forked processes would inherit OpenCV's threads in whatever state they are in.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(index, features)) as pool:
        yield from pool.map(_work, todo)


_given: tuple[Index, Sequence[Mapping[str, Any]] | None] | None = None


def _begin(index: Index, features: Sequence[Mapping[str, Any]] | None) -> None:
    global _given
    _given = index, features


def _work(piece: Piece) -> Looked:
    assert _given is not None
    return look(*_given, piece)

"""Where every field of every sample lies, from the headers of the tars: some 30 bytes a sample beside its key."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np

from mocap.errors import UserError
from render_scripts.sample import parse_key, sample_key
from render_scripts.tar_entries import BLOCK, Entry, entries, padded


@dataclass(frozen=True)
class Index:
    """Samples of N in S shards.

    Attributes:
        shards: paths; keys: of the samples.
        shard: (N,) which one a sample is in; start: (N,) the byte at which its first header begins.
        layouts: the different lists of fields that samples have, all equal in what `render` wrote.
        layout: (N,) which one a sample has.
        sizes: bytes of the fields, sample after sample; first: (N,) where a sample's begin in it.
    """

    shards: tuple[Path, ...]
    keys: tuple[str, ...]
    shard: np.ndarray
    start: np.ndarray
    layouts: tuple[tuple[str, ...], ...]
    layout: np.ndarray
    sizes: np.ndarray
    first: np.ndarray

    @cached_property
    def positions(self) -> dict[str, int]:
        """Place of every key."""
        return {key: place for place, key in enumerate(self.keys)}

    def fields(self, place: int) -> tuple[str, ...]:
        """Names of a sample's fields, in order."""
        return self.layouts[self.layout[place]]

    def span(self, place: int, field: str) -> tuple[int, int]:
        """(byte in the shard, length) of a field. KeyError if the sample has none of that name."""
        fields = self.fields(place)
        if field not in fields:
            raise KeyError(field)
        number = fields.index(field)
        first = int(self.first[place])
        sizes = self.sizes[first : first + number + 1].tolist()
        return int(self.start[place]) + sum(padded(size) + BLOCK for size in sizes[:-1]) + BLOCK, sizes[-1]


def scan(shards: Sequence[Path]) -> Index:
    """The index of some shards, in the order given.

    Raises:
        UserError: one is no shard, or a sample is there twice or in two pieces.
    """
    keys: list[str] = []
    shard, layout = array("i"), array("i")
    start, first, sizes = array("q"), array("q"), array("I")
    layouts: dict[tuple[str, ...], int] = {}
    for number, path in enumerate(shards):
        begun = len(keys)
        names: list[str] = []

        def close(names: list[str] = names) -> None:
            if names:
                layout.append(layouts.setdefault(tuple(names), len(layouts)))
                names.clear()

        for entry in entries(path):
            if len(keys) == begun or entry.key != keys[-1]:
                close()
                _check_key(entry, path)
                keys.append(entry.key)
                shard.append(number)
                start.append(entry.offset - BLOCK)
                first.append(len(sizes))
            elif entry.field in names:
                raise UserError("a field is there twice", file=path, place=f"{entry.key}.{entry.field}")
            names.append(entry.field)
            sizes.append(entry.size)
        close()
    index = Index(
        tuple(shards),
        tuple(keys),
        np.frombuffer(shard, dtype=np.int32) if shard else np.zeros(0, np.int32),
        np.frombuffer(start, dtype=np.int64) if start else np.zeros(0, np.int64),
        tuple(layouts),
        np.frombuffer(layout, dtype=np.int32) if layout else np.zeros(0, np.int32),
        np.frombuffer(sizes, dtype=np.uint32) if sizes else np.zeros(0, np.uint32),
        np.frombuffer(first, dtype=np.int64) if first else np.zeros(0, np.int64),
    )
    _refuse_repeats(index)
    return index


def _check_key(entry: Entry, path: Path) -> None:
    try:
        whole = sample_key(*parse_key(entry.key)) == entry.key
    except ValueError:
        whole = False
    if not whole:
        raise UserError(f"{entry.key!r} is no key of a sample", file=path)


def _refuse_repeats(index: Index) -> None:
    ordered = sorted(range(len(index.keys)), key=index.keys.__getitem__)
    for before, place in pairwise(ordered):
        if index.keys[before] == index.keys[place]:
            both = sorted({index.shards[index.shard[at]].name for at in (before, place)})
            raise UserError(
                f"the sample {index.keys[place]} is there twice", file=index.shards[0].parent, place=" and ".join(both)
            )

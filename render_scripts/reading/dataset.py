"""A data set as a sequence of samples, by number and by key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import overload

import numpy as np

from mocap.errors import UserError
from render_scripts.export.samples import split_of
from render_scripts.reading.index import Index, scan
from render_scripts.reading.sample import Sample
from render_scripts.shards import shard_paths


class Dataset(Sequence[Sample]):
    """Samples in the order of the shards. May be used by many threads, forked and pickled: it holds no open file."""

    def __init__(self, index: Index, places: np.ndarray) -> None:
        """Those at `places` of an index; use `open_dataset`."""
        self._index, self._places = index, places

    def __len__(self) -> int:
        return len(self._places)

    def __repr__(self) -> str:
        return f"<Dataset of {len(self)} samples: {', '.join(self.splits)}>"

    @overload
    def __getitem__(self, which: int | str) -> Sample: ...
    @overload
    def __getitem__(self, which: slice) -> Dataset: ...
    def __getitem__(self, which: int | str | slice) -> Sample | Dataset:
        """By number, by key, or a part of them all. IndexError and KeyError for what is not in it."""
        if isinstance(which, slice):
            return Dataset(self._index, self._places[which])
        if isinstance(which, str):
            place = self._place(which)
            if place is None:
                raise KeyError(which)
            return Sample(self._index, place)
        return Sample(self._index, int(self._places[which]))

    def __iter__(self) -> Iterator[Sample]:
        return (Sample(self._index, int(place)) for place in self._places)

    def __contains__(self, which: object) -> bool:
        """Of a key, or of a sample."""
        key = which.key if isinstance(which, Sample) else which
        return isinstance(key, str) and self._place(key) is not None

    def _place(self, key: str) -> int | None:
        place = self._index.positions.get(key)
        if place is None or len(self) == len(self._index.keys):
            return place
        return place if np.any(self._places == place) else None

    @property
    def keys(self) -> tuple[str, ...]:
        """Of all samples, in order."""
        return tuple(self._index.keys[place] for place in self._places)

    @property
    def splits(self) -> tuple[str, ...]:
        """That it has samples of, in order."""
        numbers = dict.fromkeys(self._index.shard[self._places].tolist())
        return tuple(dict.fromkeys(split_of(self._index.shards[number]) for number in numbers))

    def split(self, name: str) -> Dataset:
        """The samples of one split. KeyError if there are none."""
        ours = np.array([split_of(path) == name for path in self._index.shards], dtype=bool)
        places = self._places[ours[self._index.shard[self._places]]]
        if not len(places):
            raise KeyError(f"there is no split {name!r}; there are {', '.join(self.splits)}")
        return Dataset(self._index, places)


def open_dataset(folder: str | Path, split: str | None = None) -> Dataset:
    """The samples in a folder of shards, of one split or of all. Only the headers of the tars are read.

    Raises:
        UserError: no shards, no such split, or a file that is none, cut, or holds anything but fields of samples.
    """
    paths = shard_paths(Path(folder))
    if split is not None:
        there = sorted({split_of(path) for path in paths})
        paths = [path for path in paths if split_of(path) == split]
        if not paths:
            raise UserError(f"there is no split {split!r} (there are: {', '.join(there)})", file=folder)
    index = scan(paths)
    return Dataset(index, np.arange(len(index.keys)))

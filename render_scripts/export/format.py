"""What a format is to the machinery that runs it: how a clip is written, what is written at the end, and where. No bpy.

A data set is read a sample at a time. What a clip gives is written when the clip is over, and its `close` may leave
JSON behind, which is kept on disk; at the end `finish` reads that of all clips and writes what is of the whole data
set. An export that was cut off goes on after the last finished clip.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from mocap.whole_file import whole_file
from render_scripts.export.samples import Sample

STATE = ".export"
"""The folder of an unfinished export; a finished one has none."""


@dataclass(frozen=True)
class Options:
    """What can be asked for besides the format.

    Attributes:
        split: whose samples are written; all splits' if None.
        video: whether pictures become videos.
        keypoints: the set that is written, in place of the format's own.
    """

    split: str | None = None
    video: bool = False
    keypoints: str | None = None


class Out:
    """The folder that is filled. Files appear in it whole or not at all, and leave nothing beside them."""

    def __init__(self, root: Path, options: Options) -> None:
        """`root` is the folder that the user has named."""
        self.root, self.options = root, options
        self.files = 0
        self._opened = 0

    @contextlib.contextmanager
    def file(self, name: str) -> Iterator[IO[bytes]]:
        """A file to write; `name` is its path in the folder, with `/`. It is counted, and replaces one of that name."""
        self._opened += 1
        beside = self.root / STATE / f"part-{self._opened}"
        with whole_file(beside) as file:
            yield file
        self._place(beside, name)

    def write(self, name: str, data: bytes) -> None:
        """A whole file at once."""
        with self.file(name) as file:
            file.write(data)

    def take(self, beside: Path, name: str) -> None:
        """Puts a finished file from `scratch` into its place."""
        self._place(beside, name)

    def scratch(self, name: str) -> Path:
        """Where a program may write that needs a path; empty, and gone when the export is finished."""
        path = self.root / STATE / f"scratch-{name}"
        path.unlink(missing_ok=True)
        return path

    def _place(self, beside: Path, name: str) -> None:
        path = self.root.joinpath(*name.split("/"))
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.replace(path)
        self.files += 1


class ClipWriter(Protocol):
    """Writes one clip."""

    def add(self, sample: Sample) -> None:
        """One more sample, in the data set's order: all cameras of a clip come here.

        What it raises as `samples.reading` knows it (KeyError, ValueError, …) leaves this one sample out, with a line
        that says why; so work everything out first, then write. A UserError ends the export: what every sample lacks.
        """

    def close(self) -> Any:
        """The clip is whole: writes what is of all of it. Returns what `finish` needs to know, as JSON."""


@dataclass(frozen=True)
class Made:
    """A finished clip, and what its `close` gave."""

    split: str
    clip: int
    made: Any


class Clips(Protocol):
    """All finished clips in order, read from disk as often as they are gone through."""

    def __iter__(self) -> Iterator[Made]:
        """In the order of splits and numbers."""

    @property
    def splits(self) -> Sequence[str]:
        """Names, sorted."""


def nothing_more(out: Out, clips: Clips) -> None:
    """The `finish` of a format whose clips stand alone."""


@dataclass(frozen=True)
class Format:
    """A format, as `FORMAT` of its module.

    Attributes:
        clip: makes the writer of a clip, from the folder, the split's name and the clip's number.
        finish: called once, when all clips are written.
        options: names of those of `Options`, besides `split`, that it knows; others are refused.
    """

    clip: Callable[[Out, str, int], ClipWriter]
    finish: Callable[[Out, Clips], None] = nothing_more
    options: frozenset[str] = frozenset()

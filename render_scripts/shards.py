"""Samples in tar files: fragments of one clip each, written by workers; shards, packed from them; and reading back.

Tars here are USTAR with every fact that is not data fixed, so that equal samples make equal bytes. No bpy.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import tarfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from mocap.errors import UserError
from mocap.whole_file import whole_file
from render_scripts.sample import Fields
from render_scripts.tar_entries import entries

# A shard's name: the split, a dash, its number.
SHARD_NAMES = "*-[0-9][0-9][0-9][0-9][0-9][0-9].tar"
SUMS = "SHA256SUMS"


@dataclass(frozen=True)
class Shard:
    """A packed tar: its file name, the split it is of, samples, size and SHA256."""

    name: str
    split: str
    samples: int
    bytes: int
    sha256: str


def write_text(path: Path, text: str) -> None:
    """A whole UTF-8 file with Unix line ends."""
    with whole_file(path) as file:
        file.write(text.encode())


def write_tar(path: Path, samples: Iterable[tuple[str, Fields]]) -> int:
    """Samples as one whole tar; returns their number."""
    count = 0
    with whole_file(path) as file, _writer(file) as tar:
        for key, fields in samples:
            _add(tar, key, fields)
            count += 1
    return count


def read_tar(path: Path) -> Iterator[tuple[str, Fields]]:
    """Samples of a tar in order, a sample at a time in memory; nothing is ever unpacked to disk.

    Raises:
        UserError: not a tar, a cut one, or one that holds anything but plain files of samples.
    """
    current, fields = "", Fields()
    with contextlib.ExitStack() as cleanup:
        file: IO[bytes] | None = None
        for entry in entries(path):
            file = file or cleanup.enter_context(path.open("rb"))
            if entry.key != current:
                if fields:
                    yield current, fields
                current, fields = entry.key, Fields()
            file.seek(entry.offset)
            fields[entry.field] = file.read(entry.size)
            if len(fields[entry.field]) != entry.size:
                name = f"{entry.key}.{entry.field}"
                raise UserError(f"{name!r} is cut short", file=path, mend="Render or copy this shard again.")
    if fields:
        yield current, fields


def pack(
    fragments: Iterable[Path],
    out: Path,
    split: str,
    shard_size: int,
    each: Callable[[str, Fields], None] = lambda key, fields: None,
) -> list[Shard]:
    """Fragments, in the order given, as `<split>-000000.tar` … of `shard_size` samples; `each` sees every sample."""
    samples = (sample for fragment in fragments for sample in read_tar(fragment))
    shards: list[Shard] = []
    first = next(samples, None)
    while first is not None:
        path = out / f"{split}-{len(shards):06d}.tar"
        count = 0
        with whole_file(path) as file, _writer(file) as tar:
            while first is not None and count < shard_size:
                each(*first)
                _add(tar, *first)
                count += 1
                first = next(samples, None)
        shards.append(Shard(path.name, split, count, path.stat().st_size, sha256(path)))
    return shards


def shard_paths(folder: Path) -> list[Path]:
    """Tars of a data set, in order. UserError when there are none."""
    if not folder.is_dir():
        raise UserError("no such folder", file=folder)
    paths = sorted(path for path in folder.glob(SHARD_NAMES) if path.is_file())
    if not paths:
        raise UserError("no shards here (<split>-000000.tar)", file=folder, mend="Name the folder that `render` wrote.")
    return paths


def sha256(path: Path) -> str:
    """Hexadecimal SHA256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_sums(out: Path, names: Sequence[str]) -> None:
    """`SUMS` over the named files of a folder, as `sha256sum --check` reads it."""
    write_text(out / SUMS, "".join(f"{sha256(out / name)}  {name}\n" for name in sorted(names)))


def _writer(file: IO[bytes]) -> tarfile.TarFile:
    return tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT)


def _add(tar: tarfile.TarFile, key: str, fields: Fields) -> None:
    for field, data in sorted(fields.items()):
        entry = tarfile.TarInfo(f"{key}.{field}")
        entry.size, entry.mode, entry.mtime = len(data), 0o644, 0
        tar.addfile(entry, io.BytesIO(data))

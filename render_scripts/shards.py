"""Samples in tar files: fragments of one clip each, written by workers; shards, packed from them; and reading back.

Tars here are USTAR with every fact that is not data fixed, so that equal samples make equal bytes. No bpy.
"""

from __future__ import annotations

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

# A shard's name: the split, a dash, its number.
SHARD_NAMES = "*-[0-9][0-9][0-9][0-9][0-9][0-9].tar"
SUMS = "SHA256SUMS"
# No field of a sample comes near this; a tar that says so was not written here.
MAX_FIELD_BYTES = 512 * 1024 * 1024


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
    try:
        with tarfile.open(path, "r|") as tar:
            yield from _samples(tar, path)
    except FileNotFoundError:
        raise UserError("no such file", file=path) from None
    except (tarfile.TarError, EOFError, OSError) as error:
        raise UserError(f"not a whole tar ({error})", file=path, mend="Render or copy this shard again.") from None


def _samples(tar: tarfile.TarFile, path: Path) -> Iterator[tuple[str, Fields]]:
    current, fields = "", Fields()
    for member in tar:
        key, dot, field = member.name.partition(".")
        if not member.isreg() or not dot or not key or "/" in member.name or "\\" in member.name:
            raise UserError(f"holds {member.name!r}, which is no field of a sample", file=path)
        if member.size > MAX_FIELD_BYTES:
            raise UserError(f"{member.name!r} is {member.size} bytes long, which no field is", file=path)
        if key != current:
            if fields:
                yield current, fields
            current, fields = key, Fields()
        stream = tar.extractfile(member)
        data = b"" if stream is None else stream.read()
        if len(data) != member.size:
            raise UserError(f"{member.name!r} is cut short", file=path, mend="Render or copy this shard again.")
        fields[field] = data
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

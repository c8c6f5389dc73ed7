"""Where the files of a tar lie, from its headers alone, as strictly as `render` writes them. No bpy.

Python's own reader follows links, sparse maps and extended headers of any size; shards have none of these, so that one
from elsewhere that has is refused by its first such header, before anything of it is read.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

from mocap.errors import UserError

BLOCK = 512
# No field of a sample comes near this; a tar that says so was not written here.
MAX_FIELD_BYTES = 512 * 1024 * 1024
# Two empty blocks end a tar, and Python fills its last record of 20 up.
_MOST_PADDING = (2 + 19) * BLOCK
_ZEROS = bytes(BLOCK)
_MEND = "Render or copy this shard again."


class Entry(NamedTuple):
    """A field of a sample: `offset` of its first byte in the file, `size` in bytes."""

    key: str
    field: str
    offset: int
    size: int


def padded(size: int) -> int:
    """Bytes that so many take in a tar."""
    return -(-size // BLOCK) * BLOCK


def entries(path: Path) -> Iterator[Entry]:
    """The fields in a shard, in order; only headers are read.

    Raises:
        UserError: not a tar, a cut one, or one that holds anything but plain files of samples.
    """
    try:
        with path.open("rb", buffering=0) as file:
            yield from _entries(file, path, os.fstat(file.fileno()).st_size)
    except FileNotFoundError:
        raise UserError("no such file", file=path) from None
    except OSError as error:
        raise UserError(f"cannot be read ({error.strerror or error})", file=path) from None


def _entries(file: IO[bytes], path: Path, length: int) -> Iterator[Entry]:
    offset = 0
    while True:
        header = file.read(BLOCK)
        if len(header) < BLOCK:
            raise UserError("not a whole tar (its end is missing)", file=path, mend=_MEND)
        if header == _ZEROS:
            rest = length - offset
            if rest > _MOST_PADDING or any(file.read(rest)):
                raise UserError("something stands after the tar's end", file=path, place=f"byte {offset}", mend=_MEND)
            return
        entry = _entry(header, offset, path)
        after = offset + BLOCK + padded(entry.size)
        if after > length:
            name = f"{entry.key}.{entry.field}"
            raise UserError(f"not a whole tar ({name!r} is cut short)", file=path, mend=_MEND)
        yield entry
        offset = after
        file.seek(offset)


def _entry(header: bytes, offset: int, path: Path) -> Entry:
    name = header[:100].rstrip(b"\0").decode("utf-8", "replace")
    try:
        told = int(header[148:156].strip(b" \0"), 8)
        size = int(header[124:136].strip(b" \0"), 8)
    except ValueError:
        told = size = -1
    # The sum of all bytes, its own eight taken for blanks. Adler's has the sum and one in its lower half, modulo 65521.
    summed = (told + sum(header[148:156]) - 8 * ord(" ") + 1) % 65521 == zlib.adler32(header) & 0xFFFF
    if told < 0 or not summed or header[257:262] != b"ustar":
        raise UserError(f"not a whole tar (no header at byte {offset})", file=path, mend=_MEND)
    key, dot, field = name.partition(".")
    plain = header[156:157] in (b"0", b"\0") and not header[345:500].rstrip(b"\0")
    if not plain or not dot or not key or not field or not name.isprintable() or "/" in name or "\\" in name:
        raise UserError(f"holds {name!r}, which is no field of a sample", file=path)
    if not 0 <= size <= MAX_FIELD_BYTES:
        raise UserError(f"{name!r} is {size} bytes long, which no field is", file=path)
    return Entry(key, field, offset + BLOCK, size)

"""The bytes of a recording: a plain file, or one packed with gzip, opened without trust in what it unpacks to."""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from mocap.errors import UserError

_GZIP = b"\x1f\x8b"
_BLOCK = 1 << 16
# Takes of MVN pack 2 to 4 times, one in which nothing at all moves 100 times; deflate ends at 1032.
_LARGEST_RATIO = 400
# Below this size a high ratio costs nobody anything.
_RATIO_COUNTS_FROM = 1 << 24
_LARGEST_UNPACKED = 1 << 34  # 16 GiB: more than two hours of every stream at 240 frames a second

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@contextmanager
def blocks_of(path: Path) -> Iterator[Iterator[bytes]]:
    """A take's bytes in blocks of at most 64 kB, unpacked when it is a gzip file, whatever its name.

    Raises:
        UserError: the file is missing, a folder, unreadable, a damaged or cut gzip file, or one that unpacks to far
            more than a recording would.
    """
    if path.is_dir():
        raise UserError("this is a folder, not a take", file=path)
    try:
        with path.open("rb") as file:
            packed = file.read(2) == _GZIP
            file.seek(0)
            yield _unpacked(path, file) if packed else iter(lambda: file.read(_BLOCK), b"")
    except FileNotFoundError:
        raise UserError("no such file", file=path, mend="Put it back, or name another.") from None
    except OSError as error:
        raise UserError(f"cannot be read ({error.strerror or error})", file=path) from None


def beginning(path: Path, size: int) -> bytes:
    """The first bytes of a take, unpacked; fewer where there are no more. Errors as `blocks_of`."""
    head = b""
    with blocks_of(path) as blocks:
        while len(head) < size and (block := next(blocks, b"")):
            head += block
    return head[:size]


def marked_encoding(head: bytes) -> str | None:
    """The encoding that a byte order mark at the beginning of a file stands for, by Python's name."""
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)


def take_name(path: Path) -> str:
    """What a take is called when nothing inside says so: its file's name without `.gz` and the extension before it."""
    return Path(path.stem).stem if path.suffix.lower() == ".gz" else path.stem


def _unpacked(path: Path, file: BinaryIO) -> Iterator[bytes]:
    """The members of a gzip file one after the other, never more than a block of it in memory."""
    eaten = made = 0
    unpacker = zlib.decompressobj(wbits=31)
    waiting = b""
    try:
        while data := waiting or file.read(_BLOCK):
            if unpacker.eof:
                if not data.strip(b"\0"):  # tape and network tools pad with zeros
                    waiting = b""
                    continue
                unpacker = zlib.decompressobj(wbits=31)
            block = unpacker.decompress(data, _BLOCK)
            waiting = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            eaten += len(data) - len(waiting)
            made += len(block)
            if made > _LARGEST_UNPACKED or (made > _RATIO_COUNTS_FROM and made > _LARGEST_RATIO * eaten):
                raise UserError(
                    f"unpacks to {made >> 20} MB from {max(1, eaten >> 10)} kB, as no recording does",
                    file=path,
                    mend="Unpack it yourself if you trust it.",
                )
            if block:
                yield block
    except zlib.error as error:
        raise UserError(f"the gzip file is damaged ({error})", file=path, mend="Copy the take again.") from None
    if not unpacker.eof:
        raise UserError("the gzip file is cut off in the middle", file=path, mend="Copy the take again.")

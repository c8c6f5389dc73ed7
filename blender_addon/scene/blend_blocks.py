"""What a .blend's own bytes say, before Blender reads it: who saved it, and which other files it links to. No bpy.

Layout: Blender's `doc/blender_file_format` and, since 5.0, `BLO_core_bhead.hh`. A file is a header and blocks, each
with a head that says how long it is; a block "LI" is a library. A compressed file (Zstandard) does not show its blocks.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

# "BLENDER-v405"; since 5.0 "BLENDER17-01v0502", whose numbers are the header's length, the layout's and the version's.
_HEADER = re.compile(rb"BLENDER(?:([-_])([vV])(\d)(\d\d)|\d\d-\d\dv(\d\d)(\d\d))")
_LIBRARY = b"LI"
_PATH = re.compile(rb"([^\0]{1,1023}\.blend)\0", re.IGNORECASE)
# A library's block holds a few names; more is not read of one.
_MAX_LIBRARY = 100_000
_MAX_BLOCKS = 10_000_000


@dataclass(frozen=True)
class _Layout:
    """How the heads of blocks are written: `head` for struct, and the place of the length among its values."""

    start: int
    head: struct.Struct
    length_at: int


def saved_by(path: Path) -> tuple[int, int] | None:
    """(major, minor) of the Blender that saved a file; None where its first bytes do not say."""
    with path.open("rb") as file:
        found = _HEADER.search(file.read(64))
    if found is None:
        return None
    major, minor = found[3] or found[5], found[4] or found[6]
    return int(major), int(minor)


def linked_files(path: Path) -> list[str]:
    """Paths of the files that a .blend links to, as they stand in it ("//" is its folder); none of a compressed one."""
    with path.open("rb") as file:
        layout = _layout(file.read(17))
        if layout is None:
            return []
        size = file.seek(0, 2)
        file.seek(layout.start)
        out: list[str] = []
        for _ in range(_MAX_BLOCKS):
            head = file.read(layout.head.size)
            if len(head) < layout.head.size:
                break
            values = layout.head.unpack(head)
            length = values[layout.length_at]
            if not 0 <= length <= size:
                break
            if values[0].rstrip(b"\0") == _LIBRARY:
                out += _paths(file, length)
            else:
                file.seek(length, 1)
        return list(dict.fromkeys(out))


def _layout(start: bytes) -> _Layout | None:
    found = _HEADER.match(start)
    if found is None:
        return None
    if found[5]:
        return _Layout(17, struct.Struct("<4siQqq"), 3)
    order = "<" if found[2] == b"v" else ">"
    return _Layout(12, struct.Struct(f"{order}4si{'Q' if found[1] == b'-' else 'I'}ii"), 1)


def _paths(file: BinaryIO, length: int) -> list[str]:
    data = file.read(min(length, _MAX_LIBRARY))
    file.seek(length - len(data), 1)
    names = [name.decode("utf-8", errors="replace") for name in _PATH.findall(data)]
    # The block's own name ends so as well, but is no path.
    return [name for name in names if "/" in name or "\\" in name]

"""The text files of a MakeHuman asset (.mhclo, .mhmat, .obj) as lines of words; made for files from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mocap.errors import UserError
from mocap.inside import inside
from mocap.rotations import Array

# The largest assets that there are have some 10 MB.
MAX_BYTES = 64_000_000


@dataclass(frozen=True)
class AssetText:
    """A file's lines that are neither empty nor comments.

    Attributes:
        path: the file.
        lines: (number in the file, words); a line has one word at least.
    """

    path: Path
    lines: tuple[tuple[int, list[str]], ...]

    def mistake(self, message: str, number: int | None = None, mend: str | None = None) -> UserError:
        """What is wrong, and on which line."""
        return UserError(message, file=self.path, place=None if number is None else f"line {number}", mend=mend)

    def numbers(self, words: Sequence[str], count: int, number: int) -> Array:
        """(count,) finite numbers that begin a line's words."""
        try:
            out = np.array([float(word) for word in words[:count]])
        except ValueError:
            out = np.full(count, np.nan)
        if len(out) < count or not np.isfinite(out).all():
            raise self.mistake(f"here belong {count} numbers", number)
        return out

    def beside(self, words: Sequence[str], number: int) -> Path:
        """The file that a line names, which may have spaces in its name and has to lie in this one's folder or below.

        Raises:
            UserError: it is not there, or lies elsewhere.
        """
        name = " ".join(words)
        found = inside(self.path.parent, name)
        if found is None:
            raise self.mistake(f"{name[:80]!r} lies outside the asset's folder", number, "Put it beside this file.")
        if not found.is_file():
            raise self.mistake(f"{name[:80]!r}, which this asset needs, is missing", number, "Put it beside this file.")
        return found


def read_asset_text(path: Path, comments: tuple[str, ...] = ("#",)) -> AssetText:
    """A text file of an asset.

    Args:
        comments: what a line that is not read begins with.

    Raises:
        UserError: it cannot be read, or is no text.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise UserError(f"cannot be read ({getattr(error, 'strerror', None) or error})", file=path) from None
    if len(data) > MAX_BYTES:
        raise UserError(f"longer than {MAX_BYTES // 1_000_000} MB", file=path)
    if b"\0" in data:
        raise UserError("this is not a text file", file=path)
    # Authors' names are in all encodings; what counts is ASCII.
    rows = enumerate(data.decode("utf-8-sig", errors="replace").split("\n"), start=1)
    lines = ((number, row.split()) for number, row in rows if not row.lstrip().startswith(comments))
    return AssetText(path, tuple((number, words) for number, words in lines if words))

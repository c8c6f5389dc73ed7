"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from mocap.errors import UserError


@contextmanager
def whole_text_file(path: Path) -> Iterator[TextIO]:
    """A UTF-8 file to write, with \\n line ends, that takes its name only once the block ends without an error.

    Raises:
        UserError: the folder cannot be written to, or the disk is full.
    """
    beside: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
        beside = Path(name)
        with open(handle, "w", encoding="utf-8", newline="\n") as file:  # noqa: PTH123 (a descriptor, not a path)
            yield file
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files for their owner alone; give this one the rights any new file has.
        mask = os.umask(0)
        os.umask(mask)
        beside.chmod(0o666 & ~mask)
        beside.replace(path)
        beside = None
    except OSError as error:
        raise UserError(f"cannot be written ({error.strerror or error})", file=path) from None
    finally:
        if beside is not None:
            beside.unlink(missing_ok=True)

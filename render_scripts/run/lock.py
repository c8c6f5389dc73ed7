"""Locks that end with the process that holds them, however it ends. No imports of numpy."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

_PREFIX, _LOCK = "skatesynth-", "in-use.lock"


def locked(path: Path) -> IO[bytes] | None:
    """The file, made if need be and locked until it is closed; None while another process holds it."""
    file = path.open("ab")
    try:
        _lock(file)
    except OSError:
        file.close()
        return None
    return file


@contextlib.contextmanager
def scratch_folder() -> Iterator[Path]:
    """An empty folder for the time being; takes away those of processes that were killed."""
    base = Path(tempfile.gettempdir())
    for left in base.glob(f"{_PREFIX}*/{_LOCK}"):
        with contextlib.suppress(OSError):  # another user's, or just going
            lock = locked(left)
            if lock is not None:
                with lock:
                    shutil.rmtree(left.parent, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as folder:
        lock = locked(Path(folder, _LOCK))
        try:
            yield Path(folder)
        finally:
            if lock is not None:
                lock.close()


def _lock(file: IO[bytes]) -> None:
    """OSError while another process holds it."""
    if os.name == "nt":
        import msvcrt

        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined, unused-ignore]
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

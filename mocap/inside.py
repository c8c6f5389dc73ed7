"""Files that other files name, when they may lie in one folder and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path, PureWindowsPath


def inside(folder: Path, name: str) -> Path | None:
    """Where a name leads from a folder, links followed; None where that is outside of it.

    A name from another system may have backslashes. One that leads out by its words alone is never looked up: on some
    systems, asking for a path can mean to log in at another computer.
    """
    folder = folder.resolve()
    try:
        asked = Path(os.path.normpath(folder / PureWindowsPath(name).as_posix()))
        if not asked.is_relative_to(folder):
            return None
        real = asked.resolve()
    except (OSError, ValueError):
        return None
    return real if real.is_relative_to(folder) else None

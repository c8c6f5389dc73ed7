"""One file per format that a data set can be turned into. A new format is a module with `export`, and its line here."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from pathlib import Path

from mocap.errors import UserError

# Modules with `export(dataset: Path, out: Path) -> int`, which returns the number of files written.
FORMATS: Mapping[str, str] = {
    "openpose": "render_scripts.export.openpose",
    "npz": "render_scripts.export.npz",
}


def export(dataset: Path, name: str, out: Path) -> int:
    """Writes the shards in `dataset` into the empty or new folder `out`, in the format `name`; returns files written.

    Raises:
        UserError: no shards, a damaged one, or `out` is not empty.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UserError("not an empty folder", file=out, mend="Give another --out.")
    count: int = importlib.import_module(FORMATS[name]).export(dataset, out)
    return count

"""Paths in a job file, which start from its folder: named anew when it is saved in another one. Pure."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from blender_addon.cast import DEMO
from blender_addon.ui.request.blocks import Data


def plain_path(path: str) -> str:
    """The absolute path without steps up (..)."""
    return str(Path(os.path.normpath(Path(path).absolute())))


def move_paths(data: Data, old: Path, new: Path) -> None:
    """Names from the folder `new` what the data names from `old`; what is named whole stays."""
    for block, key in _paths(data):
        block[key] = _moved(block[key], old, new)
    for person in _people(data):
        details = person.get("details")
        if isinstance(details, dict) and any(_is_target(name) for name in details):
            person["details"] = {
                _moved(name, old, new) if _is_target(name) else name: amount for name, amount in details.items()
            }


def _moved(name: str, old: Path, new: Path) -> str:
    if Path(name).is_absolute() or name.startswith("~"):
        return name
    place = os.path.normpath(old / name)
    try:
        return Path(os.path.relpath(place, new)).as_posix()
    except ValueError:  # on another drive
        return place


def _is_target(name: Any) -> bool:
    return isinstance(name, str) and name.endswith((".target", ".target.gz"))


def _paths(data: Data) -> Iterator[tuple[Data, str]]:
    """Every block that names a path, and the key."""
    places: list[tuple[Any, str]] = [(data, "out"), (data, "stage"), (_in(data, "scene", "rink"), "file")]
    motions = list(_blocks(data.get("motions")))
    for person in _people(data):
        places += [(person, "character"), (person, "character_map"), (_in(person, "hair"), "file")]
        places += [(garment, "file") for garment in _blocks(list(_in(person, "garments").values()))]
        motions.append(_in(person, "motion"))
    for motion in motions:
        places += [(motion, "joint_map")] + ([(motion, "take")] if motion.get("take") != DEMO else [])
    yield from ((block, key) for block, key in places if isinstance(block.get(key), str))


def _people(data: Data) -> list[Data]:
    return [*_blocks(data.get("skaters")), _in(data, "coaches")]


def _blocks(values: Any) -> Iterator[Data]:
    yield from (value for value in values or () if isinstance(value, dict))


def _in(data: Any, *keys: str) -> Data:
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}

"""What went into the pictures of a job, and on what terms, as far as that is known here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import PureWindowsPath
from typing import Any

from blender_addon.cast import BY_HAND, DEMO
from blender_addon.clip import Clip, to_dict
from blender_addon.makehuman.assets import PACKAGE, VERSION
from render_scripts.job import Job
from render_scripts.movement import motions_of

_FILES = {"take": "recording", "character": "character", "file": "file", "joint_map": "joint map"}
_SUFFIXES = (".target", ".target.gz", ".mhclo", ".blend")


def licences(job: Job, staged: Clip | None = None) -> str:
    """A table in Markdown; `staged` is the clip of a job that has a stage."""
    if staged is None:
        data = job.model_dump(mode="json", exclude_none=True)
        authored = sorted({motion.name for _, motion in motions_of(job) if motion.element or motion.take == DEMO})
    else:
        data = {"stage": job.stage, "clip": to_dict(replace(staged, stage=None))}
        shown = [skater.motion for skater in staged.skaters]
        authored = sorted({motion.element or motion.take for motion in shown if motion.element or motion.take == DEMO})
    rows = [
        (
            "bodies, their targets, rig and skin, and whatever of MakeHuman's is worn",
            f"MakeHuman's data as MPFB2 carries it (fetched from `{PACKAGE}` {VERSION}, unless another copy was named)",
            "CC0",
        ),
        (
            "rink, hall, light, skates, clothes, hair and cloth of this program's own",
            "made by its code for every clip",
            "none to observe: the program's own (GPL-3.0-or-later) is not that of what it renders",
        ),
    ]
    if authored:
        names = ", ".join(f"`{name}`" for name in authored)
        rows.append((f"movements {names}", "authored in this program's code; nobody was recorded", "likewise"))
    rows += [
        (f"{kind} `{name}`", "given by whoever wrote the job", "not known here: ask them")
        for kind, name in sorted(set(_given(data)))
    ]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return f"| what | where from | licence |\n|---|---|---|\n{table}"


def _given(data: Any) -> Iterator[tuple[str, str]]:
    for key, text in _texts(data):
        if (key in _FILES and text not in (DEMO, BY_HAND)) or text.lower().endswith(_SUFFIXES):
            yield _FILES.get(key, "file"), PureWindowsPath(text).name


def _texts(data: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """All texts in a job with the keys they stand at; some mappings have paths for keys."""
    if isinstance(data, str):
        yield key, data
    elif isinstance(data, dict):
        for name, value in data.items():
            if name.lower().endswith(_SUFFIXES):
                yield "", name
            yield from _texts(value, name)
    elif isinstance(data, (list, tuple)):
        for value in data:
            yield from _texts(value, key)

"""What decides a data set's bytes: the job, the files that it names, the programs' versions. As data that one can read.

Where files lie is a matter of one machine, so they go by their names here and in the job that is kept.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from blender_addon.makehuman.assets import data_version
from blender_addon.stage import SCENE_JSON, named_files, read_stage
from render_scripts.job import Job, dump_job
from render_scripts.shards import sha256
from render_scripts.version import own_version

_HEAD = "# What skatesynth rendered here, with every default written out."
_FILES = "# The files that it names, which belong beside it, and their SHA256:"
_SHOWN, _LONGEST = 4, 60


def identity_of(job: Job, assets: Path) -> tuple[dict[str, Any], str]:
    """What decides the samples of a job, and the job as it is kept in the folder that it fills.

    Args:
        job: with absolute paths; assets: MakeHuman's data folder.

    Returns:
        `{"job", "files", "versions"}` as JSON has it; and YAML that `load_job` reads.
    """
    data = job.model_dump(mode="json", exclude_none=True) | {"out": "."}
    paths = sorted({text for text in (*_texts(data), *_on_stage(job)) if Path(text).is_absolute()})
    sums = {path: sha256(Path(path)) if Path(path).is_file() else "missing" for path in paths}
    names = _names(sums)
    data = _renamed(data, names)
    files = {names[path]: digest for path, digest in sums.items()}
    listed = "".join(f"# {digest}  {name}\n" for name, digest in sorted(files.items()))
    text = f"{_HEAD}\n{_FILES + chr(10) + listed if files else ''}{dump_job(Job.model_validate(data))}"
    return {"job": data, "files": files, "versions": versions(assets)}, text


def _on_stage(job: Job) -> Iterator[str]:
    """What lies beside a handed-over scene, and the files that it names itself."""
    if job.stage is not None:
        blend = Path(job.stage)
        yield str(blend.with_name(SCENE_JSON))
        yield from (str(path) for path in named_files(read_stage(blend)))


def versions(assets: Path) -> dict[str, str]:
    """Of everything that has a part in the bytes of a sample."""
    bpy = sys.modules.get("bpy")
    # The wheel says 4.5.3 where Blender says 4.5.3 LTS.
    blender = _installed("bpy") if bpy is None else bpy.app.version_string.split()[0]
    libraries = {"numpy": "numpy", "scipy": "scipy", "opencv": "opencv-python-headless"}
    return {
        "skatesynth": own_version(),
        "blender": blender,
        **{name: _installed(package) for name, package in libraries.items()},
        "makehuman": data_version(assets),
    }


def differences(was: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """What of an identity has changed, key by key, the first few of it."""
    before, after = dict(_leaves(was)), dict(_leaves(now))
    changed = [key for key in {**before, **after} if before.get(key) != after.get(key)]
    told = [_change(key, before.get(key), after.get(key)) for key in changed[:_SHOWN]]
    more = f" and {len(changed) - _SHOWN} more" if len(changed) > _SHOWN else ""
    return "; ".join(told) + more


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "unknown"


def _texts(data: Any) -> Iterator[str]:
    """All texts in JSON data; some mappings have paths for keys."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)


def _names(sums: Mapping[str, str]) -> dict[str, str]:
    """A name for each path: its file's, and where two files share one, in a folder that is named by its contents."""
    plain = {path: Path(path).name for path in sums}
    contents: dict[str, set[str]] = {}
    for path, name in plain.items():
        contents.setdefault(name, set()).add(sums[path])
    return {path: name if len(contents[name]) == 1 else f"{sums[path][:8]}/{name}" for path, name in plain.items()}


def _renamed(data: Any, names: Mapping[str, str]) -> Any:
    if isinstance(data, str):
        return names.get(data, data)
    if isinstance(data, dict):
        return {names.get(key, key): _renamed(value, names) for key, value in data.items()}
    return [_renamed(value, names) for value in data] if isinstance(data, list) else data


def _leaves(data: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted keys and what stands there; a list of plain values is one."""
    if isinstance(data, Mapping) and data:
        for key, value in data.items():
            yield from _leaves(value, f"{place}.{key}" if place else str(key))
    elif isinstance(data, list) and any(isinstance(value, (dict, list)) for value in data):
        for k, value in enumerate(data):
            yield from _leaves(value, f"{place}[{k}]")
    else:
        yield place, data


def _change(key: str, was: Any, now: Any) -> str:
    kind, _, name = key.partition(".")
    if kind == "files":
        how = "is new" if was is None else "is gone" if now is None else "has other contents"
        return f"the file {name} {how}"
    before, after = ("not given" if value is None else _short(value) for value in (was, now))
    return f"{name}: {after}, was {before}"


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"

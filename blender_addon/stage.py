"""A scene that was handed over as it is: which clip it is, and where in it what lies. Plain values; no bpy.

`scene.blend` holds what renders, and the world; `scene.json` beside it is what this module reads and writes. Both may
come from elsewhere, so nothing in them is believed before it is looked at.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from blender_addon.cast import CrowdSpec
from blender_addon.clip import Clip, from_dict, to_dict
from mocap.errors import UserError
from mocap.whole_file import whole_file

SCENE_BLEND, SCENE_JSON = "scene.blend", "scene.json"
LARGEST = 20_000_000
"""Bytes of a `scene.json`."""
MOST_FRAMES, MOST_PEOPLE, MOST_CAMERAS, LARGEST_SIDE = 1_000_000, 200, 100, 8192

# As in the keys of samples.
_NAME = re.compile(r"[A-Za-z0-9-]{1,32}", re.ASCII)


@dataclass(frozen=True)
class Stage:
    """What `scene.json` says of the scene beside it.

    Attributes:
        clip: what it shows; its render and labels are the job's to say, its index and seed, too.
        first, step: the scene's frame that is the clip's first one, and how many it goes on from each to the next.
        rate: frames of the scene per second; the clip's fps is this over `step`.
        shown: names of the objects that render; world: name of the world, None for a black one.
        lit: whether the light is the clip's own, whose level is known.
        armatures: of the clip's skaters, in their order; meshes: of each, those that are labelled.
        cameras: objects by the names of the clip's cameras.
        pictures: files that materials read, with their SHA256.
    """

    clip: Clip
    first: int
    step: int
    rate: float
    shown: tuple[str, ...]
    world: str | None
    lit: bool
    armatures: tuple[str, ...]
    meshes: tuple[tuple[str, ...], ...]
    cameras: dict[str, str]
    pictures: dict[str, str]


def write_stage(stage: Stage, folder: Path) -> Path:
    """Writes `scene.json`. OSError if it cannot be written."""
    path = folder / SCENE_JSON
    with whole_file(path) as file:
        file.write((json.dumps(to_dict(stage), indent=1, sort_keys=True) + "\n").encode())
    return path


def sum_of(path: Path) -> str:
    """SHA256 of a file, in hexadecimal."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def read_stage(blend: Path) -> Stage:
    """What lies beside a `scene.blend`.

    Raises:
        UserError: one of the two files is not there, or this one does not say what it should.
    """
    path = blend.with_name(SCENE_JSON)
    for file in (blend, path):
        if not file.is_file():
            raise UserError("there is no such file", file=file, mend="Hand the scene over again: Render this clip.")
    try:
        with path.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except OSError as error:
        raise UserError(f"cannot be read ({error.strerror or error})", file=path) from None
    if len(data) > LARGEST:
        raise UserError("is too large for what it should say", file=path)
    try:
        said = json.loads(data)
        stage: Stage = from_dict(Stage, said)
        wrong = _wrong(stage)
    except (ValueError, TypeError, KeyError, AttributeError, StopIteration, RecursionError):
        raise UserError(
            "is not what handing a scene over writes", file=path, mend="Hand the scene over again."
        ) from None
    if wrong:
        raise UserError(wrong, file=path, mend="Hand the scene over again.")
    return stage


def clip_on(stage: Stage, blend: Path) -> Clip:
    """The clip of a stage, which knows that it is one."""
    return replace(stage.clip, crowd=CrowdSpec(), stage=str(blend))


def named_files(stage: Stage) -> tuple[Path, ...]:
    """The files that a stage's clip and its materials read, by their absolute paths."""
    found = {text for text in _texts(to_dict(stage.clip)) if Path(text).is_absolute()}
    return tuple(Path(text) for text in sorted(found | set(stage.pictures)))


def _wrong(stage: Stage) -> str | None:
    clip = stage.clip
    texts = (*stage.shown, *stage.armatures, *stage.cameras, *stage.cameras.values())
    if not all(isinstance(text, str) for text in texts) or not all(isinstance(name, str) for name in stage.pictures):
        return "names objects by something else than names"
    if not 1 <= clip.count <= MOST_FRAMES or not 1 <= stage.step <= MOST_FRAMES:
        return f"has {clip.count} frames, {stage.step} apart"
    if not 0.0 < stage.rate <= 1e4 or abs(clip.fps * stage.step - stage.rate) > 1e-6 * stage.rate:
        return "has a rate that its frames have not"
    if not 1 <= len(clip.skaters) <= MOST_PEOPLE or not len(clip.skaters) == len(stage.armatures) == len(stage.meshes):
        return "has other skaters than it names"
    names = [camera.name for camera in clip.cameras]
    if not 1 <= len(names) <= MOST_CAMERAS or len(set(names)) != len(names) or set(names) != set(stage.cameras):
        return "has other cameras than it names"
    for camera in clip.cameras:
        if not _NAME.fullmatch(camera.name):
            return f"has a camera called {camera.name[:40]!r}"
        if not all(isinstance(size, int) and 1 <= size <= LARGEST_SIDE for size in (camera.width, camera.height)):
            return f"has pictures of {camera.width} × {camera.height} pixels"
    return None


def _texts(data: Any) -> list[str]:
    if isinstance(data, str):
        return [data]
    if isinstance(data, dict):
        return [text for pair in data.items() for value in pair for text in _texts(value)]
    if isinstance(data, (list, tuple)):
        return [text for value in data for text in _texts(value)]
    return []

"""What was drawn for a picture's surroundings, as JSON whose keys and types are the same in every sample. No bpy."""

from __future__ import annotations

import dataclasses
import types
import typing
from functools import lru_cache
from pathlib import PureWindowsPath
from typing import Any

from blender_addon.clip import CameraSpec, Clip

DECIMALS = 6


def scene_facts(clip: Clip, camera: CameraSpec) -> dict[str, Any]:
    """The rink, the light, and the camera that took the picture, before it had seen the motion."""
    return {"rink": facts(clip.rink), "light": facts(clip.light), "camera": facts(camera)}


def facts(spec: Any) -> dict[str, Any]:
    """A spec as a constant schema: numbers of `float` fields with a point, empty strings and lists for None.

    A file goes by its name: where it lay is a matter of one machine.
    """
    kind: Any = type(spec)
    hints = _hints(kind)
    return {name: _plain(getattr(spec, name), hint, name) for name, hint in hints.items()}


@lru_cache(maxsize=64)
def _hints(kind: Any) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def _plain(value: Any, hint: Any, name: str) -> Any:
    origin = typing.get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        hint = next(option for option in typing.get_args(hint) if option is not type(None))
        if value is None:
            return [] if typing.get_origin(hint) is tuple else ""
        return _plain(value, hint, name)
    if dataclasses.is_dataclass(hint):
        return facts(value)
    if origin is tuple:
        inner = typing.get_args(hint)[0]
        return [_plain(item, inner, name) for item in value]
    if hint is float:
        # Adding zero turns negative zero into a positive one.
        return round(float(value), DECIMALS) + 0.0
    return PureWindowsPath(value).name if name == "file" else value

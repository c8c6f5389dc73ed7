"""A job's data, as YAML gives it, on the way to be changed: blocks are made where they are missing. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from mocap.errors import UserError

Data = dict[str, Any]
Named = Callable[[str], str]
"""What a job file calls an absolute path."""

MOST_VALUES = 200_000


def own_copy(data: Any) -> Any:
    """The same data without anything in it twice, as YAML's aliases would have it.

    Raises:
        UserError: so much of it is repeated that it would never end.
    """
    return _Copy().of(data)


class _Copy:
    def __init__(self) -> None:
        self._left = MOST_VALUES

    def of(self, value: Any, depth: int = 0) -> Any:
        self._left -= 1
        if self._left < 0 or depth > 100:
            raise UserError("the file repeats parts of itself too often")
        if isinstance(value, Mapping):
            return {key: self.of(part, depth + 1) for key, part in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.of(part, depth + 1) for part in value]
        return value


def block(data: Data, *keys: str, short: str = "") -> Data:
    """The block at the end of the keys, made if it is missing.

    Args:
        short: the key whose value may stand in its place alone, as a colour may for hair.
    """
    for key in keys:
        inner = data.get(key)
        if not isinstance(inner, dict):
            inner = {} if inner is None else {short: inner}
            data[key] = inner
        elif short and any(word in inner for word in ("choice", "normal")):
            inner = {short: inner}
            data[key] = inner
        data = inner
    return data


def first(data: Data, key: str) -> Data:
    """The first block of a list of blocks, made if it is missing."""
    if not data.get(key):
        data[key] = [{}]
    if not isinstance(data[key][0], dict):
        data[key][0] = {}
    return data[key][0]


def give(data: Data, key: str, value: Any) -> None:
    """Sets a key, or takes it out for None."""
    if value is None:
        data.pop(key, None)
    else:
        data[key] = value


def number(value: float) -> float | int:
    """As people write it: 3, not 3.0; single precision, which Blender keeps, without its tail."""
    short = float(f"{value:.6g}")
    return int(short) if short == int(short) and abs(short) < 1e6 else short

"""Bone maps as YAML files: `docs/rigs.md` shows one, `blender_addon/makehuman/rigs` holds those of MakeHuman's rigs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import MISSING, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from mocap.errors import UserError
from mocap.retarget.bone_map import FINGERS, PALM_AXES, BoneMap, Limbs

# Bytes; a map of every bone there is has 4 kB.
MAX_SIZE = 200_000
MAX_BONES = 40

_TRUNK = ("root", "spine", "neck", "head")
_SIDES = {"left": "Left", "right": "Right"}
_PAIRS = ("upper_arm", "forearm", "thigh", "shank")
_LISTS = ("toes",)
_REQUIRED = tuple(f.name for f in fields(Limbs) if f.default is MISSING and f.default_factory is MISSING)
_LIMB_KEYS = tuple(f.name for f in fields(Limbs))
_MEND = "See docs/rigs.md for what a bone map holds."


def read_bone_map(path: Path) -> BoneMap:
    """The bone map in a YAML file.

    Raises:
        UserError: the file cannot be read, is no YAML, or does not say which bones play which segments.
    """
    data = _Place(path, "", _load(path))
    data.allow((*_TRUNK, "limbs", *_SIDES))
    limbs = {name: _limbs(data, key) for key, name in _SIDES.items()}
    return BoneMap(
        root=data.need("root").name(),
        spine=data.need("spine").names(),
        neck=data.need("neck").names(),
        head=data.need("head").name(),
        limbs=limbs,
    )


class _Place:
    """A value in the file, and where it stands there."""

    def __init__(self, path: Path, place: str, value: Any) -> None:
        self.path, self.place, self.value = path, place, value

    def error(self, message: str) -> UserError:
        return UserError(message, file=self.path, place=self.place or None, mend=_MEND)

    def inside(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key

    def allow(self, keys: Collection[str]) -> None:
        """Refuses what is not a mapping, and keys that are not known."""
        if not isinstance(self.value, dict):
            raise self.error("this is not a mapping of names to bones")
        for key in self.value:
            if key not in keys:
                near = get_close_matches(str(key)[:80], keys, n=1)
                hint = f", did you mean {near[0]!r}?" if near else f"; known are {', '.join(keys)}"
                raise self.error(f"there is no {str(key)[:80]!r}{hint}")

    def need(self, key: str) -> _Place:
        if key not in self.value:
            raise self.error(f"{key!r} is missing")
        return _Place(self.path, self.inside(key), self.value[key])

    def name(self) -> str:
        if not isinstance(self.value, str) or not self.value:
            raise self.error("this is not the name of a bone")
        return self.value

    def names(self) -> tuple[str, ...]:
        values = [self.value] if isinstance(self.value, str) else self.value
        if not isinstance(values, list) or not 0 < len(values) <= MAX_BONES:
            raise self.error("this is not a list of bones")
        return tuple(_Place(self.path, self.place, value).name() for value in values)


def _limbs(data: _Place, key: str) -> Limbs:
    """One side's limbs: what both sides share, with `<side>` filled in, and what this side says of its own."""
    own = data.need(key)
    own.allow(("side", *_LIMB_KEYS))
    shared = data.need("limbs") if "limbs" in data.value else _Place(data.path, "limbs", {})
    shared.allow(_LIMB_KEYS)
    side = own.need("side").name() if "side" in own.value else key

    read: dict[str, Any] = {}
    for place in (shared, own):
        for name in _LIMB_KEYS:
            if name in place.value:
                read[name] = _entry(name, place.need(name), side)
    for name in _REQUIRED:
        if name not in read:
            raise own.error(f"{name!r} is missing, here and under 'limbs'")
    if read.get("palm") is None and not all(
        finger in read.get("fingers", {}) for finger in ("index", "middle", "little")
    ):
        raise own.error("without index, middle and little finger nothing tells where the palm is; name it by 'palm'")
    return Limbs(**read)


def _entry(name: str, place: _Place, side: str) -> Any:
    if name == "palm":
        if place.value not in PALM_AXES:
            raise place.error(f"a palm is one of the hand bone's axes: {', '.join(PALM_AXES)}")
        return place.value
    if name == "fingers":
        place.allow(FINGERS)
        return {finger: _fill(place.need(finger).names(), side, 3, place) for finger in place.value}
    if name in _PAIRS:
        return _fill(place.names(), side, 2, place)
    if name in _LISTS:
        return _fill(place.names(), side, MAX_BONES, place)
    return place.name().replace("<side>", side)


def _fill(names: tuple[str, ...], side: str, most: int, place: _Place) -> tuple[str, ...]:
    if len(names) > most:
        raise place.error(f"these are {len(names)} bones, of {most} at most")
    return tuple(name.replace("<side>", side) for name in names)


def _load(path: Path) -> Mapping[str, Any]:
    # A module of its own at run time: retargeting itself needs no YAML.
    import yaml

    try:
        if path.stat().st_size > MAX_SIZE:
            raise UserError("this is too large for a bone map", file=path, mend=_MEND)
        data = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        place = None if mark is None else f"line {mark.line + 1}"
        raise UserError(f"this is not YAML: {error.problem}", file=path, place=place, mend=_MEND) from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError, RecursionError) as error:
        raise UserError("this bone map cannot be read", file=path, mend=_MEND) from error
    if not isinstance(data, dict):
        raise UserError("this is not a bone map", file=path, mend=_MEND)
    return data

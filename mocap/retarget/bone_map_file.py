"""Bone maps as YAML files: `docs/rigs.md` shows one, `blender_addon/makehuman/rigs` holds those of MakeHuman's rigs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import MISSING, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from mocap.errors import UserError
from mocap.plain_yaml import Items, Keys, Plain, Word, read_plain_yaml
from mocap.retarget.bone_map import FINGERS, PALM_AXES, BoneMap, Limbs

# What stands for the side's own word in a name that both sides share.
SIDE = "<side>"

_TRUNK = ("root", "spine", "neck", "head")
_SIDES = {"left": "Left", "right": "Right"}
_LIMB_KEYS = tuple(f.name for f in fields(Limbs))
_REQUIRED = tuple(f.name for f in fields(Limbs) if f.default is MISSING and f.default_factory is MISSING)
# How many bones an entry may name; those that are not listed name one.
_MOST = {"upper_arm": 2, "forearm": 2, "thigh": 2, "shank": 2, "toes": 40}
_MOST_SPINE, _MOST_FINGER = 40, 3
_MEND = "See docs/rigs.md for what a bone map holds."


def read_bone_map(path: Path) -> BoneMap:
    """The bone map in a YAML file.

    Raises:
        UserError: the file cannot be read, is no YAML, or does not say which bones play which segments.
    """
    file = _File(path)
    top = file.keys(read_plain_yaml(path), (*_TRUNK, "limbs", *_SIDES))
    for name in (*_TRUNK, *_SIDES):
        if name not in top.values:
            raise file.error(f"{name!r} is missing")
    return BoneMap(
        root=file.name(top.values["root"]),
        spine=file.names(top.values["spine"], _MOST_SPINE),
        neck=file.names(top.values["neck"], _MOST_SPINE),
        head=file.name(top.values["head"]),
        limbs={side: _limbs(file, top, key) for key, side in _SIDES.items()},
    )


class _File:
    """Reads parts of one file; what is wrong with them is said with its line."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def error(self, message: str, at: Plain | None = None) -> UserError:
        return UserError(message, file=self.path, place=None if at is None else f"line {at.line}", mend=_MEND)

    def keys(self, part: Plain, known: Sequence[str]) -> Keys:
        """A mapping that has no other keys than these."""
        if not isinstance(part, Keys):
            raise self.error("this is not a mapping of names to bones", part)
        for key, value in part.values.items():
            if key not in known:
                near = get_close_matches(key[:40], known, n=1)
                hint = f", did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"
                raise self.error(f"there is no {key[:40]!r}{hint}", value)
        return part

    def name(self, part: Plain, side: str = "") -> str:
        """One bone, the side's word filled in."""
        if not isinstance(part, Word) or not part.text:
            raise self.error("this is not the name of a bone", part)
        return part.text.replace(SIDE, side)

    def names(self, part: Plain, most: int, side: str = "") -> tuple[str, ...]:
        """A list of bones, or one alone."""
        items = part.items if isinstance(part, Items) else (part,)
        if not 0 < len(items) <= most:
            raise self.error(f"these are {len(items)} bones, of 1 to {most}", part)
        return tuple(self.name(item, side) for item in items)


def _limbs(file: _File, top: Keys, key: str) -> Limbs:
    """One side's limbs: what both sides share, with the side filled in, and what this side says of its own."""
    own = file.keys(top.values[key], ("side", *_LIMB_KEYS))
    side = file.name(own.values["side"]) if "side" in own.values else key
    parts = [own]
    if "limbs" in top.values:
        parts.insert(0, file.keys(top.values["limbs"], _LIMB_KEYS))
    read = {
        name: _entry(file, name, part, side) for keys in parts for name, part in keys.values.items() if name != "side"
    }
    for name in _REQUIRED:
        if name not in read:
            raise file.error(f"{name!r} is missing, here and under 'limbs'", own)
    if "palm" not in read and not {"index", "middle", "little"} <= read.get("fingers", {}).keys():
        raise file.error("without index, middle and little finger the palm must be named by 'palm'", own)
    return Limbs(**read)


def _entry(file: _File, name: str, part: Plain, side: str) -> Any:
    if name == "palm":
        if not isinstance(part, Word) or part.text not in PALM_AXES:
            raise file.error(f"a palm is one of the hand bone's axes: {', '.join(PALM_AXES)}", part)
        return part.text
    if name == "fingers":
        fingers = file.keys(part, FINGERS).values
        return {finger: file.names(bones, _MOST_FINGER, side) for finger, bones in fingers.items()}
    if name in _MOST:
        return file.names(part, _MOST[name], side)
    return file.name(part, side)

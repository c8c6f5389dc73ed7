"""Bone maps as YAML files: `docs/rigs.md` shows one, `blender_addon/makehuman/rigs` holds those of MakeHuman's rigs."""

from __future__ import annotations

from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from mocap.plain_yaml import Items, Keys, Plain, PlainFile, Word
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


def read_bone_map(path: Path) -> BoneMap:
    """The bone map in a YAML file.

    Raises:
        UserError: the file cannot be read, is no YAML, or does not say which bones play which segments.
    """
    file = _File(path, mend="See docs/rigs.md for what a bone map holds.")
    top = file.keys(file.top(), (*_TRUNK, "limbs", *_SIDES))
    for name in (*_TRUNK, *_SIDES):
        if name not in top.values:
            raise file.mistake(top, f"{name!r} is missing")
    return BoneMap(
        root=file.name(top.values["root"]),
        spine=file.names(top.values["spine"], _MOST_SPINE),
        neck=file.names(top.values["neck"], _MOST_SPINE),
        head=file.name(top.values["head"]),
        limbs={side: _limbs(file, top, key) for key, side in _SIDES.items()},
    )


class _File(PlainFile):
    """Parts as a bone map has them."""

    def name(self, part: Plain, side: str = "") -> str:
        """One bone, the side's word filled in."""
        if not isinstance(part, Word) or not part.text:
            raise self.mistake(part, "this is not the name of a bone")
        return part.text.replace(SIDE, side)

    def names(self, part: Plain, most: int, side: str = "") -> tuple[str, ...]:
        """A list of bones, or one alone."""
        items = part.items if isinstance(part, Items) else (part,)
        if not 0 < len(items) <= most:
            raise self.mistake(part, f"these are {len(items)} bones, of 1 to {most}")
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
            raise file.mistake(own, f"{name!r} is missing, here and under 'limbs'")
    if "palm" not in read and not {"index", "middle", "little"} <= read.get("fingers", {}).keys():
        raise file.mistake(own, "without index, middle and little finger the palm must be named by 'palm'")
    return Limbs(**read)


def _entry(file: _File, name: str, part: Plain, side: str) -> Any:
    if name == "palm":
        if not isinstance(part, Word) or part.text not in PALM_AXES:
            raise file.mistake(part, f"a palm is one of the hand bone's axes: {', '.join(PALM_AXES)}")
        return part.text
    if name == "fingers":
        fingers = file.keys(part, FINGERS).values
        return {finger: file.names(bones, _MOST_FINGER, side) for finger, bones in fingers.items()}
    if name in _MOST:
        return file.names(part, _MOST[name], side)
    return file.name(part, side)

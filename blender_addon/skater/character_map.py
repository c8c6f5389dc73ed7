"""A character map: what the parts of somebody's character are, where their own marks do not say. YAML, written by hand.

`docs/characters.md` shows one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from blender_addon.labels.vocabulary import CLOTHES_INDEX
from blender_addon.makehuman.rig_maps import RIGS
from mocap.meant import meant
from mocap.plain_yaml import Items, Keys, Plain, PlainFile, Word
from mocap.retarget import BoneMap
from mocap.retarget.bone_map_file import read_bone_map

LEFT_OUT = "none"
"""In place of an object's class: it is not taken over."""

_CLASSES = tuple(name for name in CLOTHES_INDEX if name != "background")
_KEYS = ("armature", "bones", "objects", "materials", "stands_on")


@dataclass(frozen=True)
class CharacterMap:
    """What a character map says; all of it may be left open.

    Attributes:
        armature: name of the object that holds the bones.
        bones: which of them play which segments.
        objects: class of clothes, or `LEFT_OUT`, by name or pattern ("*" stands for anything).
        materials: class of clothes by name or pattern.
        stands_on: names or patterns of the objects that touch the ground.
    """

    armature: str | None = None
    bones: BoneMap | None = None
    objects: Mapping[str, str] = field(default_factory=dict)
    materials: Mapping[str, str] = field(default_factory=dict)
    stands_on: tuple[str, ...] = ()


def look_up(name: str, classes: Mapping[str, str]) -> str | None:
    """The class of the first name or pattern that fits; None where none does."""
    return next((found for pattern, found in classes.items() if fnmatchcase(name, pattern)), None)


def read_character_map(path: Path) -> CharacterMap:
    """The map in a YAML file.

    Raises:
        UserError: the file cannot be read, is no YAML, or says what a character map cannot.
    """
    file = PlainFile(path, mend="See docs/characters.md for what a character map holds.")
    values = file.keys(file.top(), _KEYS).values
    return CharacterMap(
        armature=_word(file, values["armature"]) if "armature" in values else None,
        bones=_bones(file, values["bones"]) if "bones" in values else None,
        objects=_classes(file, values["objects"], (*_CLASSES, LEFT_OUT)) if "objects" in values else {},
        materials=_classes(file, values["materials"], _CLASSES) if "materials" in values else {},
        stands_on=_words(file, values["stands_on"]) if "stands_on" in values else (),
    )


def _bones(file: PlainFile, part: Plain) -> BoneMap:
    """One of RIGS by its name, or a bone map's file beside this one."""
    word = _word(file, part)
    if word in RIGS:
        return RIGS[word]
    beside = file.path.parent / word
    if not beside.is_file():
        raise file.mistake(part, f"{word[:40]!r} is neither a known rig nor the file of a bone map", meant(word, RIGS))
    return read_bone_map(beside)


def _classes(file: PlainFile, part: Plain, known: Sequence[str]) -> dict[str, str]:
    if not isinstance(part, Keys):
        raise file.mistake(part, "here belong names, each with its class of clothes")
    out = {name: _word(file, value) for name, value in part.values.items()}
    for name, found in out.items():
        if found not in known:
            raise file.mistake(part.lines[name], f"there is no class {found[:40]!r}", meant(found, known))
    return out


def _words(file: PlainFile, part: Plain) -> tuple[str, ...]:
    return tuple(_word(file, item) for item in (part.items if isinstance(part, Items) else (part,)))


def _word(file: PlainFile, part: Plain) -> str:
    if not isinstance(part, Word) or not part.text:
        raise file.mistake(part, "here belongs a name")
    return part.text

"""A YAML file that a user writes by hand, read as words, lists and keys only, every part with its line.

Meant for files from elsewhere: no tags, no aliases (which could unfold into gigabytes), no deep nesting, no number that
turns into a date. What a word means is for its reader to say.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import yaml

from mocap.errors import UserError
from mocap.meant import listed, meant

# Far more than anyone writes by hand.
MAX_BYTES = 200_000
_MAX_DEPTH = 10


@dataclass(frozen=True)
class Word:
    """A scalar as it is written, without quotes; empty where nothing is."""

    line: int
    text: str


@dataclass(frozen=True)
class Items:
    """A list."""

    line: int
    items: tuple[Plain, ...]


@dataclass(frozen=True)
class Keys:
    """A mapping, in the file's order, and the line on which each key stands."""

    line: int
    values: dict[str, Plain]
    lines: dict[str, int]


Plain: TypeAlias = Word | Items | Keys


@dataclass(frozen=True)
class PlainFile:
    """A file's parts as what they should be, or a mistake that names file and line.

    Attributes:
        path: the file.
        mend: what to do about a mistake that has no mend of its own.
    """

    path: Path
    mend: str | None = None

    def top(self) -> Plain:
        """What the file holds; UserError as `read_plain_yaml`."""
        return read_plain_yaml(self.path)

    def mistake(self, at: Plain | int, message: str, mend: str | None = None) -> UserError:
        """What is wrong with a part, or on a line."""
        line = at if isinstance(at, int) else at.line
        return UserError(message, file=self.path, place=f"line {line}", mend=mend or self.mend)

    def keys(self, part: Plain, known: Iterable[str]) -> Keys:
        """A mapping that has no other keys than these."""
        known = tuple(known)
        if not isinstance(part, Keys):
            raise self.mistake(part, "here belong keys with values", listed(known))
        for key in part.values:
            if key not in known:
                mend = " ".join(filter(None, (meant(key, known), self.mend)))
                raise self.mistake(part.lines[key], f"unknown key {key[:40]!r}", mend)
        return part

    def number(self, part: Plain, low: float, high: float, mend: str | None = None) -> float:
        """A number from low to high."""
        text = part.text if isinstance(part, Word) else ""
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not low <= value <= high:
            shown = f", not {text[:40]!r}" if text else ""
            raise self.mistake(part, f"here belongs a number from {low:g} to {high:g}{shown}", mend)
        return value


def read_plain_yaml(path: Path) -> Plain:
    """The one document of a YAML file.

    Raises:
        UserError: it cannot be read, is too long, is no YAML, or uses more of YAML than words, lists and keys.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UserError(f"cannot be read ({error.strerror or error})", file=path) from None
    if len(data) > MAX_BYTES:
        raise UserError(f"longer than {MAX_BYTES} bytes", file=path, mend="Nobody writes so much by hand.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError("not UTF-8 text", file=path, mend="Save it as UTF-8.") from None
    try:
        return _built(yaml.parse(text, Loader=yaml.BaseLoader), path)
    except yaml.MarkedYAMLError as error:
        place = None if error.problem_mark is None else f"line {error.problem_mark.line + 1}"
        raise UserError(f"not YAML: {error.problem}", file=path, place=place) from None
    except yaml.YAMLError as error:
        raise UserError(f"not YAML: {error}", file=path) from None


def _built(events: Iterable[yaml.Event], path: Path) -> Plain:
    documents: list[Plain] = []
    # What is open at each depth: its line, whether it is a mapping, and the parts read so far.
    opened: list[tuple[int, bool, list[Plain]]] = []
    for event in events:
        line = 1 if event.start_mark is None else event.start_mark.line + 1
        done: Plain | None = None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise UserError("anchors and aliases are not used here", file=path, place=f"line {line}")
        if getattr(event, "tag", None) not in (None, "!"):
            raise UserError("tags are not used here", file=path, place=f"line {line}")
        if isinstance(event, yaml.CollectionStartEvent):
            if len(opened) >= _MAX_DEPTH:
                raise UserError("nested too deeply", file=path, place=f"line {line}")
            opened.append((line, isinstance(event, yaml.MappingStartEvent), []))
        elif isinstance(event, yaml.ScalarEvent):
            done = Word(line, event.value)
        elif isinstance(event, yaml.CollectionEndEvent):
            at, is_mapping, parts = opened.pop()
            done = _keyed(at, parts, path) if is_mapping else Items(at, tuple(parts))
        if done is not None:
            (opened[-1][2] if opened else documents).append(done)
    if len(documents) != 1:
        raise UserError("the file is empty" if not documents else "more than one document", file=path)
    return documents[0]


def _keyed(line: int, parts: list[Plain], path: Path) -> Keys:
    """A mapping of keys and values, which alternate."""
    out = Keys(line, {}, {})
    for key, value in zip(parts[::2], parts[1::2], strict=True):
        if not isinstance(key, Word):
            raise UserError("a key is a word", file=path, place=f"line {key.line}")
        if key.text in out.values:
            raise UserError(f"the key {key.text[:40]!r} stands here twice", file=path, place=f"line {key.line}")
        out.values[key.text] = value
        out.lines[key.text] = key.line
    return out

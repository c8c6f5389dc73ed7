"""A YAML text that is to hold other values: only what differs is written anew, all else keeps every byte. Pure.

Libraries that keep comments write the whole file in their own style again: of the 170 lines of the example in
docs/job.md, ruamel.yaml 0.19 changes 88 for one number. Here, PyYAML says where in the text each value stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from mocap.errors import UserError
from render_scripts.job.yaml_file import parse

MOST_EDITS = 1000
_ENDS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
_ENDLESS = 10**9  # letters of a line, so that none is broken


def rewrite(text: str, wanted: Mapping[str, Any], path: Path) -> str:
    """The text with as little changed as makes it hold `wanted`.

    Args:
        text: a mapping in YAML that can be read; path: of its file, for messages.

    Raises:
        UserError: what is to be changed is also used elsewhere in the file, by its anchor or a merge key.
    """
    for _ in range(MOST_EDITS):
        data = parse(text, path)[1]
        edit = next(_edits(_tree(text), data, wanted, _Text(text)), None)
        if edit is None:
            return text
        changed = _with(text, *edit)
        if changed == text or not _holds_yaml(changed, path):
            break
        text = changed
    raise UserError(
        "a value that changes is also used elsewhere in this file, by an anchor (&) or a merge key (<<)",
        file=path,
        mend="Change it there in a text editor, and open it again.",
    )


def _with(text: str, start: int, end: int, instead: str) -> str:
    """The text with an edit made; a comment behind it keeps its column as far as there is room."""
    gap = re.match(r"( {2,})#", text[end:])
    if gap is not None and "\n" not in instead + text[start:end]:
        room = len(gap[1]) + end - start - len(instead)
        return text[:start] + instead + " " * max(room, 2) + text[end + len(gap[1]) :]
    return text[:start] + instead + text[end:]


Edit = tuple[int, int, str]
"""From which letter to which (not included) other text comes, and which."""


@dataclass
class _Node:
    """A value in the text: from the letter `start` to `end`.

    Attributes:
        column: of its first letter; flow: whether it is a collection in brackets.
        keys, parts: of a mapping, or the parts of a list; no parts of a scalar or an alias.
    """

    start: int
    end: int
    column: int
    flow: bool = True
    keys: list[_Node] = field(default_factory=list)
    parts: list[_Node] = field(default_factory=list)
    word: str = ""


class _Text:
    """The lines of a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.newline = "\r\n" if "\r\n" in text else "\n"

    def line_start(self, place: int) -> int:
        return self.text.rfind("\n", 0, place) + 1

    def line_end(self, place: int) -> int:
        """The place of the line's end mark, or the text's end."""
        end = self.text.find("\n", place)
        if end < 0:
            return len(self.text)
        return end - 1 if self.text[end - 1] == "\r" and end > place else end

    def after_line(self, place: int) -> int:
        """The first letter of the next line, or the text's end."""
        end = self.text.find("\n", place)
        return len(self.text) if end < 0 else end + 1

    def colon(self, key: _Node) -> int:
        """The place after the colon of a key."""
        return self.text.index(":", key.end) + 1


def _tree(text: str) -> _Node:
    events = iter(yaml.parse(text, Loader=yaml.SafeLoader))
    for event in events:
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            return _node(event, events, text)
    raise UserError("a job file is a mapping of keys to values")


def _node(event: Any, events: Iterator[Any], text: str) -> _Node:
    mark: Any = event.start_mark
    node = _Node(mark.index, event.end_mark.index, mark.column)
    if isinstance(event, yaml.ScalarEvent):
        node.word = event.value
        if event.style in ("|", ">"):
            node.end = node.start + len(text[node.start : node.end].rstrip())
    elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
        node.flow = bool(event.flow_style)
        mapping = isinstance(event, yaml.MappingStartEvent)
        while not isinstance(inner := next(events), _ENDS):
            if mapping:
                node.keys.append(_node(inner, events, text))
                inner = next(events)
            node.parts.append(_node(inner, events, text))
        # A collection in lines ends where its last value does; the parser says where the next thing begins.
        end: Any = inner.end_mark
        node.end = end.index if node.flow else max(part.end for part in node.parts)
        if not node.flow and node.keys:
            node.column = node.keys[0].column
    return node


def _edits(node: _Node, data: Any, wanted: Any, text: _Text) -> Iterator[Edit]:
    """Changes that bring what the node holds nearer to what is wanted; they are true of the text one at a time."""
    if _same(data, wanted):
        return
    if isinstance(data, dict) and isinstance(wanted, Mapping) and node.keys and wanted:
        yield from _in_mapping(node, data, wanted, text)
    elif isinstance(data, dict) and isinstance(wanted, Mapping) and wanted and node.flow and _is_empty(node, text):
        key, value = next(iter(wanted.items()))
        yield node.start + 1, node.start + 1, f"{_short(key)}: {_short(value)}"
    elif isinstance(data, list) and isinstance(wanted, list) and len(data) == len(wanted) == len(node.parts):
        for part, old, new in zip(node.parts, data, wanted, strict=True):
            yield from _edits(part, old, new, text)
    else:
        # Where nothing stands, which is null, there may be no room before it either.
        yield node.start, node.end, f"{' ' if node.start == node.end else ''}{_short(wanted)}"


def _in_mapping(node: _Node, data: Mapping[str, Any], wanted: Mapping[str, Any], text: _Text) -> Iterator[Edit]:
    places = {key.word: number for number, key in enumerate(node.keys)}
    for name, value in wanted.items():
        if name in places and not _same(data[name], value):
            yield from _at_key(node.keys[places[name]], node.parts[places[name]], data[name], value, text)
    # New keys come before others go, so that a block is never left empty.
    for name, value in wanted.items():
        if name not in places and (name not in data or not _same(data[name], value)):
            yield _added(node, name, value, text)
    for name, number in places.items():
        if name not in wanted and name in data:
            yield _removed(node, number, text)


def _at_key(key: _Node, part: _Node, old: Any, new: Any, text: _Text) -> Iterator[Edit]:
    colon = text.colon(key)
    for start, end, instead in _edits(part, old, new, text):
        if (start, end) != (part.start, part.end):
            yield start, end, instead
        elif start == end:
            yield colon, colon, instead
        elif text.line_start(start) > colon:
            # A block under its key: the value takes its place behind the colon, before a comment that stands there.
            line = text.line_end(colon)
            yield colon, end, f" {instead}{text.text[colon:line].rstrip()}"
        else:
            yield start, end, instead


def _added(node: _Node, name: str, value: Any, text: _Text) -> Edit:
    last = max(node.keys[-1].end, node.parts[-1].end)
    if node.flow:
        return last, last, f", {_short(name)}: {_short(value)}"
    place = text.line_end(last)
    return place, place, "".join(f"{text.newline}{' ' * node.column}{line}" for line in entry(name, value))


def _removed(node: _Node, number: int, text: _Text) -> Edit:
    key, part = node.keys[number], node.parts[number]
    end = max(key.end, part.end)
    if len(node.keys) == 1:
        return node.start, node.end, "{}"
    following = node.keys[number + 1].start if number + 1 < len(node.keys) else None
    if node.flow:
        if number > 0:
            return max(node.keys[number - 1].end, node.parts[number - 1].end), end, ""
        assert following is not None
        return key.start, following, ""
    line = text.line_start(key.start)
    if text.text[line : key.start].strip(" \ufeff") and following is not None:
        return key.start, following, ""  # behind a dash
    return line, text.after_line(end), ""


def _is_empty(node: _Node, text: _Text) -> bool:
    return text.text[node.start : node.start + 1] == "{" and not node.keys


def _short(value: Any) -> str:
    """A value on one line, as it may stand anywhere."""
    listed = yaml.safe_dump([value], default_flow_style=True, sort_keys=False, allow_unicode=True, width=_ENDLESS)
    return listed.strip()[1:-1]


def entry(name: str, value: Any) -> list[str]:
    """A key with its value as lines: what has no lists or blocks in it on one."""
    parts = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    if not any(isinstance(part, (Mapping, list)) for part in parts):
        return [f"{_short(name)}: {_short(value)}"]
    text = yaml.safe_dump({name: value}, sort_keys=False, default_flow_style=None, allow_unicode=True, width=_ENDLESS)
    return text.splitlines()


def _same(one: Any, other: Any) -> bool:
    """Whether two values of YAML are the same; 1 and 1.0 are, 1 and true are not."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)


def _holds_yaml(text: str, path: Path) -> bool:
    try:
        parse(text, path)
    except UserError:
        return False
    return True

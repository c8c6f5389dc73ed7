"""A job file as text and as YAML: read whole, without tags, and with the line of every key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from mocap.errors import UserError

MAX_BYTES = 1_000_000

Step = int | str
"""A key of a mapping or a place in a list."""


def text_of(path: Path) -> str:
    """The file's text. UserError if it cannot be read as such."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise UserError("this is too large to be a job file", file=path)
        return data.decode("utf-8-sig")
    except FileNotFoundError:
        raise UserError("no such file", file=path) from None
    except OSError as error:
        raise UserError(f"cannot be read ({error.strerror or error})", file=path) from None
    except UnicodeDecodeError:
        raise UserError("this is not text in UTF-8", file=path) from None


def parse(text: str, path: Path) -> tuple[yaml.Node, Any]:
    """The document's nodes, and what they hold. UserError for what is no YAML, is empty or has a key twice."""
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is None:
            raise UserError("the file is empty", file=path)
        _refuse_repeats(node, path)
        return node, loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        line = None if error.problem_mark is None else f"line {error.problem_mark.line + 1}"
        raise UserError(f"not YAML: {error.problem}", file=path, place=line) from None
    except (yaml.YAMLError, ValueError) as error:
        raise UserError(f"not YAML: {error}", file=path) from None
    except RecursionError:
        raise UserError("nested too deeply for a job file", file=path) from None


def line_of(node: yaml.Node | None, place: tuple[Step, ...]) -> int | None:
    """Line of the deepest part of a place that the file has."""
    line = None
    for step in place:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if str(k.value) == str(step)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line + 1, found[1]
        else:
            break
    return line


def _refuse_repeats(root: yaml.Node, path: Path) -> None:
    """PyYAML keeps the last of two equal keys; a user would never learn of the first."""
    waiting, seen = [root], {id(root)}
    while waiting:
        node = waiting.pop()
        children: list[yaml.Node] = []
        if isinstance(node, yaml.SequenceNode):
            children = list(node.value)
        elif isinstance(node, yaml.MappingNode):
            keys: set[str] = set()
            for key, value in node.value:
                if isinstance(key, yaml.ScalarNode) and key.value in keys:
                    raise UserError(
                        f"the key '{key.value}' stands here twice", file=path, place=f"line {key.start_mark.line + 1}"
                    )
                keys.add(str(key.value))
                children.append(value)
        for child in children:
            if id(child) not in seen:
                seen.add(id(child))
                waiting.append(child)

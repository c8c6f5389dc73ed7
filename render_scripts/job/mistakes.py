"""The first mistake of a job file as one line: which line, which key, what is wrong, what was meant."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast, get_args, get_origin

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from mocap.errors import UserError
from mocap.meant import nearest
from render_scripts.distributions import in_brackets
from render_scripts.job.block import COMPANY
from render_scripts.job.yaml_file import Step, line_of


def first_mistake(error: ValidationError, model: type[BaseModel], path: Path, node: yaml.Node) -> UserError:
    """What a user reads when a file's `node` is not what the `model` asks for."""
    details = error.errors(include_url=False, include_context=False)
    places = [d["loc"] for d in details]
    # A list with a bad item is also reported as too short; only the item is the user's mistake.
    details = [d for d in details if not any(len(p) > len(d["loc"]) and p[: len(d["loc"])] == d["loc"] for p in places)]
    lines = [line_of(node, d["loc"]) or 0 for d in details]
    first, line = min(zip(details, lines, strict=True), key=lambda pair: pair[1])
    more = f" (and {len(details) - 1} more)" if len(details) > 1 else ""
    place = ", ".join(part for part in (f"line {line}" if line else "", dotted(first["loc"])) if part)
    return UserError(_sentence(first, model) + more, file=path, place=place or None)


def _sentence(detail: ErrorDetails, root: type[BaseModel]) -> str:
    if detail["type"] == "extra_forbidden":
        key = str(detail["loc"][-1])
        model = _model_at(root, detail["loc"][:-1])
        return f"unknown key '{key}'" + ("" if model is None else _where(key, model))
    if detail["type"] == "missing":
        return "this is missing"
    if detail["type"] == "tuple_type":
        return "give a list: lines that begin with a dash, or [ … ]"
    if detail["type"] in ("model_type", "dict_type"):
        return "give keys with values"
    if detail["type"] == "string_pattern_mismatch":
        return f"use letters, digits and dashes, 1 to 32 of them, not {detail['input']!r}"
    text = detail["msg"].removeprefix("Value error, ")
    value = detail["input"]
    short = isinstance(value, (str, int, float)) and len(str(value)) < 60
    # What a message is about need not be said once more, nor a value that is good but in the wrong company.
    known = isinstance(value, str) and repr(value) in text
    shown = f", not {value!r}" if short and detail["type"] != COMPANY and not known else ""
    return text[:1].lower() + text[1:] + shown


def _where(key: str, model: type[BaseModel]) -> str:
    """What was meant by a key that a block does not have: one like it, or the very one of a block in it."""
    if nearest(key, model.model_fields) is None:
        for name, field in model.model_fields.items():
            if _is_model(field.annotation) and key in cast("type[BaseModel]", field.annotation).model_fields:
                return f" (it belongs under {name}:)"
    return in_brackets(key, model.model_fields)


def _model_at(root: type[BaseModel], place: tuple[Step, ...]) -> type[BaseModel] | None:
    here: Any = root
    for step in place:
        if get_origin(here) is dict:
            here = get_args(here)[1]
        elif isinstance(step, int):
            here = get_args(here)[0]
        elif _is_model(here) and step in here.model_fields:
            here = here.model_fields[step].annotation
        else:
            return None
        here = next((part for part in get_args(here) if _is_model(part)), here) if not _is_many(here) else here
    return here if _is_model(here) else None


def _is_many(hint: Any) -> bool:
    origin = get_origin(hint)
    return isinstance(origin, type) and issubclass(origin, (tuple, Mapping))


def _is_model(hint: Any) -> bool:
    return isinstance(hint, type) and get_origin(hint) is None and issubclass(hint, BaseModel)


def dotted(place: tuple[Step, ...]) -> str:
    """A place as a user would write it: `cameras[0].name`."""
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text

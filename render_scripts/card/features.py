"""What a sample's fields and their JSON are, as Hugging Face's `datasets` spells features in YAML."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from blender_addon.labels.dense import DENSE_FIELDS, Encoding
from render_scripts.sample import Fields

# Lists that may be empty in the first sample, where nothing shows what they hold.
_VALUE = {"name": "", "value": 0.0}
_ITEM_EXAMPLES: Mapping[str, Any] = {
    "events": {"type": "", "name": "", "turns": 0.0, "height": 0.0, "rate": 0.0, "start": 0.0, "end": 0.0},
    "parameters": _VALUE,
    "parts": {"part": "", "visible": 0.0},
    "coefficients": 0.0,
    "spot_colors": [0.0],
    "place": 0.0,
    "garments": "",
    "details": _VALUE,
    "expression": _VALUE,
    "cut": _VALUE,
    "outfit": {
        "garment": "",
        "fabric": "",
        "color": [0.0],
        "second": [0.0],
        "cut": [_VALUE],
        "file": "",
    },
}
# Pictures of three channels with 16 bits each: Pillow, which `datasets` decodes with, would leave 8 of them.
_DEEP = frozenset(field.file for field in DENSE_FIELDS if field.encoding is not Encoding.MILLIMETRES)


def features(sample: Fields) -> list[dict[str, Any]]:
    """The features of `datasets` for a WebDataset with such samples, as its YAML spells them."""
    out: list[dict[str, Any]] = [
        {"name": "__key__", "dtype": "string"},
        {"name": "__url__", "dtype": "string"},
    ]
    for name, data in sorted(sample.items()):
        if name == "json":
            out.append({"name": name, **type_of(json.loads(data), name)})
        else:
            out.append({"name": name, "dtype": "binary" if name in _DEEP else "image"})
    return out


def type_of(value: Any, name: str) -> dict[str, Any]:
    """The feature of a value of JSON; `name` is that of the key it stands at."""
    if isinstance(value, dict):
        return {"struct": [{"name": key, **type_of(item, key)} for key, item in value.items()]}
    if isinstance(value, list):
        inner = type_of(value[0] if value else _ITEM_EXAMPLES[name], name)
        return {"list": inner["dtype"] if set(inner) == {"dtype"} else inner.get("struct", inner)}
    if isinstance(value, bool):
        return {"dtype": "bool"}
    if isinstance(value, int):
        return {"dtype": "int64"}
    return {"dtype": "float64" if isinstance(value, float) else "string"}


_PLAIN: Mapping[str, type] = {"bool": bool, "int64": int, "float64": float, "string": str}


def strays(value: Any, feature: Mapping[str, Any], place: str = "json") -> Iterator[str]:
    """What of a value of JSON is not as its feature says: keys too few or too many, 5 where it should be 5.0, …"""
    if "struct" in feature:
        yield from _of_struct(value, feature["struct"], place)
    elif "list" in feature:
        yield from _of_list(value, feature["list"], place)
    elif type(value) is not _PLAIN[feature["dtype"]]:
        yield f"{place} is {_short(value)}, and {feature['dtype']} in the data card"


def _of_struct(value: Any, members: list[dict[str, Any]], place: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{place} is {_short(value)}, and a mapping in the data card"
        return
    if list(value) != [member["name"] for member in members]:
        names = {member["name"] for member in members}
        odd = sorted(names ^ set(value))
        yield f"{place} has other keys than in the data card: {', '.join(odd) or 'another order'}"
    for member in members:
        if member["name"] in value:
            yield from strays(value[member["name"]], member, f"{place}.{member['name']}")


def _of_list(value: Any, inner: Any, place: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{place} is {_short(value)}, and a list in the data card"
        return
    if isinstance(inner, str):
        kind = _PLAIN[inner]
        if not {kind}.issuperset(map(type, value)):
            odd = next(item for item in value if type(item) is not kind)
            yield f"{place} has {_short(odd)} in it, and {inner} in the data card"
        return
    feature = {"struct": inner} if isinstance(inner, list) else inner
    for number, item in enumerate(value):
        yield from strays(item, feature, f"{place}[{number}]")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:39]}…"

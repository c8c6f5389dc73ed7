"""What the JSON of a sample holds: keys, types, ranges. As pydantic's models, and from these as a JSON schema.

`python -m render_scripts.sample_schema docs/sample.schema.json` writes the schema down; a test holds the two to each
other. Whoever changes what a sample holds raises `VERSION`. Source of all names and units: `sample.py`. No bpy.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import types
import typing
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from annotated_types import Len
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError, create_model

from blender_addon.cast import ROLES
from blender_addon.clip import CameraSpec, LightSpec, RinkSpec
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.vocabulary import BODY_PARTS, Cause, Visibility
from render_scripts.sample import BODY_FACTS, UNKNOWN

VERSION = 1

Vector2 = tuple[float, float]
Vector3 = tuple[float, float, float]
Vector4 = tuple[float, float, float, float]
Matrix3 = tuple[Vector3, Vector3, Vector3]
Share = Annotated[float, Field(ge=0.0, le=1.0)]
Positive = Annotated[float, Field(gt=0.0)]
Least0 = Annotated[float, Field(ge=0.0)]
Count = Annotated[int, Field(ge=0)]


class _Block(BaseModel):
    """Every key is there and no other; numbers are finite; texts are not taken for numbers."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False)


def _any_of(*values: str | int) -> Any:
    return Literal[values]


def _absent() -> Any:
    """In place of a key that not every data set has; where it stands, it holds something."""
    return None


class Distortion(_Block):
    """A lens: docs/samples.md, "Geometry"."""

    model: Literal["none", "opencv", "fisheye"]
    coefficients: list[float]


class Exposure(_Block):
    """How a camera was set."""

    stops: float
    iso: Positive
    shutter: Positive
    f_number: Positive
    gains: Vector3


class Edge(_Block):
    """The camera when an edge of the picture was read."""

    time: float
    R: Matrix3
    t: Vector3


class Camera(_Block):
    """Where the picture was taken from, with what, and when."""

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{1,32}$")]
    profile: str
    width: Annotated[int, Field(ge=1, le=65536)]
    height: Annotated[int, Field(ge=1, le=65536)]
    K: Matrix3
    distortion: Distortion
    R: Matrix3
    t: Vector3
    exposure: Exposure
    instant: Literal["middle of the exposure"]
    readout: Least0
    top: Edge
    bottom: Edge


class Box(_Block):
    """Upright, in the world."""

    center: Vector3
    size: Annotated[list[Least0], Len(3, 3)]
    yaw: float


class Amodal(_Block):
    """A whole silhouette."""

    bbox: Vector4
    visible: Share


class Part(_Block):
    """A body part, and how much of its own silhouette is seen."""

    part: _any_of(*(c.name for c in BODY_PARTS[1:]))  # type: ignore[valid-type]
    visible: Annotated[float, Field(ge=UNKNOWN, le=1.0)]


class Value(_Block):
    """One of several, by name."""

    name: str
    value: float


class Skin(_Block):
    """Tone is linear RGB."""

    tone: Vector3
    freckles: float
    blush: float


class Hair(_Block):
    """Colour is linear RGB; a file goes by its name."""

    style: str
    color: Vector3
    length: float
    file: str


class Garment(_Block):
    """What is worn."""

    garment: str
    fabric: str
    color: Vector3
    second: Vector3
    cut: list[Value]
    file: str


class Event(_Block):
    """An element under way; seconds of the movement."""

    type: str
    name: str
    turns: float
    height: float
    rate: float
    start: float
    end: float


class Motion(_Block):
    """What the first person in focus shows."""

    take: str
    frame: Count
    events: list[Event]
    parameters: list[Value]
    speed: Positive
    mirror: bool
    noise: Least0
    root: Literal["recorded", "in_place", "path"]


def _keypoints() -> type[BaseModel]:
    """Every set that there is, with as many points as it has; a data set has some of them."""
    sets: dict[str, Any] = {}
    for name, points in KEYPOINT_SETS.items():
        size = Len(len(points.points), len(points.points))
        fields: dict[str, Any] = {
            "xy": (Annotated[list[Vector2], size], ...),
            "xyz": (Annotated[list[Vector3], size], ...),
            "visibility": (Annotated[list[_any_of(*map(int, Visibility))], size], ...),  # type: ignore[misc]
            "cause": (Annotated[list[_any_of(*map(int, Cause))], size], ...),  # type: ignore[misc]
        }
        sets[name] = (create_model(f"Points_{name}", __base__=_Block, **fields), Field(default_factory=_absent))
    return create_model("Keypoints", __base__=_Block, __doc__="By set, in its order of points.", **sets)


def _body() -> type[BaseModel]:
    known: dict[str, Any] = dict.fromkeys(BODY_FACTS, (Annotated[float, Field(ge=UNKNOWN)], ...))
    lists: dict[str, Any] = {"details": (list[Value], ...), "expression": (list[Value], ...)}
    return create_model("Body", __base__=_Block, __doc__=f"{UNKNOWN:g} where it is not known.", **known, **lists)


def _spec(kind: Any) -> type[BaseModel]:
    """The model of what `scene_facts.facts` makes of a dataclass."""
    hints = typing.get_type_hints(kind)
    fields: dict[str, Any] = {field.name: (_stored(hints[field.name]), ...) for field in dataclasses.fields(kind)}
    return create_model(kind.__name__, __base__=_Block, **fields)


def _stored(hint: Any) -> Any:
    """Texts and lists stand for None when they are empty."""
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        stored = _stored(next(option for option in inside if option is not type(None)))
        return stored | Annotated[list[float], Len(0, 0)] if typing.get_origin(stored) is tuple else stored
    if dataclasses.is_dataclass(hint):
        return _spec(hint)
    if origin is tuple:
        parts = tuple(_stored(part) for part in inside if part is not Ellipsis)
        return list[parts[0]] if Ellipsis in inside else tuple[parts]  # type: ignore[valid-type]
    return hint


class Person(_Block):
    """Somebody in the picture, or beside it."""

    instance: Annotated[int, Field(ge=1, le=65535)]
    role: _any_of(*ROLES)  # type: ignore[valid-type]
    in_focus: bool
    bbox: Annotated[list[Least0], Len(4, 4)]
    visible_fraction: Share
    parts: list[Part] = Field(default_factory=_absent)
    amodal: Amodal = Field(default_factory=_absent)
    box_3d: Box
    keypoints: _keypoints()  # type: ignore[valid-type]
    body: _body()  # type: ignore[valid-type]
    character: str
    skin: Skin
    hair: Hair
    eyes: Vector3
    garments: list[str]
    outfit: list[Garment]


class Scene(_Block):
    """What was drawn for the surroundings: docs/samples.md, "Scene"."""

    rink: _spec(RinkSpec)  # type: ignore[valid-type]
    light: _spec(LightSpec)  # type: ignore[valid-type]
    camera: _spec(CameraSpec)  # type: ignore[valid-type]


class SampleFacts(_Block):
    """The JSON of a sample."""

    key: Annotated[str, StringConstraints(pattern=r"^[0-9]{6,9}_[A-Za-z0-9-]{1,32}_[0-9]{6,9}$")]
    clip: Count
    frame: Count
    time: Least0
    label_source: Literal["synthetic"]
    camera: Camera
    people: list[Person]
    motion: Motion
    scene: Scene
    seed: Count
    versions: dict[str, str]


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[SampleFacts]:
    return TypeAdapter(SampleFacts)


def faults_of_json(data: bytes, most: int = 5) -> list[str]:
    """What is wrong with a sample's JSON: dotted place and reason, the first few of it; empty if nothing is."""
    try:
        _adapter().validate_json(data)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        return [f"{'.'.join(map(str, one['loc'])) or 'json'}: {one['msg']}" for one in found[:most]]
    return []


def schema_text() -> str:
    """The JSON schema (draft 2020-12) as it is committed."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"skatesynth-sample-{VERSION}",
        **_adapter().json_schema(),
    }
    return json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(schema_text(), encoding="utf-8", newline="\n")

"""One sample of a data set, read when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from blender_addon.labels.dense import DENSE_FIELDS
from mocap.errors import UserError
from render_scripts.dense_fields import decode_dense, decode_picture
from render_scripts.export.samples import reading, split_of
from render_scripts.reading.index import Index
from render_scripts.sample import Fields, facts_of, parse_key

_DENSE = {field.name: field.file for field in DENSE_FIELDS}
_PICTURES = ("rgb.png", "rgb.jpg")


class Sample:
    """A labelled picture. Nothing is read until it is asked for; arrays are not kept, the JSON is.

    Attributes:
        key, clip, camera, frame: who it is; split: that it is of.
    """

    def __init__(self, index: Index, place: int) -> None:
        self._index, self._place = index, place
        self.key = index.keys[place]
        self.clip, self.camera, self.frame = parse_key(self.key)
        self.shard = index.shards[index.shard[place]]
        self.split = split_of(self.shard)

    def __repr__(self) -> str:
        return f"<Sample {self.key} of {self.split}: {', '.join(self.names)}>"

    @property
    def fields(self) -> tuple[str, ...]:
        """Names of the fields as stored, such as `rgb.png`."""
        return self._index.fields(self._place)

    @property
    def names(self) -> tuple[str, ...]:
        """What `self[name]` gives."""
        fields = ("rgb" if field in _PICTURES else field.removesuffix(".png") for field in self.fields)
        return tuple(name for name in fields if name != "json")

    def __getitem__(self, name: str) -> np.ndarray:
        """An array: `rgb` (H, W, 3) uint8; `body`, `clothes`, `instance`, `amodal` (H, W) as stored; a label of every
        pixel in metres, pixels or unit vectors, float32 (`dense_fields.decode_dense`).

        Raises:
            KeyError: the sample has none of that name. UserError: what is stored is no picture.
        """
        if name == "rgb":
            stored = next((field for field in self.fields if field in _PICTURES), None)
        else:
            stored = f"{name}.png" if f"{name}.png" in self.fields else None
        if stored is None:
            raise KeyError(f"{self.key} has no {name!r}; it has {', '.join(self.names)}")
        data = self.raw(stored)
        with reading(self.shard, f"{self.key}.{stored}"):
            return decode_dense({stored: data})[name] if name in _DENSE else decode_picture(data)

    @cached_property
    def facts(self) -> dict[str, Any]:
        """The JSON: camera, people, motion, scene. UserError if there is none."""
        with reading(self.shard, self.key):
            return facts_of({"json": self.raw("json")})

    @property
    def people(self) -> Sequence[dict[str, Any]]:
        """Of the JSON. UserError if it has none."""
        with reading(self.shard, self.key):
            people: Sequence[dict[str, Any]] = self.facts["people"]
        return people

    def keypoints(self, name: str, part: str = "xy") -> np.ndarray:
        """Of everybody: (N, P, 2) `xy`, (N, P, 3) `xyz`, (N, P) `visibility` or `cause`, in the order of `people`."""
        with reading(self.shard, self.key):
            return np.array([person["keypoints"][name][part] for person in self.people])

    def raw(self, field: str) -> bytes:
        """A field as stored. KeyError if there is none of that name; UserError if the shard has changed since."""
        offset, size = self._index.span(self._place, field)
        # A file of its own for each read: nothing is shared between threads or with processes that were forked.
        try:
            with self.shard.open("rb", buffering=0) as file:
                file.seek(offset)
                data = file.read(size)
        except OSError as error:
            raise UserError(f"cannot be read ({error.strerror or error})", file=self.shard) from None
        if len(data) != size:
            raise UserError("is shorter than it was when it was opened", file=self.shard, place=f"{self.key}.{field}")
        return data

    def read(self) -> Fields:
        """All fields as stored."""
        return {field: self.raw(field) for field in self.fields}

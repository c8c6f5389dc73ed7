"""A sample as arrays, for checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mocap.rotations import Array
from render_scripts.dense_fields import decode_dense, decode_picture
from render_scripts.sample import Fields, facts_of, picture_of

MASKS = ("body", "clothes", "instance")
# Metres from which on depth is only known to be so much or more.
FURTHEST = 65.534


@dataclass(frozen=True)
class Points:
    """A keypoint set of one person: `xy` (P, 2), `xyz` (P, 3), `visibility` (P,), `cause` (P,)."""

    set: str
    instance: int
    xy: Array
    xyz: Array
    visibility: np.ndarray
    cause: np.ndarray


@dataclass(frozen=True)
class Decoded:
    """A sample's pictures and facts.

    Attributes:
        rgb: (H, W, 3) uint8; body, clothes, instance: (H, W) of whatever type they are stored in.
        dense: labels of every pixel by name, as `dense_fields.decode_dense` gives them.
        facts: the JSON.
        points: of all people.
        amodal: (H, W) bits of whole silhouettes, None where there are none.
    """

    rgb: np.ndarray
    body: np.ndarray
    clothes: np.ndarray
    instance: np.ndarray
    dense: Mapping[str, np.ndarray]
    facts: Mapping[str, Any]
    points: tuple[Points, ...]
    amodal: np.ndarray | None = None

    @property
    def depth(self) -> Array | None:
        """(H, W) float64 metres along the axis: 0 where nothing is hit, infinite where it is beyond what is stored."""
        depth = self.dense.get("depth")
        return None if depth is None else np.where(depth >= FURTHEST, np.inf, depth.astype(np.float64))

    @property
    def camera(self) -> Mapping[str, Any]:
        """The JSON's camera."""
        camera: Mapping[str, Any] = self.facts["camera"]
        return camera

    @property
    def people(self) -> Sequence[Mapping[str, Any]]:
        """The JSON's people."""
        people: Sequence[Mapping[str, Any]] = self.facts["people"]
        return people


def decoded(fields: Fields) -> Decoded:
    """A sample as it was read from a shard. KeyError, ValueError, TypeError for what is none."""
    facts = facts_of(fields)
    body, clothes, instance = (decode_picture(fields[f"{name}.png"]) for name in MASKS)
    return Decoded(
        rgb=picture_of(fields),
        body=body,
        clothes=clothes,
        instance=instance,
        dense=decode_dense(fields),
        facts=facts,
        points=tuple(
            Points(
                name,
                int(person["instance"]),
                np.array(points["xy"], dtype=np.float64).reshape(-1, 2),
                np.array(points["xyz"], dtype=np.float64).reshape(-1, 3),
                np.array(points["visibility"], dtype=np.int64),
                np.array(points["cause"], dtype=np.int64),
            )
            for person in facts["people"]
            for name, points in person["keypoints"].items()
        ),
        amodal=decode_picture(fields["amodal.png"]) if "amodal.png" in fields else None,
    )

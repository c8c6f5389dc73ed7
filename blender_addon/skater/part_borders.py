"""Borders between body parts: surfaces through the rest pose, which cut whatever lies there, skin, sleeve or boot."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np

from mocap.rotations import Array


@dataclass(frozen=True)
class PartBorder:
    """The surface between two body parts.

    Attributes:
        near, far: the parts on its two sides; `far` is a piece of what would all be `near`.
        points: (K, 3) and
        normals: (K, 3) units, of planes: the far side is in front of all of them.
        round_by: metres by which the edges where planes meet are rounded.
    """

    near: int
    far: int
    points: Array
    normals: Array
    round_by: float = 0.0

    def field(self, places: Array) -> Array:
        """(N,) metres, about, from the border to places (N, 3) at rest; positive on the far side."""
        heights = [(places - point) @ normal for point, normal in zip(self.points, self.normals, strict=True)]
        out: Array = heights[0]
        for height in heights[1:]:
            lower = np.minimum(out, height)
            if self.round_by > 0.0:
                # The polynomial smooth minimum (Quilez, "Smooth minimum").
                lower = lower - np.maximum(self.round_by - np.abs(out - height), 0.0) ** 2 / (4.0 * self.round_by)
            out = lower
        return out


@dataclass(frozen=True)
class PartBorders:
    """All borders of a body, in the order in which they cut it up.

    Attributes:
        whole: the part that everything is before it is cut.
        borders: each divides what is its `near` part by then.
    """

    whole: int
    borders: tuple[PartBorder, ...]

    def parts_at(self, places: Array) -> np.ndarray:
        """(N,) uint8 body part at places (N, 3) at rest."""
        out = np.full(len(places), self.whole, dtype=np.uint8)
        for border in self.borders:
            near = np.flatnonzero(out == border.near)
            out[near[border.field(places[near]) > 0.0]] = border.far
        return out

    def moved(self, offset: Array) -> PartBorders:
        """The borders of a body that stands elsewhere by (3,)."""
        return dataclasses.replace(
            self, borders=tuple(dataclasses.replace(b, points=b.points + offset) for b in self.borders)
        )

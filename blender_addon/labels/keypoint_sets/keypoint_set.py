"""What a keypoint set is, and how one is written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

GROUPS = ("Body", "Skating", "Hands and Face", "Motion Capture")
"""Headings under which sets are listed, in this order."""


@dataclass(frozen=True)
class KeypointSet:
    """A skeleton of 2D/3D points.

    Attributes:
        name: as it stands in a sample's JSON; title: as people read it, and
        about: who uses it, in a line; group: of `GROUPS`, under which it is listed.
        points: names in the order of the format.
        landmarks: per point, the landmarks it is the mean of (one, or two for a midpoint).
        limbs: pairs of point indices, for drawing and for part affinity fields.
    """

    name: str
    points: tuple[str, ...]
    landmarks: tuple[tuple[str, ...], ...]
    limbs: tuple[tuple[int, int], ...]
    title: str = ""
    about: str = ""
    group: str = "Body"

    @cached_property
    def mirror(self) -> tuple[int, ...]:
        """Per point, the index of the point that it is in a mirror: itself for those in the middle, or on one hand."""
        own = [frozenset(marks) for marks in self.landmarks]
        out = []
        for k, marks in enumerate(own):
            other = frozenset(_other_side(name) for name in marks)
            # Where a format has a point twice, the first is the first's image and the second the second's.
            rank = own[:k].count(marks)
            same = [i for i, candidate in enumerate(own) if candidate == other]
            out.append(same[rank] if same else k)
        return tuple(out)


def keypoint_set(
    name: str,
    points: Sequence[tuple[str, str]],
    limbs: Sequence[tuple[int, int]],
    *,
    title: str,
    about: str,
    group: str = "Body",
) -> KeypointSet:
    """A set from rows of a point's name and, with spaces between, the landmarks that it is the mean of."""
    return KeypointSet(
        name=name,
        points=tuple(point for point, _ in points),
        landmarks=tuple(tuple(marks.split()) for _, marks in points),
        limbs=tuple(limbs),
        title=title,
        about=about,
        group=group,
    )


def _other_side(name: str) -> str:
    side, _, rest = name.partition("_")
    return {"left": f"right_{rest}", "right": f"left_{rest}"}.get(side, name)

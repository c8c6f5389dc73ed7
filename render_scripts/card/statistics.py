"""What is in a data set, counted while it is packed. Numbers alone are kept, so that it may be of any size."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from blender_addon.labels.vocabulary import Cause
from render_scripts.dense_fields import decode_picture
from render_scripts.sample import Fields, facts_of, parse_key

# Values that a mask of classes can have, and a mark of what hides a point.
_CLASSES, _CAUSES = 256, max(Cause) + 1


@dataclass
class OfSplit:
    """Of one split: `clips`, by number; how many `pictures`; appearances of `people`, by role."""

    clips: set[int] = field(default_factory=set)
    pictures: int = 0
    people: Counter[str] = field(default_factory=Counter)


@dataclass
class Statistics:
    """Counts over the samples that `add` was given.

    Attributes:
        splits: by name, in the order in which they came.
        versions: of programs, of the first sample; first: its fields.
        per_picture: pictures by how many people they show.
        height: of the boxes of people who show a pixel, in pixels; share: of the picture's height; visible: their
            visible fraction.
        causes: by keypoint set, (8,) points of those people by `Cause`.
        pixels: by mask, (256,) pixels by class; seen: pictures that show it.
        events: pictures by type and name; takes: pictures by movement; garments: people by what they wear.
    """

    splits: dict[str, OfSplit] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    first: Fields = field(default_factory=dict)
    per_picture: Counter[int] = field(default_factory=Counter)
    height: array[float] = field(default_factory=lambda: array("f"))
    share: array[float] = field(default_factory=lambda: array("f"))
    visible: array[float] = field(default_factory=lambda: array("f"))
    causes: dict[str, np.ndarray] = field(default_factory=dict)
    pixels: dict[str, np.ndarray] = field(default_factory=dict)
    seen: dict[str, np.ndarray] = field(default_factory=dict)
    events: Counter[tuple[str, str]] = field(default_factory=Counter)
    takes: Counter[str] = field(default_factory=Counter)
    garments: Counter[str] = field(default_factory=Counter)

    def add(self, split: str, key: str, fields: Fields) -> None:
        """One more sample, as it is written."""
        facts = facts_of(fields)
        if not self.first:
            self.first, self.versions = dict(fields), facts["versions"]
        of_split = self.splits.setdefault(split, OfSplit())
        of_split.pictures += 1
        of_split.clips.add(parse_key(key)[0])
        of_split.people.update(person["role"] for person in facts["people"])
        self._add_people(facts["people"], facts["camera"]["height"])
        motion = facts["motion"]
        self.takes[motion["take"]] += 1
        self.events.update({(event["type"], event["name"]) for event in motion["events"]})
        for mask in ("body", "clothes"):
            counts = np.bincount(decode_picture(fields[f"{mask}.png"]).ravel(), minlength=_CLASSES)
            self.pixels[mask] = self.pixels.get(mask, 0) + counts
            self.seen[mask] = self.seen.get(mask, 0) + (counts > 0)

    def _add_people(self, people: Sequence[Mapping[str, Any]], height: int) -> None:
        shown = [person for person in people if person["bbox"][3] > 0.0]
        self.per_picture[len(shown)] += 1
        for person in shown:
            self.height.append(person["bbox"][3])
            self.share.append(person["bbox"][3] / height)
            self.visible.append(person["visible_fraction"])
            self.garments.update(person["garments"])
            for name, points in person["keypoints"].items():
                counts = np.bincount(points["cause"], minlength=_CAUSES)
                self.causes[name] = self.causes.get(name, 0) + counts

    @property
    def pictures(self) -> int:
        """In all splits."""
        return sum(split.pictures for split in self.splits.values())

"""Every class, colour and cause that a label can hold, each defined once. Adding a class is one entry here.

Body parts and colours: the 3DPeople data set's (in the order and colours that the skating project's own code uses).
Garment classes are ours: 3DPeople publishes no table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np


@dataclass(frozen=True)
class LabelClass:
    """One value of a mask.

    Attributes:
        index: what the pixel holds; color: its RGB in pictures made for people.
        loose: of clothes: they hang away from the body, so that what they hide is hidden by clothing.
        cover: of clothes: metres that they may lie in front of the skin, along the line of sight, and still be worn
            on it: what is under them counts as seen. Soles, and the blades below them, are as thick as that, and tights
            and unitards may be worn over boots.
    """

    index: int
    name: str
    color: tuple[int, int, int]
    loose: bool = False
    cover: float = 0.0


BODY_PARTS: tuple[LabelClass, ...] = (
    LabelClass(0, "background", (153, 153, 153)),
    LabelClass(1, "head", (128, 64, 0)),
    LabelClass(2, "right_upper_arm", (128, 0, 128)),
    LabelClass(3, "right_forearm", (128, 128, 255)),
    LabelClass(4, "right_hand", (255, 128, 128)),
    LabelClass(5, "left_upper_arm", (0, 0, 255)),
    LabelClass(6, "left_forearm", (128, 128, 0)),
    LabelClass(7, "left_hand", (0, 128, 0)),
    LabelClass(8, "torso", (128, 0, 0)),
    LabelClass(9, "right_thigh", (128, 255, 128)),
    LabelClass(10, "right_lower_leg", (255, 255, 128)),
    LabelClass(11, "right_foot", (255, 0, 255)),
    LabelClass(12, "left_thigh", (0, 0, 128)),
    LabelClass(13, "left_lower_leg", (0, 128, 128)),
    LabelClass(14, "left_foot", (255, 128, 0)),
)

# The same without sides: the table of the skating project's own networks.
BODY_PARTS_9: tuple[LabelClass, ...] = (
    LabelClass(0, "background", (153, 153, 153)),
    LabelClass(1, "head", (128, 64, 0)),
    LabelClass(2, "upper_arm", (128, 0, 128)),
    LabelClass(3, "forearm", (128, 128, 255)),
    LabelClass(4, "hand", (255, 128, 128)),
    LabelClass(5, "torso", (128, 0, 0)),
    LabelClass(6, "thigh", (128, 255, 128)),
    LabelClass(7, "lower_leg", (255, 255, 128)),
    LabelClass(8, "foot", (255, 0, 255)),
)

# Index: what a pixel of clothes.png holds. Room up to 255; keep the numbers once a data set has been published.
CLOTHES: tuple[LabelClass, ...] = (
    LabelClass(0, "background", (153, 153, 153)),
    LabelClass(1, "skin", (224, 172, 140), cover=0.01),
    LabelClass(2, "hair", (96, 56, 24), cover=0.04),
    LabelClass(3, "eyes", (255, 255, 255), cover=0.01),
    LabelClass(4, "leotard", (200, 30, 60), cover=0.02),
    LabelClass(5, "skirt", (255, 110, 180), loose=True, cover=0.05),
    LabelClass(6, "tights", (90, 60, 160), cover=0.04),
    LabelClass(7, "boots", (20, 120, 200), cover=0.05),
    LabelClass(8, "blades", (0, 220, 220), cover=0.08),
    LabelClass(9, "unitard", (160, 0, 110), cover=0.04),
    LabelClass(10, "shirt", (250, 200, 40), loose=True, cover=0.06),
    LabelClass(11, "trousers", (40, 70, 50), loose=True, cover=0.06),
    LabelClass(12, "jacket", (30, 140, 60), loose=True, cover=0.06),
    LabelClass(13, "gloves", (120, 220, 60), cover=0.02),
    LabelClass(14, "shoes", (70, 40, 30), cover=0.04),
    LabelClass(15, "socks", (200, 200, 220), cover=0.02),
    LabelClass(16, "hat", (255, 140, 0), loose=True, cover=0.05),
    LabelClass(17, "dress", (230, 0, 200), loose=True, cover=0.05),
    LabelClass(18, "glasses", (10, 10, 10), cover=0.03),
    LabelClass(19, "mouth", (150, 60, 60), cover=0.01),
    LabelClass(20, "other", (110, 110, 190), loose=True, cover=0.06),
)

# What everybody has, dressed or not; lashes and brows are hair, teeth and tongue are mouth.
_OF_THE_BODY = ("background", "skin", "hair", "eyes", "mouth")
# What is worn.
GARMENTS: tuple[str, ...] = tuple(c.name for c in CLOTHES if c.name not in _OF_THE_BODY)

BODY_PART_INDEX: dict[str, int] = {c.name: c.index for c in BODY_PARTS}
CLOTHES_INDEX: dict[str, int] = {c.name: c.index for c in CLOTHES}

_INDEX_OF_9 = {c.name: c.index for c in BODY_PARTS_9}
MERGED_PARTS: tuple[int, ...] = tuple(
    _INDEX_OF_9[c.name.removeprefix("left_").removeprefix("right_")] for c in BODY_PARTS
)
"""By body part, which of `BODY_PARTS_9` it is."""

# One material index carries both: the number of body parts fits in 16, so index = garment · 16 + part.
PART_BASE = 16


def pack_index(garment: int, part: int) -> int:
    """The material `pass_index` of a surface that shows `garment` on body part `part`."""
    return garment * PART_BASE + part


def unpack_index(index: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(body, clothes), both uint8 and of the shape of `index`, from a rendered material-index pass."""
    whole = np.rint(index).astype(np.int64)
    return (whole % PART_BASE).astype(np.uint8), (whole // PART_BASE).astype(np.uint8)


def merged_parts(body: np.ndarray) -> np.ndarray:
    """A mask of `BODY_PARTS`, of any shape, as one of `BODY_PARTS_9`, uint8."""
    return np.array(MERGED_PARTS, dtype=np.uint8)[body]


def color_table(classes: tuple[LabelClass, ...]) -> np.ndarray:
    """(256, 3) uint8 RGB by class index; unused indices are black."""
    table = np.zeros((256, 3), dtype=np.uint8)
    for entry in classes:
        table[entry.index] = entry.color
    return table


class Visibility(IntEnum):
    """COCO's v, of a keypoint that exists on the body."""

    OUTSIDE = 0
    HIDDEN = 1
    VISIBLE = 2


class Cause(IntEnum):
    """Why a keypoint is not seen."""

    VISIBLE = 0
    OWN_BODY = 1
    OWN_CLOTHING = 2
    OTHER_PERSON = 3
    SCENE = 4
    OUT_OF_FRAME = 5
    BEHIND_CAMERA = 6
    ABSENT = 7
    """This body has no such point; it has no place, and its visibility is that of a point outside."""


CONFIDENCE: Mapping[Cause, float] = {
    Cause.VISIBLE: 0.9,
    Cause.OWN_BODY: 0.6,
    Cause.OWN_CLOTHING: 0.6,
    Cause.OTHER_PERSON: 0.3,
    Cause.SCENE: 0.3,
    Cause.OUT_OF_FRAME: 0.0,
    Cause.BEHIND_CAMERA: 0.0,
    Cause.ABSENT: 0.0,
}
"""What a detector of keypoints could know of a point, as OpenPose's confidence has it: it is sure of what it sees,
guesses quite well what the person's own body or dress hides, since pose and cut tell where it is, and hardly what is
behind something else. With 0 a point is left out: its x and y are 0 as well."""

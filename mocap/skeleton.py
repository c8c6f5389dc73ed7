"""The XSens MVN body: 23 segments, 22 joints, and the points of its anatomy.

Source: the MVNX files that MVN Studio/Analyze writes (`segments` and `joints` elements) and the MVN user manual.
All geometry is in Blender's axes (Z up, the person faces −Y, their left is +X), metres, in each segment's own frame;
with every segment unrotated (MVN's `identity` pose) the arms point sideways, palms down, and the legs straight down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from mocap.rotations import Array

LEFT, RIGHT = "Left", "Right"
SIDES = (LEFT, RIGHT)
OTHER: Mapping[str, str] = {LEFT: RIGHT, RIGHT: LEFT}
# Which way along X, the axis from right to left, a side lies from the middle of the body.
OUTWARD: Mapping[str, float] = {LEFT: 1.0, RIGHT: -1.0}

SEGMENTS: tuple[str, ...] = (
    "Pelvis", "L5", "L3", "T12", "T8", "Neck", "Head",
    "RightShoulder", "RightUpperArm", "RightForeArm", "RightHand",
    "LeftShoulder", "LeftUpperArm", "LeftForeArm", "LeftHand",
    "RightUpperLeg", "RightLowerLeg", "RightFoot", "RightToe",
    "LeftUpperLeg", "LeftLowerLeg", "LeftFoot", "LeftToe",
)  # fmt: skip

_ARM = ("Shoulder", "UpperArm", "ForeArm", "Hand")
_LEG = ("UpperLeg", "LowerLeg", "Foot", "Toe")
_ARM_JOINTS = ("T4Shoulder", "Shoulder", "Elbow", "Wrist")
_LEG_JOINTS = ("Hip", "Knee", "Ankle", "BallFoot")


def _chains() -> dict[str, tuple[str | None, str | None]]:
    spine = ("Pelvis", "L5", "L3", "T12", "T8", "Neck", "Head")
    joints = (None, "jL5S1", "jL4L3", "jL1T12", "jT9T8", "jT1C7", "jC1Head")
    out: dict[str, tuple[str | None, str | None]] = dict(
        zip(spine, zip((None, *spine[:-1]), joints, strict=True), strict=True)
    )
    for side in ("Right", "Left"):
        for root, chain, names in (("T8", _ARM, _ARM_JOINTS), ("Pelvis", _LEG, _LEG_JOINTS)):
            parent = root
            for segment, joint in zip(chain, names, strict=True):
                out[side + segment] = (parent, f"j{side}{joint}")
                parent = side + segment
    return out


# MVN's finger tracking (MVN 2020 and later): the carpus, then per finger its bones from the palm outward.
FINGERS: tuple[str, ...] = ("First", "Second", "Third", "Fourth", "Fifth")


def finger_segments(side: str) -> dict[str, str]:
    """The segments of one hand's finger tracking, each with its parent, parents first: {"LeftCarpus": "LeftHand", …}.

    The thumb ("First") has the bones MC, PP, DP, the others MC, PP, MP, DP (metacarpal, proximal, middle, distal).
    """
    carpus = f"{side}Carpus"
    out = {carpus: f"{side}Hand"}
    for finger in FINGERS:
        parent = carpus
        for bone in ("MC", "PP", "DP") if finger == "First" else ("MC", "PP", "MP", "DP"):
            out[f"{side}{finger}{bone}"] = parent
            parent = f"{side}{finger}{bone}"
    return out


PARENTS: Mapping[str, str | None] = {segment: parent for segment, (parent, _) in _chains().items()}

# The joint at each segment's origin, by its MVNX 4 label; the pelvis has none.
JOINT_OF: Mapping[str, str] = {segment: joint for segment, (_, joint) in _chains().items() if joint}

CONTACT_POINTS: tuple[str, ...] = ("LeftFoot_Heel", "LeftFoot_Toe", "RightFoot_Heel", "RightFoot_Toe")


@dataclass(frozen=True)
class Skeleton:
    """A recorded person's segments.

    Attributes:
        names: segment names, parents before children; the first is the root. SEGMENTS come first, in their order;
            then, where a take has them, those of `finger_segments`, then props.
        parents: (J,) index of each segment's parent, −1 for the root and for a prop that nobody holds.
        offsets: (J, 3) origin of each segment in its parent's frame; zero where there is no parent.
        points: further points per segment, by their MVNX labels, each (3,) in that segment's frame.
    """

    names: tuple[str, ...]
    parents: np.ndarray
    offsets: Array
    points: Mapping[str, Mapping[str, Array]] = field(default_factory=dict)

    def index(self, name: str) -> int:
        """Position of a segment; KeyError if this skeleton lacks it."""
        try:
            return self.names.index(name)
        except ValueError:
            raise KeyError(name) from None

    def identity_positions(self) -> Array:
        """(J, 3) segment origins with every segment unrotated and the root at the origin."""
        out = np.zeros_like(self.offsets)
        for j, parent in enumerate(self.parents):
            if parent >= 0:
                out[j] = out[parent] + self.offsets[j]
        return out

"""Which joints of a BVH file carry MVN's segments: the YAML file in which a user says so.

    joints:
      Pelvis: Hips
      T8: Spine2
      LeftUpperArm: LeftArm
    unit: cm
    rest: zero

docs/takes.md explains every key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

import yaml

from mocap.meant import listed
from mocap.plain_yaml import Plain, PlainFile, Word
from mocap.skeleton import SEGMENTS, SIDES, finger_segments

# Segments that a map may leave out: those in between are interpolated, those at the ends follow their parent.
OPTIONAL_SEGMENTS = (
    "L5",
    "L3",
    "T12",
    "Neck",
    *(side + name for side in SIDES for name in ("Shoulder", "Toe")),
)
FINGER_SEGMENTS = (*finger_segments("Left"), *finger_segments("Right"))

AXES = ("x", "y", "z", "-x", "-y", "-z")
# Metres per unit. CMU's BVH files count in inches of a person scaled by 0.45.
UNITS: Mapping[str, float] = {"m": 1.0, "cm": 0.01, "mm": 0.001, "inch": 0.0254, "cmu": 0.0254 / 0.45}

REST_IDENTITY, REST_ZERO, REST_AUTO = "identity", "zero", "auto"
FIRST_ROW = ("auto", "keep", "drop")

_KEYS = ("joints", "up", "forward", "unit", "rest", "first_row", "rate")


@dataclass(frozen=True)
class JointMap:
    """How a BVH file is to be understood.

    Attributes:
        joints: MVN's segments (and finger segments) → the file's joints at their near ends.
        up, forward: the file's axes, of `AXES`: up in the world, and ahead (only the take's heading hangs on it).
        metres_per_unit: of lengths; None to guess it from the length of a leg.
        rest: the pose in which limbs lie straight, arms sideways or hanging, palms in or down: "identity" (all
            rotations zero is MVN's identity exactly), "zero" (all rotations zero), a row of the file, or "auto".
        first_row: whether row 0 is a pose from before the recording: "keep", "drop", or "auto".
        rate: frames per second, where the file's own is wrong.
    """

    joints: Mapping[str, str]
    up: str = "y"
    forward: str = "z"
    metres_per_unit: float | None = None
    rest: str | int = REST_AUTO
    first_row: str = "auto"
    rate: float | None = None


def load_joint_map(path: str | PathLike[str]) -> JointMap:
    """Read a joint map.

    Raises:
        UserError: not YAML, an unknown key or segment (with the one that was meant), or a value out of its range.
    """
    return _File(Path(path), mend="See docs/takes.md.").joint_map()


def format_joint_map(joint_map: JointMap, unused: Sequence[str] = ()) -> str:
    """The YAML text of a map, to be looked through and completed by hand.

    Args:
        joint_map: what is known.
        unused: joints of the file that carry no segment, told in a comment.
    """
    lines = ["# Which joint of the BVH carries which of MVN's segments; see docs/takes.md.", "joints:"]
    for segment in SEGMENTS:
        if segment in joint_map.joints:
            lines.append(f"  {segment}: {_scalar(joint_map.joints[segment])}")
        elif segment in OPTIONAL_SEGMENTS:
            lines.append(f"  # {segment}: may be left out")
        else:
            lines.append(f"  {segment}:  # needed")
    lines += [f"  {s}: {_scalar(joint_map.joints[s])}" for s in FINGER_SEGMENTS if s in joint_map.joints]
    if unused:
        lines += ["# Joints not used:", *(f"#   {_scalar(name)}" for name in unused)]
    lines += [f"up: {joint_map.up}", f"forward: {joint_map.forward}"]
    if joint_map.metres_per_unit is None:
        lines.append("# unit: cm  # m, cm, mm, inch, cmu, or metres per unit; guessed from the legs when left out")
    else:
        lines.append(f"unit: {joint_map.metres_per_unit!r}")
    lines.append(
        f"rest: {joint_map.rest}  # zero, auto, identity, or the number of a row in which the limbs are straight"
    )
    lines.append(f"first_row: {joint_map.first_row}  # keep, drop, auto")
    if joint_map.rate is not None:
        lines.append(f"rate: {joint_map.rate!r}")
    return "\n".join(lines) + "\n"


def _scalar(text: str) -> str:
    """A name as YAML; safe_dump knows when it has to be quoted."""
    return str(yaml.safe_dump(text, allow_unicode=True, width=1 << 16)).removesuffix("\n").removesuffix("\n...")


@dataclass(frozen=True)
class _File(PlainFile):
    """Parts as a joint map has them."""

    def joint_map(self) -> JointMap:
        """The map that the file is."""
        top = self.keys(self.top(), _KEYS)
        if "joints" not in top.values:
            raise self.mistake(top, "the key 'joints' is missing")
        # A key with nothing after it is one left out.
        said = {key: part for key, part in top.values.items() if key == "joints" or self.word(part) is not None}
        up = self.axis(said.get("up"), "y")
        forward = self.axis(said.get("forward"), {"y": "z", "z": "-y", "x": "z"}[up[-1]])
        if up[-1] == forward[-1]:
            raise self.mistake(said.get("forward", top), "up and forward lie on one axis")
        return JointMap(
            joints=self.joints(said["joints"]),
            up=up,
            forward=forward,
            metres_per_unit=self.unit(said["unit"]) if "unit" in said else None,
            rest=self.rest(said["rest"]) if "rest" in said else REST_AUTO,
            first_row=self.one_of(said["first_row"], FIRST_ROW) if "first_row" in said else "auto",
            rate=self.number(said["rate"], 1.0, 10000.0) if "rate" in said else None,
        )

    def joints(self, part: Plain) -> dict[str, str]:
        joints: dict[str, str] = {}
        for segment, value in self.keys(part, (*SEGMENTS, *FINGER_SEGMENTS)).values.items():
            joint = self.word(value)
            if joint is None:
                continue
            if joint in joints.values():
                raise self.mistake(value, f"the joint {joint[:60]!r} stands for two segments")
            joints[segment] = joint
        absent = [name for name in SEGMENTS if name not in joints and name not in OPTIONAL_SEGMENTS]
        if absent:
            raise self.mistake(part, f"no joint for {', '.join(absent)}")
        return joints

    def word(self, part: Plain) -> str | None:
        """A word as it was written, whatever YAML takes it for; None where nothing stands."""
        if not isinstance(part, Word):
            raise self.mistake(part, "a single word or number is due here")
        return part.text.strip() or None

    def one_of(self, part: Plain, known: Sequence[str]) -> str:
        word = (self.word(part) or "").lower()
        if word not in known:
            raise self.mistake(part, f"{word[:60]!r} is not known here", listed(known))
        return word

    def axis(self, part: Plain | None, otherwise: str) -> str:
        """One of AXES, which may be written with a plus."""
        if part is None:
            return otherwise
        return self.one_of(Word(part.line, (self.word(part) or "").removeprefix("+")), AXES)

    def unit(self, part: Plain) -> float:
        named = UNITS.get((self.word(part) or "").lower())
        return self.number(part, 1e-4, 10.0, f"Or {', '.join(UNITS)}.") if named is None else named

    def rest(self, part: Plain) -> str | int:
        text = self.word(part) or ""
        if text in (REST_IDENTITY, REST_ZERO, REST_AUTO):
            return text
        if text.isascii() and text.isdecimal() and len(text) < 10:
            return int(text)
        raise self.mistake(part, f"rest is {text[:60]!r}", "It is zero, auto, identity, or the number of a row.")

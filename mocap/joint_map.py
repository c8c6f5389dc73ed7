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
from difflib import get_close_matches
from os import PathLike
from pathlib import Path

import yaml

from mocap.errors import UserError
from mocap.skeleton import SEGMENTS, finger_segments

# Segments that a map may leave out: those in between are interpolated, those at the ends follow their parent.
OPTIONAL_SEGMENTS = (
    "L5",
    "L3",
    "T12",
    "Neck",
    *(side + name for side in ("Left", "Right") for name in ("Shoulder", "Toe")),
)
FINGER_SEGMENTS = (*finger_segments("Left"), *finger_segments("Right"))

AXES = ("x", "y", "z", "-x", "-y", "-z")
# Metres per unit. CMU's BVH files count in inches of a person scaled by 0.45.
UNITS: Mapping[str, float] = {"m": 1.0, "cm": 0.01, "mm": 0.001, "inch": 0.0254, "cmu": 0.0254 / 0.45}

REST_IDENTITY, REST_ZERO, REST_AUTO = "identity", "zero", "auto"
FIRST_ROW = ("auto", "keep", "drop")

_LARGEST_FILE = 1 << 16
_DEEPEST = 4
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
    path = Path(path)
    return _Reader(path).joint_map(_top(path))


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


def meant(word: str, known: Sequence[str]) -> str:
    """A mend that names the most similar of the known words, or all of them where there are few."""
    close = get_close_matches(word, known, n=1, cutoff=0.6)
    if close:
        return f"Did you mean {close[0]}?"
    return f"Known are: {', '.join(known)}." if len(known) <= 30 else "See docs/takes.md."


def _scalar(text: str) -> str:
    """A name as YAML; safe_dump knows when it has to be quoted."""
    return str(yaml.safe_dump(text, allow_unicode=True, width=1 << 16)).removesuffix("\n").removesuffix("\n...")


def _top(path: Path) -> yaml.MappingNode:
    """The mapping that the file is, its size, depth and aliases bounded before anything is built."""
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except FileNotFoundError:
        raise UserError("no such file", file=path) from None
    except OSError as error:
        raise UserError(f"cannot be read ({error.strerror or error})", file=path) from None
    if len(data) > _LARGEST_FILE:
        raise UserError(f"a joint map is never larger than {_LARGEST_FILE >> 10} kB", file=path)
    try:
        depth = 0
        for event in yaml.parse(data, Loader=yaml.SafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if isinstance(event, yaml.AliasEvent) or depth > _DEEPEST:
                what = "an alias" if isinstance(event, yaml.AliasEvent) else "nested too deeply"
                line = None if event.start_mark is None else f"line {event.start_mark.line + 1}"
                raise UserError(f"{what}: a joint map is plain keys and names", file=path, place=line)
        node = yaml.compose(data, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line_of = None if error.problem_mark is None else f"line {error.problem_mark.line + 1}"
        raise UserError(f"not YAML: {error.problem}", file=path, place=line_of) from None
    except (yaml.YAMLError, ValueError) as error:
        raise UserError(f"not YAML: {error}", file=path) from None
    if not isinstance(node, yaml.MappingNode):
        raise UserError("not a joint map", file=path, mend="It begins with `joints:`; see docs/takes.md.")
    return node


class _Reader:
    """Turns the nodes of one file into a map; every fault knows its line."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def joint_map(self, top: yaml.MappingNode) -> JointMap:
        nodes = self._pairs(top, _KEYS)
        if "joints" not in nodes:
            raise UserError("the key 'joints' is missing", file=self.path, mend="See docs/takes.md.")
        texts = {key: self._text(node) for key, node in nodes.items() if key != "joints"}
        values = {key: text for key, text in texts.items() if text is not None}
        up = self._one_of(nodes, values, "up", AXES, "y")
        forward = self._one_of(nodes, values, "forward", AXES, "z" if up[-1] == "y" else "-y" if up[-1] == "z" else "z")
        if up[-1] == forward[-1]:
            raise self._fault(nodes.get("forward", nodes["joints"]), "up and forward lie on one axis")
        return JointMap(
            joints=self._joints(nodes["joints"]),
            up=up,
            forward=forward,
            metres_per_unit=self._unit(nodes, values),
            rest=self._rest(nodes, values),
            first_row=self._one_of(nodes, values, "first_row", FIRST_ROW, "auto"),
            rate=self._number(nodes["rate"], values["rate"], 1.0, 10000.0) if "rate" in values else None,
        )

    def _joints(self, node: yaml.Node) -> dict[str, str]:
        known = (*SEGMENTS, *FINGER_SEGMENTS)
        if not isinstance(node, yaml.MappingNode):
            raise self._fault(node, "joints is not a list of `segment: joint`")
        joints: dict[str, str] = {}
        for segment, value in self._pairs(node, known).items():
            joint = self._text(value)
            if joint is None:
                continue
            if joint in joints.values():
                raise self._fault(value, f"the joint {joint[:60]!r} stands for two segments")
            joints[segment] = joint
        absent = [name for name in SEGMENTS if name not in joints and name not in OPTIONAL_SEGMENTS]
        if absent:
            raise self._fault(node, f"no joint for {', '.join(absent)}")
        return joints

    def _pairs(self, node: yaml.MappingNode, known: Sequence[str]) -> dict[str, yaml.Node]:
        out: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value not in known:
                name = key.value if isinstance(key, yaml.ScalarNode) else "(not a word)"
                raise self._fault(key, f"unknown key {name[:60]!r}", meant(name, known))
            if key.value in out:
                raise self._fault(key, f"the key {key.value!r} stands here twice")
            out[key.value] = value
        return out

    def _text(self, node: yaml.Node) -> str | None:
        """A word as it was written, whatever YAML takes it for; None where nothing stands."""
        if not isinstance(node, yaml.ScalarNode):
            raise self._fault(node, "a single word or number is due here")
        text = str(node.value).strip()
        return text or None

    def _one_of(
        self, nodes: Mapping[str, yaml.Node], values: Mapping[str, str], key: str, known: Sequence[str], otherwise: str
    ) -> str:
        value = values.get(key, otherwise).lower().removeprefix("+")
        if value not in known:
            raise self._fault(nodes[key], f"{key} is {value[:60]!r}", f"It is one of {', '.join(known)}.")
        return value

    def _unit(self, nodes: Mapping[str, yaml.Node], values: Mapping[str, str]) -> float | None:
        text = values.get("unit")
        if text is None:
            return None
        named = UNITS.get(text.lower())
        return named if named is not None else self._number(nodes["unit"], text, 1e-4, 10.0)

    def _rest(self, nodes: Mapping[str, yaml.Node], values: Mapping[str, str]) -> str | int:
        text = values.get("rest", REST_AUTO)
        if text in (REST_IDENTITY, REST_ZERO, REST_AUTO):
            return text
        if text.isascii() and text.isdecimal() and len(text) < 10:
            return int(text)
        raise self._fault(
            nodes["rest"], f"rest is {text[:60]!r}", "It is zero, auto, identity, or the number of a row."
        )

    def _number(self, node: yaml.Node, text: str, smallest: float, largest: float) -> float:
        try:
            number = float(text)
        except ValueError:
            number = float("nan")
        if not smallest <= number <= largest:
            raise self._fault(node, f"{text[:60]!r} is no number from {smallest:g} to {largest:g}")
        return number

    def _fault(self, node: yaml.Node, message: str, mend: str | None = None) -> UserError:
        return UserError(message, file=self.path, place=f"line {node.start_mark.line + 1}", mend=mend)

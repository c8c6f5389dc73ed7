"""The BVH format itself, whoever wrote the file: joints, rows of numbers, and the pose that a row stands for."""

from __future__ import annotations

import codecs
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from mocap.errors import UserError
from mocap.rotations import Array, from_axis_angle, multiply, rotate
from mocap.take_file import blocks_of, marked_encoding

_CHANNELS = ("Xposition", "Yposition", "Zposition", "Xrotation", "Yrotation", "Zrotation")
_LONGEST_WORD = 1 << 16
_HIERARCHY_LIMIT = 20_000  # words: a thousand joints
_LARGEST = 1e7  # degrees, or units of length
_NOMINAL_RATES = (24.0, 25.0, 30.0, 48.0, 50.0, 60.0, 72.0, 75.0, 80.0, 90.0, 100.0, 120.0, 200.0, 240.0)


@dataclass(frozen=True)
class BvhJoint:
    """A joint of the HIERARCHY, in the file's axes and units.

    Attributes:
        name: as written; parent: index of the joint it hangs on, −1 for a root.
        offset: (3,) its place in its parent's frame, unless it has position channels.
        channels: in the order of the file; first_column: where in a row they begin.
        end_site: (3,) of the bone's far end, where the file closes a chain with one.
    """

    name: str
    parent: int
    offset: Array = field(default_factory=lambda: np.zeros(3))
    channels: tuple[str, ...] = ()
    first_column: int = 0
    end_site: Array | None = None


@dataclass(frozen=True)
class BvhFile:
    """A whole file: J joints, parents first; rows (T, columns); seconds from row to row, as written."""

    joints: tuple[BvhJoint, ...]
    rows: Array
    frame_time: float

    def index(self, name: str) -> int:
        """The first joint of that name; KeyError if there is none."""
        for j, joint in enumerate(self.joints):
            if joint.name == name:
                return j
        raise KeyError(name)

    def ancestors(self, joint: int) -> list[int]:
        """The joints a joint hangs on, nearest first."""
        out = []
        while (joint := self.joints[joint].parent) >= 0:
            out.append(joint)
        return out


def nominal_rate(frame_time: float) -> float:
    """Frames per second meant by a rounded frame time: the usual rate within 1%, else what was written."""
    written = 1.0 / frame_time
    nearest = min(_NOMINAL_RATES, key=lambda rate: abs(rate - written))
    return nearest if abs(nearest - written) <= 0.01 * nearest else written


def read_bvh_file(path: Path) -> BvhFile:
    """Joints and rows of a BVH file, packed with gzip or not.

    Raises:
        UserError: no BVH, cut in the middle, or values that are no numbers.
    """
    with blocks_of(path) as blocks:
        words = _Words(_pieces(path, blocks))
        joints = _hierarchy(path, iter(_words_until_motion(path, words)))
        count, seconds = _motion_header(path, words)
        rows = _rows(path, words, count, sum(len(joint.channels) for joint in joints))
    return BvhFile(tuple(joints), rows, seconds)


def read_bvh_joints(path: Path) -> tuple[BvhJoint, ...]:
    """Only the joints of a BVH file; errors as `read_bvh_file`."""
    with blocks_of(path) as blocks:
        return tuple(_hierarchy(path, iter(_words_until_motion(path, _Words(_pieces(path, blocks))))))


def world_pose(file: BvhFile, wanted: Sequence[int], rows: Array) -> tuple[Array, Array]:
    """Where some joints are, in the file's axes and units.

    Args:
        file: J joints.
        wanted: W of them.
        rows: (T, columns) rows of the file, or of the same layout.

    Returns:
        Orientations (T, W, 4) and positions (T, W, 3).
    """
    needed = sorted({j for joint in wanted for j in (joint, *file.ancestors(joint))})
    orientations: dict[int, Array] = {}
    positions: dict[int, Array] = {}
    for j in needed:
        joint = file.joints[j]
        turn, place = _local(joint, rows)
        if joint.parent < 0:
            orientations[j], positions[j] = turn, place
        else:
            above = orientations[joint.parent]
            orientations[j] = multiply(above, turn)
            positions[j] = positions[joint.parent] + rotate(above, place)
    return np.stack([orientations[j] for j in wanted], axis=1), np.stack([positions[j] for j in wanted], axis=1)


def _local(joint: BvhJoint, rows: Array) -> tuple[Array, Array]:
    """A joint's rotation (T, 4) and place (T, 3) in its parent's frame: the first channel is the outermost."""
    turn = np.broadcast_to((1.0, 0.0, 0.0, 0.0), (len(rows), 4))
    place = np.tile(joint.offset, (len(rows), 1))
    for k, channel in enumerate(joint.channels):
        axis, values = "XYZ".index(channel[0]), rows[:, joint.first_column + k]
        if channel.endswith("position"):
            place[:, axis] = values
        else:
            turn = multiply(turn, from_axis_angle(np.eye(3)[axis], np.radians(values)))
    return turn, place


# -- text ----------------------------------------------------------------------------------------------------------


def _pieces(path: Path, blocks: Iterator[bytes]) -> Iterator[str]:
    """The file's text in pieces that end between words."""
    first = next(blocks, b"")
    decoder = codecs.getincrementaldecoder(marked_encoding(first) or "utf-8")(errors="replace")
    carry = decoder.decode(first).lstrip("\ufeff")
    for block in blocks:
        text = carry + decoder.decode(block)
        cut = max(map(text.rfind, " \n\r\t"))
        carry = text[cut + 1 :]
        if len(carry) > _LONGEST_WORD:
            raise UserError(f"a word longer than {_LONGEST_WORD >> 10} kB", file=path, mend="Export the take again.")
        yield text[: cut + 1]
    yield carry + decoder.decode(b"", final=True)


class _Words:
    """The words of a text, one by one or as many as are at hand."""

    def __init__(self, pieces: Iterator[str]) -> None:
        self._pieces = pieces
        self._words: Iterator[str] = iter(())

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        while (word := next(self._words, None)) is None:
            self._words = iter(next(self._pieces).split())
        return word

    def bunches(self) -> Iterator[Iterator[str]]:
        """All words that are left."""
        yield self._words
        for piece in self._pieces:
            yield iter(piece.split())


def _words_until_motion(path: Path, words: _Words) -> list[str]:
    out: list[str] = []
    for word in words:
        # A joint may have that name.
        if word.upper() == "MOTION" and out[-1:] not in (["JOINT"], ["ROOT"]):
            return out
        out.append(word)
        if len(out) > _HIERARCHY_LIMIT:
            raise UserError("the HIERARCHY has more than a thousand joints", file=path, mend="Export one person alone.")
    raise UserError("the file is cut off: it has no MOTION part", file=path, mend="Export or copy the take again.")


def _motion_header(path: Path, words: _Words) -> tuple[int, float]:
    try:
        keyword, count, *frame_time, seconds = (next(words) for _ in range(5))
        frames, step = int(count), float(seconds)
        if " ".join((keyword, *frame_time)).lower() != "frames: frame time:" or frames < 1 or not 1e-5 < step <= 1.0:
            raise ValueError
    except (RuntimeError, ValueError):
        raise UserError("MOTION does not begin with a count of frames and a frame time", file=path) from None
    return frames, step


def _rows(path: Path, words: _Words, count: int, width: int) -> Array:
    """(count, width), piece by piece: a long take's words would fill the memory many times over."""
    values = array("d")
    try:
        for bunch in words.bunches():
            values.extend(map(float, bunch))
            if len(values) > count * width:
                break
    except ValueError:
        raise UserError("a value of MOTION is no number", file=path, mend="Export the take again.") from None
    if len(values) != count * width:
        whole = len(values) // max(width, 1)
        problem = "is cut off" if len(values) < count * width else "is not what its header says"
        raise UserError(
            f"MOTION {problem}: {whole} whole frames of {count}", file=path, mend="Export or copy the take again."
        )
    rows = np.frombuffer(values, dtype=np.float64).reshape(count, width)
    bad = ~(np.abs(rows) < _LARGEST).all(axis=1)  # written so that NaN is bad too
    if bad.any():
        raise UserError("a value is not finite or absurdly large", file=path, place=f"frame {int(np.argmax(bad))}")
    return rows


def _hierarchy(path: Path, tokens: Iterator[str]) -> list[BvhJoint]:
    joints: list[BvhJoint] = []
    # Open braces: the joint each belongs to, −1 for an end site.
    braces: list[int] = []
    pending = -1
    columns = 0
    try:
        for word in tokens:
            token = word.upper()
            if token in ("ROOT", "JOINT"):
                parent = next((joint for joint in reversed(braces) if joint >= 0), -1)
                pending = len(joints)
                name = " ".join(iter(lambda: next(tokens), "{"))
                joints.append(BvhJoint(name, parent))
                braces.append(pending)
            elif token == "END":
                next(tokens)
                pending = -1
            elif token == "{":
                braces.append(pending)
            elif token == "}":
                braces.pop()
            elif token == "OFFSET":
                vector = np.array([float(next(tokens)) for _ in range(3)])
                if not (np.abs(vector) < _LARGEST).all():
                    raise ValueError
                if (joint := braces[-1]) >= 0:
                    joints[joint] = replace(joints[joint], offset=vector)
                elif len(braces) > 1 and (above := braces[-2]) >= 0:
                    joints[above] = replace(joints[above], end_site=vector)
            elif token == "CHANNELS" and (joint := braces[-1]) >= 0 and not joints[joint].channels:
                channels = tuple(next(tokens).capitalize() for _ in range(int(next(tokens))))
                if any(channel not in _CHANNELS for channel in channels):
                    raise UserError(
                        f"unknown channel among {' '.join(channels)[:80]}", file=path, place=joints[joint].name
                    )
                joints[joint] = replace(joints[joint], channels=channels, first_column=columns)
                columns += len(channels)
            elif token != "HIERARCHY":
                raise UserError(f"{word[:40]!r} is not expected here", file=path, place="HIERARCHY")
    except (StopIteration, RuntimeError, ValueError, IndexError):
        raise UserError("cannot be understood", file=path, place="HIERARCHY", mend="Export the take again.") from None
    if not joints or braces:
        raise UserError("ends in the middle", file=path, place="HIERARCHY", mend="Export the take again.")
    return joints

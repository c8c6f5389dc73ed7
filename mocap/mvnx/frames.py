"""The frames of an MVNX file as a Motion's arrays: checked, in Blender's axes, in the order of its segments.

All of it goes block by block and, where the file's order is a Motion's, in place: a take lies in memory once.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from mocap.axes import quaternions_from_mvn, vectors_from_mvn
from mocap.errors import UserError
from mocap.mvnx.layout import Layout
from mocap.mvnx.scan import FARTHEST, RawTake
from mocap.rotations import Array, hemisphere, length
from mocap.skeleton import SIDES

# Frames at a time: what stays in a processor's cache.
_BLOCK = 128
# MVN writes unit quaternions to six decimals; a file that was cut down to two still holds rotations.
_UNIT = 0.05

# One list of the file: its values (T, columns, size), which of its columns are wanted, where in the result they go.
_Part = tuple[Array, Sequence[int] | slice, Sequence[int] | slice]


def orientations_of(path: Path, take: RawTake, layout: Layout, first: int) -> Array:
    """(T, J, 4) unit quaternions, hemisphere-continuous; `first` is the number of the first frame, for messages.

    Raises:
        UserError: a value is no rotation, with its frame.
    """
    out, parts = _parts(take, layout, {"": "orientation", **{s: f"orientationFingers{s}" for s in SIDES}})
    for raw, columns, index in parts:
        previous = np.empty((0, *raw[:0, columns].shape[1:]))
        for begin in range(0, len(raw), _BLOCK):
            values = raw[begin : begin + _BLOCK, columns]
            with np.errstate(over="ignore", invalid="ignore"):
                size = length(values)
            # Written so that NaN is bad too.
            _refuse(path, begin + first, ~(np.abs(size - 1.0) < _UNIT), "orientation is no rotation")
            block = quaternions_from_mvn(values / size[..., None])
            block = hemisphere(np.concatenate((previous, block)))[len(previous) :]
            out[begin : begin + _BLOCK, index] = block
            previous = block[-1:]
    return out


def positions_of(path: Path, take: RawTake, layout: Layout, first: int) -> Array:
    """(T, J, 3) metres; `first` is the number of the first frame, for messages.

    Raises:
        UserError: a value is no place on earth, with its frame.
    """
    out, parts = _parts(take, layout, {"": "position", **{s: f"positionFingers{s}" for s in SIDES}})
    for raw, columns, index in parts:
        for begin in range(0, len(raw), _BLOCK):
            values = raw[begin : begin + _BLOCK, columns]
            _refuse(path, begin + first, ~(np.abs(values) < FARTHEST).all(axis=2), "position is no place on earth")
            out[begin : begin + _BLOCK, index] = vectors_from_mvn(values)
    return out


def _parts(take: RawTake, layout: Layout, streams: dict[str, str]) -> tuple[Array, list[_Part]]:
    """The array to fill and what to fill it from."""
    parts: list[_Part] = []
    for segments, pairs in layout.columns.items():
        raw = take.stream(streams[segments])
        if [column for _, column in pairs] == list(range(raw.shape[1])) and len(layout.columns) == 1:
            return raw, [(raw, slice(None), slice(None))]
        parts.append((raw, [column for _, column in pairs], [index for index, _ in pairs]))
    return np.empty((take.kept, len(layout.names), raw.shape[2])), parts


def _refuse(path: Path, first: int, bad: np.ndarray, problem: str) -> None:
    """UserError at the first frame of a block (T, J) in which a value is bad."""
    if bad.any():
        frame = first + int(np.argmax(bad.any(axis=1)))
        raise UserError(problem, file=path, place=f"frame {frame}", mend="Export the take again from MVN.")

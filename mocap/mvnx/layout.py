"""Which segments an MVNX file has, in the order of a Motion, and where they hang on each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mocap.axes import vectors_from_mvn
from mocap.joint_labels import joint_label, v4_label
from mocap.mvnx.scan import RawTake
from mocap.rotations import Array, conjugate, rotate
from mocap.skeleton import PARENTS, SEGMENTS, Skeleton, finger_segments

# Frames looked at where an offset has to be measured.
_SAMPLES = 64


@dataclass(frozen=True)
class Layout:
    """The recorded segments of one take.

    Attributes:
        names: the body's 23 as far as they are recorded, then fingers, then props; parents before children.
        parents: each segment's parent among `names`, None for the pelvis and for what nobody holds.
        columns: per list of the file ("" body and props, "Left", "Right" fingers), where `names` finds its values:
            (index in names, column in the file).
    """

    names: tuple[str, ...]
    parents: Mapping[str, str | None]
    columns: Mapping[str, Sequence[tuple[int, int]]]


def layout_of(take: RawTake, with_fingers: Sequence[str]) -> Layout:
    """The segments in the order of a Motion; `with_fingers` are the sides whose finger streams are whole."""
    declared = take.segments[""]
    parents: dict[str, str | None] = {name: PARENTS[name] for name in SEGMENTS if name in declared}
    place = {name: ("", declared.index(name)) for name in parents}
    for side in with_fingers:
        above = finger_segments(side)
        for name in above:
            if name in take.segments[side] and above[f"{side}Carpus"] in parents:
                parent = above[name]
                while parent not in parents:
                    parent = above[parent]
                parents[name] = parent
                place[name] = (side, take.segments[side].index(name))
    held_by = {child: parent for parent, child, _, _ in _connections(take)}
    for column, name in enumerate(declared):
        if name not in parents:
            holder = held_by.get(name)
            parents[name] = holder if holder in parents else None
            place[name] = ("", column)
    columns: dict[str, list[tuple[int, int]]] = {}
    for index, name in enumerate(parents):
        segments, column = place[name]
        columns.setdefault(segments, []).append((index, column))
    return Layout(tuple(parents), parents, columns)


def skeleton_of(take: RawTake, layout: Layout, orientations: Array, positions: Array) -> tuple[Skeleton, list[str]]:
    """The skeleton in Blender's axes, and the segments whose joints the file leaves out.

    Their offsets are measured: the median, over the take, of where a segment's origin lies in its parent.

    Args:
        take: as scanned.
        layout: J segments.
        orientations: (T, J, 4) and positions (T, J, 3) in Blender's axes.
    """
    names = layout.names
    points = {
        name: {v4_label(label): vectors_from_mvn(point) for label, point in take.points.get(name, {}).items()}
        for name in names
    }
    joints = {(parent, child): (at, by) for parent, child, at, by in _connections(take)}
    parents = np.full(len(names), -1)
    offsets = np.zeros((len(names), 3))
    measured = []
    for j, name in enumerate(names):
        parent = layout.parents[name]
        if parent is None:
            continue
        parents[j] = p = names.index(parent)
        at_parent, at_child = joints.get((parent, name), (joint_label(name), joint_label(name)))
        if at_parent in points[parent]:
            offsets[j] = points[parent][at_parent] - points[name].get(at_child, np.zeros(3))
        else:
            offsets[j] = _measured(orientations[:, p], positions[:, j] - positions[:, p])
            measured.append(name)
    return Skeleton(names=names, parents=parents, offsets=offsets, points=points), measured


def _measured(parent: Array, away: Array) -> Array:
    """(3,) median place in the parent's frame: its orientations (T, 4), the child's origin from its own (T, 3)."""
    every = slice(None, None, max(1, len(away) // _SAMPLES))
    median: Array = np.median(rotate(conjugate(parent[every]), away[every]), axis=0)
    return median


def _connections(take: RawTake) -> list[tuple[str, str, str, str]]:
    """(parent, child, the joint's label in the parent, in the child) per joint that the file declares."""
    out = []
    for first, second in take.connectors:
        parent, _, at_parent = first.partition("/")
        child, _, at_child = second.partition("/")
        out.append((parent, child, v4_label(at_parent), v4_label(at_child)))
    return out

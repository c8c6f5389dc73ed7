"""A BVH's joints understood as MVN's segments: how each is turned and sized, and the pose of any row.

In a BVH of MVN all rotations zero is MVN's identity pose. In any other file a pose with straight limbs stands for it
(`rest_pose`), and segments that no joint carries are interpolated (`body_from_joints`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from mocap.bvh.body_from_joints import ball_in_foot, clavicle_in_chest, spine_places, spine_turns
from mocap.bvh.file import BvhFile, world_pose
from mocap.bvh.joint_map import FINGER_SEGMENTS, REST_IDENTITY, REST_ZERO, UNITS, JointMap
from mocap.bvh.rest_pose import segment_turns, standing_error
from mocap.errors import UserError
from mocap.joint_labels import joint_label
from mocap.rotations import Array, conjugate, hemisphere, multiply, rotate
from mocap.skeleton import PARENTS, SEGMENTS, SIDES, Skeleton, finger_segments

# Rows at a time: a long take's working copies stay small beside its result.
_BLOCK = 256
# Radians from standing with straight limbs: up to the first a pose of zeros is taken for the rest pose without a
# search, beyond the second no pose is.
_STANDS, _NEARLY_STANDS = 0.5, 0.8
_ROWS_SEARCHED = 2000


@dataclass(frozen=True)
class BvhBody:
    """A file's joints understood as MVN's segments.

    Attributes:
        file: the BVH.
        segments: those that a joint carries; joints: that joint's index, for each.
        names: all segments of the result, the body's 23 first.
        axes: (3, 3) the file's axes to Blender's; scale: metres per unit.
        rest: "identity", "zero", or the row that stands for the rest pose.
        corrections: (W, 4) what turns each joint's orientation into its segment's.
        in_parent: (3,) places of clavicles in the chest and of balls in the foot, where no joint says them.
    """

    file: BvhFile
    segments: tuple[str, ...]
    joints: tuple[int, ...]
    names: tuple[str, ...]
    axes: Array
    scale: float
    rest: str | int
    corrections: Array
    in_parent: dict[str, Array]

    def joint_pose(self, joints: Sequence[int], rows: Array) -> tuple[Array, Array]:
        """Orientations (T, W, 4) and positions (T, W, 3) of joints in Blender's axes, metres."""
        turns, places = world_pose(self.file, joints, rows)
        turned = np.concatenate((turns[..., :1], turns[..., 1:] @ self.axes.T), axis=-1)
        return turned, self.scale * (places @ self.axes.T)

    def pose(self, rows: Array) -> tuple[Array, Array]:
        """Orientations (T, J, 4), hemisphere-continuous, and positions (T, J, 3) of all segments in some rows."""
        orientations, positions = np.empty((len(rows), len(self.names), 4)), np.empty((len(rows), len(self.names), 3))
        previous = orientations[:0]
        for begin in range(0, len(rows), _BLOCK):
            turned, places = self.joint_pose(self.joints, rows[begin : begin + _BLOCK])
            turned = multiply(turned, self.corrections)
            turns = dict(zip(self.segments, np.moveaxis(turned, 1, 0), strict=True))
            at = dict(zip(self.segments, np.moveaxis(places, 1, 0), strict=True))
            self._complete(turns, at)
            block = np.stack([turns[name] for name in self.names], axis=1)
            block = hemisphere(np.concatenate((previous, block)))[len(previous) :]
            orientations[begin : begin + _BLOCK] = block
            positions[begin : begin + _BLOCK] = np.stack([at[name] for name in self.names], axis=1)
            previous = block[-1:]
        return orientations, positions

    def _complete(self, turns: dict[str, Array], at: dict[str, Array]) -> None:
        """Add the segments that no joint carries, given the orientations (T, 4) and positions (T, 3) of the others."""
        turns |= spine_turns(turns)
        at |= spine_places(at)
        for segment, place in self.in_parent.items():
            parent = str(PARENTS[segment])
            turns[segment] = turns[parent]
            at[segment] = at[parent] + rotate(turns[parent], place)


def body_of(path: Path, file: BvhFile, joint_map: JointMap) -> BvhBody:
    """What a file's joints are.

    Args:
        path: the file, for messages.
        file: it has every joint of the map.
        joint_map: which joints carry which segments.

    Raises:
        UserError: no pose that could stand for MVN's identity; a leg of no length that fits a unit.
    """
    segments = tuple(name for name in (*SEGMENTS, *FINGER_SEGMENTS) if name in joint_map.joints)
    unturned = np.tile((1.0, 0.0, 0.0, 0.0), (len(segments), 1))
    joints = tuple(file.index(joint_map.joints[name]) for name in segments)
    names = (*SEGMENTS, *segments[sum(name in SEGMENTS for name in segments) :])
    plain = BvhBody(file, segments, joints, names, _axes(joint_map), 1.0, REST_ZERO, unturned, {})
    leg = _leg_length(plain)
    scale = _metres_per_unit(path, leg) if joint_map.metres_per_unit is None else joint_map.metres_per_unit
    rest, row = _rest_row(path, plain, joint_map.rest)
    sized = replace(plain, scale=scale, rest=rest)
    turned, places = (part[0] for part in sized.joint_pose(joints, row))
    at = dict(zip(segments, places, strict=True))
    identity = dict.fromkeys(SEGMENTS, unturned[0])
    turns = identity if rest == REST_IDENTITY else segment_turns(at, _far_ends(sized, row))
    turns |= {name: turns[f"{'Left' if name.startswith('Left') else 'Right'}Hand"] for name in names[len(SEGMENTS) :]}
    in_parent = {}
    for side in SIDES:
        if f"{side}Shoulder" not in at:
            in_parent[f"{side}Shoulder"] = clavicle_in_chest(turns["T8"], at["T8"], at[f"{side}UpperArm"])
        if f"{side}Toe" not in at:
            in_parent[f"{side}Toe"] = ball_in_foot(side, scale * leg)
    corrections = multiply(conjugate(turned), np.stack([turns[name] for name in segments]))
    return replace(sized, corrections=corrections, in_parent=in_parent)


def _axes(joint_map: JointMap) -> Array:
    """(3, 3) rows: the file's directions that become Blender's x (left), y (back) and z (up)."""
    up, forward = (
        np.eye(3)["xyz".index(axis[-1])] * (-1.0 if axis[0] == "-" else 1.0)
        for axis in (joint_map.up, joint_map.forward)
    )
    return np.stack((np.cross(up, forward), -forward, up))


def _zero_row(file: BvhFile) -> Array:
    """(1, columns) a row in which every rotation is zero and every joint at its offset."""
    row = np.zeros((1, file.rows.shape[1]))
    for joint in file.joints:
        for k, channel in enumerate(joint.channels):
            if channel.endswith("position"):
                row[0, joint.first_column + k] = joint.offset["XYZ".index(channel[0])]
    return row


def _leg_length(body: BvhBody) -> float:
    """From hip over knee to ankle, in the file's units."""
    _, places = body.joint_pose(body.joints, _zero_row(body.file))
    hip, knee, ankle = (places[0, body.segments.index(f"Right{name}")] for name in ("UpperLeg", "LowerLeg", "Foot"))
    return float(np.linalg.norm(knee - hip) + np.linalg.norm(ankle - knee))


def _metres_per_unit(path: Path, leg: float) -> float:
    """MVN writes centimetres, other tools convert: a leg from hip to ankle is 0.4 to 1.3 m in one unit only."""
    for scale in (0.01, 1.0, 0.001, UNITS["inch"], UNITS["cmu"]):
        if 0.4 <= leg * scale <= 1.3:
            return scale
    raise UserError(
        f"a leg of {leg:g} units is neither metres, centimetres, millimetres nor inches",
        file=path,
        mend="Say `unit:` in the joint map.",
    )


def _rest_row(path: Path, body: BvhBody, rest: str | int) -> tuple[str | int, Array]:
    """What stands for the rest pose, and its row (1, columns)."""
    zero = _zero_row(body.file)
    if rest == REST_IDENTITY:
        return rest, zero
    if isinstance(rest, int):
        if rest >= len(body.file.rows):
            raise UserError(f"rest is row {rest}, but there are {len(body.file.rows)}", file=path)
        row = body.file.rows[rest : rest + 1]
        error = _standing_error(body, row)[0]
    elif (error := _standing_error(body, zero)[0]) < _STANDS or rest == REST_ZERO:
        rest, row = REST_ZERO, zero
    else:
        every = max(1, len(body.file.rows) // _ROWS_SEARCHED)
        errors = _standing_error(body, body.file.rows[::every])
        rest = every * int(np.argmin(errors))
        row, error = body.file.rows[rest : rest + 1], errors.min()
    # Written so that NaN is bad too.
    if not error < _NEARLY_STANDS:
        raise UserError(
            "no pose in which the person stands with straight arms and legs",
            file=path,
            place="all rotations zero" if rest == REST_ZERO else f"row {rest}",
            mend="Say `rest:` in the joint map: the number of a row in which they do, and check `up:` and the joints.",
        )
    return rest, row


def _standing_error(body: BvhBody, rows: Array) -> Array:
    _, places = body.joint_pose(body.joints, rows)
    return standing_error(dict(zip(body.segments, np.moveaxis(places, 1, 0), strict=True)))


def _far_ends(body: BvhBody, row: Array) -> dict[str, Array]:
    """(3,) where hands and feet end in a row: their children's mean place, or their end site."""
    out = {}
    for side in SIDES:
        for name in (f"{side}Hand", f"{side}Foot"):
            joint = body.joints[body.segments.index(name)]
            children = [j for j, other in enumerate(body.file.joints) if other.parent == joint]
            if children:
                out[name] = np.mean(body.joint_pose(children, row)[1][0], axis=0)
            elif (end := body.file.joints[joint].end_site) is not None:
                turned, place = (part[0, 0] for part in body.joint_pose([joint], row))
                out[name] = place + rotate(turned, body.scale * body.axes @ end)
    return out


def skeleton_of(body: BvhBody) -> Skeleton:
    """Offsets and points in the rest pose, each in its segment's own frame."""
    row = _zero_row(body.file) if isinstance(body.rest, str) else body.file.rows[body.rest : body.rest + 1]
    turns, places = (part[0] for part in body.pose(row))
    parents, offsets = np.full(len(body.names), -1), np.zeros((len(body.names), 3))
    points: dict[str, dict[str, Array]] = {name: {} for name in body.names}
    above = {**PARENTS, **finger_segments("Left"), **finger_segments("Right")}
    for j, name in enumerate(body.names):
        parent = above[name]
        if parent is None:
            continue
        while parent not in body.names:
            parent = above[str(parent)]
        parents[j] = body.names.index(parent)
        p = parents[j]
        offsets[j] = rotate(conjugate(turns[p]), places[j] - places[p])
        points[parent][joint_label(name)], points[name][joint_label(name)] = offsets[j], np.zeros(3)
    for segment, label in (
        ("Head", "pTopOfHead"), ("RightHand", "pRightTopOfHand"), ("LeftHand", "pLeftTopOfHand"),
        ("RightToe", "pRightToe"), ("LeftToe", "pLeftToe"),
    ):  # fmt: skip
        if segment in body.segments:
            k = body.segments.index(segment)
            end = _tip(body.file, body.joints[k], not segment.endswith("Hand"))
            if end is not None and np.any(end):
                points[segment][label] = rotate(conjugate(body.corrections[k]), body.scale * body.axes @ end)
    return Skeleton(names=body.names, parents=parents, offsets=offsets, points=points)


def _tip(file: BvhFile, joint: int, of_one_child: bool) -> Array | None:
    """(3,) far end of a joint's bone in the joint's frame, the file's units; many rigs have a joint there."""
    children = [other for other in file.joints if other.parent == joint]
    return children[0].offset if of_one_child and len(children) == 1 else file.joints[joint].end_site

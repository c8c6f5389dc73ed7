"""A BVH file as a Motion on MVN's segments: MVN's own export, or any other through a joint map.

A Motion out of MVN's BVH has the segments, axes and origins of one out of the MVNX of the same take. What BVH lacks is
left out (foot contacts) or estimated (the points of the soles).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mocap.bvh.body import BvhBody, body_of, skeleton_of
from mocap.bvh.file import BvhFile, nominal_rate, read_bvh_file
from mocap.bvh.joint_map import REST_AUTO, JointMap
from mocap.bvh.joint_names import mvn_joint_map
from mocap.errors import UserError
from mocap.meant import meant
from mocap.motion import Motion
from mocap.mvnx.scan import FARTHEST
from mocap.rotations import Array, conjugate, multiply
from mocap.skeleton import PARENTS, SEGMENTS, SIDES, finger_segments
from mocap.sole_points import with_sole_points
from mocap.span import Span
from mocap.take_file import take_name

_MAP_NEEDED = (
    "Have a joint map guessed with `skatesynth take FILE --write-joint-map map.yaml`, look it over, and give it with"
    " --joint-map; docs/takes.md explains it."
)


def read_bvh(path: Path, span: Span, joint_map: JointMap | None = None) -> Motion:
    """The one person of a BVH file.

    Args:
        path: the file, packed with gzip or not.
        span: the part of the take to keep.
        joint_map: which joints carry which segments; None for a file that MVN wrote.

    Raises:
        UserError: no BVH, cut in the middle, joints that are not MVN's or not in the map, values that are no numbers,
            no pose that could stand for MVN's identity.
    """
    file = read_bvh_file(path)
    by_mvn = joint_map is None
    if joint_map is None:
        joint_map = mvn_joint_map(path, file.joints, _MAP_NEEDED)
    _check_joints(path, file, joint_map, by_mvn)
    body = body_of(path, file, joint_map)
    rate = nominal_rate(file.frame_time) if joint_map.rate is None else joint_map.rate
    dropped = _drops_first_row(body, joint_map)
    rows = file.rows[1:] if dropped else file.rows
    span.check(len(rows), rate, path)
    kept = slice(span.first(rate), None if span.stop is None else int(span.last(rate)) + 1)
    orientations, positions = body.pose(rows[kept])
    if max(-positions.min(), positions.max()) > FARTHEST:
        frame = span.first(rate) + int(np.argmax(np.abs(positions).max(axis=(1, 2)) > FARTHEST))
        raise UserError("position is no place on earth", file=path, place=f"frame {frame}")
    skeleton, _ = with_sole_points(skeleton_of(body))
    return Motion(
        name=take_name(path),
        rate=rate,
        skeleton=skeleton,
        orientations=orientations,
        positions=positions,
        source={
            "format": "BVH",
            "version": "",
            "file": path.name,
            "subject": take_name(path),
            "subjects": (take_name(path),),
            "frames_in_file": len(rows),
            "first_frame": span.first(rate),
            "frame_time": file.frame_time,
            "calibration_row_dropped": dropped,
            "metres_per_unit": body.scale,
            "rest": body.rest,
            "warnings": tuple(_warnings(joint_map, body)),
        },
    )


def _check_joints(path: Path, file: BvhFile, joint_map: JointMap, by_mvn: bool) -> None:
    """UserError where the file lacks a joint of the map, or a limb's joints do not hang on each other."""
    names = [joint.name for joint in file.joints]
    for segment, name in joint_map.joints.items():
        if name not in names:
            raise UserError(f"the file has no joint {name!r} for {segment}", file=path, mend=meant(name, names))
    joints = {segment: file.index(name) for segment, name in joint_map.joints.items()}
    parents = {**PARENTS, **finger_segments("Left"), **finger_segments("Right")}
    for segment, joint in joints.items():
        parent = parents[segment]
        while parent is not None and parent not in joints:
            parent = parents[parent]
        if parent is None or not (by_mvn or _of_one_chain(segment, parent)):
            continue
        if joints[parent] not in file.ancestors(joint):
            hangs = file.joints[joint].parent
            on = "nothing" if hangs < 0 else file.joints[hangs].name
            raise UserError(
                f"hangs on {on}, not as in MVN's skeleton", file=path, place=file.joints[joint].name,
                mend=f"It should follow {joint_map.joints[parent]}, which carries {parent}.",
            )  # fmt: skip


def _of_one_chain(segment: str, parent: str) -> bool:
    """Do these hang on each other in any rig? Clavicles may hang on the neck, thighs on the spine, it on a root."""
    spine = SEGMENTS[1:7]
    return (segment in spine and parent in spine) or any(
        segment.startswith(side) and parent.startswith(side) for side in SIDES
    )


def _drops_first_row(body: BvhBody, joint_map: JointMap) -> bool:
    if len(body.file.rows) < 2 or joint_map.first_row == "keep":
        return False
    return joint_map.first_row == "drop" or _starts_in_calibration_pose(*body.pose(body.file.rows[:240]))


def _starts_in_calibration_pose(orientations: Array, positions: Array) -> bool:
    """Is row 0 MVN's T-pose, put before the recording? It faces ahead over the origin, and row 1 is elsewhere.

    T-pose: no segment is more than 20° from unrotated (MVN's own are at most 13.2°). Elsewhere: the pelvis moves or a
    segment turns three times as far as in any step of the second that follows, and 5 cm or 5° at the least.
    """
    turned = 2.0 * np.arccos(np.clip(np.abs(orientations[0, :, 0]), 0.0, 1.0))
    if turned.max() > np.radians(20.0) or np.abs(positions[0, 0, :2]).max() > 0.01:
        return False
    change = multiply(conjugate(orientations[:-1]), orientations[1:])
    angles = 2.0 * np.arccos(np.clip(np.abs(change[..., 0]), 0.0, 1.0)).max(axis=1)
    moves = np.linalg.norm(np.diff(positions[:, 0], axis=0), axis=1)
    return bool(
        angles[0] > max(np.radians(5.0), 3.0 * angles[1:].max(initial=0.0))
        or moves[0] > max(0.05, 3.0 * moves[1:].max(initial=0.0))
    )


def _warnings(joint_map: JointMap, body: BvhBody) -> list[str]:
    out = []
    if joint_map.metres_per_unit is None and body.scale not in (0.01, 1.0, 0.001):
        out.append(f"a unit of length was taken for {body.scale:.4g} m, by the length of a leg")
    if joint_map.rest == REST_AUTO and isinstance(body.rest, int):
        out.append(f"row {body.rest} was taken for the rest pose: no other stands as straight")
    if missing := [name for name in SEGMENTS if name not in body.segments]:
        out.append(f"interpolated, for no joint carries them: {', '.join(missing)}")
    return out

"""BVH as XSens MVN exports it: MVN's segments under other names, Y up, centimetres.

With every rotation zero the joints stand as in MVN's identity pose, so a BVH's Motion has the segments, axes and
origins of an MVNX's. What BVH lacks is left out (foot contacts) or estimated (the points of the feet).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import numpy as np

from mocap.axes import quaternions_from_bvh, vectors_from_bvh
from mocap.errors import UserError
from mocap.motion import Motion, forward_kinematics
from mocap.rotations import Array, conjugate, from_axis_angle, hemisphere, multiply
from mocap.skeleton import JOINT_OF, PARENTS, SEGMENTS, Skeleton
from mocap.span import Span

# Segment of MVN → the joint of its BVH that carries it.
JOINT_NAMES: dict[str, str] = {
    "Pelvis": "Hips", "L5": "Chest", "L3": "Chest2", "T12": "Chest3", "T8": "Chest4", "Neck": "Neck", "Head": "Head",
    **{
        f"{side}{segment}": f"{side}{joint}"
        for side in ("Right", "Left")
        for segment, joint in (
            ("Shoulder", "Collar"), ("UpperArm", "Shoulder"), ("ForeArm", "Elbow"), ("Hand", "Wrist"),
            ("UpperLeg", "Hip"), ("LowerLeg", "Knee"), ("Foot", "Ankle"), ("Toe", "Toe"),
        )
    },
}  # fmt: skip

_NOMINAL_RATES = (24.0, 25.0, 30.0, 48.0, 50.0, 60.0, 72.0, 75.0, 80.0, 90.0, 100.0, 120.0, 200.0, 240.0)
_CHANNELS = ("Xposition", "Yposition", "Zposition", "Xrotation", "Yrotation", "Zrotation")
_LINE_LIMIT = 1 << 20
_HIERARCHY_LIMIT = 50_000  # words: thousands of joints
_LARGEST = 1e7  # degrees, or units of length


def read_bvh(path: Path, span: Span) -> Motion:
    """The one person of a BVH file.

    Args:
        path: the file.
        span: the part of the take to keep.

    Raises:
        UserError: no BVH, cut in the middle, joints that are not MVN's, or values that are no numbers.
    """
    joints, rows, frame_time = _parse(path)
    by_name = {joint.name: joint for joint in joints}
    absent = [name for name in JOINT_NAMES.values() if name not in by_name]
    if absent:
        raise UserError(
            f"not the skeleton that XSens MVN exports; joints missing: {', '.join(absent)}",
            file=path,
            mend="Export the take from MVN as MVNX, or as BVH with MVN's own joint names.",
        )
    rate = nominal_rate(frame_time)
    scale = _metres_per_unit(path, by_name)
    skeleton = _skeleton(path, by_name, scale)
    local = np.stack([_local_rotations(by_name[JOINT_NAMES[s]], rows) for s in SEGMENTS], axis=1)
    root = scale * _positions(by_name["Hips"], rows)
    orientations, positions = forward_kinematics(skeleton, root, local)
    warnings = []
    if calibrated := _starts_in_calibration_pose(orientations, positions):
        orientations, positions = orientations[1:], positions[1:]
    if any("position" in channel for joint in joints if joint.name != "Hips" for channel in joint.channels):
        warnings.append("joints other than the hips have position channels: their fixed offsets were used")
    span.check(len(orientations), rate, path)
    kept = slice(span.first(rate), None if span.stop is None else int(span.last(rate)) + 1)
    total = len(orientations)
    return Motion(
        name=path.stem,
        rate=rate,
        skeleton=skeleton,
        orientations=hemisphere(orientations[kept]),
        positions=positions[kept],
        source={
            "format": "BVH",
            "version": "",
            "file": path.name,
            "subject": path.stem,
            "subjects": (path.stem,),
            "frames_in_file": total,
            "first_frame": span.first(rate),
            "frame_time": frame_time,
            "calibration_row_dropped": calibrated,
            "metres_per_unit": scale,
            "warnings": tuple(warnings),
        },
    )


def nominal_rate(frame_time: float) -> float:
    """Frames per second meant by a rounded frame time: the usual rate within 1%, else what was written."""
    written = 1.0 / frame_time
    nearest = min(_NOMINAL_RATES, key=lambda rate: abs(rate - written))
    return nearest if abs(nearest - written) <= 0.01 * nearest else written


@dataclass
class _Joint:
    """A joint of the HIERARCHY, in the file's axes and units."""

    name: str
    parent: str | None
    offset: Array = field(default_factory=lambda: np.zeros(3))
    channels: tuple[str, ...] = ()
    first_column: int = 0
    end_site: Array | None = None


def _parse(path: Path) -> tuple[list[_Joint], Array, float]:
    """Joints, rows (T, channels) and seconds per frame."""
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            joints = _hierarchy(path, iter(_words_until_motion(path, file)))
            count, seconds = _motion_header(path, file)
            rows = _rows(path, file, count, sum(len(joint.channels) for joint in joints))
    except OSError as error:
        raise UserError(f"cannot be read ({error.strerror or error})", file=path) from None
    return joints, rows, seconds


def _words_until_motion(path: Path, file: TextIO) -> list[str]:
    words: list[str] = []
    while len(words) < _HIERARCHY_LIMIT and (line := file.readline(_LINE_LIMIT)):
        if line.strip() == "MOTION":
            return words
        words += line.split()
    raise UserError("the file is cut off: it has no MOTION part", file=path, mend="Export or copy the take again.")


def _motion_header(path: Path, file: TextIO) -> tuple[int, float]:
    lines = (line for _ in range(20) if (line := file.readline(_LINE_LIMIT).split()))
    try:
        (keyword, frames), (frame_word, time_word, frame_time) = next(lines), next(lines)
        count, seconds = int(frames), float(frame_time)
        if (keyword, frame_word, time_word) != ("Frames:", "Frame", "Time:") or count < 1 or not 1e-5 < seconds <= 1.0:
            raise ValueError
    except (StopIteration, ValueError):
        raise UserError("MOTION does not begin with a count of frames and a frame time", file=path) from None
    return count, seconds


def _rows(path: Path, file: TextIO, count: int, width: int) -> Array:
    """(count, width), line by line: a long take's words would fill the memory many times over."""
    values = array("d")
    try:
        while line := file.readline(_LINE_LIMIT):
            values.extend(map(float, line.split()))
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


def _hierarchy(path: Path, tokens: Iterator[str]) -> list[_Joint]:
    joints: list[_Joint] = []
    # Open braces: the joint each belongs to, None for an end site.
    braces: list[_Joint | None] = []
    pending: _Joint | None = None
    columns = 0
    try:
        for token in tokens:
            if token in ("ROOT", "JOINT"):
                parent = next((joint for joint in reversed(braces) if joint), None)
                pending = _Joint(next(tokens), parent.name if parent else None)
                joints.append(pending)
            elif token == "End":
                next(tokens)
                pending = None
            elif token == "{":
                braces.append(pending)
            elif token == "}":
                braces.pop()
            elif token == "OFFSET":
                vector = np.array([float(next(tokens)) for _ in range(3)])
                if not (np.abs(vector) < _LARGEST).all():
                    raise ValueError
                if (joint := braces[-1]) is not None:
                    joint.offset = vector
                elif len(braces) > 1 and (above := braces[-2]) is not None:
                    above.end_site = vector
            elif token == "CHANNELS" and (joint := braces[-1]) is not None and not joint.channels:
                joint.channels = tuple(next(tokens) for _ in range(int(next(tokens))))
                if any(channel not in _CHANNELS for channel in joint.channels):
                    raise UserError(f"unknown channel among {joint.channels}", file=path, place=joint.name)
                joint.first_column, columns = columns, columns + len(joint.channels)
            elif token != "HIERARCHY":
                raise UserError(f"{token[:40]!r} is not expected here", file=path, place="HIERARCHY")
    except (StopIteration, RuntimeError, ValueError, IndexError):
        raise UserError("cannot be understood", file=path, place="HIERARCHY", mend="Export the take again.") from None
    if not joints or braces:
        raise UserError("ends in the middle", file=path, place="HIERARCHY", mend="Export the take again.")
    return joints


def _local_rotations(joint: _Joint, rows: Array) -> Array:
    """(T, 4) in Blender's axes: the channels in their order, the first outermost."""
    out = np.broadcast_to((1.0, 0.0, 0.0, 0.0), (len(rows), 4))
    for k, channel in enumerate(joint.channels):
        if channel.endswith("rotation"):
            axis = np.eye(3)["XYZ".index(channel[0])]
            out = multiply(out, from_axis_angle(axis, np.radians(rows[:, joint.first_column + k])))
    return quaternions_from_bvh(out)


def _positions(joint: _Joint, rows: Array) -> Array:
    """(T, 3) in Blender's axes, the file's units."""
    out = np.tile(joint.offset, (len(rows), 1))
    for k, channel in enumerate(joint.channels):
        if channel.endswith("position"):
            out[:, "XYZ".index(channel[0])] = rows[:, joint.first_column + k]
    return vectors_from_bvh(out)


def _metres_per_unit(path: Path, joints: dict[str, _Joint]) -> float:
    """MVN writes centimetres, other tools convert: a leg from hip to ankle is 0.4 to 1.3 m in one unit only."""
    leg = sum(float(np.linalg.norm(joints[name].offset)) for name in ("RightKnee", "RightAnkle"))
    for scale in (0.01, 1.0, 0.001):
        if 0.4 <= leg * scale <= 1.3:
            return scale
    raise UserError(f"a leg of {leg:g} units is neither metres, centimetres nor millimetres", file=path)


def _skeleton(path: Path, joints: dict[str, _Joint], scale: float) -> Skeleton:
    offsets = np.zeros((len(SEGMENTS), 3))
    points: dict[str, dict[str, Array]] = {segment: {} for segment in SEGMENTS}
    for j, segment in enumerate(SEGMENTS):
        joint, parent = joints[JOINT_NAMES[segment]], PARENTS[segment]
        if joint.parent != (None if parent is None else JOINT_NAMES[parent]):
            raise UserError(f"hangs on {joint.parent}, not as in MVN's skeleton", file=path, place=joint.name)
        if parent is not None:
            offsets[j] = scale * vectors_from_bvh(joint.offset)
            points[parent][JOINT_OF[segment]] = offsets[j]
            points[segment][JOINT_OF[segment]] = np.zeros(3)
    for segment, label in (
        ("Head", "pTopOfHead"), ("RightHand", "pRightTopOfHand"), ("LeftHand", "pLeftTopOfHand"),
        ("RightToe", "pRightToe"), ("LeftToe", "pLeftToe"),
    ):  # fmt: skip
        end = joints[JOINT_NAMES[segment]].end_site
        if end is not None:
            points[segment][label] = scale * vectors_from_bvh(end)
    for side, outward in (("Right", -1.0), ("Left", 1.0)):
        _add_foot_points(points, side, outward)
    parents = np.array([-1 if (p := PARENTS[segment]) is None else SEGMENTS.index(p) for segment in SEGMENTS])
    return Skeleton(names=SEGMENTS, parents=parents, offsets=offsets, points=points)


def _add_foot_points(points: dict[str, dict[str, Array]], side: str, outward: float) -> None:
    """Estimate the sole of one foot in MVN's own proportions, from its ankle, ball and toe tip.

    MVN scales these points with the foot's length. Between MVNX files they stay within 10 mm of: heel 0.19 of the
    distance from ankle to toe tip behind the ankle, metatarsal heads at 0.79 of the way from ankle to ball and 0.15
    of the foot's length to either side, the sole flat at the height of the toe's tip.
    """
    foot, toe = points[f"{side}Foot"], points[f"{side}Toe"]
    ball = foot[f"j{side}BallFoot"]
    tip = toe.setdefault(f"p{side}Toe", np.array((0.0, 0.4 * ball[1], 0.2 * ball[2])))
    sole = ball[2] + tip[2]
    forward = ball[1] + tip[1]  # negative: the foot points along −Y
    heel = -0.19 * forward
    half_width = 0.15 * abs(forward - heel)
    for label, x in (("FirstMetatarsal", -outward * half_width), ("FifthMetatarsal", outward * half_width)):
        point = np.array((x, 0.79 * ball[1], sole))
        foot[f"p{side}{label}"] = point
        toe[f"p{side}{label}"] = point - ball
    foot[f"p{side}HeelFoot"] = np.array((0.0, heel, sole))
    foot[f"p{side}HeelCenter"] = np.array((0.0, 0.0, sole))
    foot[f"p{side}PivotFoot"] = np.array((0.0, 0.93 * ball[1], sole))


def _starts_in_calibration_pose(orientations: Array, positions: Array) -> bool:
    """Is row 0 MVN's T-pose, put before the recording? It faces ahead over the origin, and row 1 is elsewhere.

    T-pose: no segment is more than 20° from unrotated (MVN's own are at most 13.2°). Elsewhere: the pelvis moves or a
    segment turns three times as far as in any step of the second that follows, and 5 cm or 5° at the least.
    """
    if len(orientations) < 2:
        return False
    steps = orientations[:240]
    turned = 2.0 * np.arccos(np.clip(np.abs(orientations[0, :, 0]), 0.0, 1.0))
    if turned.max() > np.radians(20.0) or np.abs(positions[0, 0, :2]).max() > 0.01:
        return False
    change = multiply(conjugate(steps[:-1]), steps[1:])
    angles = 2.0 * np.arccos(np.clip(np.abs(change[..., 0]), 0.0, 1.0)).max(axis=1)
    moves = np.linalg.norm(np.diff(positions[:240, 0], axis=0), axis=1)
    return bool(
        angles[0] > max(np.radians(5.0), 3.0 * angles[1:].max(initial=0.0))
        or moves[0] > max(0.05, 3.0 * moves[1:].max(initial=0.0))
    )

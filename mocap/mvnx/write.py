"""MVNX 4 as XSens MVN writes it, from any motion on MVN's segments: written to disk frame by frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from os import PathLike
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from mocap.axes import quaternions_to_mvn, vectors_to_mvn
from mocap.errors import UserError
from mocap.joint_labels import joint_label
from mocap.motion import Motion
from mocap.rotations import Array
from mocap.skeleton import CONTACT_POINTS, SIDES, Skeleton, finger_segments
from mocap.whole_file import whole_file

_NAMESPACE = "http://www.xsens.com/mvn/mvnx"
# MVN writes six decimals; nine keep a round trip below a micrometre even at the far end of a rink.
_DECIMALS = 9


def write_mvnx(motion: Motion, path: str | PathLike[str]) -> None:
    """Write a motion as an MVNX 4 file; it appears whole or not at all.

    Like MVN's own, it begins with the calibration frames `identity` and `tpose`, which have no index. The motion knows
    no other rest than MVN's identity, so both show every segment unrotated, the ball of the foot at height 0. What
    `motion.source` says of the subject and the recording goes along; the clock starts with the first frame.

    Args:
        motion: on MVN's segments; fingers, props and contacts are written when it has them.
        path: the file to make or replace.

    Raises:
        UserError: the file cannot be written.
    """
    path = Path(path)
    try:
        with whole_file(path) as file:
            for line in _lines(motion):
                file.write(f"{line}\n".encode())
    except OSError as error:
        raise UserError(f"cannot be written ({error.strerror or error})", file=path) from None


def _lines(motion: Motion) -> Iterator[str]:
    skeleton = motion.skeleton
    lists = _lists(skeleton)
    label, recorded, configuration, scenario = (
        _attribute(str(motion.source.get(name) or otherwise))
        for name, otherwise in (
            ("subject", motion.name),
            ("recorded", "1970-01-01 00:00:00"),
            ("configuration", "FullBody"),
            ("scenario", "singleLevel"),
        )
    )
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield f'<mvnx xmlns="{_NAMESPACE}" version="4">'
    yield '\t<mvn version="(skatesynth)"/>'
    yield (
        f'\t<subject label={label} frameRate="{motion.rate:.12g}" segmentCount="{len(lists[""])}"'
        f" recDate={recorded} configuration={configuration} userScenario={scenario}>"
    )
    points = _points(skeleton)
    for side, segments in lists.items():
        yield from _segments(skeleton, f"fingerTrackingSegments{side}" if side else "segments", segments, points)
    for side, segments in lists.items():
        yield from _joints(skeleton, f"fingerTrackingJoints{side}" if side else "joints", segments)
    if motion.contacts is not None:
        yield "\t\t<footContactDefinition>"
        for index, point in enumerate(CONTACT_POINTS):
            yield f'\t\t\t<contactDefinition label="{point}" index="{index}"/>'
        yield "\t\t</footContactDefinition>"
    joints = {side: int(np.sum(skeleton.parents[segments] >= 0)) for side, segments in lists.items()}
    fingers = f' fingerJointCount="{sum(joints.values()) - joints[""]}"' if len(lists) > 1 else ""
    yield f'\t\t<frames segmentCount="{len(lists[""])}" sensorCount="0" jointCount="{joints[""]}"{fingers}>'
    yield from _calibration_frames(skeleton, lists[""])
    yield from _normal_frames(motion, lists)
    yield "\t\t</frames>"
    yield "\t</subject>"
    yield "</mvnx>"


def _lists(skeleton: Skeleton) -> dict[str, list[int]]:
    """The segments that go together: body and props under "", the fingers of a hand under its side."""
    lists: dict[str, list[int]] = {"": []}
    for j, name in enumerate(skeleton.names):
        side = next((side for side in SIDES if name in finger_segments(side)), "")
        lists.setdefault(side, []).append(j)
    return lists


def _points(skeleton: Skeleton) -> dict[str, dict[str, Array]]:
    """All points per segment, both ends of every joint among them."""
    points: dict[str, dict[str, Array]] = {name: dict(skeleton.points.get(name, {})) for name in skeleton.names}
    for j, name in enumerate(skeleton.names):
        if skeleton.parents[j] >= 0:
            joint, parent = joint_label(name), skeleton.names[skeleton.parents[j]]
            points[name].setdefault(joint, np.zeros(3))
            points[parent][joint] = skeleton.offsets[j] + points[name][joint]
    return points


def _segments(
    skeleton: Skeleton, section: str, segments: Sequence[int], points: dict[str, dict[str, Array]]
) -> Iterator[str]:
    yield f"\t\t<{section}>"
    for number, name in enumerate((skeleton.names[j] for j in segments), start=1):
        yield f'\t\t\t<segment label={_attribute(name)} id="{number}">'
        yield "\t\t\t\t<points>"
        for label, point in points[name].items():
            yield f"\t\t\t\t\t<point label={_attribute(label)}>"
            yield f"\t\t\t\t\t\t<pos_b>{_numbers(vectors_to_mvn(point))}</pos_b>"
            yield "\t\t\t\t\t</point>"
        yield "\t\t\t\t</points>"
        yield "\t\t\t</segment>"
    yield f"\t\t</{section}>"


def _joints(skeleton: Skeleton, section: str, segments: Sequence[int]) -> Iterator[str]:
    yield f"\t\t<{section}>"
    for j in segments:
        if skeleton.parents[j] >= 0:
            name, parent = skeleton.names[j], skeleton.names[skeleton.parents[j]]
            joint = joint_label(name)
            yield f"\t\t\t<joint label={_attribute(joint)}>"
            yield f"\t\t\t\t<connector1>{escape(_printable(f'{parent}/{joint}'))}</connector1>"
            yield f"\t\t\t\t<connector2>{escape(_printable(f'{name}/{joint}'))}</connector2>"
            yield "\t\t\t</joint>"
    yield f"\t\t</{section}>"


def _calibration_frames(skeleton: Skeleton, segments: Sequence[int]) -> Iterator[str]:
    origins = skeleton.identity_positions()[segments]
    origins = origins - np.array((0.0, 0.0, origins[:, 2].min()))
    unrotated = np.tile((1.0, 0.0, 0.0, 0.0), (len(origins), 1))
    for kind in ("identity", "tpose"):
        yield f'\t\t\t<frame time="0" tc="00:00:00:00" ms="0" type="{kind}">'
        yield from _pose(quaternions_to_mvn(unrotated), vectors_to_mvn(origins))
        yield "\t\t\t</frame>"


def _normal_frames(motion: Motion, lists: dict[str, list[int]]) -> Iterator[str]:
    for index in range(len(motion)):
        elapsed = round(index * 1000.0 / motion.rate)
        moment = datetime.fromtimestamp(0, UTC) + timedelta(seconds=index / motion.rate)
        frame_of_second = int(moment.microsecond * motion.rate / 1e6)
        yield (
            f'\t\t\t<frame time="{elapsed}" index="{index}" tc="{moment:%H:%M:%S}:{frame_of_second:02d}"'
            f' ms="{elapsed}" type="normal">'
        )
        orientations, positions = (
            quaternions_to_mvn(motion.orientations[index]),
            vectors_to_mvn(motion.positions[index]),
        )
        for side, segments in lists.items():
            yield from _pose(orientations[segments], positions[segments], f"Fingers{side}" if side else "")
        if motion.contacts is not None:
            down = " ".join(str(int(contact)) for contact in motion.contacts[index])
            yield f"\t\t\t\t<footContacts>{down}</footContacts>"
        yield "\t\t\t</frame>"


def _pose(orientations: Array, positions: Array, of: str = "") -> Iterator[str]:
    for stream, values in ((f"orientation{of}", orientations), (f"position{of}", positions)):
        yield f"\t\t\t\t<{stream}>{_numbers(values)}</{stream}>"


def _numbers(values: Array) -> str:
    # Adding zero turns −0 into 0.
    return " ".join(f"{value:.{_DECIMALS}f}" for value in (np.round(values, _DECIMALS) + 0.0).ravel().tolist())


def _attribute(text: str) -> str:
    return quoteattr(_printable(text))


def _printable(text: str) -> str:
    """XML 1.0 has no way to write control characters."""
    return "".join(c if c.isprintable() else " " for c in text)

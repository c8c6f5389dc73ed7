"""MVNX 4 as XSens MVN writes it, from any motion on MVN's segments: written to disk frame by frame."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from os import PathLike
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np

from mocap.axes import quaternions_to_mvn, vectors_to_mvn
from mocap.errors import UserError
from mocap.motion import Motion
from mocap.rotations import Array
from mocap.skeleton import CONTACT_POINTS, JOINT_OF, Skeleton
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
        motion: on MVN's segments; contacts are written when it has them.
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
        f'\t<subject label={label} frameRate="{motion.rate:.12g}" segmentCount="{len(skeleton.names)}"'
        f" recDate={recorded} configuration={configuration} userScenario={scenario}>"
    )
    yield from _segments(skeleton)
    yield from _joints(skeleton)
    if motion.contacts is not None:
        yield "\t\t<footContactDefinition>"
        for index, point in enumerate(CONTACT_POINTS):
            yield f'\t\t\t<contactDefinition label="{point}" index="{index}"/>'
        yield "\t\t</footContactDefinition>"
    yield (
        f'\t\t<frames segmentCount="{len(skeleton.names)}" sensorCount="0"'
        f' jointCount="{int(np.sum(skeleton.parents >= 0))}">'
    )
    yield from _calibration_frames(skeleton)
    yield from _normal_frames(motion)
    yield "\t\t</frames>"
    yield "\t</subject>"
    yield "</mvnx>"


def _segments(skeleton: Skeleton) -> Iterator[str]:
    points: dict[str, dict[str, Array]] = {name: dict(skeleton.points.get(name, {})) for name in skeleton.names}
    for j, name in enumerate(skeleton.names):
        if skeleton.parents[j] >= 0:
            points[name].setdefault(JOINT_OF[name], np.zeros(3))
            parent = skeleton.names[skeleton.parents[j]]
            points[parent][JOINT_OF[name]] = skeleton.offsets[j] + points[name][JOINT_OF[name]]
    yield "\t\t<segments>"
    for number, name in enumerate(skeleton.names, start=1):
        yield f'\t\t\t<segment label="{name}" id="{number}">'
        yield "\t\t\t\t<points>"
        for label, point in points[name].items():
            yield f"\t\t\t\t\t<point label={_attribute(label)}>"
            yield f"\t\t\t\t\t\t<pos_b>{_numbers(vectors_to_mvn(point))}</pos_b>"
            yield "\t\t\t\t\t</point>"
        yield "\t\t\t\t</points>"
        yield "\t\t\t</segment>"
    yield "\t\t</segments>"


def _joints(skeleton: Skeleton) -> Iterator[str]:
    yield "\t\t<joints>"
    for name, parent in zip(skeleton.names, skeleton.parents, strict=True):
        if parent >= 0:
            joint = JOINT_OF[name]
            yield f'\t\t\t<joint label="{joint}">'
            yield f"\t\t\t\t<connector1>{skeleton.names[parent]}/{joint}</connector1>"
            yield f"\t\t\t\t<connector2>{name}/{joint}</connector2>"
            yield "\t\t\t</joint>"
    yield "\t\t</joints>"


def _calibration_frames(skeleton: Skeleton) -> Iterator[str]:
    origins = skeleton.identity_positions()
    origins = origins - np.array((0.0, 0.0, origins[:, 2].min()))
    unrotated = np.tile((1.0, 0.0, 0.0, 0.0), (len(origins), 1))
    for kind in ("identity", "tpose"):
        yield f'\t\t\t<frame time="0" tc="00:00:00:00" ms="0" type="{kind}">'
        yield from _pose(quaternions_to_mvn(unrotated), vectors_to_mvn(origins))
        yield "\t\t\t</frame>"


def _normal_frames(motion: Motion) -> Iterator[str]:
    for index in range(len(motion)):
        elapsed = round(index * 1000.0 / motion.rate)
        moment = datetime.fromtimestamp(0, UTC) + timedelta(seconds=index / motion.rate)
        frame_of_second = int(moment.microsecond * motion.rate / 1e6)
        yield (
            f'\t\t\t<frame time="{elapsed}" index="{index}" tc="{moment:%H:%M:%S}:{frame_of_second:02d}"'
            f' ms="{elapsed}" type="normal">'
        )
        yield from _pose(quaternions_to_mvn(motion.orientations[index]), vectors_to_mvn(motion.positions[index]))
        if motion.contacts is not None:
            down = " ".join(str(int(contact)) for contact in motion.contacts[index])
            yield f"\t\t\t\t<footContacts>{down}</footContacts>"
        yield "\t\t\t</frame>"


def _pose(orientations: Array, positions: Array) -> Iterator[str]:
    yield f"\t\t\t\t<orientation>{_numbers(orientations)}</orientation>"
    yield f"\t\t\t\t<position>{_numbers(positions)}</position>"


def _numbers(values: Array) -> str:
    # Adding zero turns −0 into 0.
    return " ".join(f"{value:.{_DECIMALS}f}" for value in (np.round(values, _DECIMALS) + 0.0).ravel().tolist())


def _attribute(text: str) -> str:
    return quoteattr(_printable(text))


def _printable(text: str) -> str:
    """XML 1.0 has no way to write control characters."""
    return "".join(c if c.isprintable() else " " for c in text)

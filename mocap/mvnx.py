"""MVNX 3 and 4, as XSens MVN Studio and MVN Analyze write them, streamed.

Facts of the format: the MVN user manual and files of both versions. A file's segments, joints and contact points are
read by their labels, frames are told apart by their `type`, and of a frame only orientation, position and foot contacts
are looked at. Segments beyond the body's 23 (props, fingers) are left out.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import numpy as np

from mocap.axes import quaternions_from_mvn, vectors_from_mvn
from mocap.closure import without_isb_arms
from mocap.errors import UserError
from mocap.motion import Motion
from mocap.rotations import Array, hemisphere, normalize
from mocap.skeleton import CONTACT_POINTS, JOINT_OF, PARENTS, SEGMENTS, Skeleton
from mocap.span import Span
from mocap.xml_stream import visit

_POINT_TEXT = ("pos_b", "pos_s")  # version 4 and version 3
_STREAMS = ("orientation", "position", "footContacts")
_SECTIONS = ("segments", "joints", "footContactDefinition", "frames")
_FARTHEST = 1e5  # metres: nothing recorded lies beyond, and arithmetic stays safe


def read_mvnx(path: Path, subject: str | None, span: Span) -> Motion:
    """One subject of an MVNX file.

    Args:
        path: the file.
        subject: which of its subjects, by label, one met again with a number ("Anna (2)"); the first when None.
        span: the part of the take to keep.

    Raises:
        UserError: nothing usable in the file, with the frame or line at fault; a subject it does not have.
    """
    scan = _Scan(path, subject, span)
    visit(path, scan, where=scan.where)
    take = scan.take
    if take is None:
        _refuse_without_subject(path, scan, subject)
    return _motion(path, scan, take)


@dataclass
class _Take:
    """What one `subject` element holds, still in MVN's axes."""

    attributes: Mapping[str, str]
    label: str
    rate: float
    segments: list[str] = field(default_factory=list)
    points: dict[str, dict[str, Array]] = field(default_factory=dict)
    connectors: list[tuple[str, str]] = field(default_factory=list)
    contact_labels: dict[int, str] = field(default_factory=dict)
    streams: dict[str, array[float]] = field(default_factory=lambda: {name: array("d") for name in _STREAMS})
    widths: dict[str, int] = field(default_factory=dict)
    total: int = 0
    kept: int = 0
    contact_frames: int = 0
    missing: int = 0
    last_index: int | None = None


class _Scan:
    """Visitor that fills the `_Take` of one subject and counts the others."""

    names = frozenset(
        (
            *("mvn", "subject", "segment", "point", "connector1", "connector2", "contactDefinition", "frame"),
            *_SECTIONS,
            *_STREAMS,
            *_POINT_TEXT,
        )
    )

    def __init__(self, path: Path, subject: str | None, span: Span) -> None:
        self.path = path
        self.wanted = subject
        self.span = span
        self.version: str | None = None
        self.software = ""
        self.subjects: list[str] = []
        self.take: _Take | None = None
        self._open: _Take | None = None
        self._section = ""
        self._segment = ""
        self._point = ""
        self._connector = ""
        self._keeping = False
        self._seen: set[str] = set()

    def where(self) -> str | None:
        """The frame reached, for messages."""
        return f"frame {self._open.total - 1}" if self._open is not None and self._open.total else None

    def start(self, name: str, attributes: Mapping[str, str]) -> bool:
        if self.version is None:
            self._start_root(name, attributes)
        elif name == "mvn":
            self.software = f"MVN {attributes.get('version', '')}".strip()
        elif name == "subject":
            self._start_subject(attributes)
        elif name in _SECTIONS:
            self._section = name
        elif self._open is not None:
            return self._start_inside(self._open, name, attributes)
        return False

    def end(self, name: str, text: str | None) -> None:
        take = self._open
        if take is not None and text is not None:
            if name in _STREAMS:
                self._read_stream(take, name, text)
            elif name in _POINT_TEXT:
                take.points[self._segment][self._point] = self._vector(text)
            elif name == "connector1":
                self._connector = text.strip()
            elif name == "connector2":
                take.connectors.append((self._connector, text.strip()))
        elif name == "frame" and self._keeping and take is not None:
            self._end_frame(take)
        elif name in _SECTIONS:
            self._section = ""
        elif name == "subject":
            self._open = None

    def _start_root(self, name: str, attributes: Mapping[str, str]) -> None:
        if name != "mvnx":
            raise UserError(f"the XML is no MVNX file (its root is <{name[:40]}>)", file=self.path)
        self.version = attributes.get("version", "").strip()
        if self.version not in ("3", "4"):
            raise UserError(
                f"MVNX version {self.version[:20] or '(none)'} is not supported",
                file=self.path,
                mend="Export the take from MVN as MVNX version 3 or 4.",
            )

    def _start_subject(self, attributes: Mapping[str, str]) -> None:
        label = attributes.get("label", "").strip() or "unnamed"
        same = sum(1 for known in self.subjects if known == label or known.startswith(f"{label} ("))
        label = f"{label} ({same + 1})" if same else label
        self.subjects.append(label)
        if self.take is not None or self.wanted not in (None, label):
            return
        self.take = self._open = _Take(attributes, label, self._rate(attributes))

    def _start_inside(self, take: _Take, name: str, attributes: Mapping[str, str]) -> bool:
        if self._section == "frames":
            if name == "frame":
                self._start_frame(take, attributes)
            return self._keeping and name in _STREAMS
        if self._section == "segments":
            if name == "segment":
                self._segment = attributes.get("label", "")
                take.segments.append(self._segment)
                take.points[self._segment] = {}
            elif name == "point":
                self._point = attributes.get("label", "")
            return name in _POINT_TEXT and bool(take.segments)
        if self._section == "joints":
            return name in ("connector1", "connector2")
        if self._section == "footContactDefinition" and name == "contactDefinition":
            index = _index(attributes)
            if index is None:
                raise UserError(f"a foot contact has index {attributes.get('index', '')[:20]!r}", file=self.path)
            take.contact_labels[index] = attributes.get("label", "")
        return False

    def _start_frame(self, take: _Take, attributes: Mapping[str, str]) -> None:
        self._keeping = False
        if attributes.get("type", "normal") != "normal":
            return
        number = _index(attributes)
        if number is not None and take.last_index is not None:
            take.missing += max(0, number - take.last_index - 1)
        take.last_index = number
        self._keeping = self.span.holds(take.total, take.rate)
        take.total += 1
        if self._keeping:
            take.kept += 1
            self._seen = set()

    def _end_frame(self, take: _Take) -> None:
        self._keeping = False
        for stream in ("orientation", "position"):
            if stream not in self._seen:
                raise self._fault(f"the frame has no {stream}")
        take.contact_frames += "footContacts" in self._seen

    def _read_stream(self, take: _Take, name: str, text: str) -> None:
        if name in self._seen:
            raise self._fault(f"the frame has {name} twice")
        self._seen.add(name)
        values = take.streams[name]
        before = len(values)
        try:
            values.extend(map(float, text.split()))
        except ValueError:
            raise self._fault(f"{name} holds something that is no number") from None
        width = len(values) - before
        if name not in take.widths:
            take.widths[name] = self._width(take, name, width)
        if width != (expected := take.widths[name]):
            raise self._fault(f"{name} has {width} values where {expected} are due")

    def _width(self, take: _Take, name: str, found: int) -> int:
        """Values due per frame, from the segments that the file declares."""
        if name == "footContacts":
            return len(take.contact_labels) or found
        per_segment = 4 if name == "orientation" else 3
        return per_segment * len(take.segments)

    def _vector(self, text: str) -> Array:
        place = f"segment {self._segment[:40]}, point {self._point[:40]}"
        try:
            vector = np.array([float(part) for part in text.split()])
        except ValueError:
            raise UserError("the point's position holds no numbers", file=self.path, place=place) from None
        if vector.shape != (3,) or not (np.abs(vector) < _FARTHEST).all():
            raise UserError("the point's position is not three finite numbers", file=self.path, place=place)
        return vector

    def _rate(self, attributes: Mapping[str, str]) -> float:
        text = attributes.get("frameRate", "")
        try:
            rate = float(text)
        except ValueError:
            rate = np.nan
        if not 1.0 <= rate <= 10000.0:
            raise UserError(f"the subject's frameRate is {text[:20]!r}, not frames per second", file=self.path)
        return rate

    def _fault(self, message: str) -> UserError:
        return UserError(message, file=self.path, place=self.where(), mend="Export the take again from MVN.")


def _index(attributes: Mapping[str, str]) -> int | None:
    """The number in `index`; None where there is none, or one longer than any take."""
    text = attributes.get("index", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _refuse_without_subject(path: Path, scan: _Scan, subject: str | None) -> NoReturn:
    if not scan.subjects:
        raise UserError("the file holds no subject", file=path, mend="Export the take again from MVN.")
    names = ", ".join(scan.subjects)
    raise UserError(f"no subject is called {subject!r}", file=path, mend=f"Those there are: {names}.")


def _motion(path: Path, scan: _Scan, take: _Take) -> Motion:
    absent = [name for name in SEGMENTS if name not in take.segments]
    if absent:
        raise UserError(f"segments missing: {', '.join(absent)}", file=path, mend="Export all 23 body segments.")
    if take.total == 0:
        raise UserError("the subject has no recorded frame", file=path, place=take.label)
    scan.span.check(take.total, take.rate, path)
    skeleton = _skeleton(path, take)
    warnings: list[str] = []
    orientations = hemisphere(normalize(quaternions_from_mvn(_stream(path, scan, take, "orientation", 4))))
    positions = vectors_from_mvn(_stream(path, scan, take, "position", 3))
    mended = without_isb_arms(skeleton, orientations, positions)
    if mended is not None:
        warnings.append("arm orientations were in ISB axes: turned so that elbows and wrists close")
        orientations = mended
    if take.missing:
        warnings.append(f"{take.missing} frames are missing from the recording")
    if len(scan.subjects) > 1 and scan.wanted is None:
        warnings.append(f"the file holds {len(scan.subjects)} subjects: the first was taken")
    several = len(scan.subjects) > 1
    return Motion(
        name=f"{path.stem} {take.label}" if several else path.stem,
        rate=take.rate,
        skeleton=skeleton,
        orientations=orientations,
        positions=positions,
        contacts=_contacts(take, warnings),
        source={
            "format": "MVNX",
            "version": scan.version,
            "software": scan.software,
            "file": path.name,
            "subject": take.label,
            "subjects": tuple(scan.subjects),
            "configuration": take.attributes.get("configuration", ""),
            "scenario": take.attributes.get("userScenario", ""),
            "recorded": take.attributes.get("recDate", ""),
            "frames_in_file": take.total,
            "first_frame": scan.span.first(take.rate),
            "isb_arms_corrected": mended is not None,
            "warnings": tuple(warnings),
        },
    )


def _stream(path: Path, scan: _Scan, take: _Take, name: str, size: int) -> Array:
    """(T, 23, size) of one stream, in the order of SEGMENTS; the scan's own copy is given up."""
    columns = [take.segments.index(segment) for segment in SEGMENTS]
    values = np.frombuffer(take.streams.pop(name), dtype=np.float64)
    values = values.reshape(take.kept, len(take.segments), size)[:, columns]
    # Written so that NaN is bad too.
    bad = ~(np.abs(values) < _FARTHEST).all(axis=(1, 2))
    if size == 4:
        bad[~bad] = (np.abs(np.linalg.norm(values[~bad], axis=-1) - 1.0) > 0.05).any(axis=1)
    if bad.any():
        frame = scan.span.first(take.rate) + int(np.argmax(bad))
        what = "no place on earth" if size == 3 else "no rotation"
        raise UserError(f"{name} is {what}", file=path, place=f"frame {frame}", mend="Export the take again from MVN.")
    return values


def _contacts(take: _Take, warnings: list[str]) -> np.ndarray | None:
    """(T, 4) in the order of CONTACT_POINTS."""
    if take.contact_frames == 0:
        return None
    order = {label: index for index, label in take.contact_labels.items()} or dict(
        zip(CONTACT_POINTS, range(4), strict=True)
    )
    width = take.widths["footContacts"]
    if take.contact_frames < take.kept or any(order.get(label, width) >= width for label in CONTACT_POINTS):
        warnings.append("foot contacts are incomplete and were left out")
        return None
    values = np.frombuffer(take.streams.pop("footContacts"), dtype=np.float64).reshape(take.kept, width)
    return values[:, [order[label] for label in CONTACT_POINTS]] > 0.5


def _skeleton(path: Path, take: _Take) -> Skeleton:
    points = {
        segment: {_v4_label(label): vectors_from_mvn(p) for label, p in take.points[segment].items()}
        for segment in SEGMENTS
    }
    joints = _joints(take)
    parents = np.array([-1 if (p := PARENTS[segment]) is None else SEGMENTS.index(p) for segment in SEGMENTS])
    offsets = np.zeros((len(SEGMENTS), 3))
    for j, segment in enumerate(SEGMENTS):
        parent = PARENTS[segment]
        if parent is None:
            continue
        at_parent, at_child = joints[parent, segment]
        if at_parent not in points[parent]:
            raise UserError(f"{parent} has no point {at_parent}, so {segment} hangs on nothing", file=path)
        offsets[j] = points[parent][at_parent] - points[segment].get(at_child, np.zeros(3))
    return Skeleton(names=SEGMENTS, parents=parents, offsets=offsets, points=points)


def _joints(take: _Take) -> dict[tuple[str, str], tuple[str, str]]:
    """(parent, child) → the joint's point in each: what the file says, else MVN's usual labels."""
    joints = {(parent, child): (JOINT_OF[child], JOINT_OF[child]) for child, parent in PARENTS.items() if parent}
    for first, second in take.connectors:
        parent, _, at_parent = first.partition("/")
        child, _, at_child = second.partition("/")
        if (parent, child) in joints:
            joints[parent, child] = (_v4_label(at_parent), _v4_label(at_child))
    return joints


def _v4_label(label: str) -> str:
    """Version 3 names the joint of T8 and shoulder by C7, version 4 by T4."""
    return label.replace("C7Shoulder", "T4Shoulder")

"""What an MVNX file of version 2, 3 or 4 holds for one subject, taken out of its XML in one pass, still in MVN's axes.

Facts of the format: the MVN user manual, files of versions 3 and 4, and public programs that read finger streams;
`docs/takes.md` says which parts have been checked against real files. Segments, joints and contact points are read by
their labels and frames are told apart by their `type`, never by their place in the file.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from mocap.errors import UserError
from mocap.mvnx.xml_stream import visit
from mocap.skeleton import SEGMENTS
from mocap.span import Span
from mocap.take_file import take_name

VERSIONS = ("2", "3", "4")

# Who can be recorded far away from the origin: nothing lies beyond these metres, and arithmetic stays safe.
FARTHEST = 1e5

# A frame's streams → the values per segment, and the list of segments they run over ("" is the body's own).
STREAMS: Mapping[str, tuple[int, str]] = {
    "orientation": (4, ""),
    "position": (3, ""),
    "orientationFingersLeft": (4, "Left"),
    "positionFingersLeft": (3, "Left"),
    "orientationFingersRight": (4, "Right"),
    "positionFingersRight": (3, "Right"),
}
CONTACTS = "footContacts"

# Sections → the list that their segments belong to.
_SEGMENT_SECTIONS = {"segments": "", "fingerTrackingSegmentsLeft": "Left", "fingerTrackingSegmentsRight": "Right"}
_JOINT_SECTIONS = ("joints", "fingerTrackingJointsLeft", "fingerTrackingJointsRight")
_SECTIONS = frozenset((*_SEGMENT_SECTIONS, *_JOINT_SECTIONS, "footContactDefinition", "frames"))
_SEGMENT_TAGS = ("segment", "fingerTrackingSegment")
_POINT_TEXT = ("pos_b", "pos_s")  # version 4 and version 3; version 2 has pos_s as an attribute
_CONNECTORS = ("connector1", "connector2")

# MVN writes 4 subjects, 67 segments, about 160 points: a file with more than these has another purpose.
_MOST_SUBJECTS = 64
_MOST_SEGMENTS = 256
_MOST_POINTS = 4096
_MOST_CONTACTS = 64
_LONGEST_LABEL = 200
# A gap is told with its place; a file that counts at random would fill the memory with them.
_MOST_GAPS = 100


@dataclass
class RawTake:
    """One subject as the file has it.

    Attributes:
        attributes: of the `subject` element (version 2: of `mvnxInfo`).
        label: its name, with a number when an earlier subject has the same.
        rate: frames per second.
        segments: labels in the file's order; "" is the body's list, "Left" and "Right" those of the fingers.
        points: x, y, z per segment and label of the point, metres.
        connectors: the two ends of each joint, as `Segment/point`.
        contact_labels: label per column of the foot contacts.
        streams: values of all kept frames, one after the other.
        frames_with: how many kept frames had each stream.
        total: normal frames in the file; kept: those inside the span.
        gaps: (frame, how many are missing before it) where the file's own count jumps.
    """

    attributes: Mapping[str, str]
    label: str
    rate: float
    segments: dict[str, list[str]] = field(default_factory=lambda: {"": [], "Left": [], "Right": []})
    points: dict[str, dict[str, tuple[float, ...]]] = field(default_factory=dict)
    connectors: list[tuple[str, str]] = field(default_factory=list)
    contact_labels: dict[int, str] = field(default_factory=dict)
    streams: dict[str, array[float]] = field(
        default_factory=lambda: {name: array("d") for name in (*STREAMS, CONTACTS)}
    )
    frames_with: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*STREAMS, CONTACTS), 0))
    total: int = 0
    kept: int = 0
    missing: int = 0
    gaps: list[tuple[int, int]] = field(default_factory=list)

    def contacts_width(self) -> int:
        """Columns of the foot contacts."""
        return len(self.contact_labels) or 4

    def stream(self, name: str) -> np.ndarray:
        """(frames, segments, values) of a stream that every kept frame has; the take's own copy is given up."""
        per_segment, segments = STREAMS[name]
        values = np.frombuffer(self.streams.pop(name), dtype=np.float64)
        return values.reshape(self.kept, len(self.segments[segments]), per_segment)


@dataclass
class Scan:
    """What a file says: `take` is None when it lacks the subject asked for."""

    version: str
    software: str
    subjects: tuple[str, ...]
    take: RawTake | None


def scan_mvnx(path: Path, subject: str | None, span: Span) -> Scan:
    """Read a file through.

    Args:
        path: the file.
        subject: whose frames to keep; the first subject's when None.
        span: which of them.

    Raises:
        UserError: damage, with the line and frame it is in.
    """
    visitor = _Visitor(path, subject, span)
    visit(path, visitor, where=visitor.where)
    return Scan(visitor.version or "", visitor.software, tuple(visitor.subjects), visitor.take)


class _Visitor:
    """Fills the `RawTake` of one subject and counts the others."""

    names = frozenset(
        (
            *("mvn", "mvnxInfo", "subject", "point", "contactDefinition", "frame", "F"),
            *_SECTIONS,
            *_SEGMENT_TAGS,
            *_POINT_TEXT,
            *_CONNECTORS,
            *STREAMS,
            CONTACTS,
        )
    )

    def __init__(self, path: Path, subject: str | None, span: Span) -> None:
        self.path = path
        self.wanted = subject
        self.span = span
        self.version: str | None = None
        self.software = ""
        self.subjects: list[str] = []
        self.take: RawTake | None = None
        self._open: RawTake | None = None
        self._section = ""
        self._segment = ""
        self._point = ""
        self._connector = ""
        self._point_count = 0
        self._last_index: int | None = None
        self._keeping = False
        self._seen: list[str] = []
        self._widths: dict[str, int] = {}

    def where(self) -> str | None:
        """The frame reached, for messages."""
        return f"frame {self._open.total - 1}" if self._open is not None and self._open.total else None

    def start(self, name: str, attributes: Mapping[str, str]) -> bool:
        if self._keeping:
            return name in self._widths
        if self.version is None:
            self._start_root(name, attributes)
        elif name == "mvn":
            self.software = f"MVN {attributes.get('version', '')[:_LONGEST_LABEL]}".strip()
        elif name == ("mvnxInfo" if self.version == "2" else "subject"):
            self._start_subject(attributes)
        elif name in _SECTIONS:
            self._section = name
        elif self._open is not None:
            return self._start_inside(self._open, name, attributes)
        return False

    def end(self, name: str, text: str | None) -> None:
        take = self._open
        if take is None:
            return
        if text is not None:
            if name in self._widths:
                self._read_stream(take, name, text)
            elif name in _POINT_TEXT:
                self._add_point(take, text)
            elif name == "connector1":
                self._connector = text.strip()[: 2 * _LONGEST_LABEL]
            elif name == "connector2":
                self._add_joint(take, text)
        elif name == "frame":
            if self._keeping:
                self._end_frame(take)
        elif name == self._section:
            self._section = ""
        elif name == "subject" and self.version != "2":
            self._open = None

    def _start_root(self, name: str, attributes: Mapping[str, str]) -> None:
        if name != "mvnx":
            raise UserError(f"the XML is no MVNX file (its root is <{name[:40]}>)", file=self.path)
        version = attributes.get("version", "").strip()
        # "4.0" and "4" are one version.
        self.version = version.partition(".")[0][:20]
        if self.version not in VERSIONS:
            raise UserError(
                f"MVNX version {version[:20] or '(none)'} is not supported",
                file=self.path,
                mend="Export the take from MVN as MVNX version 3 or 4.",
            )

    def _start_subject(self, attributes: Mapping[str, str]) -> None:
        otherwise = take_name(self.path) if self.version == "2" else "unnamed"
        label = attributes.get("label", "").strip()[:_LONGEST_LABEL] or otherwise
        same = sum(1 for known in self.subjects if known == label or known.startswith(f"{label} ("))
        label = f"{label} ({same + 1})" if same else label
        self.subjects.append(label)
        if len(self.subjects) > _MOST_SUBJECTS:
            raise self._fault(f"more than {_MOST_SUBJECTS} subjects")
        if self.take is None and self.wanted in (None, label):
            self.take = self._open = RawTake(dict(attributes), label, self._rate(attributes))

    def _start_inside(self, take: RawTake, name: str, attributes: Mapping[str, str]) -> bool:
        section = self._section
        if name == "frame":
            if section == "frames" and attributes.get("type", "normal") == "normal":
                self._start_frame(take, attributes)
        elif name == "F":
            self._read_row(take, attributes.get("v", ""))
        elif section in _SEGMENT_SECTIONS:
            if name in _SEGMENT_TAGS:
                self._add_segment(take, section, attributes)
            elif name == "point":
                self._point = _label(attributes)
                if "pos_s" in attributes:
                    self._add_point(take, attributes["pos_s"])
            else:
                return name in _POINT_TEXT and bool(self._segment)
        elif section in _JOINT_SECTIONS:
            return name in _CONNECTORS
        elif section == "footContactDefinition" and name == "contactDefinition":
            self._add_contact(take, attributes)
        return False

    def _add_segment(self, take: RawTake, section: str, attributes: Mapping[str, str]) -> None:
        segments = take.segments[_SEGMENT_SECTIONS[section]]
        label = _label(attributes)
        if not label and self.version == "2" and len(segments) < len(SEGMENTS):
            label = SEGMENTS[len(segments)]
        if label in take.points:
            raise self._fault(f"the segment {label!r} is declared twice")
        segments.append(label)
        take.points[label] = {}
        self._segment = label
        if len(take.points) > _MOST_SEGMENTS:
            raise self._fault(f"more than {_MOST_SEGMENTS} segments")

    def _add_point(self, take: RawTake, text: str) -> None:
        place = f"segment {self._segment[:40]}, point {self._point[:40]}"
        try:
            position = tuple(map(float, text.split(None, 8)))
        except ValueError:
            raise UserError("the point's position holds no numbers", file=self.path, place=place) from None
        # Written so that NaN is bad too.
        if len(position) != 3 or not all(abs(value) < FARTHEST for value in position):
            raise UserError("the point's position is not three finite numbers", file=self.path, place=place)
        take.points.setdefault(self._segment, {})[self._point] = position
        self._point_count += 1
        if self._point_count > _MOST_POINTS:
            raise self._fault(f"more than {_MOST_POINTS} points of segments")

    def _add_joint(self, take: RawTake, text: str) -> None:
        take.connectors.append((self._connector, text.strip()[: 2 * _LONGEST_LABEL]))
        if len(take.connectors) > _MOST_SEGMENTS:
            raise self._fault(f"more than {_MOST_SEGMENTS} joints")

    def _add_contact(self, take: RawTake, attributes: Mapping[str, str]) -> None:
        index = _index(attributes)
        if index is None or index >= _MOST_CONTACTS:
            raise self._fault(f"a foot contact has index {attributes.get('index', '')[:20]!r}")
        take.contact_labels[index] = _label(attributes)

    # -- frames --------------------------------------------------------------------------------------------------------

    def _start_frame(self, take: RawTake, attributes: Mapping[str, str]) -> None:
        number = _index(attributes)
        if number is not None and self._last_index is not None and number > self._last_index + 1:
            lost = number - self._last_index - 1
            take.missing += lost
            if len(take.gaps) < _MOST_GAPS:
                take.gaps.append((take.total, lost))
        self._last_index = number
        self._begin_kept(take)

    def _begin_kept(self, take: RawTake) -> None:
        if not self._widths:
            self._widths = _widths(take)
        self._keeping = self.span.holds(take.total, take.rate)
        take.total += 1
        if self._keeping:
            take.kept += 1
            self._seen = []

    def _end_frame(self, take: RawTake) -> None:
        self._keeping = False
        seen = self._seen
        for name in seen:
            take.frames_with[name] += 1
        for name in ("orientation", "position"):
            if name not in seen:
                raise self._fault(f"the frame has no {name}")

    def _read_stream(self, take: RawTake, name: str, text: str) -> None:
        if name in self._seen:
            raise self._fault(f"the frame has {name} twice")
        self._seen.append(name)
        values = take.streams[name]
        before = len(values)
        try:
            values.extend(map(float, text.split()))
        except ValueError:
            raise self._fault(f"{name} holds something that is no number") from None
        if len(values) - before != self._widths[name]:
            raise self._fault(f"{name} has {len(values) - before} values where {self._widths[name]} are due")

    def _read_row(self, take: RawTake, text: str) -> None:
        """A frame of version 2: orientation and position of every segment in turn, in one attribute."""
        count = len(take.segments[""])
        try:
            row = np.array(text.split(), dtype=np.float64)
        except ValueError:
            raise self._fault("the row of a frame holds something that is no number") from None
        if len(row) == 3 * count:
            return  # velocities and accelerations stand in rows of the same name
        if len(row) != 7 * count or count == 0:
            raise self._fault(f"the row of a frame has {len(row)} values where {7 * count} are due")
        self._begin_kept(take)
        if self._keeping:
            self._keeping = False
            pairs = row.reshape(count, 7)
            for name, part in (("orientation", pairs[:, :4]), ("position", pairs[:, 4:])):
                take.streams[name].frombytes(part.tobytes())
                take.frames_with[name] += 1

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


def _widths(take: RawTake) -> dict[str, int]:
    """Values due per frame, from what the file declares; a stream over nothing is passed over."""
    widths = {name: size * len(take.segments[segments]) for name, (size, segments) in STREAMS.items()}
    widths[CONTACTS] = take.contacts_width()
    return {name: width for name, width in widths.items() if width or name in ("orientation", "position")}


def _label(attributes: Mapping[str, str]) -> str:
    return (attributes.get("label") or attributes.get("name") or "").strip()[:_LONGEST_LABEL]


def _index(attributes: Mapping[str, str]) -> int | None:
    """The number in `index`; None where there is none, or one longer than any take."""
    text = attributes.get("index", "")
    return int(text) if text.isdecimal() and len(text) < 10 else None

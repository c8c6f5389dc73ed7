"""What the panel says of the take that was loaded last, kept as JSON on the scene; pure.

It is what `mocap.summary` finds, in the words and the order in which a coach asks for them.
"""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

KEY = "skatesynth_take"
"""Name of the scene's custom property."""

FIRST_FRAME = 0
"""Frame of a scene at which a take begins, so that frame and rate alone say the instant."""

# What makes up a programme, the most telling first: only the first of these that a take has is listed and marked.
_LISTED = (("jump", "spin"), ("turn",), ("glide", "step", "stroke"))
_LANDED = {"jump": "landing", "spin": "spin ends"}
_HALF = "½"
# "left forward outside three-turn" is an "LFO three-turn" on every score sheet, and fits beside its instant.
_EDGE = re.compile(r"\b(left|right) (forward|back|backward) (outside|inside)\b")


@dataclass(frozen=True)
class Element:
    """A jump, a spin, or whatever else is listed.

    Attributes:
        name: with its turns, as a coach says it ("axel 1½", "sit spin").
        kind: an event's type.
        start, end: seconds into the take.
        facts: height or turns ("32 cm"), or nothing.
    """

    name: str
    kind: str
    start: float
    end: float
    facts: str = ""


@dataclass(frozen=True)
class Loaded:
    """A take at a glance.

    Attributes:
        source: what was read: "take", "subject", "joint_map" and "element" of a `MotionSpec`; "changes" made to it.
        name: of the take; who: the person in it, "" where nobody says.
        subjects: all people in the file.
        length, travel: a line each.
        duration: seconds.
        elements: listed, by start; others: what there is besides, counted.
        doubts: what its file and its movement give away, a sentence each.
        fps: the scene's rate when it was loaded.
        markers: name and frame of those that were put on the timeline.
    """

    source: Mapping[str, str | None]
    name: str
    who: str
    subjects: tuple[str, ...]
    length: str
    travel: str
    duration: float
    elements: tuple[Element, ...]
    others: str
    doubts: tuple[str, ...]
    fps: float
    markers: tuple[tuple[str, int], ...]

    @property
    def last_frame(self) -> int:
        """The scene's frame at which the take ends."""
        return FIRST_FRAME + math.floor(self.duration * self.fps + 1e-6)

    def frames_of(self, element: Element) -> tuple[int, int]:
        """First and last frame of an element in the scene."""
        return frame_at(element.start, self.fps), min(frame_at(element.end, self.fps), self.last_frame)


def frame_at(seconds: float, fps: float) -> int:
    """The frame of the scene that is nearest to an instant of the take."""
    return FIRST_FRAME + round(seconds * fps)


def loaded_of(summary: Mapping[str, Any], source: Mapping[str, str | None], fps: float) -> Loaded:
    """What the panel says of a take that `mocap.summary.summarize` has looked at.

    Args:
        source: see `Loaded`; fps: the scene's frames per second.
    """
    events: Sequence[Mapping[str, Any]] = summary["events"]
    kinds = next((kinds for kinds in _LISTED if any(event["type"] in kinds for event in events)), ())
    elements = tuple(_element(event) for event in events if event["type"] in kinds)
    rest = Counter(str(event["type"]) for event in events if event["type"] not in kinds)
    travel = summary["travel"]
    marks = []
    for element in elements:
        marks.append((element.name, frame_at(element.start, fps)))
        marks.append((_LANDED.get(element.kind, f"{element.kind} ends"), frame_at(element.end, fps)))
    return Loaded(
        source=dict(source),
        name=summary["name"],
        who=summary["subject"],
        subjects=tuple(summary["subjects"]),
        length=f"{summary['duration']:.1f} s, {summary['frames']} frames at {summary['rate']:g} Hz",
        travel=f"{travel['path']:.0f} m travelled, up to {travel['top_speed']:.1f} m/s",
        duration=summary["duration"],
        elements=elements,
        others=", ".join(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in sorted(rest.items())),
        doubts=tuple(_sentence(text) for text in (*summary["warnings"], *(d["says"] for d in summary["suspicious"]))),
        fps=fps,
        markers=tuple(marks),
    )


def counted(elements: Sequence[Element]) -> str:
    """How many of each kind: "2 jumps, 1 spin"."""
    kinds = Counter(element.kind for element in elements)
    return ", ".join(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in kinds.items())


def as_text(loaded: Loaded) -> str:
    """JSON that `from_text` reads."""
    return json.dumps(dataclasses.asdict(loaded), sort_keys=True)


@lru_cache(maxsize=8)
def from_text(text: str) -> Loaded | None:
    """What `as_text` gave; None for anything else, as a scene's property may hold whatever somebody has typed there."""
    try:
        data = json.loads(text)
        data["elements"] = tuple(Element(**element) for element in data["elements"])
        data["markers"] = tuple((str(name), int(frame)) for name, frame in data["markers"])
        for name in ("subjects", "doubts"):
            data[name] = tuple(str(line) for line in data[name])
        loaded = Loaded(**data)
        return loaded if loaded.fps > 0.0 and loaded.duration >= 0.0 else None
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def turns_in_words(turns: float) -> str:
    """Half turns as skaters write them: 1.5 is "1½"."""
    halves = round(2.0 * turns)
    whole = str(halves // 2) if halves > 1 or halves % 2 == 0 else ""
    return whole + (_HALF if halves % 2 else "")


def _element(event: Mapping[str, Any]) -> Element:
    kind, turns = str(event["type"]), float(event["turns"])
    name = _EDGE.sub(lambda edge: "".join(word[0].upper() for word in edge.groups()), str(event["name"]))
    facts = ""
    if kind == "jump":
        name = f"{name} {turns_in_words(turns)}" if turns else name
        facts = f"{100.0 * event['height']:.0f} cm" if event["height"] else ""
    elif kind == "spin":
        facts = f"{turns:.0f} turns"
    return Element(name, kind, float(event["start"]), float(event["end"]), facts)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]

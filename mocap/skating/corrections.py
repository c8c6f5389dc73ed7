"""A take with its events, corrected by hand: a YAML file beside the take, `axel.events.yaml` for `axel.mvnx`.

docs/events.md describes the file. Corrections apply in this order: what was found is kept or ignored, events are
removed, changed, added.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

import numpy as np

from mocap.events import EVENT_TYPES, Event
from mocap.meant import meant
from mocap.motion import Motion
from mocap.plain_yaml import Items, Plain, PlainFile, Word
from mocap.skating.contacts import ensure_contacts, legs_recorded
from mocap.skating.find import find_events
from mocap.skating.ice import CREEP, contact_point_heights, ice_curve, level_ice
from mocap.skating.slip import bound_slip, slips
from mocap.skating.standing import standing_up
from mocap.skating.tracks import track

SUFFIX = ".events.yaml"

_UNITS = ("seconds", "frames")
_FOUND = ("keep", "ignore")
_SECTIONS = ("unit", "found", "remove", "change", "add")
_FIELDS = ("type", "name", "start", "end", "turns", "height", "rate")
# Beyond what bodies do, by far: a number outside was meant for another field.
_LIMITS = {"turns": 1000.0, "height": 5.0, "rate": 20.0}
_LONGEST_NAME = 80


def annotated(motion: Motion, take: str | PathLike[str], start: float = 0.0) -> Motion:
    """A take as one works with it: on level ice, with contacts, and with events that are corrected by hand.

    Legs that were not recorded stand upright. Ice that creeps by centimetres is levelled; travel that takes the blades
    sideways through their glides is bent along them; contacts are mended as `ensure_contacts` says; the events are the
    take's own, or those that are found, as the file beside the take corrects them. A sound take keeps every position.

    Args:
        motion: the take as it was read.
        take: the file that it was read from.
        start: seconds of the take at which the motion begins, where only a part of it was read.

    Raises:
        UserError: the file of corrections has a mistake.
        KeyError: the skeleton lacks a segment or point of the body or its soles.
    """
    if not legs_recorded(motion):
        motion = standing_up(motion)
    motion = ensure_contacts(motion)
    if np.ptp(ice_curve(contact_point_heights(motion), motion.rate)) > CREEP:
        motion = level_ice(motion)
    tracks = track(motion)
    if slips(tracks):
        motion = bound_slip(motion)
        tracks = track(motion)
    if not motion.events:
        motion = replace(motion, events=find_events(motion, tracks))
    path = corrections_beside(take)
    return motion if path is None else with_corrections(motion, path, start)


def corrections_beside(take: str | PathLike[str]) -> Path | None:
    """The file of corrections beside a take, or None: `axel.events.yaml` for `axel.mvnx` and for `axel.mvnx.gz`."""
    take = Path(take)
    stem = Path(take.stem).stem if take.suffix.lower() == ".gz" else take.stem
    path = take.with_name(stem + SUFFIX)
    return path if path.is_file() else None


def with_corrections(motion: Motion, path: str | PathLike[str], start: float = 0.0) -> Motion:
    """The motion with its events as a file of corrections says.

    Args:
        motion: with the events to correct.
        path: the YAML file.
        start: seconds of the take at which the motion begins; events before it and after its end are left out.

    Raises:
        UserError: the file has a mistake; the message says the line and the mend.
    """
    file = _File(Path(path))
    root = file.keys(file.top(), _SECTIONS).values
    unit = file.choice(root["unit"], _UNITS) if "unit" in root else _UNITS[0]
    clock = _Clock(1.0 if unit == "frames" else motion.rate, start * motion.rate, len(motion))
    ignore = "found" in root and file.choice(root["found"], _FOUND) == "ignore"
    events = [] if ignore else list(motion.events)
    for entry in file.items(root.get("remove")):
        old = _chosen(file, entry, file.keys(entry, ("at", "type")).values, events, clock)
        if old is not None:
            events.remove(old)
    for entry in file.items(root.get("change")):
        keys = file.keys(entry, ("at", *_FIELDS)).values
        old = _chosen(file, entry, {"at": keys["at"]} if "at" in keys else {}, events, clock)
        if old is not None:
            events[events.index(old)] = _event(file, entry, keys, old, clock)
    for entry in file.items(root.get("add")):
        keys = file.keys(entry, _FIELDS).values
        for needed in ("type", "start", "end"):
            if needed not in keys:
                raise file.mistake(entry, f"an event to add needs its {needed}")
        events.append(_event(file, entry, keys, Event("", "", 0, 0), clock))
    kept = [replace(e, start=max(0, e.start), end=min(len(motion) - 1, e.end)) for e in events]
    return replace(motion, events=tuple(sorted((e for e in kept if e.start <= e.end), key=lambda e: (e.start, e.end))))


@dataclass(frozen=True)
class _Clock:
    """How times in the file become frames of a motion of `count` frames: frame = time · per_unit − shift."""

    per_unit: float
    shift: float
    count: int

    def frame(self, file: _File, node: Plain) -> int:
        frame = round(file.number(node, 0.0, 1e7) * self.per_unit - self.shift)
        if not self.shift and frame > self.count - 1:
            last = (self.count - 1) / self.per_unit
            raise file.mistake(node, "lies beyond the take", f"Its last frame is at {last:.6g}.")
        return frame

    def misses(self, frame: int) -> bool:
        """Whether a frame lies in a part of the take that the motion leaves out."""
        return bool(self.shift) and not 0 <= frame < self.count


class _File(PlainFile):
    """Parts as a file of corrections has them."""

    def items(self, node: Plain | None) -> tuple[Plain, ...]:
        if node is None or (isinstance(node, Word) and not node.text):
            return ()
        if not isinstance(node, Items):
            raise self.mistake(node, "here belongs a list", 'Begin each entry with "- ".')
        return node.items

    def text(self, node: Plain) -> str:
        if not isinstance(node, Word) or not node.text.strip() or len(node.text) > _LONGEST_NAME:
            raise self.mistake(node, f"here belongs a name of at most {_LONGEST_NAME} letters")
        return " ".join(node.text.split())

    def choice(self, node: Plain, known: Collection[str]) -> str:
        text = self.text(node)
        if text not in known:
            raise self.mistake(node, f"{text[:40]!r} is not known here", meant(text, known))
        return text


def _chosen(file: _File, entry: Plain, keys: dict[str, Plain], events: Sequence[Event], clock: _Clock) -> Event | None:
    """The event that is under way at the entry's `at`, of its `type` if it names one; of several, the shortest.

    None where that time lies in a part of the take that was not read.
    """
    if "at" not in keys:
        raise file.mistake(entry, "the entry needs `at`, a time within the event that it means")
    at = clock.frame(file, keys["at"])
    kind = file.choice(keys["type"], EVENT_TYPES) if "type" in keys else None
    of_kind = [event for event in events if kind in (None, event.type)]
    hits = [event for event in of_kind if event.start <= at <= event.end]
    if hits:
        return min(hits, key=lambda event: event.end - event.start)
    if clock.misses(at):
        return None
    nearest = min(of_kind, key=lambda event: max(event.start - at, at - event.end), default=None)
    mend = None
    if nearest is not None:
        first, last = ((frame + clock.shift) / clock.per_unit for frame in (nearest.start, nearest.end))
        mend = f"The nearest is {nearest.name!r}, from {first:.6g} to {last:.6g}."
    raise file.mistake(keys["at"], f"no {kind or 'event'} is under way then", mend)


def _event(file: _File, entry: Plain, keys: dict[str, Plain], old: Event, clock: _Clock) -> Event:
    """An event as an entry has it; what the entry leaves out is the old one's."""
    kind = file.choice(keys["type"], EVENT_TYPES) if "type" in keys else old.type
    name = file.text(keys["name"]) if "name" in keys else old.name or kind
    start, end = (clock.frame(file, keys[k]) if k in keys else getattr(old, k) for k in ("start", "end"))
    if not start < end:
        raise file.mistake(entry, "the event ends before it starts")
    numbers = {k: file.number(keys[k], 0.0, limit) if k in keys else getattr(old, k) for k, limit in _LIMITS.items()}
    return Event(kind, name, start, end, **numbers)

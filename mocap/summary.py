"""A take at a glance: what is in it, what the skater does, and whether it can be trusted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mocap.closure import closure_error
from mocap.events import Event
from mocap.motion import Motion
from mocap.rotations import Array
from mocap.skating.contacts import ensure_contacts, legs_recorded
from mocap.skating.doubts import Doubt, find_doubts
from mocap.skating.find import find_events
from mocap.skating.slip import glide_slip
from mocap.skating.tracks import Tracks, track
from mocap.skeleton import CONTACT_POINTS, SEGMENTS, SIDES, finger_segments

# MVN's own segments meet within 2 mm; well beyond that, orientations and points do not belong together.
_CLOSURE_LIMIT_MM = 20.0
# A pelvis that travels less than this over a whole take was not skating.
_TRAVEL_LIMIT = 0.5
_SHORT = 1.0
# Speed is taken over steps of this many seconds: frame by frame, sensor noise alone would add metres to the path.
_STEP = 0.1
# Elements and doubts that fit on one screen; `--json` has them all.
_SHOWN_ELEMENTS = 12
_SHOWN_DOUBTS = 8
# What a coach would call an element; the rest is counted.
_ELEMENTS = ("jump", "spin")


def summarize(motion: Motion) -> dict[str, Any]:
    """Facts about a take as plain values, ready for JSON: metres, seconds, metres per second, shares of 1.

    `closure_mm` is how far segments miss their joints; `contacts` the share of frames in which each point is down, and
    `contacts_from` where that is from (see `ensure_contacts`); `travel` that of the pelvis, heights from the ice;
    `slip` the speed across the blade in one-foot glides, none where there are none;
    `events` the motion's own, or else those that are found; `warnings` what the reader had to say, `suspicious` what
    the movement gives away.
    """
    source = motion.source
    motion = ensure_contacts(motion)
    assert motion.contacts is not None
    tracks = track(motion)
    events = motion.events or find_events(motion, tracks)
    closure = 1000.0 * closure_error(motion.skeleton, motion.orientations, motion.positions)[:, 1:]
    travel = _travel(motion, tracks)
    names = motion.skeleton.names
    return {
        "name": motion.name,
        **{
            key: str(source.get(key) or "")
            for key in ("format", "version", "software", "subject", "recorded", "configuration", "scenario")
        },
        "subjects": _strings(source.get("subjects")),
        "frames": len(motion),
        "rate": float(motion.rate),
        "duration": float(motion.duration),
        "segments": len(names),
        "finger_segments": len(set(names) & _FINGERS),
        "props": [name for name in names if name not in SEGMENTS and name not in _FINGERS],
        "points": sum(len(points) for points in motion.skeleton.points.values()),
        "closure_mm": {"mean": float(closure.mean()), "max": float(closure.max())},
        "contacts_from": str(motion.source["contacts_from"]),
        "contacts": {
            point: float(share) for point, share in zip(CONTACT_POINTS, motion.contacts.mean(axis=0), strict=True)
        },
        "in_the_air": float(1.0 - motion.contacts.any(axis=1).mean()),
        "travel": travel,
        "slip": _slip(tracks),
        "events": [_as_dict(event, motion.rate) for event in events],
        "warnings": _strings(source.get("warnings")),
        "suspicious": [
            {"about": doubt.about, "says": doubt.says} for doubt in _doubts(motion, tracks, events, closure, travel)
        ],
    }


_FINGERS = {name for side in SIDES for name in finger_segments(side)}


def format_summary(summary: Mapping[str, Any]) -> str:
    """One screen of text from what `summarize` returns."""
    travel, closure, slip = summary["travel"], summary["closure_mm"], summary["slip"]
    down = ", ".join(f"{point.replace('_', ' ')} {share:.0%}" for point, share in summary["contacts"].items())
    made_by = f", written by {summary['software']}" if summary["software"] else ""
    others = [name for name in summary["subjects"] if name != summary["subject"]]
    rows = [
        ("format", f"{summary['format']} {summary['version']}".strip() + made_by),
        ("subject", summary["subject"] + (f" (also: {', '.join(others)})" if others else "")),
        ("recorded", summary["recorded"]),
        ("suit", ", ".join(part for part in (summary["configuration"], summary["scenario"]) if part)),
        ("length", f"{summary['duration']:.3f} s, {summary['frames']} frames at {summary['rate']:g} per second"),
        ("body", _body(summary)),
        ("joints close to", f"{closure['mean']:.2f} mm on average, {closure['max']:.2f} mm at worst"),
        (f"contacts ({summary['contacts_from']})", down),
        ("in the air", f"{summary['in_the_air']:.1%} of frames"),
        (
            "travel",
            f"{travel['path']:.1f} m within {travel['width']:.1f} × {travel['depth']:.1f} m,"
            f" up to {travel['top_speed']:.1f} m/s",
        ),
        ("pelvis height", f"{travel['lowest']:.2f} to {travel['highest']:.2f} m above the ice"),
        (
            "side slip",
            "" if slip is None else f"{slip['median']:.2f} m/s in one-foot glides, 95% under {slip['p95']:.2f}",
        ),
        *_element_rows(summary["events"]),
        *(("warning", warning) for warning in summary["warnings"]),
        *_first("suspicious", [doubt["says"] for doubt in summary["suspicious"]], _SHOWN_DOUBTS),
    ]
    width = max(len(label) for label, _ in rows)
    return "\n".join([summary["name"], *(f"  {label:<{width}}  {text}" for label, text in rows if text)])


def _body(summary: Mapping[str, Any]) -> str:
    parts = [f"{summary['segments']} segments, {summary['points']} points"]
    if summary["finger_segments"]:
        parts.append(f"{summary['finger_segments']} of the segments are fingers'")
    if summary["props"]:
        parts.append(f"props: {', '.join(summary['props'])}")
    return "; ".join(parts)


def _element_rows(events: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    elements = [event for event in events if event["type"] in _ELEMENTS]
    rest = Counter(str(event["type"]) for event in events if event["type"] not in _ELEMENTS)
    counted = ", ".join(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in sorted(rest.items()))
    return [*_first("element", [_element(event) for event in elements], _SHOWN_ELEMENTS), ("also", counted)]


def _element(event: Mapping[str, Any]) -> str:
    parts = [f"{event['start']:.2f}–{event['end']:.2f} s {event['name']}"]
    if event["turns"]:
        parts.append(f"{event['turns']:g} turns")
    if event["height"]:
        parts.append(f"{100.0 * event['height']:.0f} cm high")
    if event["rate"]:
        parts.append(f"up to {event['rate']:.1f} turns/s")
    return ", ".join(parts)


def _first(label: str, texts: Sequence[str], limit: int) -> list[tuple[str, str]]:
    rows = [(label, text) for text in texts[:limit]]
    return [*rows, (label, f"and {len(texts) - limit} more")] if len(texts) > limit else rows


def _as_dict(event: Event, rate: float) -> dict[str, Any]:
    return {
        "type": event.type,
        "name": event.name,
        "start": event.start / rate,
        "end": event.end / rate,
        "turns": float(event.turns),
        "height": float(event.height),
        "rate": float(event.rate),
    }


def _travel(motion: Motion, tracks: Tracks) -> dict[str, float]:
    pelvis = motion.positions[:, 0]
    extent = np.ptp(pelvis, axis=0)
    every = max(1, min(round(_STEP * motion.rate), len(motion) - 1))
    steps = np.linalg.norm(np.diff(pelvis[::every, :2], axis=0), axis=1)
    above = pelvis[:, 2] - tracks.ice
    return {
        "width": float(extent[0]),
        "depth": float(extent[1]),
        "path": float(steps.sum()),
        "top_speed": float(steps.max(initial=0.0) * motion.rate / every),
        "lowest": float(above.min()),
        "highest": float(above.max()),
    }


def _slip(tracks: Tracks) -> dict[str, float] | None:
    slip = glide_slip(tracks)
    if not len(slip):
        return None
    return {"median": float(np.median(slip)), "p95": float(np.percentile(slip, 95.0))}


def _doubts(
    motion: Motion, tracks: Tracks, events: Sequence[Event], closure: Array, travel: Mapping[str, float]
) -> list[Doubt]:
    doubts = []
    if closure.max() > _CLOSURE_LIMIT_MM:
        j = 1 + int(np.argmax(closure.max(axis=0)))
        doubts.append(Doubt("joints", f"{motion.skeleton.names[j]} misses its joint by up to {closure.max():.0f} mm"))
    if not legs_recorded(motion):
        doubts.append(Doubt("legs", "upper body only: the legs stay straight and the pelvis in its place"))
    elif motion.duration >= _SHORT and max(travel["width"], travel["depth"]) < _TRAVEL_LIMIT:
        doubts.append(Doubt("travel", f"the pelvis travels less than {_TRAVEL_LIMIT:g} m: not a take of skating"))
    if motion.duration < _SHORT:
        return [*doubts, Doubt("length", f"shorter than {_SHORT:g} s")]
    return [*doubts, *find_doubts(motion, tracks, events)]


def _strings(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else []

"""A take at a glance: what is in it, and whether it can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from mocap.closure import closure_error
from mocap.contacts import contact_point_heights, ensure_contacts, ice_level
from mocap.motion import Motion
from mocap.rotations import Array
from mocap.skeleton import CONTACT_POINTS

# MVN's own segments meet within 2 mm; well beyond that, orientations and points do not belong together.
_CLOSURE_LIMIT_MM = 20.0
# A pelvis that travels less than this over a whole take was not skating.
_TRAVEL_LIMIT = 0.5
_SHORT = 1.0
# Speed is taken over steps of this many seconds: frame by frame, sensor noise alone would add metres to the path.
_STEP = 0.1


def summarize(motion: Motion) -> dict[str, Any]:
    """Facts about a take as plain values, ready for JSON: metres, seconds, metres per second, shares of 1.

    `closure_mm` is how far segments miss their joints; `contacts` the share of frames in which each point is down, and
    `contacts_from` whether the file says so or the heights; `travel` that of the pelvis, heights from the ice.
    """
    source = motion.source
    closure = 1000.0 * closure_error(motion.skeleton, motion.orientations, motion.positions)[:, 1:]
    contacts = ensure_contacts(motion).contacts
    down = np.zeros((len(motion), len(CONTACT_POINTS)), dtype=bool) if contacts is None else contacts
    travel = _travel(motion)
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
        "segments": len(motion.skeleton.names),
        "points": sum(len(points) for points in motion.skeleton.points.values()),
        "closure_mm": {"mean": float(closure.mean()), "max": float(closure.max())},
        "contacts_from": "heights" if motion.contacts is None else "file",
        "contacts": {point: float(share) for point, share in zip(CONTACT_POINTS, down.mean(axis=0), strict=True)},
        "in_the_air": float(1.0 - down.any(axis=1).mean()),
        "travel": travel,
        "warnings": [*_strings(source.get("warnings")), *_doubts(motion, closure, travel)],
    }


def format_summary(summary: Mapping[str, Any]) -> str:
    """One screen of text from what `summarize` returns."""
    travel, closure = summary["travel"], summary["closure_mm"]
    down = ", ".join(f"{point.replace('_', ' ')} {share:.0%}" for point, share in summary["contacts"].items())
    made_by = f", written by {summary['software']}" if summary["software"] else ""
    others = [name for name in summary["subjects"] if name != summary["subject"]]
    rows = [
        ("format", f"{summary['format']} {summary['version']}".strip() + made_by),
        ("subject", summary["subject"] + (f" (also: {', '.join(others)})" if others else "")),
        ("recorded", summary["recorded"]),
        ("suit", ", ".join(part for part in (summary["configuration"], summary["scenario"]) if part)),
        ("length", f"{summary['duration']:.3f} s, {summary['frames']} frames at {summary['rate']:g} per second"),
        ("body", f"{summary['segments']} segments, {summary['points']} points"),
        ("joints close to", f"{closure['mean']:.2f} mm on average, {closure['max']:.2f} mm at worst"),
        (f"contacts ({summary['contacts_from']})", down),
        ("in the air", f"{summary['in_the_air']:.1%} of frames"),
        (
            "travel",
            f"{travel['path']:.1f} m within {travel['width']:.1f} × {travel['depth']:.1f} m,"
            f" up to {travel['top_speed']:.1f} m/s",
        ),
        ("pelvis height", f"{travel['lowest']:.2f} to {travel['highest']:.2f} m above the ice"),
        *(("warning", warning) for warning in summary["warnings"]),
    ]
    width = max(len(label) for label, _ in rows)
    return "\n".join([summary["name"], *(f"  {label:<{width}}  {text}" for label, text in rows if text)])


def _travel(motion: Motion) -> dict[str, float]:
    pelvis = motion.positions[:, 0]
    extent = np.ptp(pelvis, axis=0)
    every = max(1, min(round(_STEP * motion.rate), len(motion) - 1))
    steps = np.linalg.norm(np.diff(pelvis[::every, :2], axis=0), axis=1)
    ice = ice_level(contact_point_heights(motion))
    return {
        "width": float(extent[0]),
        "depth": float(extent[1]),
        "path": float(steps.sum()),
        "top_speed": float(steps.max(initial=0.0) * motion.rate / every),
        "lowest": float(pelvis[:, 2].min() - ice),
        "highest": float(pelvis[:, 2].max() - ice),
    }


def _doubts(motion: Motion, closure: Array, travel: Mapping[str, float]) -> list[str]:
    doubts = []
    if closure.max() > _CLOSURE_LIMIT_MM:
        j = 1 + int(np.argmax(closure.max(axis=0)))
        doubts.append(f"{motion.skeleton.names[j]} misses its joint by up to {closure.max():.0f} mm")
    if motion.source.get("configuration") == "UpperBody":
        doubts.append("upper body only: the legs stay straight and the pelvis in its place")
    elif motion.duration >= _SHORT and max(travel["width"], travel["depth"]) < _TRAVEL_LIMIT:
        doubts.append(f"the pelvis travels less than {_TRAVEL_LIMIT:g} m: not a take of skating")
    if motion.duration < _SHORT:
        doubts.append(f"shorter than {_SHORT:g} s")
    return doubts


def _strings(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else []

"""Facts out of a sample's JSON that may be missing or of another kind: older data sets lack some, strange ones lie.

What is needed and is not there is a ValueError, which `export.samples.reading` turns into a mistake of the user's.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.vocabulary import Cause

NO_EVENT = "no element"
# What tells most of a picture, if several things go on in it.
_RANKS = {kind: k for k, kind in enumerate(("jump", "spin", "turn", "step", "glide", "stroke"))}


def inside(facts: Any, *path: str) -> Any:
    """What lies at a path of keys; None where it ends before."""
    for key in path:
        facts = facts.get(key) if isinstance(facts, Mapping) else None
    return facts


def text(facts: Any, *path: str) -> str:
    """A name at a path, an empty string if there is none."""
    value = inside(facts, *path)
    return value if isinstance(value, str) else ""


def number(facts: Any, *path: str) -> float:
    """A finite number at a path, else NaN."""
    value = inside(facts, *path)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or abs(value) > 1e15 or not math.isfinite(value):
        return math.nan
    return float(value)


def numbers(facts: Any, length: tuple[int, ...], *path: str) -> np.ndarray | None:
    """Finite numbers of a shape (−1: any length) at a path, else None."""
    value = inside(facts, *path)
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        return None
    fits = array.ndim == len(length) and all(n in (m, -1) for m, n in zip(array.shape, length, strict=True))
    return array if fits and bool(np.isfinite(array).all()) else None


def items(facts: Any, *path: str) -> list[Mapping[str, Any]]:
    """The objects in the list at a path; none if there is no list."""
    value = inside(facts, *path)
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def box(person: Mapping[str, Any]) -> tuple[float, float, float, float] | None:
    """x, y, width and height of what is seen of somebody; None if nothing is."""
    values = numbers(person, (4,), "bbox")
    if values is None:
        raise ValueError("a person has no bbox of four numbers")
    x, y, width, height = (float(value) for value in values)
    return (x, y, width, height) if width > 0.0 and height > 0.0 else None


def points(person: Mapping[str, Any], name: str) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """xy (P, 2), xyz (P, 3) and causes (P,) of a set that is known, as long as it is; None if they are not there."""
    count = len(KEYPOINT_SETS[name].points)
    xy = numbers(person, (count, 2), "keypoints", name, "xy")
    xyz = numbers(person, (count, 3), "keypoints", name, "xyz")
    cause = numbers(person, (count,), "keypoints", name, "cause")
    if xy is None or xyz is None or cause is None:
        return None
    if not np.isin(cause, [int(c) for c in Cause]).all():
        raise ValueError(f"a cause in {name!r} is none of {', '.join(str(int(c)) for c in Cause)}")
    return xy, xyz, cause.astype(np.int64)


def most_telling(facts: Mapping[str, Any]) -> tuple[str, str]:
    """Type and name of what goes on in a picture; empty strings if nothing does."""
    events = [(text(event, "type"), text(event, "name")) for event in items(facts, "motion", "events")]
    return min(events, key=lambda event: _RANKS.get(event[0], len(_RANKS)), default=("", ""))


def element_of(facts: Mapping[str, Any]) -> str:
    """What to call that."""
    kind, name = most_telling(facts)
    return name or kind or NO_EVENT

"""Keypoints of any set, from whichever sets a sample has. No bpy.

Every set says of its points which landmarks of the body they are (`blender_addon.labels.keypoint_sets`), so a set that
was not rendered follows from those that were wherever these have all of its landmarks: a point of the same landmarks is
the same point, and a mean of landmarks is the mean of their places. Nothing is guessed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from blender_addon.filming.lens import pixels
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS, KeypointSet
from blender_addon.labels.vocabulary import Cause
from mocap.errors import UserError
from mocap.rotations import Array

# Of a point, the points whose mean it is: their sets and indices. None where they are not to be had.
Recipe = tuple[tuple[tuple[str, int], ...] | None, ...]


@dataclass(frozen=True)
class Points:
    """One person's points in one picture.

    Attributes:
        xy: (P, 2) pixels; NaN where the point falls on no place of the picture's plane, is not known, or is a mean of
            others and rows are read one after another: each of these is of an instant of its own.
        xyz: (P, 3) metres in the world; NaN where it is not known.
        visibility: (P,) COCO's v; 0 where it is not known.
        known: (P,) bool: whether the body has the point and the sample tells where.
    """

    xy: Array
    xyz: Array
    visibility: np.ndarray
    known: np.ndarray


def points_of(facts: Mapping[str, Any], person: Mapping[str, Any], wanted: KeypointSet) -> Points:
    """The points of `wanted`, as far as the sample tells them.

    Args:
        facts: a sample's JSON; person: one of its `people`.
    """
    sets = person["keypoints"]
    recipe = recipe_of(tuple(sorted(sets)), wanted)
    used = sorted({name for sources in recipe for name, _ in sources or ()})
    given = {name: {kind: np.array(sets[name][kind]) for kind in ("xy", "xyz", "visibility", "cause")} for name in used}
    count = len(wanted.points)
    out = Points(
        xy=np.full((count, 2), np.nan),
        xyz=np.full((count, 3), np.nan),
        visibility=np.zeros(count, dtype=np.uint8),
        known=np.zeros(count, dtype=bool),
    )
    means = []
    for k, sources in enumerate(recipe):
        if sources is None or any(given[name]["cause"][i] == Cause.ABSENT for name, i in sources):
            continue
        out.known[k] = True
        out.xyz[k] = np.mean([given[name]["xyz"][i] for name, i in sources], axis=0)
        out.visibility[k] = min(given[name]["visibility"][i] for name, i in sources)
        if len(sources) > 1:
            means.append(k)
        elif (first := sources[0]) and given[first[0]]["cause"][first[1]] != Cause.BEHIND_CAMERA:
            out.xy[k] = given[first[0]]["xy"][first[1]]
    if means and facts["camera"]["readout"] == 0.0:
        out.xy[means] = _projected(facts["camera"], out.xyz[means])
    return out


def all_points_of(
    facts: Mapping[str, Any], person: Mapping[str, Any], wanted: KeypointSet, names: Collection[str] = ()
) -> Points:
    """As `points_of`, where all the points of `wanted` (of these names, if any are given) must be told exactly.

    Raises:
        UserError: the data set lacks what they need; it names the job's key.
        ValueError: this body lacks one.
    """
    recipe = recipe_of(tuple(sorted(person["keypoints"])), wanted)
    needed = [k for k, point in enumerate(wanted.points) if not names or point in names]
    missing = [wanted.points[k] for k in needed if recipe[k] is None]
    if missing:
        some = ", ".join(missing[:3]) + (", …" if len(missing) > 3 else "")
        raise UserError(f"the data set does not tell all keypoints of {wanted.name}: no {some}", mend=_mend(wanted))
    if facts["camera"]["readout"] > 0.0 and any(len(recipe[k] or ()) > 1 for k in needed):
        raise UserError(
            f"keypoints {wanted.name} do not follow exactly from others where rows are read one after another",
            mend=_mend(wanted),
        )
    points = points_of(facts, person, wanted)
    absent = [wanted.points[k] for k in needed if not points.known[k]]
    if absent:
        raise ValueError(f"the lead's body has no {absent[0]}")
    return points


def _mend(wanted: KeypointSet) -> str:
    return f"Add {wanted.name} to labels.keypoints in the job and render again."


@lru_cache(maxsize=256)
def recipe_of(have: tuple[str, ...], wanted: KeypointSet) -> Recipe:
    """How the points of `wanted` follow from sets of these names, in ascending order; unknown names do not count."""
    if wanted.name in have:
        return tuple(((wanted.name, k),) for k in range(len(wanted.points)))
    exact: dict[tuple[str, ...], tuple[str, int]] = {}
    for name in have:
        for k, marks in enumerate(KEYPOINT_SETS[name].landmarks if name in KEYPOINT_SETS else ()):
            exact.setdefault(_shares(marks), (name, k))
    return tuple(_sources(marks, exact) for marks in wanted.landmarks)


def _sources(
    marks: tuple[str, ...], exact: Mapping[tuple[str, ...], tuple[str, int]]
) -> tuple[tuple[str, int], ...] | None:
    same = exact.get(_shares(marks))
    if same is not None:
        return (same,)
    each = [exact.get((mark,)) for mark in marks]
    return None if None in each else tuple(source for source in each if source is not None)


def _shares(marks: tuple[str, ...]) -> tuple[str, ...]:
    """Landmarks in an order of their own, `a a b b` as `a b`: the same tuple for the same mean."""
    counts = Counter(marks)
    common = int(np.gcd.reduce(list(counts.values())))
    return tuple(mark for mark in sorted(counts) for _ in range(counts[mark] // common))


def _projected(camera: Mapping[str, Any], xyz: Array) -> Array:
    lens = camera["distortion"]
    return pixels(lens["model"], tuple(lens["coefficients"]), np.array(camera["K"]), in_camera(camera, xyz))


def in_camera(camera: Mapping[str, Any], xyz: Array) -> Array:
    """World points (…, 3) in the frame of a sample's `camera` (x right, y down, z forward), metres."""
    return np.asarray(xyz @ np.array(camera["R"]).T + np.array(camera["t"]))

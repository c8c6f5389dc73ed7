"""Turns posed people and a rendered picture into labelled people. Arrays in, arrays out; no bpy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from blender_addon.cast import SkaterSpec
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS, KeypointSet
from blender_addon.labels.projection import inside, project
from blender_addon.labels.reading import caught
from blender_addon.labels.visibility import Flesh, Surfaces, judge
from blender_addon.render.frame import CameraView, Keypoints, Person, Reading
from blender_addon.skater.human import Human

Catch = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]
"""From world points, (N, 3) or of somebody who moves (M, N, 3), to xy (N, 2), camera (N, 3), world (N, 3)."""


def keypoint_positions(points: KeypointSet, landmarks: Mapping[str, np.ndarray]) -> np.ndarray:
    """(…, P, 3) world positions of a set's points from landmarks (…, 3): each the mean of those it names.

    Neck and MidHip are thus midpoints in the world, and every point's pixel is the projection of its world position.
    """
    return np.stack([np.mean([landmarks[m] for m in marks], axis=0) for marks in points.landmarks], axis=-2)


@dataclass(frozen=True)
class Subject:
    """Somebody who may be in the picture.

    Attributes:
        instance: their value in the instance mask, from 1.
        spec, human: who.
        landmarks: (3,) world positions by name.
        surface: (S, 3) world positions of points all over skin and clothes.
            Of somebody who moves while the rows of a picture are read, both are (M, …), at the reading's instants.
    """

    instance: int
    spec: SkaterSpec
    human: Human
    landmarks: Mapping[str, np.ndarray]
    surface: np.ndarray


def flesh_of(points: KeypointSet, subject: Subject) -> Flesh:
    """What may lie over each point of a set without hiding it."""
    marks = subject.human.landmarks
    count = len(points.points)
    own = np.zeros((count, 256), dtype=bool)
    depth, span = np.zeros(count), np.zeros(count)
    for k, names in enumerate(points.landmarks):
        for name in names:
            own[k, list(marks[name].parts)] = True
        depth[k] = max(marks[name].depth for name in names)
        places = np.stack([subject.landmarks[name] for name in names])
        where = places if places.ndim == 2 else places[:, places.shape[1] // 2]
        span[k] = np.linalg.norm(where - where.mean(axis=0), axis=1).max()
    return Flesh(depth=depth, own=own, span=span)


def people_in(
    view: CameraView,
    subjects: Iterable[Subject],
    seen: Surfaces,
    sets: Sequence[str],
    reading: Reading | None = None,
) -> tuple[Person, ...]:
    """The subjects as seen in one picture, in their order; spectators only where a pixel shows them.

    Where rows are read one after another, `reading` says when, and takes the place of `view`.
    """
    catch = partial(_at_once, view) if reading is None else partial(caught, reading)
    shown = set(np.unique(seen.instance).tolist())
    return tuple(
        _person(catch, subject, seen, sets)
        for subject in subjects
        if subject.spec.role != "spectator" or subject.instance in shown
    )


def _person(catch: Catch, subject: Subject, seen: Surfaces, sets: Sequence[str]) -> Person:
    keypoints = {}
    for name in sets:
        points = KEYPOINT_SETS[name]
        xy, camera, world = catch(keypoint_positions(points, subject.landmarks))
        visibility, cause = judge(xy, camera, flesh_of(points, subject), seen, subject.instance)
        keypoints[name] = Keypoints(xy=xy, camera=camera, xyz=world, visibility=visibility, cause=cause)
    mask = seen.instance == subject.instance
    return Person(
        instance=subject.instance,
        spec=subject.spec,
        bbox=visible_box(mask),
        visible_fraction=_visible_fraction(catch(subject.surface)[0], mask),
        keypoints=keypoints,
        body=subject.human.facts,
        garments=subject.human.garments,
    )


def visible_box(mask: np.ndarray) -> tuple[float, float, float, float]:
    """x, y, w, h in pixels around a mask (H, W), in corner-origin coordinates; zeros for an empty one."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not len(rows):
        return (0.0, 0.0, 0.0, 0.0)
    x, y = float(columns[0]), float(rows[0])
    return (x, y, float(columns[-1]) + 1.0 - x, float(rows[-1]) + 1.0 - y)


def _at_once(view: CameraView, world: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return (*project(view, world), world)


def _visible_fraction(xy: np.ndarray, mask: np.ndarray) -> float:
    """Share of a person's surface points, at pixels (S, 2), that fall on a pixel of their mask (H, W)."""
    pixel = np.floor(xy[inside(xy, mask.shape[1], mask.shape[0])]).astype(np.int64)
    return float(mask[pixel[:, 1], pixel[:, 0]].sum()) / len(xy)

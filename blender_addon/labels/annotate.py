"""Turns posed people and a rendered picture into labelled people. Arrays in, arrays out; no bpy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from blender_addon.cast import SkaterSpec
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS, KeypointSet
from blender_addon.labels.projection import inside, project
from blender_addon.labels.visibility import Flesh, Surfaces, judge
from blender_addon.render.frame import CameraView, Keypoints, Person
from blender_addon.skater.human import Human


def keypoint_positions(points: KeypointSet, landmarks: Mapping[str, np.ndarray]) -> np.ndarray:
    """(…, P, 3) world positions of a set's points from landmarks (…, 3): each the mean of those it names.

    Neck and MidHip are thus midpoints in the world, and every point's pixel is the projection of its world position.
    """
    return np.stack([np.mean([landmarks[m] for m in marks], axis=0) for marks in points.landmarks], axis=-2)


@dataclass(frozen=True)
class Subject:
    """Somebody who may be in the picture, at one instant.

    Attributes:
        instance: their value in the instance mask, from 1.
        spec, human: who.
        landmarks: (3,) world positions by name.
        surface: (S, 3) world positions of points all over skin and clothes.
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
        where = np.stack([subject.landmarks[name] for name in names])
        span[k] = np.linalg.norm(where - where.mean(axis=0), axis=1).max()
    return Flesh(depth=depth, own=own, span=span)


def people_in(view: CameraView, subjects: Iterable[Subject], seen: Surfaces, sets: Sequence[str]) -> tuple[Person, ...]:
    """The subjects as seen in one picture, in their order; spectators only where a pixel shows them."""
    shown = set(np.unique(seen.instance).tolist())
    return tuple(
        _person(view, subject, seen, sets)
        for subject in subjects
        if subject.spec.role != "spectator" or subject.instance in shown
    )


def _person(view: CameraView, subject: Subject, seen: Surfaces, sets: Sequence[str]) -> Person:
    keypoints = {}
    for name in sets:
        points = KEYPOINT_SETS[name]
        world = keypoint_positions(points, subject.landmarks)
        xy, camera = project(view, world)
        visibility, cause = judge(xy, camera, flesh_of(points, subject), seen, subject.instance)
        keypoints[name] = Keypoints(xy=xy, camera=camera, xyz=world, visibility=visibility, cause=cause)
    mask = seen.instance == subject.instance
    return Person(
        instance=subject.instance,
        spec=subject.spec,
        bbox=visible_box(mask),
        visible_fraction=_visible_fraction(view, subject.surface, mask),
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


def _visible_fraction(view: CameraView, surface: np.ndarray, mask: np.ndarray) -> float:
    """Share of surface points (S, 3) that fall on a pixel of the person's mask (H, W)."""
    xy, _ = project(view, surface)
    pixel = np.floor(xy[inside(xy, view.width, view.height)]).astype(np.int64)
    return float(mask[pixel[:, 1], pixel[:, 0]].sum()) / len(surface)

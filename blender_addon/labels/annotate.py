"""Turns a posed skater and a rendered picture into labelled people. Arrays in, arrays out; no bpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from blender_addon.labels.keypoint_sets import KEYPOINT_SETS, KeypointSet
from blender_addon.labels.projection import inside, project
from blender_addon.labels.visibility import Flesh, Surfaces, judge
from blender_addon.render.frame import CameraView, Keypoints, Person
from blender_addon.skater.performance import Performance


def keypoint_positions(points: KeypointSet, landmarks: Mapping[str, np.ndarray]) -> np.ndarray:
    """(…, P, 3) world positions of a set's points from landmarks (…, 3): each the mean of those it names.

    Neck and MidHip are thus midpoints in the world, and every point's pixel is the projection of its world position.
    """
    return np.stack([np.mean([landmarks[m] for m in marks], axis=0) for marks in points.landmarks], axis=-2)


def flesh_of(points: KeypointSet, performance: Performance, frame: int) -> Flesh:
    """What may lie over each point of a set without hiding it."""
    marks = performance.human.landmarks
    count = len(points.points)
    own = np.zeros((count, 256), dtype=bool)
    depth, span = np.zeros(count), np.zeros(count)
    for k, names in enumerate(points.landmarks):
        for name in names:
            own[k, list(marks[name].parts)] = True
        depth[k] = max(marks[name].depth for name in names)
        where = np.stack([performance.landmarks[name][frame] for name in names])
        span[k] = np.linalg.norm(where - where.mean(axis=0), axis=1).max()
    return Flesh(depth=depth, own=own, span=span)


def people_in(
    view: CameraView, frame: int, cast: Sequence[Performance], seen: Surfaces, sets: Sequence[str]
) -> tuple[Person, ...]:
    """Every person of the cast as seen in one picture; instances count from 1 in the order of the cast."""
    return tuple(_person(view, frame, k + 1, member, seen, sets) for k, member in enumerate(cast))


def _person(
    view: CameraView, frame: int, instance: int, member: Performance, seen: Surfaces, sets: Sequence[str]
) -> Person:
    now = {name: track[frame] for name, track in member.landmarks.items()}
    keypoints = {}
    for name in sets:
        points = KEYPOINT_SETS[name]
        world = keypoint_positions(points, now)
        xy, camera = project(view, world)
        visibility, cause = judge(xy, camera, flesh_of(points, member, frame), seen, instance)
        keypoints[name] = Keypoints(xy=xy, camera=camera, xyz=world, visibility=visibility, cause=cause)
    return Person(
        instance=instance,
        in_focus=member.spec.in_focus,
        bbox=visible_box(seen.instance == instance),
        visible_fraction=_visible_fraction(view, member.surface[frame], seen.instance == instance),
        keypoints=keypoints,
        body=member.human.facts,
        garments=tuple(sorted(member.spec.garments)),
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

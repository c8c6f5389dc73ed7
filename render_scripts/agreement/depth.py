"""Depth against masks, keypoints and the size of people."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.vocabulary import Cause, Visibility
from mocap.rotations import Array
from render_scripts.agreement.camera import in_camera, pixel_size
from render_scripts.agreement.decoded import Decoded, Points
from render_scripts.agreement.figure import Figure, Rule, Share
from render_scripts.agreement.keypoints import COARSE, near, stem

PRESENT = Rule("depth_present", "pixels of people that have no depth")
STEPS = Rule(
    "depth_steps",
    "pieces of people's edges near which depth has a step, and the step is not on the edge",
    limit=0.25,
    pooled=0.1,
    enough=40.0,
    pooled_enough=200.0,
)
UNDER = Rule(
    "keypoints_under_skin",
    "visible keypoints that are in front of the surface at their pixel, or deeper under it than a body is thick",
    limit=0.2,
    pooled=0.02,
    enough=5.0,
    pooled_enough=50.0,
)
BEHIND = Rule(
    "hidden_behind",
    "hidden keypoints that are not behind any surface at their pixel or within one pixel",
    limit=0.34,
    pooled=0.02,
    enough=3.0,
    pooled_enough=50.0,
)
REACHABLE = Rule(
    "depth_of_people",
    "pixels of people that, by their depth, are further from all their keypoints than a body reaches",
    limit=0.02,
    pooled=0.01,
    enough=50.0,
    pooled_enough=500.0,
)

# Metres: of a step that is told from a slope; pixels in which it is sought.
_STEP, _NEAR = 0.2, 3
# Metres in front of the surface that cloth makes; a body's slope within a pixel makes as much as the pixel is large.
_FRONT = 0.04
# Metres of flesh, hair and clothes that may lie over a landmark of a big body, seen at a slant; twice as much over a
# point between two. Told here a second time, not read from what makes the labels.
_FLESH = {
    "nose": 0.05,
    "eye": 0.05,
    "ear": 0.08,
    "shoulder": 0.18,
    "elbow": 0.12,
    "wrist": 0.1,
    "hip": 0.3,
    "knee": 0.16,
    "ankle": 0.14,
    "big_toe": 0.1,
    "small_toe": 0.1,
    "heel": 0.1,
}
_FLESH_ELSEWHERE = 0.35
# From a keypoint to the furthest piece of a body, skirt or plait: shoulders to the seat is the longest way.
_REACH = 0.6


def depth_figures(sample: Decoded) -> tuple[Figure, ...]:
    """Figures of depth; none where a sample has none."""
    depth = sample.depth
    if depth is None:
        return ()
    person = sample.instance > 0
    steps = [_steps(depth, person), _steps(depth.T, person.T)]
    under, behind = _keypoints(sample, depth)
    return (
        Share(PRESENT, int((person & (depth <= 0.0)).sum()), int(person.sum())),
        Share(STEPS, sum(wrong for wrong, _ in steps), sum(count for _, count in steps)),
        under,
        behind,
        _reachable(sample, depth),
    )


def _steps(depth: Array, person: np.ndarray) -> tuple[int, int]:
    """(wrong, all) pieces of edges that cross a row and have a step of depth near them."""
    # What is far or nowhere is a wall behind everybody.
    wall = np.where((depth <= 0.0) | ~np.isfinite(depth), 100.0, depth)
    step = np.abs(np.diff(wall, axis=1))
    row, column = np.nonzero(person[:, 1:] != person[:, :-1])
    within = (column >= _NEAR) & (column < step.shape[1] - _NEAR)
    row, column = row[within], column[within]
    near = step[row[:, None], column[:, None] + np.arange(-_NEAR, _NEAR + 1)]
    most = near.max(axis=1)
    return int(((most > _STEP) & (near[:, _NEAR] < 0.5 * most)).sum()), int((most > _STEP).sum())


def _keypoints(sample: Decoded, depth: Array) -> tuple[Share, Share]:
    shallow = deep = hidden = covered = visible = 0
    for points in sample.points:
        gap, mine, pixel = gaps(sample, points, depth)
        seen = (points.visibility == Visibility.VISIBLE) & mine
        visible += int(seen.sum())
        shallow += int((gap < -_FRONT - pixel)[seen].sum())
        deep += int((gap > thickest(points.set))[seen].sum())
        under = (points.visibility == Visibility.HIDDEN) & np.isfinite(gap) & (pixel < COARSE)
        hidden += int(under.sum())
        # At an edge the point's own pixel may show what is behind it.
        nearest = np.min(near(np.where(depth > 0.0, depth, np.inf), points), axis=1)
        z = in_camera(sample.camera, points.xyz, points.xy[:, 1])[:, 2]
        covered += int((z - nearest > -pixel)[under].sum())
    return Share(UNDER, shallow + deep, visible), Share(BEHIND, hidden - covered, hidden)


@lru_cache(maxsize=64)
def thickest(name: str) -> Array:
    """(P,) metres under the surface at which the points of a set may be called visible."""
    return np.array(
        [
            max(_FLESH.get(stem(mark), _FLESH_ELSEWHERE) for mark in marks) * min(len(set(marks)), 2)
            for marks in KEYPOINT_SETS[name].landmarks
        ]
    )


def gaps(sample: Decoded, points: Points, depth: Array) -> tuple[Array, np.ndarray, Array]:
    """(P,) metres by which points lie behind the surface at their pixel, NaN outside the picture or where nothing is;
    (P,) bool, whether that surface is their person's; (P,) metres that a pixel there is large."""
    height, width = depth.shape
    inside = np.all((points.xy >= 0.0) & (points.xy < (width, height)), axis=1) & (points.cause < Cause.OUT_OF_FRAME)
    column, row = np.where(inside[:, None], points.xy, 0.0).astype(np.int64).T
    surface = np.where(inside & (depth[row, column] > 0.0), depth[row, column], np.nan)
    z = in_camera(sample.camera, points.xyz, points.xy[:, 1])[:, 2]
    mine = inside & (sample.instance[row, column] == points.instance)
    return z - surface, mine, pixel_size(sample.camera, points.xyz, points.xy[:, 1])


def _reachable(sample: Decoded, depth: Array) -> Share:
    """Depth of each pixel of a person against the depths of their keypoints."""
    wrong = count = 0
    z_of: dict[int, list[Array]] = {}
    for points in sample.points:
        there = points.cause != Cause.ABSENT
        z = in_camera(sample.camera, points.xyz[there], np.clip(points.xy[there, 1], 0.0, depth.shape[0]))[:, 2]
        z_of.setdefault(points.instance, []).append(z)
    for instance, parts in z_of.items():
        seen = depth[sample.instance == instance]
        every = np.concatenate(parts)
        if not len(every):
            continue
        wrong += int(((seen < every.min() - _REACH) | (seen > every.max() + _REACH)).sum())
        count += len(seen)
    return Share(REACHABLE, wrong, count)

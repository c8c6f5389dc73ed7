"""What the JSON says of whole people against masks, depth and keypoints: boxes in the world, silhouettes, parts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from blender_addon.labels.amodal import silhouette
from blender_addon.labels.annotate import visible_box
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.part_views import PARTS
from blender_addon.labels.vocabulary import BODY_PARTS, Cause
from mocap.rotations import Array
from render_scripts.agreement.camera import poses
from render_scripts.agreement.decoded import Decoded
from render_scripts.agreement.figure import Figure, Rule, Share
from render_scripts.agreement.space import rays

BOXES_3D = Rule(
    "boxes_3d", "people whose box in the world leaves out keypoints or pixels of theirs, or is far larger than they are"
)
SILHOUETTES = Rule("silhouettes", "people whose whole silhouette leaves out pixels of theirs, or is not as told of it")
PARTS_SEEN = Rule("parts_seen", "body parts that are said to be seen and have no pixel, or the other way round")

# Metres: of the steps of depth, and of smoothed surfaces; metres per second at which people move while rows are read.
_NEAR, _SPEED = 0.03, 12.0
# Share of a person's pixels that may lie outside: threads of hair and cloth that swing.
_OUTSIDE = 0.005
# Metres from a body's keypoints to the ends of hair, skirts and fingers.
_BEYOND = 0.6
_EXACT = 1e-3


def people_figures(sample: Decoded) -> tuple[Figure, ...]:
    """Figures of what a sample tells of people; of fields that it has not, none."""
    out: list[Figure] = []
    known = [person for person in sample.people if "box_3d" in person]
    if known and sample.depth is not None:
        out.append(Share(BOXES_3D, _boxes(sample, sample.depth, known), len(known)))
    cast = [person for person in sample.people if person["role"] != "spectator"]
    if sample.amodal is not None:
        out.append(Share(SILHOUETTES, _silhouettes(sample, sample.amodal, cast), max(len(cast), 1)))
    if told := [person for person in cast if "parts" in person]:
        out.append(Share(PARTS_SEEN, sum(_parts(sample, person) for person in told), len(told) * len(PARTS)))
    return tuple(out)


def _boxes(sample: Decoded, depth: Array, people: list[Mapping[str, Any]]) -> int:
    wrong = 0
    room = _NEAR + 0.5 * _SPEED * float(sample.camera["readout"])
    for person in people:
        half = 0.5 * np.array(person["box_3d"]["size"], dtype=np.float64)
        seen = _places(sample, depth, sample.instance == person["instance"])
        outside = np.any(np.abs(_in_box(person, seen)) > half + room, axis=1)
        of_body = [points for points in sample.points if points.instance == person["instance"]]
        marks = [_in_box(person, points.xyz[points.cause != Cause.ABSENT]) for points in of_body]
        whole = [places for places, points in zip(marks, of_body, strict=True) if _all_over(points.set)]
        every = np.concatenate([np.zeros((0, 3)), *marks])
        wrong += bool(
            outside.sum() > _OUTSIDE * len(outside)
            or np.any(np.abs(every) > half + room)
            or any(_too_large(places, half) for places in whole)
        )
    return wrong


def _too_large(points: Array, half: Array) -> bool:
    """Whether a box of half sizes (3,) goes further than a body does beyond keypoints (P, 3) all over it."""
    return bool(np.any(half - points.max(axis=0) > _BEYOND) or np.any(half + points.min(axis=0) > _BEYOND))


@lru_cache(maxsize=64)
def _all_over(name: str) -> bool:
    """Whether a keypoint set reaches to hands, feet and head."""
    marks = {mark for marks in KEYPOINT_SETS[name].landmarks for mark in marks}
    return marks >= {"left_wrist", "right_wrist", "left_ankle", "right_ankle", "nose"}


def _in_box(person: Mapping[str, Any], places: Array) -> Array:
    """World points (N, 3) from the middle of a person's box, along its axes."""
    box = person["box_3d"]
    c, s = np.cos(box["yaw"]), np.sin(box["yaw"])
    return np.asarray((places - np.array(box["center"])) @ np.array(((c, -s, 0.0), (s, c, 0.0), (0.0, 0.0, 1.0))))


def _places(sample: Decoded, depth: Array, mask: np.ndarray) -> Array:
    """(N, 3) in the world of what pixels of a mask (H, W) show."""
    row, column = np.nonzero(mask & (depth > 0.0) & np.isfinite(depth))
    if not len(row):
        return np.zeros((0, 3))
    R, t = poses(sample.camera, row + 0.5)
    ray = rays(sample.camera, np.stack((column, row), axis=1) + 0.5)
    world = np.einsum("nji,nj->ni", R, ray * depth[row, column, None] - t)
    return np.asarray(world[np.isfinite(world).all(axis=1)])


def _silhouettes(sample: Decoded, bits: np.ndarray, cast: list[Mapping[str, Any]]) -> int:
    wrong = 0
    for person in cast:
        whole, seen = silhouette(bits, person["instance"]), sample.instance == person["instance"]
        told = person["amodal"]
        share = seen.sum() / whole.sum() if whole.any() else 0.0
        wrong += bool(
            np.any(seen & ~whole)
            or np.abs(np.array(told["bbox"]) - visible_box(whole)).max() > _EXACT
            or abs(told["visible"] - share) > _EXACT
        )
    # Nobody else has a silhouette.
    nobodys = bits & ~np.uint16(sum(1 << (person["instance"] - 1) for person in cast))
    return wrong if not nobodys.any() else max(wrong, 1)


def _parts(sample: Decoded, person: Mapping[str, Any]) -> int:
    pixels = np.bincount(sample.body[sample.instance == person["instance"]], minlength=256)
    names = {entry.name: entry.index for entry in BODY_PARTS}
    told = {names.get(part["part"], -1): float(part["visible"]) for part in person["parts"]}
    if tuple(told) != PARTS:
        return len(PARTS)
    return sum(not 0.0 <= share <= 1.0 or (share > 0.0) != bool(pixels[part]) for part, share in told.items())

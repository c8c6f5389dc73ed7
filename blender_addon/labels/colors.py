"""Colours in which labels are drawn for people: points of keypoint sets, and who is who. Masks' are in `vocabulary`."""

from __future__ import annotations

import colorsys
from functools import lru_cache

import numpy as np

from blender_addon.labels.keypoint_sets import BODY_25, KeypointSet

Rgb = tuple[int, int, int]

# BODY_25's points in the colours in which OpenPose draws them, so that its users read the pictures at a glance.
BODY_25_COLORS: tuple[Rgb, ...] = (
    (255, 0, 85), (255, 0, 0), (255, 85, 0), (255, 170, 0), (255, 255, 0), (170, 255, 0), (85, 255, 0), (0, 255, 0),
    (255, 0, 0), (0, 255, 85), (0, 255, 170), (0, 255, 255), (0, 170, 255), (0, 85, 255), (0, 0, 255), (255, 0, 170),
    (170, 0, 255), (255, 0, 255), (85, 0, 255), (0, 0, 255), (0, 0, 255), (0, 0, 255), (0, 255, 255), (0, 255, 255),
    (0, 255, 255),
)  # fmt: skip

# Of the hue circle: colours of people who follow each other differ, however many there are.
_GOLDEN = 0.618034


def point_colors(keypoints: KeypointSet) -> tuple[Rgb, ...]:
    """A colour per point; around the hue circle for sets that have no colours of their own."""
    if keypoints.name == "body_25":
        return BODY_25_COLORS
    count = len(keypoints.points)
    return tuple(_of_hue(k / count) for k in range(count))


def person_color(instance: int) -> Rgb:
    """The colour of a person by their number in the instance mask, from 1."""
    return _of_hue(instance * _GOLDEN % 1.0)


@lru_cache(maxsize=64)
def fine_points(keypoints: KeypointSet) -> np.ndarray:
    """(P,) bool: points of the face and the fingers, but for those that skeletons of a body have as well."""
    # Bring scipy with them, which colours alone should not.
    from blender_addon.skater.landmarks.face import FACE_POINTS
    from blender_addon.skater.landmarks.hands import FINGER_PARTS

    small = frozenset(FACE_POINTS) | frozenset(FINGER_PARTS)
    body = {mark for marks in BODY_25.landmarks for mark in marks}
    stems = [
        {mark.removeprefix("left_").removeprefix("right_") for mark in {*marks} - body} for marks in keypoints.landmarks
    ]
    return np.array([bool(names) and names <= small for names in stems])


def linear(rgb: np.ndarray) -> np.ndarray:
    """(…, 3) linear, 0 … 1, of sRGB colours (…, 3), 0 … 255."""
    share = np.asarray(rgb, dtype=np.float64) / 255.0
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def _of_hue(hue: float) -> Rgb:
    r, g, b = colorsys.hsv_to_rgb(hue, 1.0, 1.0)
    return round(255 * r), round(255 * g), round(255 * b)

"""Keypoint sets as data: each point names the landmarks of the body that it is. Adding a set is one entry here."""

from __future__ import annotations

from blender_addon.labels.keypoint_sets.keypoint_set import KeypointSet
from blender_addon.labels.keypoint_sets.openpose import BODY_25

__all__ = ["BODY_25", "KEYPOINT_SETS", "KeypointSet"]

KEYPOINT_SETS: dict[str, KeypointSet] = {
    points.name: points
    for points in (
        BODY_25,
    )
}  # fmt: skip

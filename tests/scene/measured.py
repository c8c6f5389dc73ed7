"""Where the skater at hand is, frame by frame, and what a coach would say of it."""

from __future__ import annotations

from collections.abc import Mapping

import bpy
import numpy as np
from clicking import skater

from blender_addon.scene.at_hand import landmarks_now

Ways = Mapping[str, np.ndarray]


def ways() -> Ways:
    """(T, 3) metres by landmark: where all of the skater is in each frame of the scene's range."""
    scene, armature = bpy.context.scene, skater()
    shown = scene.frame_current
    for mesh in armature.children:
        mesh.hide_viewport = True
    rows = []
    for frame in range(scene.frame_start, scene.frame_end + 1):
        scene.frame_set(frame)
        rows.append(landmarks_now(armature))
    for mesh in armature.children:
        mesh.hide_viewport = False
    scene.frame_set(shown)
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def hips(way: Ways) -> np.ndarray:
    """(T, 3) metres."""
    return 0.5 * (way["left_hip"] + way["right_hip"])


def lowest(way: Ways) -> np.ndarray:
    """(T,) metres over the ice of the lowest point of both blades."""
    return np.min([places[:, 2] for name, places in way.items() if "_blade_" in name], axis=0)


def across(way: Ways) -> np.ndarray:
    """(T,) radians from +X, as seen from above, toward which the left hip is from the right one."""
    apart = way["left_hip"] - way["right_hip"]
    return np.unwrap(np.arctan2(apart[:, 1], apart[:, 0]))


def turns(way: Ways) -> float:
    """How many times the hips turn over the frames, counter-clockwise as seen from above."""
    first, last = across(way)[[0, -1]]
    return float((last - first) / (2.0 * np.pi))

"""The skaters of the scene at hand as cameras and spots follow them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import bpy
import numpy as np

from blender_addon.filming.cast import filmed
from blender_addon.filming.track import Filmed
from blender_addon.labels.keypoint_sets import BODY_25
from blender_addon.scene.at_hand.clock import count_of, rate_of
from blender_addon.scene.at_hand.landmarks import Marks, read_marks
from blender_addon.scene.at_hand.played import performances
from blender_addon.scene.at_hand.record import skaters_in, spec_of
from blender_addon.scene.at_hand.sampling import look
from blender_addon.skater.performance import WORK_RATE
from mocap.rotations import Array

# Metres over the ice that is looked at where nobody is.
_NOBODY = 1.0
_HIPS = ("left_hip", "right_hip")


def people_at_hand(scene: bpy.types.Scene, assets: Path | None) -> Filmed:
    """Whom cameras follow over the frames of a scene, and who stands about; where nobody is, a point over the ice.

    As long as nobody has been changed by hand it is what the pipeline follows, the time before and after the frames
    with it; else what Blender shows in the frames, evenly in between.

    Args:
        assets: MakeHuman's data folder; None reads all from Blender.
    """
    armatures = skaters_in(scene)
    if not armatures:
        return standing(count_of(scene), rate_of(scene))
    cast = None if assets is None else performances(scene, assets)
    return filmed(cast) if cast is not None else _seen(scene, armatures)


def standing(count: int, fps: float) -> Filmed:
    """Nobody, for as many frames."""
    points = np.broadcast_to((0.0, 0.0, _NOBODY), (count, 1, 3))
    return Filmed(np.arange(count) / fps, points, np.zeros((count, 0, 3)), np.arange(count))


def _seen(scene: bpy.types.Scene, armatures: Sequence[bpy.types.Object]) -> Filmed:
    told = {armature: read_marks(armature) for armature in armatures}
    count, fps = count_of(scene), rate_of(scene)
    poses = look(
        scene, scene.frame_start + np.arange(count, dtype=np.float64), {a: marks.bones for a, marks in told.items()}
    ).poses
    chosen = [armature for armature in armatures if spec_of(armature).in_focus] or list(armatures)
    points = [_places(told[one], poses[one.name], _outline(told[one])) for one in chosen]
    others = [_places(told[one], poses[one.name], _HIPS).mean(axis=1) for one in armatures if one not in chosen]
    step = max(1, math.ceil(WORK_RATE / fps))
    at = np.arange((count - 1) * step + 1) / step
    return Filmed(
        times=at / fps,
        points=_between(np.concatenate(points, axis=1), at),
        others=_between(np.stack(others, axis=1) if others else np.zeros((count, 0, 3)), at),
        frames=np.arange(count) * step,
    )


def _outline(marks: Marks) -> tuple[str, ...]:
    """As `performance.outline`."""
    whole = {name for names in BODY_25.landmarks for name in names}
    return tuple(name for name in marks.names if name in whole or "_blade_" in name)


def _places(marks: Marks, poses: Array, names: Sequence[str]) -> Array:
    """(T, P, 3) of some landmarks."""
    return marks.at(poses)[:, [marks.names.index(name) for name in names]]


def _between(places: Array, at: Array) -> Array:
    """Places (T, P, 3) at `at` (N,), which counts their instants: straight over from one to the next."""
    first = np.minimum(at.astype(np.int64), max(len(places) - 2, 0))
    last = np.minimum(first + 1, len(places) - 1)
    share = (at - first)[:, None, None]
    out: Array = places[first] * (1.0 - share) + places[last] * share
    return out

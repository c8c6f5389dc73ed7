"""One of the cast whose poses Blender alone knows: keys that somebody has changed by hand, constraints, drivers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from blender_addon.cast import SkaterSpec
from blender_addon.skater.human import Human, place_landmarks
from blender_addon.skater.performance import surface_points
from mocap.rotations import Array


@dataclass(frozen=True)
class Posed:
    """As `Performance`, over T frames.

    Attributes:
        spec, human: who.
        poses: (T, B, 4, 4) bone → world.
        landmarks: (T, 3) world positions by name, the blades' among them.
        surface: (T, S, 3) world positions of points all over skin and clothes.
        take_frames: (T,) nearest frame of the recording.
        posed_at: (M, B, 4, 4) the poses so many seconds (M,) from a frame.
    """

    spec: SkaterSpec
    human: Human
    poses: Array
    landmarks: Mapping[str, Array]
    surface: Array
    take_frames: np.ndarray
    posed_at: Callable[[int, Array], Array]

    def around(self, frame: int, seconds: Array) -> tuple[Mapping[str, Array], Array]:
        """As `at_instants`."""
        poses = self.posed_at(frame, seconds)
        return placed(self.human, poses), surface_points(self.human, poses)


def placed(human: Human, poses: Array) -> dict[str, Array]:
    """(T, 3) world positions of landmarks by name, the blades' (`left_blade_toe`, …) among them."""
    return place_landmarks(human.marks, human.rig.rest, poses)

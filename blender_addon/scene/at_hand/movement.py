"""A movement on a skater of the scene at hand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import bpy

from blender_addon.cast import MotionSpec, PlacementSpec
from blender_addon.scene.at_hand.figures import Figure


@dataclass(frozen=True)
class Retargeted:
    """What `animate` did.

    Attributes:
        placement: where the skater went, which is elsewhere than asked for where it gave way to others.
        count: frames of the scene that now have keys.
        figures: how well the movement sits.
    """

    placement: PlacementSpec
    count: int
    figures: tuple[Figure, ...]


def animate(
    scene: bpy.types.Scene,
    armature: bpy.types.Object,
    motion: MotionSpec,
    placement: PlacementSpec,
    assets: Path,
) -> Retargeted:
    """Gives a skater a movement, as F-curves over the scene's frame range, at the scene's rate.

    `motion.start` is the movement's instant at the scene's first frame. An earlier movement is replaced. A placement
    that yields keeps clear of the other skaters and the boards.

    Raises:
        UserError: the take cannot be read, or is shorter than the frame range.
    """
    raise NotImplementedError

"""Where a skater's landmarks are now, as the viewport shows them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import bpy

from blender_addon.skater.human import Human
from mocap.rotations import Array


def human_of(armature: bpy.types.Object, assets: Path) -> Human:
    """The skater as arrays, at rest; made when first asked for, then kept for as long as its spec stays the same.

    Raises:
        UserError: it is not ours, or what its spec asks for is not there.
    """
    raise NotImplementedError


def landmarks_now(armature: bpy.types.Object, assets: Path) -> Mapping[str, Array]:
    """(3,) world places of a skater's landmarks by name, the blades' (`left_blade_toe`) too, as it is posed now.

    Read from the evaluated armature: what the user has changed by hand, constraints and drivers count. Raises as
    `human_of`.
    """
    raise NotImplementedError

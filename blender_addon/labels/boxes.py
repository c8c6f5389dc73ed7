"""The box in the world that holds a whole person, hands to blades, clothes and hair; seen or not. No bpy."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_addon.skater.human import Human
from mocap.axes import FORWARD
from mocap.rotations import Array


@dataclass(frozen=True)
class Box3D:
    """An upright box in the world.

    Attributes:
        center: (3,) metres.
        size: metres along the way that the pelvis faces, across it, and up.
        yaw: radians counter-clockwise about Z from the world's X to where the pelvis faces.
    """

    center: tuple[float, float, float] = (0.0, 0.0, 0.0)
    size: tuple[float, float, float] = (0.0, 0.0, 0.0)
    yaw: float = 0.0


def facing_of(human: Human, pose: Array) -> float:
    """Yaw of the pelvis, as of `Box3D`: along its forward direction and across the line of its sides.

    The two agree in somebody upright; lying forward or bent back as in a camel or a layback, that line alone tells.

    Args:
        pose: (B, 4, 4) bone → world.
    """
    root = human.rig.index(human.bones.root)
    turn = pose[root, :3, :3] @ human.rig.rest[root, :3, :3].T
    forward, right = turn @ FORWARD, turn @ np.cross(FORWARD, (0.0, 0.0, 1.0))
    x, y = forward[:2] + np.array((-right[1], right[0]))
    return float(np.arctan2(y, x))


def box_of(human: Human, pose: Array, also: Array) -> Box3D:
    """The box round a posed person.

    Args:
        pose: (B, 4, 4) bone → world.
        also: (M, 3) further points in the world: cloth that is not where its bones carry it.
    """
    points = np.concatenate((human.outermost.posed(human.rig.rest, pose), also))
    yaw = facing_of(human, pose)
    along = np.array((np.cos(yaw), np.sin(yaw), 0.0))
    axes = np.stack((along, (-along[1], along[0], 0.0), (0.0, 0.0, 1.0)))
    placed = points @ axes.T
    low, high = placed.min(axis=0), placed.max(axis=0)
    x, y, z = (0.5 * (low + high) @ axes).tolist()
    length, width, height = (high - low).tolist()
    return Box3D((x, y, z), (length, width, height), yaw)

"""The points of a person that no pose lets others stick out beyond: enough for a box, and quick to pose. No bpy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from blender_addon.skater.quick_skin import QuickSkin, quick_skin
from mocap.rotations import Array

if TYPE_CHECKING:
    from blender_addon.skater.human import SkinnedMesh

# Directions in which the outermost points of everything that hangs on a bone are kept.
_DIRECTIONS = 96


def outermost(meshes: Sequence[SkinnedMesh], count: int) -> QuickSkin:
    """Of all surfaces those points that lie outermost on the bone, of `count`, that they hang on most."""
    width = max(mesh.bones.shape[1] for mesh in meshes)
    pads = [((0, 0), (0, width - mesh.bones.shape[1])) for mesh in meshes]
    points = np.concatenate([mesh.vertices for mesh in meshes])
    bones = np.concatenate([np.pad(mesh.bones, pad) for mesh, pad in zip(meshes, pads, strict=True)])
    weights = np.concatenate([np.pad(mesh.weights, pad) for mesh, pad in zip(meshes, pads, strict=True)])
    owner = bones[np.arange(len(points)), weights.argmax(axis=1)]
    order = np.argsort(owner, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(owner[order])) + 1)
    ways = _sphere(_DIRECTIONS)
    kept = np.unique(np.concatenate([group[np.argmax(points[group] @ ways, axis=0)] for group in groups]))
    return quick_skin(points[kept], bones[kept], weights[kept], count)


def _sphere(count: int) -> Array:
    """(3, count) unit vectors on a spiral from pole to pole, evenly spread."""
    height = 1.0 - (2.0 * np.arange(count) + 1.0) / count
    angle = np.arange(count) * np.pi * (3.0 - np.sqrt(5.0))
    around = np.sqrt(1.0 - height**2)
    out: Array = np.stack((around * np.cos(angle), around * np.sin(angle), height))
    return out

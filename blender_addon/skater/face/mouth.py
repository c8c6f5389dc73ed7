"""Teeth and tongue, which show where the mouth is open."""

from __future__ import annotations

import numpy as np

from blender_addon.makehuman.body import Body
from blender_addon.skater.surface import Surface, join, spread_weights
from mocap.rotations import Array

# Metres behind the foremost tooth up to which teeth count as front teeth.
_FRONT = 0.008
# Where the lower front teeth stand under the upper ones in a closed mouth, in heights of the upper row; within a
# millimetre and a half on bodies of all ages and origins.
_CLOSED = np.array((0.0, 0.1, -0.9))
# MakeHuman's open mouth drops the lower teeth into the gums and leaves the tongue where it was: how much of the drop
# they are lifted by, and how much of it the tongue's tip makes.
_LIFT = 0.15
_TONGUE = 0.75
# MakeHuman's upper teeth end where the lips meet; with a mouth a little open they show, by a share of their height.
_SHOWN = 0.2


def teeth(body: Body) -> Surface:
    """Both rows of teeth."""
    upper, lower = (_helper(body, f"helper-{row}-teeth") for row in ("upper", "lower"))
    lifted = lower.vertices - (0.0, 0.0, _LIFT * _opening(upper.vertices, lower.vertices)[2])
    lowered = upper.vertices - (0.0, 0.0, _SHOWN * np.ptp(upper.vertices[:, 2]))
    return join([Surface(lowered, upper.faces, upper.weights), Surface(lifted, lower.faces, lower.weights)])


def tongue(body: Body) -> Surface:
    """The tongue, in the lower jaw."""
    upper, lower = (_helper(body, f"helper-{row}-teeth") for row in ("upper", "lower"))
    surface = _helper(body, "helper-tongue")
    depth = surface.vertices[:, 1]
    tip = (depth.max() - depth) / np.ptp(depth)
    lowered = surface.vertices + _TONGUE * tip[:, None] * _opening(upper.vertices, lower.vertices)
    return Surface(lowered, surface.faces, surface.weights)


def _opening(upper: Array, lower: Array) -> Array:
    """(3,) metres by which the lower front teeth have left their place under the upper ones."""
    rows = [row[row[:, 1] < row[:, 1].min() + _FRONT].mean(axis=0) for row in (upper, lower)]
    return np.asarray(rows[1] - rows[0] - np.ptp(upper[:, 2]) * _CLOSED)


def _helper(body: Body, name: str) -> Surface:
    faces = body.faces[body.face_masks[name]]
    used, corner = np.unique(faces, return_inverse=True)
    weights = spread_weights(body.bones[used], body.weights[used], len(body.rig.names))
    return Surface(body.vertices[used], corner.reshape(faces.shape), weights)

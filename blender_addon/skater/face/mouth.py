"""Teeth and tongue, which show where the mouth is open."""

from __future__ import annotations

import numpy as np

from blender_addon.makehuman.body import Body
from blender_addon.skater.surface import Surface, join, spread_weights


def teeth(body: Body) -> Surface:
    """Both rows of teeth."""
    return join([_helper(body, f"helper-{row}-teeth") for row in ("upper", "lower")])


def tongue(body: Body) -> Surface:
    """The tongue."""
    return _helper(body, "helper-tongue")


def _helper(body: Body, name: str) -> Surface:
    faces = body.faces[body.face_masks[name]]
    used, corner = np.unique(faces, return_inverse=True)
    weights = spread_weights(body.bones[used], body.weights[used], len(body.rig.names))
    return Surface(body.vertices[used], corner.reshape(faces.shape), weights)

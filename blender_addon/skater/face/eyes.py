"""The eyeballs."""

from __future__ import annotations

import numpy as np

from blender_addon.makehuman.body import Body
from blender_addon.skater.surface import Surface, join, loft, rigid_weights
from mocap.rotations import Array

# Degrees from the eye's axis of its rings, closer to each other where the cornea rises from the white; behind the
# last one the eye is open, deep in its socket.
_RINGS = np.radians((5.0, 12.0, 18.0, 22.0, 26.0, 32.0, 42.0, 55.0, 72.0, 95.0, 120.0))
_AROUND = 16
# The cornea: where it begins, and by what share of the eyeball's radius it stands out in the middle.
_LIMBUS = np.radians(27.0)
_BULGE = 0.07
PUPIL_AHEAD = float((1.0 + _BULGE * (1.0 - (_RINGS[0] / _LIMBUS) ** 2)) * np.cos(_RINGS[0]))
"""How many radii the middle of the pupil lies before the middle of the eyeball."""


def eyeballs(body: Body) -> tuple[Surface, Array]:
    """Both eyeballs, looking straight ahead.

    Returns:
        the surface and (F, 4, 2) texture coordinates: the front seen from before the face, (0.5, 0.5) the pupil's
        middle, 0.5 the eyeball's radius.
    """
    rise = 1.0 + _BULGE * np.maximum(0.0, 1.0 - (_RINGS / _LIMBUS) ** 2)
    turn = np.linspace(0.0, 2.0 * np.pi, _AROUND, endpoint=False)
    unit = np.empty((len(_RINGS), _AROUND, 3))
    unit[..., 0] = np.sin(_RINGS)[:, None] * np.cos(turn)
    unit[..., 1] = -(rise * np.cos(_RINGS))[:, None]
    unit[..., 2] = np.sin(_RINGS)[:, None] * np.sin(turn)
    shape, faces = loft(unit, close_start=True)
    front = 0.5 + 0.5 * shape[:, (0, 2)]

    eyes = []
    for side, letter in (("l", "L"), ("r", "R")):
        helper = body.vertices[body.groups[f"helper-{side}-eye"]]
        low, high = helper.min(axis=0), helper.max(axis=0)
        weights = rigid_weights(len(shape), len(body.rig.names), body.rig.index(f"eye.{letter}"))
        eyes.append(Surface(0.5 * (low + high) + 0.5 * (high - low) * shape, faces, weights))
    return join(eyes), np.tile(front[faces], (2, 1, 1))

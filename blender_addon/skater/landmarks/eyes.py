"""Pupils of hm08's eyeballs, which turn with the eyes."""

from __future__ import annotations

import numpy as np

from blender_addon.skater.face.eyes import PUPIL_AHEAD
from blender_addon.skater.human import Landmark
from blender_addon.skater.landmarks.sides import indices
from mocap.rotations import Array

# The vertices of either eyeball of hm08, "helper-l-eye" and "helper-r-eye". The first hangs on the eye's bone alone.
_BALLS = {"left": slice(14598, 14670), "right": slice(14670, 14742)}
# Metres of lid. Less than the bridge of the nose is thick, or the far eye would count as seen in profile.
_DEPTH = 0.004


def pupils(vertices: Array, bones: np.ndarray, weights: Array) -> dict[str, Landmark]:
    """ "left_eye" and "right_eye": the front of the box round an eyeball, of a mesh that has eyeballs.

    Args:
        vertices: (N, 3) at rest, in hm08's numbering; bones (N, K), weights (N, K).
    """
    out = {}
    for side, ball in _BALLS.items():
        if ball.stop <= len(vertices):
            low, high = vertices[ball].min(axis=0), vertices[ball].max(axis=0)
            middle, reach = 0.5 * (low + high), 0.5 * (high - low)
            out[f"{side}_eye"] = Landmark(
                points=(middle - (0.0, PUPIL_AHEAD * reach[1], 0.0))[None],
                bones=bones[ball.start][None],
                weights=weights[ball.start][None],
                depth=_DEPTH,
                parts=indices(("head",)),
            )
    return out

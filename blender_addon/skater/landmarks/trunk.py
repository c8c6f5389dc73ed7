"""Points inside neck and trunk: means of vertices of hm08 in front and behind, which bend as the skin does."""

from __future__ import annotations

import numpy as np

from blender_addon.skater.human import Landmark
from blender_addon.skater.landmarks.joints import flesh_over
from blender_addon.skater.landmarks.sides import indices
from mocap.rotations import Array

# Vertices, some more than once, and the parts of the body on which the point is seen.
#   upper_neck: between the corner of throat and chin, and the nape: about the second vertebra, where MPII has it.
#   thorax: between the notch of the breastbone and the seventh vertebra's spine.
#   spine: a quarter of the way from the back to the front, where a vertebra's body is, half-way up from the hips to the
#       thorax: Human3.6M's is 0.48 of the way, 233 of 490 mm.
#   waist: likewise at the level of the navel.
_POINTS: dict[str, tuple[tuple[int, ...], tuple[str, ...]]] = {
    "upper_neck": ((791, 855), ("head", "torso")),
    "thorax": ((1399, 1491), ("torso", "head")),
    "spine": ((4002, 4002, 4002, 4071), ("torso",)),
    "waist": ((4060, 4060, 4060, 4121), ("torso",)),
}
TRUNK_PARTS = {name: parts for name, (_, parts) in _POINTS.items()}
"""Body parts on which a point is seen."""
_UP = np.array((0.0, 0.0, 1.0))


def trunk_points(
    vertices: Array, bones: np.ndarray, weights: Array, faces: np.ndarray, parts: np.ndarray
) -> dict[str, Landmark]:
    """ "upper_neck", "thorax", "spine" and "waist" of a mesh that has hm08's numbering.

    Args:
        vertices: (N, 3) at rest: all of hm08's, or its first ones, which are the skin; bones (N, K), weights (N, K).
        faces: (F, 4) of skin; parts: (F,) body part of each.
    """
    out = {}
    for name, (chosen, seen_on) in _POINTS.items():
        points, own = vertices[list(chosen)], indices(seen_on)
        out[name] = Landmark(
            points=points,
            bones=bones[list(chosen)],
            weights=weights[list(chosen)],
            depth=flesh_over(points.mean(axis=0), _UP, vertices, faces[np.isin(parts, own)]),
            parts=own,
        )
    return out

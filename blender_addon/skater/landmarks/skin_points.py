"""Points of the skin: vertices of hm08, whose numbering is the same for every phenotype."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from blender_addon.skater.human import Landmark
from blender_addon.skater.landmarks.sides import indices, with_side
from mocap.rotations import Array


@dataclass(frozen=True)
class SkinPoint:
    """The mean of some vertices of hm08.

    Attributes:
        left, right: the vertices of either side; a point in the middle has none on the right.
        parts: body parts on whose surface it is seen; those that have a side get the point's.
        depth: metres of what may lie over it.
    """

    left: tuple[int, ...]
    right: tuple[int, ...]
    parts: tuple[str, ...]
    depth: float


# Found on the shaped meshes of five very different phenotypes, the right side by MakeHuman's table of mirrored
# vertices (mesh_metadata/hm08.mirror):
#   nose: halfway between the tip of the nose (the vertex furthest forward) and the middle of its wings: about 10 mm
#       under the tip. A point on the very tip falls beside the person in profile, where the silhouette is a pixel
#       narrower.
#   ear: the free edge of the tragus.
#   big_toe, small_toe: the vertex at the end of the toe's last bone, which is the tip of the toe.
#   heel: the two vertices at the back of the heel bone, 2 cm above the sole, within 5 mm of the rearmost.
#   head_top: the crown, between the two vertices of which one or the other is the highest.
#   acromion: the end of the shoulder's roof; asis: the front end of the hip's crest (spina iliaca anterior superior).
#   toe_base: halfway between the heads of the first and of the fifth metatarsal, in the ball of the foot.
# Depths: the rim lies over an ear, hair over the crown, straps over shoulder and hip, a boot's toe cap and padding over
# toes and heel.
SKIN_POINTS: dict[str, SkinPoint] = {
    "nose": SkinPoint(left=(297, 297, 7057, 288), right=(), parts=("head",), depth=0.012),
    "head_top": SkinPoint(left=(881, 879), right=(), parts=("head",), depth=0.04),
    "ear": SkinPoint(left=(12306,), right=(5709,), parts=("head",), depth=0.015),
    "big_toe": SkinPoint(left=(12756,), right=(6159,), parts=("foot",), depth=0.02),
    "small_toe": SkinPoint(left=(13280,), right=(6684,), parts=("foot",), depth=0.02),
    "heel": SkinPoint(left=(12912, 12442), right=(6315, 5845), parts=("foot",), depth=0.02),
    "toe_base": SkinPoint(left=(12394, 12748), right=(5797, 6151), parts=("foot",), depth=0.04),
    "acromion": SkinPoint(left=(8235,), right=(1557,), parts=("torso", "upper_arm"), depth=0.01),
    "asis": SkinPoint(left=(10904,), right=(4274,), parts=("torso", "thigh"), depth=0.015),
}


def skin_landmarks(
    points: Mapping[str, SkinPoint], vertices: Array, bones: np.ndarray, weights: Array
) -> dict[str, Landmark]:
    """Points of a mesh that has hm08's numbering, "left_" and "right_" in front; not those whose vertices it lacks.

    Args:
        points: by name without side.
        vertices: (N, 3) at rest: all of hm08's, or its first ones, which are the skin; bones (N, K), weights (N, K).
    """
    out = {}
    for name, point in points.items():
        for side, chosen in (("left", point.left), ("right", point.right)):
            if chosen and max(chosen) < len(vertices):
                out[f"{side}_{name}" if point.right else name] = Landmark(
                    points=vertices[list(chosen)],
                    bones=bones[list(chosen)],
                    weights=weights[list(chosen)],
                    depth=point.depth,
                    parts=indices(with_side(point.parts, side)),
                )
    return out

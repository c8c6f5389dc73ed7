"""Whether a keypoint is seen, and what hides it, read from masks and depth of the very picture it is on. No bpy.

A joint lies inside the body, so the surface over it is always nearer than it is. How much nearer it may be is anatomy:
each landmark carries the flesh over it and the body parts on whose surface it is seen. Nearer than that, something else
is in front.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_addon.labels.projection import NEAREST, inside
from blender_addon.labels.vocabulary import CLOTHES, Cause, Visibility

# Seen at a slant, a limb is thicker than the flesh measured straight through to the nearest skin.
SLANT = 1.6
# Cloth, hair, leather, and half a pixel of slope.
COVER = 0.02
# Cloth that hangs away from the body: what it hides is hidden by clothing, not by the body inside it.
LOOSE = tuple(entry.index for entry in CLOTHES if entry.loose)


@dataclass(frozen=True)
class Flesh:
    """What may lie over each of P points: `depth` (P,) metres, `own` (P, 256) bool by body part, `span` (P,) metres.

    `span` is how far a midpoint is from the landmarks it is the middle of; 0 for a single landmark.
    """

    depth: np.ndarray
    own: np.ndarray
    span: np.ndarray


@dataclass(frozen=True)
class Surfaces:
    """What a picture shows in each pixel, all (H, W). Depth is metres along the optical axis, 0 for nothing hit."""

    depth: np.ndarray
    instance: np.ndarray
    body: np.ndarray
    clothes: np.ndarray


def judge(
    xy: np.ndarray, camera: np.ndarray, flesh: Flesh, seen: Surfaces, instance: int
) -> tuple[np.ndarray, np.ndarray]:
    """Visibility and cause of a person's points.

    Args:
        xy: (P, 2) pixels; camera: (P, 3) metres in the camera's frame.
        flesh: of the P points.
        seen: the picture's surfaces.
        instance: the person's value in the instance mask.

    Returns:
        (P,) `Visibility` and (P,) `Cause`, both uint8.
    """
    height, width = seen.depth.shape
    z = camera[:, 2]
    behind = z <= NEAREST
    within = inside(xy, width, height) & ~behind
    pixel = np.where(within[:, None], np.floor(np.nan_to_num(xy)), 0.0).astype(np.int64)
    row, column = pixel[:, 1], pixel[:, 0]

    surface = seen.depth[row, column].astype(np.float64)
    surface = np.where(surface > 0.0, surface, np.inf)
    who = seen.instance[row, column]
    on_own_part = flesh.own[np.arange(len(xy)), seen.body[row, column]]
    gap = z - surface

    mine = who == instance
    allowed = np.where(mine & on_own_part, SLANT * flesh.depth + flesh.span, flesh.depth) + COVER
    # Off the person's silhouette nothing of the body can be in front, so nothing is allowed for it but rounding.
    allowed = np.where(mine, allowed, COVER)
    hidden = within & (gap > allowed)

    cause = np.full(len(xy), Cause.VISIBLE, dtype=np.uint8)
    loose = np.isin(seen.clothes[row, column], LOOSE)
    cause[hidden & mine] = Cause.OWN_BODY
    cause[hidden & mine & loose] = Cause.OWN_CLOTHING
    cause[hidden & ~mine & (who > 0)] = Cause.OTHER_PERSON
    cause[hidden & (who == 0)] = Cause.SCENE
    cause[~within] = Cause.OUT_OF_FRAME
    cause[behind] = Cause.BEHIND_CAMERA

    visibility = np.full(len(xy), Visibility.VISIBLE, dtype=np.uint8)
    visibility[hidden] = Visibility.HIDDEN
    visibility[~within] = Visibility.OUTSIDE
    return visibility, cause

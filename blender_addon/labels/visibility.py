"""Whether a keypoint is seen, and what hides it. No bpy.

A joint lies inside the body, so some surface over it is always nearer than it is. Its own ray through the whole skin of
the person in that very pose tells how much of that is its own flesh, and whether another part of the body lies before
that. What skin does not tell is read from masks and depth of the very picture that the joint is on: other people, the
scene, and what is worn and stands away from the skin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_addon.labels.projection import NEAREST, inside
from blender_addon.labels.vocabulary import BODY_PARTS, CLOTHES, PART_BASE, Cause, Visibility

# Flesh is a joint's own up to this many times what lies over it straight through to the nearest skin: as much as there
# is of it where a limb is seen at a slant of 60°. Deeper, the joint is behind its own body.
SLANT = 2.0
# Metres that do not count: an edge of a blade lies in the ice, skin is smoother than its mesh.
SKIN = 0.004
# Own flesh is told from another part of the body by more than this (m): as much as skin may cover.
_APART = SKIN + 0.01
# What is worn on a foot may be worn over its boot.
_ON_FOOT = 0.05
_FEET = [part.index for part in BODY_PARTS if part.name.endswith("foot")]
_SHINS = [part.index for part in BODY_PARTS if part.name.endswith("lower_leg")]
# Skin, and what lies on it as closely: a pixel of it shows no more than the skin tells. Over boots it does not.
_TIGHT = ("background", "skin", "eyes", "mouth", "leotard", "tights", "unitard", "gloves", "socks", "glasses")
# Cloth that hangs away from the body: what it hides is hidden by clothing, not by the body inside it.
_LOOSE = np.zeros(256, dtype=bool)
_LOOSE[[entry.index for entry in CLOTHES if entry.loose]] = True


def _tables() -> tuple[np.ndarray, np.ndarray]:
    """(256, parts) by class of clothes and body part: metres, see `LabelClass.cover`, and what stands off, bool."""
    cover, off = np.zeros((256, PART_BASE)), np.ones((256, PART_BASE), dtype=bool)
    for entry in CLOTHES:
        cover[entry.index] = entry.cover
        off[entry.index] = entry.name not in _TIGHT
    worn = [entry.index for entry in CLOTHES if entry.name not in ("background", "skin")]
    cover[np.ix_(worn, _FEET)] = np.maximum(cover[np.ix_(worn, _FEET)], _ON_FOOT)
    off[np.ix_(worn, _FEET + _SHINS)] = True
    return cover, off


_COVER, _STANDS_OFF = _tables()


@dataclass(frozen=True)
class Flesh:
    """What may lie over each of P points: `most` (P,) metres of flesh, on the body parts `parts` (P, parts) bool."""

    most: np.ndarray
    parts: np.ndarray


@dataclass(frozen=True)
class Before:
    """Metres of a ray to each of P points, see `flesh_along`.

    Attributes:
        own: (P,) in the flesh in which the point lies, up to it.
        every: (P,) since it first came to the person's body; NaN where skin is not known, and pixels have to tell.
    """

    own: np.ndarray
    every: np.ndarray


@dataclass(frozen=True)
class Surfaces:
    """What a picture shows in each pixel, all (H, W). Depth is metres along the optical axis, 0 for nothing hit."""

    depth: np.ndarray
    instance: np.ndarray
    body: np.ndarray
    clothes: np.ndarray


def judge(
    xy: np.ndarray,
    camera: np.ndarray,
    before: Before,
    flesh: Flesh,
    seen: Surfaces,
    instance: int,
    focal: float,
) -> tuple[np.ndarray, np.ndarray]:
    """Visibility and cause of a person's points.

    Args:
        xy: (P, 2) pixels, NaN for a point that the body does not have; camera: (P, 3) metres in the camera's frame.
        before: the person's body on the rays to them; flesh: how much of it hides nothing.
        seen: the picture's surfaces.
        instance: the person's value in the instance mask.
        focal: pixels.

    Returns:
        (P,) `Visibility` and (P,) `Cause`, both uint8.
    """
    height, width = seen.depth.shape
    z = camera[:, 2]
    absent, behind = np.isnan(z), z <= NEAREST
    within = inside(xy, width, height) & ~behind
    place = np.where(within[:, None], np.nan_to_num(xy), 0.0)
    column, row = np.floor(place).astype(np.int64).T

    who, garment, part = (mask[row, column] for mask in (seen.instance, seen.clothes, seen.body))
    mine = who == instance
    with np.errstate(invalid="ignore", divide="ignore"):
        # Metres along the ray, as flesh lies, from what the pixel shows to the point.
        stretch = np.where(within, np.linalg.norm(camera, axis=1) / z, 1.0)
    gap = (z - _surface(seen, place, row, column)) * stretch
    # What is left of the slope within a pixel (m). With twice as much, most that rays judge otherwise are hidden ones.
    slope = 0.25 * np.where(within, z, 0.0) / focal

    # A boot is worn on its foot, not on the hand that holds it.
    over = np.where(np.isin(part, _FEET) & ~flesh.parts[np.arange(len(xy)), part], 0.0, _COVER[garment, part])
    cover = np.where(mine, before.own + over, 0.0)
    front = gap > cover + SKIN + slope
    deep = (before.own > flesh.most) | (before.every > before.own + _APART)
    shown = front & (~mine | _STANDS_OFF[garment, part] | np.isnan(before.every))
    hidden = within & (deep | shown)

    cause = np.full(len(xy), Cause.VISIBLE, dtype=np.uint8)
    cause[hidden] = Cause.OWN_BODY
    cause[hidden & front & mine & _LOOSE[garment]] = Cause.OWN_CLOTHING
    cause[hidden & front & ~mine & (who > 0)] = Cause.OTHER_PERSON
    cause[hidden & front & (who == 0)] = Cause.SCENE
    cause[~within] = Cause.OUT_OF_FRAME
    cause[behind] = Cause.BEHIND_CAMERA
    cause[absent] = Cause.ABSENT

    visibility = np.full(len(xy), Visibility.VISIBLE, dtype=np.uint8)
    visibility[hidden] = Visibility.HIDDEN
    visibility[~within] = Visibility.OUTSIDE
    return visibility, cause


def _surface(seen: Surfaces, place: np.ndarray, row: np.ndarray, column: np.ndarray) -> np.ndarray:
    """(P,) depth of what pixels show, at places (P, 2) within them; infinite where nothing is.

    A pixel's depth is of its middle; it is followed to the place by the lesser of the slopes to both neighbours, as far
    as they are of the same person.
    """
    height, width = seen.depth.shape
    depth = seen.depth[row, column].astype(np.float64)
    who = seen.instance[row, column]
    out = depth.copy()
    for axis, size, index in ((0, width, column), (1, height, row)):
        slopes = []
        for step in (-1, 1):
            there = np.clip(index + step, 0, size - 1)
            at = (row, there) if axis == 0 else (there, column)
            other = seen.depth[at].astype(np.float64)
            same = (there != index) & (seen.instance[at] == who) & (other > 0.0)
            slopes.append(np.where(same, step * (other - depth), np.where(who > 0, 0.0, np.nan)))
        before, after = slopes
        before, after = (np.nan_to_num(np.where(np.isnan(a), b, a)) for a, b in ((before, after), (after, before)))
        alike = before * after > 0.0
        slope = np.where(alike, np.where(np.abs(before) < np.abs(after), before, after), 0.0)
        out += slope * (place[:, axis] - index - 0.5)
    return np.where(depth > 0.0, out, np.inf)

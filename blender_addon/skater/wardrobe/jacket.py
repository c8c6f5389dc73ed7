"""A training jacket with a zip, or a coat: closed, half open, or open. Numpy alone."""

from __future__ import annotations

import numpy as np

from blender_addon.skater.surface import trim
from blender_addon.skater.wardrobe.cuts import cuts_of
from blender_addon.skater.wardrobe.lines import top
from blender_addon.skater.wardrobe.loose import LOOK_IN, above_hem, finished, hem_height, loose_top
from blender_addon.skater.wardrobe.pattern import Pattern
from blender_addon.skater.wardrobe.piece import JACKET, Fitting, Piece
from mocap.rotations import Array

# Cut "open" → shares of the way down to the hem at which the zip stands; and how the gap widens above it, to at most
# so many metres on either side.
_ZIP = ((0.0, 0.1, 0.9, 1.0), (-0.2, 0.05, 0.9, 1.3))
_WIDENS, _WIDEST = 0.22, 0.055
# One looks in further where a jacket stands open.
_LOOK_IN_OPEN = 0.04


def make_jacket(fitting: Fitting) -> Piece:
    """The jacket over all else; over a skirt it ends above that."""
    pattern, cuts = fitting.pattern, cuts_of("jacket", fitting.worn["jacket"])
    length = 0.0 if "skirt" in fitting.worn else cuts["length"]
    hem = hem_height(pattern, length)
    cuts = {"neckline": 0.0, "vee": 0.0, "back": 0.0, "keyhole": 0.0, "sleeves": 1.0, **cuts}

    def covers(points: Array, weights: Array) -> Array:
        return np.minimum(top(pattern, points, weights, cuts), above_hem(pattern, points, weights, hem))

    cloth = loose_top(fitting, "jacket", covers, cuts, hem)
    beside = beside_opening(pattern, cloth.vertices, cuts["open"], hem)
    cloth = trim(cloth, beside)
    front = np.where(_in_front(pattern, cloth.vertices), np.abs(cloth.vertices[:, 0]), 1.0)

    def hides(points: Array, weights: Array) -> Array:
        opening = beside_opening(pattern, points, cuts["open"], hem) - _LOOK_IN_OPEN
        return np.minimum(covers(points, weights) - LOOK_IN, opening)

    return Piece(meshes=(finished("jacket", cloth, fitting, cuts, extra_seams=front),), layer=JACKET, covers=hides)


def beside_opening(pattern: Pattern, points: Array, opened: float, hem: float) -> Array:
    """(N,) metres beside the gap that an open zip leaves in front; 1 behind."""
    collar = float(pattern.neck[1, 2])
    zipped = collar - (collar - hem) * float(np.interp(opened, *_ZIP))
    gap = np.minimum(_WIDENS * (points[:, 2] - zipped), _WIDEST * pattern.size)
    return np.where(_in_front(pattern, points), np.abs(points[:, 0]) - gap, 1.0)


def _in_front(pattern: Pattern, points: Array) -> np.ndarray:
    return points[:, 1] < np.interp(points[:, 2], *pattern.middle)

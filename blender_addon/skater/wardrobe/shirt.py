"""A shirt: a men's skating shirt or a T-shirt, tucked into the trousers or hanging over them. Numpy alone."""

from __future__ import annotations

import numpy as np

from blender_addon.skater.wardrobe.cuts import cuts_of
from blender_addon.skater.wardrobe.lines import top
from blender_addon.skater.wardrobe.loose import LOOK_IN, above_hem, finished, hem_height, loose_top
from blender_addon.skater.wardrobe.piece import SHIRT, TUCKED, Fitting, Piece
from mocap.rotations import Array

# Metres that a tucked shirt goes on under the trousers.
_TUCK = 0.08


def make_shirt(fitting: Fitting) -> Piece:
    """The shirt, over trousers or, where cut so, tucked into them."""
    pattern, cuts = fitting.pattern, cuts_of("shirt", fitting.worn["shirt"])
    tucked = cuts["tucked"] > 0.5 and "trousers" in fitting.worn
    hem = pattern.waist - _TUCK if tucked else hem_height(pattern, cuts["length"])
    # A shirt is closed behind.
    cuts = {"back": 0.0, "keyhole": 0.0, **cuts}

    def covers(points: Array, weights: Array) -> Array:
        return np.minimum(top(pattern, points, weights, cuts), above_hem(pattern, points, weights, hem))

    cloth = loose_top(fitting, "shirt", covers, cuts, hem, close_below=pattern.waist if tucked else -1.0)
    return Piece(
        meshes=(finished("shirt", cloth, fitting, cuts),),
        layer=TUCKED if tucked else SHIRT,
        covers=lambda points, weights: covers(points, weights) - LOOK_IN,
    )

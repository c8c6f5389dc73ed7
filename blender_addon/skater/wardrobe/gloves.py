"""Thin knitted gloves. Numpy alone."""

from __future__ import annotations

import numpy as np

from blender_addon.skater.wardrobe.cuts import cuts_of
from blender_addon.skater.wardrobe.piece import GLOVES, HOSIERY, Fitting, Piece
from blender_addon.skater.wardrobe.suit import Make, sew_on_skin
from mocap.rotations import Array

UNDER_SLEEVES = Make("gloves", 0.0012, HOSIERY, sides=False, span=lambda pattern: (pattern.shoulder, pattern.crotch))
OVER_SLEEVES = Make("gloves", 0.0034, GLOVES, sides=False, span=lambda pattern: (pattern.shoulder, pattern.crotch))
# Cut "cuff" → share of the forearm that the cuff reaches up from the wrist.
_CUFF = ((0.0, 1.0), (0.06, 0.32))


def make_gloves(fitting: Fitting) -> Piece:
    """A pair; the cuff goes over a close sleeve from a cut of one half on."""
    pattern, cuts = fitting.pattern, cuts_of("gloves", fitting.worn["gloves"])
    elbow, wrist = pattern.arms[:, 1], pattern.arms[:, 2]
    reach = float(np.interp(cuts["cuff"], *_CUFF)) * np.linalg.norm(wrist - elbow, axis=1)

    def covers(points: Array, weights: Array) -> Array:
        side = np.where(points[:, 0] > 0.0, 0, 1)
        beyond = np.sum((points - wrist[side]) * pattern.forearms[side], axis=1)
        return beyond + reach[side] - 2.0 * (1.0 - weights[:, pattern.arm_parts].sum(axis=1))

    return sew_on_skin(fitting, OVER_SLEEVES if cuts["cuff"] >= 0.5 else UNDER_SLEEVES, covers, cuts)

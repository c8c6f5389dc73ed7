"""Shoes for people who do not skate: lined winter boots with a thick sole. Numpy alone."""

from __future__ import annotations

import numpy as np

from blender_addon.labels.vocabulary import BODY_PART_INDEX, CLOTHES_INDEX
from blender_addon.skater.foot import SIDES, Foot, find_foot
from blender_addon.skater.human import Landmark
from blender_addon.skater.sole import make_sole
from blender_addon.skater.surface import Surface, as_mesh, join, rigid_weights
from blender_addon.skater.upper import Upper, collar_surface, make_upper, upper_surface
from blender_addon.skater.wardrobe.cuts import cuts_of
from blender_addon.skater.wardrobe.fabrics import SEAM
from blender_addon.skater.wardrobe.piece import FOOTWEAR, Fitting, Piece

SOLE = 0.022  # metres from the skin of the sole to the ground
_WELT = 0.0015
# Shares of the foot's length above the ankle: the collar of a shoe (cut "height" 0) and of a winter boot (1).
_COLLAR = (0.08, 0.42)
_IN_SHOE = 0.1  # shares of the foot's length from the collar down to where the shoe hides the leg
_LANDMARKS = {"toe": 0.8, "middle": 0.45, "heel": 0.06}  # shares of the foot's length


def make_shoes(fitting: Fitting) -> Piece:
    """A pair of shoes; they stand `SOLE` too low: whoever wears them is lifted afterwards."""
    bones = len(fitting.body.rig.names)
    uppers = shoe_uppers(fitting)
    feet = [upper.foot for upper in uppers]
    made = [upper_surface(upper, bones) for upper in uppers]
    leather, seams = [surface for surface, _ in made], [seam for _, seam in made]
    collars = [collar_surface(upper, bones) for upper in uppers]
    soles = [_sole(foot, bones) for foot in feet]
    shoes = CLOTHES_INDEX["shoes"]
    end = min(float(upper.rings[0, :, 2].min()) - _IN_SHOE * upper.foot.length for upper in uppers)
    return Piece(
        meshes=(
            as_mesh("shoes", join(leather), shoes, fitting.borders, fields={SEAM: np.concatenate(seams)}),
            as_mesh("shoe_collars", join(collars), shoes, fitting.borders),
            as_mesh("shoe_soles", join(soles), shoes, fitting.borders, smooth=False),
        ),
        layer=FOOTWEAR,
        covers=lambda points, weights: end - points[:, 2],
        lift=SOLE,
        soles={f"{foot.side}_{place}": _on_sole(foot, place, at) for foot in feet for place, at in _LANDMARKS.items()},
    )


def shoe_uppers(fitting: Fitting) -> list[Upper]:
    """The shoes' uppers, left and right."""
    height = cuts_of("shoes", fitting.worn["shoes"])["height"]
    out = []
    for side in SIDES:
        foot = find_foot(fitting.body, side)
        collar = float(foot.ankle[2]) + float(np.interp(height, (0.0, 1.0), _COLLAR)) * foot.length
        out.append(make_upper(foot, collar, collar))
    return out


def _sole(foot: Foot, bones: int) -> Surface:
    vertices, faces = make_sole(foot, SOLE, SOLE, welt=_WELT)
    return Surface(foot.to_rig(vertices), faces, rigid_weights(len(vertices), bones, foot.foot_bone))


def _on_sole(foot: Foot, place: str, at: float) -> Landmark:
    return Landmark(
        points=foot.to_rig(np.array(((at * foot.length, 0.0, -SOLE),))),
        bones=np.array(((foot.foot_bone,),)),
        weights=np.ones((1, 1)),
        depth=SOLE,
        parts=(BODY_PART_INDEX[f"{foot.side}_foot"],),
    )

"""Which heel and toe are on the ice, from heights alone, for takes whose file does not say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mocap.motion import Motion
from mocap.rotations import Array
from mocap.skeleton import CONTACT_POINTS

# Ice level: this percentile over time of each frame's lowest point. Someone who skates or walks touches the ice in
# nearly every frame, so a low percentile is the ice, unmoved by jumps and by toes that dip below it at push-off.
ICE_PERCENTILE = 25.0
# Metres above the ice: a point below TOUCH is down, above LEAVE it is up, between the two it stays what it was.
# MVN's soles lie level to about 20 mm in stance; a toe that swings through in a slow step rises by 40 mm.
TOUCH = 0.02
LEAVE = 0.035


def ensure_contacts(motion: Motion) -> Motion:
    """The motion with contacts: its own where it has them, else from the height of heels and toes.

    Speed plays no part: on the ice a foot that is down glides.

    Raises:
        KeyError: the skeleton has no heel or toe point.
    """
    if motion.contacts is not None:
        return motion
    heights = contact_point_heights(motion)
    above = heights - ice_level(heights)
    return replace(motion, contacts=_with_hysteresis(above))


def contact_point_heights(motion: Motion) -> Array:
    """(T, 4) world height of the contact points, in the order of CONTACT_POINTS.

    A heel is the foot's heel point; a toe is the lower one of the ball of the foot's sole and the tip of the toe.
    """
    columns = []
    for label in CONTACT_POINTS:
        foot, _, end = label.partition("_")
        side = foot.removesuffix("Foot")
        if end == "Heel":
            columns.append(motion.point(foot, f"p{side}HeelFoot")[:, 2])
        else:
            sole = [motion.point(foot, f"p{side}{head}Metatarsal")[:, 2] for head in ("First", "Fifth")]
            columns.append(np.min([*sole, motion.point(f"{side}Toe", f"p{side}Toe")[:, 2]], axis=0))
    return np.stack(columns, axis=-1)


def ice_level(heights: Array) -> float:
    """World height of the ice under contact points (T, 4)."""
    return float(np.percentile(heights.min(axis=1), ICE_PERCENTILE))


def _with_hysteresis(above: Array) -> np.ndarray:
    """(T, 4) bool from heights (T, 4) above the ice; before the first clear frame, the nearer limit decides."""
    decided = (above < TOUCH) | (above > LEAVE)
    decided[0] = True
    down = above < TOUCH
    down[0] = above[0] < 0.5 * (TOUCH + LEAVE)
    latest = np.maximum.accumulate(np.where(decided, np.arange(len(above))[:, None], 0), axis=0)
    return np.take_along_axis(down, latest, axis=0)

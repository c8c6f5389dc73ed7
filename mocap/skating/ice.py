"""Where the ice lies under a take: how high heels and toes are over it, and MVN's slow drift of the ground.

MVN has no measured ground: it integrates steps, and on a rink its level creeps by centimetres over a take. A rink is
flat, so a level that changes slowly is the recording's and may be removed; what changes fast is the skater's.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.ndimage import gaussian_filter1d

from mocap.axes import UP
from mocap.motion import Motion
from mocap.rotations import Array
from mocap.skeleton import CONTACT_POINTS

# Ice level: this percentile over time of each frame's lowest point. Someone who skates or walks touches the ice in
# nearly every frame, so a low percentile is the ice, unmoved by jumps and by toes that dip below it at push-off.
ICE_PERCENTILE = 25.0
# Seconds over which the level is sought. The longest flights measured on ice are under 0.8 s (quadruple jumps,
# King et al. 2004), so even two jumps in a row leave more than half of such a window on the ice.
_WINDOW = 4.0
# Seconds (standard deviation) over which the level is smoothed: a jump's rise and fall is many times faster.
_SMOOTHING = 1.0
# Metres of creep over a take from which on it is worth a word and a mend: less is within what soles' points err by.
CREEP = 0.03
# Per second: how often heights are looked at for it.
_LOOKS = 20.0


def contact_point_heights(motion: Motion) -> Array:
    """(T, 4) world height of the contact points, in the order of CONTACT_POINTS.

    A heel is the foot's heel point; a toe is the lower one of the ball of the foot's sole and the tip of the toe.

    Raises:
        KeyError: the skeleton has no heel or toe point.
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
    """World height of the ice under contact points (T, 4), taken as one level for all frames."""
    return float(np.percentile(heights.min(axis=1), ICE_PERCENTILE))


def ice_curve(heights: Array, rate: float) -> Array:
    """(T,) world height of the ice under contact points (T, 4): it may creep, where a take is long enough to tell."""
    count = len(heights)
    lowest = heights.min(axis=1)
    every = max(1, round(rate / _LOOKS))
    looks = count // every
    width = round(_WINDOW * rate / every)
    if looks <= width:
        return np.full(count, ice_level(heights))
    thinned = np.median(lowest[: looks * every].reshape(looks, every), axis=1)
    half = width // 2
    padded = np.pad(thinned, half, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1)
    level = gaussian_filter1d(np.percentile(windows, ICE_PERCENTILE, axis=1), _SMOOTHING * rate / every, mode="nearest")
    at = (np.arange(looks) + 0.5) * every - 0.5
    return np.interp(np.arange(count), at, level)


def level_ice(motion: Motion) -> Motion:
    """The motion with its ice at z = 0 throughout: MVN's level and its slow drift are taken out of all heights.

    Only what changes over many seconds is removed, so jumps keep their height and their parabola. How far the ice crept
    is kept in `source["ice_levelled"]` (metres).

    Raises:
        KeyError: the skeleton has no heel or toe point.
    """
    level = ice_curve(contact_point_heights(motion), motion.rate)
    return replace(
        motion,
        positions=motion.positions - level[:, None, None] * UP,
        source={**motion.source, "ice_levelled": float(np.ptp(level))},
    )

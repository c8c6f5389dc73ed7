"""Trousers: slim ones for men who skate, down over the boot, and wide ones for coaches. Numpy alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from blender_addon.skater.surface import Surface, smoothstep, trim
from blender_addon.skater.upper import FRONT, Upper, leg_weights
from blender_addon.skater.wardrobe.cuts import cuts_of
from blender_addon.skater.wardrobe.drape import drape, edge_loops, extended, girth_around, hung
from blender_addon.skater.wardrobe.footwear import worn_uppers
from blender_addon.skater.wardrobe.lines import below_waist
from blender_addon.skater.wardrobe.loose import LOOK_IN, ease_of, finished
from blender_addon.skater.wardrobe.piece import TROUSERS, Fitting, Piece
from blender_addon.skater.wardrobe.seams import sewn
from mocap.rotations import Array

# Cut "length" → share of the way from the ankle up to the knee; longer legs fall over what is worn on the feet.
_LENGTH = ((0.0, 0.9), (1.15, 0.12))
_OVER_FOOTWEAR = 0.9
# Metres: how far above the collar a leg leaves the shank; its distance from the leather; how far the instep may hold it
# out; and its lowest edge, under the skin of the sole.
_ABOVE_COLLAR = 0.03
_OFF_LEATHER = 0.006
_OVER_INSTEP = 0.02
# Beside the instep, where the edge comes down from it, leather may hold it out further.
_WIDEST = 0.04
_LOWEST = -0.008
_AT_WAIST = 0.007  # metres off the suit: a tucked shirt goes under it
_ROWS = 9
_LACING = 0.009  # metres that laces stand off the leather,
_LACED = 3  # and on how many points of a ring to either side of its front
_BETWEEN = 4  # points from one ring of leather to the next
_STEP = 0.005
_ROUNDINGS = 10  # of the edge, so that it rises to the instep in a curve


@dataclass(frozen=True)
class _Leg:
    """The part of a trouser leg that falls over footwear.

    Attributes:
        loop: (L,) vertices of the cloth that it goes on from; rings: (K, L, 3) below; weights: (K, L, B).
        axis: (2,) its middle x, y; angle: (L,) of the loop's points about it, rising; edge: (L,) height of its end.
    """

    loop: np.ndarray
    rings: Array
    weights: Array
    axis: Array
    angle: Array
    edge: Array


def make_trousers(fitting: Fitting) -> Piece:
    """Trousers from the waist; legs that are long enough fall over whatever is worn on the feet."""
    pattern, cuts = fitting.pattern, cuts_of("trousers", fitting.worn["trousers"])
    uppers = worn_uppers(fitting) if cuts["length"] > _OVER_FOOTWEAR else []
    ankle = float(pattern.legs[:, 2, 2].mean())
    end = ankle + float(np.interp(cuts["length"], *_LENGTH)) * (pattern.knee - ankle)
    if uppers:
        end = max(float(upper.rings[0, :, 2].max()) for upper in uppers) + _ABOVE_COLLAR * pattern.size

    def on_body(points: Array, weights: Array) -> Array:
        return np.minimum(below_waist(pattern, points, weights), points[:, 2] - end)

    suit = trim(fitting.suit, on_body(fitting.suit.vertices, fitting.suit.weights))
    cloth = _draped(sewn(suit, pattern, cuts), fitting, cuts["fit"])
    flare = float(np.interp(cuts["fit"], (0.0, 1.0), (0.0, 0.09)))
    legs = [_leg(cloth, upper, end, flare) for upper in uppers]
    for leg in legs:
        cloth = extended(cloth, leg.loop, leg.rings, leg.weights)

    def covers(points: Array, weights: Array) -> Array:
        edge = np.full(len(points), end)
        for leg, left in zip(legs, (True, False), strict=False):
            own = (points[:, 0] > 0.0) == left
            edge[own] = _edge_at(leg, points[own])
        return np.minimum(below_waist(pattern, points, weights), points[:, 2] - edge) - LOOK_IN

    return Piece(meshes=(finished("trousers", cloth, fitting, cuts),), layer=TROUSERS, covers=covers)


def _draped(cloth: Surface, fitting: Fitting, fit: float) -> Surface:
    pattern, points = fitting.pattern, cloth.vertices
    below = pattern.waist - points[:, 2]
    loose = smoothstep(0.0, 0.08, below)
    ease = _AT_WAIST + loose * (ease_of("trousers", fitting.worn) * pattern.size - _AT_WAIST)
    wide = points
    for left in (True, False):
        leg = pattern.legs[0 if left else 1][::-1]
        middle = np.stack([np.interp(points[:, 2], leg[:, 2], leg[:, k]) for k in range(2)], axis=1)
        of_leg = ((points[:, 0] > 0.0) == left).astype(float)
        wide = hung(wide, middle, of_leg, pattern.crotch - 0.02, np.full(len(points), 0.1 + 0.6 * fit))
    out = drape(Surface(wide, cloth.faces, cloth.weights), ease)
    # The legs' insides leave each other room.
    gap = 0.003 * smoothstep(pattern.crotch, pattern.crotch - 0.05, points[:, 2])
    side = np.sign(points[:, 0])
    x = np.where(points[:, 2] < pattern.crotch, side * np.maximum(side * out.vertices[:, 0], gap), out.vertices[:, 0])
    vertices = np.concatenate((x[:, None], out.vertices[:, 1:]), axis=1)
    return Surface(vertices, out.faces, out.weights)


def _leg(cloth: Surface, upper: Upper, end: float, flare: float) -> _Leg:
    """The end of one leg: straight down from the shank, out over the leather, up over the instep in front.

    Args:
        end: height down to which the cloth reaches; flare: metres by which it widens on each metre down.
    """
    left = upper.foot.side == "left"
    loops = [loop for loop in edge_loops(cloth.faces) if (cloth.vertices[loop, 0].mean() > 0.0) == left]
    loop = min(loops, key=lambda row: float(cloth.vertices[row, 2].mean()))
    first = cloth.vertices[loop]
    axis = 0.5 * (first[:, :2].min(axis=0) + first[:, :2].max(axis=0))
    offset = first[:, :2] - axis
    angle, radius = np.arctan2(offset[:, 0], -offset[:, 1]), np.hypot(offset[:, 0], offset[:, 1])

    height = np.arange(end, _LOWEST, -_STEP)
    leather = girth_around(_dense(upper), axis, angle, height)
    straight = radius + flare * (end - height)[:, None]
    needed = np.maximum.accumulate(np.where(leather > 0.0, leather + _OFF_LEATHER, 0.0), axis=0)
    blocked = needed > straight + _OVER_INSTEP
    edge = np.where(blocked.any(axis=0), height[blocked.argmax(axis=0)] + 2.0 * _STEP, _LOWEST)
    for _ in range(_ROUNDINGS):
        edge = 0.25 * np.roll(edge, 1) + 0.5 * edge + 0.25 * np.roll(edge, -1)

    down = np.linspace(0.0, 1.0, _ROWS + 1)[1:, None]
    at = end + (edge - end) * down
    reach = np.maximum(straight, np.minimum(needed, straight + _WIDEST))
    wide = np.stack([np.interp(-at[:, k], -height, reach[:, k]) for k in range(len(loop))], axis=1)
    for _ in range(2):
        wide = np.maximum(wide, 0.25 * np.roll(wide, 1, axis=1) + 0.5 * wide + 0.25 * np.roll(wide, -1, axis=1))
    rings = np.stack((axis[0] + wide * np.sin(angle), axis[1] - wide * np.cos(angle), at), axis=-1)

    shaft = upper.rings[:, :, 2].mean(axis=1)
    order = np.argsort(shaft)
    with_leg = np.interp(at, shaft[order], np.maximum.accumulate(upper.with_leg[order]))
    bones = cloth.weights.shape[1]
    hanging = leg_weights(upper.foot, with_leg.ravel(), bones).reshape(*at.shape, bones)
    fade = smoothstep(0.0, _ABOVE_COLLAR + 0.02, end - at)[..., None]
    rising = np.argsort(angle)
    return _Leg(
        loop=loop,
        rings=rings,
        weights=(1.0 - fade) * cloth.weights[loop] + fade * hanging,
        axis=axis,
        angle=angle[rising],
        edge=edge[rising],
    )


def _edge_at(leg: _Leg, points: Array) -> Array:
    """(N,) height of the leg's end below or above points (N, 3)."""
    offset = points[:, :2] - leg.axis
    return np.interp(np.arctan2(offset[:, 0], -offset[:, 1]), leg.angle, leg.edge, period=2.0 * np.pi)


def _dense(upper: Upper) -> Array:
    """(N, 3) points all over an upper and its lacing, in the rig's space."""
    steps = np.diff(upper.rings, axis=0)
    between = np.concatenate([upper.rings[:-1] + k / _BETWEEN * steps for k in range(_BETWEEN)])
    front = between[:, FRONT - _LACED : FRONT + _LACED + 1]
    out = front - between.mean(axis=1, keepdims=True)
    laces = front + _LACING * out / np.linalg.norm(out, axis=2, keepdims=True)
    return upper.foot.to_rig(np.concatenate((between.reshape(-1, 3), laces.reshape(-1, 3))))

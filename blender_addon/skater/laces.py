"""What closes a skating boot: facings with eyelets and hooks, a tongue, laces tied in a bow. Numpy alone.

All is measured for a foot `_GROWN` metres long and scaled with it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import CubicSpline

from blender_addon.skater.surface import Surface, join, loft, smoothstep
from blender_addon.skater.upper import FRONT, RING, Upper, leg_weights
from mocap.rotations import Array

_GROWN = 0.24
_ROWS = 10
_VAMP = 0.66  # share of the foot's length at which lacing begins
_BELOW_COLLAR = 0.008
# Metres aside of the middle at which the eyelets stand, below and above; from there, where facings begin and end.
_ASIDE = (0.013, 0.019)
_FACING = (-0.006, 0.013)
_FACING_THICK = 0.0016
_LACE, _FLATNESS, _LACE_SIDES = 0.0023, 0.55, 6
_EYELET, _EYELET_THICK = 0.0036, 0.0012
_TONGUE_ABOVE, _TONGUE_BELOW, _TONGUE_WIDE, _TONGUE_THICK = 0.026, 0.045, 0.022, 0.006
# A bow's loop and a hanging end: metres aside of the knot, down from it and out from the leather.
_LOOP = (
    (0.0, 0.0, 0.006),
    (0.014, -0.005, 0.01),
    (0.03, 0.003, 0.005),
    (0.035, 0.016, 0.001),
    (0.026, 0.02, 0.003),
    (0.012, 0.009, 0.008),
    (0.0, 0.001, 0.006),
)
_END = ((0.0, 0.0, 0.007), (0.008, 0.012, 0.009), (0.013, 0.03, 0.006), (0.014, 0.048, 0.004))

Solid = tuple[Array, np.ndarray]


@dataclass(frozen=True)
class Lacing:
    """Parts of one boot's closure, in the rig's space: facings and tongue, eyelets and hooks, laces."""

    leather: Surface
    metal: Surface
    laces: Surface


def make_lacing(upper: Upper, bones: int) -> Lacing:
    """The closure of one boot on a rig of so many bones."""
    front, size = _front(upper), upper.foot.length / _GROWN
    start = float(np.interp(_VAMP * upper.foot.length, *front.ahead))
    rows = np.linspace(start, front.length - _BELOW_COLLAR * size, _ROWS)
    aside = size * np.linspace(*_ASIDE, _ROWS)
    leather = [_facing(front, rows, aside, sign, size) for sign in (-1.0, 1.0)]
    metal = [_disc(front, *place, size) for sign in (-1.0, 1.0) for place in zip(rows, sign * aside, strict=True)]
    laces = [_zigzag(front, rows, aside, sign, size) for sign in (-1.0, 1.0)]
    laces += [_tied(front, rows[-1], np.array(curve), sign, size) for curve in (_LOOP, _END) for sign in (-1.0, 1.0)]
    return Lacing(
        _on_rig(upper, [*leather, _tongue(upper, size)], bones),
        _on_rig(upper, metal, bones),
        _on_rig(upper, laces, bones),
    )


@dataclass(frozen=True)
class _Front:
    """The front of an upper, along its middle line from the toes up to the collar.

    Attributes:
        half: (S, H, 3) the half of every ring that looks forward, from right to left, from the toes to the collar.
        inside: (S, 3) the rings' middles; along: (S,) metres of the middle line, rising.
        ahead: (2, S) the foot's x, rising, and metres along the line there.
    """

    half: Array
    inside: Array
    along: Array
    ahead: Array

    @property
    def length(self) -> float:
        return float(self.along[-1])

    def at(self, along: Array, aside: Array, out: Array) -> Array:
        """(N, 3) points `along` the line, `aside` of it to the left and `out` metres off the leather, all (N,)."""
        ring = np.interp(along, self.along, np.arange(len(self.along)))
        row = np.minimum(ring.astype(int), len(self.along) - 2)
        share = (ring - row)[:, None, None]
        half = (1.0 - share) * self.half[row] + share * self.half[row + 1]
        lateral = half[:, :, 1] - half[:, self.half.shape[1] // 2, None, 1]
        column = np.clip((lateral <= aside[:, None]).sum(axis=1) - 1, 0, half.shape[1] - 2)
        place = np.arange(len(half))
        low, high = lateral[place, column], lateral[place, column + 1]
        part = np.clip((aside - low) / np.maximum(high - low, 1e-9), 0.0, 1.0)[:, None]
        point = (1.0 - part) * half[place, column] + part * half[place, column + 1]
        normal = point - ((1.0 - share[:, 0]) * self.inside[row] + share[:, 0] * self.inside[row + 1])
        return point + out[:, None] * normal / np.linalg.norm(normal, axis=1, keepdims=True)


def _front(upper: Upper) -> _Front:
    rings = upper.rings[::-1]
    line = rings[:, FRONT]
    # Where the boot bends, several rings meet in nearly one point.
    step = np.maximum(np.linalg.norm(np.diff(line, axis=0), axis=1), 1e-4)
    along = np.concatenate(([0.0], np.cumsum(step)))
    order = np.argsort(line[:, 0], kind="stable")
    half = np.take(rings, np.arange(FRONT - RING // 4, FRONT + RING // 4 + 1) % RING, axis=1)
    middle = 0.5 * (rings.min(axis=1) + rings.max(axis=1))
    return _Front(half, middle, along, np.stack((line[order, 0], along[order])))


def _facing(front: _Front, rows: Array, aside: Array, sign: float, size: float) -> Solid:
    """The flap with the eyelets on one side: a sheet on the leather whose rim goes down to it."""
    along = np.linspace(rows[0] - 0.006 * size, front.length, 3 * _ROWS)
    inner = np.interp(along, rows, aside) + _FACING[0] * size
    across = np.array((0.0, 0.0, 0.3, 0.7, 1.0, 1.0))
    out = np.array((-0.001, _FACING_THICK, _FACING_THICK, _FACING_THICK, _FACING_THICK, -0.001)) * size
    y = inner[:, None] + across * (_FACING[1] - _FACING[0]) * size
    down = np.ones((len(along), 1))
    down[0] = 0.0
    points = front.at(np.repeat(along, len(across)), sign * y.ravel(), (out * down).ravel())
    index = np.arange(y.size).reshape(y.shape)
    faces = np.stack((index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]), axis=-1).reshape(-1, 4)
    return points, faces if sign < 0.0 else faces[:, ::-1]


def _disc(front: _Front, along: float, aside: float, size: float) -> Solid:
    """An eyelet or hook: a round plate on the facing."""
    angle = np.linspace(0.0, 2.0 * np.pi, 8, endpoint=False)
    rings = []
    for radius, out in ((1.0, 0.5), (1.0, 1.5), (0.6, 2.0)):
        height = _FACING_THICK * size + (out - 1.0) * _EYELET_THICK * size
        rings.append(
            front.at(
                np.minimum(along + radius * _EYELET * size * np.cos(angle), front.length),
                aside + radius * _EYELET * size * np.sin(angle),
                np.full(len(angle), height),
            )
        )
    return loft(np.stack(rings), close_end=True)


def _zigzag(front: _Front, rows: Array, aside: Array, sign: float, size: float) -> Solid:
    """One strand of the lace, from side to side up over the tongue."""
    steps = 6
    t = np.linspace(0.0, _ROWS - 1.0, steps * (_ROWS - 1) + 1)
    side = np.where(np.arange(_ROWS) % 2 == 0, sign, -sign)
    y = np.interp(t, np.arange(_ROWS), side * aside)
    along = np.interp(t, np.arange(_ROWS), rows)
    # It dips into the eyelets, and the strands take turns in lying on top.
    over = np.where((t.astype(int) % 2 == 0) == (sign > 0.0), 1.0, 0.45)
    arch = np.sin(np.pi * (t % 1.0))
    out = (_FACING_THICK + 0.0015 + 0.0035 * over * arch) * size
    line = front.at(along, y, out)
    return _cord(line, line - front.at(along, y, out - 0.01), size)


def _tied(front: _Front, along: float, curve: Array, sign: float, size: float) -> Solid:
    """A loop or an end of the bow."""
    points = CubicSpline(np.linspace(0.0, 1.0, len(curve)), curve)(np.linspace(0.0, 1.0, 14)) * size
    knot = front.at(np.full(1, along), np.zeros(1), np.zeros(1))[0]
    below = front.at(np.full(1, along - 0.02), np.zeros(1), np.zeros(1))[0]
    down = (below - knot) / np.linalg.norm(below - knot)
    left = np.array((0.0, 1.0, 0.0))
    out = np.cross(left, down)
    out *= np.sign(out[0])
    # The shin curves away to the sides, and the bow lies on it.
    away = points[:, 2] - points[:, 0] ** 2 / (0.09 * size)
    line = knot + sign * points[:, :1] * left + points[:, 1:2] * down + away[:, None] * out
    return _cord(line, np.broadcast_to(out, line.shape), size)


def _cord(line: Array, out: Array, size: float) -> Solid:
    """A flat cord along a line (N, 3), its broad side towards `out` (N, 3)."""
    along = np.gradient(line, axis=0)
    across = np.cross(out, along)
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    up = np.cross(along, across)
    up /= np.linalg.norm(up, axis=1, keepdims=True)
    angle = np.linspace(0.0, 2.0 * np.pi, _LACE_SIDES, endpoint=False)[None, :, None]
    wide, thick = _LACE * size, _LACE * _FLATNESS * size
    rings = line[:, None] + wide * np.cos(angle) * across[:, None] + thick * np.sin(angle) * up[:, None]
    return loft(rings, close_start=True, close_end=True)


def _tongue(upper: Upper, size: float) -> Solid:
    """The padded tongue that stands up out of the collar in front of the shin."""
    collar, lower = upper.rings[0], upper.rings[2]
    rise = np.linspace(-_TONGUE_BELOW, _TONGUE_ABOVE, 9)
    narrow = np.sqrt(1.0 - 0.75 * smoothstep(0.3, 1.0, rise / _TONGUE_ABOVE) ** 2)
    up = collar[FRONT] - lower[FRONT]
    up /= np.linalg.norm(up)
    angle = np.linspace(0.0, 2.0 * np.pi, 16, endpoint=False)
    y = _TONGUE_WIDE * np.cos(angle) * narrow[:, None] * size
    thick = 0.5 * _TONGUE_THICK * np.sin(angle) * size
    # Bent round the shin, and leaning forward above the collar.
    bend = 0.5 * y**2 / (0.5 * np.ptp(collar[:, 1]))
    lean = 0.12 * np.maximum(rise, 0.0)[:, None] * size
    x = -0.5 * _TONGUE_THICK * size - 0.0015 + thick - bend + lean
    rings = collar[FRONT] + np.stack((x, y, np.zeros_like(y)), axis=-1) + rise[:, None, None] * size * up
    return loft(rings, close_start=True, close_end=True)


def _on_rig(upper: Upper, solids: list[Solid], bones: int) -> Surface:
    """Solids in the foot's frame, moving as the upper does at their height."""
    height = upper.rings[:, :, 2].mean(axis=1)
    order = np.argsort(height)
    with_leg = np.maximum.accumulate(upper.with_leg[order])
    out = []
    for vertices, faces in solids:
        share = np.interp(vertices[:, 2], height[order], with_leg)
        out.append(Surface(upper.foot.to_rig(vertices), faces, leg_weights(upper.foot, share, bones)))
    return join(out)

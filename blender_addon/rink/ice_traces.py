"""What blades leave on the ice, as paths: edges, three-turns, loops, spins, crossovers, stops. No bpy.

All of a kind are made at once, as (K, M, 2) metres on the ice. A longer list begins with the shorter one's paths, so
that busier ice of the same seed has the same traces and more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from blender_addon.clip import RinkSpec
from blender_addon.rink.plan import outline, perimeter
from mocap.rotations import Array

Draw = Callable[[RinkSpec, Array], Array]


def traces(kind: str, spec: RinkSpec, count: int) -> Array:
    """(count, M, 2): paths of a kind of `KINDS`, as the rink's seed has them."""
    which = list(KINDS).index(kind)
    draws, draw = KINDS[kind]
    # Row by row, so that the first paths do not depend on how many there are.
    shares = np.random.default_rng((spec.texture_seed, 40, which)).random((count, draws))
    return draw(spec, shares)


def _edges(spec: RinkSpec, shares: Array) -> Array:
    """Long curves on one edge, four in ten of which change to the other one."""
    curvature = _signed(shares[:, 1], 0.05, 0.4)
    # Nobody stays on an edge for more than two thirds of a circle.
    length = np.minimum(_between(shares[:, 0], 4.0, 20.0), 4.2 / np.abs(curvature))
    change = np.where(shares[:, 2] < 0.4, -_between(shares[:, 3], 0.5, 1.5), 1.0)
    along = np.linspace(0.0, 1.0, 72)
    at = _between(shares[:, 4], 0.3, 0.7)[:, None]
    bend = curvature[:, None] * (1.0 + (change[:, None] - 1.0) / (1.0 + np.exp((at - along) * 60.0)))
    return _placed(spec, _walked(bend, length), shares[:, 5:])


def _threes(spec: RinkSpec, shares: Array) -> Array:
    """Two arcs of one circle that meet in a cusp towards its middle."""
    radius, depth = _between(shares[:, 0], 1.8, 6.0), _between(shares[:, 1], 0.12, 0.32)
    reach = _between(shares[:, 2], 1.2, 4.5)
    t = np.linspace(-1.0, 1.0, 81)
    s = reach[:, None] * np.sign(t) * t**2  # dense about the cusp
    angle = s / radius[:, None]
    r = radius[:, None] - depth[:, None] * np.exp(-np.abs(s) / 0.1)
    return _placed(spec, np.stack((r * np.cos(angle), r * np.sin(angle)), axis=-1), shares[:, 3:])


def _loops(spec: RinkSpec, shares: Array) -> Array:
    """Circles with a small loop inside."""
    t = np.linspace(-1.0, 1.0, 120)
    s = np.sign(t) * np.abs(t) ** 1.6
    size = _between(shares[:, 0], 0.05, 0.12)[:, None]
    reach = _between(shares[:, 1], 2.5, 5.0)[:, None]
    radius = _between(shares[:, 2], 0.9, 1.9)[:, None]
    # One whole turn more than the circle has, spread over the loop's few decimetres.
    bend = 1.0 / radius + 2.0 * np.sqrt(np.pi) / (3.0 * size) * np.exp(-((s * reach / (3.0 * size)) ** 2))
    step = np.gradient(s) * reach
    heading = np.cumsum(bend * step, axis=1)
    return _placed(spec, _summed(heading, step), shares[:, 3:])


def _spins(spec: RinkSpec, shares: Array) -> Array:
    """A curve that winds itself up into small rings about a wandering middle."""
    turns = _between(shares[:, 0], 5.0, 14.0)[:, None]
    ring = _between(shares[:, 1], 0.06, 0.22)[:, None]
    entry = _between(shares[:, 2], 1.0, 2.6)[:, None]
    t = np.linspace(0.0, 1.0, 300)
    wound = np.clip((t - 0.25) / 0.75, 0.0, 1.0)
    phase = 2.0 * np.pi * (0.9 * np.minimum(t / 0.25, 1.0) + turns * wound)
    radius = ring * (1.0 + 0.25 * np.sin(1.7 * phase)) + entry * np.maximum(1.0 - t / 0.25, 0.0) ** 2
    drift = _between(shares[:, 3], 0.0, 0.35)[:, None] * wound
    path = np.stack((radius * np.cos(phase) + drift, radius * np.sin(phase) + 0.3 * drift**2), axis=-1)
    return _placed(spec, path, shares[:, 4:])


def _crossovers(spec: RinkSpec, shares: Array) -> Array:
    """Strokes one after the other around the rink, each drifting outwards."""
    t = np.linspace(0.0, 1.0, 24)
    length = np.where(shares[:, 0] < 0.75, 1.0, -1.0) * _between(shares[:, 1], 2.0, 6.0)
    u = shares[:, 2:3] * perimeter(spec) + length[:, None] * t
    inwards = _between(shares[:, 3], 0.9, min(spec.corner_radius, 6.5))[:, None]
    drift = _between(shares[:, 4], -0.2, 0.9)[:, None] * t**2
    return outline(spec, u, -np.maximum(inwards - drift, 0.3))


def _stops(spec: RinkSpec, shares: Array) -> Array:
    """Short, gently bent bands that a blade scraped sideways; the width is the drawer's."""
    length, bend = _between(shares[:, 0], 0.35, 0.9), _signed(shares[:, 1], 0.1, 0.7)
    path = _walked(np.repeat(bend[:, None], 12, axis=1), length)
    if len(path) and spec.width > 0.0:
        near = shares[:, 2] < 0.45  # at the boards, where people stop
        at = outline(spec, shares[:, 3] * perimeter(spec), -_between(shares[:, 4], 0.4, 2.0))
        middle = _placed(spec, path, shares[:, 5:])
        return np.where(near[:, None, None], _turned(path, shares[:, 7]) + at[:, None], middle)
    return path


KINDS: Mapping[str, tuple[int, Draw]] = {
    "edges": (8, _edges),
    "threes": (6, _threes),
    "loops": (6, _loops),
    "spins": (7, _spins),
    "crossovers": (5, _crossovers),
    "stops": (8, _stops),
}
"""How many random numbers a path of each kind takes, and what draws it."""


def cracks(spec: RinkSpec, count: int) -> Array:
    """(count, M, 2): fine cracks of ice that froze too fast: long, hardly bent, with kinks."""
    rng = np.random.default_rng((spec.texture_seed, 41))
    shares, kinks = rng.random((count, 5)), np.random.default_rng((spec.texture_seed, 42)).normal(0.0, 0.5, (count, 60))
    return _placed(spec, _walked(kinks, _between(shares[:, 0], 2.0, 9.0)), shares[:, 1:])


def fine_edges(seed: int, count: int, tile: float) -> Array:
    """(count, M, 2): arcs anywhere on a square tile (m) that goes on beyond its sides."""
    shares = np.random.default_rng((seed, 43)).random((count, 6))
    bend = np.repeat(_signed(shares[:, 0], 0.03, 0.9)[:, None], 28, axis=1)
    path = _walked(bend, _between(shares[:, 1] ** 2, 0.15, 0.9 * tile))
    return _turned(path, shares[:, 2]) + tile * shares[:, None, 3:5]


def _between(share: Array, low: float, high: float) -> Array:
    return low + (high - low) * share


def _signed(share: Array, low: float, high: float) -> Array:
    """−high … −low and low … high."""
    two = 2.0 * share - 1.0
    return np.where(two < 0.0, -1.0, 1.0) * _between(np.abs(two), low, high)


def _walked(bend: Array, length: Array) -> Array:
    """Paths (K, M, 2) from the origin whose curvature (K, M; 1/m) is given, each of a length (K,)."""
    step = np.broadcast_to(length[:, None] / (bend.shape[1] - 1), bend.shape)
    return _summed(np.cumsum(bend * step, axis=1), step)


def _summed(heading: Array, step: Array) -> Array:
    path = np.stack((np.cumsum(np.cos(heading) * step, axis=1), np.cumsum(np.sin(heading) * step, axis=1)), axis=-1)
    return path - path.mean(axis=1, keepdims=True)


def _turned(path: Array, share: Array) -> Array:
    angle = 2.0 * np.pi * share[:, None]
    c, s = np.cos(angle), np.sin(angle)
    x, y = path[..., 0], path[..., 1]
    return np.stack((c * x - s * y, s * x + c * y), axis=-1)


def _placed(spec: RinkSpec, path: Array, shares: Array) -> Array:
    """Paths turned and moved somewhere on the ice, more of them near its middle."""
    # The sum of an even and a peaked distribution: x of sin⁻¹ kind would pile up at the boards.
    x = np.sign(shares[:, 1] - 0.5) * np.abs(2.0 * shares[:, 1] - 1.0) ** 1.3
    y = np.sign(shares[:, 2] - 0.5) * np.abs(2.0 * shares[:, 2] - 1.0) ** 1.2
    at = np.stack((0.47 * spec.length * x, 0.46 * spec.width * y), axis=-1)
    return _turned(path, shares[:, 0]) + at[:, None]

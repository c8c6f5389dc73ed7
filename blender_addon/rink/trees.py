"""Trees in winter: bare ones and conifers, a few shapes turned and scaled many times. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.rink.quads import Quads
from blender_addon.rink.shapes import NOTHING, gather, sheet, tubes
from mocap.rotations import Array

SHAPES = 3
"""Different trees of a sort in one picture."""

SNOW = (0.78, 0.80, 0.84)


def wood(places: Array, conifers: Array, rng: np.random.Generator, snow: float) -> Quads:
    """Trees at places (N, 3); `conifers` (N,) bool says which are; snow 0…1 lies on them."""
    shapes = [[_conifer(rng, snow) for _ in range(SHAPES)], [_bare(rng, snow) for _ in range(SHAPES)]]
    bags = [NOTHING]
    for sort, chosen in enumerate((conifers, ~conifers)):
        at = places[chosen]
        number = rng.integers(0, SHAPES, len(at))
        scale = rng.uniform(0.65, 1.3, len(at))
        turn = rng.uniform(0.0, 2.0 * np.pi, len(at))
        for which in range(SHAPES):
            pick = number == which
            bags.append(_set_down(shapes[sort][which], at[pick], scale[pick], turn[pick]))
    return gather(bags)


def far_wood(places: Array, heights: Array, rng: np.random.Generator, snow: float) -> Quads:
    """Conifers so far off that a few faces do: places (N, 3), heights (N,)."""
    colors = np.outer(rng.uniform(0.6, 1.4, len(places)), (0.025, 0.045, 0.035)) * (1.0 - 0.3 * snow) + 0.05 * snow
    wide = heights * rng.uniform(0.12, 0.2, len(places))
    up = np.stack((0 * heights, 0 * heights, heights), axis=-1)
    bags = []
    # Skirts, each narrower, that begin within the one below: the outline is a saw's.
    for low, high, share in ((0.06, 0.5, 1.0), (0.32, 0.75, 0.72), (0.58, 1.0, 0.42)):
        lean = np.concatenate(
            (rng.normal(0.0, 0.03, (len(places), 2)) * heights[:, None], np.zeros((len(places), 1))), axis=1
        )
        skirts = tubes(places + low * up + lean, places + high * up, share * wide, 0.015 * heights, sides=5)
        bags.append(Quads(skirts, np.repeat(colors, 5, axis=0) * rng.uniform(0.7, 1.25, (5 * len(places), 1))))
    return gather(bags)


def _set_down(shape: Quads, at: Array, scale: Array, turn: Array) -> Quads:
    """A shape at places (N, 3), scaled and turned about the vertical."""
    c, s = np.cos(turn)[:, None, None], np.sin(turn)[:, None, None]
    x, y, z = np.moveaxis(shape.corners, -1, 0)
    turned = np.stack((c * x - s * y, s * x + c * y, np.broadcast_to(z, (len(at), *z.shape))), axis=-1)
    corners = turned * scale[:, None, None, None] + at[:, None, None]
    return Quads(corners.reshape(-1, 4, 3), np.tile(shape.colors, (len(at), 1)))


def _conifer(rng: np.random.Generator, snow: float) -> Quads:
    """A spruce 9 m high: a trunk and whorls of boughs that hang, each of its own length."""
    whorls, boughs = 11, 9
    share = (np.arange(whorls) + 0.5) / whorls
    z = 0.9 + 7.9 * share
    radius = 2.3 * (1.0 - share) ** 0.85 + 0.12
    angle = 2.0 * np.pi * (np.arange(boughs)[None] + rng.uniform(0.0, 1.0, (whorls, 1))) / boughs
    reach = radius[:, None] * rng.uniform(0.7, 1.15, (whorls, boughs))
    drop = 0.32 * reach + 0.25
    way = np.stack((np.cos(angle), np.sin(angle)), axis=-1)
    side = np.stack((-way[..., 1], way[..., 0]), axis=-1)
    half = (0.62 * np.pi * reach / boughs + 0.05)[..., None] * side

    def points(flat: Array, height: Array) -> Array:
        return np.concatenate((flat, height[..., None]), axis=-1)

    root = points(0.05 * way, np.broadcast_to(z[:, None] + 0.35, reach.shape))
    tip = points(reach[..., None] * way, z[:, None] + 0.35 - drop)
    left = points(0.62 * reach[..., None] * way + half, z[:, None] + 0.2 - 0.75 * drop)
    right = points(0.62 * reach[..., None] * way - half, z[:, None] + 0.2 - 0.75 * drop)
    corners = np.stack((root, left, tip, right), axis=2).reshape(-1, 4, 3)
    green = np.array((0.020, 0.045, 0.022)) * rng.uniform(0.7, 1.5, (len(corners), 1))
    white = rng.random(len(corners)) < 0.55 * snow
    colors = np.where(white[:, None], np.asarray(SNOW) * 0.8, green)
    trunk = tubes(((0.0, 0.0, 0.0),), ((0.0, 0.0, 8.8),), 0.16, 0.02, sides=5)
    crown = tubes(((0.0, 0.0, 8.2),), ((0.0, 0.0, 9.4),), 0.28, 0.01, sides=5)
    bark = np.tile((0.06, 0.045, 0.035), (5, 1))
    return Quads(np.concatenate((corners, trunk, crown)), np.concatenate((colors, bark, np.tile(green[0], (5, 1)))))


def _bare(rng: np.random.Generator, snow: float) -> Quads:
    """A leafless tree 9 m high: limbs fork four times, each time shorter, thinner and more upright at their tips."""
    start, way = np.zeros((1, 3)), np.array(((0.0, 0.0, 1.0),))
    length, radius = np.array((4.0,)), np.array((0.2,))
    bags, tone = [], np.array((0.075, 0.06, 0.05)) * rng.uniform(0.7, 1.5)
    for fork, children in enumerate((6, 4, 4, 0)):
        end = start + way * length[:, None]
        if fork < 3:
            bags.append(Quads(tubes(start, end, radius, 0.55 * radius, sides=5 if fork == 0 else 3), np.zeros((0, 3))))
        else:
            flat = np.cross(way, rng.normal(size=way.shape))
            flat *= 2.2 * radius[:, None] / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-9)
            bags.append(Quads(sheet(start, flat, end - start), np.zeros((0, 3))))
        if not children:
            break
        count = len(start) * children
        along = rng.uniform(0.45, 1.0, count)
        along[::children] = 1.0
        parent = np.repeat(np.arange(len(start)), children)
        lean = rng.normal(size=(count, 3))
        lean -= (lean * way[parent]).sum(axis=1, keepdims=True) * way[parent]
        lean /= np.linalg.norm(lean, axis=1, keepdims=True)
        turned = way[parent] + lean * rng.uniform(0.45, 1.0, count)[:, None] + (0.0, 0.0, 0.25)
        start = start[parent] + way[parent] * (length[parent] * along)[:, None]
        way = turned / np.linalg.norm(turned, axis=1, keepdims=True)
        radius = radius[parent] * 0.5 * rng.uniform(0.8, 1.1, count)
        length = length[parent] * rng.uniform(0.5, 0.75, count)
    corners = np.concatenate([bag.corners for bag in bags])
    colors = tone * rng.uniform(0.8, 1.2, (len(corners), 1))
    upper = rng.random(len(corners)) < 0.35 * snow
    return Quads(corners, np.where(upper[:, None], np.asarray(SNOW) * 0.7, colors))

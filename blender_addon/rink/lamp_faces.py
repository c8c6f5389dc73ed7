"""What one sees of lamps: tubes, discs, heads on masts, strips of daylight, and what holds them. No bpy."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import LightSpec, RinkSpec
from blender_addon.rink.lamps import (
    ROOF_LIGHT_WIDTH,
    axes_of,
    flood_places,
    masts,
    tube_length,
    tube_rows,
)
from blender_addon.rink.light_color import black_body, lamp_color, sky_color
from blender_addon.rink.plan import hall_of
from blender_addon.rink.quads import Quads, boxes, same
from mocap.rotations import Array

TUBE_PITCH, TUBE_LENGTH, TUBE_WIDTH = 1.9, 1.5, 0.14
"""Metres from tube to tube along a row, of a tube, and of the pair of tubes in it."""

DEAD, ODD = 0.03, 0.06
"""Shares of tubes that no longer glow, and of those that somebody put in with another colour."""

FLOOD_PITCH, FLOOD_RADIUS = 4.2, 0.26
"""Metres between an arena's lamps, and of each one's disc."""

HOUSING = (0.10, 0.10, 0.11)


def glowing(light: LightSpec, rink: RinkSpec) -> Quads:
    """Faces that shine, in the colour of each, luminance 1 for a usual one; without a face by day under the sky."""
    hall, color = hall_of(rink), np.asarray(lamp_color(light))
    if light.kind == "spots":
        return _nothing()
    if rink.kind == "outdoor":
        return _nothing() if light.kind == "daylight" else _heads(light, rink)
    if light.kind == "daylight":
        if rink.windows > 0.0:
            return _nothing()
        y = np.array((-0.22, 0.22)) * rink.width
        # Glass between bars, not one white band.
        x = np.arange(-0.45 * rink.length, 0.45 * rink.length - 2.0, 2.2)
        middles = np.stack([g.ravel() for g in np.meshgrid(x + 1.0, y, indexing="ij")], axis=-1)
        return Quads(
            _rectangles(middles, (2.0, ROOF_LIGHT_WIDTH), hall.roof - 0.05), same(sky_color(light), len(middles))
        )
    if light.kind == "tubes":
        middles = _tube_middles(rink)
        return Quads(_rectangles(middles, (TUBE_LENGTH, TUBE_WIDTH), hall.lamps), _unlike(light, color, len(middles)))
    middles = _flood_middles(rink)
    corners = _discs(middles, FLOOD_RADIUS, hall.lamps)
    rng = np.random.default_rng((light.seed, 1))
    each = color * rng.uniform(0.85, 1.1, (len(middles), 1))
    return Quads(corners.reshape(-1, 4, 3), np.repeat(each, 3, axis=0))


def housings(light: LightSpec, rink: RinkSpec) -> Quads:
    """The cases of lamps, whether they are lit or not."""
    hall = hall_of(rink)
    if rink.kind == "outdoor":
        # By day as well: masts carry their heads.
        corners = np.concatenate([_box_behind(place) for place in masts(rink)])
        return Quads(corners, same(HOUSING, len(corners)))
    if light.kind in ("tubes", "daylight") and rink.kind == "training":
        middles, half, tall = _tube_middles(rink), (0.5 * TUBE_LENGTH + 0.03, 0.5 * TUBE_WIDTH + 0.03), 0.09
    else:
        middles, half, tall = _flood_middles(rink), (0.16, 0.16), 0.38
    low = np.concatenate((middles - half, np.full((len(middles), 1), hall.lamps + 0.01)), axis=1)
    high = np.concatenate((middles + half, np.full((len(middles), 1), hall.lamps + tall)), axis=1)
    corners = boxes(low, high)
    return Quads(corners, same(HOUSING, len(corners)))


def spot_faces(places: Array, colors: Array) -> Quads:
    """The lenses of spots at places (S, 3), as one sees them from the ice; colors (S, 3)."""
    faces = []
    for place in places:
        x, y, _ = axes_of(_unit(-place))
        faces.append(_octagon(place, x, y, 0.17))
    return Quads(np.concatenate(faces), np.repeat(colors, 3, axis=0)) if faces else _nothing()


def _tube_middles(rink: RinkSpec) -> Array:
    length = tube_length(rink)
    count = int(length / TUBE_PITCH)
    x = TUBE_PITCH * (np.arange(count) - 0.5 * (count - 1))
    return np.stack([g.ravel() for g in np.meshgrid(x, tube_rows(rink), indexing="ij")], axis=-1)


def _flood_middles(rink: RinkSpec) -> Array:
    return flood_places(rink, max(int(rink.width / FLOOD_PITCH / 1.4), 2), max(int(rink.length / FLOOD_PITCH), 2))


def _unlike(light: LightSpec, color: Array, count: int) -> Array:
    """(count, 3) colours of tubes: some older, a few of another white, a few dead."""
    rng = np.random.default_rng((light.seed, 1))
    made = color * rng.uniform(0.8, 1.1, (count, 1))
    odd = rng.random(count) < ODD
    made[odd] = np.asarray([black_body(kelvin) for kelvin in rng.uniform(3000.0, 7500.0, int(odd.sum()))]).reshape(
        -1, 3
    )
    made[rng.random(count) < DEAD] = 0.004
    return made


def _heads(light: LightSpec, rink: RinkSpec) -> Quads:
    """Two lit faces on every mast, side by side, tilted to the ice."""
    faces = []
    for place in masts(rink):
        x, y, _ = _turned(place)
        for side in (-0.32, 0.32):
            middle = place + side * x
            faces.append([middle + a * 0.24 * x + b * 0.17 * y for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))])
    return Quads(np.array(faces), same(np.asarray(lamp_color(light)), len(faces)))


def _box_behind(place: Array) -> Array:
    """(5, 4, 3) a case around the back of a mast's head."""
    x, y, z = _turned(place)
    local = boxes(np.array(((-0.62, -0.22, 0.02),)), np.array(((0.62, 0.22, 0.16),)))
    return np.asarray(place + local @ np.stack((x, y, z)))


def _turned(place: Array) -> Array:
    return axes_of(_unit(np.array((0.0, -1.1 * place[1], -place[2]))))


def _unit(way: Array) -> tuple[float, float, float]:
    x, y, z = (way / np.linalg.norm(way)).tolist()
    return (x, y, z)


def _rectangles(middles: Array, size: tuple[float, float], z: float) -> Array:
    """(N, 4, 3) lying rectangles that face down."""
    around = 0.5 * np.array(((-1, -1), (-1, 1), (1, 1), (1, -1))) * size
    flat = middles[:, None] + around
    return np.concatenate((flat, np.full((*flat.shape[:-1], 1), z)), axis=-1)


def _discs(middles: Array, radius: float, z: float) -> Array:
    """(N · 3, 4, 3) octagons that face down."""
    return np.concatenate(
        [_octagon(np.array((*m, z)), np.array((1.0, 0, 0)), np.array((0, -1.0, 0)), radius) for m in middles]
    )


def _octagon(middle: Array, x: Array, y: Array, radius: float) -> Array:
    """(3, 4, 3) an octagon around a point, in the plane of two unit vectors."""
    angle = 0.25 * np.pi * (np.arange(8) + 0.5)
    rim = middle + radius * (np.cos(angle)[:, None] * x + np.sin(angle)[:, None] * y)
    return rim[np.array(((0, 1, 2, 3), (0, 3, 4, 7), (4, 5, 6, 7)))]


def _nothing() -> Quads:
    return Quads(np.zeros((0, 4, 3)), np.zeros((0, 3)))

"""The sky as a picture all around: clear, clouded, at dusk. numpy alone, the same on every Blender.

Where the light comes from: CIE S 011 (Standard General Sky), types 12 (clear) and 1 (overcast).
"""

from __future__ import annotations

import numpy as np

from blender_addon.clip import LightSpec
from blender_addon.rink.light_color import LUMINANCE, LUX, black_body, sky_lux, sun_color
from mocap.rotations import Array

HEIGHT = 256
"""Rows of the picture from the point underfoot to the zenith."""

BLUE = (0.58, 0.98, 2.0)
"""A clear sky's zenith, luminance 1."""

CLOUD_LAYERS = ((0.9, 1.0), (2.1, 0.5), (4.7, 0.25), (9.9, 0.13), (21.0, 0.07))
"""Waves per cloud height, and how much each counts."""

GROUND = (0.16, 0.16, 0.15)
"""Share of the light that land far off throws back."""

TWILIGHT = (1.0, 25.0)
"""Horizontal lux of the sky at dusk, from night in a town to just after sunset."""


def sun_direction(light: LightSpec) -> Array:
    """(3,) unit vector to the sun."""
    high, way = light.sun_elevation, light.sun_azimuth
    return np.array((np.cos(high) * np.cos(way), np.cos(high) * np.sin(way), np.sin(high)))


def sky(light: LightSpec, height: int = HEIGHT) -> Array:
    """(height, 2 · height, 3) float32 radiance, as Blender's equirectangular images are: the ground in row 0.

    A floor under it gets `sky_lux` by day (see `light_color.LUX`), without the sun itself.
    """
    up, way = _directions(height)
    picture = _day(light, way) if light.kind == "daylight" else _dusk(light, way)
    # Radiance that falls on a floor, over π.
    falls = np.tensordot(np.cos(up) * np.sin(up) * (np.pi / height) ** 2 / np.pi, picture.mean(axis=1) * 2 * height, 1)
    if light.kind == "daylight":
        scale = sky_lux(light) / LUX / (LUMINANCE @ falls)
        picture, falls = scale * picture, scale * falls
    # Land without snow, and haze over the farthest of it.
    ground = np.asarray(GROUND) * falls
    haze = np.exp(-up[::-1] / 0.06)[:, None, None]
    land = ground + haze * 0.5 * (picture[0] - ground)
    return np.asarray(light.strength * np.concatenate((land, picture)), dtype=np.float32)


def _directions(height: int) -> tuple[Array, Array]:
    """Elevations (H / 2,) of the rows from the horizon up, and (H / 2, 2H, 3) unit vectors.

    Blender's images turn from −X by +Y to +X by −Y.
    """
    up = np.pi * (np.arange(height // 2) + 0.5) / height
    around = np.pi - np.pi * (np.arange(2 * height) + 0.5) / height
    up_, around_ = np.meshgrid(up, around, indexing="ij")
    return up, np.stack((np.cos(up_) * np.cos(around_), np.cos(up_) * np.sin(around_), np.sin(up_)), axis=-1)


def _day(light: LightSpec, way: Array) -> Array:
    """(H, W, 3) relative radiance."""
    cover = float(np.clip(light.overcast, 0.0, 1.0))
    z = np.maximum(way[..., 2], 0.01)
    to_sun = np.arccos(np.clip(way @ sun_direction(light), -1.0, 1.0))
    clear = _cie(z, to_sun, (-1.0, -0.32, 10.0, -3.0, 0.45))
    grey = _cie(z, to_sun, (4.0, -0.7, 0.0, -1.0, 0.0))
    glare = np.exp(-to_sun / 0.12)[..., None]
    low = ((1.0 - z) ** 5)[..., None]
    sun = np.asarray(sun_color(light))
    color = BLUE + low * (np.asarray(black_body(8_000.0)) - BLUE)
    color += np.minimum(glare + 0.7 * low * np.exp(-to_sun / 0.5)[..., None], 1.0) * (sun - color)
    clear_sky = (clear / clear.mean())[..., None] * color
    # Clouds are brighter than the blue between them, most beside the sun; far off they sink into the haze.
    noise = _clouds(light, way)
    thick = np.clip((noise - 0.9 + cover) / 0.35, 0.0, 1.0) if cover < 0.95 else np.ones_like(noise)
    thick *= 1.0 - (1.0 - cover) * np.exp(-z / 0.09)
    shade = (1.15 - 0.4 * noise * (1.0 - np.exp(-z / 0.12))) * (grey / grey.mean()) ** cover
    lit = 1.1 + 1.3 * (1.0 - cover) * (0.4 + np.exp(-to_sun / 0.6))
    white = 1.0 + 0.35 * (1.0 - cover) * (sun - 1.0)
    clouds = (shade * lit)[..., None] * white
    return np.asarray(clear_sky + thick[..., None] * (clouds - clear_sky))


def _dusk(light: LightSpec, way: Array) -> Array:
    """(H, W, 3) radiance between just after sunset and night, by seed; the glow lies where the sun went."""
    rng = np.random.default_rng((light.seed, 5))
    late = rng.random()
    lux = TWILIGHT[1] * (TWILIGHT[0] / TWILIGHT[1]) ** late
    z = np.maximum(way[..., 2], 0.0)[..., None]
    toward = np.array((np.cos(light.sun_azimuth), np.sin(light.sun_azimuth), 0.0))
    aside = (0.5 + 0.5 * (way @ toward))[..., None]
    zenith, horizon = np.array((0.10, 0.22, 0.62)), np.array((0.30, 0.46, 0.85))
    glow = np.array((2.6, 1.15, 0.45)) * (1.0 - 0.85 * late)
    color = zenith + (1.0 - z) ** 4 * (horizon - zenith) + aside**2 * np.exp(-z / 0.14) * glow
    noise = _clouds(light, way)[..., None]
    thick = np.clip((noise - 0.9 + light.overcast) / 0.5, 0.0, 1.0)
    clouds = np.array((0.22, 0.25, 0.36)) * (0.6 + 0.5 * noise) + 0.3 * aside**3 * np.exp(-z / 0.25) * glow
    color = color + thick * (clouds - color)
    return np.asarray(color * lux / LUX / 0.35)


def _cie(z: Array, to_sun: Array, parameters: tuple[float, float, float, float, float]) -> Array:
    """Relative luminance; z is the sine of the elevation, `to_sun` rad from the sun."""
    a, b, c, d, e = parameters
    indicatrix = 1.0 + c * (np.exp(d * to_sun) - np.exp(0.5 * d * np.pi)) + e * np.cos(to_sun) ** 2
    return np.asarray((1.0 + a * np.exp(b / z)) * indicatrix)


def _clouds(light: LightSpec, way: Array) -> Array:
    """(H, W) 0…1: noise over a flat sheet of cloud that bends down to the horizon, as the earth makes it."""
    rng = np.random.default_rng((light.seed, 6))
    flat = way[..., :2] / (np.maximum(way[..., 2], 0.0) + 0.12)[..., None]
    total, weights = np.zeros(flat.shape[:-1]), 0.0
    for scale, weight in CLOUD_LAYERS:
        lattice = rng.random((64, 64))
        total += weight * _noise(lattice, flat * scale + rng.uniform(0.0, 64.0, 2))
        weights += weight
    noise = total / weights
    low, high = np.quantile(noise, (0.02, 0.98))
    return np.clip((noise - low) / (high - low), 0.0, 1.0)


def _noise(lattice: Array, at: Array) -> Array:
    """Smooth noise 0…1 at points (…, 2): a lattice's values, which repeat, and cubic ways between them."""
    low = np.floor(at)
    part = at - low
    part = part * part * (3.0 - 2.0 * part)
    i, j = (low[..., k].astype(int) % len(lattice) for k in (0, 1))
    i1, j1 = (i + 1) % len(lattice), (j + 1) % len(lattice)
    near = lattice[i, j] + part[..., 0] * (lattice[i1, j] - lattice[i, j])
    far = lattice[i, j1] + part[..., 0] * (lattice[i1, j1] - lattice[i, j1])
    return np.asarray(near + part[..., 1] * (far - near))

"""The colour and the strength of a rink's light: temperatures, lux, sun and sky. No bpy.

Linear light in the scene is real light over one constant: a white diffuse surface under `LUX` lux has radiance 1.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from blender_addon.clip import LightSpec, RinkSpec
from blender_addon.color import Color
from mocap.rotations import Array

LUX = 1000.0
"""Lux that give a white diffuse surface radiance 1."""

LUMINANCE = np.array((0.2126, 0.7152, 0.0722))
"""Weights of linear Rec. 709."""

NEUTRAL, COLDEST, WARMEST = 6504.0, 9000.0, 2700.0
"""Kelvin of white as sRGB means it, and of lamps at warmth −1 and 1."""

KELVIN: Mapping[str, float] = {"tubes": 4600.0, "floods": 5600.0, "spots": 5600.0, "dusk": 3900.0}
"""Of each kind's lamps at warmth 0: cold white tubes, an arena's halide or LED lamps, discharge lamps in a show, and
the warm LEDs of masts outdoors."""

GREEN: Mapping[str, float] = {"tubes": 1.05}
"""What tubes have too much of: the mercury line at 546 nm."""

ICE_LUX: Mapping[str, float] = {"tubes": 400.0, "floods": 1200.0, "spots": 1400.0, "dusk": 90.0}
"""Mean horizontal lux on the ice at strength 1, in a show where one spot hits it. EN 12193 asks for 200 to 300 in
training and 750 for competitions on ice, television for 1000 to 1500; a lake under masts has 50 to 150."""

DAYLIGHT_INSIDE = 0.035
"""Daylight factor: share of the light outside that comes through a hall's windows or roof lights to the ice."""


def lux_of(light: LightSpec, rink: RinkSpec) -> float:
    """Mean lux on the ice, about; in a show where a spot hits it."""
    if light.kind != "daylight":
        return light.strength * ICE_LUX[light.kind]
    outside = sun_lux(light) * float(np.sin(max(light.sun_elevation, 0.0))) + sky_lux(light)
    return light.strength * outside * (1.0 if rink.kind == "outdoor" else DAYLIGHT_INSIDE)


def cast_of(light: LightSpec) -> Color:
    """Linear colour, luminance 1, of the main light on the ice: what a camera's white balance is to take out.

    A show's coloured spots stay coloured: it is the colour of a white one.
    """
    if light.kind != "daylight":
        return lamp_color(light)
    sun = sun_lux(light) * np.sin(max(light.sun_elevation, 0.0)) * np.asarray(sun_color(light))
    return _even(sun + sky_lux(light) * np.asarray(sky_color(light)))


def lamp_color(light: LightSpec) -> Color:
    """Linear colour, luminance 1, of a kind's lamps."""
    color = np.asarray(black_body(kelvin_of(light.warmth, KELVIN.get(light.kind, NEUTRAL))))
    return _even(color * (1.0, GREEN.get(light.kind, 1.0), 1.0))


def tint(warmth: float) -> Color:
    """Linear colour, luminance 1, of light from −1 (9000 K) over 0 (white) to 1 (2700 K)."""
    return black_body(kelvin_of(warmth, NEUTRAL))


def kelvin_of(warmth: float, middle: float) -> float:
    """Colour temperature for a warmth, evenly in mired on either side of 0, where it is `middle`."""
    end = 1e6 / (WARMEST if warmth > 0.0 else COLDEST)
    return 1e6 / (1e6 / middle + min(abs(warmth), 1.0) * (end - 1e6 / middle))


def black_body(kelvin: float) -> Color:
    """Linear Rec. 709, luminance 1, of a black body (1000 to 15000 K) as seen beside one of 6504 K, which is white.

    Chromaticity: Krystek, Color Research & Application 10 (1985), 38–40.
    """
    return _even(_planck(kelvin) / _planck(NEUTRAL))


def sun_lux(light: LightSpec) -> float:
    """Lux of the sun itself on a plane that faces it. Clear sky: IES Lighting Handbook, direct normal illuminance."""
    if light.sun_elevation <= 0.0:
        return 0.0
    through_clouds = (1.0 - min(light.overcast, 1.0)) ** 1.5
    return through_clouds * 128_000.0 * float(np.exp(-0.21 * air_mass(light.sun_elevation)))


def sky_lux(light: LightSpec) -> float:
    """Horizontal lux of the sky without its sun. IES Lighting Handbook: clear and cloudy."""
    high = float(np.sin(max(light.sun_elevation, 0.0)))
    clear, cloudy = 800.0 + 15_500.0 * high**0.5, 300.0 + 21_000.0 * high
    return clear + min(light.overcast, 1.0) * (cloudy - clear)


def sun_color(light: LightSpec) -> Color:
    """Linear colour, luminance 1: red and low, white and high.

    Rayleigh (0.0088 λ^−4.05) and haze (0.05 λ^−1.3) at 610, 550 and 465 nm.
    """
    wave = np.array((0.61, 0.55, 0.465))
    depth = 0.0088 * wave**-4.05 + 0.05 * wave**-1.3
    return _even(np.exp(-depth * air_mass(max(light.sun_elevation, 0.02))) * tint(_haze(light)))


def sky_color(light: LightSpec) -> Color:
    """Linear colour, luminance 1, of the sky's light as a whole: blue when clear, nearly white under clouds."""
    clear, cloudy = np.asarray(black_body(11_000.0)), np.asarray(black_body(6_800.0))
    return _even((clear + min(light.overcast, 1.0) * (cloudy - clear)) * tint(_haze(light)))


def air_mass(elevation: float) -> float:
    """Air that light from an elevation (rad) goes through, 1 from the zenith.

    Kasten and Young, Applied Optics 28 (1989), 4735–4738.
    """
    degrees = np.degrees(max(elevation, 0.0))
    return float(1.0 / (np.sin(max(elevation, 0.0)) + 0.50572 * (degrees + 6.07995) ** -1.6364))


def _haze(light: LightSpec) -> float:
    """Warmth of daylight: it has its colour from sun and sky, and differs little beyond that."""
    return 0.3 * light.warmth


def _planck(kelvin: float) -> Array:
    t = min(max(kelvin, 1000.0), 15_000.0)
    u = (0.860117757 + 1.54118254e-4 * t + 1.28641212e-7 * t * t) / (1.0 + 8.42420235e-4 * t + 7.08145163e-7 * t * t)
    v = (0.317398726 + 4.22806245e-5 * t + 4.20481691e-8 * t * t) / (1.0 - 2.89741816e-5 * t + 1.61456053e-7 * t * t)
    x, y = 3.0 * u / (2.0 * u - 8.0 * v + 4.0), 2.0 * v / (2.0 * u - 8.0 * v + 4.0)
    xyz = np.array((x / y, 1.0, (1.0 - x - y) / y))
    to_rgb = np.array(((3.2406, -1.5372, -0.4986), (-0.9689, 1.8758, 0.0415), (0.0557, -0.2040, 1.0570)))
    return np.maximum(to_rgb @ xyz, 1e-3)


def _even(color: Array) -> Color:
    """The colour at luminance 1."""
    r, g, b = (np.asarray(color) / (LUMINANCE @ color)).tolist()
    return (r, g, b)

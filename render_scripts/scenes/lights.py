"""Light, drawn where the job leaves it open."""

from __future__ import annotations

import math

from blender_addon.clip import LightSpec
from render_scripts.distributions import Between, Numbers, whole_number
from render_scripts.draws import Streams
from render_scripts.job.scene import SceneJob
from render_scripts.scenes.presets import PRESETS, SPOT_COUNT, SPOTS, SUN_AT_DUSK, SUN_BY_DAY, ZERO


def draw_light(ask: SceneJob, kind: str, streams: Streams) -> LightSpec:
    """Light of a kind. Every value has a stream of its own."""
    light, preset = ask.light, PRESETS[ask.preset]

    def number(name: str, default: Numbers) -> float:
        return streams(f"light/{name}", 1).of(getattr(light, name), default)

    count = light.spots or (SPOT_COUNT if kind == "spots" else ZERO)
    spots = whole_number(count, streams("light/spots", 1).unit())
    colors = light.spot_colors or SPOTS
    return LightSpec(
        kind=kind,
        strength=number("strength", preset.strength),
        warmth=number("warmth", preset.warmth),
        spots=spots,
        spot_colors=tuple(colors.at(streams(f"light/spot {number}", 1).unit()) for number in range(spots)),
        sun_azimuth=_radians(number("sun_azimuth", Between(0.0, 360.0))),
        sun_elevation=_radians(number("sun_elevation", SUN_AT_DUSK if kind == "dusk" else SUN_BY_DAY)),
        overcast=number("overcast", preset.overcast),
        # The sun does not flicker.
        flicker=number("flicker", ZERO if kind == "daylight" else preset.flicker),
        seed=streams("light/seed", 1).whole(),
    )


def _radians(degrees: float) -> float:
    return round(math.radians(degrees), 6)

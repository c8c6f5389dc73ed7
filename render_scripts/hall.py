"""What surrounds the skaters: cameras, rink and light, drawn where the job leaves them open. No bpy."""

from __future__ import annotations

import math
from collections.abc import Mapping

from blender_addon.clip import CameraSpec, IceSpec, LightSpec, MovesSpec, RinkSpec
from blender_addon.color import Color
from render_scripts.distributions import Between, Choice
from render_scripts.draws import Draws
from render_scripts.job import CameraJob, LightJob, RinkJob

Pair = tuple[float, float]

# Where a camera of each kind stands if the job does not say: azimuths in degrees off the two long sides of the rink,
# then metres on the ice plane, metres above the ice, share of the frame's height. From the boards or beyond them, as
# people film skating: a lens that suits the far end of a programme loses a skater who passes close by.
PROFILES: Mapping[str, tuple[Pair, Pair, Pair, Pair]] = {
    "phone": ((-35.0, 35.0), (12.0, 16.0), (1.3, 1.8), (0.55, 0.75)),
    "tripod": ((-45.0, 45.0), (13.0, 18.0), (1.4, 2.2), (0.45, 0.65)),
    "broadcast": ((-35.0, 35.0), (19.0, 26.0), (4.5, 8.0), (0.5, 0.7)),
}


def _evenly(*colors: Color) -> Choice[Color]:
    return Choice(colors, (1.0,) * len(colors))


STRIPES: Choice[Color] = _evenly((0.02, 0.10, 0.45), (0.45, 0.02, 0.03), (0.60, 0.45, 0.02), (0.02, 0.25, 0.10))
STANDS: Choice[Color] = _evenly((0.05, 0.09, 0.20), (0.20, 0.05, 0.05), (0.12, 0.12, 0.13), (0.05, 0.14, 0.12))


def draw_camera(ask: CameraJob, draws: Draws) -> CameraSpec:
    """Where a camera stands and how much it takes in."""
    azimuth, distance, elevation, fill = (Between(*span) for span in PROFILES[ask.profile])
    side = 90.0 if draws.unit() < 0.5 else 270.0
    degrees = draws.of(ask.azimuth, Between(side + azimuth.low, side + azimuth.high))
    return CameraSpec(
        name=ask.name,
        profile=ask.profile,
        width=ask.width,
        height=ask.height,
        azimuth=round(math.radians(degrees), 6),
        distance=draws.of(ask.distance, distance),
        elevation=draws.of(ask.elevation, elevation),
        fill=draws.of(ask.fill, fill),
        moves=MovesSpec(follow=ask.follow),
    )


def draw_rink(ask: RinkJob, draws: Draws) -> RinkSpec:
    """The hall's colours."""
    grey, blue, boards = draws.between(0.72, 0.9), draws.between(0.02, 0.06), draws.between(0.7, 0.9)
    stripe, stands, texture = draws.of(ask.stripe, STRIPES), draws.of(ask.stands, STANDS), draws.whole()
    ice = (round(grey - blue, 6), grey, round(grey + blue, 6))
    return RinkSpec(
        length=ask.length,
        width=ask.width,
        ice=IceSpec(color=draws.or_this(ask.ice, ice)),
        boards=draws.or_this(ask.boards, (boards, boards, boards)),
        stripe=stripe,
        stands=stands,
        texture_seed=texture,
    )


def draw_light(ask: LightJob, draws: Draws) -> LightSpec:
    """The arena's light."""
    return LightSpec(
        strength=draws.of(ask.strength, Between(0.8, 1.3)),
        warmth=draws.of(ask.warmth, Between(-0.4, 0.4)),
    )

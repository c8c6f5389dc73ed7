"""How much a scene varies: `clean`, `default` and `wild`, as tables of what each draws. No bpy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from blender_addon.color import Color
from render_scripts.distributions import Between, Choice, Mixture, Normal, Numbers, Words, always, color, weighted

ZERO, ONE = Between(0.0, 0.0), Between(1.0, 1.0)


def _some(share: float, low: float, high: float, else_: float = 0.0) -> Mixture:
    """A range for a share of all, one number for the rest."""
    return Mixture((Between(else_, else_), Between(low, high)), (1.0 - share, share))


# Plans of the ice by name: length, width, radius of the corners (m). IIHF's rink, the 200 by 85 feet of North American
# hockey with its 28 feet, and the pads of training halls.
PLANS: Mapping[str, tuple[float, float, float]] = {
    "international": (60.0, 30.0, 8.5),
    "hockey": (61.0, 26.0, 8.5),
    "pad": (56.0, 26.0, 7.5),
}

# What can light a rink of each kind.
LIGHTS: Mapping[str, tuple[str, ...]] = {
    "arena": ("floods", "tubes", "spots", "daylight"),
    "training": ("tubes", "floods", "spots", "daylight"),
    "outdoor": ("daylight", "dusk", "floods"),
}
UNDER_THE_SKY = "outdoor"


@dataclass(frozen=True)
class RinkKind:
    """What rinks of one kind are like; see `RinkSpec`. Shares for what is there or not."""

    plan: Words
    glass: Numbers
    tiers: Numbers
    roof: Numbers
    adverts: Numbers
    gates: Numbers
    benches: float
    banners: Numbers
    clock: float
    windows: Numbers
    lines: Words
    logos: Numbers


RINK_KINDS: Mapping[str, RinkKind] = {
    "arena": RinkKind(
        plan=weighted({"international": 0.65, "hockey": 0.35}),
        glass=Mixture((Between(1.2, 1.8), Between(0.8, 1.2), ZERO), (0.6, 0.2, 0.2)),
        tiers=Between(6, 16),
        roof=Between(11.0, 18.0),
        adverts=Between(0.5, 1.0),
        gates=Between(2, 4),
        benches=0.95,
        banners=Between(0, 30),
        clock=0.75,
        windows=_some(0.1, 0.05, 0.2),
        lines=weighted({"hockey": 0.85, "figure": 0.1, "none": 0.05}),
        logos=Between(0, 6),
    ),
    "training": RinkKind(
        plan=weighted({"international": 0.35, "hockey": 0.3, "pad": 0.35}),
        glass=Mixture((Between(1.2, 1.8), ZERO), (0.6, 0.4)),
        tiers=Between(0, 3),
        roof=Between(6.5, 8.5),
        adverts=Between(0.0, 0.5),
        gates=Between(1, 3),
        benches=0.6,
        banners=Between(0, 6),
        clock=0.3,
        windows=_some(0.4, 0.05, 0.3),
        lines=weighted({"hockey": 0.8, "figure": 0.12, "none": 0.08}),
        logos=Between(0, 2),
    ),
    "outdoor": RinkKind(
        plan=weighted({"international": 0.4, "hockey": 0.2, "pad": 0.4}),
        glass=Mixture((ZERO, Between(0.8, 1.5)), (0.8, 0.2)),
        tiers=Between(0, 2),
        # The height of the masts: there is no roof.
        roof=Between(10.0, 14.0),
        adverts=Between(0.0, 0.6),
        gates=Between(1, 2),
        benches=0.3,
        banners=ZERO,
        clock=0.05,
        windows=ZERO,
        lines=weighted({"hockey": 0.5, "figure": 0.1, "none": 0.4}),
        logos=Between(0, 2),
    ),
}
# Walls of a hall that daylight comes through.
WINDOWS_OF_DAYLIGHT = Between(0.15, 0.5)


def _evenly(*colors: Color) -> Choice[Color]:
    return Choice(colors, (1.0,) * len(colors))


BOARDS: Choice[Color] = weighted(
    {color(code): share for code, share in {"#eeeeec": 0.5, "#f5f4f0": 0.3, "#dfe6ea": 0.15, "#c9d8e4": 0.05}.items()}
)
STRIPES: Choice[Color] = _evenly((0.02, 0.10, 0.45), (0.45, 0.02, 0.03), (0.60, 0.45, 0.02), (0.02, 0.25, 0.10))
KICK_PLATES: Choice[Color] = weighted({(0.75, 0.55, 0.06): 0.7, (0.02, 0.1, 0.45): 0.15, (0.45, 0.03, 0.03): 0.15})
STANDS: Choice[Color] = _evenly((0.05, 0.09, 0.20), (0.20, 0.05, 0.05), (0.12, 0.12, 0.13), (0.05, 0.14, 0.12))
SPOTS: Choice[Color] = weighted(
    {
        color(code): share
        for code, share in {"#ffffff": 0.3, "#4a6bff": 0.2, "#b04aff": 0.15, "#ff4a8f": 0.15, "#ffb14a": 0.1,
                            "#4affd0": 0.1}.items()
    }
)  # fmt: skip


@dataclass(frozen=True)
class Carried:
    """How steadily cameras are held; see `MovesSpec`, but roll in degrees."""

    lag: Numbers = ZERO
    overshoot: Numbers = ZERO
    shake: Numbers = ZERO
    roll: Numbers = ZERO
    keep: Numbers = ONE


@dataclass(frozen=True)
class Preset:
    """What a preset draws.

    Attributes:
        rinks: kinds of rinks; lights: kinds of light, by the rink's.
        scratches, snow, wet, cloudy: see `IceSpec`; outdoors the first two are what they are, times `OUTDOOR_SNOW`.
        strength, warmth, flicker, overcast: see `LightSpec`.
        carried: by who holds a camera.
        moving: whether cameras do all that their profile says, or only what it says most of all.
        zooming: whether they may zoom as their profile does.
        exposure … contrast: see `SensorSpec`.
        slower: the profile's shutter, times; readout, motion_blur, depth_of_field: how often they show.
    """

    rinks: Words
    lights: Mapping[str, Words]
    carried: Mapping[str, Carried]
    scratches: Numbers
    snow: Numbers
    cloudy: Numbers
    overcast: Numbers
    metering: Words
    wet: Numbers = ZERO
    strength: Numbers = ONE
    warmth: Numbers = ZERO
    flicker: Numbers = ZERO
    moving: bool = False
    zooming: bool = False
    exposure: Numbers = ZERO
    white_balance: Numbers = ZERO
    slower: Numbers = ONE
    readout: float = 0.0
    motion_blur: float = 0.0
    depth_of_field: float = 0.0
    focus_error: Numbers = ZERO
    noise: Numbers = ZERO
    compression: Numbers = ZERO
    sharpening: Numbers = ZERO
    vignette: Numbers = ZERO
    saturation: Numbers = ONE
    contrast: Numbers = ONE


# A shutter stays open no longer than a frame of 30 in a second.
LONGEST_SHUTTER = 1.0 / 30.0

PRESETS: Mapping[str, Preset] = {
    "clean": Preset(
        rinks=always("arena"),
        lights={
            "arena": always("floods"),
            "training": always("tubes"),
            "outdoor": always("daylight"),
        },
        carried={"hand": Carried(), "head": Carried(), "rigid": Carried()},
        scratches=Between(0.2, 0.6),
        snow=Between(0.05, 0.3),
        cloudy=Between(0.3, 0.5),
        overcast=Between(0.2, 0.5),
        metering=always("subject"),
    ),
    "default": Preset(
        rinks=weighted({"arena": 0.5, "training": 0.35, "outdoor": 0.15}),
        lights={
            "arena": weighted({"floods": 0.78, "tubes": 0.1, "daylight": 0.07, "spots": 0.05}),
            "training": weighted({"tubes": 0.7, "daylight": 0.2, "floods": 0.1}),
            "outdoor": weighted({"daylight": 0.75, "dusk": 0.25}),
        },
        carried={
            "hand": Carried(
                lag=Between(0.05, 0.25),
                overshoot=Between(0.0, 0.3),
                shake=Between(0.1, 0.45),
                roll=Normal(0.0, 1.2, -3.0, 3.0),
                keep=_some(0.25, 0.93, 1.0, 1.0),
            ),
            "head": Carried(
                lag=Between(0.03, 0.18),
                overshoot=Between(0.0, 0.2),
                shake=Between(0.0, 0.04),
                roll=Normal(0.0, 0.3, -0.8, 0.8),
                keep=_some(0.15, 0.96, 1.0, 1.0),
            ),
            "rigid": Carried(roll=Normal(0.0, 0.5, -1.5, 1.5)),
        },
        scratches=Between(0.1, 0.9),
        snow=Between(0.0, 0.6),
        wet=_some(0.2, 0.1, 0.8),
        cloudy=Between(0.2, 0.7),
        strength=Between(0.75, 1.3),
        warmth=Normal(0.0, 0.25, -0.5, 0.5),
        flicker=_some(0.3, 0.01, 0.05),
        overcast=Between(0.0, 1.0),
        moving=True,
        zooming=True,
        exposure=Normal(0.0, 0.18, -0.35, 0.35),
        metering=weighted({"subject": 0.8, "average": 0.2}),
        white_balance=Between(0.0, 0.3),
        readout=0.5,
        motion_blur=0.5,
        depth_of_field=0.5,
        focus_error=Normal(0.0, 0.15, -0.4, 0.4),
        noise=Between(0.3, 1.0),
        compression=Between(0.0, 0.35),
        sharpening=Between(0.0, 0.5),
        vignette=Between(0.0, 0.35),
        saturation=Between(0.9, 1.15),
        contrast=Between(0.93, 1.1),
    ),
    "wild": Preset(
        rinks=weighted({"arena": 0.4, "training": 0.3, "outdoor": 0.3}),
        lights={
            "arena": weighted({"floods": 0.4, "spots": 0.4, "tubes": 0.1, "daylight": 0.1}),
            "training": weighted({"tubes": 0.5, "daylight": 0.35, "spots": 0.1, "floods": 0.05}),
            "outdoor": weighted({"daylight": 0.4, "dusk": 0.4, "floods": 0.2}),
        },
        carried={
            "hand": Carried(
                lag=Between(0.1, 0.45),
                overshoot=Between(0.1, 0.7),
                shake=Between(0.4, 1.4),
                roll=Normal(0.0, 3.5, -10.0, 10.0),
                keep=_some(0.6, 0.8, 1.0, 1.0),
            ),
            # Long lenses lose a skater whom they follow any later.
            "head": Carried(
                lag=Between(0.05, 0.2),
                overshoot=Between(0.05, 0.35),
                shake=Between(0.02, 0.12),
                roll=Normal(0.0, 1.0, -2.5, 2.5),
                keep=_some(0.4, 0.88, 1.0, 1.0),
            ),
            "rigid": Carried(
                shake=_some(0.4, 0.01, 0.04), roll=Normal(0.0, 2.0, -5.0, 5.0), keep=_some(0.4, 0.9, 1.0, 1.0)
            ),
        },
        scratches=Between(0.0, 1.0),
        snow=Between(0.0, 1.0),
        wet=_some(0.35, 0.1, 1.0),
        cloudy=Between(0.0, 1.0),
        strength=Between(0.4, 1.7),
        warmth=Between(-0.8, 0.8),
        flicker=_some(0.5, 0.02, 0.15),
        overcast=Between(0.0, 1.0),
        moving=True,
        zooming=True,
        exposure=Between(-0.7, 0.7),
        metering=weighted({"subject": 0.6, "average": 0.4}),
        white_balance=Between(0.0, 0.6),
        slower=Between(1.5, 3.0),
        readout=1.0,
        motion_blur=0.9,
        depth_of_field=0.8,
        focus_error=Normal(0.0, 0.7, -1.5, 1.5),
        noise=Between(1.0, 2.0),
        compression=Between(0.25, 1.0),
        sharpening=Between(0.0, 1.0),
        vignette=Between(0.0, 0.8),
        saturation=Between(0.7, 1.35),
        contrast=Between(0.85, 1.25),
    ),
}
# Under the sky more snow lies on the ice.
OUTDOOR_SNOW = Between(0.2, 0.8)
# Degrees above the horizon of the sun by day; at dusk it is down.
SUN_BY_DAY, SUN_AT_DUSK = Between(12.0, 55.0), Between(-6.0, 0.0)
# Followspots of a show.
SPOT_COUNT = Between(1, 4)

"""Cameras, drawn where the job leaves them open: by their profile, and by the preset as far as it lets them vary."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from blender_addon.clip import CameraSpec, MovesSpec, RinkSpec, SensorSpec
from render_scripts.distributions import Between, Choice, Numbers, Words, always, weighted
from render_scripts.draws import Streams, streams_of
from render_scripts.job.scene import CameraJob, SceneJob
from render_scripts.scenes.presets import LONGEST_SHUTTER, PRESETS, UNDER_THE_SKY, ZERO, Preset
from render_scripts.scenes.profiles import BASELINE, PROFILES, CameraProfile, Pair
from render_scripts.scenes.views import drawn_profile, lens_of, size_of

# Times the share of the skater that may be cut off, by which who cuts films closer.
CLOSER = 3.0
# Metres that a camera keeps under the roof.
UNDER_ROOF = 0.3
STILL = ("pan", "fixed")


def draw_cameras(
    ask: CameraJob, scene: SceneJob, rink: RinkSpec, seed: int, clip: int, *, rolling: bool = True
) -> tuple[CameraSpec, ...]:
    """The cameras that one entry of the job stands for. Every value has a stream of its own, by the entry's name.

    `rolling`: whether engine and labels let rows be read one after another; if not, no camera's own readout is drawn.
    """
    streams = streams_of(seed, clip, f"camera/{ask.name}")
    name = drawn_profile(ask, streams)
    profile, preset = PROFILES[name], PRESETS[scene.preset]
    draw = _Drawer(ask, scene, streams)
    width, height = size_of(ask, profile)
    one = CameraSpec(
        name=ask.name,
        profile=name,
        width=width,
        height=height,
        place=ask.place,
        azimuth=_radians(_azimuth(draw, profile)),
        distance=draw.number("distance", _between(profile.distance)),
        elevation=_elevation(draw, profile, rink),
        fill=round(min(draw.number("fill", _between(profile.fill)) * _closer(draw, profile, preset), 1.0), 6),
        lens=profile.lens if ask.lens is None else lens_of(ask.lens),
        moves=_moves(draw, profile, preset),
        sensor=_sensor(draw, profile, preset, rolling),
        seed=streams("seed", 1).whole(),
    )
    return _views(ask, one, streams)


def _closer(draw: _Drawer, profile: CameraProfile, preset: Preset) -> float:
    """Who lets the skater be cut films closer for it; a size that the job gives stays, and so does this whatever
    `keep` the job gives.
    """
    keep = preset.carried[profile.held].keep.at(draw.streams("keep", 1).unit())
    return 1.0 if draw.given("fill") is not None else 1.0 + CLOSER * (1.0 - keep)


class _Drawer:
    """Values of a camera: its own in the job, else what the scene says of all cameras, else the default."""

    def __init__(self, ask: CameraJob, scene: SceneJob, streams: Streams) -> None:
        self.ask, self.scene, self.streams = ask, scene, streams

    def given(self, name: str) -> Any:
        return _first(getattr(self.ask, name), getattr(self.scene.camera, name))

    def number(self, name: str, default: Numbers) -> float:
        return self.streams(name, 1).of(self.given(name), default)

    def word(self, name: str, default: Words) -> str:
        return self.streams(name, 1).of(self.given(name), default)

    def whether(self, name: str, default: float) -> bool:
        share: float | None = self.given(name)
        return self.streams(name, 1).unit() < (default if share is None else share)


def _first(own: Any, all_: Any) -> Any:
    return all_ if own is None else own


def _azimuth(draw: _Drawer, profile: CameraProfile) -> float:
    low, high = profile.azimuth
    # From either of the long sides.
    side = 90.0 if draw.streams("side", 1).unit() < 0.5 else 270.0
    return draw.number("azimuth", Between(side + low, side + high))


def _elevation(draw: _Drawer, profile: CameraProfile, rink: RinkSpec) -> float:
    if rink.kind == UNDER_THE_SKY:
        return draw.number("elevation", _between(profile.elevation))
    below, highest = profile.below_roof, rink.roof - UNDER_ROOF
    low, high = profile.elevation if below is None else (rink.roof - below[1], rink.roof - below[0])
    # A range that the job gives may reach over the roofs of some of its halls.
    return min(draw.number("elevation", Between(low, high)), highest)


def _moves(draw: _Drawer, profile: CameraProfile, preset: Preset) -> MovesSpec:
    held = preset.carried[profile.held]
    return MovesSpec(
        follow=_follow(draw, profile, preset),
        lag=draw.number("lag", held.lag),
        overshoot=draw.number("overshoot", held.overshoot),
        zoom=draw.number("zoom", profile.zoom if preset.zooming else ZERO),
        shake=draw.number("shake", held.shake),
        roll=_radians(draw.number("roll", held.roll)),
        keep=draw.number("keep", held.keep),
    )


def _follow(draw: _Drawer, profile: CameraProfile, preset: Preset) -> str:
    usual = profile.follow if preset.moving else _most(profile.follow)
    if draw.ask.place is None:
        return draw.word("follow", usual)
    # Whatever else cameras do, this one has its place.
    return _still(draw.given("follow") or usual).at(draw.streams("follow", 1).unit())


def _most(follow: Choice[str]) -> Choice[str]:
    """What is seen most often of it."""
    return always(max(zip(follow.weights, follow.options, strict=True))[1])


def _still(follow: Choice[str]) -> Choice[str]:
    """What of it leaves a camera where it is."""
    can = {word: share for word, share in zip(follow.options, follow.weights, strict=True) if word in STILL}
    return weighted(can) if can else always(STILL[0])


def _sensor(draw: _Drawer, profile: CameraProfile, preset: Preset, rolling: bool) -> SensorSpec:
    quick, slow = profile.shutter
    shutter = Between(min(preset.slower.low * quick, LONGEST_SHUTTER), min(preset.slower.high * slow, LONGEST_SHUTTER))
    rolls = rolling and draw.streams("rolls", 1).unit() < preset.readout
    return SensorSpec(
        exposure=draw.number("exposure", preset.exposure),
        metering=draw.word("metering", preset.metering),
        white_balance=draw.number("white_balance", preset.white_balance),
        shutter=draw.number("shutter", shutter),
        motion_blur=draw.whether("motion_blur", preset.motion_blur),
        readout=draw.number("readout", _between(profile.readout) if rolls else ZERO),
        f_number=draw.number("f_number", _between(profile.f_number)),
        depth_of_field=draw.whether("depth_of_field", preset.depth_of_field),
        focus_error=draw.number("focus_error", preset.focus_error),
        noise=draw.number("noise", preset.noise),
        compression=draw.number("compression", preset.compression),
        sharpening=draw.number("sharpening", preset.sharpening),
        vignette=draw.number("vignette", preset.vignette),
        saturation=draw.number("saturation", preset.saturation),
        contrast=draw.number("contrast", preset.contrast),
    )


def _views(ask: CameraJob, one: CameraSpec, streams: Streams) -> tuple[CameraSpec, ...]:
    kind, names = PROFILES[one.profile].views, ask.names
    seeds = (one.seed, *(streams(f"seed/{number}", 1).whole() for number in range(1, len(names))))
    if kind == "pair":
        left, right = names
        baseline = BASELINE if ask.baseline is None else ask.baseline
        return (
            replace(one, name=left),
            replace(one, name=right, beside=left, offset=(baseline, 0.0, 0.0), seed=seeds[1]),
        )
    step = 2.0 * math.pi / len(names)
    return tuple(
        replace(one, name=name, azimuth=round(one.azimuth + number * step, 6), seed=seed)
        for number, (name, seed) in enumerate(zip(names, seeds, strict=True))
    )


def _between(pair: Pair) -> Between:
    return Between(*pair)


def _radians(degrees: float) -> float:
    return round(math.radians(degrees), 6)

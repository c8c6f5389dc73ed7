"""Rinks, drawn where the job leaves them open."""

from __future__ import annotations

import numpy as np

from blender_addon.clip import IceSpec, RinkSpec
from blender_addon.rink.plan import benches, hall_of, outline
from render_scripts.distributions import Between, Numbers, whole_number
from render_scripts.draws import Streams
from render_scripts.job.scene import IceJob, SceneJob
from render_scripts.scenes.presets import (
    BOARDS,
    KICK_PLATES,
    OUTDOOR_SNOW,
    PLANS,
    PRESETS,
    RINK_KINDS,
    STANDS,
    STRIPES,
    UNDER_THE_SKY,
    WINDOWS_OF_DAYLIGHT,
    Preset,
    RinkKind,
)


def draw_rink(ask: SceneJob, kind: str, light: str, streams: Streams) -> RinkSpec:
    """A rink of a kind, under a kind of light. Every value has a stream of its own."""
    rink, usual, preset = ask.rink, RINK_KINDS[kind], PRESETS[ask.preset]
    plan = streams("plan", 1).of(rink.plan, usual.plan)
    length, width, radius = (
        streams(name, 1).of(getattr(rink, name), Between(value, value))
        for name, value in zip(("length", "width", "corner_radius"), PLANS[plan], strict=True)
    )
    daylight = light == "daylight" and kind != UNDER_THE_SKY

    def number(name: str, default: Numbers) -> float:
        return streams(name, 1).of(getattr(rink, name), default)

    def whole(name: str, default: Numbers) -> int:
        return whole_number(_or(getattr(rink, name), default), streams(name, 1).unit())

    def whether(name: str, default: float) -> bool:
        share = getattr(rink, name)
        return streams(name, 1).unit() < (default if share is None else share)

    tiers, roof = whole("tiers", usual.tiers), number("roof", usual.roof)
    if rink.roof is None:
        roof = max(roof, roof_over(kind, tiers))
    elif rink.tiers is None and kind != UNDER_THE_SKY:
        while tiers and roof_over(kind, tiers) > roof:
            tiers -= 1
    return RinkSpec(
        kind=kind,
        length=length,
        width=width,
        corner_radius=radius,
        ice=_draw_ice(rink.ice, kind, usual, preset, streams),
        boards=streams("boards", 1).of(rink.boards, BOARDS),
        stripe=streams("stripe", 1).of(rink.stripe, STRIPES),
        kick_plate=streams("kick_plate", 1).of(rink.kick_plate, KICK_PLATES),
        stands=streams("stands", 1).of(rink.stands, STANDS),
        adverts=number("adverts", usual.adverts),
        glass=number("glass", usual.glass),
        tiers=tiers,
        roof=roof,
        gates=whole("gates", usual.gates),
        benches=whether("benches", usual.benches) and benches_fit(length, radius),
        banners=whole("banners", usual.banners),
        clock=whether("clock", usual.clock),
        windows=number("windows", WINDOWS_OF_DAYLIGHT if daylight else usual.windows),
        file=rink.file,
        texture_seed=streams("texture", 1).whole(),
    )


def roof_over(kind: str, tiers: int) -> float:
    """Metres of the lowest roof over so many rows of seats."""
    return hall_of(RinkSpec(kind=kind, tiers=tiers, roof=0.0)).roof


def benches_fit(length: float, corner_radius: float) -> bool:
    """Whether players' benches lie along the straight boards of a rink."""
    spec = RinkSpec(length=length, corner_radius=corner_radius, width=2.0 * corner_radius + 1.0)
    ends = [u for bench in benches(spec) for u in (bench.u0, bench.u1)]
    return bool(np.all(np.abs(outline(spec, ends)[:, 0]) <= 0.5 * length - corner_radius + 1e-6))


def _draw_ice(ask: IceJob, kind: str, usual: RinkKind, preset: Preset, streams: Streams) -> IceSpec:
    draws = streams("ice/color", 2)
    grey, blue = draws.between(0.72, 0.9), draws.between(0.02, 0.06)
    color = (round(grey - blue, 6), grey, round(grey + blue, 6))

    def number(name: str, default: Numbers) -> float:
        return streams(f"ice/{name}", 1).of(getattr(ask, name), default)

    snowy = kind == UNDER_THE_SKY and preset.warmth.low < preset.warmth.high
    return IceSpec(
        color=color if ask.color is None else streams("ice/own color", 1).of(ask.color, ask.color),
        scratches=number("scratches", preset.scratches),
        snow=number("snow", OUTDOOR_SNOW if snowy else preset.snow),
        wet=number("wet", preset.wet),
        cloudy=number("cloudy", preset.cloudy),
        lines=streams("ice/lines", 1).of(ask.lines, usual.lines),
        logos=whole_number(_or(ask.logos, usual.logos), streams("ice/logos", 1).unit()),
    )


def _or(given: Numbers | None, default: Numbers) -> Numbers:
    return default if given is None else given

"""Scenes that cannot be: refused before anything is rendered, each in one line with its place in the job.

What varies is looked at in every rink that the job may draw: the smallest for what must lie on the ice, all of them for
what must not stand in boards, glass, seats, walls or roofs.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from blender_addon.labels.dense import fields_of
from mocap.errors import UserError
from render_scripts.distributions import Between, Numbers
from render_scripts.job.mistakes import dotted
from render_scripts.job.scene import ShotJob
from render_scripts.job.whole import Job
from render_scripts.job.yaml_file import Step, line_of
from render_scripts.scenes.kinds import Size, kinds_of, sizes_of
from render_scripts.scenes.presets import LIGHTS, RINK_KINDS, UNDER_THE_SKY
from render_scripts.scenes.profiles import PROFILES
from render_scripts.scenes.views import lens_of, size_of

if TYPE_CHECKING:
    from blender_addon.clip import RinkSpec

Place = tuple[Step, ...]

NEAR_BOARDS, NEAR_GLASS, OVER_ICE, UNDER_ROOF, FROM_WALL, OVER_FLOOR = 0.1, 0.05, 0.05, 0.3, 0.2, 0.1
"""Metres that a camera keeps from them."""
FROM_EDGE = 0.3
"""Metres inside the ice's edge at which a skater's path may lie."""

_ZERO = Between(0.0, 0.0)


@dataclass(frozen=True)
class Fault:
    """What is impossible: where in the job, why, and what to do."""

    place: Place
    message: str
    mend: str | None = None


def refuse_impossible(job: Job, path: Path, node: yaml.Node) -> None:
    """Raises UserError for the first scene in the file that cannot be; `node` is what the file holds."""
    faults = [(line_of(node, fault.place) or 0, fault) for fault in faults_of(job)]
    if not faults:
        return
    line, fault = min(faults, key=lambda pair: pair[0])
    place = ", ".join(part for part in (f"line {line}" if line else "", dotted(fault.place)) if part)
    raise UserError(fault.message, file=path, place=place, mend=fault.mend)


def faults_of(job: Job) -> Iterator[Fault]:
    """Everything in a job that cannot be."""
    lights = list(_lights(job))
    yield from lights
    yield from _lenses(job)
    yield from _shutters(job)
    yield from _labels(job)
    if lights:
        return  # without a light there is no rink to look at
    corners = list(_corners(job))
    yield from corners
    if not corners:
        yield from _seats(job)
        yield from _benches(job)
        yield from _cameras(job)
        yield from _skaters(job)


def _lights(job: Job) -> Iterator[Fault]:
    ask = job.scene
    given = ask.light.kind
    if given is None:
        missing = [kind for kind in (ask.rink.kind.options if ask.rink.kind else ()) if kind not in kinds_of(ask)]
        if missing:
            yield Fault(("scene", "rink", "windows"), f"{_a(missing[0])} rink has no light left without windows")
        return
    place = ("scene", "light", "kind")
    rinks = tuple(LIGHTS) if ask.rink.kind is None else ask.rink.kind.options
    for light in given.options:
        homes = [kind for kind in LIGHTS if light in LIGHTS[kind]]
        if not any(kind in homes for kind in rinks):
            yield Fault(place, f"{_a(rinks[0])} rink cannot have {light}", f"It may have {_list(LIGHTS[rinks[0]])}.")
            return
    for kind in () if ask.rink.kind is None else ask.rink.kind.options:
        if not any(light in LIGHTS[kind] for light in given.options):
            yield Fault(
                place, f"{_a(kind)} rink cannot have {_list(given.options)}", f"It may have {_list(LIGHTS[kind])}."
            )
            return
    if any(kind not in kinds_of(ask) for kind in (ask.rink.kind.options if ask.rink.kind else ())) or not kinds_of(ask):
        yield Fault(
            ("scene", "rink", "windows"),
            "daylight comes into a hall through windows, and there are none",
            "Give windows above 0, or another light.",
        )


def _lenses(job: Job) -> Iterator[Fault]:
    from blender_addon.clip import CameraSpec

    for i, camera in enumerate(job.cameras):
        for name in camera.profile.options:
            profile = PROFILES[name]
            lens = profile.lens if camera.lens is None else lens_of(camera.lens)
            if lens.model == "none":
                continue
            # Brings numpy, which straight lenses do without.
            from blender_addon.filming.lens_fit import check_lens

            width, height = size_of(camera, profile)
            try:
                check_lens(CameraSpec(camera.name, name, width, height, lens=lens), job.render.engine)
            except UserError as error:
                key = "profile" if camera.lens is None else "lens"
                message = f"{name}: {error.message}" if key == "profile" else error.message
                yield Fault(("cameras", i, key), message, error.mend)
                break


def _shutters(job: Job) -> Iterator[Fault]:
    still = next((field for field in fields_of(job.labels.dense) if not field.rolling), None)
    if job.render.engine == "cycles" and still is None:
        return
    asked: list[tuple[ShotJob, Place]] = [(camera, ("cameras", i)) for i, camera in enumerate(job.cameras)]
    for ask, place in (*asked, (job.scene.camera, ("scene", "camera"))):
        if ask.readout is not None and ask.readout.high > 0.0:
            if still is not None:
                yield Fault(
                    (*place, "readout"),
                    f"{still.asked} is not known where rows are read one after another",
                    f"Set labels.{still.asked} to false, or give 0.",
                )
            else:
                yield Fault(
                    (*place, "readout"), "EEVEE reads all rows of a picture at once", "Render with cycles, or give 0."
                )


def _labels(job: Job) -> Iterator[Fault]:
    for field in fields_of(job.labels.dense):
        if job.render.engine not in field.engines:
            yield Fault(
                ("labels", field.asked),
                f"{field.asked} cannot be had of render.engine {job.render.engine}",
                f"Set it to false, or render.engine to {' or '.join(field.engines)}.",
            )


def _corners(job: Job) -> Iterator[Fault]:
    ask = job.scene.rink
    for _, size in _sizes(job):
        most = 0.5 * min(size.length.low, size.width.low)
        if size.corner_radius.high > most:
            key = next((k for k in ("corner_radius", "width", "length") if getattr(ask, k) is not None), "plan")
            yield Fault(
                ("scene", "rink", key),
                f"corners of {size.corner_radius.high:g} m do not fit on ice of {_words(size)}",
                f"At most {most:g} m do.",
            )
            return


def _seats(job: Job) -> Iterator[Fault]:
    ask = job.scene.rink
    if ask.tiers is None or ask.roof is None:
        return
    from render_scripts.scenes.rinks import roof_over

    for kind in kinds_of(job.scene):
        needed = roof_over(kind, round(ask.tiers.high))
        if kind != UNDER_THE_SKY and ask.roof.low < needed:
            yield Fault(
                ("scene", "rink", "roof"),
                f"{ask.tiers.high:g} rows of seats reach up to a roof of {ask.roof.low:g} m",
                f"They need {needed:g} m.",
            )
            return


def _benches(job: Job) -> Iterator[Fault]:
    if not job.scene.rink.benches:
        return
    from render_scripts.scenes.rinks import benches_fit

    for _, size in _sizes(job):
        if not benches_fit(size.length.low, size.corner_radius.high):
            yield Fault(
                ("scene", "rink", "benches"),
                f"players' benches do not fit along the straight boards of a rink of {_words(size)}",
                "Make it longer, its corners smaller, or leave the benches out.",
            )
            return


def _cameras(job: Job) -> Iterator[Fault]:
    moving = {"walk", "skate"}
    for i, camera in enumerate(job.cameras):
        if camera.place is not None:
            why = _why_not_there(job, camera.place)
            if why is not None:
                yield Fault(("cameras", i, "place"), why, "Place it elsewhere, or say more of scene.rink.")
            if camera.follow is not None and moving & set(camera.follow.options):
                yield Fault(("cameras", i, "follow"), "a camera that has its place neither walks nor skates")
        if camera.elevation is not None:
            yield from _too_high(job, camera, ("cameras", i, "elevation"))
    if job.scene.camera.elevation is not None:
        yield from _too_high(job, job.scene.camera, ("scene", "camera", "elevation"))


def _too_high(job: Job, ask: ShotJob, place: Place) -> Iterator[Fault]:
    roof = min((_roof(job, kind) for kind in kinds_of(job.scene) if kind != UNDER_THE_SKY), default=None)
    if roof is not None and ask.elevation is not None and ask.elevation.low > roof - UNDER_ROOF:
        yield Fault(
            place,
            f"{ask.elevation.low:g} m is not under a roof that may be {roof:g} m high",
            "Take it lower, or say more of scene.rink.",
        )


def _why_not_there(job: Job, place: tuple[float, float, float]) -> str | None:
    """What a camera at a place (m) would be in, in one of the rinks that may be drawn; None if nowhere in anything."""
    if place[2] < OVER_ICE:
        return "a camera under the ice" if place[2] < 0.0 else "a camera on the ice sees nothing but it"
    for kind, size in _sizes(job):
        inside = _what_is_there(job, kind, size, place)
        if inside is not None:
            return f"a camera {inside} of a rink that the job may draw ({kind}, {_words(size)})"
    return None


def _what_is_there(job: Job, kind: str, size: Size, place: tuple[float, float, float]) -> str | None:
    from blender_addon.rink.plan import hall_of, outside

    ask, usual = job.scene.rink, RINK_KINDS[kind]
    tiers, glass = ask.tiers or usual.tiers, ask.glass or usual.glass
    z = place[2]
    if kind != UNDER_THE_SKY and z > _roof(job, kind) - UNDER_ROOF:
        return f"over the roof ({_roof(job, kind):g} m)"
    if ask.file is not None:
        return None  # nobody knows what its walls are
    # How far outside the ice's edge it lies: on the largest and on the smallest of these rinks.
    near = float(outside(_rink(kind, size, largest=True), place[:2]))
    far = float(outside(_rink(kind, size, largest=False), place[:2]))
    low, high = (hall_of(_rink(kind, size, tiers=round(count))) for count in (tiers.low, tiers.high))
    depth = low.boards_depth
    if near < depth + NEAR_BOARDS and far > -NEAR_BOARDS and z < low.boards + NEAR_BOARDS:
        return "in the boards"
    highest = low.boards + glass.high + (high.glass_ends - high.glass_sides)
    if glass.high > 0.0 and near < depth + NEAR_GLASS and far > -NEAR_GLASS and z < highest + NEAR_GLASS:
        return "in the glass over the boards"
    if kind != UNDER_THE_SKY and far > low.wall - FROM_WALL:
        return "beyond the wall"
    if far > 0.0 and z < float(high.floor(far)) + OVER_FLOOR:
        return "in the stands"
    return None


def _skaters(job: Job) -> Iterator[Fault]:
    for i, skater in enumerate(job.skaters):
        ask = skater.placement
        for k, point in enumerate(ask.path or ()):
            off = _off_ice(job, point)
            if off is not None:
                yield Fault(("skaters", i, "placement", "path", k), f"({point[0]:g}, {point[1]:g}) {off}")
                break
        if ask.x is None and ask.y is None:
            continue
        x, y = ask.x or _ZERO, ask.y or _ZERO
        worst = next(
            (off for point in itertools.product(_ends(x), _ends(y)) if (off := _off_ice(job, point)) is not None), None
        )
        if worst is not None:
            yield Fault(("skaters", i, "placement", "x" if ask.x is not None else "y"), f"this {worst}")


def _off_ice(job: Job, point: tuple[float, float]) -> str | None:
    from blender_addon.rink.plan import outside

    rinks = list(_sizes(job))
    away = [float(outside(_rink(kind, size, largest=False), point)) for kind, size in rinks]
    if not away or max(away) <= -FROM_EDGE:
        return None
    kind, size = rinks[away.index(max(away))]
    where = f"lies {max(away):.1f} m off" if max(away) > 0.05 else "lies at the edge of"
    return f"{where} the ice of a rink that the job may draw ({kind}, {_words(size)})"


def _sizes(job: Job) -> Iterator[tuple[str, Size]]:
    for kind in kinds_of(job.scene):
        for size in sizes_of(job.scene.rink, kind):
            yield kind, size


def _roof(job: Job, kind: str) -> float:
    return (job.scene.rink.roof or RINK_KINDS[kind].roof).low


def _rink(kind: str, size: Size, *, largest: bool = False, tiers: int = 0) -> RinkSpec:
    from blender_addon.clip import RinkSpec

    if largest:
        ends = size.length.high, size.width.high, size.corner_radius.low
    else:
        ends = size.length.low, size.width.low, size.corner_radius.high
    return RinkSpec(kind=kind, length=ends[0], width=ends[1], corner_radius=ends[2], tiers=tiers)


def _ends(numbers: Numbers) -> tuple[float, float]:
    return numbers.low, numbers.high


def _words(size: Size) -> str:
    return (
        " × ".join(f"{n.low:g}" if n.low == n.high else f"{n.low:g} to {n.high:g}" for n in (size.length, size.width))
        + " m"
    )


def _a(word: str) -> str:
    return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"


def _list(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"

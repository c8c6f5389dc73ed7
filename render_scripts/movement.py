"""Which movement a clip shows, and which frames of it: looked at beforehand, then drawn. No bpy."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from blender_addon.cast import DEMO, MotionSpec
from mocap.errors import UserError
from render_scripts.distributions import Between, whole_number
from render_scripts.draws import Draws
from render_scripts.job import Job, MotionJob

DEFAULT_FPS = 25.0

TakeKey = tuple[str, str | None]

DEMO_SECONDS = 12.0
"""Of the authored take, which takes seconds to make."""

ONCE, ZERO = Between(1.0, 1.0), Between(0.0, 0.0)


def motions_of(job: Job) -> Iterator[tuple[str, MotionJob]]:
    """Every movement that a job asks for, and its place in the job."""
    for i, motion in enumerate(job.motions):
        yield f"motions[{i}]", motion
    for i, skater in enumerate(job.skaters):
        if isinstance(skater.motion, MotionJob):
            yield f"skaters[{i}].motion", skater.motion


def check_takes(job: Job) -> dict[TakeKey, float]:
    """Seconds of every recording of a job, each read once; elements and paths are looked at, too.

    Raises:
        UserError: a recording cannot be read, an element has no such parameter, a range lies outside the movement.
    """
    if job.stage is not None:
        return {}  # what it shows is in it
    lengths: dict[TakeKey, float] = {}
    facts: dict[TakeKey, str] = {}
    fastest = job.augment.speed.high
    for place, ask in motions_of(job):
        key = (ask.take, ask.subject)
        if ask.element is not None:
            for values in _outermost(ask):
                try:
                    length = _element_duration(ask.element, values)
                except UserError as error:
                    raise UserError(error.message, place=place, mend=error.mend) from None
                _check_range(ask, place, length, f"the {ask.element} is {length:.2f} s long")
                _frames(job, ask, length / fastest, place, fastest)
            continue
        if key not in lengths:
            lengths[key], facts[key] = _length_of(MotionSpec(ask.take, ask.subject, ask.joint_map))
        _check_range(ask, place, lengths[key], facts[key])
        _frames(job, ask, lengths[key] / fastest, place, fastest)
    return lengths


def _length_of(spec: MotionSpec) -> tuple[float, str]:
    """Seconds of a recording, and that in words."""
    if spec.take == DEMO:
        return DEMO_SECONDS, f"the take is {DEMO_SECONDS:.2f} s long"
    # Brings scipy and the whole retargeting; a job of our own takes should not wait for it.
    from blender_addon.skater.performance import load_motion

    motion = load_motion(spec)
    return motion.duration, f"the take is {motion.duration:.2f} s long ({len(motion)} frames at {motion.rate:g} Hz)"


def _outermost(ask: MotionJob) -> tuple[dict[str, float], dict[str, float]]:
    """The lowest and the highest values of an element's parameters."""
    given = ask.parameters.items()
    return {name: value.low for name, value in given}, {name: value.high for name, value in given}


def _check_range(ask: MotionJob, place: str, length: float, fact: str) -> None:
    for name, value in (("start", ask.start), ("end", ask.end)):
        if value is not None and value > length + 0.005:
            raise UserError(
                f"{name} {value:g} s lies outside the take",
                file=ask.name,
                place=f"{place}.{name}",
                mend=f"{fact[:1].upper()}{fact[1:]}.",
            )
    if ask.end is not None and ask.end <= ask.start:
        raise UserError(f"end {ask.end:g} s is not after start {ask.start:g} s", place=f"{place}.end")


@dataclass(frozen=True)
class Frames:
    """What a clip may show of a movement: `count` frames at `fps`, beginning between `first` and `last` (seconds)."""

    fps: float
    count: int
    first: float
    last: float


def _frames(job: Job, ask: MotionJob, duration: float, place: str, speed: float = 1.0, later: float = 0.0) -> Frames:
    """Which frames clips of one movement have.

    Args:
        duration: of the movement at `speed`, at which its start and end come sooner.
        later: seconds by which the clip begins later than it might, as far as the movement reaches.
    """
    fps, count = job.frames.fps, job.frames.count
    start = ask.start / speed
    end = min(duration, duration if ask.end is None else ask.end / speed)
    taken = (count - 1) / fps if fps is not None and count is not None else 0.0
    if taken > end - start + 0.5 / (fps or DEFAULT_FPS):
        raise UserError(
            f"{count} frames at {fps:g} fps take {taken:.2f} s, but {place} has {end - start:.2f} s from its start",
            file=None if ask.name == DEMO else ask.name,
            place="frames",
            mend="Ask for fewer frames, a higher fps or an earlier start.",
        )
    start = max(start, min(start + later, end - taken))
    if fps is not None and count is not None:
        return Frames(fps, count, start, max(start, end - taken))
    room = max(0.0, end - start)
    if count is not None:
        return Frames((count - 1) / room if count > 1 and room > 0.0 else DEFAULT_FPS, count, start, start)
    fps = DEFAULT_FPS if fps is None else fps
    return Frames(fps, math.floor(room * fps + 1e-6) + 1, start, start)


def draw_motion(
    job: Job,
    ask: MotionJob,
    place: str,
    durations: Mapping[TakeKey, float],
    draws: Draws,
    share: float,
    like: Frames | None = None,
) -> tuple[MotionSpec, Frames]:
    """A movement of the job's as a clip shows it, and the frames that it has for it.

    Args:
        place: of `ask` in the job; durations: seconds of each recording.
        share: 0…1, where between the earliest and the latest start it begins.
        like: the frames of the lead's movement, which another skater's must fill.
    """
    spec, later = changed(job, ask, draws)
    own = durations[ask.take, ask.subject] if ask.element is None else _element_duration(ask.element, spec.parameters)
    frames = _frames(job, ask, own / spec.speed, place, spec.speed, later)
    if like is not None:
        latest = max(0.0, own / spec.speed - (like.count - 1) / like.fps)
        frames = Frames(like.fps, like.count, min(frames.first, latest), latest)
    return replace(spec, start=_start(frames.first, frames.last, share)), frames


def changed(job: Job, ask: MotionJob, draws: Draws) -> tuple[MotionSpec, float]:
    """A movement of the job's with all that is changed in it, but for where it begins: no recording is read for it.

    Returns:
        The movement, and the seconds by which a clip of it begins later than it might.
    """
    mirror = draws.unit() < job.augment.mirror
    speed = draws.of(job.augment.speed, ONCE)
    noise = draws.of(job.augment.noise, ZERO)
    later = draws.of(job.augment.start, ZERO)
    seed = draws.whole()
    spec = MotionSpec(
        take=ask.take,
        subject=ask.subject,
        joint_map=ask.joint_map,
        element=ask.element,
        parameters=_parameters(ask, draws),
        speed=speed,
        mirror=mirror,
        noise=noise,
        seed=seed,
    )
    return spec, later


def _parameters(ask: MotionJob, draws: Draws) -> dict[str, float]:
    """A value for every parameter that the job names; of those that are whole numbers, all as likely."""
    if ask.element is None:
        return {}
    from mocap.elements.library import ELEMENTS

    out = {}
    for name, given in sorted(ask.parameters.items()):
        whole = ELEMENTS[ask.element].parameters[name].whole
        out[name] = float(whole_number(given, draws.unit())) if whole else given.at(draws.unit())
    return out


def _element_duration(name: str, parameters: Mapping[str, float]) -> float:
    return _built_duration(name, tuple(sorted(parameters.items())))


@lru_cache(maxsize=256)
def _built_duration(name: str, parameters: tuple[tuple[str, float], ...]) -> float:
    # Brings scipy, which a plan of recordings can do without.
    from mocap.elements.library import element_duration

    return element_duration(name, dict(parameters))


def _start(first: float, last: float, share: float) -> float:
    return round(first + (last - first) * share, 6)


def take_name(motion: MotionSpec) -> str:
    """How a movement is called in data sets: never by its path, which is a matter of one machine."""
    if motion.element is not None:
        return motion.element
    return motion.take if motion.take == DEMO else Path(motion.take.removesuffix(".gz")).stem

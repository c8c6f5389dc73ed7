"""From a job to its clips: all that varies is drawn here, from (job seed, clip index, name of the thing). No bpy.

Each camera, skater, rink and light has a stream of its own, so that a second camera changes nothing in the first one's
pictures, and the hundredth clip is the same whether ninety-nine others are made or not.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from blender_addon.cast import DEMO, GarmentSpec, HairSpec, MotionSpec, PlacementSpec, SkaterSpec, SkinSpec
from blender_addon.clip import CameraSpec, Clip, LabelSpec, LightSpec, RenderSpec, RinkSpec
from blender_addon.color import Color
from mocap.errors import UserError
from render_scripts.job import (
    CameraJob,
    Job,
    LightJob,
    MotionJob,
    Pair,
    PhenotypeJob,
    PlacementJob,
    RenderJob,
    RinkJob,
    SkaterJob,
)

DEFAULT_FPS = 25.0
GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0

# What a quality stands for: light paths per pixel, denoising, levels of subdivision.
QUALITIES: Mapping[str, tuple[int, bool, int]] = {
    "draft": (4, True, 0),
    "standard": (16, True, 1),
    "final": (64, True, 2),
}

# Where a camera of each kind stands if the job does not say: azimuths in degrees off the two long sides of the rink,
# then metres on the ice plane, metres above the ice, share of the frame's height. From the boards or beyond them, as
# people film skating: a lens that suits the far end of a programme loses a skater who passes close by.
PROFILES: Mapping[str, tuple[Pair, Pair, Pair, Pair]] = {
    "phone": ((-35.0, 35.0), (12.0, 16.0), (1.3, 1.8), (0.55, 0.75)),
    "tripod": ((-45.0, 45.0), (13.0, 18.0), (1.4, 2.2), (0.45, 0.65)),
    "broadcast": ((-35.0, 35.0), (19.0, 26.0), (4.5, 8.0), (0.5, 0.7)),
}

# Club skaters: years by share of the members, and how a body is drawn (MakeHuman's macro values).
FEMALE_SHARE = 0.85
AGE_YEARS: Pair = (10.0, 25.0)
BODY: Mapping[str, Pair] = {
    "muscle": (0.45, 0.7),
    "weight": (0.35, 0.55),
    "height": (0.35, 0.65),
    "proportions": (0.5, 0.85),
}
ORIGINS = ("african", "asian", "caucasian")
# Years at MakeHuman's age values (its macro targets are called baby, child, young and old).
_AGE_YEARS, _AGE_VALUES = (1.0, 10.0, 25.0, 90.0), (0.0, 0.1875, 0.5, 1.0)

# Linear albedos of skin, by the same origins; a person's own lies between, a little lighter or darker.
SKIN: Mapping[str, Color] = {
    "african": (0.13, 0.06, 0.035),
    "asian": (0.56, 0.34, 0.22),
    "caucasian": (0.66, 0.40, 0.30),
}
HAIR: tuple[Color, ...] = (
    (0.012, 0.008, 0.006), (0.035, 0.018, 0.010), (0.09, 0.045, 0.02), (0.25, 0.13, 0.05), (0.42, 0.27, 0.11),
    (0.16, 0.035, 0.012),
)  # fmt: skip
DARK_HAIR = HAIR[:2]
EYES: tuple[Color, ...] = ((0.05, 0.025, 0.012), (0.10, 0.055, 0.02), (0.10, 0.17, 0.26), (0.09, 0.14, 0.07))
DRESS: tuple[Color, ...] = (
    (0.45, 0.01, 0.03), (0.02, 0.06, 0.35), (0.25, 0.02, 0.25), (0.01, 0.20, 0.16), (0.01, 0.01, 0.012),
    (0.60, 0.25, 0.40), (0.08, 0.30, 0.60), (0.70, 0.68, 0.65), (0.55, 0.18, 0.02),
)  # fmt: skip
BLACK: Color = (0.012, 0.012, 0.014)
WHITE_BOOT: Color = (0.78, 0.76, 0.72)
STEEL: Color = (0.55, 0.56, 0.58)
STRIPES: tuple[Color, ...] = ((0.02, 0.10, 0.45), (0.45, 0.02, 0.03), (0.60, 0.45, 0.02), (0.02, 0.25, 0.10))
STANDS: tuple[Color, ...] = ((0.05, 0.09, 0.20), (0.20, 0.05, 0.05), (0.12, 0.12, 0.13), (0.05, 0.14, 0.12))

# The lengths of a body that augmentation may change.
LENGTHS = ("arms", "legs", "trunk")

TakeKey = tuple[str, str | None]

MAX_DRAWS = 32


def _hash(seed: int, clip: int, name: str, size: int) -> bytes:
    """`size` bytes that depend on every bit of what is given; a hash costs a tenth of setting up a generator."""
    return hashlib.shake_128(f"{seed}/{clip}/{name}".encode()).digest(size)


class Draws:
    """Uniform numbers of one named thing in one clip: the n-th is a function of (seed, clip, name, n) alone."""

    def __init__(self, seed: int, clip: int, name: str) -> None:
        words = np.frombuffer(_hash(seed, clip, name, 8 * MAX_DRAWS), dtype="<u8")
        self._values: list[float] = ((words >> np.uint64(11)) * 2.0**-53).tolist()
        self._next = 0

    def unit(self) -> float:
        """The next number in [0, 1)."""
        self._next += 1
        return self._values[self._next - 1]

    def span(self, given: Pair | None, default: Pair) -> float:
        """A number from what the job gives, else from the default. Takes one draw even where it is fixed."""
        low, high = default if given is None else given
        return round(low + (high - low) * self.unit(), 6)

    def choice(self, options: Sequence[Color]) -> Color:
        """One of the colours."""
        return options[int(self.unit() * len(options))]


def check_takes(job: Job) -> dict[TakeKey, float]:
    """Seconds of every recording of a job, each read once; elements and paths are looked at, too.

    Raises:
        UserError: a recording cannot be read, an element has no such parameter, a range lies outside the movement.
    """
    # Brings scipy and the whole retargeting; a job that is only looked at should not wait for it.
    from blender_addon.skater.performance import load_motion

    lengths: dict[TakeKey, float] = {}
    facts: dict[TakeKey, str] = {}
    fastest = job.augment.speed[1]
    for i, ask in enumerate(job.motions):
        key = (ask.take, ask.subject)
        if ask.element is not None:
            for values in ({name: pair[end] for name, pair in ask.parameters.items()} for end in (0, 1)):
                try:
                    length = _element_duration(ask.element, values)
                except UserError as error:
                    raise UserError(error.message, place=f"motions[{i}]", mend=error.mend) from None
                _check_range(ask, i, length, f"the {ask.element} is {length:.2f} s long")
                _frames(job, ask, length / fastest, f"motions[{i}]", fastest)
            continue
        if key not in lengths:
            motion = load_motion(MotionSpec(ask.take, ask.subject, ask.joint_map))
            lengths[key] = motion.duration
            facts[key] = f"the take is {motion.duration:.2f} s long ({len(motion)} frames at {motion.rate:g} Hz)"
        _check_range(ask, i, lengths[key], facts[key])
        _frames(job, ask, lengths[key] / fastest, f"motions[{i}]", fastest)
    return lengths


def _check_range(ask: MotionJob, number: int, length: float, fact: str) -> None:
    for name, value in (("start", ask.start), ("end", ask.end)):
        if value is not None and value > length + 0.005:
            raise UserError(
                f"{name} {value:g} s lies outside the take",
                file=ask.name,
                place=f"motions[{number}].{name}",
                mend=f"{fact[:1].upper()}{fact[1:]}.",
            )
    if ask.end is not None and ask.end <= ask.start:
        raise UserError(f"end {ask.end:g} s is not after start {ask.start:g} s", place=f"motions[{number}].end")


def plan_job(job: Job) -> list[Clip]:
    """The clips of a job whose recordings are there. Raises UserError as `check_takes` does."""
    return plan(job, check_takes(job))


def plan(job: Job, durations: Mapping[TakeKey, float]) -> list[Clip]:
    """The clips of a job, in order.

    Args:
        job: as `load_job` gives it.
        durations: seconds of each recording, by (take, subject); elements know their own.
    """
    render, labels = _render(job), LabelSpec(job.labels.keypoints, job.labels.depth, job.labels.normal)
    return [
        _clip(job, index, durations, render, labels)
        for index in range(len(job.motions) if job.clips is None else job.clips)
    ]


@dataclass(frozen=True)
class _Frames:
    """What a clip may show of a movement: `count` frames at `fps`, beginning between `first` and `last` (seconds)."""

    fps: float
    count: int
    first: float
    last: float


def _frames(job: Job, ask: MotionJob, duration: float, place: str, speed: float = 1.0, later: float = 0.0) -> _Frames:
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
        return _Frames(fps, count, start, max(start, end - taken))
    room = max(0.0, end - start)
    if count is not None:
        return _Frames((count - 1) / room if count > 1 and room > 0.0 else DEFAULT_FPS, count, start, start)
    fps = DEFAULT_FPS if fps is None else fps
    return _Frames(fps, math.floor(room * fps + 1e-6) + 1, start, start)


def _clip(job: Job, index: int, durations: Mapping[TakeKey, float], render: RenderSpec, labels: LabelSpec) -> Clip:
    which, turn = index % len(job.motions), index // len(job.motions)
    draws = Draws(job.seed, index, "motion/0")
    # Clips of one motion start where the golden ratio puts them: spread evenly, however many follow.
    motion, frames = _motion(job, which, durations, draws, turn * GOLDEN % 1.0)
    return Clip(
        index=index,
        seed=int.from_bytes(_hash(job.seed, index, "seed", 4), "little"),
        fps=frames.fps,
        count=frames.count,
        skaters=tuple(
            _skater(job, skater, index, i, motion, frames, durations) for i, skater in enumerate(job.skaters)
        ),
        cameras=tuple(_camera(camera, Draws(job.seed, index, f"camera/{camera.name}")) for camera in job.cameras),
        rink=_rink(job.rink, Draws(job.seed, index, "rink")),
        light=_light(job.light, Draws(job.seed, index, "light")),
        render=render,
        labels=labels,
    )


def _motion(
    job: Job,
    which: int,
    durations: Mapping[TakeKey, float],
    draws: Draws,
    share: float,
    like: _Frames | None = None,
) -> tuple[MotionSpec, _Frames]:
    """One of the job's movements, as a clip shows it.

    Args:
        share: 0…1, where between the earliest and the latest start it begins.
        like: the frames of the lead's movement, which another skater's must fill.
    """
    ask = job.motions[which]
    mirror = draws.unit() < job.augment.mirror
    speed = draws.span(job.augment.speed, (1.0, 1.0))
    noise = draws.span(job.augment.noise, (0.0, 0.0))
    later = draws.span(job.augment.start, (0.0, 0.0))
    seed = int(draws.unit() * 2**31)
    parameters = _parameters(ask, draws)
    own = durations[ask.take, ask.subject] if ask.element is None else _element_duration(ask.element, parameters)
    frames = _frames(job, ask, own / speed, f"motions[{which}]", speed, later)
    if like is not None:
        latest = max(0.0, own / speed - (like.count - 1) / like.fps)
        frames = _Frames(like.fps, like.count, min(frames.first, latest), latest)
    start = _start(frames.first, frames.last, share)
    spec = MotionSpec(
        take=ask.take,
        subject=ask.subject,
        joint_map=ask.joint_map,
        element=ask.element,
        parameters=parameters,
        start=start,
        speed=speed,
        mirror=mirror,
        noise=noise,
        seed=seed,
    )
    return spec, frames


def _parameters(ask: MotionJob, draws: Draws) -> dict[str, float]:
    """A value for every parameter that the job names; of those that are whole numbers, all as likely."""
    if ask.element is None:
        return {}
    from mocap.elements.library import ELEMENTS

    out = {}
    for name, (low, high) in sorted(ask.parameters.items()):
        if ELEMENTS[ask.element].parameters[name].whole:
            out[name] = float(math.floor(low + draws.unit() * (high - low + 1.0)))
        else:
            out[name] = draws.span((low, high), (low, high))
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


def _render(job: Job) -> RenderSpec:
    ask: RenderJob = job.render
    samples, denoise, subdivision = QUALITIES[ask.quality]
    return RenderSpec(
        engine=ask.engine,
        device=ask.device,
        samples=samples if ask.samples is None else ask.samples,
        denoise=denoise if ask.denoise is None else ask.denoise,
        subdivision=subdivision if ask.subdivision is None else ask.subdivision,
        rgb=job.output.rgb,
        quality=job.output.jpg_quality,
    )


def _skater(
    job: Job,
    ask: SkaterJob,
    clip: int,
    number: int,
    motion: MotionSpec,
    frames: _Frames,
    durations: Mapping[TakeKey, float],
) -> SkaterSpec:
    draws = Draws(job.seed, clip, f"skater/{number}")
    phenotype = _phenotype(ask.phenotype, ask.age, draws)
    tint = 0.8 + 0.35 * draws.unit()
    skin = (sum(phenotype[name] * SKIN[name][channel] for name in ORIGINS) for channel in range(3))
    red, green, blue = (round(min(0.9, tint * channel), 6) for channel in skin)
    hair = draws.choice(HAIR if phenotype["caucasian"] > 0.5 else DARK_HAIR)
    eyes = draws.choice(EYES if phenotype["caucasian"] > 0.5 else EYES[:2])
    garments = _garments(ask, phenotype["gender"] < 0.5, draws)
    placement = _placement(ask.placement, number, draws)
    lengths = {name: draws.span(job.augment.lengths, (1.0, 1.0)) for name in LENGTHS}
    if number > 0:
        own = Draws(job.seed, clip, f"motion/{number}")
        motion, _ = _motion(job, int(own.unit() * len(job.motions)), durations, own, own.unit(), frames)
    return SkaterSpec(
        phenotype=phenotype,
        skin=SkinSpec(tone=ask.skin or (red, green, blue)),
        hair=HairSpec(style="bun" if phenotype["gender"] < 0.5 else "short", color=ask.hair or hair),
        eyes=ask.eyes or eyes,
        garments=garments,
        motion=motion,
        placement=placement,
        lengths={name: factor for name, factor in lengths.items() if factor != 1.0},
        in_focus=number == 0,
    )


def _phenotype(ask: PhenotypeJob, age: Pair | None, draws: Draws) -> dict[str, float]:
    female = draws.unit() < FEMALE_SHARE
    out = {"gender": draws.span(ask.gender, (0.0, 0.15) if female else (0.85, 1.0))}
    out["age"] = round(float(np.interp(draws.span(age, AGE_YEARS), _AGE_YEARS, _AGE_VALUES)), 6)
    for name, default in BODY.items():
        out[name] = draws.span(getattr(ask, name), default)
    # Exponentials of uniforms, made to sum to 1, spread evenly over all mixtures; squares favour one origin.
    drawn = {name: math.log1p(-draws.unit()) ** 2 for name in ORIGINS}
    given = {name: draws.span(getattr(ask, name), (0.0, 0.0)) for name in ORIGINS}
    if any(getattr(ask, name) is not None for name in ORIGINS) and sum(given.values()) > 0.0:
        drawn = given
    total = sum(drawn.values()) or 1.0
    return out | {name: round(share / total, 6) for name, share in drawn.items()}


def _garments(ask: SkaterJob, female: bool, draws: Draws) -> dict[str, GarmentSpec]:
    dress, other = draws.choice(DRESS), draws.choice(DRESS)
    same_skirt, black_tights = draws.unit() < 0.7, draws.unit() < 0.3
    drawn: dict[str, Color] = {"leotard": dress}
    if female:
        drawn["skirt"] = dress if same_skirt else other
    drawn["tights"] = BLACK if black_tights or not female else (0.62, 0.38, 0.27)
    drawn["boots"] = WHITE_BOOT if female else BLACK
    drawn["blades"] = STEEL
    for name, color in ask.garments.items():
        if color == "none":
            drawn.pop(name, None)
        else:
            drawn[name] = color
    # Blades come with boots, whatever the job says: what is listed is what the masks show.
    if "boots" in drawn:
        drawn.setdefault("blades", STEEL)
    else:
        drawn.pop("blades", None)
    return {name: GarmentSpec(color=color) for name, color in sorted(drawn.items())}


def _placement(ask: PlacementJob, number: int, draws: Draws) -> PlacementSpec:
    # The first skater keeps to the middle, as recorded; the others share the ice with them.
    alone = number == 0
    x = draws.span(ask.x, (0.0, 0.0) if alone else (-10.0, 10.0))
    y = draws.span(ask.y, (0.0, 0.0) if alone else (-6.0, 6.0))
    heading = draws.span(ask.heading, (0.0, 0.0) if alone else (0.0, 360.0))
    pace = draws.span(ask.pace, (0.0, 0.0))
    return PlacementSpec(
        x=x,
        y=y,
        heading=round(math.radians(heading), 6),
        root=ask.root or ("recorded" if ask.path is None else "path"),
        path=ask.path or (),
        pace=pace,
        facing=ask.facing or "along",
    )


def _camera(ask: CameraJob, draws: Draws) -> CameraSpec:
    azimuth, distance, elevation, fill = PROFILES[ask.profile]
    side = 90.0 if draws.unit() < 0.5 else 270.0
    degrees = draws.span(ask.azimuth, (side + azimuth[0], side + azimuth[1]))
    return CameraSpec(
        name=ask.name,
        profile=ask.profile,
        width=ask.width,
        height=ask.height,
        azimuth=round(math.radians(degrees), 6),
        distance=draws.span(ask.distance, distance),
        elevation=draws.span(ask.elevation, elevation),
        fill=draws.span(ask.fill, fill),
        follow=ask.follow,
    )


def _rink(ask: RinkJob, draws: Draws) -> RinkSpec:
    grey = draws.span(None, (0.72, 0.9))
    blue = draws.span(None, (0.02, 0.06))
    boards = draws.span(None, (0.7, 0.9))
    stripe, stands = draws.choice(STRIPES), draws.choice(STANDS)
    return RinkSpec(
        length=ask.length,
        width=ask.width,
        ice=ask.ice or (round(grey - blue, 6), grey, round(grey + blue, 6)),
        boards=ask.boards or (boards, boards, boards),
        stripe=ask.stripe or stripe,
        stands=ask.stands or stands,
        texture_seed=int(draws.unit() * 2**31),
    )


def _light(ask: LightJob, draws: Draws) -> LightSpec:
    return LightSpec(
        strength=draws.span(ask.strength, (0.8, 1.3)),
        warmth=draws.span(ask.warmth, (-0.4, 0.4)),
        exposure=draws.span(ask.exposure, (-0.3, 0.3)),
    )


def take_name(motion: MotionSpec) -> str:
    """How a movement is called in data sets: never by its path, which is a matter of one machine."""
    if motion.element is not None:
        return motion.element
    return motion.take if motion.take == DEMO else Path(motion.take.removesuffix(".gz")).stem

"""From a job to its clips: all that varies is drawn from (job seed, clip index, name of the thing). No bpy.

Each camera, rink and light has a stream of its own and each person one for every attribute, so that a second camera
changes nothing in the first one's pictures, a garment's colour nothing in the hair, and the hundredth clip is the same
whether ninety-nine others are made or not.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from blender_addon.cast import SkaterSpec
from blender_addon.clip import Clip, LabelSpec, RenderSpec, RinkSpec
from render_scripts.distributions import Between, Numbers, whole_number
from render_scripts.draws import Draws, Streams, hashed, streams_of
from render_scripts.job import Job, MotionJob, RenderJob, SkaterJob
from render_scripts.movement import ONCE, Frames, TakeKey, check_takes, draw_coach, draw_motion, draw_placement
from render_scripts.people.cast import draw_crowd, draw_person
from render_scripts.people.kinds import COACHES, SKATERS
from render_scripts.scenes.cameras import draw_cameras
from render_scripts.scenes.kinds import draw_kinds
from render_scripts.scenes.lights import draw_light
from render_scripts.scenes.rinks import draw_rink

GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0

# What a quality stands for: light paths per pixel, denoising, levels of subdivision.
QUALITIES: Mapping[str, tuple[int, bool, int]] = {
    "draft": (4, True, 0),
    "standard": (16, True, 1),
    "final": (64, True, 2),
}

# The lengths of a body that augmentation may change.
LENGTHS = ("arms", "legs", "trunk")


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


def _clip(job: Job, index: int, durations: Mapping[TakeKey, float], render: RenderSpec, labels: LabelSpec) -> Clip:
    scene = streams_of(job.seed, index, "scene")
    kinds = draw_kinds(job.scene, scene)
    rink = draw_rink(job.scene, *kinds, scene)
    skaters, frames = _skaters(job, index, durations)
    return Clip(
        index=index,
        seed=int.from_bytes(hashed(job.seed, index, "seed", 4), "little"),
        fps=frames.fps,
        count=frames.count,
        skaters=(*skaters, *_coaches(job, index, frames, rink)),
        cameras=tuple(
            made for camera in job.cameras for made in draw_cameras(camera, job.scene, rink, job.seed, index)
        ),
        crowd=draw_crowd(job.crowd, job.seed, index),
        rink=rink,
        light=draw_light(job.scene, kinds[1], scene),
        render=render,
        labels=labels,
    )


def _skaters(job: Job, clip: int, durations: Mapping[TakeKey, float]) -> tuple[list[SkaterSpec], Frames]:
    """Everybody on the ice, and the frames of the first one's movement, which all fill."""
    out: list[SkaterSpec] = []
    frames: Frames | None = None
    for name, ask in _names(job, clip):
        first = frames is None
        draws = Draws(job.seed, clip, f"motion/{'0' if first else name}")
        if first:
            which, turn = clip % len(job.motions), clip // len(job.motions)
            # Clips of one motion start where the golden ratio puts them: spread evenly, however many follow.
            share = turn * GOLDEN % 1.0
        else:
            which, share = int(draws.unit() * len(job.motions)), draws.unit()
        if isinstance(ask.motion, MotionJob):
            shown, place = ask.motion, f"skaters[{name}].motion"
        else:
            which = which if ask.motion is None else ask.motion
            shown, place = job.motions[which], f"motions[{which}]"
        motion, own = draw_motion(job, shown, place, durations, draws, share, frames)
        frames = frames or own
        streams = streams_of(job.seed, clip, f"skater/{name}")
        out.append(
            draw_person(
                ask,
                COACHES if ask.role == "coach" else SKATERS,
                streams,
                motion=motion,
                placement=draw_placement(ask.placement, first, streams("placement")),
                lengths=_lengths(job.augment.lengths, streams),
                role=ask.role,
                in_focus=first if ask.in_focus is None else ask.in_focus,
            )
        )
    assert frames is not None  # a job has somebody in every clip
    return out, frames


def _coaches(job: Job, clip: int, frames: Frames, rink: RinkSpec) -> Iterator[SkaterSpec]:
    """Everybody at the boards."""
    for number in range(_how_many(job.coaches.count, job.seed, clip, "coach/count")):
        streams = streams_of(job.seed, clip, f"coach/{number}")
        motion, placement = draw_coach(rink, frames, streams("place"))
        yield draw_person(
            job.coaches,
            COACHES,
            streams,
            motion=motion,
            placement=placement,
            lengths={},
            role="coach",
            in_focus=False,
        )


def _names(job: Job, clip: int) -> Iterator[tuple[str, SkaterJob]]:
    """Everybody on the ice by the place in the job; of several like them, the second is number 1."""
    for place, ask in enumerate(job.skaters):
        for copy in range(_how_many(ask.count, job.seed, clip, f"skater/{place}/count")):
            yield (f"{place}.{copy}" if copy else f"{place}"), ask


def _how_many(count: Numbers, seed: int, clip: int, name: str) -> int:
    fixed = isinstance(count, Between) and count.low == count.high
    return int(count.low) if fixed else whole_number(count, Draws(seed, clip, name).unit())


def _lengths(given: Numbers, streams: Streams) -> dict[str, float]:
    if given == ONCE:
        return {}
    draws = streams("lengths")
    return {name: given.at(draws.unit()) for name in LENGTHS}


def _render(job: Job) -> RenderSpec:
    ask: RenderJob = job.render
    samples, denoise, subdivision = QUALITIES[ask.quality]
    return RenderSpec(
        engine=ask.engine,
        device=ask.device,
        samples=samples if ask.samples is None else ask.samples,
        denoise=denoise if ask.denoise is None else ask.denoise,
        subdivision=subdivision if ask.subdivision is None else ask.subdivision,
        cloth=ask.cloth,
        rgb=job.output.rgb,
        quality=job.output.jpg_quality,
    )

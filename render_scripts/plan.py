"""From a job to its clips: all that varies is drawn from (job seed, clip index, name of the thing). No bpy.

Each camera, rink and light has a stream of its own and each person one for every attribute, so that a second camera
changes nothing in the first one's pictures, a garment's colour nothing in the hair, and the hundredth clip is the same
whether ninety-nine others are made or not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import overload

from blender_addon.cast import SkaterSpec
from blender_addon.clip import Clip, LabelSpec, RenderSpec, RinkSpec
from render_scripts.distributions import Numbers
from render_scripts.draws import Draws, Streams, hashed, streams_of
from render_scripts.job import Job, RenderJob
from render_scripts.movement import ONCE, Frames, TakeKey, check_takes, draw_motion
from render_scripts.outline import Outline, clip_count, clip_of_stage, how_many, lead_motion, motion_of, names, outlines
from render_scripts.people.cast import draw_crowd, draw_person
from render_scripts.people.kinds import COACHES, SKATERS
from render_scripts.people.pool import draw_member
from render_scripts.placement import draw_coach, draw_placement
from render_scripts.scenes.draw import draw_surroundings
from render_scripts.splits import Splits, splits_of

# What a quality stands for: light paths per pixel, denoising, levels of subdivision.
QUALITIES: Mapping[str, tuple[int, bool, int]] = {
    "draft": (4, True, 0),
    "standard": (16, True, 1),
    "final": (64, True, 2),
}


@dataclass(frozen=True)
class Among:
    """What a clip may show that is left open, where splits limit it.

    Attributes:
        motions: of the job's, by number; None for all.
        pools: members of the pools, by place among the job's skaters; all of those that are not named.
    """

    motions: Sequence[int] | None = None
    pools: Mapping[int, Sequence[int]] = field(default_factory=dict)


# The lengths of a body that augmentation may change.
LENGTHS = ("arms", "legs", "trunk")


@dataclass(frozen=True)
class Plan(Sequence[Clip]):
    """The clips of a job, in order, each drawn when it is asked for.

    Attributes:
        job: as `load_job` gives it.
        durations: seconds of each recording, by (take, subject); elements know their own.
    """

    job: Job
    durations: Mapping[TakeKey, float]

    def __len__(self) -> int:
        return clip_count(self.job)

    @overload
    def __getitem__(self, which: int) -> Clip: ...
    @overload
    def __getitem__(self, which: slice) -> list[Clip]: ...
    def __getitem__(self, which: int | slice) -> Clip | list[Clip]:
        numbers = range(len(self))[which]
        return self.clip_at(numbers) if isinstance(numbers, int) else [self.clip_at(index) for index in numbers]

    def clip_at(self, index: int) -> Clip:
        """A clip, also beyond the number that the job asks for: it is the same however many there are."""
        if self.job.stage is not None:
            return self._of_stage(self.job.stage, index)
        return _clip(self.job, index, self.durations, self._render, self._labels, self._among(index))

    def _of_stage(self, stage: str, index: int) -> Clip:
        """The same scene whatever the number, as the job has it rendered."""
        return replace(
            clip_of_stage(stage), index=index, seed=_seed(self.job, index), render=self._render, labels=self._labels
        )

    def outlines(self) -> Iterator[Outline]:
        """What is cheap to know of all clips."""
        return outlines(self.job, self.durations)

    @property
    def splits(self) -> Sequence[str]:
        """The split of each clip. Raises UserError as `splits_of` does."""
        return self._splits.of_clips

    @cached_property
    def _splits(self) -> Splits:
        return splits_of(self.job, list(self.outlines()))

    def _among(self, index: int) -> Among:
        """A clip beyond the number that the job asks for is in no split."""
        if self.job.output.split_by == "clip" or len(self.job.output.splits) == 1 or index >= len(self):
            return Among()
        split = self.splits[index]
        motions, pools = self._splits.motions, self._splits.pools
        return Among(None if motions is None else motions[split], {} if pools is None else pools[split])

    @cached_property
    def _render(self) -> RenderSpec:
        return _render(self.job)

    @cached_property
    def _labels(self) -> LabelSpec:
        ask = self.job.labels
        return LabelSpec(ask.keypoints, ask.dense, ask.amodal)


def plan_job(job: Job) -> Plan:
    """The clips of a job whose recordings are there. Raises UserError as `check_takes` does."""
    return Plan(job, check_takes(job))


def _seed(job: Job, index: int) -> int:
    return int.from_bytes(hashed(job.seed, index, "seed", 4), "little")


def _clip(
    job: Job, index: int, durations: Mapping[TakeKey, float], render: RenderSpec, labels: LabelSpec, among: Among
) -> Clip:
    around = draw_surroundings(job, index)
    skaters, frames = _skaters(job, index, durations, among)
    return Clip(
        index=index,
        seed=_seed(job, index),
        fps=frames.fps,
        count=frames.count,
        skaters=(*skaters, *_coaches(job, index, frames, around.rink)),
        cameras=around.cameras,
        crowd=draw_crowd(job.crowd, job.seed, index),
        rink=around.rink,
        light=around.light,
        render=render,
        labels=labels,
    )


def _skaters(job: Job, clip: int, durations: Mapping[TakeKey, float], among: Among) -> tuple[list[SkaterSpec], Frames]:
    """Everybody on the ice, and the frames of the first one's movement, which all fill."""
    out: list[SkaterSpec] = []
    frames: Frames | None = None
    open_motions = range(len(job.motions)) if among.motions is None else among.motions
    taken: dict[str, set[int]] = {}
    for name, ask in names(job, clip):
        first = frames is None
        if frames is None:
            motion, frames = lead_motion(job, ask, durations, clip)
        else:
            draws = Draws(job.seed, clip, f"motion/{name}")
            which, share = open_motions[int(draws.unit() * len(open_motions))], draws.unit()
            shown, place = motion_of(job, ask, name, which)
            motion, _ = draw_motion(job, shown, place, durations, draws, share, frames)
        streams = streams_of(job.seed, clip, f"skater/{name}")
        if ask.pool is not None:
            place = name.partition(".")[0]
            members = among.pools.get(int(place), range(ask.pool))
            streams = draw_member(job.seed, place, members, taken.setdefault(place, set()), streams)
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
    for number in range(how_many(job.coaches.count, job.seed, clip, "coach/count")):
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

"""What a plan's table tells of every clip: its movement, its frames, its cameras. People are not drawn for it. No bpy.

What is light stays light: nothing here waits for numpy unless a job has elements of its own or recordings to read.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from blender_addon.cast import MotionSpec
from render_scripts.distributions import Between, Numbers, whole_number
from render_scripts.draws import Draws
from render_scripts.job import Job, MotionJob, SkaterJob
from render_scripts.movement import Frames, TakeKey, changed, draw_motion, take_name
from render_scripts.scenes.views import views_of

if TYPE_CHECKING:
    from blender_addon.clip import Clip

GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0


@dataclass(frozen=True)
class Outline:
    """A clip without its people and its surroundings.

    Attributes:
        index: of the clip; take: its movement's name; start: seconds into it; count, fps: of its frames.
        cameras: name, width and height of each.
    """

    index: int
    take: str
    start: float
    count: int
    fps: float
    cameras: tuple[tuple[str, int, int], ...]

    @property
    def pictures(self) -> int:
        """How many come of it."""
        return self.count * len(self.cameras)


def clip_count(job: Job) -> int:
    """Of how many clips a job is."""
    return len(job.motions) if job.clips is None else job.clips


def outlines(job: Job, durations: Mapping[TakeKey, float]) -> Iterator[Outline]:
    """The clips of a job, in order; `durations` as of `Plan`."""
    if job.stage is not None:
        yield outline_of(clip_of_stage(job.stage))
        return
    # Cameras of one profile have the same views in every clip.
    fixed = [views_of(camera, job.seed, 0) if len(camera.profile.options) == 1 else None for camera in job.cameras]
    same = None if None in fixed else tuple(view for views in fixed for view in views or ())
    for index in range(clip_count(job)):
        ask = next(ask for _, ask in names(job, index))
        motion, frames = lead_motion(job, ask, durations, index)
        cameras = same or tuple(view for camera in job.cameras for view in views_of(camera, job.seed, index))
        yield Outline(index, take_name(motion), motion.start, frames.count, frames.fps, cameras)


def outline_of(clip: Clip) -> Outline:
    """What a plan's table tells of a clip that is known."""
    cameras = tuple((camera.name, camera.width, camera.height) for camera in clip.cameras)
    return Outline(clip.index, take_name(clip.lead.motion), clip.lead.motion.start, clip.count, clip.fps, cameras)


def clip_of_stage(stage: str) -> Clip:
    """The clip that a handed-over scene shows. UserError if one of its files is not there or not what it should be."""
    from blender_addon.stage import clip_on, read_stage

    return clip_on(read_stage(Path(stage)), Path(stage))


def lead_motion(job: Job, ask: SkaterJob, durations: Mapping[TakeKey, float], clip: int) -> tuple[MotionSpec, Frames]:
    """The movement of a clip's first person, and the frames that all others fill."""
    # Clips of one motion start where the golden ratio puts them: spread evenly, however many follow.
    turn = clip // len(job.motions)
    shown, place = motion_of(job, ask, "0", clip % len(job.motions))
    return draw_motion(job, shown, place, durations, _draws(job, clip), turn * GOLDEN % 1.0)


def movement_at(job: Job, clip: int) -> MotionSpec:
    """The movement of a clip's first person, but for where it begins: no recording is read for it."""
    ask = next(ask for _, ask in names(job, clip))
    return changed(job, motion_of(job, ask, "0", clip % len(job.motions))[0], _draws(job, clip))[0]


def _draws(job: Job, clip: int) -> Draws:
    return Draws(job.seed, clip, "motion/0", 8)


def motion_of(job: Job, ask: SkaterJob, name: str, which: int) -> tuple[MotionJob, str]:
    """The motion that somebody shows, and its place in the job; `which` where theirs is left open."""
    if isinstance(ask.motion, MotionJob):
        return ask.motion, f"skaters[{name}].motion"
    which = which if ask.motion is None else ask.motion
    return job.motions[which], f"motions[{which}]"


def names(job: Job, clip: int) -> Iterator[tuple[str, SkaterJob]]:
    """Everybody on the ice by the place in the job; of several like them, the second is number 1."""
    for place, ask in enumerate(job.skaters):
        for copy in range(how_many(ask.count, job.seed, clip, f"skater/{place}/count")):
            yield (f"{place}.{copy}" if copy else f"{place}"), ask


def how_many(count: Numbers, seed: int, clip: int, name: str) -> int:
    """How many of somebody a clip has."""
    fixed = isinstance(count, Between) and count.low == count.high
    return int(count.low) if fixed else whole_number(count, Draws(seed, clip, name).unit())

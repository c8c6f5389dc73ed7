"""What goes with a `stage`, a scene that is rendered as it was handed over, and what has no meaning beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from render_scripts.job.whole import Job

_DRAWN = ("motions", "frames", "augment", "skaters", "coaches", "crowd", "cameras", "scene")
"""Blocks that say what a scene is made of."""


def against_stage(job: Job) -> Iterator[str]:
    """What of a job cannot be had of a scene that is rendered as it is, in words; what has its default is not given."""
    for name in _DRAWN:
        if getattr(job, name) != type(job).model_fields[name].get_default():
            yield f"a stage is a scene that is there already: leave out {name}"
    if job.clips not in (None, 1):
        yield f"a stage is one clip, not {job.clips}: leave out clips"
    render = job.render
    if render.engine != "cycles":
        yield "a stage is rendered by cycles: leave out render.engine"
    if render.subdivision is not None:
        yield "a stage is as smooth as its meshes are: leave out render.subdivision"
    if render.cloth != "swing":
        yield "a stage's cloth moves as it does in it: leave out render.cloth"
    if job.labels.surface:
        yield "places on the body are not known on a stage: set labels.surface to false"
    if job.output.split_by != "clip" or len(job.output.splits) > 1:
        yield "a stage is one clip, which is in one split: give output.split one name"

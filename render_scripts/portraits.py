"""A sheet of random people of a job, each from the front, from the side and face to face. No bpy here."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from blender_addon.cast import CrowdSpec, MotionSpec, PlacementSpec, SkaterSpec
from blender_addon.clip import Clip
from render_scripts.draw import caption, grid, row
from render_scripts.job import Job
from render_scripts.people.bodies import years_of
from render_scripts.plan import plan_job
from render_scripts.run.local import run_tasks
from render_scripts.sample import picture_of
from render_scripts.shards import read_tar
from render_scripts.worker import Task

SAMPLES = 8
COLUMNS = 3
# Seconds that somebody stands for their portrait, and into it that the picture is taken: arms have come to rest.
STANDING, INSTANT = 4.0, 2.0
VARIANTS = 1000


def people_sheet(job: Job, assets: Path, count: int, *, quiet: bool = False) -> np.ndarray:
    """An RGB picture of the first `count` people of a job's clips, however many clips that takes.

    Args:
        job: whose people; everybody in it counts, coaches too.
        assets: MakeHuman's data folder.
        quiet: no bar.

    Raises:
        UserError: as `plan_job` and `render`.
    """
    people = list(itertools.islice(people_of(job), count))
    with tempfile.TemporaryDirectory(prefix="skatesynth-people-") as scratch:
        tars = [Path(scratch, f"{clip.index}.tar") for clip in people]
        tasks = [Task(clip, tar, assets, shot="portrait") for clip, tar in zip(people, tars, strict=True)]
        with tqdm(total=count, unit="person", disable=quiet or None) as bar:

            def report(answer: Mapping[str, Any]) -> None:
                bar.update(answer["event"] == "clip")

            run_tasks(tasks, workers=1, logs=Path(scratch), report=report)
        cells = []
        for clip, tar in zip(people, tars, strict=True):
            pictures = [picture_of(fields) for _, fields in read_tar(tar)]
            cells.append(caption(words_for(clip.index + 1, clip.lead), row(pictures)))
        return grid(cells, COLUMNS)


def people_of(job: Job) -> Iterator[Clip]:
    """Clips of one person each, who stands still: everybody of a job's clips, without end. UserError as `plan_job`."""
    # A clip is the same however many there are; most jobs have one skater in each.
    plan, number = plan_job(job), 0
    for index in itertools.count():
        clip = plan.clip_at(index)
        for somebody in clip.skaters:
            yield _portrait(clip, somebody, number)
            number += 1


def _portrait(clip: Clip, somebody: SkaterSpec, number: int) -> Clip:
    stance = MotionSpec(
        element="standing", parameters={"seconds": STANDING, "variant": float(clip.seed % VARIANTS)}, start=INSTANT
    )
    still = replace(somebody, motion=stance, placement=PlacementSpec(root="in_place"), in_focus=True)
    render = replace(clip.render, engine="cycles", samples=SAMPLES, denoise=True, subdivision=1, rgb="png")
    labels = replace(clip.labels, dense=())
    return replace(
        clip, index=number, fps=25.0, count=1, skaters=(still,), crowd=CrowdSpec(), render=render, labels=labels
    )


def words_for(number: int, somebody: SkaterSpec) -> tuple[str, str]:
    """Two lines about a person: who they are, and what they wear."""
    if somebody.character is not None:
        return f"{number}: {Path(somebody.character).stem}", ""
    years = years_of(somebody.phenotype["age"])
    female = somebody.phenotype["gender"] < 0.5
    kind = ("girl" if female else "boy") if years < 18.0 else ("woman" if female else "man")
    worn = [
        f"{name} ({spec.fabric})" if name not in ("boots", "blades", "tights", "shoes") else name
        for name, spec in somebody.garments.items()
        if name != "blades"
    ]
    return f"{number}: {kind}, {years:.0f}, {somebody.hair.style}", ", ".join(worn)

"""A sheet of random scenes of a job: how its rinks, lights and cameras look, and how large people are. No bpy here."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from tqdm import tqdm

from blender_addon.clip import CameraSpec, Clip
from blender_addon.filming.lens import fov_of
from blender_addon.labels.vocabulary import Visibility
from render_scripts.distributions import weighted
from render_scripts.draw import caption, framed, grid
from render_scripts.job import CameraJob, FramesJob, Job, MotionJob, SceneJob
from render_scripts.plan import plan_job
from render_scripts.run.local import run_tasks
from render_scripts.sample import facts_of, picture_of, sample_key
from render_scripts.scenes.profiles import PROFILES
from render_scripts.shards import read_tar
from render_scripts.worker import Task

# Pixels of a picture on the sheet, at most.
WIDTH, HEIGHT = 320, 240
SAMPLES = 8
COLUMNS = 4
# What is skated on the sheet of whoever has no job, besides the demo.
ELEMENTS_SHOWN = ("axel", "camel spin", "lutz", "layback spin", "spiral")


@dataclass(frozen=True)
class Framing:
    """How somebody in focus is in a picture.

    Attributes:
        height: of what is seen of them, as a share of the picture's; 0 where nothing is.
        cut: whether a point of theirs is out of the picture.
    """

    height: float
    cut: bool

    def __str__(self) -> str:
        """As on a sheet: 45%, cut."""
        return f"{100.0 * self.height:.0f}%{', cut' if self.cut else ''}"


@dataclass(frozen=True)
class SceneSheet:
    """Pictures with words over them, as one RGB picture, and the framings of whoever is in focus in each."""

    picture: np.ndarray
    framings: Sequence[Framing]

    def words(self) -> str:
        """The framings in one line."""
        shares = [100.0 * framing.height for framing in self.framings]
        cut = sum(framing.cut for framing in self.framings)
        few, many = (float(np.percentile(shares, share)) for share in (10.0, 90.0))
        return (
            f"height of the skater: median {median(shares):.0f}% of the picture, "
            f"{few:.0f} to {many:.0f}% in four of five; cut in {cut} of {len(shares)}"
        )


def any_job(preset: str) -> Job:
    """The job of whoever has none: two seconds of skating in scenes of a preset, seen by any of the single cameras."""
    single = {name: 1.0 for name, profile in PROFILES.items() if profile.views == "one"}
    return Job(
        motions=(*(MotionJob(element=name) for name in ELEMENTS_SHOWN), MotionJob()),
        frames=FramesJob(fps=25.0, count=50),
        scene=SceneJob.model_validate({"preset": preset}),
        cameras=(CameraJob(name="camera", profile=weighted(single)),),
    )


def scene_sheet(job: Job, assets: Path, count: int, *, quiet: bool = False) -> SceneSheet:
    """The first `count` clips of a job, a random frame of each, from its cameras in turn.

    Args:
        job: whose clips, also beyond the number that it asks for.
        assets: MakeHuman's data folder.
        quiet: no bar.

    Raises:
        UserError: as `plan_job` and `render`.
    """
    plan = plan_job(job)
    shots = [_shot(plan.clip_at(number), number) for number in range(count)]
    with tempfile.TemporaryDirectory(prefix="skatesynth-scenes-") as scratch:
        tars = [Path(scratch, f"{number}.tar") for number in range(count)]
        tasks = [Task(clip, tar, assets, frames=(frame,)) for (clip, frame), tar in zip(shots, tars, strict=True)]
        with tqdm(total=count, unit="scene", disable=quiet or None) as bar:

            def report(answer: Mapping[str, Any]) -> None:
                bar.update(answer["event"] == "clip")

            run_tasks(tasks, workers=1, logs=Path(scratch), report=report)
        cells, framings = [], []
        for (clip, frame), tar in zip(shots, tars, strict=True):
            camera = clip.cameras[-1]
            fields = dict(read_tar(tar))[sample_key(clip.index, camera.name, frame)]
            facts = facts_of(fields)
            framing = framing_of(facts)
            picture = framed(picture_of(fields), WIDTH, HEIGHT)
            cells.append(caption(words_for(clip, camera, facts, framing), picture))
            framings.append(framing)
        return SceneSheet(grid(cells, COLUMNS), framings)


def _shot(clip: Clip, number: int) -> tuple[Clip, int]:
    """The clip, small and with the one camera whose turn it is (and the one that carries it), and a frame of it."""
    camera = clip.cameras[number % len(clip.cameras)]
    cameras = [other for other in clip.cameras if other.name == camera.beside] + [camera]
    frame = int(np.random.default_rng((clip.seed, number)).integers(clip.count))
    render = replace(clip.render, samples=SAMPLES, denoise=True, rgb="png")
    labels = replace(clip.labels, dense=())
    small = replace(clip, cameras=tuple(_small(other) for other in cameras), render=render, labels=labels)
    return small, frame


def _small(camera: CameraSpec) -> CameraSpec:
    share = min(1.0, WIDTH / camera.width, HEIGHT / camera.height)
    return replace(camera, width=max(1, round(camera.width * share)), height=max(1, round(camera.height * share)))


def framing_of(facts: Mapping[str, Any]) -> Framing:
    """How the largest of those in focus is in a picture, from its JSON."""
    people = [person for person in facts["people"] if person["in_focus"]]
    largest = max(people, key=lambda person: person["bbox"][3], default=None)
    if largest is None:
        return Framing(0.0, True)
    cut = any(Visibility.OUTSIDE in points["visibility"] for points in largest["keypoints"].values())
    return Framing(largest["bbox"][3] / facts["camera"]["height"], cut)


def words_for(clip: Clip, camera: CameraSpec, facts: Mapping[str, Any], framing: Framing) -> tuple[str, str, str]:
    """Lines about a picture: the scene and how large somebody is in it, its camera and lens, how it was exposed."""
    lens, exposure, focal = camera.lens, facts["camera"]["exposure"], facts["camera"]["K"][0][0]
    angle, length = math.degrees(fov_of(lens, camera.width, focal)), lens.sensor_width * focal / camera.width
    return (
        f"{clip.index}: {clip.rink.kind}, {clip.light.kind}; {framing}",
        # The font has no sign for degrees.
        f"{camera.profile}, {camera.moves.follow}, {angle:.0f} deg, {length:.3g} mm",
        f"1/{1.0 / exposure['shutter']:.0f} s, f/{exposure['f_number']:.1f}, ISO {exposure['iso']:.0f}, "
        f"{camera.sensor.exposure:+.1f}",
    )

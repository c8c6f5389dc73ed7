"""Keypoints' visibility against rays through all meshes, over random frames of a scene preset.

    python tests/bench/check_visibility.py --out DIR [--clips 17] [--frames 4] [--first 0] [--preset default]
                                           [--elements NAME,NAME] [--sets body_25,…] [--widths 640,640,320]
                                           [--count 50] [--people 3] [--close 1.0] [--crowd 0]
    python tests/bench/check_visibility.py --out DIR --as-drawn [--clips 17] [--frames 4] [--first 0] [--preset default]
                                           [--widths 640] [--seed 6]
    python tests/bench/check_visibility.py --from DIR DIR … [--docs]

The first collects, the second judges what was collected, so that a rule can be looked at again without rendering anew.

Every clip is built as a job's would be, with other skaters, a coach and spectators, one element after another, and seen
by a camera of each width; each frame is rendered by a single sample, with shutter and lens such that labels are of one
instant. The judge is `tests/ray_truth.py`; what rays met is kept, of each point's own ray and of five that are at most
half a pixel from it. Three people a metre apart who spin are the hardest there is; `--as-drawn` takes company, places
and programs as the preset draws them: the clips of `check_frames.py`. `visibility_table.py` says what is printed. DIR
also gets the pictures, to look at.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from check_frames import job_of
from ray_truth import meet, meet_skin
from scene_shells import Scene
from visibility_table import Table, joined, load, offsets, report, save, write_docs

from blender_addon.clip import CameraSpec, Clip
from blender_addon.labels.annotate import Subject, flesh_before, flesh_of, mixture_of, positions_of
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.projection import inside, project
from blender_addon.labels.vocabulary import Cause
from blender_addon.makehuman.assets import ensure_assets
from blender_addon.render.frame import Frame
from blender_addon.render.shoot import Studio, open_studio
from mocap.elements.library import ELEMENTS, element_duration
from mocap.errors import UserError
from render_scripts.job import Job
from render_scripts.plan import plan_job
from render_scripts.scene_sheet import any_job

# Pixels round a point's own that are kept on each side.
AROUND = 2


def check_job(options: argparse.Namespace, element: str, cameras: int) -> Job:
    """A job whose first skater shows an element, others any; the second is close by, if that is asked for."""
    job = any_job(options.preset)
    raw = job.model_dump(mode="json", exclude_none=True)
    raw["seed"] = options.seed
    raw["motions"] = [
        {"element": element} if element else {},
        *({"element": name} for name in ELEMENTS if element_duration(name) > options.count / 20.0),
    ]
    raw["frames"]["count"] = options.count
    raw["cameras"] = [raw["cameras"][0] | {"name": f"camera-{k}"} for k in range(cameras)]
    close = {"motion": 0, "placement": {"y": options.close}} if options.close else {}
    raw["skaters"] = [{"motion": 0}, *[close][: options.people - 1], *[{}][: max(0, options.people - 2)]]
    raw["coaches"] = {"count": [0, 1]}
    raw["crowd"] = {"spectators": options.crowd, "kinds": 2}
    return Job.model_validate(raw)


def clip_of(options: argparse.Namespace, element: str, cameras: int, number: int) -> Clip:
    """The clip of that number, as asked for."""
    if options.as_drawn:
        job = job_of(options.preset, number + 1).model_copy(update={"seed": options.seed})
    else:
        job = check_job(options, element, cameras)
    return plan_job(job).clip_at(number)


def small(camera: CameraSpec, width: int) -> CameraSpec:
    share = min(1.0, width / max(camera.width, camera.height))
    sensor = replace(camera.sensor, readout=0.0, motion_blur=False, depth_of_field=False)
    size = {name: max(1, round(getattr(camera, name) * share)) for name in ("width", "height")}
    return replace(camera, **size, sensor=sensor)


def collect(clip: Clip, frames: list[int], sets: tuple[str, ...], assets: Path, pictures: Path) -> list[Table]:
    render = replace(clip.render, samples=1, denoise=False, engine="cycles", device="cpu", rgb="png")
    clip = replace(clip, render=render, labels=replace(clip.labels, keypoints=sets))
    with tempfile.TemporaryDirectory() as folder:
        studio = open_studio(clip, assets, Path(folder))
        cycles: Any = studio.scene.cycles
        # Labels are of what rays meet first.
        cycles.max_bounces = 0
        scene = Scene(studio, assets)
        out: list[Table] = []
        for frame in frames:
            for shot in studio.shoot(frame):
                name = f"{clip.index}-{clip.lead.motion.element or 'program'}-{frame}-{shot.camera.name}".replace(
                    " ", "_"
                )
                masks = {"rgb": shot.rgb, "body": shot.body, "clothes": shot.clothes, "instance": shot.instance}
                np.savez_compressed(pictures / f"{name}.npz", depth=shot.dense["depth"], **masks)
                for number in range(len(studio.cast)):
                    found = of_person(shot, studio, scene, number, sets, name)
                    out += [] if found is None else [found]
        return out


def of_person(
    shot: Frame, studio: Studio, scene: Scene, number: int, sets: tuple[str, ...], picture: str
) -> Table | None:
    """All that is to be known of a person's points that are in the picture; None where none is."""
    person, member, frame, view = shot.people[number], studio.cast[number], shot.frame, shot.camera
    marks = {name: track[frame] for name, track in member.landmarks.items()}
    mixture = mixture_of(sets)
    places, apart = positions_of(mixture, marks)
    flesh = flesh_of(mixture, member.human, apart)
    xy, camera = project(view, places)
    within = np.flatnonzero(inside(xy, view.width, view.height) & (camera[:, 2] > 0.0))
    if not len(within):
        return None
    subject = Subject(
        person.instance, member.spec, member.human, marks, member.surface[frame], member.track.matrices[frame]
    )
    before = flesh_before(subject, view, places, np.isin(np.arange(len(places)), within), flesh.most)
    label = np.full(len(places), Cause.ABSENT, dtype=np.uint8)
    names = np.full(len(places), "", dtype="U32")
    for name in reversed(sets):
        label[mixture.chosen[name]] = person.keypoints[name].cause
        names[mixture.chosen[name]] = [f"{name} {point}" for point in KEYPOINT_SETS[name].points]
    at, pixels = camera[within], xy[within]
    moved = offsets(pixels)
    rays = np.repeat(at[:, None], moved.shape[1], axis=1)
    rays[..., :2] += moved * (at[:, None, 2:] / view.K[0, 0])
    rays = rays.reshape(-1, 3)
    met = meet(rays, scene.shells(view, view.name, rays))
    skin = meet_skin(rays, scene.bare_skin(number, frame, view))
    column, row = np.floor(pixels).astype(np.int64).T
    dy, dx = np.mgrid[-AROUND : AROUND + 1, -AROUND : AROUND + 1]
    rows = np.clip(row[:, None, None] + dy, 0, view.height - 1)
    columns = np.clip(column[:, None, None] + dx, 0, view.width - 1)
    depth = shot.dense["depth"]
    tall = person.bbox[3]
    count = len(within)
    return Table(
        point=names[within],
        picture=np.full(count, picture),
        person=np.full(count, person.instance),
        focus=np.full(count, member.spec.in_focus),
        tall=np.full(count, tall),
        focal=np.full(count, float(view.K[0, 0])),
        label=label[within],
        xy=pixels,
        camera=at,
        length=np.linalg.norm(rays, axis=1).reshape(count, -1),
        own=before.own[within],
        every=before.every[within],
        most=flesh.most[within],
        depth=depth[rows, columns],
        who=shot.instance[rows, columns].astype(np.int32),
        part=shot.body[rows, columns],
        garment=shot.clothes[rows, columns],
        met=met,
        skin=skin,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=len(ELEMENTS))
    parser.add_argument("--frames", type=int, default=4)
    parser.add_argument("--count", type=int, default=50, help="frames that a clip is long, at 25 per second")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--preset", default="default")
    parser.add_argument("--elements", default=",".join(ELEMENTS))
    parser.add_argument("--sets", default=",".join(KEYPOINT_SETS))
    parser.add_argument("--widths", default="640,640,320")
    parser.add_argument("--people", type=int, default=3)
    parser.add_argument("--close", type=float, default=1.0, help="metres between the first two skaters; 0: as it comes")
    parser.add_argument("--crowd", type=int, default=0)
    parser.add_argument("--as-drawn", action="store_true", help="scenes as the preset draws them")
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--from", dest="of", type=Path, nargs="*")
    parser.add_argument("--docs", action="store_true")
    options = parser.parse_args()
    if options.of:
        found = report(joined([load(file) for folder in options.of for file in sorted(folder.glob("rows-*.npz"))]))
        print(found)
        if options.docs:
            write_docs(found)
        return
    if options.out is None:
        parser.error("give --out, where to put what is collected, or --from, what to judge")
    options.out.mkdir(parents=True, exist_ok=True)
    assets = ensure_assets()
    elements = [name.strip() for name in options.elements.split(",")]
    widths = [int(width) for width in options.widths.split(",")]
    for number in range(options.first, options.first + options.clips):
        began = time.perf_counter()
        clip = clip_of(options, elements[number % len(elements)], len(widths), number)
        cameras = tuple(small(camera, width) for camera, width in zip(clip.cameras, widths, strict=False))
        clip = replace(clip, cameras=cameras)
        rng = np.random.default_rng((options.seed, number))
        frames = sorted(rng.choice(clip.count, size=min(options.frames, clip.count), replace=False).tolist())
        try:
            tables = collect(clip, frames, tuple(options.sets.split(",")), assets, options.out)
        except UserError as error:
            print(f"clip {number}: {error}", file=sys.stderr)
            continue
        if tables:
            save(options.out / f"rows-{number:04d}.npz", joined(tables))
        print(f"clip {number}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()

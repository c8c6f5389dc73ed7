"""Keypoints' visibility against rays through all meshes, over random frames of a scene preset.

    python tests/bench/check_visibility.py [--clips 12] [--frames 6] [--first 0] [--preset default] [--out FILE.npz]
                                           [--elements NAME,NAME] [--sets body_25] [--width 640]
                                           [--people 3] [--crowd 0]

Every clip is built as a job's would be, with other skaters, a coach and spectators, and seen by one camera; each frame
is rendered by a single sample, with shutter and lens such that labels are of one instant. The judge is
`tests/ray_truth.py`. Printed: the share of keypoints in the picture whose visibility agrees, and whose cause does, the
table of both, and the share of visible keypoints on a pixel of their own person and part. `--out` keeps every keypoint.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from ray_truth import judge
from scene_shells import Scene

from blender_addon.clip import CameraSpec, Clip
from blender_addon.labels.annotate import Subject, flesh_before, flesh_of, mixture_of, positions_of
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.projection import project
from blender_addon.labels.vocabulary import BODY_PARTS, CLOTHES, Cause
from blender_addon.makehuman.assets import ensure_assets
from blender_addon.render.shoot import open_studio
from mocap.errors import UserError
from render_scripts.job import Job
from render_scripts.plan import plan_job
from render_scripts.scene_sheet import any_job


def check_job(preset: str, elements: list[str], people: int, crowd: int, seed: int) -> Job:
    job = any_job(preset)
    raw = job.model_dump(mode="json", exclude_none=True)
    raw["seed"] = seed
    if elements:
        raw["motions"] = [{"element": name} for name in elements]
    raw["skaters"] = [{}, {"count": [0, people - 1], "motion": {"element": "stroking"}}] if people > 1 else [{}]
    raw["coaches"] = {"count": [0, 1]}
    raw["crowd"] = {"spectators": crowd, "kinds": 2}
    return Job.model_validate(raw)


def small(camera: CameraSpec, width: int) -> CameraSpec:
    share = min(1.0, width / max(camera.width, camera.height))
    sensor = replace(camera.sensor, readout=0.0, motion_blur=False, depth_of_field=False)
    size = {name: max(1, round(getattr(camera, name) * share)) for name in ("width", "height")}
    return replace(camera, **size, sensor=sensor)


def records(clip: Clip, frames: list[int], sets: tuple[str, ...], assets: Path) -> Iterator[dict[str, Any]]:
    render = replace(clip.render, samples=1, denoise=False, engine="cycles", device="cpu", rgb="png")
    clip = replace(clip, render=render, labels=replace(clip.labels, keypoints=sets))
    with tempfile.TemporaryDirectory() as folder:
        studio = open_studio(clip, assets, Path(folder))
        scene = Scene(studio, assets)
        for frame in frames:
            for shot in studio.shoot(frame):
                yield from of_picture(shot, studio, scene, frame, sets)


def of_picture(shot: Any, studio: Any, scene: Scene, frame: int, sets: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    depths = shot.dense["depth"]
    height, width = depths.shape
    window = np.stack(np.meshgrid((-1, 0, 1), (-1, 0, 1), indexing="ij"), axis=-1).reshape(-1, 2)
    for number, person in enumerate(shot.people[: len(studio.cast)]):
        member = studio.cast[number]
        marks = {name: track[frame] for name, track in member.landmarks.items()}
        mixture = mixture_of(sets)
        whole = flesh_of(mixture, member.human, positions_of(mixture, marks)[1])
        places = positions_of(mixture, marks)[0]
        xy, camera = project(shot.camera, places)
        subject = Subject(
            number + 1, member.spec, member.human, marks, member.surface[frame], member.track.matrices[frame]
        )
        asked = np.isfinite(xy).all(axis=1)
        inner = flesh_before(mixture, subject, shot.camera, places, camera, asked)
        for name in sets:
            points, found = KEYPOINT_SETS[name], person.keypoints[name]
            within = np.flatnonzero(found.cause < Cause.OUT_OF_FRAME)
            if not len(within):
                continue
            part = mixture.chosen[name]
            most, own = whole.most[part], whole.own[part]
            at = found.camera[within]
            shells = scene.shells(shot.camera, shot.camera.name, at)
            bare = scene.bare_skin(number, frame, shot.camera)
            cause, depth = judge(at, most[within], person.instance, shells, bare)
            pixel = np.floor(found.xy[within]).astype(int)[:, ::-1]
            near = np.clip(pixel[:, None] + window, 0, (height - 1, width - 1))
            rows, columns = near[..., 0], near[..., 1]
            for k, point in enumerate(within.tolist()):
                yield {
                    "clip": shot.clip,
                    "frame": frame,
                    "person": person.instance,
                    "point": f"{name} {points.points[point]}",
                    "label": int(found.cause[point]),
                    "truth": int(cause[k]),
                    "inside": float(depth[k]),
                    "inner": float(inner[part][point]),
                    "most": float(most[point]),
                    "own": own[point],
                    "xy": found.xy[point],
                    "camera": at[k],
                    "focal": float(shot.camera.K[0, 0]),
                    "near_depth": depths[rows[k], columns[k]],
                    "near_who": shot.instance[rows[k], columns[k]].astype(np.int32),
                    "near_part": shot.body[rows[k], columns[k]],
                    "near_garment": shot.clothes[rows[k], columns[k]],
                }


def report(rows: list[dict[str, Any]]) -> str:
    label, truth = (np.array([row[key] for row in rows]) for key in ("label", "truth"))
    lines = [f"{len(rows)} keypoints in the picture of {len({(r['clip'], r['frame']) for r in rows})} frames"]
    same = (label == Cause.VISIBLE) == (truth == Cause.VISIBLE)
    lines.append(f"visibility agrees in {100 * same.mean():.2f}%, cause in {100 * (label == truth).mean():.2f}%")
    causes = [Cause(k) for k in range(5)]
    lines.append("label \\ ray  " + " ".join(f"{cause.name.lower():>13}" for cause in causes))
    for one in causes:
        counts = [int(np.sum((label == one) & (truth == other))) for other in causes]
        lines.append(f"{one.name.lower():>12} " + " ".join(f"{count:13d}" for count in counts))
    seen = [row for row in rows if row["label"] == Cause.VISIBLE]
    on = [row["near_who"][4] == row["person"] and row["own"][row["near_part"][4]] for row in seen]
    lines.append(f"visible keypoints on a pixel of their own part: {100 * np.mean(on):.2f}% of {len(on)}")
    for title, chosen in (
        ("visibility differs", [row for row, fine in zip(rows, same, strict=True) if not fine]),
        ("visible, but not on the own part", [row for row, fine in zip(seen, on, strict=True) if not fine]),
    ):
        kinds: dict[str, int] = {}
        for row in chosen:
            kind = kind_of(row)
            kinds[kind] = kinds.get(kind, 0) + 1
        lines.append(f"{title}:")
        lines += [f"  {count:5d}  {kind}" for kind, count in sorted(kinds.items(), key=lambda k: -k[1])[:25]]
    return "\n".join(lines)


def kind_of(row: dict[str, Any]) -> str:
    who = row["near_who"][4]
    what = "nobody" if who == 0 else "somebody else"
    if who == row["person"]:
        what = f"{CLOTHES[row['near_garment'][4]].name} on {BODY_PARTS[row['near_part'][4]].name}"
    label, truth = Cause(row["label"]).name.lower(), Cause(row["truth"]).name.lower()
    return f"{row['point']:22} label {label}, ray {truth}; pixel shows {what}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=12)
    parser.add_argument("--frames", type=int, default=6)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--preset", default="default")
    parser.add_argument("--elements", default="")
    parser.add_argument("--sets", default="body_25")
    parser.add_argument("--width", type=int, default=640)
    parser.add_argument("--people", type=int, default=3)
    parser.add_argument("--crowd", type=int, default=0)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--out")
    options = parser.parse_args()
    assets = ensure_assets()
    elements = [name.strip() for name in options.elements.split(",") if name]
    plan = plan_job(check_job(options.preset, elements, options.people, options.crowd, options.seed))
    rows: list[dict[str, Any]] = []
    for number in range(options.first, options.first + options.clips):
        began = time.perf_counter()
        clip = plan.clip_at(number)
        clip = replace(clip, cameras=tuple(small(camera, options.width) for camera in clip.cameras))
        rng = np.random.default_rng((options.seed, number))
        frames = sorted(rng.choice(clip.count, size=min(options.frames, clip.count), replace=False).tolist())
        try:
            rows += list(records(clip, frames, tuple(options.sets.split(",")), assets))
        except UserError as error:
            print(f"clip {number}: {error}", file=sys.stderr)
        print(f"clip {number}: {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    print(report(rows))
    if options.out:
        np.savez_compressed(options.out, **{key: np.array([row[key] for row in rows]) for key in rows[0]})


if __name__ == "__main__":
    main()

"""Handed-over scenes as jobs and plans know them, without Blender."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from blender_addon.cast import BY_HAND, CrowdSpec, MotionSpec, SkaterSpec
from blender_addon.clip import CameraSpec, Clip, RinkSpec
from blender_addon.stage import LARGEST, SCENE_JSON, Stage, read_stage, sum_of, write_stage
from mocap.errors import UserError
from render_scripts.dataset.identity import identity_of
from render_scripts.job import load_job
from render_scripts.plan import plan_job
from render_scripts.worker import parse_task, take_events

CLIP = Clip(
    index=0,
    seed=1,
    fps=12.5,
    count=5,
    skaters=(SkaterSpec(motion=MotionSpec(start=2.0)),),
    cameras=(CameraSpec("phone", width=200, height=150), CameraSpec("My-camera", profile="own", width=90, height=160)),
)
STAGE = Stage(
    clip=CLIP,
    first=7,
    step=2,
    rate=25.0,
    shown=("ice", "skater_1_body"),
    world=None,
    lit=True,
    armatures=("skater_1",),
    meshes=(("skater_1_body",),),
    cameras={"phone": "camera phone", "My-camera": "My camera"},
    pictures={},
)


def job_on(folder: Path, text: str = "", stage: Stage = STAGE) -> Path:
    """A job file beside a scene."""
    (folder / "scene.blend").write_bytes(b"BLENDER")
    write_stage(stage, folder)
    path = folder / "job.yaml"
    path.write_text(f"stage: scene.blend\n{text}")
    return path


def test_what_is_written_is_read(tmp_path: Path) -> None:
    job_on(tmp_path)
    assert read_stage(tmp_path / "scene.blend") == STAGE


def test_the_plan_is_the_clip_of_the_scene_with_the_jobs_labels_and_render(tmp_path: Path) -> None:
    plan = plan_job(load_job(job_on(tmp_path, "labels: {keypoints: [coco_17]}\nrender: {samples: 3}\nseed: 9\n")))
    assert len(plan) == 1
    (clip,) = plan
    assert (clip.skaters, clip.cameras, clip.fps, clip.count) == (CLIP.skaters, CLIP.cameras, 12.5, 5)
    assert clip.labels.keypoints == ("coco_17",) and clip.render.samples == 3
    assert clip.stage == str(tmp_path / "scene.blend") and clip.seed != CLIP.seed
    (outline,) = plan.outlines()
    assert (outline.take, outline.start, outline.pictures) == ("demo", 2.0, 10)
    assert outline.cameras == (("phone", 200, 150), ("My-camera", 90, 160))


@pytest.mark.parametrize(
    "text",
    [
        "clips: 2",
        "motions: [{element: axel}]",
        "frames: {count: 3}",
        "augment: {mirror: 0.5}",
        "skaters: [{count: 2}]",
        "coaches: {count: 1}",
        "crowd: {spectators: 5}",
        "cameras: [{name: a}]",
        "scene: {preset: wild}",
        "render: {engine: eevee}",
        "render: {subdivision: 1}",
        "render: {cloth: simulated}",
        "labels: {surface: true}",
        "output: {split: {train: 0.5, val: 0.5}}",
    ],
)
def test_what_would_be_drawn_is_refused_beside_it(tmp_path: Path, text: str) -> None:
    with pytest.raises(UserError, match=r"(a|on a) stage"):
        load_job(job_on(tmp_path, text))


def test_a_job_with_its_defaults_written_out_is_read_again(tmp_path: Path) -> None:
    job = load_job(job_on(tmp_path))
    _, text = identity_of(job, tmp_path)
    (tmp_path / "kept.yaml").write_text(text)
    assert load_job(tmp_path / "kept.yaml").stage == job.stage


def test_both_files_and_those_that_they_name_decide_the_bytes(tmp_path: Path) -> None:
    character, ice = tmp_path / "anna.blend", tmp_path / "ice.png"
    character.write_bytes(b"one")
    ice.write_bytes(b"white")
    with_anna = replace(
        STAGE, clip=replace(CLIP, skaters=(SkaterSpec(character=str(character)),)), pictures={str(ice): sum_of(ice)}
    )
    job = load_job(job_on(tmp_path, stage=with_anna))
    files = identity_of(job, tmp_path)[0]["files"]
    assert files.keys() == {"scene.blend", "scene.json", "anna.blend", "ice.png"}
    for path in (tmp_path / "scene.blend", tmp_path / "scene.json", character, ice):
        before = path.read_bytes()
        path.write_bytes(before + b" ")
        assert identity_of(job, tmp_path)[0]["files"] != files
        path.write_bytes(before)


def test_a_scene_without_its_other_file_is_told(tmp_path: Path) -> None:
    job = load_job(job_on(tmp_path))
    (tmp_path / SCENE_JSON).unlink()
    with pytest.raises(UserError, match=r"scene\.json: there is no such file"):
        list(plan_job(job).outlines())


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("clip", "count"), 0),
        (("clip", "count"), "many"),
        (("clip", "fps"), 30.0),
        (("clip", "skaters"), []),
        (("clip", "cameras", 0, "name"), "../phone"),
        (("clip", "cameras", 0, "width"), 10**9),
        (("clip", "cameras", 1, "height"), 0),
        (("clip", "stranger"), 1),
        (("armatures",), ["one", "two"]),
        (("cameras",), {"phone": "camera phone"}),
        (("step",), 0),
        (("shown",), [3]),
        ((), []),
    ],
)
def test_what_does_not_fit_together_is_refused(tmp_path: Path, place: tuple[Any, ...], value: Any) -> None:
    job_on(tmp_path)
    path = tmp_path / SCENE_JSON
    data: Any = {"whole": json.loads(path.read_text())}
    at = data
    for step in ("whole", *place)[:-1]:
        at = at[step]
    at[("whole", *place)[-1]] = value
    path.write_text(json.dumps(data["whole"]))
    with pytest.raises(UserError, match=r"scene\.json"):
        read_stage(tmp_path / "scene.blend")


def test_a_file_without_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    job_on(tmp_path)
    with (tmp_path / SCENE_JSON).open("ab") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(UserError, match=r"scene\.json: is too large"):
        read_stage(tmp_path / "scene.blend")


def test_somebody_posed_by_hand_shows_no_elements() -> None:
    posed = replace(CLIP, skaters=(SkaterSpec(motion=MotionSpec(take=BY_HAND)),), crowd=CrowdSpec(), rink=RinkSpec())
    assert take_events(posed) == []


def test_a_worker_is_told_of_the_stage(tmp_path: Path) -> None:
    from render_scripts.worker import Task

    task = Task(replace(CLIP, stage="/somewhere/scene.blend"), tmp_path / "a.tar", tmp_path)
    assert parse_task(task.line()) == task

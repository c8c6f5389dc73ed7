"""The sheet of scenes, with workers that need no Blender."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import made_frames
import numpy as np
import pytest

from render_scripts.cli import main
from render_scripts.distributions import always
from render_scripts.job import CameraJob, Job
from render_scripts.plan import plan_job
from render_scripts.scene_sheet import COLUMNS, HEIGHT, WIDTH, Framing, SceneSheet, any_job, framing_of, scene_sheet
from render_scripts.scenes.profiles import PROFILES


@pytest.fixture(autouse=True)
def no_blender(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("render_scripts.run.process.worker_command", lambda: [sys.executable, made_frames.__file__])


def test_a_sheet_has_as_many_scenes_as_are_asked_for(tmp_path: Path) -> None:
    job = Job(seed=4, cameras=(CameraJob(name="a"), CameraJob(name="b", profile=always("phone-portrait"))))
    sheets = [scene_sheet(job, tmp_path, count, quiet=True) for count in (1, COLUMNS + 1)]
    assert [len(sheet.framings) for sheet in sheets] == [1, COLUMNS + 1]
    small, large = (sheet.picture for sheet in sheets)
    assert small.shape[1] == WIDTH and small.shape[0] > HEIGHT
    assert large.shape[1] > COLUMNS * WIDTH and large.shape[0] > 2 * HEIGHT
    # The first scene is the same, however many there are.
    assert np.array_equal(large[: small.shape[0], :WIDTH], small)
    # Made people are half as high as their pictures, and one of their points is out of these.
    assert sheets[1].framings == [Framing(pytest.approx(0.5, abs=0.01), True)] * (COLUMNS + 1)


def test_a_pairs_second_view_comes_with_the_first(tmp_path: Path) -> None:
    job = Job(cameras=(CameraJob(name="head", profile=always("stereo")),))
    assert len(scene_sheet(job, tmp_path, 2, quiet=True).framings) == 2


def test_scenes_without_a_job_are_seen_by_any_single_camera() -> None:
    plan = plan_job(any_job("wild"))
    seen = {plan.clip_at(k).cameras[0].profile for k in range(60)}
    assert seen == {name for name, profile in PROFILES.items() if profile.views == "one"}


def test_the_words_are_of_whoever_is_largest_in_focus() -> None:
    def person(in_focus: bool, height: float, *visibility: int) -> dict[str, Any]:
        points = {"body_25": {"visibility": visibility}}
        return {"in_focus": in_focus, "bbox": [0.0, 0.0, 10.0, height], "keypoints": points}

    camera = {"height": 200}
    people = [person(False, 150.0, 0), person(True, 90.0, 2, 1), person(True, 40.0, 0)]
    assert framing_of({"camera": camera, "people": people}) == Framing(0.45, False)
    assert framing_of({"camera": camera, "people": people[::2]}) == Framing(0.2, True)
    assert framing_of({"camera": camera, "people": people[:1]}) == Framing(0.0, True)
    framings = [Framing(0.2, False), Framing(0.4, True), Framing(0.9, False)]
    words = SceneSheet(np.zeros((1, 1, 3), dtype=np.uint8), framings).words()
    assert "median 40%" in words and "cut in 1 of 3" in words


def test_the_command_line_asks_for_scenes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[tuple[Job, int]] = []

    def sheet(job: Job, assets: Path, count: int) -> SceneSheet:
        asked.append((job, count))
        return SceneSheet(np.zeros((4, 4, 3), dtype=np.uint8), [Framing(0.5, False)])

    monkeypatch.setattr("render_scripts.scene_sheet.scene_sheet", sheet)
    monkeypatch.setattr("blender_addon.makehuman.assets.ensure_assets", lambda *args, **words: tmp_path)
    out, job = tmp_path / "scenes.png", tmp_path / "job.yaml"
    job.write_text("version: 1\nseed: 3\nscene: {preset: clean}\n")
    common = ["preview", "--scenes", "5", "-o", str(out)]
    assert main([*common, "--preset", "wild", "--seed", "8"]) == 0 and main([*common, str(job)]) == 0
    assert [(made.seed, made.scene.preset, count) for made, count in asked] == [(8, "wild", 5), (3, "clean", 5)]
    assert out.is_file() and "median 50%" in capsys.readouterr().out
    assert main([*common, "--preset", "wild", str(job)]) == 2
    assert main(["preview", "--preset", "wild", "--people", "1"]) == 2

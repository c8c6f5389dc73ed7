"""Runs of several workers into a finished folder, with a worker that needs no Blender."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from made_frames import ASSETS, VERSIONS

from blender_addon.clip import Clip
from mocap.errors import UserError
from render_scripts import dataset
from render_scripts.dataset import make_dataset
from render_scripts.errors import RunFailed
from render_scripts.export.samples import samples
from render_scripts.job import CameraJob, FramesJob, Job, OutputJob
from render_scripts.plan import Plan
from render_scripts.run import local, process
from render_scripts.shards import sha256

WORKER = Path(__file__).with_name("made_frames.py")
CAMERAS = (CameraJob(name="phone", width=64, height=48), CameraJob(name="stand", width=48, height=48))


@pytest.fixture(autouse=True)
def quick_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset, "plan_job", lambda job: dataset_plan(job))
    workers_fail(monkeypatch, "")


def dataset_plan(job: Job) -> Any:
    return Plan(job, {("demo", None): 12.0})


def workers_fail(monkeypatch: pytest.MonkeyPatch, how: str) -> None:
    monkeypatch.setattr(process, "worker_command", lambda: [sys.executable, str(WORKER), *([how] if how else [])])


class Undrawable(Plan):
    """A plan whose second clip cannot be drawn."""

    def clip_at(self, index: int) -> Clip:
        if index == 1:
            raise ValueError("no such colour")
        return super().clip_at(index)


def job(out: Path, **changes: Any) -> Job:
    small = Job(clips=3, frames=FramesJob(fps=25.0, count=2), cameras=CAMERAS, output=OutputJob(shard_size=5))
    return small.model_copy(update={"out": str(out), **changes})


def test_a_data_set_is_whole(tmp_path: Path) -> None:
    out, lines = tmp_path / "data", tmp_path / "progress.jsonl"
    made = make_dataset(job(out), ASSETS, workers=2, progress_file=lines, quiet=True)
    assert [(shard.name, shard.samples) for shard in made.shards] == [
        ("train-000000.tar", 5),
        ("train-000001.tar", 5),
        ("train-000002.tar", 2),
    ]
    keys = [f"{c:06d}_{n}_{f:06d}" for c in range(3) for f in range(2) for n in ("phone", "stand")]
    assert [sample.key for sample in samples(out)] == keys
    assert sorted(path.name for path in out.iterdir()) == sorted(
        ["README.md", "SHA256SUMS", "_info.json", "contact_sheet.png", "job.yaml", "run.json"]
        + [shard.name for shard in made.shards]
    )
    for line in (out / "SHA256SUMS").read_text().splitlines():
        digest, name = line.split("  ")
        assert sha256(out / name) == digest and name != "run.json"
    info = json.loads((out / "_info.json").read_text())["splits"]["train"]
    assert info["num_samples"] == 12 and info["shard_lengths"] == [5, 5, 2]
    events = [json.loads(line) for line in lines.read_text().splitlines()]
    assert [event["event"] for event in events] == ["start", *["frame"] * 12, "done"]
    assert events[0]["total"] == 12 and events[12]["done"] == 12 and events[12]["seconds_left"] == 0.0
    assert sorted(event["key"] for event in events[1:13]) == sorted(keys)


def test_a_clip_that_cannot_be_drawn_is_set_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dataset, "plan_job", lambda job: Undrawable(job, {("demo", None): 12.0}))
    made = make_dataset(job(tmp_path / "data"), ASSETS, workers=2, quiet=True)
    (lost,) = made.set_aside
    assert lost.clip == 1 and lost.reason == "clip 1 cannot be drawn: ValueError: no such colour"
    assert {sample.clip for sample in samples(tmp_path / "data")} == {0, 2}


def test_the_card_is_what_hugging_face_reads(tmp_path: Path) -> None:
    make_dataset(job(tmp_path), ASSETS, quiet=True)
    _, head, _ = (tmp_path / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    data = yaml.safe_load(head)
    names = [feature["name"] for feature in data["dataset_info"]["features"]]
    assert {"__key__", "json", "rgb.png", "body.png", "depth.png"} <= set(names)
    facts = next(f for f in data["dataset_info"]["features"] if f["name"] == "json")["struct"]
    motion = next(f for f in facts if f["name"] == "motion")["struct"]
    events = next(f for f in motion if f["name"] == "events")["list"]
    assert {event["name"]: event["dtype"] for event in events}["turns"] == "float64"


def test_workers_and_places_change_no_byte(tmp_path: Path) -> None:
    for name, workers in (("a", 1), ("b", 3)):
        make_dataset(job(tmp_path / name), ASSETS, workers=workers, quiet=True)
    assert (tmp_path / "a" / "SHA256SUMS").read_bytes() == (tmp_path / "b" / "SHA256SUMS").read_bytes()
    assert VERSIONS["blender"] in (tmp_path / "a" / "train-000000.tar").read_bytes().decode("latin-1")


@pytest.mark.parametrize(
    ("how", "tries", "words"),
    [
        ("die", 2, r"ended with status 11 in clip 1: something broke deep inside \(its log: .*worker-0.log\)"),
        ("break", 2, r"failed in clip 1: RuntimeError: two lines"),
        ("refuse", 1, r"a\.mvnx: the take is no good"),
    ],
)
def test_a_clip_that_fails_is_tried_again_and_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str, tries: int, words: str
) -> None:
    out, lines = tmp_path / "data", tmp_path / "progress.jsonl"
    workers_fail(monkeypatch, how)
    made = make_dataset(job(out), ASSETS, quiet=True, progress_file=lines)
    (lost,) = made.set_aside
    assert lost.clip == 1 and re.search(words, lost.reason) and lost.mistake == (how == "refuse")
    assert lost.log == () if how == "refuse" else "something broke deep inside" in lost.log or how == "break"
    assert [sample.clip for sample in samples(out)] == [0] * 4 + [2] * 4
    events = [json.loads(line) for line in lines.read_text().splitlines()]
    frames = [event["key"] for event in events if event["event"] == "frame"]
    assert frames.count("000001_phone_000000") == tries
    assert [event["done"] for event in events if event["event"] == "frame"][-1] <= 9 and events[-1]["event"] == "done"
    assert json.loads((out / "run.json").read_text())["pictures_rendered"] == 8


def test_one_that_fails_only_once_is_in_the_data_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAILED_ONCE", str(tmp_path / "failed"))
    workers_fail(monkeypatch, "die")
    assert not make_dataset(job(tmp_path / "data"), ASSETS, quiet=True).set_aside
    workers_fail(monkeypatch, "")
    make_dataset(job(tmp_path / "straight"), ASSETS, quiet=True)
    assert (tmp_path / "data" / "SHA256SUMS").read_bytes() == (tmp_path / "straight" / "SHA256SUMS").read_bytes()


@pytest.mark.parametrize(
    ("how", "kind", "words"),
    [
        ("full", RunFailed, r"data/\.unfinished: No space left on device"),
        ("stillborn", RunFailed, r"ended with status 7 before it was ready: no library"),
    ],
)
def test_what_no_clip_can_help_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str, kind: type[Exception], words: str
) -> None:
    out, lines = tmp_path / "data", tmp_path / "progress.jsonl"
    workers_fail(monkeypatch, how)
    with pytest.raises(kind, match=words):
        make_dataset(job(out), ASSETS, quiet=True, progress_file=lines)
    kept = [path.name for path in (out / ".unfinished").glob("*.tar")]
    assert kept == (["000000.tar"] if how == "full" else [])
    last = json.loads(lines.read_text().splitlines()[-1])
    assert last["event"] == "error" and "\n" not in last["message"]


def test_a_run_in_which_every_clip_fails_ends_early(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "HOPELESS", 2)
    with pytest.raises(UserError, match="no colours"):
        local.run_clips(range(50), _undrawable, workers=1, logs=tmp_path, report=lambda answer: None)


def _undrawable(clip: int) -> Any:
    raise UserError("no colours")


def test_another_job_does_not_mix_with_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(UserError, match="the folder is not empty"):
        make_dataset(job(tmp_path), ASSETS, quiet=True)
    make_dataset(job(tmp_path), ASSETS, quiet=True, overwrite=True)
    assert make_dataset(job(tmp_path), ASSETS, quiet=True).already
    with pytest.raises(UserError, match="the folder holds another data set: seed: 5, was 0"):
        make_dataset(job(tmp_path, seed=5), ASSETS, quiet=True)
    again = make_dataset(job(tmp_path, seed=5, clips=1), ASSETS, quiet=True, overwrite=True)
    assert sum(shard.samples for shard in again.shards) == 4
    assert [sample.key for sample in samples(tmp_path)][-1] == "000000_stand_000001"
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_overwriting_spares_what_is_not_of_a_data_set(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("how to skate")
    with pytest.raises(UserError, match=r"README\.md in it is not of a data set"):
        make_dataset(job(tmp_path), ASSETS, quiet=True, overwrite=True)
    assert (tmp_path / "README.md").read_text() == "how to skate"


def test_a_data_set_of_another_split_is_replaced_whole(tmp_path: Path) -> None:
    make_dataset(job(tmp_path), ASSETS, quiet=True)
    test = OutputJob(split="test", shard_size=100)
    make_dataset(job(tmp_path, clips=1, output=test), ASSETS, quiet=True, overwrite=True)
    assert [path.name for path in tmp_path.glob("*.tar")] == ["test-000000.tar"]


@pytest.mark.parametrize("log", ["", "[]", '{"shards": 3}', '{"shards": [{"path": "a"}], "identity": {}}'])
def test_a_run_log_from_elsewhere_is_not_taken_for_ours(tmp_path: Path, log: str) -> None:
    (tmp_path / "run.json").write_text(log)
    with pytest.raises(UserError, match="the folder is not empty"):
        make_dataset(job(tmp_path), ASSETS, quiet=True)


def test_no_worker_outlives_its_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[str]] = []
    popen = subprocess.Popen

    def watched(*args: Any, **kwargs: Any) -> Any:
        started.append(popen(*args, **kwargs))
        return started[-1]

    monkeypatch.setattr(process.subprocess, "Popen", watched)

    def stop(answer: Any) -> None:
        raise KeyboardInterrupt

    tasks = [local.Task(clip, tmp_path / f"{clip.index}.tar", ASSETS) for clip in dataset_plan(job(tmp_path))]
    with pytest.raises(KeyboardInterrupt):
        local.run_tasks(tasks, workers=2, logs=tmp_path, report=stop)
    assert started and all(worker.poll() is not None for worker in started)

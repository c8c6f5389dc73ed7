"""A run that is killed at any of its steps and started again: the data set is the same, and nothing is left over.

Killed in this process: from one step on, nothing that it does to the disk has an effect any more.
"""

from __future__ import annotations

import contextlib
import errno
import json
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_frames import ASSETS, VERSIONS, shoot
from people import standing

from mocap import whole_file
from mocap.errors import UserError
from render_scripts import dataset, worker
from render_scripts.dataset import Dataset, folder, identity, make_dataset
from render_scripts.dataset.identity import differences, identity_of, versions
from render_scripts.errors import RunFailed
from render_scripts.job import CameraJob, FramesJob, Job, MotionJob, OutputJob, load_job
from render_scripts.plan import Plan
from render_scripts.run.local import SetAside
from render_scripts.sample import Fields
from render_scripts.shards import write_text
from render_scripts.version import own_version
from render_scripts.worker import Task, run_task

Render = Callable[[Task, Path, Any], None]


class Killed(BaseException):
    """In place of SIGKILL."""


def job(out: Path, **changes: Any) -> Job:
    small = Job(
        clips=4,
        frames=FramesJob(fps=25.0, count=1),
        cameras=(CameraJob(name="phone", width=40, height=30),),
        output=OutputJob(split={"train": 2.0, "val": 1.0}, shard_size=2),
    )
    return small.model_copy(update={"out": str(out), **changes})


class NoSheet:
    """In place of the contact sheet: the keys that it is shown."""

    def __init__(self, clips: object, cameras: object) -> None:
        self._keys: list[str] = []

    def add(self, key: str, fields: Fields) -> None:
        self._keys.append(key)

    def write(self, path: Path) -> None:
        write_text(path, "\n".join(self._keys))


@pytest.fixture(autouse=True)
def rendering(monkeypatch: pytest.MonkeyPatch) -> dict[int, Exception]:
    """Clips are made in this process; those that are put in here fail."""
    failing: dict[int, Exception] = {}

    def run_clips(
        clips: Iterable[int], draw: Callable[[int], Task], *, workers: int, logs: Path, report: Any
    ) -> list[SetAside]:
        aside = []
        for clip in clips:
            if isinstance(failing.get(clip), OSError):
                raise failing[clip]
            if clip in failing:
                aside.append(SetAside(clip, str(failing[clip]), isinstance(failing[clip], UserError), ("a line",)))
                continue
            task = draw(clip)
            run_task(task, shoot, VERSIONS, Path(), report)
            report({"event": "clip", "clip": clip, "samples": 1})
        return aside

    monkeypatch.setattr(dataset, "run_clips", run_clips)
    # What lies beside the shards is tested elsewhere; here it is made a few hundred times.
    finish = sys.modules["render_scripts.dataset.finish"]  # the package has a function of that name
    monkeypatch.setattr(finish, "Sheet", NoSheet)
    monkeypatch.setattr(finish, "data_card", lambda job, shards, statistics, staged: f"{shards}\n")
    monkeypatch.setattr(identity, "versions", lambda assets: VERSIONS)
    # Nobody pulls the plug here, and waiting for the disk takes longer than all the rest.
    monkeypatch.setattr(whole_file.os, "fsync", lambda file: None)
    monkeypatch.setattr(dataset, "plan_job", lambda job: Plan(job, {("demo", None): 12.0}))
    monkeypatch.setattr(worker, "load_motion", lambda spec: standing())
    return failing


def make(out: Path, **options: Any) -> Dataset:
    return make_dataset(job(out), ASSETS, quiet=True, **options)


@pytest.fixture
def deadly(monkeypatch: pytest.MonkeyPatch) -> Callable[[int | None], list[str]]:
    """Sets the step, from 0, at which the process is killed; what is returned lists the steps that are gone through."""
    steps: list[str] = []
    last: list[int | None] = [None]
    replace, unlink, rmdir = Path.replace, Path.unlink, Path.rmdir

    def step(name: str, path: Path) -> None:
        if last[0] is not None and len(steps) >= last[0]:
            raise Killed
        steps.append(f"{name} {path.name}")

    def replacing(self: Path, target: Path) -> Path:
        step("replace", Path(target))
        return replace(self, target)

    def unlinking(self: Path, missing_ok: bool = False) -> None:
        step("unlink", self)
        unlink(self, missing_ok=missing_ok)

    def removing(path: Path) -> None:
        for each in sorted(path.iterdir()):
            each.unlink()
        step("rmdir", path)
        rmdir(path)

    monkeypatch.setattr(Path, "replace", replacing)
    monkeypatch.setattr(Path, "unlink", unlinking)
    monkeypatch.setattr(folder.shutil, "rmtree", removing)

    def at(which: int | None) -> list[str]:
        steps.clear()
        last[0] = which
        return steps

    return at


def contents(out: Path) -> dict[str, bytes]:
    """All that a data set holds, but for what differs from run to run."""
    return {path.name: path.read_bytes() for path in out.iterdir() if path.name != "run.json"}


def test_killed_at_every_step(tmp_path: Path, deadly: Callable[[int | None], list[str]]) -> None:
    steps = deadly(None)
    make(tmp_path / "straight")
    whole, names = contents(tmp_path / "straight"), list(steps)
    assert {"train-000000.tar", "val-000000.tar"} < set(whole) and ".unfinished" not in whole
    assert names.index("replace 000003.tar") < names.index("replace train-000000.tar") < names.index("replace run.json")
    for number, name in enumerate(names):
        out = tmp_path / str(number)
        deadly(number)
        with pytest.raises(Killed):
            make(out)
        steps = deadly(None)
        made = make(out)
        assert contents(out) == whole, name
        again = [step for step in steps if step.startswith("replace 00") and step.endswith(".tar")]
        done = [step for step in names[:number] if step.startswith("replace 00") and step.endswith(".tar")]
        assert len(again) == 4 - len(done), f"clips that were finished before {name} are rendered again: {again}"
        assert not made.set_aside and len(json.loads((out / "run.json").read_text())["clips"]) >= 3
        shutil.rmtree(out)


@pytest.mark.parametrize("finished", [True, False], ids=["finished", "unfinished"])
def test_killed_while_another_data_set_is_replaced(
    tmp_path: Path,
    deadly: Callable[[int | None], list[str]],
    rendering: dict[int, Exception],
    finished: bool,
) -> None:
    steps = deadly(None)
    old, out = tmp_path / "old", tmp_path / "new"
    if not finished:
        rendering[3] = OSError(errno.ENOSPC, "full")
    with contextlib.nullcontext() if finished else pytest.raises(RunFailed):
        make_dataset(job(old, seed=3, clips=5), ASSETS, quiet=True)
    rendering.clear()
    make(tmp_path / "straight")
    whole = contents(tmp_path / "straight")
    shutil.copytree(old, out)
    deadly(None)
    make(out, overwrite=True)
    names = list(steps)
    assert contents(out) == whole and ("unlink run.json" if finished else "unlink 000002.tar") in names
    # Once the first clip is there, it goes on as anywhere else.
    for number, name in enumerate(names[: names.index("replace 000000.tar") + 1]):
        shutil.rmtree(out)
        shutil.copytree(old, out)
        deadly(number)
        with pytest.raises(Killed):
            make(out, overwrite=True)
        deadly(None)
        make(out, overwrite=True)
        assert contents(out) == whole, name


def test_killed_while_clips_that_were_set_aside_are_put_in(
    tmp_path: Path, deadly: Callable[[int | None], list[str]], rendering: dict[int, Exception]
) -> None:
    steps = deadly(None)
    make(tmp_path / "straight")
    whole = contents(tmp_path / "straight")
    lacking, out = tmp_path / "lacking", tmp_path / "out"
    rendering[1], rendering[2] = RunFailed("a worker was ended by signal 9"), UserError("nobody finds a place")
    made = make(lacking)
    assert [(one.clip, one.reason) for one in made.set_aside] == [
        (1, "a worker was ended by signal 9"),
        (2, "nobody finds a place"),
    ]
    assert sum(shard.samples for shard in made.shards) == 2 and not (lacking / ".unfinished").exists()
    log = json.loads((lacking / "run.json").read_text())
    assert log["set_aside"][0] == {"clip": 1, "reason": made.set_aside[0].reason, "mistake": False, "log": ["a line"]}
    # Tried again in vain, nothing changes; that nothing is packed anew shows in the shards' times.
    before = {path: path.stat().st_mtime_ns for path in lacking.glob("*.tar")}
    assert len(make(lacking).set_aside) == 2
    assert {path: path.stat().st_mtime_ns for path in lacking.glob("*.tar")} == before
    del rendering[1]
    shutil.copytree(lacking, out)
    assert [one.clip for one in make(out).set_aside] == [2]
    del rendering[2]
    shutil.rmtree(out)
    shutil.copytree(lacking, out)
    deadly(None)
    assert not make(out).set_aside
    names = list(steps)
    assert contents(out) == whole
    for number, name in enumerate(names):
        shutil.rmtree(out)
        shutil.copytree(lacking, out)
        deadly(number)
        with pytest.raises(Killed):
            make(out)
        steps = deadly(None)
        make(out)
        assert contents(out) == whole, name
        assert not {"replace 000000.tar", "replace 000003.tar"} & {
            step for step in steps if "replace 000000.tar" in names[:number]
        }, f"{name}: what was finished is unpacked once"


def test_nothing_comes_of_a_job_whose_clips_all_fail(tmp_path: Path, rendering: dict[int, Exception]) -> None:
    rendering.update({clip: UserError("nobody finds a place") for clip in range(4)})
    with pytest.raises(UserError, match="nobody finds a place"):
        make(tmp_path / "out")
    rendering[2] = RunFailed("a worker died")
    with pytest.raises(RunFailed, match=r"no clip could be rendered; the first: nobody finds a place"):
        make(tmp_path / "out")
    rendering.clear()
    assert not make(tmp_path / "out").set_aside


def test_a_full_disk_costs_nothing_that_is_finished(tmp_path: Path, rendering: dict[int, Exception]) -> None:
    out = tmp_path / "out"
    rendering[2] = OSError(errno.ENOSPC, "No space left on device")
    progress = tmp_path / "progress.jsonl"
    with pytest.raises(RunFailed, match=r"out: No space left on device; what is finished stays") as full:
        make(out, progress_file=progress)
    last = json.loads(progress.read_text().splitlines()[-1])
    assert last == {"event": "error", "message": str(full.value)}  # which is what Blender's panel shows
    finished = (out / ".unfinished" / "000001.tar").stat().st_mtime_ns
    with pytest.raises(RunFailed):
        make(out)
    assert (out / ".unfinished" / "000001.tar").stat().st_mtime_ns == finished
    rendering.clear()
    make(out)
    make(tmp_path / "straight")
    assert contents(out) == contents(tmp_path / "straight")


def test_two_runs_do_not_work_in_one_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_clips = dataset.run_clips

    def and_another(*args: Any, **kwargs: Any) -> list[SetAside]:
        with pytest.raises(UserError, match="another run is at work in this folder"):
            make(tmp_path)
        return run_clips(*args, **kwargs)

    monkeypatch.setattr(dataset, "run_clips", and_another)
    make(tmp_path)
    assert make(tmp_path).already


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"seed": 5}, r"seed: 5, was 0\. Give"),
        ({"clips": 5, "seed": 1}, r"seed: 1, was 0; clips: 5, was 4\. Give"),
        ({"cameras": (CameraJob(name="phone", width=42, height=30),)}, r"cameras\[0\]\.width: 42, was 40\. Give"),
        (
            {"output": OutputJob(shard_size=2)},
            r"output\.split\.train: not given, was 2\.0; output\.split\.val: not given",
        ),
    ],
    ids=["seed", "two", "camera", "split"],
)
def test_another_job_is_refused_with_what_differs(
    tmp_path: Path, rendering: dict[int, Exception], changes: Mapping[str, Any], words: str
) -> None:
    rendering[2] = OSError(errno.ENOSPC, "full")
    with pytest.raises(RunFailed):
        make(tmp_path)
    with pytest.raises(UserError, match=f"the folder holds another data set: {words}"):
        make_dataset(job(tmp_path, **changes), ASSETS, quiet=True)
    rendering.clear()
    make(tmp_path, resume=True)
    with pytest.raises(UserError, match=f"the folder holds another data set: {words}"):
        make_dataset(job(tmp_path, **changes), ASSETS, quiet=True)


def test_other_versions_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path)
    monkeypatch.setattr(identity, "versions", lambda assets: {**VERSIONS, "blender": "9.0", "makehuman": "mpfb 9"})
    with pytest.raises(UserError, match=r"blender: 9\.0, was none; makehuman: mpfb 9, was not given\. Give"):
        make(tmp_path)


def test_versions_are_of_all_that_makes_the_bytes() -> None:
    known = versions(ASSETS)
    assert list(known) == ["skatesynth", "blender", "numpy", "scipy", "opencv", "makehuman"]
    assert known["numpy"] == np.__version__ and known["skatesynth"] == own_version() and known["makehuman"] == "none"


def test_there_must_be_something_to_go_on_with(tmp_path: Path, rendering: dict[int, Exception]) -> None:
    with pytest.raises(UserError, match="there is nothing here to go on with"):
        make(tmp_path / "out", resume=True)
    assert not (tmp_path / "out").exists()
    make(tmp_path / "out")
    assert make(tmp_path / "out", resume=True).already


def test_files_go_by_name_and_contents(tmp_path: Path) -> None:
    for folder_name, text in (("a", "one"), ("b", "two"), ("c", "one")):
        (tmp_path / folder_name).mkdir()
        (tmp_path / folder_name / "take.bvh").write_text(text)

    def of(*folders: str) -> tuple[dict[str, Any], str]:
        motions = tuple(MotionJob(take=str(tmp_path / name / "take.bvh")) for name in folders)
        return identity_of(job(tmp_path / "out", motions=motions), ASSETS)

    (first, text), (second, _), (copy, _) = of("a"), of("b"), of("c")
    assert str(tmp_path) not in text and first == copy
    assert differences(first, second) == "the file take.bvh has other contents"
    (tmp_path / "job.yaml").write_text(text)
    assert load_job(tmp_path / "job.yaml").motions[0].take == str(tmp_path / "take.bvh")
    both, text = of("a", "b")
    assert len(both["files"]) == 2 and all(name.endswith("/take.bvh") for name in both["files"])
    assert all(f"{digest}  {name}" in text for name, digest in both["files"].items())

"""The extension's archive, the panel's request, and the process beside Blender: all without Blender or a network."""

from __future__ import annotations

import hashlib
import os
import sys
import time
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from blender_addon.ui import background
from blender_addon.ui.request import (
    CAMERA_SETS,
    FRAME_CHOICES,
    PRESETS,
    Request,
    job_of,
    run_folder,
    trouble,
    write_job,
)
from blender_addon.ui.shown import PROGRESS, look
from mocap.errors import UserError
from render_scripts.build_extension import build_extension, manifest_text, this_platform, write_zip
from render_scripts.job import SceneJob, load_job
from render_scripts.job.impossible import faults_of
from render_scripts.progress import Progress
from render_scripts.scenes import presets as scenes
from render_scripts.version import own_version

ROOT = Path(__file__).resolve().parents[2]
MANIFEST = (ROOT / "blender_addon/blender_manifest.toml").read_text(encoding="utf-8")
WHEELS = ("scipy-1.17.1-cp313-cp313-win_amd64.whl", "skatesynth-0.1.0-py3-none-any.whl")


def test_the_manifest_has_the_version_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    manifest = tomllib.loads(MANIFEST)
    assert manifest["version"] == project["version"] == own_version()
    assert manifest["license"] == [f"SPDX:{project['license']}"]


def test_wheels_and_platform_stand_at_the_manifest_s_top_level() -> None:
    manifest = tomllib.loads(manifest_text(MANIFEST, WHEELS, "windows-x64"))
    assert manifest["platforms"] == ["windows-x64"]
    assert manifest["wheels"] == [f"./wheels/{name}" for name in WHEELS]
    assert set(manifest["permissions"]) == {"files", "network"}


def test_two_versions_of_a_package_are_refused_since_blender_installs_one() -> None:
    with pytest.raises(UserError, match=r"two versions of scipy: 1\.17\.1 and 1\.18\.1"):
        manifest_text(MANIFEST, [*WHEELS, "scipy-1.18.1-cp314-cp314-win_amd64.whl"], "windows-x64")


def test_the_same_contents_give_the_same_zip(tmp_path: Path) -> None:
    digests = set()
    for number, names in enumerate((WHEELS, WHEELS[::-1])):
        folder = tmp_path / str(number)
        folder.mkdir()
        wheels = [folder / name for name in names]
        for wheel in wheels:
            wheel.write_bytes(wheel.name.encode() * 100)
            os.utime(wheel, (number * 1e8, number * 1e8))
        path = write_zip(tmp_path / f"{number}.zip", manifest=MANIFEST, code="x = 1\n", wheels=wheels)
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    assert len(digests) == 1
    with zipfile.ZipFile(tmp_path / "0.zip") as archive:
        assert archive.namelist() == ["blender_manifest.toml", "__init__.py", *(f"wheels/{name}" for name in WHEELS)]
        assert archive.read(f"wheels/{WHEELS[0]}") == WHEELS[0].encode() * 100
    assert not list(tmp_path.glob("*.part"))


def test_unknown_platforms_and_pythons_are_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no Blender platform 'amiga-68k'"):
        build_extension(tmp_path, platform="amiga-68k")
    with pytest.raises(UserError, match=r"no Blender has Python 3\.9"):
        build_extension(tmp_path, platform="linux-x64", pythons=["3.13", "3.9"])
    with pytest.raises(UserError, match="source tree"):
        build_extension(tmp_path, platform="linux-x64", root=tmp_path)


def test_this_platform_is_in_blender_s_words() -> None:
    system, machine = this_platform().split("-")
    assert system in {"linux", "windows", "macos"}
    assert machine in {"x64", "arm64"}


def test_the_panel_s_job_file_says_what_the_panel_says(tmp_path: Path) -> None:
    out = tmp_path / "skates"
    path = write_job(
        Request(take="demo", out=str(out), quality="final", count=7, clips=3, seed=11, size=320, preset="wild")
    )
    assert path == tmp_path / "skates-run" / "job.yaml"
    job = load_job(path)
    assert (job.out, job.seed, job.clips, job.render.quality) == (str(out), 11, 3, "final")
    assert (job.frames.count, job.frames.fps) == (7, None)
    assert job.scene.preset == "wild"
    assert [(c.name, c.size) for c in job.cameras] == [("phone", 320), ("stand", 320)]


@pytest.mark.parametrize("cameras", CAMERA_SETS)
@pytest.mark.parametrize("frames", FRAME_CHOICES)
def test_every_choice_of_the_panel_is_a_job(cameras: str, frames: str) -> None:
    job = job_of(Request(take="demo", out="/data", cameras=cameras, frames=frames))
    assert job.frames.count is not None or job.frames.fps is not None
    assert len({c.name for c in job.cameras}) == len(CAMERA_SETS[cameras][2])
    assert not list(faults_of(job))


def test_the_panel_knows_the_presets_of_a_job() -> None:
    assert set(PRESETS) == set(get_args(SceneJob.model_fields["preset"].annotation)) == set(scenes.PRESETS)


def test_the_panel_says_what_is_missing(tmp_path: Path) -> None:
    take = tmp_path / "axel.mvnx"
    out = str(tmp_path / "out")
    assert "Choose a take" in (trouble(Request(take="", out=out)) or "")
    assert "not there" in (trouble(Request(take=str(take), out=out)) or "")
    take.touch()
    assert trouble(Request(take=str(take), out=out)) is None
    assert "ending in" in (trouble(Request(take=str(tmp_path / "axel.fbx"), out=out)) or "")
    assert "output folder" in (trouble(Request(take="demo", out="")) or "")
    assert "is a file" in (trouble(Request(take="demo", out=str(take))) or "")
    assert "drive" in (trouble(Request(take="demo", out=tmp_path.anchor)) or "")


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError) as failure:
        write_job(Request(take="demo", out=str(tmp_path / "file" / "out")))
    assert "Choose another output folder." in failure.value.line()


def wait(condition: Callable[[], object], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


def python(text: str) -> list[str]:
    return [sys.executable, "-c", text]


def test_a_process_runs_beside_us_and_leaves_its_words(tmp_path: Path) -> None:
    text = "print('warming up'); print('take.mvnx: an error of ours'); print('bye')"
    run = background.start(python(text), tmp_path)
    wait(lambda: background.status(run) is not None)
    assert background.status(run) == 0
    assert background.last_words(tmp_path) == "take.mvnx: an error of ours"
    assert background.tail(tmp_path / background.LOG)[-1] == "bye"


def test_cancel_ends_the_children_too(tmp_path: Path) -> None:
    child = "import time; time.sleep(60)"
    parent = (
        "import subprocess, sys, pathlib, time\n"
        f"child = subprocess.Popen([sys.executable, '-c', {child!r}])\n"
        "pathlib.Path('pid.part').write_text(str(child.pid)); pathlib.Path('pid.part').rename('pid')\n"
        "time.sleep(60)\n"
    )
    run = background.start(python(parent), tmp_path)
    wait((tmp_path / "pid").exists)
    background.cancel(run)
    wait(lambda: background.status(run) is not None)
    assert background.status(run) != 0
    if Path("/proc").is_dir():
        status = Path("/proc", (tmp_path / "pid").read_text(), "stat")
        wait(lambda: not status.exists() or status.read_text().rsplit(")")[1].split()[0] == "Z")


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process at once")
def test_one_that_does_not_listen_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "GRACE", 0.1)
    deaf = "import signal, time, pathlib; signal.signal(signal.SIGTERM, signal.SIG_IGN); pathlib.Path('up').touch()"
    run = background.start(python(f"{deaf}; time.sleep(60)"), tmp_path)
    wait((tmp_path / "up").exists)
    background.cancel(run)
    wait(lambda: background.status(run) is not None)
    assert background.status(run) == -9


def test_a_program_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be started"):
        background.start([str(tmp_path / "blender")], tmp_path)


def test_the_run_s_folder_is_beside_the_data() -> None:
    assert run_folder("/data/skates") == Path("/data/skates-run")


def test_the_panel_reads_what_the_pipeline_writes(tmp_path: Path) -> None:
    assert look(tmp_path, None, cancelled=False).headline == "Starting Blender"
    progress = Progress(4, file=tmp_path / PROGRESS, quiet=True)
    assert look(tmp_path, None, cancelled=False).headline == "0 of 4 pictures"
    progress.frame("000000_phone_000000", tmp_path / "latest.png")
    shown = look(tmp_path, None, cancelled=False)
    assert (shown.headline, shown.fraction, shown.picture) == ("1 of 4 pictures", 0.25, tmp_path / "latest.png")
    assert shown.detail.startswith("000000_phone_000000, ") and shown.detail.endswith(" left")
    assert look(tmp_path, None, cancelled=True).headline == "Stopping"
    progress.failed("stopped")
    stopped = look(tmp_path, 130, cancelled=True)
    assert (stopped.headline, stopped.outcome, stopped.detail[:15]) == ("Cancelled", "stopped", "1 of 4 pictures")


def test_the_panel_knows_the_end(tmp_path: Path) -> None:
    progress = Progress(4, file=tmp_path / PROGRESS, quiet=True)
    progress.frame("000000_phone_000003")
    progress.finished(tmp_path, tmp_path / "contact_sheet.png")
    shown = look(tmp_path, 0, cancelled=False)
    assert (shown.headline, shown.outcome, shown.fraction) == ("Done: 4 pictures", "done", 1.0)
    assert shown.sheet == tmp_path / "contact_sheet.png"


def test_the_panel_tells_why_a_run_has_failed(tmp_path: Path) -> None:
    Progress(4, file=tmp_path / PROGRESS, quiet=True).failed("axel.mvnx: frame 3: no such segment")
    shown = look(tmp_path, 2, cancelled=False)
    assert (shown.outcome, shown.detail) == ("failed", "axel.mvnx: frame 3: no such segment")


def test_the_panel_tells_of_a_crash_by_the_log(tmp_path: Path) -> None:
    (tmp_path / background.LOG).write_text("ImportError: no scipy\n\nBlender quit\n")
    progress = Progress(4, file=tmp_path / PROGRESS, quiet=True)
    progress.frame("000000_phone_000000")
    with (tmp_path / PROGRESS).open("a") as file:
        file.write('{"event": "frame", "do')
    shown = look(tmp_path, -11, cancelled=False)
    assert (shown.headline, shown.outcome) == ("The renderer has ended early", "failed")
    assert shown.detail == f"ImportError: no scipy ({tmp_path / background.LOG})"

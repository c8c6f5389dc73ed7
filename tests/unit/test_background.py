"""The process beside Blender, and what the panel says of it: without Blender."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from blender_addon.ui import background
from blender_addon.ui.shown import PROGRESS, RUN_LOG, look
from mocap.errors import UserError
from render_scripts.progress import Progress


def wait(condition: Callable[[], object], seconds: float = 10.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


def python(text: str) -> list[str]:
    return [sys.executable, "-c", text]


def test_a_process_runs_beside_us_and_leaves_its_words(tmp_path: Path) -> None:
    text = "import os, sys; print('warming up'); print('take.mvnx: an error of', os.environ['WHOSE'], file=sys.stderr)"
    run = background.start(python(f"{text}; sys.stderr.flush(); print('bye')"), tmp_path, {"WHOSE": "ours"})
    wait(lambda: background.status(run) is not None)
    assert background.status(run) == 0
    assert background.last_words(tmp_path) == "take.mvnx: an error of ours"
    assert "bye" in background.tail(tmp_path / background.LOG)


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


def test_the_panel_reads_what_the_pipeline_writes(tmp_path: Path) -> None:
    assert look(tmp_path, None, cancelled=False).headline == "Starting Blender"
    progress = Progress(4, file=tmp_path / PROGRESS, quiet=True)
    assert look(tmp_path, None, cancelled=False).headline == "0 of 4 pictures"
    progress.frame("000000_phone_000000", tmp_path / "latest.png")
    shown = look(tmp_path, None, cancelled=False)
    assert (shown.headline, shown.fraction, shown.picture) == ("1 of 4 pictures", 0.25, tmp_path / "latest.png")
    assert shown.detail.startswith("000000_phone_000000, ") and shown.detail.endswith(" left")
    assert look(tmp_path, None, cancelled=True).headline == "Stopping"
    again = Progress(4, file=tmp_path / "again" / PROGRESS, quiet=True)
    again.reused(0)
    assert look(tmp_path / "again", None, cancelled=False).headline == "0 of 4 pictures"
    again.reused(3)
    shown = look(tmp_path / "again", None, cancelled=False)
    assert (shown.headline, shown.fraction, shown.detail) == ("3 of 4 pictures", 0.75, "Building the first scene")
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


def test_a_disk_that_has_no_room_for_words_either_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Progress(4, file=tmp_path / PROGRESS, quiet=True).frame("000000_phone_000000")
    (tmp_path / background.LOG).write_text("Blender 5.2\n")
    assert look(tmp_path, 1, cancelled=False).headline == "The renderer has ended early"
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**9, 10**9, 0))
    shown = look(tmp_path, 1, cancelled=False)
    assert (shown.headline, shown.outcome) == ("Not finished", "failed")
    assert shown.detail.startswith(f"1 of 4 pictures. The disk is full ({tmp_path}): make room.")
    assert look(tmp_path, None, cancelled=False).outcome == ""


def test_clips_that_a_finished_data_set_lacks_are_told(tmp_path: Path) -> None:
    progress = Progress(4, file=tmp_path / PROGRESS, quiet=True)
    progress.frame("000000_phone_000000")
    progress.finished(tmp_path, None)
    aside = [{"clip": clip, "reason": "out of memory"} for clip in (3, 5)]
    for count, words in ((1, "a clip is missing"), (2, "2 clips are missing")):
        (tmp_path / RUN_LOG).write_text(json.dumps({"set_aside": aside[:count]}))
        shown = look(tmp_path, 0, cancelled=False)
        assert (shown.headline, shown.outcome) == (f"Done, but {words}", "done")
        assert shown.detail == "Clip 3: out of memory. Render tries again."


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (59.4, "59 s"), (90.0, "2 min"), (3500.0, "58 min"), (7380.0, "2 h 03 min")]
)
def test_the_time_left_is_told_as_people_do(tmp_path: Path, seconds: float, words: str) -> None:
    event = {"event": "frame", "done": 1, "total": 4, "key": "000000_phone_000000", "seconds_left": seconds}
    (tmp_path / PROGRESS).write_text(f"{json.dumps(event)}\n")
    assert look(tmp_path, None, cancelled=False).detail == f"000000_phone_000000, {words} left"


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

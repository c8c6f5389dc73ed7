"""The command: one line for every mistake, exit statuses, and nothing heavy before it is needed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import yaml

from render_scripts.cli import main
from render_scripts.job import Job

ROOT = Path(__file__).resolve().parents[2]
RENDER_PY = ROOT / "render_scripts" / "render.py"


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The one line on standard error of a command that ends with status 2."""
    assert main(arguments) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.startswith("skatesynth: ") and said.err.count("\n") == 1
    return said.err


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, render_scripts.cli as cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'numpy', 'scipy', 'cv2', 'pydantic', 'yaml', 'tqdm', 'bpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.endswith("[]\n") and "doctor" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["dance"], "invalid choice: 'dance'"),
        (["render"], "required: JOB. See: skatesynth render --help"),
        (["demo", "--workers", "none"], "give a whole number from 1 up, not 'none'"),
        (["take", "a.bvh", "--start", "inf"], "give seconds from 0 up, not 'inf'"),
    ],
)
def test_a_command_that_cannot_be_understood_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("skatesynth: ") and said.count("\n") == 1 and words in said


@pytest.fixture
def bad(tmp_path: Path, recordings: Path) -> Path:
    """A folder of takes and jobs that cannot be used."""
    whole = (recordings / "xsens_v4_upperbody_60hz.mvnx").read_bytes()
    (tmp_path / "empty.mvnx").write_bytes(b"")
    (tmp_path / "cut.mvnx").write_bytes(whole[: len(whole) // 2])
    bomb = b'<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><mvnx version="&b;"></mvnx>'
    (tmp_path / "bomb.mvnx").write_bytes(bomb)
    (tmp_path / "key.yaml").write_text("seed: 1\ncamera: []\n")
    walk = json.dumps(str(recordings / "xsens_walk_240hz.bvh"))
    (tmp_path / "range.yaml").write_text(f"motions: [{{take: {walk}, start: 1, end: 99}}]\n")
    (tmp_path / "missing.yaml").write_text("motions: [{take: none.mvnx}]\n")
    return tmp_path


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("none.yaml", ["none.yaml: no such file"]),
        ("none.mvnx", ["none.mvnx: no such file"]),
        ("missing.yaml", ["none.mvnx: no such file"]),
        ("empty.mvnx", ["empty.mvnx: the file is empty"]),
        ("cut.mvnx", ["cut.mvnx", "frame", "cut off"]),
        ("bomb.mvnx", ["bomb.mvnx", "entities"]),
        ("key.yaml", ["key.yaml: line 2, camera: unknown key 'camera' (did you mean 'cameras'?)"]),
        ("range.yaml", ["motions[0].end: end 99 s lies outside the take", "10.36 s long (2487 frames at 240 Hz)"]),
    ],
)
@pytest.mark.parametrize("verb", ["render", "plan", "preview"])
def test_bad_input_is_one_line(
    capsys: pytest.CaptureFixture[str], bad: Path, assets: Path, verb: str, name: str, words: list[str]
) -> None:
    options = [] if verb == "plan" else ["--out", str(bad / "out"), "--assets", str(assets)]
    line = refused(capsys, verb, str(bad / name), *options)
    for word in words:
        assert word in line
    assert not (bad / "out").exists()


def test_a_wrong_take_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "no such file" in refused(capsys, "take", str(tmp_path / "a.bvh"))


def test_who_watches_learns_of_early_mistakes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = tmp_path / "progress.jsonl"
    refused(capsys, "render", str(tmp_path / "none.yaml"), "--progress-file", str(lines))
    assert [json.loads(line)["event"] for line in lines.read_text().splitlines()] == ["error"]


def test_a_plan_in_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text("clips: 2\nframes: {count: 5}\n")
    assert main(["plan", str(tmp_path / "job.yaml"), "--json"]) == 0
    clips = json.loads(capsys.readouterr().out)
    assert [clip["index"] for clip in clips] == [0, 1] and clips[0]["count"] == 5


def test_a_plans_table_waits_for_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text("clips: 3\nscene: {preset: wild}\n")
    code = (
        "import sys, render_scripts.cli as cli\n"
        f"assert cli.main(['plan', {str(tmp_path / 'job.yaml')!r}]) == 0\n"
        "print(sorted({'numpy', 'scipy', 'cv2', 'tqdm', 'bpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    lines = done.stdout.splitlines()
    assert lines[-1] == "[]" and len(lines) == 6, done.stderr
    assert lines[1].split()[:2] == ["0", "demo"] and "phone 640×360, stand 640×360" in lines[1]
    assert lines[4].startswith("3 clips, 1806 pictures, to ")


def test_one_clip_of_a_plan_in_full(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    job = tmp_path / "job.yaml"
    job.write_text("clips: 3\nframes: {count: 5}\n")
    assert main(["plan", str(job), "--clip", "2", "--json"]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert main(["plan", str(job), "--clip", "2"]) == 0
    assert yaml.safe_load(capsys.readouterr().out) == whole and whole["index"] == 2 and whole["rink"]["kind"]
    assert "there is no clip 3: this job has 3, counted from 0" in refused(capsys, "plan", str(job), "--clip", "3")


def test_a_take_in_json(capsys: pytest.CaptureFixture[str], recordings: Path) -> None:
    assert main(["take", str(recordings / "xsens_v4_upperbody_60hz.mvnx"), "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert (facts["frames"], facts["rate"]) == (112, 60.0)


def test_contacts_that_come_from_heights_are_called_so(capsys: pytest.CaptureFixture[str], recordings: Path) -> None:
    assert main(["take", str(recordings / "xsens_walk_240hz.bvh"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["contacts_from"] == "heights"


def test_a_part_of_a_take_can_be_cut_out(capsys: pytest.CaptureFixture[str], recordings: Path, tmp_path: Path) -> None:
    walk, part = str(recordings / "xsens_walk_240hz.bvh"), str(tmp_path / "part.mvnx")
    assert main(["take", walk, "--start", "2", "--end", "3.5", "--mvnx", part, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["frames"] == 361
    assert main(["take", part, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["duration"] == pytest.approx(1.5)
    assert "The take runs from 0 to" in refused(capsys, "take", walk, "--end", "99")
    assert "taken whole" in refused(capsys, "take", "demo", "--start", "1")


def test_a_take_is_written_as_mvnx(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["take", "demo", "--mvnx", str(tmp_path / "demo.mvnx"), "--json"]) == 0
    authored = json.loads(capsys.readouterr().out)
    assert main(["take", str(tmp_path / "demo.mvnx"), "--json"]) == 0
    written = json.loads(capsys.readouterr().out)
    for name in ("frames", "rate", "segments", "points", "contacts"):
        assert written[name] == authored[name]


def test_render_py_is_the_same_command(tmp_path: Path) -> None:
    command = [sys.executable, str(RENDER_PY), "--", str(tmp_path / "none.yaml")]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 2 and done.stderr == f"skatesynth: {tmp_path / 'none.yaml'}: no such file\n"


def test_render_py_says_which_library_is_missing(tmp_path: Path) -> None:
    command = [sys.executable, "-S", "-I", str(RENDER_PY), "--", "job.yaml"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    assert "is not installed" in done.stderr or "lacks the library" in done.stderr


def test_a_preview_needs_a_job_or_a_number_of_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert "ask for --people N" in refused(capsys, "preview")


def test_a_preview_of_people_takes_the_jobs_and_the_seed(
    monkeypatch: pytest.MonkeyPatch, assets: Path, tmp_path: Path
) -> None:
    asked: list[tuple[int, float, int]] = []

    def sheet(job: Job, assets: Path, count: int) -> np.ndarray:
        asked.append((job.seed, job.skaters[0].variety, count))
        return np.zeros((4, 4, 3), dtype=np.uint8)

    monkeypatch.setattr("render_scripts.portraits.people_sheet", sheet)
    job, out = tmp_path / "job.yaml", tmp_path / "people.png"
    job.write_text("seed: 4\nskaters: [{variety: 0.5}]\n", encoding="utf-8")
    common = ["--people", "3", "-o", str(out), "--assets", str(assets)]
    assert main(["preview", *common]) == 0 and out.read_bytes().startswith(b"\x89PNG")
    assert main(["preview", str(job), *common]) == 0 and main(["preview", str(job), "--seed", "9", *common]) == 0
    assert asked == [(0, 1.0, 3), (4, 0.5, 3), (9, 0.5, 3)]

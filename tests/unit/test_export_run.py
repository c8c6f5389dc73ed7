"""What runs formats: splits, going on after a stop, samples that are none, folders that are not its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from made_set import made, made_set

from mocap.errors import UserError
from render_scripts import cli
from render_scripts.export import FORMATS, export
from render_scripts.export.format import STATE, Format, Options, Out
from render_scripts.export.run import RECORD, run
from render_scripts.export.samples import Sample
from render_scripts.shards import write_tar

ROOT = Path(__file__).resolve().parents[2]


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


class Broken:
    """A format that writes a file per sample and one at the end, and stops when it is told."""

    def __init__(self, stop_at: str | None = None) -> None:
        self.stop_at = stop_at
        self.seen: list[str] = []

    def form(self) -> Format:
        outer = self

        class Clip:
            def __init__(self, out: Out, split: str, clip: int) -> None:
                self._out, self._keys = out, []

            def add(self, sample: Sample) -> None:
                outer.seen.append(sample.key)
                if sample.key == outer.stop_at:
                    raise KeyboardInterrupt
                self._out.write(f"files/{sample.key}.txt", sample.key.encode())
                self._keys.append(sample.key)

            def close(self) -> list[str]:
                return self._keys

        def finish(out: Out, clips: object) -> None:
            out.write("all.json", json.dumps([[c.split, c.clip, c.made] for c in clips]).encode())  # type: ignore[attr-defined]

        return Format(Clip, finish)


def test_all_clips_come_in_order_and_their_files_are_counted(tmp_path: Path) -> None:
    data = made_set(tmp_path / "in", clips=(0, 3))
    made_set(data, clips=(1,), split="test")
    assert run(data, "x", Broken().form(), tmp_path / "out", Options()) == 7
    assert json.loads((tmp_path / "out" / "all.json").read_text()) == [
        ["test", 1, ["000001_a_000000", "000001_a_000001"]],
        ["train", 0, ["000000_a_000000", "000000_a_000001"]],
        ["train", 3, ["000003_a_000000", "000003_a_000001"]],
    ]
    assert not (tmp_path / "out" / STATE).exists()
    assert json.loads((tmp_path / "out" / RECORD).read_text())["samples"] == 6


def test_what_is_finished_is_not_made_again(tmp_path: Path) -> None:
    data = made_set(tmp_path / "in", clips=(0, 1, 2))
    run(data, "x", Broken().form(), tmp_path / "whole", Options())
    broken = Broken("000001_a_000001")
    with pytest.raises(KeyboardInterrupt):
        run(data, "x", broken.form(), tmp_path / "out", Options())
    assert not (tmp_path / "out" / "all.json").exists() and (tmp_path / "out" / STATE).exists()
    again = Broken()
    assert run(data, "x", again.form(), tmp_path / "out", Options()) == 7
    assert again.seen == [f"00000{clip}_a_00000{frame}" for clip in (1, 2) for frame in (0, 1)]
    assert files_of(tmp_path / "out") == files_of(tmp_path / "whole")
    # Once more is no work at all.
    last = Broken()
    assert run(data, "x", last.form(), tmp_path / "out", Options()) == 7 and last.seen == []


def test_only_the_split_asked_for(tmp_path: Path) -> None:
    data = made_set(tmp_path / "in", clips=(0,))
    made_set(data, clips=(1,), split="val")
    form = Broken()
    run(data, "x", form.form(), tmp_path / "out", Options(split="val"))
    assert form.seen == ["000001_a_000000", "000001_a_000001"]
    with pytest.raises(UserError, match=r"no shards of a split 'test'.* It has: train, val"):
        run(data, "x", form.form(), tmp_path / "other", Options(split="test"))
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("what", ["options", "data", "foreign", "file"])
def test_a_folder_with_something_else_is_left_alone(tmp_path: Path, what: str) -> None:
    data, out = made_set(tmp_path / "in"), tmp_path / "out"
    if what == "file":
        out.write_text("mine")
    elif what == "foreign":
        (out / "own").mkdir(parents=True)
    else:
        with pytest.raises(KeyboardInterrupt):
            run(data, "x", Broken("000001_a_000000").form(), out, Options())
        if what == "data":
            made_set(data, clips=(7,), split="zzz")
    before = files_of(tmp_path)
    asked = Options(split="train") if what == "options" else Options()
    words = {"options": r"other options\)", "data": r"other dataset\)"}.get(what, "not an empty folder")
    with pytest.raises(UserError, match=words):
        run(data, "x", Broken().form(), out, asked)
    assert files_of(tmp_path) == before


def test_a_mistake_before_the_first_file_does_not_take_the_folder(tmp_path: Path) -> None:
    data = made_set(tmp_path / "in", sets=("skate",))
    with pytest.raises(UserError, match=r"lacks the keypoint set coco_17.*labels\.keypoints"):
        export(data, "yolo-pose", tmp_path / "out")
    assert export(data, "yolo-pose", tmp_path / "out", Options(keypoints="skate")) == 9


def test_samples_that_are_none_are_told_in_a_line_each(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    key, good = made(0, 0)
    facts = json.loads(good["json"])
    facts["people"][0].pop("instance")
    bad = good | {"json": json.dumps(facts).encode()}
    samples = [(key, good), (key.replace("000000_a", "000001_a"), bad), ("nothing", good), ("000002_a_000000", good)]
    write_tar(tmp_path / "in" / "train-000000.tar", samples)
    lines: list[str] = []
    for _ in range(2):
        # The second time nothing is done, and what was left out is said again.
        with pytest.raises(UserError, match=r"2 of 4 samples .* left out, everything else is written.*the first: "):
            export(tmp_path / "in", "yolo-pose", tmp_path / "out", tell=lines.append)
    assert len(lines) == 2 and "000001_a_000000" in lines[0] and "instance" in lines[0] and "nothing" in lines[1]
    assert sorted(path.name for path in (tmp_path / "out" / "labels" / "train").iterdir()) == [
        "000000_a_000000.txt",
        "000002_a_000000.txt",
    ]
    assert cli.main(["export", str(tmp_path / "in"), "--format", "yolo-pose", "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_clip_that_comes_twice_is_refused(tmp_path: Path) -> None:
    write_tar(tmp_path / "in" / "train-000000.tar", [made(0, 0), made(1, 0), made(0, 1)])
    with pytest.raises(UserError, match="clip 0 comes up again"):
        export(tmp_path / "in", "yolo-pose", tmp_path / "out")


def test_a_clip_over_two_shards_is_one(tmp_path: Path) -> None:
    write_tar(tmp_path / "in" / "train-000000.tar", [made(0, 0)])
    write_tar(tmp_path / "in" / "train-000001.tar", [made(0, 1)])
    form = Broken()
    run(tmp_path / "in", "x", form.form(), tmp_path / "out", Options())
    assert json.loads((tmp_path / "out" / "all.json").read_text())[0][2] == form.seen == [made(0, 0)[0], made(0, 1)[0]]


def test_a_split_is_no_way_out_of_the_folder(tmp_path: Path) -> None:
    write_tar(tmp_path / "in" / "..-000000.tar", [made(0, 0)])
    with pytest.raises(UserError, match="not named as a shard"):
        export(tmp_path / "in", "coco", tmp_path / "out")


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_options_of_other_formats_are_refused(tmp_path: Path, name: str) -> None:
    data = made_set(tmp_path / "in", clips=(0,), frames=1)
    for option in (Options(video=True), Options(keypoints="skate")):
        asked = "video" if option.video else "keypoints"
        known = {"openpose": {"video"}, "coco": {"keypoints"}, "yolo-pose": {"keypoints"}}.get(name, set())
        if asked not in known:
            with pytest.raises(UserError, match=f"{name} has no option --{asked}"):
                export(data, name, tmp_path / "out", option)


def test_killed_at_any_instant_and_run_again_it_is_the_same(tmp_path: Path) -> None:
    data = made_set(tmp_path / "in", clips=range(8), frames=1)
    out = tmp_path / "out"
    command = [sys.executable, "-m", "render_scripts.cli", "export", str(data), "--format", "coco", "--out", str(out)]
    pytest.importorskip("pycocotools")
    export(data, "coco", tmp_path / "whole")
    for files in (1, 4):
        child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        until = time.monotonic() + 120.0
        while child.poll() is None and time.monotonic() < until and len(list(out.glob("train/*"))) < files:
            time.sleep(0.001)
        child.send_signal(signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL, "it was killed while it ran"
        assert (out / STATE).exists()
    assert subprocess.run(command, cwd=ROOT, check=True, capture_output=True, env=os.environ).returncode == 0
    assert files_of(out) == files_of(tmp_path / "whole")

"""The extension and `render.py` in the real Blender: registration, buttons, the same labels as with the bpy wheel."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from real_blender import Blender

from render_scripts.build_extension import HOUSES, build_own_wheel

JOB = """
seed: 3
frames: {count: 3}
cameras:
  - {name: phone, width: 160, height: 120}
  - {name: stand, profile: broadcast, width: 160, height: 120, follow: fixed}
render: {samples: 2, denoise: false, device: cpu}
"""

ROOT = Path(__file__).resolve().parents[2]

# Pixels of a mask in which Blenders of different versions may differ: an outline through a pixel's very middle.
ROUNDED = 2

REGISTER = """
import importlib, runpy, sys
import addon_utils, bpy
name = "bl_ext.user_default.skatesynth"
look = runpy.run_path(sys.argv[-1])
extension = importlib.import_module(name)
heavy = {"scipy", "cv2", "pydantic", "yaml", "matplotlib"} & set(sys.modules)
assert not heavy, f"Blender starts with {heavy}"
assert bpy.context.scene.skatesynth.output.count > 0
for _ in range(2):
    extension.register()
    extension.register()
    assert hasattr(bpy.types, "SKATESYNTH_PT_render")
    extension.unregister()
    extension.unregister()
    assert not hasattr(bpy.types, "SKATESYNTH_PT_render")
    assert not hasattr(bpy.types.Scene, "skatesynth")
before = look["countable"]()
for _ in range(20):
    addon_utils.enable(name)
    assert hasattr(bpy.types, "SKATESYNTH_PT_render")
    chosen = bpy.context.window_manager.skatesynth_overlay
    chosen.show, chosen.coloring = True, "part"
    held = look["held"]()
    assert held["draw handlers"] == 2 and held["command"] is not None, held
    addon_utils.disable(name)
after = look["countable"]()
for what in before:
    assert before[what] == after[what], (what, before[what], after[what])
assert not any(look["held"]().values()), look["held"]()
addon_utils.enable(name)
assert bpy.context.preferences.addons[name].preferences.workers == 1
"""

# Blender has no event loop without a window, so the timer is called by hand.
BUTTONS = """
import pathlib, sys, time
import bpy
from blender_addon.ui.operators import render as operators
from blender_addon.ui import watch
assets, out = sys.argv[sys.argv.index("--") + 1:]
chosen = bpy.context.scene.skatesynth
mine = bpy.context.preferences.addons["bl_ext.user_default.skatesynth"].preferences
render, cancel = bpy.ops.skatesynth.render, bpy.ops.skatesynth.cancel
assert not render.poll() and "Choose a take" in operators.why_not(bpy.context)
chosen.take.source = "demo"
assert not render.poll() and "output folder" in operators.why_not(bpy.context)
chosen.output.out = out
mine.assets = out
assert not render.poll() and "MakeHuman" in operators.why_not(bpy.context)
mine.assets = assets
assert render.poll() and not cancel.poll()
chosen.output.count, chosen.cameras.set, chosen.cameras.size = 3, "phone", 160
heads = []
folder = pathlib.Path(out + "-run")
def shown():
    return watch.at(folder).shown

def wait(until):
    end = time.monotonic() + 240.0
    while watch.at(folder).run is not None and not until(shown()):
        assert time.monotonic() < end, shown()
        time.sleep(0.1)
        watch.tick()
        heads.append(shown().headline)

assert render() == {"FINISHED"}
assert not render.poll()
wait(lambda shown: shown.fraction > 0.0)
assert cancel() == {"FINISHED"}
wait(lambda shown: False)
assert shown().outcome == "stopped", shown()
assert render() == {"FINISHED"}
wait(lambda shown: False)
assert shown().outcome == "done", shown()
assert shown().sheet.is_file()
assert bpy.ops.skatesynth.open_folder.poll()
assert render() == {"FINISHED"}  # it is all there already
wait(lambda shown: False)
assert shown().headline == "Done: 3 pictures", shown()
print(sorted(set(heads)))
"""


def test_registration_can_be_repeated_and_leaves_nothing_behind(blender: Blender) -> None:
    # The program sees nothing of this folder.
    look = blender.folder / "left_behind.py"
    look.write_text((ROOT / "tests" / "scene" / "left_behind.py").read_text(encoding="utf-8"), encoding="utf-8")
    said = blender.script(REGISTER, str(look))
    assert "Traceback" not in said, said
    assert "Warning" not in said, said


def test_buttons_start_stop_and_finish_a_run(blender: Blender, data: Path) -> None:
    out = blender.folder / "from the panel"
    said = blender.script(BUTTONS, str(data), str(out))
    for words in ("Starting Blender", "0 of 3 pictures", "1 of 3 pictures", "Cancelled", "Done: 3 pictures"):
        assert words in said
    assert len([name for name in samples(out) if name.endswith(".json")]) == 3


def test_all_three_ways_in_give_the_same_labels(blender: Blender, data: Path) -> None:
    pytest.importorskip("bpy")
    job = blender.folder / "job.yaml"
    job.write_text(JOB, encoding="utf-8")
    before = sorted(path.name for path in blender.libraries().iterdir())
    script = blender.libraries() / "render_scripts" / "render.py"
    by_script, by_command, here = (blender.folder / name for name in ("script", "command", "here"))
    options = [str(job), "--assets", str(data), "--json", "--out"]
    blender.run("--background", "--python", str(script), "--", *options, str(by_script))
    blender.run("--command", "skatesynth", "render", *options, str(by_command))
    wheel = [sys.executable, "-m", "render_scripts.cli", "render", *options, str(here)]
    subprocess.run(wheel, check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True)
    # Of one Blender all is the same, byte by byte.
    ours, theirs = samples(here), samples(by_script)
    assert theirs == samples(by_command)
    assert ours.keys() == theirs.keys()
    masks = [name for name in ours if name.endswith((".body.png", ".clothes.png", ".instance.png"))]
    assert len(masks) == 18
    facts = [(json.loads(ours[name]), json.loads(theirs[name])) for name in ours if name.endswith(".json")]
    allowed = 0 if facts[0][0]["versions"] == facts[0][1]["versions"] else ROUNDED
    for name in masks:
        assert np.count_nonzero(picture(ours[name]) != picture(theirs[name])) <= allowed, name
    assert sum(int(np.count_nonzero(picture(ours[name]))) for name in masks) > 0
    for mine, other in facts:
        for people in zip(mine["people"], other["people"], strict=True):
            compare_people(*people)
    # What a run in Blender must never do: have it clear away the libraries of the user's extensions.
    assert before == sorted(path.name for path in blender.libraries().iterdir())


def test_the_command_tells_what_it_can_do_and_how_it_went(blender: Blender, data: Path) -> None:
    assert "usage: skatesynth" in blender.run("--command", "skatesynth", "--help")
    assert "--workers" in blender.run("--command", "skatesynth", "render", "--help")
    assert "no such file" in blender.run("--command", "skatesynth", "render", "nowhere.yaml", status=2)
    assert "See: skatesynth" in blender.run("--command", "skatesynth", "render", status=2)
    assert "camel spin" in blender.run("--command", "skatesynth", "element")


def test_nothing_is_fetched_unless_blender_may_go_online(blender: Blender) -> None:
    empty = blender.folder / "no cache"
    said = blender.script(
        "import os, sys\n"
        "from blender_addon.ui import command\n"
        "os.environ['SKATESYNTH_CACHE'] = sys.argv[-1]\n"
        "os.environ['BLENDER_USER_EXTENSIONS'] = os.environ['XDG_CONFIG_HOME'] = sys.argv[-1]\n"
        "before = dict(os.environ)\n"
        "print('status', command.run(['assets', 'fetch']))\n"
        "assert dict(os.environ) == before\n",
        str(empty),
    )
    assert "may not be fetched" in said and "--online-mode" in said and "status 2" in said
    assert not empty.exists()


def test_a_mistake_in_a_job_is_one_line_there_too(blender: Blender, data: Path) -> None:
    job = blender.folder / "mistake.yaml"
    job.write_text("framse: {count: 3}\n", encoding="utf-8")
    script = blender.libraries() / "render_scripts" / "render.py"
    said = blender.run("--background", "--python", str(script), "--", str(job), "--assets", str(data), status=2)
    assert "unknown key 'framse' (did you mean 'frames'?)" in said
    assert "Traceback" not in said


def test_a_newer_zip_of_the_same_version_brings_its_own_libraries(blender: Blender, tmp_path: Path) -> None:
    newer = tmp_path / "newer"
    for house in HOUSES:
        shutil.copytree(ROOT / house, newer / house, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, newer / name)
    (newer / "mocap" / "newer.py").write_text("WORDS = 'the newer code'\n", encoding="utf-8")
    (first,) = blender.folder.glob("skatesynth-*.zip")
    second = blender.folder / "newer.zip"
    second.write_bytes(with_wheel(first, build_own_wheel(tmp_path, newer)))
    for archive, there in ((second, True), (first, False)):
        blender.run("--command", "extension", "install-file", "--repo", "user_default", "--enable", str(archive))
        said = blender.script(f"import importlib.util\nprint('newer', {FOUND})\n")
        assert f"newer {there}" in said


FOUND = "importlib.util.find_spec('mocap.newer') is not None"


def with_wheel(archive: Path, wheel: Path) -> bytes:
    """An extension's zip in which another wheel of ours has taken the place of the one in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(out, "w") as new:
        (ours,) = (name for name in old.namelist() if name.startswith("wheels/skatesynth-"))
        assert Path(ours).name != wheel.name
        for info in old.infolist():
            if info.filename == ours:
                new.writestr(f"wheels/{wheel.name}", wheel.read_bytes())
            elif info.filename == "blender_manifest.toml":
                new.writestr(info, old.read(info).replace(ours.encode(), f"wheels/{wheel.name}".encode()))
            else:
                new.writestr(info, old.read(info))
    return out.getvalue()


def samples(folder: Path) -> dict[str, bytes]:
    """Every file of every shard in a data set's folder."""
    found: dict[str, bytes] = {}
    for shard in sorted(folder.glob("*.tar")):
        with tarfile.open(shard) as tar:
            for member in tar:
                file = tar.extractfile(member)
                assert file is not None
                found[member.name] = file.read()
    return found


def picture(data: bytes) -> np.ndarray:
    """The pixels of a PNG as they are stored."""
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert decoded is not None
    return decoded


def compare_people(mine: dict[str, Any], other: dict[str, Any]) -> None:
    """The same labels, up to the last digit that is written."""
    assert np.abs(np.subtract(mine["bbox"], other["bbox"])).max() <= 1.0
    for name, points in mine["keypoints"].items():
        there = other["keypoints"][name]
        assert points["visibility"] == there["visibility"]
        assert np.abs(np.subtract(points["xy"], there["xy"])).max() < 0.01
        assert np.abs(np.subtract(points["xyz"], there["xyz"])).max() < 1e-4

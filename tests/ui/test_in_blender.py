"""The extension and `render.py` in the real Blender: registration, buttons, the same labels as with the bpy wheel."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from real_blender import Blender

JOB = """
seed: 3
frames: {count: 3}
cameras:
  - {name: phone, width: 160, height: 120}
  - {name: stand, profile: broadcast, width: 160, height: 120, follow: fixed}
render: {samples: 2, denoise: false, device: cpu}
"""

# Pixels of a mask in which Blenders of different versions may differ: an outline through a pixel's very middle.
ROUNDED = 2

REGISTER = """
import importlib
import addon_utils, bpy
name = "bl_ext.user_default.skatesynth"
extension = importlib.import_module(name)
assert bpy.context.scene.skatesynth.output.count > 0
for _ in range(2):
    extension.register()
    extension.register()
    assert hasattr(bpy.types, "SKATESYNTH_PT_render")
    extension.unregister()
    extension.unregister()
    assert not hasattr(bpy.types, "SKATESYNTH_PT_render")
    assert not hasattr(bpy.types.Scene, "skatesynth")
extension.register()
addon_utils.disable(name)
assert not hasattr(bpy.types.Scene, "skatesynth")
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


def test_registration_can_be_repeated(blender: Blender) -> None:
    said = blender.script(REGISTER)
    assert "Traceback" not in said, said
    assert "Warning" not in said, said


def test_buttons_start_stop_and_finish_a_run(blender: Blender, data: Path) -> None:
    out = blender.folder / "from the panel"
    said = blender.script(BUTTONS, str(data), str(out))
    for words in ("Starting Blender", "0 of 3 pictures", "1 of 3 pictures", "Cancelled", "Done: 3 pictures"):
        assert words in said
    assert len([name for name in samples(out) if name.endswith(".json")]) == 3


def test_render_py_gives_the_labels_of_the_bpy_wheel(blender: Blender, data: Path) -> None:
    pytest.importorskip("bpy")
    job = blender.folder / "job.yaml"
    job.write_text(JOB, encoding="utf-8")
    before = sorted(path.name for path in blender.libraries().iterdir())
    script = blender.libraries() / "render_scripts" / "render.py"
    there, here = blender.folder / "there", blender.folder / "here"
    options = [str(job), "--assets", str(data), "--json", "--out"]
    blender.run("--background", "--python", str(script), "--", *options, str(there))
    wheel = [sys.executable, "-m", "render_scripts.cli", "render", *options, str(here)]
    root = Path(__file__).resolve().parents[2]
    subprocess.run(wheel, check=True, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True)
    ours, theirs = samples(here), samples(there)
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


def test_a_mistake_in_a_job_is_one_line_there_too(blender: Blender, data: Path) -> None:
    job = blender.folder / "mistake.yaml"
    job.write_text("framse: {count: 3}\n", encoding="utf-8")
    script = blender.libraries() / "render_scripts" / "render.py"
    said = blender.run("--background", "--python", str(script), "--", str(job), "--assets", str(data), status=2)
    assert "unknown key 'framse' (did you mean 'frames'?)" in said
    assert "Traceback" not in said


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

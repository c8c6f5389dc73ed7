"""The add-on's operators in Blender 5.0 as well, whose module has the same Python as 4.5's: fetched for this test."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("bpy")

ROOT = Path(__file__).resolve().parents[2]
OTHER = "5.0"
OPERATORS = ("test_panel.py", "test_steps.py", "test_fix_ups.py", "test_overlay.py", "test_at_hand.py")


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """This Python, with what is in the folder before all else."""
    # A worker of pytest's, which this may be, says so to what it starts.
    rest = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**rest, "PYTHONPATH": os.pathsep.join((str(folder), str(ROOT)))},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds the other Blender's module."""
    import bpy

    if bpy.app.version[:2] == (5, 0) or sys.version_info[:2] != (3, 11):
        pytest.skip(f"only beside Blender 4.5, in Python 3.11, can Blender {OTHER} be tried as well")
    folder = tmp_path_factory.mktemp("blender")
    wanted = ["--no-deps", "--target", str(folder), f"bpy=={OTHER}.*"]
    got = python(folder, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", *wanted)
    if got.returncode:
        pytest.skip(f"Blender {OTHER} cannot be had here: {(got.stdout.strip().splitlines() or ['pip failed'])[-1]}")
    return folder


def test_operators_of_the_panel(other: Path) -> None:
    said = python(other, "-c", "import bpy; print(bpy.app.version_string)")
    assert said.stdout.splitlines()[0].startswith(OTHER), said.stdout
    tests = [str(Path("tests", "scene", name)) for name in OPERATORS]
    ran = python(other, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests)
    assert ran.returncode == 0, ran.stdout[-6000:]
    # Blender has last words of its own after pytest's.
    assert int((re.findall(r"(\d+) passed", ran.stdout) or ["0"])[-1]) > 20, ran.stdout[-6000:]

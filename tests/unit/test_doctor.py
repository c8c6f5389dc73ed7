"""The doctor looks for what the project says it needs, and says what to do about a lack."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from render_scripts import doctor
from render_scripts.doctor import PYTHON_LIBRARIES, Finding, table

ROOT = Path(__file__).resolve().parents[2]


def test_every_dependency_is_looked_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert sorted(PYTHON_LIBRARIES) == sorted(re.split("[<>=]", name)[0] for name in project["dependencies"])


def test_a_blender_that_does_not_start_is_one_finding_with_its_mend(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(doctor, "_PROBE", "raise ImportError('libXi.so.6: cannot open')")
    monkeypatch.setattr(doctor, "blender_program", lambda: None)
    (finding,) = (f for f in doctor.examine() if f.name == "Blender")
    assert not finding.well and "libXi.so.6" in finding.value and "pip install" in str(finding.mend)


def test_a_table_counts_what_is_missing() -> None:
    text = table([Finding("Python", True, "3.11"), Finding("disk here", False, "0.1 GiB free", "Make room.")])
    assert text.splitlines()[-1] == "1 needed things are missing." and "→ Make room." in text
    assert table([Finding("Python", True, "3.11")]).endswith("Everything that is needed is there.")

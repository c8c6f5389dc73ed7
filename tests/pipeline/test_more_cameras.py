"""One camera more changes nothing in the samples of the others: nobody makes way for it, nothing is drawn anew."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

from render_scripts.dataset import make_dataset
from render_scripts.export.samples import samples
from render_scripts.job import Job
from render_scripts.plan import plan_job

pytestmark = pytest.mark.skipif(importlib.util.find_spec("bpy") is None, reason="needs the bpy wheel")

PHONE = {"name": "phone", "profile": "phone", "width": 96, "height": 72, "motion_blur": 0.0}
# Its shutter stays open, for which bodies have to move between the frames; the phone's has to see nothing of that.
MORE = {"name": "gopro", "profile": "gopro", "width": 96, "height": 72, "azimuth": 100.0, "motion_blur": 1.0}
WITH: dict[str, Any] = {
    "seed": 11,
    "clips": 1,
    "frames": {"fps": 5, "count": 2},
    "skaters": [{}, {}],
    "coaches": {"count": 1},
    "crowd": {"spectators": 40, "kinds": 1},
    "render": {"quality": "draft", "samples": 1, "denoise": False},
}


def job(*cameras: dict[str, Any]) -> Job:
    return Job.model_validate(WITH | {"cameras": cameras})


def fields(job: Job, out: Path, assets: Path) -> dict[str, dict[str, bytes]]:
    """Every sample's files by its key."""
    made = make_dataset(job.model_copy(update={"out": str(out)}), assets, quiet=True)
    return {sample.key: dict(sample.fields) for sample in samples(made.out)}


def test_the_plan_of_a_camera_is_its_own() -> None:
    alone, both = plan_job(job(PHONE)), plan_job(job(MORE, PHONE))
    assert alone[0].cameras[0] == both[0].cameras[1]
    assert alone[0].skaters == both[0].skaters and alone[0].crowd == both[0].crowd
    assert alone[0].rink == both[0].rink and alone[0].light == both[0].light


def test_one_camera_more_changes_nothing_for_the_others(assets: Path, tmp_path: Path) -> None:
    alone = fields(job(PHONE), tmp_path / "alone", assets)
    both = fields(job(PHONE, MORE), tmp_path / "both", assets)
    assert set(alone) < set(both) and len(both) == 2 * len(alone) == 4
    for key, files in alone.items():
        different = [name for name, content in files.items() if both[key][name] != content]
        assert different == []

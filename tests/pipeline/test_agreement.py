"""Rendered samples agree with their labels; damaged ones are found out; and the docs' example reads them."""

from __future__ import annotations

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from damages import DAMAGES, Around

from render_scripts.agreement import check, decoded
from render_scripts.cli import main
from render_scripts.dataset import make_dataset
from render_scripts.export.samples import samples
from render_scripts.job import load_job
from render_scripts.validate import examine

pytestmark = pytest.mark.skipif(importlib.util.find_spec("bpy") is None, reason="needs the bpy wheel")

ROOT = Path(__file__).resolve().parents[2]
JOB = """
seed: 5
motions: [{element: lutz}, {element: camel spin}]
clips: 2
frames: {fps: 30, count: 2}
scene: {preset: clean, rink: {kind: outdoor}, light: {kind: daylight, overcast: 1}}
render: {quality: draft, samples: 4}
labels: {distance: true, normal: true, normal_camera: true, flow: true, surface: true, amodal: true}
cameras:
  - {name: still, profile: phone, size: 240}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, assets: Path) -> Path:
    folder = tmp_path_factory.mktemp("agreement")
    (folder / "job.yaml").write_text(JOB)
    job = load_job(folder / "job.yaml").model_copy(update={"out": str(folder / "data")})
    return make_dataset(job, assets, quiet=True).out


def test_what_is_rendered_agrees(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(made), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["well"] and told["samples"] == 4
    figures = {figure["name"]: figure for figure in told["figures"]}
    assert {"ice_is_flat", "distance", "normals_turned", "normals_of_depth", "edges_across", "flow_of_still"} <= set(
        figures
    )
    assert all(figure["failed"] == 0 for figure in figures.values())
    # Told, and not just not denied.
    untold = [name for name, figure in figures.items() if figure["holds"] is None]
    assert set(untold) <= {"causes", "hidden_behind"}  # of the few points that are hidden


# Told by parts without a pixel, which these few frames need not have; `test_agreement_figures` has some.
NOT_HERE = {"shares of body parts given to the next part"}


@pytest.mark.parametrize("name", sorted(DAMAGES.keys() - NOT_HERE))
def test_a_damaged_data_set_is_found_out(made: Path, name: str) -> None:
    read = [(sample.key, decoded(sample.fields)) for sample in samples(made)]
    (a, first), (b, second) = read[0], read[2]
    after, other = read[1][1], read[3][1]
    around = ((a, Around(first, after, second)), (b, Around(second, other, first)))
    findings = examine([(key, check(DAMAGES[name](one), one.next)) for key, one in around])
    assert any(not finding.well for finding in findings)


def test_the_example_of_the_docs_reads_a_shard_without_us(made: Path, tmp_path: Path) -> None:
    page = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
    block, *_ = re.findall(r"```python\n(.*?)```", page, flags=re.DOTALL)
    assert len([line for line in block.splitlines() if line.strip()]) <= 20
    script = tmp_path / "read.py"
    script.write_text(block)
    # Isolated: neither this folder nor an environment's path leads to our packages.
    shut = "import sys; sys.modules.update(dict.fromkeys(('mocap', 'blender_addon', 'render_scripts')));"
    run = f"{shut} sys.argv = sys.argv[1:]; exec(open(sys.argv[0]).read())"
    shard = str(made / "train-000000.tar")
    done = subprocess.run(
        [sys.executable, "-I", "-c", run, str(script), shard], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    words = line.split()
    first = decoded(next(samples(made)).fields)
    assert int(words[0]) == (first.instance == 1).sum() > 100
    assert float(words[words.index("by") + 1]) < 0.02
    depth = first.depth
    assert depth is not None and float(words[2]) == pytest.approx(depth[first.instance == 1].mean(), abs=1e-3)

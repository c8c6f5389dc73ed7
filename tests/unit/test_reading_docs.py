"""The examples of docs/reading.md run, each in a process of its own, where their libraries are installed."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_sets import small_job, write_set

from render_scripts.job import LabelsJob, OutputJob
from render_scripts.reading import open_dataset

ROOT = Path(__file__).resolve().parents[2]
JOB = small_job(output=OutputJob(shard_size=4, split={"train": 0.7, "val": 0.3}), labels=LabelsJob(normal=True))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_set(tmp_path_factory.mktemp("made") / "set", JOB)


def example(heading: str) -> str:
    page = (ROOT / "docs" / "reading.md").read_text(encoding="utf-8")
    section = re.split(r"^## ", page, flags=re.MULTILINE)
    (text,) = (part for part in section if part.startswith(heading))
    (block,) = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    return str(block)


def needs(library: str) -> Any:
    try:
        return importlib.import_module(library)
    except ImportError as error:
        pytest.skip(f"{library} is not to be had here: {error}")


def run(tmp_path: Path, heading: str, *arguments: str) -> list[str]:
    script = tmp_path / "example.py"
    script.write_text(example(heading), encoding="utf-8")
    offline = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(tmp_path / "cache")}
    done = subprocess.run(
        [sys.executable, str(script), *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), **offline},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_our_reader(made: Path, tmp_path: Path) -> None:
    lines = run(tmp_path, "With our reader", str(made))
    assert lines[0] == "12 samples of ('train', 'val')" and lines[1].startswith("000000_phone_000000 0 phone 0 ")
    # A quarter of 64 × 48 is somebody.
    assert len(lines) == 4 + 8 and lines[4] == "000000_phone_000000 768"


def test_torch(made: Path, tmp_path: Path) -> None:
    needs("torch")
    lines = run(tmp_path, "PyTorch", str(made), "val")
    assert (
        sorted(lines)
        == ["torch.Size([1, 3, 48, 48]) torch.float32 14"] * 2 + ["torch.Size([1, 3, 48, 64]) torch.float32 14"] * 2
    )


def test_torch_example_as_far_as_it_goes_without_torch(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its class, with numpy's arrays for tensors."""
    import types

    class Tensor(np.ndarray):
        def permute(self, *axes: int) -> Any:
            return self.transpose(axes)

        def float(self) -> Any:
            return self.astype(np.float32)

        def long(self) -> Any:
            return self.astype(np.int64)

    torch, utils, data = (types.ModuleType(name) for name in ("torch", "torch.utils", "torch.utils.data"))
    torch.from_numpy = lambda array: array.view(Tensor)  # type: ignore[attr-defined]
    data.Dataset, data.DataLoader = object, list  # type: ignore[attr-defined]
    for module in (torch, utils, data):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    names: dict[str, Any] = {"__name__": "example"}
    exec(example("PyTorch"), names)
    skaters = names["Skaters"](made, "val")
    picture, body = skaters[1]
    assert len(skaters) == 4 and picture.shape == (3, 48, 48) and 0.9 < picture.max() <= 1.0
    assert np.array_equal(body, open_dataset(made, "val")[1]["body"])


def test_webdataset(made: Path, tmp_path: Path) -> None:
    needs("webdataset")
    lines = run(tmp_path, "webdataset", str(made), "val")
    assert lines[0] == "000001_phone_000000 (48, 64, 3) uint16 1" and len(lines) == 4


def test_hugging_face(made: Path, tmp_path: Path) -> None:
    needs("datasets")
    lines = run(tmp_path, "Hugging Face", str(made), "val")
    assert lines[-4:] == [
        f"{key} ({width}, 48) 1.0" for key, width in zip(open_dataset(made, "val").keys, (64, 48, 64, 48), strict=True)
    ]


def test_hugging_face_has_the_features_of_the_card_and_equal_values(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HF_HUB_OFFLINE", "HF_DATASETS_OFFLINE"):
        monkeypatch.setenv(name, "1")
    datasets = needs("datasets")
    ours = open_dataset(made)
    local = datasets.load_dataset(str(made), cache_dir=str(tmp_path))
    streamed = datasets.load_dataset(str(made), cache_dir=str(tmp_path), streaming=True)
    for split in ("train", "val"):
        kinds = local[split].features
        assert kinds == streamed[split].features and isinstance(kinds["rgb.png"], datasets.Image)
        assert kinds["json"]["people"].feature["visible_fraction"].dtype == "float64"
        # No event has a type to be guessed from, and `time` of the first sample is 0.
        assert kinds["json"]["motion"]["events"].feature["turns"].dtype == "float64"
        for rows in (local[split], streamed[split]):
            for row, sample in zip(rows, ours.split(split), strict=True):
                assert row["__key__"] == sample.key and row["normal.png"] == sample.raw("normal.png")
                # As text, in which 1 and 1.0 differ.
                assert json.dumps(row["json"]) == json.dumps(sample.facts)
                for name in ("rgb", "body", "instance"):
                    assert np.array_equal(np.asarray(row[f"{name}.png"]), sample[name])
                depth = np.asarray(row["depth.png"])
                assert np.array_equal(np.rint(1000.0 * sample["depth"]), depth) and depth.max() > 255


def test_the_card_counts_what_is_there(made: Path) -> None:
    card = (made / "README.md").read_text(encoding="utf-8")
    assert "| train | 8 | 2 | 8 | 0 | 0 |" in card and "| val | 4 | 1 | 4 | 0 | 0 |" in card
    assert "| `body_25` | 300 | 76.0% |" in card and "| jump | axel | 12 |" in card
    body = np.concatenate([sample["body"].ravel() for sample in open_dataset(made)])
    assert f"| torso | {100.0 * (body == 8).sum() / (body > 0).sum():.1f}% | 12 |" in card
    assert "movements `demo`" in card and "MakeHuman" in card and "run.json" in card


def test_the_card_names_files_whose_terms_are_not_known(tmp_path: Path) -> None:
    from render_scripts.card.licences import licences
    from render_scripts.job import Job, MotionJob, SkaterJob

    job = Job(
        motions=(MotionJob(take="/lab/takes/anna.mvnx"), MotionJob(element="axel")),
        skaters=(SkaterJob(character="/lab/figures/bob.blend", details={"/lab/nose.target": 0.5}),),
    )
    table = licences(job)
    assert "| recording `anna.mvnx` | given by whoever wrote the job | not known here: ask them |" in table
    assert "character `bob.blend`" in table and "file `nose.target`" in table and "movements `axel`" in table
    assert "/lab" not in table and "demo" not in table

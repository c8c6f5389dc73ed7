"""`skatesynth validate`: what it says and how it ends, over shards of painted samples."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from made_sample import made_sample

from render_scripts.cli import main
from render_scripts.dense_fields import decode_picture, png
from render_scripts.sample import Fields, sample_key
from render_scripts.shards import write_tar


@pytest.fixture(scope="module")
def painted() -> list[tuple[str, Fields]]:
    return [(sample_key(0, "a", frame), made_sample(0.04 * frame, frame)) for frame in range(3)]


def shards(folder: Path, samples: list[tuple[str, Fields]]) -> str:
    write_tar(folder / "train-000000.tar", samples[:2])
    write_tar(folder / "train-000001.tar", samples[2:])
    return str(folder)


def test_a_sound_data_set(
    painted: list[tuple[str, Fields]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shards(tmp_path, painted)
    assert main(["validate", folder]) == 0
    assert capsys.readouterr().out.endswith("3 samples: labels and pictures agree\n")
    assert main(["validate", folder, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["well"] and told["samples"] == 3
    figures = {figure["name"]: figure for figure in told["figures"]}
    assert figures["projection"]["holds"] and figures["projection"]["count"] == 75
    # Nobody is hidden in it: there is nothing to tell of.
    assert figures["causes"]["holds"] is None and figures["causes"]["value"] is None


def test_a_fault_is_named_with_its_sample(
    painted: list[tuple[str, Fields]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, fields = painted[1]
    body = decode_picture(fields["body.png"])
    odd = {**fields, "body.png": png(np.where(body == 8, 99, body).astype(np.uint8))}
    folder = shards(tmp_path, [painted[0], (key, odd), painted[2]])
    assert main(["validate", folder]) == 1
    said = capsys.readouterr().out
    assert f"mask_values: pixels of body or clothes with a value that is in no table. First in: {key}." in said
    assert "do not hold" in said.splitlines()[-1]
    assert main(["validate", folder, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    faults = {figure["name"]: figure for figure in told["figures"] if figure["failed"]}
    assert not told["well"] and faults["mask_values"]["first"] == [key] and faults["mask_values"]["failed"] == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"body.png": b"no picture"},
        {"json": b"{}"},
        {"json": b'{"camera": 3, "people": []}'},
    ],
)
def test_what_is_no_sample_is_bad_input(
    painted: list[tuple[str, Fields]], tmp_path: Path, capsys: pytest.CaptureFixture[str], broken: Fields
) -> None:
    key, fields = painted[0]
    assert main(["validate", shards(tmp_path, [(key, {**fields, **broken})])]) == 2
    said = capsys.readouterr()
    assert said.err.count("\n") == 1 and key in said.err and "train-000000.tar" in said.err


def test_a_folder_without_shards_is_bad_input(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", str(tmp_path)]) == 2
    assert "no shards here" in capsys.readouterr().err

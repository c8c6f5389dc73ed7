"""MPII's JSON and .mat, as the readers of HRNet and its relatives use them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_sample import FOCAL
from made_set import COACH, SKATER, made, made_set
from scipy.io import loadmat

from render_scripts.export import export
from render_scripts.export.mpii import head_size
from render_scripts.export.samples import Sample

SHOWN = (SKATER, COACH)


@pytest.fixture(scope="module")
def mpii(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mpii")
    export(made_set(folder / "in"), "mpii", folder / "out")
    return folder / "out"


def truth(entry: dict[str, Any], number: int) -> dict[str, Any]:
    key = Path(entry["image"]).stem
    people = json.loads(made(int(key[:6]), int(key[-6:]))[1]["json"])["people"]
    (person,) = (person for person in people if person["instance"] == number)
    return dict(person)


def test_everybody_of_some_size_is_in_the_list(mpii: Path) -> None:
    people = json.loads((mpii / "annot" / "train.json").read_text())
    assert len(people) == 8
    for place, entry in enumerate(people):
        assert (mpii / "images" / entry["image"]).is_file()
        points = truth(entry, SHOWN[place % 2])["keypoints"]["mpii_16"]
        there = np.array(points["visibility"]) > 0
        assert entry["joints_vis"] == there.astype(int).tolist() and 0 < there.sum() < 16
        joints = np.array(entry["joints"])
        assert np.all(joints[~there] == -1.0)
        # What readers do: MATLAB counts from 1, and they from the middle of the first pixel.
        assert np.allclose(joints[there] - 1.0, np.array(points["xy"])[there] - 0.5)


def test_what_readers_cut_out_is_the_person_and_a_margin(mpii: Path) -> None:
    for place, entry in enumerate(json.loads((mpii / "annot" / "train.json").read_text())):
        x, y, w, h = truth(entry, SHOWN[place % 2])["bbox"]
        center, scale = np.array(entry["center"]), entry["scale"]
        center[1] += 15.0 * scale
        center, side = center - 0.5, 1.25 * scale * 200.0
        joints = np.array(entry["joints"])[np.array(entry["joints_vis"]) > 0] - 0.5
        low = np.minimum((x, y), joints.min(axis=0))
        high = np.maximum((x + w, y + h), joints.max(axis=0))
        assert np.allclose(center, 0.5 * (low + high), atol=0.01)
        assert side == pytest.approx(1.25 * (high - low).max(), abs=0.01)


def test_the_evaluation_of_hrnet_finds_the_truth_perfect(mpii: Path) -> None:
    people = json.loads((mpii / "annot" / "train.json").read_text())
    read = loadmat(mpii / "annot" / "gt_train.mat")
    names = [str(name[0]) for name in read["dataset_joints"][0]]
    assert names[0] == "rank" and names[9] == "head" and names[15] == "lwri"
    assert np.where(read["dataset_joints"] == "head")[1][0] == 9
    predicted = np.array([entry["joints"] for entry in people]).transpose(1, 2, 0)
    seen = 1 - read["jnt_missing"]
    assert read["pos_gt_src"].shape == (16, 2, 8) and seen.shape == (16, 8) and read["headboxes_src"].shape == (2, 2, 8)
    size = 0.6 * np.linalg.norm(read["headboxes_src"][1] - read["headboxes_src"][0], axis=0)

    def pckh(shift: float) -> float:
        error = np.linalg.norm(predicted + shift - read["pos_gt_src"], axis=1) / size
        return float(((error <= 0.5) * seen).sum() / seen.sum())

    assert pckh(0.0) == 1.0 and np.all(size > 0.0)
    # Heads here are some 40 px: 0.5 of that is a shift of 14 each way.
    assert pckh(0.01 * float(size.max())) == 1.0 and pckh(0.8 * float(size.max())) == 0.0


@pytest.mark.parametrize("way", [(0.0, 0.0, 0.25), (0.0, 0.25, 0.0), (0.15, 0.0, 0.2)])
def test_a_head_has_its_size_from_whichever_side(tmp_path: Path, way: tuple[float, float, float]) -> None:
    key, fields = made(0, 0)
    facts = json.loads(fields["json"])
    person = facts["people"][0]
    points = person["keypoints"]["mpii_16"]
    neck = np.array((0.0, 0.0, 1.1)) - 0.5 * np.array(way)
    points["xyz"][8], points["xyz"][9] = neck.tolist(), (neck + way).tolist()
    sample = Sample(0, "a", 0, facts, fields, tmp_path / "x.tar", key)
    # The head's middle is straight ahead of the camera, 5 m off.
    assert head_size(sample, person)[2] == pytest.approx(FOCAL * 0.25 / 5.0, rel=1e-6)


def test_equal_data_sets_make_equal_files(tmp_path: Path, mpii: Path) -> None:
    export(made_set(tmp_path / "in"), "mpii", tmp_path / "out")
    for name in ("train.json", "gt_train.mat"):
        assert (tmp_path / "out" / "annot" / name).read_bytes() == (mpii / "annot" / name).read_bytes()

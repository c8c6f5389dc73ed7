"""Ultralytics' pose data sets."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import yaml
from made_set import COACH, SKATER, SPECTATOR, made, made_set

from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from render_scripts.export import export
from render_scripts.export.format import Options
from render_scripts.export.yolo_pose import data_yaml

SHOWN = (SKATER, COACH, SPECTATOR)
SIZE = np.array((168, 224))


@pytest.fixture(scope="module")
def yolo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("yolo")
    made_set(folder / "in")
    made_set(folder / "in", clips=(5,), split="val")
    export(folder / "in", "yolo-pose", folder / "out")
    return folder / "out"


def test_lines_are_boxes_and_keypoints_as_shares_of_the_picture(yolo: Path) -> None:
    paths = sorted(yolo.glob("labels/*/*.txt"))
    assert len(paths) == 6
    for path in paths:
        key, fields = made(int(path.stem[:6]), int(path.stem[-6:]))
        assert (yolo / "images" / path.parent.name / f"{key}.png").read_bytes() == fields["rgb.png"]
        people = {person["instance"]: person for person in json.loads(fields["json"])["people"]}
        rows = np.array([row.split() for row in path.read_text().splitlines()], dtype=float)
        assert rows.shape == (3, 5 + 17 * 3) and np.all(rows[:, 0] == 0)
        # What Ultralytics' loader asks of labels.
        assert rows.min() >= 0.0 and rows[:, 1:5].max() <= 1.0 and rows[:, 5:].reshape(3, 17, 3)[..., :2].max() <= 1.0
        for row, number in zip(rows, SHOWN, strict=True):
            x, y, w, h = people[number]["bbox"]
            assert np.allclose(row[1:5] * np.tile(SIZE, 2), (x + w / 2, y + h / 2, w, h), atol=2e-4)
            points = row[5:].reshape(17, 3)
            if number == SPECTATOR:
                assert not points.any()
                continue
            coco = people[number]["keypoints"]["coco_17"]
            there = np.array(coco["visibility"]) > 0
            assert points[:, 2].tolist() == coco["visibility"] and not points[~there].any()
            assert np.allclose(points[there, :2] * SIZE, np.array(coco["xy"])[there], atol=2e-4)


def test_data_yaml_says_where_pictures_are_and_what_a_mirror_does(yolo: Path) -> None:
    facts = yaml.safe_load((yolo / "data.yaml").read_text())
    assert facts["train"] == "images/train" and facts["val"] == "images/val" and facts["names"] == {0: "person"}
    assert facts["kpt_shape"] == [17, 3]
    names = facts["kpt_names"][0]
    assert [names[k] for k in facts["flip_idx"]] == [
        name.replace("left", "?").replace("right", "left").replace("?", "right") for name in names
    ]


@pytest.mark.parametrize(
    ("splits", "expected"),
    [
        (("train",), {"train": "train", "val": "train"}),
        (("all",), {"train": "all", "val": "all"}),
        (("test", "train", "valid"), {"train": "train", "val": "valid", "test": "test"}),
    ],
)
def test_splits_of_any_names(splits: tuple[str, ...], expected: dict[str, str]) -> None:
    facts = yaml.safe_load(data_yaml(splits, "skate"))
    assert {key: value for key, value in facts.items() if key in ("train", "val", "test")} == {
        key: f"images/{value}" for key, value in expected.items()
    }
    assert facts["kpt_shape"] == [len(KEYPOINT_SETS["skate"].points), 3]


def test_supervision_reads_it(yolo: Path) -> None:
    supervision = pytest.importorskip("supervision", reason="supervision is not installed")
    data = supervision.DetectionDataset.from_yolo(
        str(yolo / "images" / "train"), str(yolo / "labels" / "train"), str(yolo / "data.yaml")
    )
    assert data.classes == ["person"] and len(data) == 4
    for path, _, found in data:
        facts = json.loads(made(int(Path(path).stem[:6]), int(Path(path).stem[-6:]))[1]["json"])
        boxes = {person["instance"]: person["bbox"] for person in facts["people"]}
        for box, number in zip(found.xyxy, SHOWN, strict=True):
            x, y, w, h = boxes[number]
            assert np.allclose(box, (x, y, x + w, y + h), atol=0.01)


def test_ultralytics_loader_takes_it(yolo: Path) -> None:
    utils = pytest.importorskip("ultralytics.data.utils", reason="ultralytics is not installed")
    for path in sorted(yolo.glob("labels/train/*.txt")):
        picture = yolo / "images" / "train" / f"{path.stem}.png"
        read = utils.verify_image_label((str(picture), str(path), "", True, 1, 17, 3, False))
        assert read[0] == str(picture), read[-1]
        assert np.shape(read[4]) == (3, 17, 3)


def test_another_keypoint_set(tmp_path: Path) -> None:
    data = made_set(tmp_path / "in", clips=(0,), frames=1)
    export(data, "yolo-pose", tmp_path / "out", Options(keypoints="body_25"))
    facts = yaml.safe_load((tmp_path / "out" / "data.yaml").read_text())
    assert facts["kpt_shape"] == [25, 3] and facts["flip_idx"][2] == 5
    assert len((tmp_path / "out" / "labels" / "train" / "000000_a_000000.txt").read_text().split("\n")[0].split()) == 80

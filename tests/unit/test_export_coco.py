"""COCO and COCO-WholeBody, as its own and other programs' readers see them."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_set import COACH, SKATER, SPECTATOR, made, made_set

from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from render_scripts.dense_fields import decode_picture
from render_scripts.export import export
from render_scripts.export.coco import rle
from render_scripts.export.coco_wholebody import PARTS
from render_scripts.export.format import Options
from render_scripts.export.samples import Sample
from render_scripts.export.shown import shown_people, sources_of

pytest.importorskip("pycocotools", reason="pycocotools is not installed")
SHOWN = (SKATER, COACH, SPECTATOR)


@pytest.fixture(scope="module")
def coco(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("coco")
    export(made_set(folder / "in"), "coco", folder / "out")
    return folder / "out"


@pytest.fixture(scope="module")
def wholebody(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wholebody")
    export(made_set(folder / "in"), "coco-wholebody", folder / "out")
    return folder / "out"


def people_of(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Annotations by picture."""
    facts = json.loads(path.read_text())
    names = {image["id"]: image["file_name"].split(".")[0] for image in facts["images"]}
    out: dict[str, list[dict[str, Any]]] = {}
    for person in facts["annotations"]:
        out.setdefault(names[person["image_id"]], []).append(person)
    return out


def quietly(make: Any) -> Any:
    with contextlib.redirect_stdout(io.StringIO()):
        return make()


def test_files_and_ids(coco: Path) -> None:
    facts = json.loads((coco / "annotations" / "person_keypoints_train.json").read_text())
    assert [image["id"] for image in facts["images"]] == [1, 2, 3, 4]
    assert [person["id"] for person in facts["annotations"]] == list(range(1, 13))
    assert [image["file_name"] for image in facts["images"]] == sorted(path.name for path in (coco / "train").iterdir())
    for image in facts["images"]:
        key, fields = made(image["clip"], image["frame"])
        assert image["file_name"] == f"{key}.png" and (image["width"], image["height"]) == (168, 224)
        assert (coco / "train" / image["file_name"]).read_bytes() == fields["rgb.png"]
    (category,) = facts["categories"]
    assert category["id"] == 1 and len(category["keypoints"]) == 17 and [16, 14] in category["skeleton"]
    assert min(min(pair) for pair in category["skeleton"]) == 1


def test_masks_boxes_and_areas_are_those_of_the_pixels(coco: Path) -> None:
    from pycocotools import mask as masks

    for key, people in people_of(coco / "annotations" / "person_keypoints_train.json").items():
        clip, frame = int(key[:6]), int(key[-6:])
        instance = decode_picture(made(clip, frame)[1]["instance.png"])
        assert len(people) == len(SHOWN)
        for person, number in zip(people, SHOWN, strict=True):
            assert np.array_equal(masks.decode(person["segmentation"]).astype(bool), instance == number)
            assert person["area"] == masks.area(person["segmentation"]) == (instance == number).sum()
            assert person["bbox"] == masks.toBbox(person["segmentation"]).tolist()
            assert person["iscrowd"] == 0


@pytest.mark.parametrize("seed", range(6))
def test_run_lengths_are_pycocotools_own(seed: int) -> None:
    from pycocotools import mask as masks

    rng = np.random.default_rng(seed)
    mask = rng.random((17, 23)) < (0.02, 0.5, 0.98, 1.0, 0.3, 0.9)[seed]
    mask[0, 0] = seed % 2 == 0
    mask[-1, -1] = seed % 3 == 0
    mask[3, 3] = True
    theirs = masks.encode(np.asfortranarray(mask.astype(np.uint8)))
    assert rle(np.flatnonzero(mask.ravel(order="F")), 23, 17) == {"size": [17, 23], "counts": theirs["counts"].decode()}


def test_keypoints_are_counted_from_the_middle_of_the_first_pixel(coco: Path) -> None:
    for key, people in people_of(coco / "annotations" / "person_keypoints_train.json").items():
        facts = json.loads(made(int(key[:6]), int(key[-6:]))[1]["json"])
        by_instance = {person["instance"]: person for person in facts["people"]}
        for person, number in zip(people[:2], SHOWN, strict=False):
            points = by_instance[number]["keypoints"]["coco_17"]
            ours = np.array(person["keypoints"]).reshape(17, 3)
            there = np.array(points["visibility"]) > 0
            assert ours[:, 2].tolist() == points["visibility"] and 0 < there.sum() < 17 and set(ours[:, 2]) == {0, 1, 2}
            assert np.allclose(ours[there, :2] + 0.5, np.array(points["xy"])[there], atol=1e-9)
            assert np.all(ours[~there] == 0.0) and person["num_keypoints"] == there.sum()
            # A point lies on the pixel that COCO's readers round it to.
            assert np.array_equal(np.rint(ours[there, :2] - 1e-6), np.floor(np.array(points["xy"])[there] - 1e-6))


def test_small_spectators_are_there_but_have_no_keypoints(coco: Path) -> None:
    for people in people_of(coco / "annotations" / "person_keypoints_train.json").values():
        (spectator,) = (person for person in people if person["role"] == "spectator")
        assert spectator["area"] == 12.0 and spectator["num_keypoints"] == 0 and not any(spectator["keypoints"])


def ground_truth_as_detections(path: Path, shift: float = 0.0) -> list[dict[str, Any]]:
    out = []
    for person in json.loads(path.read_text())["annotations"]:
        found = {key: person[key] for key in ("image_id", "category_id", "bbox", "segmentation")} | {"score": 0.9}
        for key in person:
            if key == "keypoints" or key.endswith("_kpts"):
                found[key.replace("_kpts", "_score")] = found["wholebody_score"] = 0.9
                found[key] = [value + shift * (place % 3 < 2) for place, value in enumerate(person[key])]
        out.append(found)
    return out


def precision(path: Path, found: list[dict[str, Any]], kind: str, library: str) -> float:
    """AP of detections."""
    if library == "pycocotools":
        from pycocotools.coco import COCO
        from pycocotools.cocoeval import COCOeval
    else:
        reader = pytest.importorskip("faster_coco_eval", reason="faster-coco-eval is not installed")
        COCO, COCOeval = reader.COCO, reader.COCOeval_faster

    def evaluate() -> float:
        truth = COCO(str(path))
        judge = COCOeval(truth, truth.loadRes(found), kind)
        judge.evaluate()
        judge.accumulate()
        judge.summarize()
        return float(judge.stats[0])

    return float(quietly(evaluate))


@pytest.mark.parametrize("library", ["pycocotools", "faster-coco-eval"])
@pytest.mark.parametrize("kind", ["keypoints", "segm", "bbox"])
def test_ground_truth_as_detections_is_perfect(coco: Path, library: str, kind: str) -> None:
    path = coco / "annotations" / "person_keypoints_train.json"
    found = ground_truth_as_detections(path)
    if kind == "keypoints":
        found = [{key: value for key, value in one.items() if key not in ("segmentation", "bbox")} for one in found]
        found = [one for one in found if any(one["keypoints"])]
    assert precision(path, found, kind, library) == pytest.approx(1.0, abs=1e-9)
    off = ground_truth_as_detections(path, shift=30.0)
    if kind == "keypoints":
        off = [{key: value for key, value in one.items() if key not in ("segmentation", "bbox")} for one in off]
        assert precision(path, off, kind, library) < 0.5, "the figure can fall"


@pytest.mark.parametrize("library", ["pycocotools", "faster-coco-eval"])
def test_who_finds_a_small_spectator_is_not_wrong(coco: Path, library: str) -> None:
    path = coco / "annotations" / "person_keypoints_train.json"
    found = [one for one in ground_truth_as_detections(path) if any(one["keypoints"])]
    for one in found:
        del one["segmentation"], one["bbox"]
    (x, y) = (30.5, 21.0)
    spectators = [
        {"image_id": image, "category_id": 1, "score": 1.0, "keypoints": [x, y, 2] * 17} for image in (1, 2, 3, 4)
    ]
    assert precision(path, [*found, *spectators], "keypoints", library) == pytest.approx(1.0, abs=1e-9)
    nobody = [one | {"keypoints": [150.0, 20.0, 2] * 17} for one in spectators]
    assert precision(path, [*found, *nobody], "keypoints", library) < 0.95, "where nobody is, it would be"


def test_another_keypoint_set(tmp_path: Path) -> None:
    data = made_set(tmp_path / "in", clips=(0,), frames=1, sets=("mpii_16",))
    export(data, "coco", tmp_path / "out", Options(keypoints="mpii_16"))
    facts = json.loads((tmp_path / "out" / "annotations" / "person_keypoints_train.json").read_text())
    assert facts["categories"][0]["keypoints"] == list(KEYPOINT_SETS["mpii_16"].points)
    assert len(facts["annotations"][0]["keypoints"]) == 48


@pytest.mark.parametrize(
    ("wanted", "there"),
    [
        ("coco_17", ("body_25",)),
        ("coco_17", ("coco_wholebody",)),
        ("coco_wholebody", ("body_25", "face_70", "hand_left", "hand_right")),
        ("face_70", ("coco_wholebody",)),
    ],
)
def test_sets_are_put_together_from_those_that_have_their_points(
    tmp_path: Path, wanted: str, there: tuple[str, ...]
) -> None:
    samples = []
    for sets in ((wanted,), there):
        key, fields = made(0, 0, sets)
        facts = json.loads(fields["json"])
        samples.append(Sample(0, "a", 0, facts, fields, tmp_path / "x.tar", key))
    direct, derived = (shown_people(sample, KEYPOINT_SETS[wanted]) for sample in samples)
    for one, other in zip(direct, derived, strict=True):
        assert np.array_equal(one.xy, other.xy) and np.array_equal(one.v, other.v)


def test_body_25_holds_coco_17_where_its_documentation_says() -> None:
    sources = sources_of("coco_17", ("body_25",))
    assert sources is not None
    own, theirs = sources["body_25"]
    assert theirs[np.argsort(own)].tolist() == [0, 16, 15, 18, 17, 5, 2, 6, 3, 7, 4, 12, 9, 13, 10, 14, 11]
    assert sources_of("body_25", ("coco_17",)) is None, "nobody has said whether a neck is seen"


def test_parts_of_the_whole_body(wholebody: Path) -> None:
    valid = dict.fromkeys(PARTS, 0)
    for key, people in people_of(wholebody / "annotations" / "coco_wholebody_train.json").items():
        facts = json.loads(made(int(key[:6]), int(key[-6:]))[1]["json"])
        by_instance = {person["instance"]: person for person in facts["people"]}
        for person, number in zip(people, SHOWN, strict=True):
            points = by_instance[number]["keypoints"]["coco_wholebody"]
            xy, v = np.array(points["xy"]), np.array(points["visibility"])
            assert len(person["keypoints"]) == 51
            for part, own in PARTS.items():
                ours = np.array(person[f"{part}_kpts"]).reshape(-1, 3)
                there = v[own] > 0
                valid[part] += person[f"{part}_valid"]
                if number == SPECTATOR:
                    assert not person[f"{part}_valid"] and not ours.any() and not any(person.get(f"{part}_box", ()))
                    continue
                assert np.array_equal(ours[:, 2], v[own]) and np.allclose(ours[there, :2] + 0.5, xy[own][there])
                if part != "foot":
                    x, y, w, h = person[f"{part}_box"]
                    inside = xy[own][there]
                    assert x <= inside[:, 0].min() < x + 1 and x + w - 1 <= inside[:, 0].max() < x + w
                    assert y <= inside[:, 1].min() < y + 1 and y + h - 1 <= inside[:, 1].max() < y + h
    assert all(count == 8 for count in valid.values())


def test_a_part_that_is_wholly_hidden_is_not_valid(tmp_path: Path) -> None:
    from render_scripts.export.coco_wholebody import whole_body
    from render_scripts.export.shown import Shown

    v = np.ones(133, dtype=int)
    v[PARTS["face"]] = 2
    said = whole_body(Shown(1, "skater", np.array([0]), (0.0, 0.0, 1.0, 1.0), np.full((133, 2), 5.25), v))
    assert said["face_valid"] and said["face_kpts"][:3] == [4.75, 4.75, 2] and said["face_box"] == [5.0, 5.0, 1.0, 1.0]
    assert not said["lefthand_valid"] and not any(said["lefthand_kpts"]) and not any(said["lefthand_box"])


def test_xtcocotools_finds_the_whole_body_perfect(wholebody: Path) -> None:
    pytest.importorskip("xtcocotools", reason="xtcocotools is not installed")
    from xtcocotools.coco import COCO
    from xtcocotools.cocoeval import COCOeval

    path = wholebody / "annotations" / "coco_wholebody_train.json"
    counts: Mapping[str, int] = {"": 17, "_foot": 6, "_face": 68, "_lefthand": 21, "_righthand": 21, "_wholebody": 133}
    for part, count in counts.items():

        def evaluate(kind: str = f"keypoints{part}", count: int = count, shift: float = 0.0) -> float:
            truth = COCO(str(path))
            found = [one for one in ground_truth_as_detections(path, shift) if any(one["keypoints"])]
            judge = COCOeval(truth, truth.loadRes(found), kind, np.full(count, 0.05), use_area=True)
            judge.evaluate()
            judge.accumulate()
            judge.summarize()
            return float(judge.stats[0])

        assert quietly(evaluate) == pytest.approx(1.0, abs=1e-9), part
        assert quietly(lambda evaluate=evaluate: evaluate(shift=40.0)) < 0.5, part


def test_supervision_reads_boxes_and_masks(coco: Path) -> None:
    supervision = pytest.importorskip("supervision", reason="supervision is not installed")
    data = supervision.DetectionDataset.from_coco(
        str(coco / "train"), str(coco / "annotations" / "person_keypoints_train.json"), force_masks=True
    )
    assert data.classes == ["person"] and len(data) == 4
    for path, picture, found in data:
        key = Path(path).stem
        instance = decode_picture(made(int(key[:6]), int(key[-6:]))[1]["instance.png"])
        assert picture.shape == (224, 168, 3) and len(found) == 3
        for mask, number in zip(found.mask, SHOWN, strict=True):
            assert np.array_equal(mask, instance == number)

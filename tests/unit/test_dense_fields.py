"""Labels of every pixel: the table, the job's keys, and PNGs and back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from blender_addon.labels.dense import DEFAULT_LABELS, DENSE_FIELDS, DENSE_LABELS, fields_of
from render_scripts.dense_fields import decode_dense, decode_picture, encode_dense
from render_scripts.job import LabelsJob

SAMPLES = Path(__file__).resolve().parents[2] / "docs" / "samples.md"


def test_the_job_can_switch_what_the_table_has() -> None:
    keys = {name: field.default for name, field in LabelsJob.model_fields.items() if name != "keypoints"}
    assert keys == DENSE_LABELS
    assert LabelsJob().dense == DEFAULT_LABELS == ("depth",)
    assert LabelsJob(depth=False, normal=True).dense == ("normal",)


def test_fields_come_in_the_tables_order() -> None:
    assert [field.name for field in fields_of(("normal", "depth"))] == ["depth", "normal"]
    with pytest.raises(KeyError, match="colour"):
        fields_of(("colour",))


def test_the_page_tells_what_the_table_says() -> None:
    page = SAMPLES.read_text(encoding="utf-8")
    for field in DENSE_FIELDS:
        assert f"| `{field.file}` | `{field.asked}` | {field.what} |" in page


def stored(name: str, values: object) -> np.ndarray:
    (data,) = encode_dense({name: np.array(values)}).values()
    picture = decode_picture(data)
    assert picture.dtype == np.uint16
    return picture


@pytest.mark.parametrize("name", ("depth", "distance"))
def test_metres(name: str) -> None:
    metres = [[0.0, 0.0001, 1.2344, 65.5, 80.0, np.inf]]
    assert stored(name, metres).tolist() == [[0, 1, 1234, 65500, 65535, 65535]]


@pytest.mark.parametrize("name", ("normal", "normal_camera"))
def test_unit_vectors(name: str) -> None:
    vectors = [[(0.0, 0.0, 0.0), (-1.0, 0.0, 1.0)]]
    assert stored(name, vectors).tolist() == [[[0, 0, 0], [1, 32768, 65535]]]


def test_there_and_back() -> None:
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(6, 8, 3))
    vectors /= np.linalg.norm(vectors, axis=-1, keepdims=True)
    vectors[0] = 0.0
    labels = {"depth": rng.uniform(0.1, 60.0, (6, 8)), "normal": vectors}
    labels["depth"][0] = 0.0
    fields = encode_dense(labels)
    assert list(fields) == ["depth.png", "normal.png"]
    back = decode_dense({**fields, "rgb.png": b"none of ours"})
    assert {name: array.dtype for name, array in back.items()} == dict.fromkeys(labels, np.float32)
    assert np.abs(back["depth"] - labels["depth"]).max() < 0.00051
    assert np.abs(back["normal"] - labels["normal"]).max() < 2e-5
    assert not back["depth"][0].any() and not back["normal"][0].any()


def test_what_is_no_picture() -> None:
    for data in (b"", b"not a picture"):
        with pytest.raises(ValueError, match="not a picture"):
            decode_picture(data)

"""Labels of every pixel: the table, the job's keys, and PNGs and back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from blender_addon.clip import LabelSpec
from blender_addon.labels.dense import DEFAULT_LABELS, DENSE_FIELDS, DENSE_LABELS, fields_of
from blender_addon.render.dense import check_dense
from mocap.errors import UserError
from render_scripts.dense_fields import decode_dense, decode_picture, encode_dense
from render_scripts.draw_dense import NONE, dense_pictures
from render_scripts.job import CameraJob, Job, LabelsJob, load_job
from render_scripts.plan import Plan

SAMPLES = Path(__file__).resolve().parents[2] / "docs" / "samples.md"


def test_the_job_can_switch_what_the_table_has() -> None:
    others = ("keypoints", "amodal")
    keys = {name: field.default for name, field in LabelsJob.model_fields.items() if name not in others}
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


def test_flow_is_stored_as_kitti_does() -> None:
    flow = [[(0.0, 0.0), (1.5, -2.0), (np.nan, 0.0), (511.9, 0.0), (600.0, 0.0), (0.0, -np.inf), (-512.0, 0.0)]]
    codes = [(32768, 32768, 1), (32864, 32640, 1), (0, 0, 0), (65530, 32768, 1), (0, 0, 0), (0, 0, 0), (0, 32768, 1)]
    assert stored("flow_forward", flow).tolist() == [[list(code) for code in codes]]
    (data,) = encode_dense({"flow_backward": np.array(flow)}).values()
    back = decode_dense({"flow_backward.png": data})["flow_backward"]
    assert np.isnan(back).all(axis=-1).tolist() == [[False, False, True, False, True, True, False]]
    assert np.abs(back - flow)[0, [0, 1, 3, 6]].max() <= 0.5 / 64.0


def test_places_on_the_body() -> None:
    places = [[(0.0, 0.0, 0.0), (0.5, -0.25, 0.85), (0.0, 0.0, 0.001)]]
    assert stored("surface", places).tolist() == [[[0, 0, 0], [47768, 25268, 58268], [32768, 32768, 32798]]]
    (data,) = encode_dense({"surface": np.array(places)}).values()
    assert np.abs(decode_dense({"surface.png": data})["surface"] - places).max() < 2e-5


def test_what_an_engine_or_a_shutter_cannot_give_is_refused() -> None:
    clip = Plan(Job(cameras=(CameraJob(name="phone", width=64, height=48),)), {("demo", None): 12.0})[0]
    rolling = replace(clip.cameras[0], sensor=replace(clip.cameras[0].sensor, readout=0.01))
    still = replace(rolling, sensor=replace(rolling.sensor, readout=0.0))
    asked = {name: replace(clip, labels=LabelSpec(dense=(name,)), cameras=(still,)) for name in DENSE_LABELS}
    for name, one in asked.items():
        check_dense(one)
        if name == "flow":
            with pytest.raises(UserError, match=r"'phone'.*one after another"):
                check_dense(replace(one, cameras=(rolling,)))
        else:
            check_dense(replace(one, cameras=(rolling,)))
        eevee = replace(one, render=replace(clip.render, engine="eevee"))
        if name in ("flow", "surface"):
            with pytest.raises(UserError, match=f"{name} cannot be had"):
                check_dense(eevee)
        else:
            check_dense(eevee)


def test_flow_keeps_presets_from_rolling() -> None:
    def readouts(**labels: bool) -> list[float]:
        job = Job(clips=8, cameras=(CameraJob(name="phone"),), labels=LabelsJob(**labels))
        return [clip.cameras[0].sensor.readout for clip in Plan(job, {("demo", None): 12.0})]

    assert any(readouts()) and not any(readouts(flow=True))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("render: {engine: eevee}\nlabels: {flow: true}", ["line 2", "labels.flow", "cycles"]),
        ("render: {engine: eevee}\nlabels: {surface: true}", ["labels.surface"]),
        ("cameras: [{name: a, readout: 0.01}]\nlabels: {flow: true}", ["line 1", "readout", "labels.flow"]),
    ],
)
def test_a_job_that_cannot_have_a_label_is_refused(tmp_path: Path, text: str, words: list[str]) -> None:
    path = tmp_path / "job.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError) as error:
        load_job(path)
    assert all(word in str(error.value) for word in words)


def test_labels_are_drawn_for_people() -> None:
    up, nobody = np.zeros((4, 6, 3)), np.zeros((4, 6, 3))
    up[:2] = (0.0, 0.0, 1.0)
    flow = np.full((4, 6, 2), np.nan)
    flow[:2], flow[0, 0] = (3.0, 0.0), (0.0, 0.0)
    fields = encode_dense({"depth": np.ones((4, 6)), "normal": up, "flow_forward": flow, "surface": nobody})
    normals, colours, places = dense_pictures(fields)
    assert normals[0, 0].tolist() == [128, 128, 255] and normals[3, 0].tolist() == list(NONE)
    assert colours[1, 1].tolist() == [255, 0, 0] and colours[0, 0].tolist() == [255, 255, 255]
    assert colours[3, 3].tolist() == list(NONE) and np.all(places == NONE)

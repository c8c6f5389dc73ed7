"""npz per clip and camera."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from made_frames import ASSETS, VERSIONS, shoot
from made_lead import Made
from made_lead import fields as lead_fields

from blender_addon.labels.vocabulary import BODY_PARTS, BODY_PARTS_9
from mocap.errors import UserError
from render_scripts.export import export
from render_scripts.job import CameraJob, FramesJob, Job
from render_scripts.plan import Plan
from render_scripts.sample import encode_sample
from render_scripts.shards import write_tar

JOB = Job(
    clips=2,
    frames=FramesJob(fps=25.0, count=3),
    cameras=(CameraJob(name="phone", width=64, height=48), CameraJob(name="stand", width=32, height=24)),
)


def made(folder: Path) -> Path:
    samples = [
        encode_sample(frame, clip, [], VERSIONS)
        for clip in Plan(JOB, {("demo", None): 12.0})
        for frame in shoot(clip, ASSETS, folder)
    ]
    write_tar(folder / "train-000000.tar", samples[:5])
    write_tar(folder / "train-000001.tar", samples[5:])
    return folder


def test_arrays_are_those_that_were_rendered(tmp_path: Path) -> None:
    assert export(made(tmp_path / "in"), "npz", tmp_path / "out") == 4
    clip = Plan(JOB, {("demo", None): 12.0})[1]
    frames = [frame for frame in shoot(clip, ASSETS, tmp_path) if frame.camera.name == "stand"]
    with np.load(tmp_path / "out" / "000001_stand.npz", allow_pickle=False) as data:
        for name in ("rgb", "body", "clothes", "instance"):
            assert data[name].dtype == np.uint8
            assert np.array_equal(data[name], np.stack([getattr(frame, name) for frame in frames]))
        names = [BODY_PARTS[value].name for value in np.unique(data["body"])]
        assert len(names) > 2, "the frames show more than one part"
        for value, name in zip(np.unique(data["body"]), names, strict=True):
            (merged,) = np.unique(data["body_9"][data["body"] == value])
            assert BODY_PARTS_9[merged].name == name.replace("left_", "").replace("right_", "")
        assert data["frame"].tolist() == [0, 1, 2] and np.allclose(data["time"], [0.0, 0.04, 0.08])
        assert data["K"].shape == data["R"].shape == (3, 3, 3) and data["t"].shape == (3, 3)
        assert data["distortion_model"].tolist() == ["none"] * 3 and data["distortion"].shape == (3, 0)
        assert data["people"].tolist() == [[1], [1], [1]]
        points = frames[2].people[0].keypoints["body_25"]
        assert data["body_25_xy"].shape == (3, 1, 25, 2) and data["body_25_xyz"].shape == (3, 1, 25, 3)
        assert np.abs(data["body_25_xy"][2, 0] - points.xy).max() <= 0.0005
        assert np.array_equal(data["body_25_visibility"][2, 0], points.visibility)
        assert np.array_equal(data["body_25_cause"][2, 0], points.cause)


def test_equal_data_sets_make_equal_files(tmp_path: Path) -> None:
    folder = made(tmp_path / "in")
    for out in ("a", "b"):
        export(folder, "npz", tmp_path / out)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_a_picture_of_another_size_is_refused(tmp_path: Path) -> None:
    big = JOB.model_copy(update={"cameras": (CameraJob(name="phone", width=80, height=48),)})
    samples = []
    for frame, job in ((0, JOB), (1, big)):
        clip = Plan(job, {("demo", None): 12.0})[0]
        samples.append(encode_sample(next(shoot(clip, ASSETS, tmp_path, frames=(frame,))), clip, [], VERSIONS))
    write_tar(tmp_path / "train-000000.tar", samples)
    with pytest.raises(UserError, match=r"000000_phone_000001: .*shape \(48, 80, 3\) after others"):
        export(tmp_path, "npz", tmp_path / "out")


def test_people_who_come_and_go_keep_their_columns(tmp_path: Path) -> None:
    made = Made(frames=3, sets=("body_25",))
    rows = []
    for frame, there in enumerate(((2,), (1, 2), (1,))):
        data = lead_fields(made, made.cameras[0], frame)
        facts = json.loads(data["json"])
        facts["people"] = [person for person in facts["people"] if person["instance"] in there]
        rows.append((f"000003_a_{frame:06d}", {**data, "json": json.dumps(facts).encode()}))
    write_tar(tmp_path / "train-000000.tar", rows)
    assert export(tmp_path, "npz", tmp_path / "out") == 1
    with np.load(tmp_path / "out" / "000003_a.npz", allow_pickle=False) as data:
        assert data["people"].tolist() == [[0, 2], [1, 2], [1, 0]]
        there = data["people"] > 0
        assert (data["body_25_cause"][~there] == 7).all() and (data["body_25_cause"][there] < 2).all()
        assert not data["body_25_xyz"][~there].any() and data["body_25_xyz"][there].any(axis=(1, 2)).all()
        assert data["body_25_xyz"].shape == (3, 2, 25, 3)

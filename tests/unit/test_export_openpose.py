"""OpenPose's files, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from made_frames import ASSETS, VERSIONS, shoot

from blender_addon.labels.vocabulary import Cause
from mocap.errors import UserError
from render_scripts.export import export
from render_scripts.export.openpose import frame_json
from render_scripts.export.samples import samples
from render_scripts.job import CameraJob, FramesJob, Job
from render_scripts.plan import Plan
from render_scripts.sample import encode_sample, facts_of
from render_scripts.shards import write_tar

KEYS = [
    "person_id", "pose_keypoints_2d", "face_keypoints_2d", "hand_left_keypoints_2d", "hand_right_keypoints_2d",
    "pose_keypoints_3d", "face_keypoints_3d", "hand_left_keypoints_3d", "hand_right_keypoints_3d",
]  # fmt: skip


def made(folder: Path, frames: int = 2) -> Path:
    cameras = tuple(CameraJob(name=name, width=64, height=48) for name in ("phone", "stand"))
    clip = Plan(Job(cameras=cameras, frames=FramesJob(fps=25.0, count=frames)), {("demo", None): 12.0})[0]
    samples = (encode_sample(frame, clip, [], VERSIONS) for frame in shoot(clip, ASSETS, folder))
    write_tar(folder / "train-000000.tar", samples)
    return folder


def test_files_are_named_as_openpose_names_them(tmp_path: Path) -> None:
    assert export(made(tmp_path / "in"), "openpose", tmp_path / "out") == 8
    names = sorted(str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").glob("*/*/*"))
    stems = [f"000000_{camera}/000000_{camera}_{frame:012d}" for camera in ("phone", "stand") for frame in (0, 1)]
    expected = [str(Path(f"frames/{s}.png")) for s in stems] + [
        str(Path(f"keypoints/{s}_keypoints.json")) for s in stems
    ]
    assert names == expected


def test_numbers_and_order(tmp_path: Path) -> None:
    export(made(tmp_path / "in"), "openpose", tmp_path / "out")
    first = next(samples(tmp_path / "in")).fields
    points = facts_of(first)["people"][0]["keypoints"]["body_25"]
    text = next((tmp_path / "out" / "keypoints" / "000000_phone").iterdir()).read_text(encoding="ascii")
    assert text.startswith('{"version":1.3,"people":[{"person_id":[-1],"pose_keypoints_2d":[')
    assert " " not in text and "\n" not in text
    person = json.loads(text)["people"][0]
    assert list(person) == KEYS and all(person[key] == [] for key in KEYS[2:])
    triples = np.array(person["pose_keypoints_2d"]).reshape(25, 3)
    assert triples[:7, 2].tolist() == [0.9, 0.6, 0.6, 0.3, 0.3, 0.0, 0.0]
    assert np.all(triples[5:7] == 0.0)
    assert np.allclose(triples[7:, :2], np.array(points["xy"])[7:], rtol=1e-5)


def test_a_point_that_a_body_does_not_have_is_left_out() -> None:
    points = {"xy": [[3.0, 4.0]] * 25, "cause": [int(Cause.ABSENT)] + [0] * 24}
    person = {"bbox": [0.0, 0.0, 5.0, 5.0], "keypoints": {"body_25": points}}
    assert '"pose_keypoints_2d":[0,0,0,3,4,0.9,' in frame_json({"people": [person]})


def test_faces_and_hands_are_written_where_there_are_any() -> None:
    counts = {"body_25": 25, "face_70": 70, "hand_left": 21, "hand_right": 21}
    keypoints = {name: {"xy": [[float(n), 1.0]] * n, "cause": [0] * (n - 1) + [1]} for name, n in counts.items()}
    person = json.loads(frame_json({"people": [{"bbox": [0.0, 0.0, 5.0, 5.0], "keypoints": keypoints}]}))["people"][0]
    assert list(person) == KEYS
    assert [len(person[key]) for key in KEYS[1:]] == [75, 210, 63, 63, 0, 0, 0, 0]
    assert person["face_keypoints_2d"][:3] == [70, 1, 0.9] and person["hand_right_keypoints_2d"][-3:] == [21, 1, 0.6]


def test_six_significant_digits() -> None:
    points = {"xy": [[123.456789, 0.000012345]] + [[1234567.0, 1.0]] * 24, "cause": [0] * 25}
    person = {"bbox": [0.0, 0.0, 5.0, 5.0], "keypoints": {"body_25": points}}
    assert "[123.457,1.2345e-05,0.9,1.23457e+06,1,0.9," in frame_json({"people": [person]})


def test_a_frame_without_anyone_to_see_has_its_file(tmp_path: Path) -> None:
    assert frame_json({"people": []}) == '{"version":1.3,"people":[]}'
    points = {"xy": [[3.0, 4.0]] * 25, "cause": [4] * 25}
    unseen = {"bbox": [0.0, 0.0, 0.0, 0.0], "keypoints": {"body_25": points}}
    assert frame_json({"people": [unseen]}) == '{"version":1.3,"people":[]}'


def test_real_files_of_openpose_have_the_same_form(shared_data: Path) -> None:
    paths = list((shared_data / "openpose" / "body25b").glob("*.json"))
    assert paths
    for path in paths:
        text = path.read_text()
        person = json.loads(text)["people"][0]
        assert text.startswith('{"version":1.3,"people":[{"person_id":[-1],"pose_keypoints_2d":[')
        assert list(person) == KEYS
        numbers = text.split("[", 3)[3].split("]")[0].split(",")
        assert all(f"{float(number):.6g}" == number for number in numbers)


# A number that JSON can spell and no float can hold.
HUGE = b'{"people": [{"bbox": [0, 0, 9, 9], "keypoints": {"body_25": {"xy": [[%s, 0]], "cause": [0]}}}]}' % (b"9" * 400)


@pytest.mark.parametrize(
    ("key", "json_text", "words"),
    [
        ("000000_../x_000000", b"{}", "no key of a sample"),
        ("000000_phone_000000", b"[]", "not a sample"),
        ("000000_phone_000000", b"{}", "has no 'people'"),
        ("000000_phone_000000", b'{"people": [{"keypoints": {"body_25": {"xy": 5}}}]}', "not a sample|has no"),
        ("000000_phone_000000", b"{", "not a sample"),
        ("000000_phone_000000", HUGE, "not a sample"),
    ],
)
def test_foreign_samples_are_named(tmp_path: Path, key: str, json_text: bytes, words: str) -> None:
    write_tar(tmp_path / "train-000000.tar", [(key.replace("/", "_"), {"json": json_text, "rgb.png": b""})])
    with pytest.raises(UserError, match=words):
        export(tmp_path, "openpose", tmp_path / "out")


def test_a_full_folder_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not an empty folder"):
        export(made(tmp_path / "in"), "openpose", tmp_path / "in")

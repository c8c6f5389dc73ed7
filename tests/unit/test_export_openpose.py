"""OpenPose's files, byte for byte."""

from __future__ import annotations

import json
import re
from pathlib import Path

import cv2
import numpy as np
import pytest
from made_frames import ASSETS, VERSIONS, shoot
from made_set import made as made_sample_of
from made_set import made_set

from blender_addon.labels.vocabulary import Cause
from mocap.errors import UserError
from render_scripts.export import export
from render_scripts.export.format import Options
from render_scripts.export.openpose import frame_json
from render_scripts.export.samples import samples
from render_scripts.export.video import Video
from render_scripts.job import CameraJob, FramesJob, Job
from render_scripts.plan import Plan
from render_scripts.sample import encode_sample, facts_of, picture_of
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


def test_real_files_of_body_25_have_the_same_form(shared_data: Path, tmp_path: Path) -> None:
    """Written with faces and hands, by a version that did not number people yet."""
    (path,) = (shared_data / "openpose" / "body25").glob("*.json")
    text = path.read_text()
    export(made_set(tmp_path / "in", clips=(0,), frames=1), "openpose", tmp_path / "out")
    (ours,) = (tmp_path / "out").rglob("*_keypoints.json")
    theirs, mine = json.loads(text)["people"][0], json.loads(ours.read_text())["people"][0]
    assert [key for key in mine if key != "person_id"] == list(theirs)
    assert [len(mine[key]) for key in theirs] == [len(theirs[key]) for key in theirs]
    for whole in (text, ours.read_text()):
        numbers = re.findall(r"[-0-9.e+]+", "".join(re.findall(r"\[[-0-9.e+,]+\]", whole)))
        assert len(numbers) > 300 and all(f"{float(number):.6g}" == number for number in numbers)
        assert whole[-1] == "}" and not set(whole) & set(" \n")


def test_whom_a_detector_could_find(tmp_path: Path) -> None:
    export(made_set(tmp_path / "in", clips=(0,), frames=1), "openpose", tmp_path / "out")
    (path,) = (tmp_path / "out").rglob("*_keypoints.json")
    # Neither the one without a pixel nor the spectator of twelve.
    assert len(json.loads(path.read_text())["people"]) == 2


def test_pose_format_reads_a_folder(tmp_path: Path) -> None:
    reader = pytest.importorskip("pose_format.utils.openpose", reason="pose-format is not installed")
    export(made_set(tmp_path / "in", clips=(0,), frames=2), "openpose", tmp_path / "out")
    pose = reader.load_openpose_directory(str(tmp_path / "out" / "keypoints" / "000000_a"), 25.0, 168, 224)
    assert pose.body.data.shape == (2, 2, 137, 2)
    for frame in (0, 1):
        people = json.loads(made_sample_of(0, frame)[1]["json"])["people"][:2]
        for k, person in enumerate(people):
            points = person["keypoints"]["body_25"]
            there = np.array(points["visibility"]) > 0
            assert np.allclose(pose.body.data.data[frame, k, :25][there], np.array(points["xy"])[there], atol=6e-4)
            assert np.array_equal(pose.body.confidence[frame, k, :25] > 0, there)


def test_videos_have_the_frames_of_the_keypoints(tmp_path: Path) -> None:
    data = tmp_path / "in"
    # The third of four frames is missing.
    write_tar(data / "train-000000.tar", [made_sample_of(0, frame) for frame in (0, 1, 3)])
    assert export(data, "openpose", tmp_path / "out", Options(video=True)) == 4
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["export.json", "keypoints", "videos"]
    video = cv2.VideoCapture(str(tmp_path / "out" / "videos" / "000000_a.mp4"))
    assert video.get(cv2.CAP_PROP_FPS) == pytest.approx(25.0)
    for frame in range(4):
        there, picture = video.read()
        assert there
        if frame == 2:
            assert picture.max() < 20, "a frame that is missing is black"
        else:
            truth = picture_of(made_sample_of(0, frame)[1])[..., ::-1]
            assert np.abs(picture.astype(int) - truth).mean() < 6.0
    assert not video.read()[0]


def test_a_video_of_one_frame_and_frames_that_do_not_follow(tmp_path: Path) -> None:
    picture = np.full((48, 64, 3), 90, dtype=np.uint8)
    video = Video(tmp_path / "a.mp4")
    video.add(0, 0.0, picture)
    for frame, time, shape in (
        (0, 0.1, (48, 64, 3)),
        (10**8, 0.1, (48, 64, 3)),
        (1, 0.0, (48, 64, 3)),
        (1, 0.1, (48, 66, 3)),
    ):
        with pytest.raises(ValueError, match=r"does not follow|is not after|of shape"):
            video.add(frame, time, np.zeros(shape, dtype=np.uint8))
    made = cv2.VideoCapture(str(video.close()))
    assert made.get(cv2.CAP_PROP_FRAME_COUNT) == 1


def test_a_data_set_without_body_25_is_told_what_to_ask_for(tmp_path: Path) -> None:
    data = made_set(tmp_path / "in", sets=("coco_17",))
    with pytest.raises(UserError, match=r"lacks the keypoint set body_25.*Add body_25 to labels\.keypoints"):
        export(data, "openpose", tmp_path / "out")


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

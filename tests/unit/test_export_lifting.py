"""VideoPose3D, Human3.6M and Kinect text, read back by readers written from the descriptions of these formats."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from made_lead import FOCAL, HEIGHT, WIDTH, Made, Seen, data_set, facts, places, view
from scipy.io import loadmat

from blender_addon.labels.keypoint_sets.human36m import HUMAN36M_17, HUMAN36M_32
from mocap.errors import UserError
from render_scripts.export import export
from render_scripts.export.format import Options
from render_scripts.export.who import lead

PHONE, FAR = Seen("phone"), Seen("far", eye=(-3.0, -9.0, 2.0))
BENT = Seen("bent", eye=(1.0, -2.2, 0.8), model="opencv", coefficients=(-0.12, 0.03, 0.0, 0.0, 0.5))
FISH = Seen("fish", eye=(0.5, -4.0, 1.4), model="fisheye", coefficients=(0.05, -0.01, 0.0, 0.0))
USED = [0, 1, 2, 3, 6, 7, 8, 12, 13, 14, 15, 17, 18, 19, 25, 26, 27]


def rotated(by: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Points turned by a quaternion, w first."""
    w, v = by[0], by[1:]
    across = np.cross(np.broadcast_to(v, points.shape), points)
    return points + 2.0 * (w * across + np.cross(np.broadcast_to(v, points.shape), across))


def their_projection(points: np.ndarray, camera: dict[str, Any]) -> np.ndarray:
    """World → camera → pixels: in float32 and normalised by the picture's width, as VideoPose3D's loader does."""
    w, h = camera["res_w"], camera["res_h"]
    center = np.array(camera["center"], dtype=np.float32) / w * 2 - np.array((1, h / w))
    focal = np.array(camera["focal_length"], dtype=np.float32) / w * 2
    t = np.array(camera["translation"], dtype=np.float32) / 1000
    q = np.array(camera["orientation"], dtype=np.float32)
    seen = rotated(q * (1, -1, -1, -1), points - t)
    flat = np.clip(seen[..., :2] / seen[..., 2:], -1, 1)
    r2 = (flat**2).sum(axis=-1, keepdims=True)
    k, p = (np.array(camera[name], dtype=np.float32) for name in ("radial_distortion", "tangential_distortion"))
    bent = flat * (1 + (k * np.concatenate((r2, r2**2, r2**3), axis=-1)).sum(-1, keepdims=True))
    bent = bent + flat * (p * flat).sum(-1, keepdims=True) + p * r2
    return ((bent * focal + center) + (1, h / w)) * w / 2


class Read:
    """The files of one split."""

    def __init__(self, folder: Path, split: str = "train") -> None:
        with np.load(folder / f"data_2d_{split}_gt.npz", allow_pickle=True) as data:
            self.flat, self.metadata = data["positions_2d"].item(), data["metadata"].item()
        with np.load(folder / f"data_3d_{split}.npz", allow_pickle=True) as data:
            self.deep = data["positions_3d"].item()
        told = json.loads((folder / f"cameras_{split}.json").read_bytes())
        self.cameras, self.left_out = told["cameras"], told["left_out"]

    def all(self) -> Iterator[tuple[str, np.ndarray, np.ndarray, dict[str, Any]]]:
        """Action, (T, 32, 3) places, (T, 17, 2) pixels and camera of each camera of each action."""
        assert {s: set(a) for s, a in self.flat.items()} == {s: set(a) for s, a in self.deep.items()}
        for subject, actions in self.deep.items():
            for action, deep in actions.items():
                flat, cameras = self.flat[subject][action], self.cameras[subject][action]
                assert len(flat) == len(cameras) and isinstance(flat, list)
                for xy, camera in zip(flat, cameras, strict=True):
                    assert deep.dtype == xy.dtype == np.float32
                    assert deep.shape == (len(xy), 32, 3) and xy.shape[1:] == (17, 2)
                    yield action, deep, xy, camera


def made(folder: Path, name: str, *clips: Made) -> Path:
    export(data_set(folder / "in", *clips), name, folder / "out")
    return folder / "out"


def joints(frame: int) -> np.ndarray:
    """(32, 3) of the lead."""
    at = places(frame, 2)
    return np.array([np.mean([at[mark] for mark in marks], axis=0) for marks in HUMAN36M_32.landmarks])


def test_still_cameras_share_an_action_in_the_world(tmp_path: Path) -> None:
    read = Read(made(tmp_path, "videopose3d", Made(cameras=(PHONE, FAR, BENT, FISH), frames=3)))
    rows = list(read.all())
    assert [(action, camera["id"]) for action, _, _, camera in rows] == [
        ("upright-spin_000003", seen) for seen in ("phone", "far", "bent", "fish")
    ]
    for _, deep, xy, camera in rows:
        assert np.allclose(deep, [joints(frame) for frame in range(3)], atol=2e-6)
        off = np.abs(their_projection(deep, camera)[:, USED] - xy).max()
        assert off < 0.01 and camera["off"] < 0.01
        assert camera["straightened"] == (camera["id"] == "fish")
    # Pinholes and radial lenses are as in the picture, and a fish-eye is not.
    for seen, (_, _, xy, _) in zip((PHONE, FAR, BENT, FISH), rows, strict=True):
        person = lead(facts(Made(), seen, 1))
        picture = np.array(person["keypoints"]["h36m_32"]["xy"])[USED]
        assert (np.abs(xy[1] - picture).max() > 0.02) == (seen is FISH)
    assert read.metadata["num_joints"] == 17 and read.metadata["layout_name"] == "h36m"
    left, right = read.metadata["keypoints_symmetry"]
    assert (left, right) == ([4, 5, 6, 11, 12, 13], [1, 2, 3, 14, 15, 16])
    mirror = HUMAN36M_17.mirror
    assert [mirror[k] for k in left] == right
    (subject,) = read.deep
    assert read.metadata["video_metadata"][f"{subject}/upright-spin_000003/far"] == {"w": WIDTH, "h": HEIGHT}


def test_a_camera_that_moves_has_its_own_axes(tmp_path: Path) -> None:
    turning = dataclasses.replace(FAR, turns=0.05)
    read = Read(made(tmp_path, "videopose3d", Made(cameras=(PHONE, turning), frames=3)))
    (still, deep, xy, camera), (action, own, own_xy, own_camera) = read.all()
    assert (still, action) == ("upright-spin_000003", "upright-spin_000003_far")
    for frame in range(3):
        _, R, t = view(turning, frame)
        assert np.allclose(own[frame], joints(frame) @ R.T + t, atol=3e-6)
    assert own_camera["orientation"] == [1.0, 0.0, 0.0, 0.0] and own_camera["translation"] == [0.0, 0.0, 0.0]
    for places_, pixels_, seen in ((deep, xy, camera), (own, own_xy, own_camera)):
        assert np.abs(their_projection(places_, seen)[:, USED] - pixels_).max() < 0.01


def test_a_zoom_is_told_by_how_far_it_is_off(tmp_path: Path) -> None:
    read = Read(made(tmp_path, "videopose3d", Made(cameras=(dataclasses.replace(PHONE, zooms=4.0),), frames=2)))
    ((action, deep, xy, camera),) = read.all()
    assert action.endswith("_phone") and camera["focal_length"] == [FOCAL + 2.0] * 2
    off = np.abs(their_projection(deep, camera)[:, USED] - xy).max()
    assert 0.1 < off < 2.0 and abs(off - camera["off"]) < 1e-3


def test_nobody_is_behind_a_camera(tmp_path: Path) -> None:
    amid = Seen("amid", eye=(0.0, 0.0, 1.0), facing=(0.0, 5.0, 1.0))
    read = Read(made(tmp_path, "videopose3d", Made(cameras=(PHONE, amid))))
    assert [camera["id"] for *_, camera in read.all()] == ["phone"]
    (subject,) = read.deep
    assert list(read.left_out) == [f"{subject}/upright-spin_000003/amid"]


def test_splits_have_files_of_their_own(tmp_path: Path) -> None:
    folder = data_set(tmp_path / "in", Made(clip=1), split="train")
    data_set(tmp_path / "in", Made(clip=2, take="axel"), Made(clip=4), split="val")
    assert export(folder, "videopose3d", tmp_path / "out") == 6
    assert {action for action, *_ in Read(tmp_path / "out").all()} == {"upright-spin_000001"}
    assert {action for action, *_ in Read(tmp_path / "out", "val").all()} == {"axel_000002", "upright-spin_000004"}
    export(folder, "h36m", tmp_path / "one", Options(split="val"))
    listing = json.loads((tmp_path / "one" / "splits.json").read_bytes())
    assert {split: {name.split("/")[1] for name in names} for split, names in listing.items()} == {
        "val": {"axel_000002", "upright-spin_000004"}
    }


def test_human36m_is_read_as_videopose3d_reads_it(tmp_path: Path) -> None:
    turning = dataclasses.replace(FAR, turns=0.05)
    out = made(tmp_path, "h36m", Made(cameras=(PHONE, turning, FISH), frames=3))
    (subject,) = [path.name for path in out.iterdir() if path.is_dir()]
    base = out / subject / "MyPoseFeatures"

    def read(name: str, size: int) -> np.ndarray:
        values = loadmat(base / f"{name}.cdf.mat")["data"][0, 0]
        assert values.dtype == np.float32
        return values.reshape(-1, 32, size)

    world = read("D3_Positions/upright-spin_000003", 3) / 1000
    assert np.allclose(world, [joints(frame) for frame in range(3)], atol=2e-6)
    # The order that others document: root, right leg, left leg, spine, thorax, neck, head, left arm, right arm.
    at = places(1, 2)
    marks = {1: "right_hip", 2: "right_knee", 3: "right_ankle", 6: "left_hip", 8: "left_ankle", 12: "spine",
             13: "thorax", 15: "head_top", 17: "left_shoulder", 19: "left_wrist", 25: "right_shoulder",
             27: "right_wrist"}  # fmt: skip
    for joint, mark in marks.items():
        assert np.allclose(world[1, joint], at[mark], atol=2e-6), mark
    cameras = json.loads((out / "cameras.json").read_bytes())[subject]["upright-spin_000003"]
    assert len(cameras["phone"]["R"]) == 1 and len(cameras["far"]["R"]) == 3
    for seen in (PHONE, turning, FISH):
        mono = read(f"D3_Positions_mono/upright-spin_000003.{seen.name}", 3) / 1000
        flat = read(f"D2_Positions/upright-spin_000003.{seen.name}", 2)
        told = cameras[seen.name]
        assert told["distortion"]["model"] == seen.model and told["frames"] == [0, 1, 2]
        for frame in range(3):
            R, t = (np.array(told[name][min(frame, len(told[name]) - 1)]) for name in ("R", "t"))
            assert np.allclose(mono[frame], world[frame] @ R.T + t, atol=5e-6)
            picture = lead(facts(Made(), seen, frame))["keypoints"]["h36m_32"]["xy"]
            assert np.allclose(flat[frame], picture, atol=1e-4)


def test_kinect_text_is_read_as_its_description_says(tmp_path: Path) -> None:
    # A pair as the skating project used: the right one 28 cm beside the left one, both straight ahead.
    left, right = (Seen(name, eye=(x, -6.0, 1.0), facing=(x, 0.0, 1.0)) for name, x in (("left", 0.0), ("right", 0.28)))
    out = made(tmp_path, "kinect-text", Made(cameras=(left, right), frames=2))
    rows = {}
    for name in ("left", "right"):
        (path,) = out.glob(f"woman-*__upright-spin_000003_{name}_skeleton.txt")
        words = path.read_text().split()
        assert words[:2] == ["2", "20"]
        numbers = np.array(words[2:], dtype=float).reshape(2, 1 + 40 * 4)
        assert (numbers[:, 0] == 40).all()
        rows[name] = numbers[:, 1:].reshape(2, 20, 2, 4)
    world, screen = rows["left"][:, :, 0], rows["left"][:, :, 1]
    at = places(1, 2)
    # HipCenter, Spine, ShoulderCenter, …: x to the sensor's left, y up from it, z ahead.
    for joint, mark in ((1, "waist"), (2, "thorax"), (6, "left_wrist"), (10, "right_wrist"), (16, "right_hip")):
        x, y, z = at[mark]
        assert np.allclose(world[1, joint, :3], (-x, z - 1.0, y + 6.0), atol=2e-6), mark
    assert np.allclose(screen[..., 2], 1000.0 * world[..., 2], atol=2e-3)
    assert np.allclose(screen[..., 0] * WIDTH, 0.5 * WIDTH - FOCAL * world[..., 0] / world[..., 2], atol=2e-3)
    # Depth from both: Z = f T / d.
    d = (screen[..., 0] - rows["right"][:, :, 1, 0]) * WIDTH
    assert np.allclose(FOCAL * 0.28 / d, world[..., 2], rtol=2e-3)
    assert set(np.unique(world[..., 3])) == {1.0, 2.0}


def test_a_lead_that_shows_no_pixel_has_no_skeleton(tmp_path: Path) -> None:
    person = lead(facts(Made(), PHONE, 0))
    person["bbox"] = [0.0, 0.0, 0.0, 0.0]
    out = made(tmp_path, "kinect-text", Made(facts={"people": [person]}, frames=1))
    (path,) = out.glob("*.txt")
    assert path.read_text() == "1 20\n0\n"


@pytest.mark.parametrize("name", ["videopose3d", "h36m", "kinect-text"])
def test_the_job_that_would_do_is_named(name: str, tmp_path: Path) -> None:
    wanted = "kinect_20" if name == "kinect-text" else "h36m_32"
    with pytest.raises(UserError, match=rf"Add {wanted} to labels\.keypoints in the job"):
        made(tmp_path, name, Made(sets=("coco_17",)))


def test_broken_samples_are_left_out(tmp_path: Path) -> None:
    broken = Made(clip=2, facts={"camera": {**facts(Made(), PHONE, 0)["camera"], "K": [[1.0]]}})
    with pytest.raises(UserError, match=r"2 of 4 samples .*the camera's K is not 3 × 3 numbers"):
        made(tmp_path, "h36m", Made(clip=1), broken)
    assert [path.name for path in (tmp_path / "out").glob("*/*/D3_Positions/*")] == ["upright-spin_000001.cdf.mat"]

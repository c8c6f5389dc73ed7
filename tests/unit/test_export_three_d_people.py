"""3DPeople's folders and the skating project's npz, read back as their own readers do."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from made_lead import HEIGHT, WIDTH, Made, Seen, data_set, fields, places, sample, view
from scipy.io import loadmat

from mocap.errors import UserError
from render_scripts.dense_fields import decode_dense, decode_picture
from render_scripts.export import export
from render_scripts.export.skating_npz import ROWS
from render_scripts.sample import picture_of

MADE = Made(cameras=(Seen("phone"), Seen("far", eye=(-3.0, -9.0, 2.0))))
# Of segmentation_body, as the skating project's own code has them.
COLORS = [
    (153, 153, 153), (128, 64, 0), (128, 0, 128), (128, 128, 255), (255, 128, 128), (0, 0, 255), (128, 128, 0),
    (0, 128, 0), (128, 0, 0), (128, 255, 128), (255, 255, 128), (255, 0, 255), (0, 0, 128), (0, 128, 128),
    (255, 128, 0),
]  # fmt: skip
# Of 15 classes, which of the project's 9.
NINE = [0, 1, 2, 3, 4, 2, 3, 4, 5, 6, 7, 8, 6, 7, 8]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    export(data_set(folder / "in", MADE), "3dpeople", folder / "out")
    return folder / "out"


def classes(path: Path, colors: list[tuple[int, int, int]]) -> np.ndarray:
    """Class indices of a colour picture; 255 for any other colour."""
    picture = cv2.imread(str(path))[..., ::-1]
    found = np.full(picture.shape[:2], 255)
    for k, color in enumerate(colors):
        found[(picture == color).all(axis=-1)] = k
    return found


def test_folders_are_those_of_the_data_set(out: Path) -> None:
    (subject,) = [path.name for path in (out / "rgb").iterdir()]
    base = f"{subject}/upright-spin_000003"
    frames = ["0001", "0002"]
    wanted = {"splits.json", "export.json"}
    for camera in ("camera01", "camera02"):
        wanted |= {f"rgb/{base}/{camera}/boots_leotard/{n}.jpg" for n in frames}
        for folder, suffix in (("segmentation_body", "png"), ("segmentation_clothes", "png"), ("skeleton", "txt")):
            wanted |= {f"{folder}/{base}/{camera}/{n}.{suffix}" for n in frames}
        for name in ("depth", "normals", "optical_flow"):
            wanted.add(f"{name}_mat/{base}/{camera}/{name}.mat")
    assert {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} == wanted
    listing = json.loads((out / "splits.json").read_bytes())
    assert listing == {"train": {base: {"cameras": ["phone", "far"], "outfit": "boots_leotard"}}}


def test_colors_are_exact_and_only_the_lead_has_any(out: Path) -> None:
    base = next((out / "segmentation_body").iterdir()) / "upright-spin_000003" / "camera01"
    for frame in (0, 1):
        data = fields(MADE, MADE.cameras[0], frame)
        own = decode_picture(data["instance.png"]) == 2
        body = classes(base / f"{frame + 1:04d}.png", COLORS)
        assert np.array_equal(body, np.where(own, decode_picture(data["body.png"]), 0))
        assert len(np.unique(body)) == 15
        clothes = cv2.imread(str(base).replace("_body", "_clothes") + f"/{frame + 1:04d}.png")
        assert np.array_equal((clothes != 153).any(axis=-1), own)


def test_pictures_keep_what_can_be_seen(out: Path) -> None:
    for number, seen in enumerate(MADE.cameras, 1):
        (path,) = out.glob(f"rgb/*/*/camera{number:02d}/*/0002.jpg")
        rgb, true = cv2.imread(str(path))[..., ::-1], picture_of(fields(MADE, seen, 1))
        assert rgb.shape == true.shape and np.ptp(true, axis=(0, 1)).min() > 20
        assert np.abs(rgb.astype(float) - true).mean() < 1.5


def test_rows_of_the_skeleton(out: Path) -> None:
    (path,) = out.glob("skeleton/*/*/camera02/0002.txt")
    rows = np.loadtxt(path)
    assert rows.shape == (67, 6)
    at = places(1, 2)
    # Rows that the authors' own example and two readers of the data set agree on.
    known = {5: "upper_neck", 6: "right_eye", 7: "left_eye", 8: "head_top", 10: "left_shoulder", 12: "left_wrist",
             13: "left_thumb_cmc", 25: "left_ring_mcp", 36: "right_wrist", 37: "right_little_mcp",
             53: "right_thumb_cmc", 57: "left_hip", 59: "left_ankle", 62: "right_hip",
             65: "right_toe_base"}  # fmt: skip
    for row, mark in known.items():
        assert np.allclose(rows[row, 3:], 10.0 * at[mark], atol=1.1e-5), mark
    K, R, t = view(MADE.cameras[1], 1)
    seen = rows[:, 3:] / 10.0 @ R.T + t
    flat = seen @ K.T
    assert np.allclose(rows[:, :2], flat[:, :2] / flat[:, 2:], atol=2e-3)
    assert np.allclose(rows[:, 2], 10.0 * seen[:, 2], atol=1e-4)


def test_matlab_files_are_as_the_authors_notebook_reads_them(out: Path) -> None:
    arrays = {}
    for folder, name, start in (("depth", "depth", "depth"), ("normals", "normals", "normals"),
                                ("optical_flow", "optical_flow", "gtflow")):  # fmt: skip
        (path,) = out.glob(f"{folder}_mat/*/*/camera02/{name}.mat")
        arrays[start] = [value for key, value in sorted(loadmat(path).items()) if key.startswith(start)]
        assert len(arrays[start]) == 2
    for frame in (0, 1):
        data = fields(MADE, MADE.cameras[1], frame)
        dense, own = decode_dense(data), decode_picture(data["instance.png"]) == 2
        _, R, _ = view(MADE.cameras[1], frame)
        assert np.allclose(arrays["depth"][frame], np.where(own, 10.0 * dense["depth"], 0.0), atol=1e-4)
        normals = arrays["normals"][frame]
        assert np.allclose(normals[own] @ R, dense["normal"][own], atol=1e-5) and not normals[~own].any()
        flow = np.where(own[..., None], dense["flow_backward"], 0.0)
        assert np.abs(flow).max() > 5.0 and np.array_equal(arrays["gtflow"][frame], flow.astype(np.float32))


def test_what_was_not_rendered_is_left_out(tmp_path: Path) -> None:
    lean = Made(without=("depth.png", "normal.png", "flow_forward.png", "flow_backward.png"), sets=("body_25",))
    export(data_set(tmp_path / "in", lean), "3dpeople", tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir() if path.is_dir()) == [
        "rgb", "segmentation_body", "segmentation_clothes", "skeleton",
    ]  # fmt: skip
    (path,) = (tmp_path / "out").glob("skeleton/*/*/*/0001.txt")
    told = ~np.isnan(np.loadtxt(path)).any(axis=1)
    # Eyes, arms from shoulder to wrist, legs from hip to ankle, tips of toes.
    assert np.flatnonzero(told).tolist() == [6, 7, 10, 11, 12, 34, 35, 36, 57, 58, 59, 61, 62, 63, 64, 66]


@pytest.mark.parametrize("name", ["3dpeople", "skating-npz", "h36m", "videopose3d", "kinect-text"])
def test_equal_data_sets_make_equal_files(name: str, tmp_path: Path) -> None:
    folder = data_set(tmp_path / "in", Made(frames=1))
    for made in ("a", "b"):
        export(folder, name, tmp_path / made)
    paths = [path.relative_to(tmp_path / "a") for path in sorted((tmp_path / "a").rglob("*")) if path.is_file()]
    assert len(paths) > 2
    for path in paths:
        assert (tmp_path / "a" / path).read_bytes() == (tmp_path / "b" / path).read_bytes(), path


def test_the_skating_projects_arrays(out: Path, tmp_path: Path) -> None:
    export(data_set(tmp_path / "in", MADE), "skating-npz", tmp_path / "out")
    (subject,) = [path.name for path in (out / "rgb").iterdir()]
    for seen in MADE.cameras:
        name = f"{subject}__upright-spin_000003_{seen.name}.npz"
        kinds = {}
        for kind in ("rgb", "rgbb", "masks", "skeletons"):
            with np.load(tmp_path / "out" / kind / name, allow_pickle=False) as data:
                assert data.files == ["arr_0"]
                kinds[kind] = data["arr_0"]
        assert kinds["rgb"].shape == kinds["rgbb"].shape == (2, HEIGHT, WIDTH, 3)
        assert kinds["masks"].shape == (2, HEIGHT, WIDTH) and kinds["skeletons"].shape == (2, 38)
        assert all(kinds[kind].dtype == np.uint8 for kind in ("rgb", "rgbb", "masks"))
        for frame in (0, 1):
            data = fields(MADE, seen, frame)
            own, bgr = decode_picture(data["instance.png"]) == 2, picture_of(data)[..., ::-1]
            assert np.array_equal(kinds["rgb"][frame], bgr)
            assert np.array_equal(kinds["rgbb"][frame], np.where(own[..., None], bgr, 0))
            body = np.array(NINE)[decode_picture(data["body.png"])]
            assert np.array_equal(kinds["masks"][frame], np.where(own, body, 0))
            # The same numbers as the rows of the skeleton's file that the project's code takes.
            (path,) = out.glob(f"skeleton/*/*/camera0{1 + MADE.cameras.index(seen)}/{frame + 1:04d}.txt")
            rows = np.loadtxt(path)[:, :2][[0, 1, 5, 9, 10, 11, 12, 33, 34, 35, 36, 57, 58, 59, 61, 62, 63, 64, 66]]
            assert np.allclose(kinds["skeletons"][frame], rows.reshape(-1), atol=1e-5)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "export.json", "masks", "rgb", "rgbb", "skeletons", "splits.json",
    ]  # fmt: skip


def test_19_joints_need_their_landmarks(tmp_path: Path) -> None:
    assert len(ROWS) == 19
    folder = data_set(tmp_path / "in", Made(sets=("body_25",)))
    with pytest.raises(UserError, match=r"3dpeople_67: no Hips, Spine, Head, …\. Add 3dpeople_67 to labels.keypoints"):
        export(folder, "skating-npz", tmp_path / "out")


def test_a_sample_without_its_masks_is_left_out_and_named(tmp_path: Path) -> None:
    folder = data_set(tmp_path / "in", Made(clip=1), Made(clip=2, without=("clothes.png",)))
    for name in ("3dpeople", "skating-npz"):
        with pytest.raises(UserError, match=r"2 of 4 samples .*000002_a_000000: the sample has no 'clothes.png'"):
            export(folder, name, tmp_path / name)
        assert list((tmp_path / name / "rgb").glob("*")), "the other clip is there"
        assert not list((tmp_path / name).rglob("*000002*"))


def test_a_wrong_size_is_no_frame() -> None:
    made = sample(Made())
    made.fields["body.png"] = fields(Made(), Seen(), 1)["rgb.png"]
    from render_scripts.export.skating_npz import frame_arrays

    with pytest.raises(ValueError, match=r"body\.png and instance\.png are of different sizes"):
        frame_arrays(made)

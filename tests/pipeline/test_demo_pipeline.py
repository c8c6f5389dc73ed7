"""The whole path, tiny: from a job through Blender to shards that others can read and that hold what they should."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from blender_addon.labels.keypoint_sets import BODY_25
from blender_addon.labels.vocabulary import BODY_PARTS, CLOTHES, Visibility
from render_scripts.dataset import Dataset, make_dataset
from render_scripts.dense_fields import decode_picture
from render_scripts.export.samples import samples
from render_scripts.job import CameraJob, FramesJob, Job, OutputJob, RenderJob
from render_scripts.sample import picture_of

pytestmark = pytest.mark.skipif(importlib.util.find_spec("bpy") is None, reason="needs the bpy wheel")

CAMERAS = (
    CameraJob(name="phone", width=160, height=120),
    CameraJob(name="stand", profile="broadcast", width=160, height=120),
)
JOB = Job(
    seed=3,
    clips=2,
    frames=FramesJob(fps=5.0, count=2),
    cameras=CAMERAS,
    render=RenderJob(quality="draft", samples=2),
    output=OutputJob(shard_size=5),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, assets: Path) -> Dataset:
    out = tmp_path_factory.mktemp("data") / "one"
    return make_dataset(JOB.model_copy(update={"out": str(out)}), assets, quiet=True)


def test_every_sample_is_there(made: Dataset) -> None:
    keys = [f"{clip:06d}_{camera}_{frame:06d}" for clip in (0, 1) for frame in (0, 1) for camera in ("phone", "stand")]
    assert [sample.key for sample in samples(made.out)] == keys
    assert [shard.samples for shard in made.shards] == [5, 3]


def test_webdataset_reads_and_decodes_every_sample(made: Dataset) -> None:
    webdataset = pytest.importorskip("webdataset")
    urls = [str(made.out / shard.name) for shard in made.shards]
    read = list(webdataset.WebDataset(urls, shardshuffle=False, empty_check=False).decode())
    assert len(read) == 8
    for sample in read:
        assert sample["json"]["key"] == sample["__key__"]


def test_masks_hold_known_values_and_agree(made: Dataset) -> None:
    for sample in samples(made.out):
        body, clothes, instance, depth = (
            decode_picture(sample.fields[f"{name}.png"]) for name in ("body", "clothes", "instance", "depth")
        )
        assert picture_of(sample.fields).shape == (120, 160, 3)
        assert body.shape == clothes.shape == instance.shape == depth.shape == (120, 160)
        assert set(np.unique(body)) <= {c.index for c in BODY_PARTS}
        assert set(np.unique(clothes)) <= {c.index for c in CLOTHES}
        assert np.array_equal(body > 0, instance > 0) and np.array_equal(clothes > 0, instance > 0)
        assert (instance == 1).sum() > 30 and (depth[instance > 0] > 0).all()


def test_visible_joints_lie_on_the_person(made: Dataset) -> None:
    on, visible = 0, 0
    for sample in samples(made.out):
        instance = decode_picture(sample.fields["instance.png"])
        for person in sample.facts["people"]:
            points = person["keypoints"][BODY_25.name]
            seen = np.array(points["visibility"]) == Visibility.VISIBLE
            x, y = np.floor(np.array(points["xy"])[seen]).astype(int).T
            assert ((x >= 0) & (x < 160) & (y >= 0) & (y < 120)).all()
            on += int((instance[y, x] == person["instance"]).sum())
            visible += len(x)
    assert visible > 80 and on / visible >= 0.97


def test_keypoints_project_to_their_pixels(made: Dataset) -> None:
    for sample in samples(made.out):
        facts = sample.facts
        K, R, t = (np.array(facts["camera"][name]) for name in ("K", "R", "t"))
        for person in facts["people"]:
            points = person["keypoints"][BODY_25.name]
            flat = (np.array(points["xyz"]) @ R.T + t) @ K.T
            # The stored pose is of the frame's instant; where rows are read one after another each point has its own.
            most = 0.01 if facts["camera"]["readout"] == 0.0 else 0.5
            assert np.abs(flat[:, :2] / flat[:, 2:] - np.array(points["xy"])).max() < most


def test_the_same_job_gives_the_same_bytes(made: Dataset, assets: Path, tmp_path: Path) -> None:
    again = make_dataset(JOB.model_copy(update={"out": str(tmp_path / "two")}), assets, workers=2, quiet=True)
    assert [shard.sha256 for shard in again.shards] == [shard.sha256 for shard in made.shards]
    assert (again.out / "SHA256SUMS").read_bytes() == (made.out / "SHA256SUMS").read_bytes()

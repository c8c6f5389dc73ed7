"""A character from a .blend in the whole path, tiny: beside a skater of ours, filmed and labelled as they are."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import cv2
import numpy as np
import pytest
from made_asset import save_asset

pytestmark = pytest.mark.skipif(importlib.util.find_spec("bpy") is None, reason="needs the bpy wheel")
pytest.importorskip("bpy")

from made_character import Character  # noqa: E402

from blender_addon.cast import GarmentSpec, MotionSpec, PlacementSpec, SkaterSpec  # noqa: E402
from blender_addon.clip import CameraSpec, Clip, LabelSpec, RenderSpec  # noqa: E402
from blender_addon.labels.keypoint_sets import BODY_25  # noqa: E402
from blender_addon.labels.vocabulary import CLOTHES, CLOTHES_INDEX, Visibility  # noqa: E402
from blender_addon.makehuman.base_mesh import read_base_mesh  # noqa: E402
from blender_addon.render.frame import Frame  # noqa: E402
from blender_addon.render.shoot import shoot_clip  # noqa: E402

START = MotionSpec(start=2.0)


def clip_of(*skaters: SkaterSpec) -> Clip:
    return Clip(
        index=0,
        seed=1,
        fps=5.0,
        count=2,
        skaters=skaters,
        cameras=(CameraSpec("phone", width=200, height=150, distance=6.0, fill=0.8),),
        render=RenderSpec(samples=2, denoise=False, subdivision=0, device="cpu"),
        labels=LabelSpec(),
    )


@pytest.fixture(scope="module")
def frames(assets: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Frame]:
    folder = tmp_path_factory.mktemp("adopted")
    character = Character(assets, "game_engine").dressed().save(folder / "Human.blend")
    guest = SkaterSpec(character=str(character), motion=START, placement=PlacementSpec(x=0.6))
    ours = SkaterSpec(garments={"unitard": GarmentSpec((0.4, 0.0, 0.1))}, motion=START, placement=PlacementSpec(x=-0.6))
    return list(shoot_clip(clip_of(guest, ours), assets, folder))


def test_it_is_labelled_as_our_own_skaters_are(frames: list[Frame]) -> None:
    for frame in frames:
        guest, ours = (frame.instance == instance for instance in (1, 2))
        assert guest.sum() > 300 and ours.sum() > 300
        assert np.array_equal(frame.body > 0, frame.instance > 0)
        assert np.array_equal(frame.clothes > 0, frame.instance > 0)
        seen = {CLOTHES[index].name for index in np.unique(frame.clothes[guest]).tolist()}
        assert {"skin", "shirt", "skirt", "hair"} <= seen <= {"skin", "shirt", "skirt", "hair", "eyes"}
        # The skirt lies on the thighs, the hair on the head.
        parts = set(np.unique(frame.body[guest & (frame.clothes == CLOTHES_INDEX["hair"])]).tolist())
        assert parts == {1}
        assert frame.people[0].garments == {"shirt", "skirt"}


def test_its_visible_joints_lie_on_it(frames: list[Frame]) -> None:
    """All but tips of bare toes, whose outline may end within their pixel: those lie beside it."""
    on, visible = 0, 0
    for frame in frames:
        points = frame.people[0].keypoints[BODY_25.name]
        x, y = np.floor(points.xy[points.visibility == Visibility.VISIBLE]).astype(int).T
        own = (frame.instance == 1).astype(np.uint8)
        assert cv2.dilate(own, np.ones((3, 3), np.uint8))[y, x].all()
        on += int(own[y, x].sum())
        visible += len(x)
    assert visible > 25 and on / visible >= 0.9


def test_where_a_garment_from_a_file_has_holes_its_labels_have_them_too(assets: Path, tmp_path: Path) -> None:
    base = read_base_mesh(assets)
    skin = base.vertices[base.groups["body"], 2]
    height = (base.vertices[base.faces][..., 2].mean(axis=1) - skin.min()) / np.ptp(skin)
    faces = base.face_masks["helper-tights"] & (height > 0.58) & (height < 0.82)
    shares = {}
    for name, alpha in (("closed", False), ("holed", True)):
        file = save_asset(tmp_path / name, "vest", base, faces, alpha=alpha)
        somebody = SkaterSpec(garments={"shirt": GarmentSpec(file=str(file))}, motion=START)
        (frame, *_) = shoot_clip(clip_of(somebody), assets, tmp_path)
        shirt = frame.clothes == CLOTHES_INDEX["shirt"]
        shares[name] = shirt.sum()
        # Its picture is green, as nothing else here: inside its outline the label says so of the very same pixels.
        red, green, blue = (frame.rgb[..., k].astype(int) for k in range(3))
        shown = green - np.maximum(red, blue) > 30
        inner = cv2.erode(shown.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        inner_label = cv2.erode(shirt.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
        assert inner.sum() > 150 and inner_label.sum() > 150
        assert (inner & shirt).sum() > 0.99 * inner.sum()
        assert (inner_label & shown).sum() > 0.9 * inner_label.sum()
    # The hole is as wide as the middle quarter of the picture, which is most of the trunk.
    assert 0.3 < shares["holed"] / shares["closed"] < 0.8

"""Whole silhouettes: of everybody as if nobody and nothing else were there, and nothing else in a sample changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blender_addon.cast import GarmentSpec, HairSpec, MotionSpec, PlacementSpec, SkaterSpec
from blender_addon.clip import CameraSpec, Clip, LensSpec, RenderSpec, RinkSpec, SensorSpec
from blender_addon.labels.amodal import silhouette
from blender_addon.labels.part_views import PARTS
from blender_addon.labels.vocabulary import BODY_PART_INDEX, PART_BASE
from blender_addon.render.frame import Frame
from mocap.errors import UserError
from render_scripts.sample import encode_sample

bpy = pytest.importorskip("bpy")

from blender_addon.render.amodal import silhouettes  # noqa: E402
from blender_addon.render.shoot import Studio, look_through, open_studio  # noqa: E402
from blender_addon.render.shutter import expose_labels  # noqa: E402

FISHEYE = LensSpec(model="fisheye", coefficients=(0.05, -0.02, 0.01, 0.0), widest=2.1, narrowest=2.1)
# The camera looks along +Y: the first skater stands before the second.
AHEAD: dict[str, Any] = {"azimuth": -0.5 * np.pi, "distance": 6.0, "width": 80, "height": 60}
CAMERAS = (
    CameraSpec("large", **(AHEAD | {"width": 240, "height": 180})),
    CameraSpec("plain", **AHEAD),
    CameraSpec("rolling", **AHEAD, sensor=SensorSpec(readout=0.03)),
    CameraSpec("blurred", **AHEAD, sensor=SensorSpec(motion_blur=True, shutter=0.03, readout=0.01)),
    CameraSpec("fisheye", **(AHEAD | {"distance": 2.5}), lens=FISHEYE),
)


def _skater(y: float, element: str = "camel spin") -> SkaterSpec:
    return SkaterSpec(
        garments={name: GarmentSpec() for name in ("leotard", "skirt", "tights", "boots", "blades")},
        hair=HairSpec("ponytail"),
        motion=MotionSpec(element=element, start=4.0),
        placement=PlacementSpec(y=y, root="in_place"),
    )


CLIP = Clip(
    index=0,
    seed=3,
    fps=5.0,
    count=1,
    skaters=(_skater(-0.6), _skater(0.6)),
    cameras=CAMERAS,
    rink=RinkSpec(tiers=0, banners=0, adverts=0.0, benches=False),
    render=RenderSpec(samples=2, denoise=False, subdivision=0, device="cpu"),
)


@pytest.fixture(scope="module")
def studio(assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return open_studio(CLIP, assets, tmp_path_factory.mktemp("amodal"))


@pytest.fixture(scope="module")
def plain(studio: Studio) -> Mapping[str, Frame]:
    return {frame.camera.name: frame for frame in studio.shoot(0)}


@pytest.fixture(scope="module")
def asked(studio: Studio, plain: Mapping[str, Frame]) -> Mapping[str, Frame]:
    """The same frames, shot afterwards with silhouettes."""
    with_all = replace(studio, clip=replace(CLIP, labels=replace(CLIP.labels, amodal=True)))
    return {frame.camera.name: frame for frame in with_all.shoot(0)}


def _people_alone(studio: Studio, frame: Frame, tmp_path: Path) -> dict[int, np.ndarray]:
    """The instance mask's people with everything else taken out of the scene."""
    ((spec,),) = ([spec for spec in CAMERAS if spec.name == frame.camera.name],)
    out = {}
    for number, avatar in enumerate(studio.avatars, start=1):
        others = [
            made
            for made in studio.scene.objects
            if made.type == "MESH" and made not in avatar.meshes and not made.hide_render
        ]
        for made in others:
            made.hide_render = True
        try:
            (alone,) = replace(studio, clip=replace(CLIP, cameras=(spec,))).shoot(0)
        finally:
            for made in others:
                made.hide_render = False
        out[number] = alone.instance == number
    return out


@pytest.mark.parametrize("name", [spec.name for spec in CAMERAS[1:]])
def test_silhouettes_are_of_people_who_are_alone_in_the_world(
    studio: Studio, asked: Mapping[str, Frame], name: str, tmp_path: Path
) -> None:
    frame = asked[name]
    assert frame.amodal is not None
    for number, mask in _people_alone(studio, frame, tmp_path).items():
        whole = silhouette(frame.amodal, number)
        assert mask.sum() > 40 and np.array_equal(whole, mask)
        seen = frame.instance == number
        assert not np.any(seen & ~whole)
    # Who stands behind is hidden in part, and has the whole silhouette all the same.
    first, second = (silhouette(frame.amodal, number) for number in (1, 2))
    assert np.array_equal(first, frame.instance == 1)
    assert (second & (frame.instance == 1)).sum() > 2
    assert np.array_equal(second & ~first, frame.instance == 2)


def test_masks_of_the_render_hold_what_is_seen_without_any_help(studio: Studio, asked: Mapping[str, Frame]) -> None:
    frame = list(asked.values())[-1]  # the camera that the scene still looks through
    cast = [avatar.meshes for avatar in studio.avatars]
    for number, mask in silhouettes(studio.scene, CAMERAS[-1], cast, studio.scratch).items():
        assert not np.any((frame.instance == number) & ~mask)


def test_facts_are_those_of_the_mask(asked: Mapping[str, Frame]) -> None:
    frame = asked["plain"]
    assert frame.amodal is not None
    for person in frame.people:
        whole, seen = silhouette(frame.amodal, person.instance), frame.instance == person.instance
        assert person.amodal is not None
        x, y, w, h = (int(value) for value in person.amodal.bbox)
        assert whole[y : y + h, x : x + w].sum() == whole.sum()
        assert whole[y].any() and whole[y + h - 1].any() and whole[:, x].any() and whole[:, x + w - 1].any()
        assert person.amodal.visible == pytest.approx(seen.sum() / whole.sum())
    hidden, front = frame.people[1].amodal, frame.people[0].amodal
    assert hidden is not None and front is not None and hidden.visible < 0.9 and front.visible == 1.0


def _pixels_of_part(studio: Studio, spec: CameraSpec, number: int, part: int) -> int:
    """Pixels that a body part fills where neither the rest of its person nor anything else is."""
    pieces = []
    for made in studio.avatars[number].meshes:
        data: Any = bpy.data.meshes.new_from_object(made.evaluated_get(bpy.context.evaluated_depsgraph_get()))
        slots = np.array([slot.pass_index % PART_BASE for slot in data.materials])
        index = np.zeros(len(data.polygons), dtype=np.int32)
        data.polygons.foreach_get("material_index", index)
        start, total = np.zeros((2, len(index)), dtype=np.int32)
        data.polygons.foreach_get("loop_start", start)
        data.polygons.foreach_get("loop_total", total)
        corners = np.zeros(len(data.loops), dtype=np.int32)
        data.loops.foreach_get("vertex_index", corners)
        faces = [
            corners[a : a + n].tolist()
            for a, n in zip(start[slots[index] == part], total[slots[index] == part], strict=True)
        ]
        mesh = bpy.data.meshes.new("piece")
        mesh.from_pydata([vertex.co[:] for vertex in data.vertices], [], faces)
        mesh.materials.append(bpy.data.materials.new("piece"))
        pieces.append(bpy.data.objects.new("piece", mesh))
        pieces[-1].pass_index = 1
        studio.scene.collection.objects.link(pieces[-1])
    others = [made for made in studio.scene.objects if made.type == "MESH" and made not in pieces]
    for made in others:
        made.hide_render = True
    look_through(studio.scene, studio.cameras[spec.name], studio.views[spec.name][0])
    try:
        return int((expose_labels(studio.scene, spec, studio.scratch).instance == 1).sum())
    finally:
        for made in others:
            made.hide_render = False
        for piece in pieces:
            bpy.data.objects.remove(piece)


@pytest.mark.parametrize(("number", "part"), [(0, "head"), (0, "torso"), (1, "left_thigh"), (0, "right_lower_leg")])
def test_shares_of_parts_are_of_what_they_fill_alone(
    studio: Studio, plain: Mapping[str, Frame], number: int, part: str
) -> None:
    frame, index = plain["large"], BODY_PART_INDEX[part]
    alone = _pixels_of_part(studio, CAMERAS[0], number, index)
    seen = int(((frame.instance == number + 1) & (frame.body == index)).sum())
    assert alone > 60
    assert frame.people[number].parts[PARTS.index(index)] == pytest.approx(seen / alone, rel=0.06)


def test_nothing_else_changes(asked: Mapping[str, Frame], plain: Mapping[str, Frame]) -> None:
    for name, frame in asked.items():
        _, more = encode_sample(frame, CLIP, (), {})
        _, less = encode_sample(plain[name], CLIP, (), {})
        assert set(more) - set(less) == {"amodal.png"}
        for field in set(less) - {"json"}:
            assert more[field] == less[field], (name, field)
        bare = replace(frame, amodal=None, people=tuple(replace(who, amodal=None) for who in frame.people))
        assert encode_sample(bare, CLIP, (), {})[1] == less


def test_more_people_than_bits_are_refused(tmp_path: Path) -> None:
    many = replace(CLIP, skaters=CLIP.skaters * 9, labels=replace(CLIP.labels, amodal=True))
    with pytest.raises(UserError, match="at most 16 skaters and coaches, and there are 18"):
        open_studio(many, tmp_path, tmp_path)

"""Motion blur and depth of field in the picture; labels byte for byte as without them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from blender_addon.cast import GarmentSpec, HairSpec, MotionSpec, SkaterSpec
from blender_addon.clip import CameraSpec, Clip, LabelSpec, MovesSpec, RenderSpec, SensorSpec
from blender_addon.labels.vocabulary import pack_index
from blender_addon.render.frame import Frame
from blender_addon.render.opengl import require_opengl
from blender_addon.skater.performance import between
from mocap.errors import UserError
from mocap.rotations import Array

bpy = pytest.importorskip("bpy")

from blender_addon.render import shutter  # noqa: E402
from blender_addon.render.engine import configure  # noqa: E402
from blender_addon.render.shoot import Studio, open_studio  # noqa: E402
from blender_addon.scene.curves import play  # noqa: E402
from blender_addon.scene.shading import add_node, new_material  # noqa: E402

MASKS = ("instance", "body", "clothes", "depth")
SENSORS = {
    "sharp": SensorSpec(),
    "blurred": SensorSpec(motion_blur=True, shutter=1.0 / 30.0),
    "deep": SensorSpec(depth_of_field=True, f_number=1.4),
    "both": SensorSpec(motion_blur=True, shutter=1.0 / 60.0, depth_of_field=True, f_number=2.8, focus_error=0.5),
}
CLIP = Clip(
    index=0,
    seed=7,
    fps=2.0,
    count=2,
    skaters=(
        SkaterSpec(
            phenotype={"gender": 0.0},
            garments={name: GarmentSpec() for name in ("leotard", "skirt", "tights", "boots", "blades")},
            hair=HairSpec("ponytail"),
            motion=MotionSpec(element="camel spin", start=4.0),
        ),
    ),
    # All from the same place.
    cameras=tuple(
        CameraSpec(name, azimuth=-1.5, distance=6.0, width=96, height=72, moves=MovesSpec(follow="pan"), sensor=sensor)
        for name, sensor in SENSORS.items()
    ),
    render=RenderSpec(samples=8, subdivision=0, device="cpu"),
    labels=LabelSpec(keypoints=("body_25",)),
)


@pytest.fixture(scope="module")
def studio(assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return open_studio(CLIP, assets, tmp_path_factory.mktemp("shutter"))


@pytest.fixture(scope="module")
def frames(studio: Studio) -> Mapping[str, Frame]:
    return {frame.camera.name: frame for frame in studio.shoot(1)}


def _same_labels(one: Frame, other: Frame) -> None:
    for name in MASKS:
        ours, theirs = (frame.dense[name] if name in frame.dense else getattr(frame, name) for frame in (one, other))
        assert ours.tobytes() == theirs.tobytes(), name
    for here, there in zip(one.people, other.people, strict=True):
        assert (here.bbox, here.visible_fraction) == (there.bbox, there.visible_fraction)
        for field in ("xy", "xyz", "visibility", "cause"):
            ours, theirs = (getattr(person.keypoints["body_25"], field) for person in (here, there))
            assert ours.tobytes() == theirs.tobytes(), field


@pytest.mark.parametrize("name", list(SENSORS)[1:])
def test_labels_are_those_of_a_sharp_picture(frames: Mapping[str, Frame], name: str) -> None:
    assert (frames["sharp"].instance > 0).sum() > 300
    _same_labels(frames["sharp"], frames[name])


def _shown(frame: Frame) -> Array:
    return frame.rgb.astype(np.float64)


def test_what_moves_blurs_and_what_stands_does_not(frames: Mapping[str, Frame]) -> None:
    apart = np.abs(_shown(frames["blurred"]) - _shown(frames["sharp"])).max(axis=-1)
    near = np.zeros((72, 96), dtype=bool)
    rows, columns = np.nonzero(frames["sharp"].instance)
    near[max(rows.min() - 8, 0) : rows.max() + 9, max(columns.min() - 14, 0) : columns.max() + 15] = True
    assert apart[near].max() > 20.0
    assert np.percentile(apart[~near], 95) < 6.0


def test_a_frame_comes_out_the_same_again(studio: Studio, frames: Mapping[str, Frame]) -> None:
    list(studio.shoot(0))
    for again in studio.shoot(1):
        first = frames[again.camera.name]
        _same_labels(first, again)
        assert again.rgb.tobytes() == first.rgb.tobytes()


def test_blender_moves_people_between_frames_as_the_motion_does(studio: Studio, frames: Mapping[str, Frame]) -> None:
    (member,) = studio.cast
    armature, track = studio.avatars[0].armature, studio.tracks["blurred"]
    tips = [k for k, name in enumerate(member.whole.names) if name in ("hand_l", "foot_r", "head", "wrist.L", "foot.R")]
    assert tips
    for seconds in (-1.0 / 60.0, -0.004, 0.0, 0.009, 1.0 / 60.0):
        studio.scene.frame_set(1 if seconds >= 0.0 else 0, subframe=seconds * CLIP.fps % 1.0)
        graph = bpy.context.evaluated_depsgraph_get()
        place = member.window.start + member.window.step + seconds * member.whole.fps
        pose = between(member.whole, np.array([place])).matrices[0]
        for tip in tips:
            bone = armature.evaluated_get(graph).pose.bones[member.whole.names[tip]]
            assert np.array(bone.matrix) == pytest.approx(pose[tip], abs=2e-5)
        view = track.at(1.0 / CLIP.fps + seconds)
        camera = studio.cameras["blurred"].evaluated_get(graph).matrix_world
        assert np.array(camera.to_translation()) == pytest.approx(-view.R.T @ view.t, abs=2e-5)
        assert np.array(camera.to_3x3())[:, 2] == pytest.approx(-view.R[2], abs=2e-5)
    studio.scene.frame_set(1)


def _scene(spec: CameraSpec, away: float) -> tuple[bpy.types.Scene, bpy.types.Object]:
    """A camera with a 50 mm lens before a white wall in the right half of its picture, and nothing else."""
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    scene = bpy.context.scene
    material, tree = new_material("white")
    glow = add_node(tree, "ShaderNodeEmission")
    output = add_node(tree, "ShaderNodeOutputMaterial")
    tree.links.new(glow.outputs[0], output.inputs["Surface"])
    mesh = bpy.data.meshes.new("wall")
    mesh.from_pydata([(0, -9, -away), (99, -9, -away), (99, 9, -away), (0, 9, -away)], [], [(0, 1, 2, 3)])
    mesh.materials.append(material)
    wall = bpy.data.objects.new("wall", mesh)
    camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    camera.data.sensor_width, camera.data.lens = spec.lens.sensor_width, 50.0
    for made in (wall, camera):
        scene.collection.objects.link(made)
    scene.camera = camera
    scene.render.resolution_x, scene.render.resolution_y = spec.width, spec.height
    return scene, wall


def _edge(away: float, spec: CameraSpec, focus: float, scratch: Path) -> float:
    """Pixels (standard deviation) over which an upright edge at a distance is spread."""
    scene, _ = _scene(spec, away)
    configure(scene, RenderSpec(samples=256, denoise=False, device="cpu"), LabelSpec(), 0)
    light = shutter.expose(scene, spec, focus, scratch).linear[..., 0].mean(axis=0)
    slope = np.diff(light)
    x = np.arange(len(slope))
    middle = (slope * x).sum() / slope.sum()
    return float(np.sqrt((slope * (x - middle) ** 2).sum() / slope.sum()))


def test_out_of_focus_spreads_as_a_thin_lens_does(tmp_path: Path) -> None:
    # A 50 mm lens at f/2 on a full frame: 25 mm wide.
    spec = CameraSpec("c", width=200, height=20, sensor=SensorSpec(depth_of_field=True, f_number=2.0, focus_error=1.0))
    in_focus = _edge(4.0, spec, 3.0, tmp_path)
    assert in_focus < 0.6
    beyond = _edge(12.0, spec, 3.0, tmp_path)
    # Of the disc that a point becomes: 25 mm · 8 m / 4 m, seen from 12 m; an edge is spread over a quarter of it.
    disc = 0.025 * (12.0 - 4.0) / 4.0 / 12.0 * 50.0 / 36.0 * spec.width
    assert np.sqrt(beyond**2 - in_focus**2) == pytest.approx(disc / 4.0, rel=0.05)


def test_eevee_blurs_and_labels_alike(tmp_path: Path) -> None:
    try:
        require_opengl()
    except UserError as error:
        pytest.skip(str(error))
    scene, wall = _scene(CameraSpec("c"), 5.0)
    material = wall.data.materials[0]
    material.pass_index, wall.pass_index = pack_index(1, 1), 1
    play(wall, {"location": np.array([[-2.0, 0.0, 0.0], [2.0, 0.0, 0.0]])}, np.array([0.0, 2.0]))
    configure(scene, RenderSpec(engine="eevee", samples=4), LabelSpec(), 0)
    scene.render.resolution_x, scene.render.resolution_y = 96, 24
    scene.frame_set(1)
    blurred = CameraSpec("c", sensor=SensorSpec(motion_blur=True, shutter=0.5 / scene.render.fps))
    sharp, both = (shutter.expose(scene, spec, 5.0, tmp_path) for spec in (CameraSpec("c"), blurred))
    for name in MASKS:
        assert np.array_equal(getattr(sharp, name), getattr(both, name)), name
    assert 0 < (sharp.instance == 1).sum() < sharp.instance.size
    grey = [
        int(((passes.linear[..., 0] > 0.1) & (passes.linear[..., 0] < 0.9)).sum(axis=1).max())
        for passes in (sharp, both)
    ]
    # A metre of blur, 5 m away.
    assert grey[0] <= 2 and grey[1] == pytest.approx(0.8 * 96 / 5.0 * 50.0 / 36.0, abs=5.0)

"""Rolling shutter: every row of picture and labels is of the instant that the rule in `Reading` gives it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blender_addon.cast import GarmentSpec, MotionSpec, SkaterSpec
from blender_addon.clip import CameraSpec, Clip, LabelSpec, LensSpec, RenderSpec, SensorSpec
from blender_addon.filming.lens import rays
from blender_addon.filming.track import CameraTrack
from blender_addon.labels.projection import project
from blender_addon.labels.reading import caught, reading_of
from blender_addon.render.frame import Frame
from blender_addon.skater.performance import at_instants
from mocap.errors import UserError
from mocap.rotations import from_axis_angle, to_matrix

bpy = pytest.importorskip("bpy")

from blender_addon.render import shutter  # noqa: E402
from blender_addon.render.engine import configure  # noqa: E402
from blender_addon.render.passes import Passes  # noqa: E402
from blender_addon.render.shoot import Studio, look_through, open_studio  # noqa: E402
from blender_addon.scene.cameras import build_camera  # noqa: E402
from blender_addon.scene.curves import play  # noqa: E402
from blender_addon.scene.shading import add_node, new_material  # noqa: E402
from blender_addon.scene.skinning import armature_modifier, hang_on_bones  # noqa: E402

FPS = 25.0
WIDTH, HEIGHT = 160, 120
READOUT = 0.02
NOW = 2  # the frame that is shot
STEP = 1.0 / 75.0  # seconds between the instants of a track
AWAY = 10.0  # metres from the camera to what it looks at
FOCAL = 150.0
PLAIN = LensSpec()
FISHEYE = LensSpec(model="fisheye", coefficients=(0.05, -0.02, 0.01, 0.0))
SPEED = 100.0  # m/s of the bar: 30 px while a picture is read


def _track(turn: float = 0.0, lens: LensSpec = PLAIN, **sensor: Any) -> CameraTrack:
    """A camera at the origin that looks along +Y at the instant of NOW and pans by `turn` rad/s."""
    spec = CameraSpec("c", width=WIDTH, height=HEIGHT, lens=lens, sensor=SensorSpec(readout=READOUT, **sensor))
    times = np.arange(16) * STEP
    ahead = np.array(((1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (0.0, 1.0, 0.0)))
    pans = to_matrix(from_axis_angle((0.0, 0.0, 1.0), turn * (times - NOW / FPS)))
    K = np.array(((FOCAL, 0.0, WIDTH / 2), (0.0, FOCAL, HEIGHT / 2), (0.0, 0.0, 1.0)))
    R = ahead @ pans.swapaxes(1, 2)
    return CameraTrack(spec, times, np.tile(K, (len(times), 1, 1)), R, np.zeros((len(times), 3)))


def _white() -> bpy.types.Material:
    material, tree = new_material("white")
    glow = add_node(tree, "ShaderNodeEmission", {"Strength": 1.0})
    output = add_node(tree, "ShaderNodeOutputMaterial")
    tree.links.new(glow.outputs[0], output.inputs["Surface"])
    return material


def _bars(places: np.ndarray, half: float) -> bpy.types.Object:
    """Upright bars at x = places, 2 · half wide, in the plane y = AWAY."""
    corners = [(x + a * half, AWAY, z) for x in places.tolist() for a, z in ((-1, -9), (1, -9), (1, 9), (-1, 9))]
    mesh = bpy.data.meshes.new("bars")
    mesh.from_pydata(corners, [], [tuple(range(4 * k, 4 * k + 4)) for k in range(len(places))])
    mesh.materials.append(_white())
    made = bpy.data.objects.new("bars", mesh)
    made.pass_index = 1
    bpy.context.scene.collection.objects.link(made)
    return made


def _shot(track: CameraTrack, places: np.ndarray, half: float, speed: float, scratch: Path, samples: int = 1) -> Passes:
    """Bars that move by `speed` and are at their places at the instant of NOW, through a camera."""
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    scene = bpy.context.scene
    scene.render.fps = round(FPS)
    bars = _bars(places, half)
    frames = track.times * FPS
    play(bars, {"location": np.stack((speed * (track.times - NOW / FPS), 0.0 * frames, 0.0 * frames), axis=1)}, frames)
    views = [track.at(time) for time in track.times.tolist()]
    camera = build_camera(track.spec, views, scene.collection, frames)
    configure(scene, RenderSpec(samples=samples, denoise=False, device="cpu"), LabelSpec(), 0)
    look_through(scene, camera, views[0])
    shutter.set_steps([bars, camera], 3)
    scene.frame_set(NOW)
    return shutter.expose(scene, track.spec, AWAY, scratch)


def _across(track: CameraTrack, speed: float) -> np.ndarray:
    """(H, W) where the middles of pixels meet the bars' plane, in metres along the bars' own x."""
    reading = reading_of(track, NOW / FPS)
    row = np.arange(HEIGHT) + 0.5
    times = np.interp(row, reading.rows, reading.times)
    out = np.empty((HEIGHT, WIDTH))
    for y, time in zip(row.tolist(), times.tolist(), strict=True):
        view = track.at(NOW / FPS + time)
        pixels = np.stack((np.arange(WIDTH) + 0.5, np.full(WIDTH, y)), axis=1)
        away = rays(view.model, view.coefficients, view.K, pixels) @ view.R
        out[int(y)] = AWAY * away[:, 0] / away[:, 1] - speed * time
    return out


@pytest.mark.parametrize(
    ("turn", "speed", "lens", "blur"),
    [(0.0, SPEED, PLAIN, 0.0), (6.0, 0.0, PLAIN, 0.0), (6.0, 0.0, PLAIN, 0.01), (-6.0, 0.0, FISHEYE, 0.01)],
    ids=["moving", "panned", "panned and blurred", "fisheye"],
)
def test_labels_of_each_row_are_of_its_instant(
    turn: float, speed: float, lens: LensSpec, blur: float, tmp_path: Path
) -> None:
    track = _track(turn, lens, motion_blur=blur > 0.0, shutter=blur)
    places, half = np.arange(-6.0, 6.5, 1.5), 0.37
    seen = _shot(track, places, half, speed, tmp_path).instance > 0
    off = np.abs(_across(track, speed)[..., None] - places).min(axis=-1) - half
    # Every pixel is as the rule says, but where an edge passes within 0.03 pixels of its middle.
    clear = np.abs(off) * FOCAL / AWAY > 0.03
    assert clear.mean() > 0.98 and seen.any()
    assert np.array_equal(seen[clear], off[clear] < 0.0)


def test_light_of_each_row_is_of_its_instant(tmp_path: Path) -> None:
    track = _track(motion_blur=True, shutter=0.008)
    linear = _shot(track, np.zeros(1), 0.6, SPEED, tmp_path, samples=64).linear[..., 0]
    x = _across(track, SPEED)
    middle = (linear * x).sum(axis=1) / linear.sum(axis=1) * FOCAL / AWAY
    assert np.abs(middle).max() < 0.15 and abs(middle.mean()) < 0.04
    # As wide as the bar and its way together, and no row sharp.
    lit = (linear > 0.02).sum(axis=1)
    assert np.abs(lit - (1.2 + SPEED * 0.008) * FOCAL / AWAY).max() < 4


CLIP = Clip(
    index=0,
    seed=2,
    fps=2.0,
    count=1,
    skaters=(
        SkaterSpec(
            phenotype={"gender": 0.0},
            garments={name: GarmentSpec() for name in ("leotard", "tights", "boots", "blades")},
            motion=MotionSpec(element="camel spin", start=4.0),
        ),
    ),
    cameras=(
        CameraSpec(
            "gopro",
            azimuth=-1.5,
            distance=5.0,
            width=240,
            height=180,
            sensor=SensorSpec(readout=READOUT),
        ),
    ),
    render=RenderSpec(samples=1, denoise=False, subdivision=0, device="cpu"),
)
MARKS = ("left_wrist", "right_wrist", "left_ankle", "right_ankle", "left_knee", "right_elbow")


@pytest.fixture(scope="module")
def studio(assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return open_studio(CLIP, assets, tmp_path_factory.mktemp("rolling"))


@pytest.fixture(scope="module")
def frame(studio: Studio) -> Frame:
    (frame,) = studio.shoot(0)
    return frame


def _ball(studio: Studio, name: str, radius: float = 0.05) -> bpy.types.Object:
    """A white ball about a landmark, on the landmark's bones."""
    mark = studio.cast[0].human.landmarks[name]
    assert len(mark.points) == 1
    around, up = np.meshgrid(np.linspace(0.0, 2.0 * np.pi, 33)[:-1], np.linspace(-0.5 * np.pi, 0.5 * np.pi, 17))
    ball = np.stack((np.cos(up) * np.cos(around), np.cos(up) * np.sin(around), np.sin(up)), axis=-1).reshape(-1, 3)
    quads = [
        (32 * k + i, 32 * k + (i + 1) % 32, 32 * k + (i + 1) % 32 + 32, 32 * k + i + 32) for k, i in np.ndindex(16, 32)
    ]
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata((mark.points + radius * ball).tolist(), [], quads)
    mesh.materials.append(_white())
    made = bpy.data.objects.new(name, mesh)
    studio.scene.collection.objects.link(made)
    bones, weights = np.tile(mark.bones, (len(ball), 1)), np.tile(mark.weights, (len(ball), 1))
    hang_on_bones(made, studio.cast[0].human.rig.names, bones, weights)
    armature_modifier(made, studio.avatars[0].armature)
    return made


def test_keypoints_are_where_their_rows_show_them(studio: Studio, frame: Frame, tmp_path: Path) -> None:
    scene, spec, (member,) = studio.scene, CLIP.cameras[0], studio.cast
    assert frame.reading is not None
    marks, _ = at_instants(member, 0, frame.reading.times)
    steps = studio.avatars[0].meshes[0].cycles.motion_steps
    others = [made for made in scene.objects if not made.hide_render]
    world = scene.world
    scene.cycles.samples, scene.world = 64, None
    for made in others:
        made.hide_render = True
    moved = []
    try:
        for name in MARKS:
            ball = _ball(studio, name)
            shutter.set_steps([ball], steps)
            linear = shutter.expose(scene, spec, 5.0, tmp_path).linear[..., 0]
            bpy.data.objects.remove(ball)
            light = linear / linear.sum()
            seen = np.array(((light.sum(axis=0) @ (np.arange(240) + 0.5)), light.sum(axis=1) @ (np.arange(180) + 0.5)))
            xy, _, world_point = caught(frame.reading, marks[name][:, None])
            assert np.abs(xy[0] - seen).max() < 0.15, name
            assert project(frame.camera, world_point)[0] == pytest.approx(xy, abs=20.0)
            moved.append(np.linalg.norm(project(frame.camera, member.landmarks[name][:1])[0] - xy))
    finally:
        scene.cycles.samples, scene.world = 1, world
        for made in others:
            made.hide_render = False
    # Without a rolling shutter they would be elsewhere.
    assert max(moved) > 2.0


def test_eevee_has_no_rolling_shutter(tmp_path: Path) -> None:
    clip = replace(CLIP, render=replace(CLIP.render, engine="eevee"))
    with pytest.raises(UserError, match="camera 'gopro', readout: EEVEE reads all rows"):
        open_studio(clip, tmp_path, tmp_path)

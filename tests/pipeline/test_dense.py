"""Labels of every pixel against what the scene holds: distances, normals, flow, and places on the body."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np
import pytest

from blender_addon.cast import GarmentSpec, HairSpec, MotionSpec, PlacementSpec, SkaterSpec
from blender_addon.clip import CameraSpec, Clip, LabelSpec, LensSpec, MovesSpec, RenderSpec, SensorSpec
from blender_addon.filming.lens import rays
from blender_addon.labels.dense import DENSE_FIELDS, DENSE_LABELS
from blender_addon.labels.projection import project
from blender_addon.labels.vocabulary import BODY_PART_INDEX
from blender_addon.render.frame import Frame
from mocap.rotations import Array
from render_scripts.scenes.profiles import PROFILES

bpy = pytest.importorskip("bpy")

from blender_addon.render.engine import configure  # noqa: E402
from blender_addon.render.shoot import Studio, open_studio  # noqa: E402

WIDTH, HEIGHT = 160, 120
FRAMES = (0, 1)


def camera(name: str, lens: LensSpec, distance: float, **sensor: object) -> CameraSpec:
    # One that turns after somebody in a jump, shakes, and zooms where it can.
    return CameraSpec(
        name,
        azimuth=-1.0,
        distance=distance,
        width=WIDTH,
        height=HEIGHT,
        lens=lens,
        moves=MovesSpec(follow="pan", shake=0.4, zoom=1.0),
        sensor=SensorSpec(**sensor),  # type: ignore[arg-type]
    )


CAMERAS = (
    camera("plain", LensSpec(), 5.0),
    camera("barrel", PROFILES["tripod"].lens, 5.0),
    camera("fisheye", PROFILES["ceiling"].lens, 4.0),
    camera("blurred", LensSpec(), 5.0, motion_blur=True, shutter=1.0 / 60.0),
)
NAMES = tuple(one.name for one in CAMERAS)
WORN = ("leotard", "skirt", "tights", "boots", "blades")
CLIP = Clip(
    index=0,
    seed=7,
    fps=25.0,
    count=2,
    skaters=(
        SkaterSpec(
            phenotype={"gender": 0.0},
            garments={name: GarmentSpec() for name in WORN},
            hair=HairSpec("ponytail"),
            motion=MotionSpec(element="camel spin", start=4.0),
        ),
        SkaterSpec(
            phenotype={"gender": 1.0},
            garments={name: GarmentSpec() for name in ("shirt", "trousers", "boots", "blades")},
            motion=MotionSpec(element="camel spin", start=2.0),
            placement=PlacementSpec(x=1.2, y=0.6),
            in_focus=False,
        ),
    ),
    cameras=CAMERAS,
    render=RenderSpec(samples=2, subdivision=1, denoise=False, device="cpu"),
    labels=LabelSpec(dense=tuple(DENSE_LABELS)),
)

Frames = Mapping[tuple[str, int], Frame]


@pytest.fixture(scope="module")
def studio(assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return open_studio(CLIP, assets, tmp_path_factory.mktemp("dense"))


@pytest.fixture(scope="module")
def frames(studio: Studio) -> Frames:
    return {(shot.camera.name, number): shot for number in FRAMES for shot in studio.shoot(number)}


def middles() -> Array:
    return np.stack(np.meshgrid(np.arange(WIDTH) + 0.5, np.arange(HEIGHT) + 0.5), axis=-1)


def world(frame: Frame) -> Array:
    """(H, W, 3) what the pixels' centres show."""
    view = frame.camera
    ray = rays(view.model, view.coefficients, view.K, middles())
    return (ray * frame.dense["distance"][..., None] - view.t) @ view.R


def within(mask: np.ndarray) -> np.ndarray:
    """Pixels whose eight neighbours are in it, too."""
    return cv2.erode(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0


def test_every_label_asked_for_is_there(frames: Frames) -> None:
    for frame in frames.values():
        assert list(frame.dense) == [field.name for field in DENSE_FIELDS]
        for array in frame.dense.values():
            assert array.dtype == np.float32 and array.shape[:2] == (HEIGHT, WIDTH)
        assert (frame.instance > 0).sum() > 400


@pytest.mark.parametrize("name", NAMES)
def test_distance_is_along_the_ray_and_depth_along_the_axis(frames: Frames, name: str) -> None:
    frame = frames[name, 0]
    hit = frame.dense["depth"] > 0
    xy, seen = project(frame.camera, world(frame)[hit])
    assert np.abs(seen[:, 2] - frame.dense["depth"][hit]).max() < 1e-4
    assert np.abs(xy - middles()[hit]).max() < 1e-6
    ice = hit & (frame.instance == 0) & (frame.dense["normal"][..., 2] > 0.99) & (frame.dense["distance"] < 15.0)
    assert ice.sum() > 1000 and np.abs(world(frame)[ice][:, 2]).max() < 0.01


@pytest.mark.parametrize("name", NAMES)
def test_normals_are_those_of_the_surface(frames: Frames, name: str) -> None:
    frame = frames[name, 0]
    normal, depth, view = frame.dense["normal"], frame.dense["depth"], frame.camera
    hit = depth > 0
    assert np.abs(np.linalg.norm(normal, axis=-1)[hit] - 1.0).max() < 1e-5 and not normal[~hit].any()
    assert np.abs(frame.dense["normal_camera"] - normal @ view.R.T).max() < 1e-5
    place = world(frame)
    across, down = place[1:-1, 2:] - place[1:-1, :-2], place[2:, 1:-1] - place[:-2, 1:-1]
    found = np.cross(down, across)
    found /= np.linalg.norm(found, axis=-1, keepdims=True)
    off = np.degrees(np.arccos(np.clip((found * normal[1:-1, 1:-1]).sum(axis=-1), -1.0, 1.0)))
    bend = np.zeros_like(depth)
    bend[:, 1:-1] += np.abs(depth[:, 2:] + depth[:, :-2] - 2.0 * depth[:, 1:-1])
    bend[1:-1] += np.abs(depth[2:] + depth[:-2] - 2.0 * depth[1:-1])
    people = within(frame.instance > 0) & (bend < 0.01)
    ice = within((frame.instance == 0) & (normal[..., 2] > 0.99)) & (bend < 0.01)
    assert people.sum() > 100 and np.median(off[people[1:-1, 1:-1]]) < 6.0
    assert ice.sum() > 1000 and np.percentile(off[ice[1:-1, 1:-1]], 90) < 1.0


@pytest.mark.parametrize("name", NAMES)
def test_flow_of_what_stands_still_is_the_cameras(studio: Studio, frames: Frames, name: str) -> None:
    track = studio.tracks[name]
    for number in FRAMES:
        frame = frames[name, number]
        still = (frame.instance == 0) & (frame.dense["depth"] > 0)
        for field, step in (("flow_forward", 1), ("flow_backward", -1)):
            there, _ = project(track.at((number + step) / CLIP.fps), world(frame)[still])
            away = np.linalg.norm(there - middles()[still] - frame.dense[field][still], axis=-1)
            assert np.isfinite(frame.dense[field][still]).all(), field
            assert away.max() < 0.1 and np.median(away) < 0.005, field
    assert np.abs(frames[name, 0].dense["flow_forward"]).max() > 1.0


def vertices(studio: Studio, frame: int) -> Array:
    """(N, 3) where Blender has the vertices of everybody's smooth surfaces."""
    studio.scene.frame_set(frame)
    graph = bpy.context.evaluated_depsgraph_get()
    out = []
    for avatar in studio.avatars:
        for made in avatar.meshes:
            mesh = made.evaluated_get(graph).data
            flat = np.empty(3 * len(mesh.vertices), dtype=np.float32)
            mesh.vertices.foreach_get("co", flat)
            out.append(
                flat.reshape(-1, 3) @ np.array(made.matrix_world.to_3x3()).T + made.matrix_world.to_translation()
            )
    return np.concatenate(out).astype(np.float64)


@pytest.mark.parametrize("name", NAMES)
def test_flow_of_people_is_that_of_their_vertices(studio: Studio, frames: Frames, name: str) -> None:
    places = {frame: vertices(studio, frame) for frame in (-1, 0, 1, 2)}
    track = studio.tracks[name]
    for number in FRAMES:
        frame = frames[name, number]
        xy, seen = project(frame.camera, places[number])
        row, column = (
            np.clip(np.floor(xy[:, axis]).astype(int), 0, most - 1) for axis, most in ((1, HEIGHT), (0, WIDTH))
        )
        # Of those that are seen, the ones right by a pixel's centre: the same point but for a fifth of a pixel.
        here = np.abs(xy - np.stack((column, row), axis=-1) - 0.5).max(axis=-1) < 0.15
        here &= np.abs(frame.dense["depth"][row, column] - seen[:, 2]) < 0.01
        here &= within(frame.instance > 0)[row, column]
        assert here.sum() > 100
        for field, step in (("flow_forward", 1), ("flow_backward", -1)):
            there, _ = project(track.at((number + step) / CLIP.fps), places[number + step])
            off = np.linalg.norm((there - xy)[here] - frame.dense[field][row, column][here], axis=-1)
            assert np.median(off) < 0.05 and np.percentile(off, 95) < 0.3, (field, number)
        assert np.percentile(np.linalg.norm(frame.dense["flow_forward"][frame.instance > 0], axis=-1), 90) > 1.0


@pytest.mark.parametrize("name", NAMES)
def test_flow_leads_to_the_same_place_on_the_body(frames: Frames, name: str) -> None:
    first, second = frames[name, 0], frames[name, 1]
    # The four pixels around where a point has gone, all of the same person and close together on their body.
    to = middles() + first.dense["flow_forward"] - 0.5
    start = np.floor(to)
    share = to - start
    there = np.all((start >= 0) & (start < (WIDTH - 1, HEIGHT - 1)), axis=-1) & (first.instance > 0)
    x, y = (start[there][:, axis].astype(int) for axis in (0, 1))
    corners = np.stack([second.dense["surface"][y + dy, x + dx] for dy in (0, 1) for dx in (0, 1)])
    who = np.stack([second.instance[y + dy, x + dx] for dy in (0, 1) for dx in (0, 1)])
    u, v = share[there].T
    weights = np.stack(((1 - u) * (1 - v), u * (1 - v), (1 - u) * v, u * v))
    found = (weights[..., None] * corners).sum(axis=0)
    off = first.dense["surface"][there] - found
    # Metres on the body in pixels of the picture, by how it lies there.
    slope = np.stack(
        (corners[1] - corners[0] + corners[3] - corners[2], corners[2] - corners[0] + corners[3] - corners[1])
    )
    slope = 0.5 * np.moveaxis(slope, 0, -1)
    square = np.einsum("nij,nik->njk", slope, slope) + 1e-12 * np.eye(2)
    beside = np.linalg.norm(np.linalg.solve(square, np.einsum("nij,ni->nj", slope, off)[..., None])[..., 0], axis=-1)
    smooth = np.all(who == first.instance[there], axis=0) & (np.ptp(corners, axis=0).max(axis=-1) < 0.08)
    smooth &= np.abs(off).max(axis=-1) < 0.08  # else it is hidden by another part of the body by then
    assert smooth.sum() > 200
    assert np.median(beside[smooth]) < 0.1 and (beside[smooth] < 0.5).mean() > 0.93


def test_places_on_the_body_are_those_of_its_parts(frames: Frames) -> None:
    frame = frames["plain", 0]
    place = frame.dense["surface"]
    people = frame.instance > 0
    assert np.array_equal(np.any(place != 0.0, axis=-1), people)
    assert np.abs(place).max() < 1.0
    # Right on the body is right in the mask, but for where a piece of clothing goes over the middle.
    for name, low, high in (("head", 0.5, 0.9), ("left_foot", -0.9, -0.5), ("right_foot", -0.9, -0.5)):
        of_part = place[frame.body == BODY_PART_INDEX[name]]
        if len(of_part):
            assert np.all((of_part[:, 2] > low) & (of_part[:, 2] < high)), name
    for side, sign in (("left", 1.0), ("right", -1.0)):
        numbers = [index for part, index in BODY_PART_INDEX.items() if part.startswith(side)]
        of_side = place[np.isin(frame.body, numbers)]
        assert len(of_side) > 50 and (sign * of_side[:, 0] > 0.0).mean() > 0.97


def test_labels_are_of_the_sharp_instant(frames: Frames) -> None:
    sharp, blurred = frames["plain", 1], frames["blurred", 1]
    for name, array in sharp.dense.items():
        assert array.tobytes() == blurred.dense[name].tobytes(), name
    assert not np.array_equal(sharp.rgb, blurred.rgb)


def test_what_is_not_asked_for_is_not_rendered(studio: Studio) -> None:
    layer = studio.scene.view_layers[0]
    assert layer.use_pass_vector and len(layer.aovs) == 1
    scene = bpy.data.scenes.new("bare")
    configure(scene, CLIP.render, LabelSpec(), 0)
    layer = scene.view_layers[0]
    assert not layer.use_pass_vector and not layer.use_pass_normal and not len(layer.aovs)
    bpy.data.scenes.remove(scene)

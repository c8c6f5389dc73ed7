"""A scene that is handed over renders as the pipeline's own, and labels follow whatever a user has changed in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from blender_addon.cast import GarmentSpec, MotionSpec, SkaterSpec
from blender_addon.clip import CameraSpec, Clip, LightSpec, RenderSpec, RinkSpec, SensorSpec
from blender_addon.labels.vocabulary import BODY_PARTS, CLOTHES_INDEX, Cause, Visibility
from blender_addon.render.frame import Frame
from blender_addon.stage import clip_on, read_stage

bpy = pytest.importorskip("bpy")

from bpy_extras.object_utils import world_to_camera_view  # noqa: E402
from mathutils import Matrix, Quaternion, Vector  # noqa: E402

from blender_addon.render.shoot import shoot_clip  # noqa: E402
from blender_addon.scene import at_hand  # noqa: E402

FPS, FIRST, COUNT, NOW = 25, 7, 3, 1
PART = {part.name: part.index for part in BODY_PARTS}
CLIP = Clip(
    index=0,
    seed=4,
    fps=FPS,
    count=COUNT,
    skaters=(
        SkaterSpec(
            garments={"unitard": GarmentSpec((0.4, 0.0, 0.1)), "boots": GarmentSpec()}, motion=MotionSpec(start=2.0)
        ),
    ),
    # Rows are read one after another: poses between frames count as well.
    cameras=(CameraSpec("phone", width=160, height=120, distance=6.0, fill=0.8, sensor=SensorSpec(readout=0.02)),),
    rink=RinkSpec(kind="training", tiers=0, banners=0, gates=0, benches=False, adverts=0.0),
    light=LightSpec(kind="tubes"),
    render=RenderSpec(samples=1, denoise=False, subdivision=0, device="cpu"),
)


def put(assets: Path) -> bpy.types.Scene:
    """The clip in a scene of a user's own."""
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    scene = bpy.context.scene
    scene.render.fps, scene.render.fps_base = FPS, 1.0
    scene.frame_start, scene.frame_end = FIRST, FIRST + COUNT - 1
    at_hand.put_surroundings(scene, CLIP.rink, CLIP.light)
    for spec in CLIP.skaters:
        skater = at_hand.put_skater(scene, spec, assets, CLIP.render)
        at_hand.animate(scene, skater, spec.motion, spec.placement, assets)
    at_hand.put_camera(scene, CLIP.cameras[0], assets)
    return scene


def rendered(scene: bpy.types.Scene, assets: Path, folder: Path) -> dict[str, Frame]:
    """One frame of the scene, handed over, by camera."""
    blend = at_hand.hand_over(scene, folder, seed=CLIP.seed).blend
    clip = replace(clip_on(read_stage(blend), blend), render=CLIP.render, labels=CLIP.labels)
    return {frame.camera.name: frame for frame in shoot_clip(clip, assets, folder, frames=[NOW])}


@pytest.fixture(scope="module")
def pipeline(assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Frame:
    (frame,) = shoot_clip(CLIP, assets, tmp_path_factory.mktemp("pipeline"), frames=[NOW])
    return frame


@pytest.fixture(scope="module")
def scene(assets: Path, pipeline: Frame) -> bpy.types.Scene:
    return put(assets)


@pytest.fixture(scope="module")
def edited(
    scene: bpy.types.Scene, assets: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[dict[str, Frame], dict[str, np.ndarray], dict[str, np.ndarray]]]:
    """The scene as it was, and changed by hand: frames, landmarks and places in the own camera's picture."""
    folder = tmp_path_factory.mktemp("stage")
    saved = folder / "user.blend"
    bpy.ops.wm.save_as_mainfile(filepath=str(saved))
    frames = {f"as it was {name}": frame for name, frame in rendered(scene, assets, folder).items()}
    bpy.ops.wm.open_mainfile(filepath=str(saved))
    scene = bpy.context.scene
    (skater,) = at_hand.skaters_in(scene)
    _raise_arm(scene, skater, at_hand.human_of(skater, assets).bones.limbs["Left"].upper_arm[0])
    camera = _own_camera(scene, skater)
    _hide_the_legs(scene, skater, camera)
    body = next(mesh for mesh in skater.children if mesh.name.endswith("_unitard"))
    green = bpy.data.materials.new("green")
    body.material_slots[0].material = green
    scene.frame_set(FIRST + NOW)
    marks = dict(at_hand.landmarks_now(skater))
    seen = {
        name: np.array(world_to_camera_view(scene, camera, Vector(place.tolist()))) for name, place in marks.items()
    }
    frames |= rendered(scene, assets, folder)
    yield frames, marks, seen


def _raise_arm(scene: bpy.types.Scene, skater: bpy.types.Object, name: str) -> None:
    bone = skater.pose.bones[name]
    for frame in range(FIRST - 1, FIRST + COUNT + 1):
        scene.frame_set(frame)
        bone.rotation_quaternion = bone.rotation_quaternion @ Quaternion((1.0, 0.0, 0.3), -1.2)
        bone.keyframe_insert("rotation_quaternion", frame=frame)


def _own_camera(scene: bpy.types.Scene, skater: bpy.types.Object) -> bpy.types.Object:
    """An upright picture by a camera whose film is shifted, before the skater's face."""
    scene.frame_set(FIRST + NOW)
    marks = at_hand.landmarks_now(skater)
    middle = 0.5 * (marks["left_hip"] + marks["right_hip"])
    camera = bpy.data.objects.new("My camera", bpy.data.cameras.new("My camera"))
    scene.collection.objects.link(camera)
    ahead = np.cross(marks["left_hip"] - marks["right_hip"], (0.0, 0.0, 1.0))
    place = Vector((middle + 4.0 * ahead / np.linalg.norm(ahead)).tolist())
    turn = (Vector(middle.tolist()) - place).to_track_quat("-Z", "Y")
    camera.matrix_world = Matrix.Translation(place) @ turn.to_matrix().to_4x4()
    camera.data.lens, camera.data.shift_x, camera.data.shift_y = 40.0, 0.1, -0.05
    scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = 240, 320, 50
    at_hand.film_with(camera)
    return camera


def _hide_the_legs(scene: bpy.types.Scene, skater: bpy.types.Object, camera: bpy.types.Object) -> None:
    """A board between the own camera and the skater's shanks; its material claims to be somebody's skin."""
    marks = at_hand.landmarks_now(skater)
    knees = 0.5 * (marks["left_ankle"] + marks["right_ankle"])
    at = knees + 0.35 * (np.array(camera.location) - knees)
    data = bpy.data.meshes.new("board")
    side = np.array(camera.matrix_world)[:3, 0] * 0.9
    up = np.array((0.0, 0.0, 0.16))
    data.from_pydata(
        [tuple(at + a * side + b * up) for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))], [], [(0, 1, 2, 3)]
    )
    board = bpy.data.objects.new("board", data)
    board.pass_index = 1
    claim = bpy.data.materials.new("claim")
    claim.pass_index = 17
    data.materials.append(claim)
    scene.collection.objects.link(board)


Edited = tuple[dict[str, Frame], dict[str, np.ndarray], dict[str, np.ndarray]]


def test_untouched_it_renders_as_the_pipeline_does(pipeline: Frame, edited: Edited) -> None:
    stage = edited[0]["as it was phone"]
    assert int((pipeline.instance > 0).sum()) > 300
    for name in ("instance", "body", "clothes"):
        assert int((getattr(pipeline, name) != getattr(stage, name)).sum()) <= 5, name
    assert stage.take_frame == pipeline.take_frame
    for mine, theirs in zip(stage.people, pipeline.people, strict=True):
        points, wanted = mine.keypoints["body_25"], theirs.keypoints["body_25"]
        # Between frames, where rows are read, Blender goes straight from key to key, and the pipeline in finer steps.
        assert np.abs(points.xy - wanted.xy).max() < 0.1
        assert np.array_equal(points.cause, wanted.cause)
    # One light path per pixel is noise; what all of them come to is not.
    assert abs(float(stage.rgb.mean()) - float(pipeline.rgb.mean())) < 6.0


def test_labels_follow_an_arm_that_was_raised_by_hand(pipeline: Frame, edited: Edited) -> None:
    frames, marks, _ = edited
    own = frames["My-camera"].people[0].keypoints["body_25"]
    left_wrist = 7
    assert np.linalg.norm(own.xyz[left_wrist] - pipeline.people[0].keypoints["body_25"].xyz[left_wrist]) > 0.3
    assert np.abs(own.xyz[left_wrist] - marks["left_wrist"]).max() < 1e-4
    x, y = np.floor(own.xy[left_wrist]).astype(int)
    around = frames["My-camera"].body[max(y - 2, 0) : y + 3, max(x - 2, 0) : x + 3]
    assert {PART["left_forearm"], PART["left_hand"]} & set(np.unique(around).tolist())


def test_a_users_own_camera_is_labelled_as_blender_has_it(edited: Edited) -> None:
    frames, marks, seen = edited
    frame = frames["My-camera"]
    assert frame.rgb.shape == (160, 120, 3) and frame.camera.profile == "own"
    points = frame.people[0].keypoints["body_25"]
    for number, name in ((4, "right_wrist"), (7, "left_wrist"), (11, "right_ankle"), (14, "left_ankle")):
        wanted = seen[name][:2] * (120.0, -160.0) + (0.0, 160.0)
        assert np.abs(points.xy[number] - wanted).max() < 0.05, name
        assert np.abs(points.xyz[number] - marks[name]).max() < 1e-4


def test_what_stands_before_the_skater_hides_it_and_is_nobody(edited: Edited) -> None:
    frame = edited[0]["My-camera"]
    points = frame.people[0].keypoints["body_25"]
    assert set(points.cause[[11, 14]].tolist()) == {Cause.SCENE}
    assert points.visibility[[11, 14]].tolist() == [Visibility.HIDDEN] * 2
    x, y = np.floor(points.xy[[11, 14]]).astype(int).T
    assert not frame.instance[y, x].any() and not frame.body[y, x].any()


def test_a_material_of_the_users_own_is_labelled_as_what_it_is_on(edited: Edited) -> None:
    frame = edited[0]["My-camera"]
    person = frame.instance == 1
    assert np.array_equal(person, frame.body > 0) and np.array_equal(person, frame.clothes > 0)
    cloth = frame.clothes == CLOTHES_INDEX["unitard"]
    assert int(cloth.sum()) > 100
    visible = frame.people[0].keypoints["body_25"]
    x, y = np.floor(visible.xy[visible.visibility == Visibility.VISIBLE]).astype(int).T
    assert cv2.dilate(person.astype(np.uint8), np.ones((3, 3), np.uint8))[y, x].all()

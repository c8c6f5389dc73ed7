"""A scene that was handed over, opened again as it is filmed: every so-manieth frame of it, at the instants it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

bpy = pytest.importorskip("bpy")

from blender_addon.cast import GarmentSpec, MotionSpec, SkaterSpec  # noqa: E402
from blender_addon.clip import CameraSpec, RenderSpec, SensorSpec  # noqa: E402
from blender_addon.render.stage import open_stage  # noqa: E402
from blender_addon.scene import at_hand  # noqa: E402
from blender_addon.stage import clip_on, read_stage  # noqa: E402

FPS, FIRST, LAST, STEP = 30, 7, 18, 3
LOOK = SkaterSpec(garments={"unitard": GarmentSpec((0.4, 0.0, 0.1)), "boots": GarmentSpec()})
PLAIN = RenderSpec(samples=1, subdivision=0, device="cpu")


def seen(
    scene: bpy.types.Scene, skater: bpy.types.Object, camera: bpy.types.Object, frame: float
) -> Mapping[str, np.ndarray]:
    """Metres: where landmarks and the camera are in a frame of the user's scene, fractions too; which way it looks."""
    scene.frame_set(int(frame), subframe=frame % 1.0)
    place = np.array(camera.matrix_world)
    return {**at_hand.landmarks_now(skater), "camera": place[:3, 3], "ahead": -place[:3, 2]}


def test_every_third_frame_of_a_scene_is_a_clip_of_a_third_of_its_rate(assets: Path, tmp_path: Path) -> None:
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    scene = bpy.context.scene
    scene.render.fps, scene.frame_start, scene.frame_end, scene.frame_step = FPS, FIRST, LAST, STEP
    skater = at_hand.put_skater(scene, LOOK, assets, PLAIN)
    at_hand.animate(scene, skater, MotionSpec(start=4.2), LOOK.placement, assets)
    spec = CameraSpec("phone", width=160, height=120, distance=6.0, sensor=SensorSpec(readout=0.02))
    camera = at_hand.put_camera(scene, spec, assets)
    shown = [FIRST, FIRST + STEP, FIRST + 2 * STEP, FIRST + 3 * STEP]
    there = [seen(scene, skater, camera, frame) for frame in shown]
    between = seen(scene, skater, camera, shown[2] + 0.01 * FPS)

    blend = at_hand.hand_over(scene, tmp_path).blend
    stage = read_stage(blend)
    assert (stage.first, stage.step, stage.rate) == (FIRST, STEP, FPS)
    assert (stage.clip.fps, stage.clip.count, stage.clip.lead.motion.start) == (FPS / STEP, 4, 4.2)
    # Of a range that begins later, what is shown begins as much later in the take.
    scene.frame_start = FIRST + STEP
    later = read_stage(at_hand.hand_over(scene, tmp_path / "later").blend)
    assert (later.first, later.clip.count) == (FIRST + STEP, 3)
    assert later.clip.lead.motion.start == pytest.approx(4.2 + STEP / FPS, abs=1e-5)

    studio = open_stage(replace(clip_on(stage, blend), render=PLAIN), assets, tmp_path)
    (member,) = studio.cast
    for number, places in enumerate(there):
        for name, track in member.landmarks.items():
            np.testing.assert_allclose(track[number], places[name], atol=1e-4)
        view = studio.views["phone"][number]
        np.testing.assert_allclose(-view.R.T @ view.t, places["camera"], atol=1e-4)
        np.testing.assert_allclose(view.R[2], places["ahead"], atol=1e-4)
    # It turns after the skater, so that another instant would be told.
    assert np.abs(there[1]["ahead"] - there[0]["ahead"]).max() > 1e-3
    assert [round(60 * (4.2 + STEP * number / FPS)) for number in range(4)] == member.take_frames.tolist()
    # Rows are read one after another, in seconds of the scene's own clock.
    around, _ = member.around(2, np.array((0.0, 0.01)))
    for name, track in around.items():
        np.testing.assert_allclose(track, (there[2][name], between[name]), atol=1e-4)

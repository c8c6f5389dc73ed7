"""EEVEE gives the labels that Cycles gives: the same two skaters in the same frame, by both engines."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from blender_addon.clip import Clip
from blender_addon.labels.vocabulary import BODY_PARTS, CLOTHES
from blender_addon.render.frame import Frame
from blender_addon.render.opengl import require_opengl
from mocap.errors import UserError
from render_scripts.job import CameraJob, FramesJob, Job, PlacementJob, RenderJob, SceneJob, SkaterJob
from render_scripts.plan import plan_job

bpy = pytest.importorskip("bpy")

from blender_addon.render.shoot import Studio, open_studio, shoot_clip  # noqa: E402

MASKS = ("body", "clothes", "instance")
JOB = Job(
    seed=3,
    clips=1,
    frames=FramesJob(fps=5.0, count=1),
    skaters=(
        SkaterJob(placement=PlacementJob(x=(0.0, 0.0), y=(0.0, 0.0), heading=(0.0, 0.0))),
        SkaterJob(placement=PlacementJob(x=(-1.1, -1.1), y=(0.5, 0.5), heading=(0.0, 0.0))),
    ),
    cameras=(CameraJob(name="phone", width=96, height=72, azimuth=(90.0, 90.0), fill=(0.75, 0.75)),),
    # A bare hall: where the processor draws for EEVEE, every material of the surroundings takes seconds.
    scene=SceneJob.model_validate(
        {
            "preset": "clean",
            "rink": {"kind": "training", "tiers": 0, "banners": 0, "benches": 0, "adverts": 0, "glass": 1.2},
        }
    ),
    render=RenderJob(quality="draft", samples=4),
)


def clip_by(engine: str) -> Clip:
    (clip,) = plan_job(JOB)
    return replace(
        clip, render=replace(clip.render, engine=engine), labels=replace(clip.labels, dense=("depth", "normal"))
    )


@pytest.fixture(scope="module")
def cycles(assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Frame:
    (frame,) = shoot_clip(clip_by("cycles"), assets, tmp_path_factory.mktemp("cycles"))
    return frame


@pytest.fixture(scope="module")
def studio(cycles: Frame, assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Studio:
    """EEVEE's scene, open for more; Cycles is through with its own, as there is one Blender for both."""
    try:
        require_opengl()
    except UserError as error:
        pytest.skip(str(error))
    return open_studio(clip_by("eevee"), assets, tmp_path_factory.mktemp("eevee"))


@pytest.fixture(scope="module")
def eevee(studio: Studio) -> Frame:
    (frame,) = studio.shoot(0)
    return frame


def within(mask: np.ndarray) -> np.ndarray:
    """Pixels whose eight neighbours hold the same value."""
    window = np.ones((3, 3), dtype=np.uint8)
    return np.asarray(cv2.dilate(mask, window) == cv2.erode(mask, window))


def masks(frame: Frame) -> Mapping[str, np.ndarray]:
    return {name: getattr(frame, name) for name in MASKS}


def test_masks_hold_known_values_and_agree_on_who_is_a_person(eevee: Frame) -> None:
    assert set(np.unique(eevee.body)) <= {c.index for c in BODY_PARTS}
    assert set(np.unique(eevee.clothes)) <= {c.index for c in CLOTHES}
    assert set(np.unique(eevee.instance)) == {0, 1, 2}
    for mask in (eevee.body, eevee.clothes):
        assert np.array_equal(mask > 0, eevee.instance > 0)


@pytest.mark.parametrize("name", MASKS)
def test_masks_are_those_of_cycles(name: str, cycles: Frame, eevee: Frame) -> None:
    theirs, ours = masks(cycles)[name], masks(eevee)[name]
    assert (within(theirs) & (theirs > 0)).sum() > 100
    # Both show what the pixel's middle meets: an edge may run right through one.
    assert (ours != theirs).sum() <= 4


def test_depth_and_normals_are_those_of_cycles(cycles: Frame, eevee: Frame) -> None:
    same = (cycles.instance == eevee.instance) & (cycles.body == eevee.body)
    assert np.percentile(np.abs(cycles.dense["depth"] - eevee.dense["depth"])[same], 99) < 0.005
    # The boards stand off the optical axis: depth along the ray would be longer there than along the axis.
    assert np.median((eevee.dense["depth"] / cycles.dense["depth"])[:20]) == pytest.approx(1.0, abs=2e-3)
    people = same & (cycles.instance > 0)
    assert np.percentile((cycles.dense["normal"] * eevee.dense["normal"]).sum(axis=-1)[people], 10) > 0.95


def test_the_picture_is_about_as_bright(cycles: Frame, eevee: Frame) -> None:
    people = (cycles.instance > 0) & (eevee.instance > 0)
    for pixels in (people, ~people):
        difference = cycles.rgb[pixels].mean(axis=0) - eevee.rgb[pixels].mean(axis=0)
        assert np.abs(difference).max() < 20.0


def test_glass_in_front_is_seen_through(studio: Studio, eevee: Frame) -> None:
    camera = studio.cameras["phone"]
    mesh = bpy.data.meshes.new("pane")
    mesh.from_pydata([(-9, -9, -2), (9, -9, -2), (9, 9, -2), (-9, 9, -2)], [], [(0, 1, 2, 3)])
    mesh.materials.append(bpy.data.materials["rink glass"])
    pane = bpy.data.objects.new("pane", mesh)
    pane.matrix_world = camera.matrix_world
    studio.scene.collection.objects.link(pane)
    try:
        (behind,) = studio.shoot(0)
    finally:
        bpy.data.objects.remove(pane)
    for name, mask in masks(behind).items():
        assert np.array_equal(mask, masks(eevee)[name])
    assert np.allclose(behind.dense["depth"], eevee.dense["depth"])
    assert not np.array_equal(behind.rgb, eevee.rgb)
    # Tint takes light away and haze adds some; neither may hide what is behind.
    assert abs(eevee.rgb.mean() - behind.rgb.mean()) < 30.0


def test_depth_is_zero_where_nothing_is_hit(studio: Studio, eevee: Frame) -> None:
    hall = [made for made in studio.scene.objects if made.type == "MESH" and not made.pass_index]
    for made in hall:
        made.hide_render = True
    try:
        (alone,) = studio.shoot(0)
    finally:
        for made in hall:
            made.hide_render = False
    assert np.array_equal(alone.dense["depth"] > 0, alone.instance > 0)
    assert (alone.dense["depth"] == 0).mean() > 0.5


@pytest.mark.skipif(sys.platform != "linux", reason="other systems bring OpenGL with their display")
def test_without_opengl_there_is_one_line() -> None:
    """Loading no EGL driver is what a machine without one does."""
    bare = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    code = "from blender_addon.render.opengl import require_opengl; require_opengl()"
    ended = subprocess.run(
        [sys.executable, "-c", code],
        env=bare | {"__EGL_VENDOR_LIBRARY_FILENAMES": os.devnull, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert "EEVEE needs OpenGL" in ended.stderr and "render.engine" in ended.stderr

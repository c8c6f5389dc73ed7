"""Visibility as labelled from one pixel, against rays through all meshes of the scene."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from ray_truth import judge

from blender_addon.cast import GarmentSpec, MotionSpec, PlacementSpec, SkaterSpec
from blender_addon.clip import CameraSpec, Clip, LabelSpec, RenderSpec, RinkSpec
from blender_addon.labels.annotate import flesh_of, mixture_of, positions_of
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.vocabulary import Cause

bpy = pytest.importorskip("bpy")

from scene_shells import Scene  # noqa: E402

from blender_addon.render.shoot import open_studio  # noqa: E402

SETS = ("body_25",)
DRESS = {name: GarmentSpec() for name in ("leotard", "skirt", "tights", "boots", "blades")}
LOOSE = {name: GarmentSpec() for name in ("jacket", "trousers", "boots", "blades")}
FRONT = CameraSpec("front", azimuth=math.radians(-80.0), distance=7.0, elevation=1.4, fill=0.8, width=320, height=320)
CLIP = Clip(
    index=0,
    seed=4,
    fps=2.0,
    count=3,
    skaters=(
        SkaterSpec(garments=DRESS, motion=MotionSpec(element="sit spin", start=3.0)),
        SkaterSpec(
            phenotype={"gender": 1.0},
            garments=LOOSE,
            motion=MotionSpec(element="stroking", start=1.0),
            placement=PlacementSpec(y=1.5, yields=True),
            in_focus=False,
        ),
    ),
    cameras=(FRONT, replace(FRONT, name="side", azimuth=math.radians(15.0), elevation=3.0)),
    rink=RinkSpec(),
    render=RenderSpec(samples=1, denoise=False, subdivision=0),
    labels=LabelSpec(keypoints=SETS),
)


def test_one_pixel_tells_what_all_rays_tell(assets: Path, tmp_path: Path) -> None:
    studio = open_studio(CLIP, assets, tmp_path)
    scene, mixture = Scene(studio, assets), mixture_of(SETS)
    labels, truths, names = [], [], []
    for frame in range(CLIP.count):
        for shot in studio.shoot(frame):
            for number, (person, member) in enumerate(zip(shot.people, studio.cast, strict=True)):
                found = person.keypoints["body_25"]
                inside = found.cause < Cause.OUT_OF_FRAME
                if not inside.any():
                    continue
                marks = {name: track[frame] for name, track in member.landmarks.items()}
                flesh = flesh_of(mixture, member.human, positions_of(mixture, marks)[1])
                points = found.camera[inside]
                shells = scene.shells(shot.camera, shot.camera.name, points)
                bare = scene.bare_skin(number, frame, shot.camera)
                most, parts = (array[mixture.chosen["body_25"]][inside] for array in (flesh.most, flesh.parts))
                truths.append(judge(points, most, parts, person.instance, shells, bare)[0])
                labels.append(found.cause[inside])
                names.append(np.array(KEYPOINT_SETS["body_25"].points)[inside])
    label, truth = np.concatenate(labels), np.concatenate(truths)
    differ = list(zip(np.concatenate(names)[label != truth], label[label != truth], truth[label != truth], strict=True))
    assert len(label) > 150 and np.mean(truth != Cause.VISIBLE) > 0.15
    assert np.mean((label == Cause.VISIBLE) == (truth == Cause.VISIBLE)) >= 0.98, differ
    assert np.mean(label == truth) >= 0.97, differ

"""The sheet of people, tiny: whole pictures of whole people, and nobody left behind in Blender."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from blender_addon.labels.vocabulary import BODY_PART_INDEX
from render_scripts.job import Job, RenderJob
from render_scripts.portraits import people_of, people_sheet

bpy = pytest.importorskip("bpy")

from blender_addon.render.portrait import POSES, shoot_portrait  # noqa: E402

JOB = Job(seed=5, render=RenderJob(quality="draft"))


def test_a_portrait_shows_somebody_whole_and_then_the_face(assets: Path, tmp_path: Path) -> None:
    things = []
    for clip in islice(people_of(JOB), 2):
        quick = replace(clip, render=replace(clip.render, samples=1, denoise=False, subdivision=0))
        shots = {frame.camera.name: frame for frame in shoot_portrait(quick, assets, tmp_path)}
        assert list(shots) == [pose.name for pose in POSES]
        for name in ("front", "side"):
            seen = shots[name].instance > 0
            edges = (seen[0], seen[-1], seen[:, 0], seen[:, -1])
            assert 0.08 < seen.mean() < 0.6 and not any(edge.any() for edge in edges)
            assert np.ptp(np.flatnonzero(seen.any(axis=1))) > 0.85 * len(seen)
        face = shots["face"].body == BODY_PART_INDEX["head"]
        rows, columns = np.nonzero(face)
        assert 0.25 < face.mean() < 0.75
        assert abs(rows.mean() / face.shape[0] - 0.5) < 0.12 and abs(columns.mean() / face.shape[1] - 0.5) < 0.12
        # Clothes have a pattern each, along which they are cut into body parts.
        made = [thing for thing in bpy.data.objects if not thing.name.endswith("_cut")]
        things.append((len(made), len(bpy.data.meshes) // 4, len(bpy.data.armatures)))
    assert things[0][2] == things[1][2] == 1 and abs(things[0][0] - things[1][0]) < 8


def test_a_sheet_has_as_many_people_as_are_asked_for(assets: Path) -> None:
    one, two = (people_sheet(JOB, assets, count, quiet=True) for count in (1, 2))
    width, height = sum(pose.width for pose in POSES), POSES[0].height
    assert one.shape[0] > height and width <= one.shape[1] < 1.1 * width
    assert two.shape[0] == one.shape[0] and 2 * width <= two.shape[1] < 2.1 * width
    # The first person is the same, whoever else is there.
    assert np.array_equal(two[:, : one.shape[1]], one)

"""Blender's own armature against the rest matrices worked out in numpy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from blender_addon.makehuman.body import load_body
from blender_addon.makehuman.rig import rest_matrices

bpy = pytest.importorskip("bpy")

from empty_scene import empty_scene  # noqa: E402


def blender_rest(heads: np.ndarray, tails: np.ndarray, rolls: np.ndarray) -> np.ndarray:
    """(B, 4, 4) `Bone.matrix_local` of bones made in Blender's edit mode."""
    collection = empty_scene().collection
    data = bpy.data.armatures.new("rig")
    thing = bpy.data.objects.new("rig", data)
    collection.objects.link(thing)
    bpy.context.view_layer.objects.active = thing
    bpy.ops.object.mode_set(mode="EDIT")
    for i, (head, tail, roll) in enumerate(zip(heads, tails, rolls, strict=True)):
        bone = data.edit_bones.new(f"{i:04d}")
        bone.head, bone.tail, bone.roll = head, tail, roll
    bpy.ops.object.mode_set(mode="OBJECT")
    return np.array([data.bones[f"{i:04d}"].matrix_local for i in range(len(heads))])


def single(points: np.ndarray) -> np.ndarray:
    return points.astype(np.float32).astype(np.float64)


def roll_of(rest: np.ndarray, unrolled: np.ndarray) -> np.ndarray:
    """(B,) angle about Y from the matrices without roll to those with it."""
    turn = unrolled[:, :3, :3].transpose(0, 2, 1) @ rest[:, :3, :3]
    return np.arctan2(turn[:, 0, 2], turn[:, 0, 0])


@pytest.mark.parametrize("name", ["woman", "tall_man", "girl"])
def test_the_default_rig_rests_as_in_blender(
    name: str, assets: Path, phenotypes: Mapping[str, Mapping[str, float]]
) -> None:
    rig = load_body(phenotypes[name], assets).rig
    # Blender keeps positions as 32-bit floats, whose last digit turns a short bone by more than the tolerance.
    heads, tails = single(rig.heads), single(rig.tails)
    unrolled = rest_matrices(rig.heads, rig.tails, np.zeros(len(rig.names)))
    rolls = roll_of(rig.rest, unrolled)
    theirs = blender_rest(heads, tails, rolls)
    ours = rest_matrices(heads, tails, rolls)
    # Eyes and tongue point along −Y, where Blender's matrix is a series that is not quite a rotation.
    forward = unrolled[:, 1, 1] < -0.97
    assert forward.mean() < 0.2
    np.testing.assert_allclose(ours[~forward], theirs[~forward], atol=1e-5)
    np.testing.assert_allclose(rig.rest, theirs, atol=2e-4)


def test_bones_in_every_direction_rest_as_in_blender() -> None:
    rng = np.random.default_rng(3)
    # All round, straight along the axes, and ever closer to −Y, where Blender changes its formula twice.
    near = np.array(
        [(s * np.cos(a), -1.0, s * np.sin(a)) for s in (0.3, 0.1, 0.03, 3e-3, 1e-3, 1e-5) for a in range(4)]
    )
    directions = np.concatenate((rng.normal(size=(200, 3)), np.eye(3), -np.eye(3), near))
    heads = rng.normal(size=directions.shape)
    rolls = rng.uniform(-3.1, 3.1, len(directions))
    heads, tails = single(heads), single(heads + directions)
    np.testing.assert_allclose(
        rest_matrices(heads, tails, rolls)[:, :3, :3], blender_rest(heads, tails, rolls)[:, :3, :3], atol=2e-4
    )

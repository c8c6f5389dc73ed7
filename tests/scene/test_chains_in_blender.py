"""Bones of chains swing in Blender as they do in numpy, and what hangs on them with them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from blender_addon.cast import GarmentSpec, HairSpec, SkaterSpec
from blender_addon.clip import RenderSpec
from blender_addon.skater.build import build_human
from blender_addon.skater.human import skin
from blender_addon.skater.performance import moving
from mocap.elements.library import element_take
from mocap.resample import resample

bpy = pytest.importorskip("bpy")

from empty_scene import empty_scene  # noqa: E402

from blender_addon.scene.animate import pose_avatar  # noqa: E402
from blender_addon.scene.avatar import build_avatar  # noqa: E402

SPEC = SkaterSpec(
    phenotype={"gender": 0.0},
    hair=HairSpec(style="ponytail"),
    garments=dict.fromkeys(("leotard", "skirt", "tights"), GarmentSpec()),
)


def test_what_swings_lies_where_numpy_has_it(assets: Path) -> None:
    human = build_human(SPEC, assets)
    track = moving(human, resample(element_take("upright spin", {}), 60.0, 2.5, 31))
    collection = empty_scene().collection
    avatar = build_avatar(human, SPEC, RenderSpec(subdivision=0), 1, collection, assets)
    pose_avatar(avatar, track)
    swinging = np.concatenate(human.chain_bones)
    assert np.abs(track.rotations[:, swinging, 1:]).max() > 0.1
    hanging = [k for k, mesh in enumerate(human.meshes) if np.isin(mesh.bones, swinging).any()]
    assert {human.meshes[k].name for k in hanging} >= {"skirt"} and len(hanging) > 1
    for frame in (30, 11):
        bpy.context.scene.frame_set(frame)
        graph = bpy.context.evaluated_depsgraph_get()
        for k in hanging:
            mesh = human.meshes[k]
            shown = avatar.meshes[k].evaluated_get(graph).data
            got = np.empty(len(shown.vertices) * 3, dtype=np.float32)
            shown.vertices.foreach_get("co", got)
            expected = skin(mesh.vertices, mesh.bones, mesh.weights, human.rig.rest, track.matrices[frame])
            # Solidify appends the inside of the cloth and keeps the outside where it is.
            assert np.abs(got.reshape(-1, 3)[: len(expected)] - expected).max() < 2e-4, mesh.name

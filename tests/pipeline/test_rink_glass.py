"""Panes are seen, and no label sees them: whoever stands behind glass is labelled as if it were not there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blender_addon.clip import LabelSpec, LightSpec, RenderSpec, RinkSpec
from blender_addon.labels.vocabulary import BODY_PART_INDEX, CLOTHES_INDEX, pack_index

bpy = pytest.importorskip("bpy")

from mathutils import Vector  # noqa: E402

from blender_addon.render.engine import configure  # noqa: E402
from blender_addon.render.passes import Passes, render_passes  # noqa: E402
from blender_addon.rink.glass import glass  # noqa: E402
from blender_addon.scene import rink_materials  # noqa: E402
from blender_addon.scene.rink import place, quad_mesh  # noqa: E402
from blender_addon.scene.shading import add_node, new_material  # noqa: E402

SPEC = RinkSpec(texture_seed=2, benches=False, glass=1.8)
PLACES = {
    "across": ((1.0, -17.5, 1.9), (0.0, -13.0, 1.7), 35.0),
    "along": ((9.0, -15.35, 1.9), (0.0, -14.6, 1.9), 50.0),
    "through a corner": ((31.0, -10.0, 2.0), (20.0, -16.2, 1.9), 120.0),
}
"""Where a camera stands, what it looks at, and its focal length."""


@pytest.fixture(scope="module")
def scene() -> Any:
    """A pole for a person at what each camera looks at, before a wall; panes around the rink; one lamp."""
    bpy.ops.wm.read_homefile(use_factory_startup=True, use_empty=True)
    scene = bpy.context.scene
    plain, tree = new_material("wall")
    add_node(tree, "ShaderNodeOutputMaterial", {"Surface": add_node(tree, "ShaderNodeBsdfDiffuse").outputs["BSDF"]})
    person = plain.copy()
    person.pass_index = pack_index(CLOTHES_INDEX["skin"], BODY_PART_INDEX["head"])
    for _, (x, y, z), _ in PLACES.values():
        _box((x, y, z), (0.25, 0.25, 0.7), person, scene).pass_index = 1
    _box((0.0, 0.0, -0.5), (80.0, 60.0, 0.4), plain, scene)
    material = rink_materials.glass(SPEC, LightSpec())
    place("glass", quad_mesh("glass", glass(SPEC)), material, scene.collection)
    lamp = bpy.data.objects.new("lamp", bpy.data.lights.new("lamp", "SUN"))
    scene.collection.objects.link(lamp)
    scene.camera = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    scene.collection.objects.link(scene.camera)
    scene.render.resolution_x, scene.render.resolution_y = 96, 64
    configure(scene, RenderSpec(samples=2, denoise=False, device="cpu"), LabelSpec(dense=("normal",)), 3)
    return scene


def _box(middle: tuple[float, ...], size: tuple[float, ...], material: Any, scene: Any) -> Any:
    mesh = bpy.data.meshes.new("box")
    corners = np.array([(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])
    faces = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))
    mesh.from_pydata((corners * size + middle).tolist(), [], faces)
    return place("box", mesh, material, scene.collection)


def seen(scene: Any, view: str, scratch: Path, *, panes: bool) -> Passes:
    eye, aim, scene.camera.data.lens = PLACES[view]
    scene.camera.location = eye
    scene.camera.rotation_euler = (Vector(aim) - Vector(eye)).to_track_quat("-Z", "Y").to_euler()
    scene.objects["glass"].hide_render = not panes
    return render_passes(scene, scratch)


@pytest.mark.parametrize("view", PLACES)
def test_labels_are_the_same_with_and_without_panes(scene: Any, view: str, tmp_path: Path) -> None:
    bare, glazed = (seen(scene, view, tmp_path, panes=panes) for panes in (False, True))
    who = bare.instance == 1
    assert 0.01 < who.mean() < 0.5
    for name in ("body", "clothes", "instance", "depth", "normal"):
        assert np.array_equal(getattr(bare, name), getattr(glazed, name)), name
    # There is a pane before the person, and one sees it.
    dimmed = glazed.linear[who].mean() / bare.linear[who].mean()
    assert dimmed < 0.97 or dimmed > 1.03
    assert (np.abs(glazed.linear - bare.linear).max(axis=-1) > 1e-3)[who].mean() > 0.9

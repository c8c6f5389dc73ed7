"""Somebody's own rink in a .blend stands in for ours; nothing in it runs, none of it is in a mask."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blender_addon.clip import RinkSpec
from mocap.errors import UserError

bpy = pytest.importorskip("bpy")

from empty_scene import empty_scene  # noqa: E402

from blender_addon.scene import rink_file  # noqa: E402
from blender_addon.scene.rink import Rink, build_rink  # noqa: E402
from blender_addon.scene.shading import add_node, new_material  # noqa: E402


class Made:
    """A rink of somebody's in the making, in an emptied Blender; `save` writes it."""

    def __init__(self) -> None:
        self.scene = empty_scene()

    def box(self, name: str, place: tuple[float, float, float] = (0.0, 18.0, 0.5)) -> Any:
        """A triangle at a place, with a material."""
        data = bpy.data.meshes.new(name)
        data.from_pydata([(0, 0, 0), (1, 0, 0), (0, 0, 1)], [], [(0, 1, 2)])
        material, tree = new_material(name)
        surface = add_node(tree, "ShaderNodeBsdfPrincipled")
        add_node(tree, "ShaderNodeOutputMaterial", {"Surface": surface.outputs["BSDF"]})
        material.pass_index = 5
        data.materials.append(material)
        return self.add(name, data, place)

    def add(self, name: str, data: Any, place: tuple[float, float, float] = (0.0, 0.0, 0.0)) -> Any:
        thing = bpy.data.objects.new(name, data)
        thing.location, thing.pass_index = place, 3
        self.scene.collection.objects.link(thing)
        return thing

    def lamp(self) -> Any:
        return self.add("lamp", bpy.data.lights.new("lamp", "AREA"), (0.0, 0.0, 8.0))

    def save(self, path: Path) -> Path:
        bpy.context.view_layer.update()
        bpy.ops.wm.save_as_mainfile(filepath=str(path))
        empty_scene()
        return path


def built(path: Path) -> Rink:
    scene = empty_scene()
    made = build_rink(RinkSpec(file=str(path), texture_seed=4), scene.collection)
    bpy.context.view_layer.update()
    return made


def refusal(path: Path) -> str:
    scene = empty_scene()
    with pytest.raises(UserError) as caught:
        build_rink(RinkSpec(file=str(path)), scene.collection)
    line = caught.value.line()
    assert "\n" not in line and str(path) in line
    return line


def test_what_shows_is_taken_over_and_our_ice_lies_under_it(tmp_path: Path) -> None:
    made = Made()
    holder = made.add("holder", None, (0.0, 0.0, 2.0))
    made.box('wall "west"').parent = holder
    made.add("camera", bpy.data.cameras.new("camera"))
    rink = built(made.save(tmp_path / "own.blend"))
    assert set(rink.objects) == {"rink holder", "rink wall 'west'", "ice"} and not rink.lit
    assert tuple(rink.objects["rink wall 'west'"].matrix_world.translation) == pytest.approx((0.0, 18.0, 2.5))
    assert not bpy.data.cameras
    ice = rink.objects["ice"]
    assert ice.dimensions.x == pytest.approx(60.1, abs=0.02) and ice.dimensions.z == 0.0
    assert all(thing.pass_index == 0 for thing in bpy.data.objects)
    assert all(material.pass_index == 0 for material in bpy.data.materials)
    assert {thing.name for thing in bpy.context.scene.objects} == set(rink.objects)


@pytest.mark.parametrize("mark", ("name", "property"))
def test_ice_of_its_own_is_kept(tmp_path: Path, mark: str) -> None:
    made = Made()
    made.box("Ice.001" if mark == "name" else "floor", (0.0, 0.0, 0.0))
    if mark == "property":
        bpy.data.objects["floor"]["ice"] = True
    made.box("ice machine")
    rink = built(made.save(tmp_path / "own.blend"))
    assert len(rink.objects) == 2 and all(name.startswith("rink ") for name in rink.objects)


def test_lamps_and_skies_are_its_light_and_a_plain_world_is_none(tmp_path: Path) -> None:
    def with_world(made: Made, kind: str) -> Made:
        world = bpy.data.worlds.new("outside")
        if bpy.app.version < (5, 0):
            world.use_nodes = True
        add_node(world.node_tree, kind)
        made.scene.world = world
        return made

    made = Made()
    made.box("wall")
    assert not built(with_world(made, "ShaderNodeRGB").save(tmp_path / "plain.blend")).lit
    assert bpy.context.scene.world is None
    made = Made()
    made.box("wall")
    assert built(with_world(made, "ShaderNodeTexSky").save(tmp_path / "sky.blend")).lit
    assert bpy.context.scene.world.name == "outside"
    made = Made()
    made.box("wall")
    made.lamp()
    rink = built(made.save(tmp_path / "lamp.blend"))
    assert rink.lit and rink.objects["rink lamp"].type == "LIGHT"


def test_what_is_instanced_shows_where_its_empties_stand_alone(tmp_path: Path) -> None:
    made = Made()
    seat = made.box("seat", (0.0, 0.0, 0.0))
    kit = bpy.data.collections.new("seats")
    kit.objects.link(seat)
    made.scene.collection.objects.unlink(seat)
    for k in range(3):
        stand = made.add(f"place {k}", None, (float(k), 20.0, 1.0))
        stand.instance_type, stand.instance_collection = "COLLECTION", kit
    built(made.save(tmp_path / "own.blend"))
    shown = [
        tuple(np.round(instance.matrix_world.translation, 3))
        for instance in bpy.context.evaluated_depsgraph_get().object_instances
        if instance.object.name == "rink seat"
    ]
    assert sorted(shown) == [(0.0, 20.0, 1.0), (1.0, 20.0, 1.0), (2.0, 20.0, 1.0)]


# What the file's Python does: each makes a file of its own beside the .blend.
BOOT = """
import bpy, pathlib
(pathlib.Path({folder!r}) / "ran_text").touch()
"""
OPEN = """
import bpy, os
bpy.ops.wm.open_mainfile(filepath={path!r}, use_scripts=True)
bpy.context.scene.frame_set(3)
os._exit(0)
"""


@pytest.fixture
def armed(tmp_path: Path) -> Path:
    made = Made()
    wall = made.box("wall")
    lamp = made.lamp()
    text = bpy.data.texts.new("boot.py")
    text.write(BOOT.format(folder=str(tmp_path)))
    text.use_module = True
    tree = wall.data.materials[0].node_tree
    owners = (
        (wall, "location", 0, "object"),
        (lamp.data, "energy", -1, "lamp"),
        (tree.nodes["Principled BSDF"].inputs["Roughness"], "default_value", -1, "material"),
    )
    for owner, path, index, name in owners:
        driver = owner.driver_add(path, index).driver
        driver.type = "SCRIPTED"
        driver.expression = f"open(r'{tmp_path / ('ran_' + name)}', 'w').close() or frame * 0.0"
    tree.nodes.new("ShaderNodeScript").script = text
    return made.save(tmp_path / "armed.blend")


@pytest.fixture
def trusting() -> Iterator[None]:
    """A user who lets every file run its scripts."""
    files = bpy.context.preferences.filepaths
    before, files.use_scripts_auto_execute = files.use_scripts_auto_execute, True
    yield
    bpy.context.preferences.filepaths.use_scripts_auto_execute = before


def test_nothing_in_a_rink_runs(armed: Path, trusting: None) -> None:
    rink = built(armed)
    for frame in (0, 3):
        bpy.context.scene.frame_set(frame)
        bpy.context.evaluated_depsgraph_get().update()
    assert not list(armed.parent.glob("ran_*")) and not bpy.data.texts
    assert rink.objects["rink wall"].animation_data is None
    kinds = {node.bl_idname for material in bpy.data.materials for node in material.node_tree.nodes}
    assert "ShaderNodeScript" not in kinds
    subprocess.run([sys.executable, "-c", OPEN.format(path=str(armed))], timeout=120, capture_output=True)
    # It would have run, had it been opened.
    assert {"ran_text", "ran_object"} <= {path.name for path in armed.parent.glob("ran_*")}


def test_files_that_are_no_rink_are_told_in_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "there is no such file" in refusal(tmp_path / "none.blend")
    junk = tmp_path / "junk.blend"
    junk.write_bytes(b"not Blender's")
    assert "not a .blend file" in refusal(junk)
    made = Made()
    made.lamp()
    assert "holds no objects" in refusal(made.save(tmp_path / "dark.blend"))
    made = Made()
    made.box("wall")
    whole = made.save(tmp_path / "whole.blend")
    monkeypatch.setattr(rink_file, "MOST_VERTICES", 2)
    assert "holds 3 vertices, more than 2" in refusal(whole)
    monkeypatch.setattr(rink_file, "LARGEST_FILE", 100)
    assert "larger than" in refusal(whole)


def test_a_picture_that_is_not_there_is_told(tmp_path: Path) -> None:
    made = Made()
    tree = made.box("wall").data.materials[0].node_tree
    image = bpy.data.images.new("poster", 4, 4)
    image.filepath, image.source = str(tmp_path / "elsewhere" / "poster.png"), "FILE"
    add_node(tree, "ShaderNodeTexImage", image=image)
    assert "poster.png" in refusal(made.save(tmp_path / "own.blend"))

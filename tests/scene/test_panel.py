"""The extension's panel in Blender without a window: registered, asked why it is greyed, taken out again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

bpy = pytest.importorskip("bpy")

from blender_addon import ui  # noqa: E402
from blender_addon.ui.properties import SkateSynthPreferences, request_of  # noqa: E402
from blender_addon.ui.request import CAMERA_SETS, FRAME_CHOICES, PRESETS, Request, job_of  # noqa: E402

PACKAGE = "bl_ext.tests.skatesynth"


@pytest.fixture
def panel() -> Iterator[None]:
    """The extension, registered while a test runs."""
    ui.register(PACKAGE)
    yield
    ui.unregister()


def test_registration_leaves_nothing_behind() -> None:
    for _ in range(2):
        ui.register(PACKAGE)
        ui.register(PACKAGE)
        assert SkateSynthPreferences.is_registered
        assert bpy.types.SKATESYNTH_PT_render.bl_category == "SkateSynth"
        ui.unregister()
        ui.unregister()
        assert not hasattr(bpy.types, "SKATESYNTH_PT_render")
        assert not SkateSynthPreferences.is_registered
        assert not hasattr(bpy.types.Scene, "skatesynth")


def test_a_scene_starts_with_the_request_s_own_defaults(panel: None) -> None:
    assert request_of(bpy.context.scene.skatesynth) == Request(take="", out="")


def test_every_choice_in_the_panel_becomes_a_job(panel: None, tmp_path: Path) -> None:
    chosen = bpy.context.scene.skatesynth
    chosen.demo, chosen.out = True, str(tmp_path / "skates")
    for name in ("frames", "cameras", "preset", "quality"):
        for item in chosen.bl_rna.properties[name].enum_items:
            setattr(chosen, name, item.identifier)
            job = job_of(request_of(chosen))
            assert job.out == str(tmp_path / "skates")
    assert {item.identifier for item in chosen.bl_rna.properties["frames"].enum_items} == set(FRAME_CHOICES)
    assert {item.identifier for item in chosen.bl_rna.properties["cameras"].enum_items} == set(CAMERA_SETS)
    assert {item.identifier for item in chosen.bl_rna.properties["preset"].enum_items} == set(PRESETS)


def test_render_is_greyed_until_it_can_run(panel: None) -> None:
    assert not bpy.ops.skatesynth.render.poll()
    assert not bpy.ops.skatesynth.cancel.poll()
    assert not bpy.ops.skatesynth.open_folder.poll()
    with pytest.raises(RuntimeError, match="poll"):
        bpy.ops.skatesynth.render()


def test_a_take_goes_onto_the_selected_armature_or_says_why_not(panel: None, recordings: Path, tmp_path: Path) -> None:
    data = bpy.data.armatures.new("rig")
    armature = bpy.data.objects.new("rig", data)
    bpy.context.scene.collection.objects.link(armature)
    bpy.context.view_layer.objects.active = None
    assert not bpy.ops.skatesynth.onto_armature.poll()
    bpy.context.view_layer.objects.active = armature
    assert bpy.ops.skatesynth.onto_armature.poll()
    bones = Path(__file__).resolve().parents[2] / "blender_addon" / "makehuman" / "rigs" / "mixamo.yaml"
    take = recordings / "xsens_v4_upperbody_60hz.mvnx"
    with pytest.raises(RuntimeError, match="the rig lacks the bones mixamorig:Hips"):
        bpy.ops.skatesynth.onto_armature(take=str(take), bone_map=str(bones))
    with pytest.raises(RuntimeError, match="cannot be read"):
        bpy.ops.skatesynth.onto_armature(take=str(take), bone_map=str(tmp_path / "none.yaml"))

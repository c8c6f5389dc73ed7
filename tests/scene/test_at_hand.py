"""The scene at hand: what comes into a user's scene and goes out of it again, and what it leaves alone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from blender_addon.cast import GarmentSpec, MotionSpec, PlacementSpec, SkaterSpec
from blender_addon.clip import CameraSpec, LightSpec, RenderSpec, RinkSpec
from blender_addon.skater.performance import perform
from mocap.errors import UserError

bpy = pytest.importorskip("bpy")

from made_character import Character  # noqa: E402

from blender_addon.scene import at_hand  # noqa: E402
from blender_addon.scene.at_hand import handing_over, landmarks, played  # noqa: E402
from blender_addon.scene.at_hand.played import moved  # noqa: E402
from blender_addon.stage import read_stage  # noqa: E402

LOOK = SkaterSpec(garments={"unitard": GarmentSpec((0.4, 0.0, 0.1)), "boots": GarmentSpec()})
PLAIN = RenderSpec(samples=1, subdivision=0, device="cpu")
MOTION, PLACE = MotionSpec(start=2.0), PlacementSpec(x=1.0, y=-2.0, heading=0.3)
RINK = RinkSpec(kind="training", tiers=0, banners=0, gates=0, benches=False, adverts=0.0)
FPS, FIRST, COUNT = 25, 11, 4

Blocks = Mapping[str, frozenset[str]]


def blocks() -> Blocks:
    """Names of all that Blender holds, by kind."""
    kinds = [name for name in dir(bpy.data) if isinstance(getattr(bpy.data, name), bpy.types.bpy_prop_collection)]
    return {kind: frozenset(block.name_full for block in getattr(bpy.data, kind)) for kind in kinds}


def settings_of(scene: bpy.types.Scene) -> dict[str, object]:
    """What a user has set in a scene."""
    plain = (int, float, str, bool)
    groups = {"scene": scene, "render": scene.render, "cycles": scene.cycles, "eevee": scene.eevee}
    return {
        f"{group}.{name}": getattr(owner, name)
        for group, owner in groups.items()
        for name in dir(owner)
        if not name.startswith("_") and isinstance(getattr(owner, name), plain)
    }


def own_scene() -> bpy.types.Scene:
    """Blender's own startup scene: a cube, a lamp, a camera and a grey world are the user's."""
    bpy.ops.wm.read_homefile(use_factory_startup=True)
    scene = bpy.context.scene
    scene.render.fps, scene.render.fps_base = FPS, 1.0
    scene.frame_start, scene.frame_end = FIRST, FIRST + COUNT - 1
    return scene


@pytest.fixture(scope="module")
def scene(assets: Path) -> bpy.types.Scene:
    """A user's scene with a skater who moves, a rink and a camera of ours in it."""
    scene = own_scene()
    skater = at_hand.put_skater(scene, LOOK, assets, PLAIN)
    at_hand.animate(scene, skater, MOTION, PLACE, assets)
    at_hand.put_surroundings(scene, RINK, LightSpec(kind="tubes"))
    at_hand.put_camera(scene, CameraSpec("phone", width=160, height=120), assets)
    return scene


def test_everything_comes_and_goes_and_leaves_the_scene_as_it_was(assets: Path) -> None:
    scene = own_scene()
    before, was, world = blocks(), settings_of(scene), scene.world
    # Any body will do: what a rink and lights leave behind is tried here, too.
    skater = at_hand.put_skater(scene, LOOK, assets, PLAIN)
    assert bpy.context.view_layer.objects.active == skater and at_hand.skaters_in(scene) == (skater,)
    assert all(at_hand.skater_at(child) == skater for child in skater.children)
    at_hand.animate(scene, skater, MOTION, PLACE, assets)
    at_hand.put_surroundings(scene, RINK, LightSpec(kind="daylight"))
    assert scene.world != world
    at_hand.put_surroundings(scene, RinkSpec(kind="outdoor", tiers=0), LightSpec(kind="dusk", flicker=0.2))
    found = at_hand.surroundings_in(scene)
    assert found is not None and (found[0].kind, found[1].kind) == ("outdoor", "dusk")
    camera = at_hand.put_camera(scene, CameraSpec("phone", width=160, height=120), assets)
    assert at_hand.cameras_in(scene) == (camera,)
    at_hand.take_out_camera(camera)
    at_hand.take_out_surroundings(scene)
    at_hand.take_out(skater)
    assert scene.world == world and at_hand.skaters_in(scene) == () and at_hand.surroundings_in(scene) is None
    left = {kind: names - before[kind] for kind, names in blocks().items() if names != before[kind]}
    assert not left
    assert settings_of(scene) == was


def test_landmarks_are_where_the_labels_have_them(scene: bpy.types.Scene, assets: Path) -> None:
    (skater,) = at_hand.skaters_in(scene)
    member = perform(at_hand.spec_of(skater), at_hand.human_of(skater, assets), FPS, COUNT)
    for frame in (0, COUNT - 1):
        scene.frame_set(FIRST + frame)
        now = at_hand.landmarks_now(skater)
        assert now.keys() == member.landmarks.keys()
        assert max(np.abs(now[name] - track[frame]).max() for name, track in member.landmarks.items()) < 1e-4


def test_landmarks_follow_what_the_user_does(scene: bpy.types.Scene) -> None:
    (skater,) = at_hand.skaters_in(scene)
    before = at_hand.landmarks_now(skater)
    assert not moved(skater)
    skater.location = (0.0, 0.0, 0.5)
    bpy.context.view_layer.update()
    after = at_hand.landmarks_now(skater)
    assert moved(skater)
    skater.location = (0.0, 0.0, 0.0)
    bpy.context.view_layer.update()
    assert all(np.allclose(after[name] - place, (0.0, 0.0, 0.5), atol=1e-5) for name, place in before.items())


def test_whatever_a_user_changes_of_a_movement_it_is_no_longer_the_one_that_was_given(scene: bpy.types.Scene) -> None:
    (skater,) = at_hand.skaters_in(scene)
    bone, curve = skater.pose.bones[-1], next(played._curves(skater))
    assert not moved(skater)
    bone.scale = (1.1, 1.1, 1.1)
    assert moved(skater)
    bone.scale = (1.0, 1.0, 1.0)
    key = curve.keyframe_points[0]
    key.co.y += 0.01
    assert moved(skater)
    key.co.y -= 0.01
    curve.mute = True
    assert moved(skater)
    curve.mute = False
    for owner in (skater, bone):
        made = owner.constraints.new("LIMIT_ROTATION")
        assert moved(skater)
        owner.constraints.remove(made)
    assert not moved(skater)


def test_another_body_takes_the_place_of_one(scene: bpy.types.Scene, assets: Path) -> None:
    other = at_hand.put_skater(scene, LOOK, assets, PLAIN)
    assert [at_hand.spec_of(one).garments == LOOK.garments for one in at_hand.skaters_in(scene)] == [True, True]
    before = blocks()
    again = at_hand.replace_skater(other, SkaterSpec(phenotype={"gender": 1.0}), assets, PLAIN)
    assert at_hand.spec_of(again).phenotype == {"gender": 1.0} and len(at_hand.skaters_in(scene)) == 2
    assert at_hand.skaters_in(scene)[1] == again and again.name == "skater_2"
    at_hand.take_out(again)
    assert {kind for kind, names in blocks().items() if names - before[kind]} == set()


def test_handing_over_touches_nothing(scene: bpy.types.Scene, tmp_path: Path) -> None:
    before, was, file = blocks(), settings_of(scene), bpy.data.filepath
    given = at_hand.hand_over(scene, tmp_path, seed=5)
    assert (blocks(), settings_of(scene), bpy.data.filepath) == (before, was, file)
    assert {path.name for path in tmp_path.iterdir()} == {"scene.blend", "scene.json"}
    stage = read_stage(given.blend)
    assert stage.clip == given.clip and (stage.first, stage.step, stage.rate) == (FIRST, 1, FPS)
    assert {"Cube", "Light"} <= set(stage.shown) and stage.cameras == {"phone": "camera phone"}
    assert stage.clip.lead.motion == MOTION and stage.clip.count == COUNT


def test_hidden_things_are_not_handed_over(scene: bpy.types.Scene, tmp_path: Path) -> None:
    bpy.data.objects["Cube"].hide_render = True
    bpy.context.view_layer.layer_collection.children["Collection"].exclude = True
    try:
        assert not {"Cube", "Light"} & set(read_stage(at_hand.hand_over(scene, tmp_path).blend).shown)
    finally:
        bpy.context.view_layer.layer_collection.children["Collection"].exclude = False
        bpy.data.objects["Cube"].hide_render = False


def test_a_camera_that_cannot_be_labelled_is_named(scene: bpy.types.Scene, tmp_path: Path) -> None:
    camera = bpy.data.objects["Camera"]
    at_hand.film_with(camera)
    camera.data.type = "ORTHO"
    try:
        with pytest.raises(UserError, match=r"'Camera'.*orthographic"):
            at_hand.hand_over(scene, tmp_path)
    finally:
        camera.data.type = "PERSP"
        at_hand.film_with(camera, on=False)
    assert [one.name for one in at_hand.films_with(scene)] == ["camera phone"]


def test_a_take_that_has_gone_is_told_before_anything_is_written(
    scene: bpy.types.Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = tmp_path / "axel.mvnx"
    lost = replace(LOOK, motion=MotionSpec(take=str(take)))
    monkeypatch.setattr(handing_over, "_at_first_frame", lambda scene, armature: lost)
    with pytest.raises(UserError, match=r"axel\.mvnx: the take that a skater moves by is not there. Put it back"):
        at_hand.hand_over(scene, tmp_path / "run")
    assert not (tmp_path / "run").exists()
    take.touch()
    at_hand.hand_over(scene, tmp_path / "run")


def test_a_disk_without_room_is_told_whatever_blender_says(
    scene: bpy.types.Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Blender cannot write into a folder that is not there, and the disk counts as nearly full.
    place = str(tmp_path / "not there" / "scene.blend")
    monkeypatch.setattr(handing_over.tempfile, "mkstemp", lambda **_: (os.open(os.devnull, os.O_RDONLY), place))
    told = []
    for left in (5_240_000, 10**11):
        monkeypatch.setattr(shutil, "disk_usage", lambda path, left=left: shutil._ntuple_diskusage(10**12, 0, left))
        with pytest.raises(UserError, match=r"scene\.blend: cannot be written \(") as error:
            at_hand.hand_over(scene, tmp_path)
        told.append(error.value.line())
    assert told[0].endswith("(5 MB are left on its disk). Make room there, or choose another output folder.")
    assert "not there" in told[1] and told[1].endswith("). Choose another output folder.")


def test_only_object_mode_will_do(scene: bpy.types.Scene, assets: Path) -> None:
    bpy.context.view_layer.objects.active = bpy.data.objects["Cube"]
    bpy.ops.object.mode_set(mode="EDIT")
    try:
        with pytest.raises(UserError, match="object mode"):
            at_hand.put_skater(scene, LOOK, assets, PLAIN)
    finally:
        bpy.ops.object.mode_set(mode="OBJECT")
    assert len(at_hand.skaters_in(scene)) == 1


def test_a_character_of_the_users_own_is_adopted_and_stays_hidden(
    assets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Character(assets, "game_engine").dressed()
    scene = bpy.context.scene
    own = {thing.name for thing in scene.objects}
    armature = next(thing for thing in scene.objects if thing.type == "ARMATURE")
    skater = at_hand.adopt_selected(scene, armature, tmp_path, None, PLAIN)
    assert at_hand.spec_of(skater).character == str(tmp_path / "Human_rig.blend")
    assert own <= {thing.name for thing in scene.objects} and all(bpy.data.objects[name].hide_render for name in own)
    # After a file was opened anew the character is read once more, which nothing must be left of.
    before, human = blocks(), at_hand.human_of(skater, assets)
    monkeypatch.setattr(landmarks, "_people", {})
    again = at_hand.human_of(skater, assets)
    assert blocks() == before and again is not human
    assert again.rig.names == human.rig.names and np.allclose(again.rig.rest, human.rig.rest)
    at_hand.take_out(skater)
    assert at_hand.skaters_in(scene) == () and {thing.name for thing in scene.objects} == own

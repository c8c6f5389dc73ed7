"""The steps Take to Cameras as a user takes them: what each button does, what undo gives back, what is left behind."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

bpy = pytest.importorskip("bpy")

from clicking import blocks, clicked, skater, whole  # noqa: E402
from made_character import Character  # noqa: E402

from blender_addon.makehuman import rig_maps  # noqa: E402
from blender_addon.scene import at_hand  # noqa: E402
from blender_addon.ui.loaded import from_text  # noqa: E402
from blender_addon.ui.operators import cameras  # noqa: E402
from blender_addon.ui.operators.retarget import figures_of, rig_of  # noqa: E402
from blender_addon.ui.operators.skater import WHO, is_animated, who  # noqa: E402
from blender_addon.ui.operators.take import KEY, loaded_in  # noqa: E402
from mocap.elements.library import element_take  # noqa: E402
from mocap.errors import UserError  # noqa: E402
from mocap.mvnx.write import write_mvnx  # noqa: E402


def loaded() -> Any:
    return loaded_in(bpy.context.scene)


def test_every_step_can_be_undone_and_leaves_nothing_behind(ops: Any) -> None:
    own = bpy.data.cameras.new("mine")
    bpy.context.scene.collection.objects.link(bpy.data.objects.new("mine", own))
    bpy.context.scene.world = bpy.data.worlds.new("my world")
    assert ops.make_skater.poll.__self__ is not None
    clicked(ops.load_take)
    clicked(ops.go_to_element, number=0)
    bpy.context.scene.frame_set(0)
    first, last = (clicked(ops.element_frames, number=0)["frames"])[:2]
    # The skater is looked at where the frames are.
    assert bpy.context.scene.frame_current == first < last
    empty = blocks()

    clicked(ops.make_skater)
    assert len(who(skater())) > 10
    assert not ops.remove_cameras.poll()
    clicked(ops.retarget)
    assert is_animated(skater())
    assert len(figures_of(skater())) > 0
    first, before = who(skater()), skater()["skatesynth"]
    clicked(ops.randomise_skater)
    assert skater()["skatesynth"] != before
    assert (who(skater()) != first, is_animated(skater())) == (True, True)
    assert len([thing for thing in bpy.context.scene.objects if thing.type == "ARMATURE"]) == 1
    clicked(ops.make_skater)
    assert is_animated(skater())

    clicked(ops.build_surroundings)
    clicked(ops.randomise_surroundings)
    clicked(ops.put_cameras)
    names = {thing.name for thing in bpy.context.scene.objects if thing.type == "CAMERA"}
    assert len(names) == 2
    clicked(ops.randomise_cameras)
    assert {thing.name for thing in bpy.context.scene.objects if thing.type == "CAMERA"} == names
    # Another set takes the place of the one before; the user's own stays.
    bpy.context.scene.skatesynth.cameras.set = "phone"
    clicked(ops.put_cameras)
    before, names = names, {thing.name for thing in bpy.context.scene.objects if thing.type == "CAMERA"}
    assert (names & before, len(names)) == ({"mine"}, 2)
    clicked(ops.view_through, camera=next(name for name in names if name != "mine"))
    size = (bpy.context.scene.render.resolution_x, bpy.context.scene.render.resolution_y)
    assert max(size) == bpy.context.scene.skatesynth.cameras.size
    clicked(ops.film_with, camera="mine")

    clicked(ops.remove_cameras)
    clicked(ops.remove_surroundings)
    clicked(ops.remove_skater)
    assert blocks() == empty
    assert bpy.context.scene.world.name == "my world"


def test_a_take_is_on_the_timeline_and_the_user_s_own_markers_stay(ops: Any) -> None:
    scene = bpy.context.scene
    scene.timeline_markers.new("mine", frame=7)
    scene.render.fps, scene.frame_current = 50, 3
    assert ops.load_take() == {"FINISHED"}
    take = loaded()
    assert [element.name for element in take.elements] == ["axel 2½"]
    jump = take.elements[0]
    marked = {marker.name: marker.frame for marker in scene.timeline_markers}
    assert marked == {"mine": 7, "axel 2½": round(50 * jump.start), "landing": round(50 * jump.end)}
    assert (scene.frame_start, scene.frame_end) == (0, int(50 * take.duration))
    assert (scene.frame_current, scene.render.fps) == (3, 50)
    assert jump.facts.endswith("cm")

    ops.element_frames(number=0)
    assert (scene.frame_start, scene.frame_end) == (marked["axel 2½"], marked["landing"])
    ops.go_to_element(number=0)
    assert scene.frame_current == marked["axel 2½"]
    ops.all_frames()
    assert (scene.frame_start, scene.frame_end) == (0, int(50 * take.duration))
    assert not ops.all_frames.poll()

    # A marker that was moved has become the user's own; the others of the take before go.
    next(marker for marker in scene.timeline_markers if marker.name == "landing").frame += 1
    scene.skatesynth.take.element = "sit spin"
    ops.load_take()
    assert [marker.name for marker in scene.timeline_markers] == ["mine", "landing", "sit spin", "spin ends"]


def test_a_recording_is_read_whatever_it_is_packed_in(ops: Any, tmp_path: Path) -> None:
    plain = tmp_path / "lutz.mvnx"
    write_mvnx(element_take("lutz"), plain)
    packed = tmp_path / "packed.mvnx.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    chosen = bpy.context.scene.skatesynth.take
    for path in (plain, packed):
        assert ops.load_take(filepath=str(path)) == {"FINISHED"}  # as if it had been dropped
        assert (chosen.source, chosen.path) == ("recording", str(path))
        assert [element.kind for element in loaded().elements] == ["jump"]


def test_a_take_that_cannot_be_read_changes_nothing(ops: Any, tmp_path: Path) -> None:
    ops.load_take()
    before = whole()
    wrong = tmp_path / "cut.mvnx"
    wrong.write_text("<mvnx><subject", encoding="utf-8")
    with pytest.raises(RuntimeError, match=r"cut\.mvnx") as error:
        ops.load_take(filepath=str(wrong))
    assert len(str(error.value).strip().splitlines()) == 1
    assert whole() == before
    bpy.context.scene.skatesynth.take.source = "recording"
    with pytest.raises(RuntimeError, match="No recording is chosen"):
        ops.load_take()


def test_buttons_are_greyed_until_their_turn_comes(ops: Any) -> None:
    chosen = bpy.context.scene.skatesynth
    waiting = ("retarget", "randomise_skater", "remove_skater", "randomise_surroundings", "remove_surroundings")
    waiting += ("put_cameras", "randomise_cameras", "remove_cameras", "go_to_element", "adopt", "onto_armature")
    assert not any(getattr(ops, name).poll() for name in waiting)
    assert ops.make_skater.poll()
    assert ops.build_surroundings.poll()
    chosen.take.source = "recording"
    assert not ops.make_skater.poll()
    assert not ops.build_surroundings.poll()
    with pytest.raises(RuntimeError, match="Choose a take"):
        ops.make_skater()
    chosen.take.source = "demo"
    bpy.ops.object.armature_add()
    bpy.ops.object.mode_set(mode="EDIT")
    with pytest.raises(RuntimeError, match="object mode"):
        ops.make_skater()


def test_a_second_skater_is_another_one_and_the_first_may_go(ops: Any) -> None:
    chosen = bpy.context.scene.skatesynth.skater
    ops.make_skater()
    ops.make_skater(another=True)
    people = [thing for thing in bpy.context.scene.objects if thing.type == "ARMATURE"]
    assert len(people) == 2
    assert people[0]["skatesynth"] != people[1]["skatesynth"]
    assert people[0][WHO] != people[1][WHO]
    assert chosen.count == 2
    bpy.context.view_layer.objects.active = min(people, key=lambda thing: thing.name)
    left = max(people, key=lambda thing: thing.name).name
    ops.remove_skater()
    assert [thing.name for thing in bpy.context.scene.objects if thing.type == "ARMATURE"] == [left]
    assert chosen.count == 1


def test_a_character_of_one_s_own_becomes_a_skater(ops: Any, assets: Path, tmp_path: Path) -> None:
    person = Character(assets)  # empties Blender
    bpy.context.view_layer.objects.active = person.armature
    with pytest.raises(RuntimeError, match=r"Save the \.blend file first"):
        ops.adopt()
    bpy.context.scene.skatesynth.output.out = str(tmp_path / "skates")
    clicked(ops.adopt)
    made = next(thing for thing in bpy.context.scene.objects if thing.get(WHO))
    assert who(made).startswith("Character Human")
    assert rig_of(made) == "default"
    assert bpy.context.scene.objects["Human.rig"].hide_render
    assert not ops.adopt.poll()
    assert not ops.randomise_skater.poll()
    assert list((tmp_path / "skates-run").iterdir())


def armature_of(bones: list[str]) -> bpy.types.Object:
    """An armature with these bones in the scene, selected; where they are does not matter."""
    data = bpy.data.armatures.new("theirs")
    armature = bpy.data.objects.new("theirs", data)
    bpy.context.scene.collection.objects.link(armature)
    bpy.context.view_layer.objects.active = armature
    bpy.ops.object.mode_set(mode="EDIT")
    for number, name in enumerate(bones):
        bone = data.edit_bones.new(name)
        bone.head, bone.tail = (0.0, 0.0, 0.1 * number), (0.0, 0.0, 0.1 * number + 0.1)
    bpy.ops.object.mode_set(mode="OBJECT")
    return armature


def test_rigs_of_known_kinds_are_recognised(ops: Any) -> None:
    assert rig_of(armature_of(list(rig_maps.RIGS["mixamo"].names()))) == "mixamo"
    assert rig_of(armature_of(["hip", "chest"])) is None
    assert ops.onto_armature.poll()
    with pytest.raises(RuntimeError, match="of no known kind: name a bone map"):
        ops.onto_armature()


def test_a_take_goes_onto_the_selected_armature(ops: Any, assets: Path, tmp_path: Path) -> None:
    from blender_addon.makehuman.body import load_body
    from blender_addon.scene.armature import build_armature

    scene = bpy.context.scene
    armature = build_armature(load_body({}, assets, "mixamo").rig, "theirs", scene.collection)
    bpy.context.view_layer.objects.active = armature
    clicked(ops.onto_armature)
    armature = scene.objects["theirs"] if scene is bpy.context.scene else bpy.context.scene.objects["theirs"]
    assert is_animated(armature)
    assert not ops.retarget.poll()
    with pytest.raises(RuntimeError, match="cannot be read"):
        ops.onto_armature(bone_map=str(tmp_path / "none.yaml"))


def test_what_somebody_typed_in_the_note_of_the_take_is_no_take(ops: Any) -> None:
    for text in ("", "no", "[]", "{}", '{"name": 3}'):
        bpy.context.scene[KEY] = text
        assert loaded() is None
    assert from_text("null") is None


class _Watched:
    """The context, but that what is told of progress is written down."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.window_manager = self

    def __getattr__(self, name: str) -> Any:
        return getattr(bpy.context, name)

    def progress_begin(self, first: float, last: float) -> None:
        self.told.append(f"{first:g} to {last:g}")

    def progress_update(self, done: float) -> None:
        self.told.append(f"{done:g}")

    def progress_end(self) -> None:
        self.told.append("end")


def test_cameras_tell_how_many_are_done_and_stop_telling_when_one_fails(
    ops: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ops.load_take()
    ops.element_frames(number=0)
    ops.make_skater()
    put = cameras.SKATESYNTH_OT_put_cameras.put
    bpy.context.scene.skatesynth.cameras.set = "pair"
    whole = _Watched()
    put(None, whole, 0)
    count = len(cameras.cameras_of(bpy.context.scene))
    assert whole.told == [f"0 to {count}", *(f"{number}" for number in range(count)), "end"]

    def failing(*_: object) -> None:
        raise UserError("a camera that cannot be put")

    monkeypatch.setattr(at_hand, "put_camera", failing)
    failed = _Watched()
    with pytest.raises(UserError, match="cannot be put"):
        put(None, failed, 0)
    assert failed.told == [f"0 to {count}", "0", "end"]

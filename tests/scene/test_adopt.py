"""Somebody's character in a .blend is taken over as it is: bones, meshes, classes, materials; nothing in it runs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from blender_addon.cast import MotionSpec, SkaterSpec
from blender_addon.clip import RenderSpec
from blender_addon.labels.vocabulary import BODY_PARTS, CLOTHES, unpack_index
from blender_addon.makehuman.body import load_body
from blender_addon.skater.human import Human, skin
from blender_addon.skater.landmarks import landmarks
from blender_addon.skater.performance import perform
from mocap.errors import UserError

bpy = pytest.importorskip("bpy")

from empty_scene import empty_scene  # noqa: E402
from made_character import PHENOTYPE, Character  # noqa: E402
from mathutils import Matrix  # noqa: E402

from blender_addon.scene.adopt import adopt  # noqa: E402
from blender_addon.scene.animate import pose_avatar  # noqa: E402
from blender_addon.scene.avatar import Avatar  # noqa: E402
from blender_addon.scene.shading import add_node  # noqa: E402

INSTANCE = 2
# Elsewhere, turned a good half round, as a character stands in a scene of somebody's.
ELSEWHERE = Matrix.Translation((3.0, -2.0, 0.4)) @ Matrix.Rotation(2.2, 4, "Z")


def taken(path: Path, **more: Any) -> tuple[Human, Avatar]:
    """The character of a file in an emptied Blender."""
    scene = empty_scene()
    return adopt(SkaterSpec(character=str(path), **more), RenderSpec(subdivision=0), INSTANCE, scene.collection)


def refusal(path: Path, **more: Any) -> str:
    with pytest.raises(UserError) as caught:
        taken(path, **more)
    line = caught.value.line()
    assert "\n" not in line
    return line


def evaluated(thing: Any) -> np.ndarray:
    """(N, 3) world positions of an object's vertices after its modifiers."""
    shown = thing.evaluated_get(bpy.context.evaluated_depsgraph_get())
    mesh = shown.to_mesh()
    points = np.empty(len(mesh.vertices) * 3)
    mesh.vertices.foreach_get("co", points)
    matrix = np.array(shown.matrix_world)
    return points.reshape(-1, 3) @ matrix[:3, :3].T + matrix[:3, 3]


@pytest.fixture(scope="module")
def plain(assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Character(assets).dressed().save(tmp_path_factory.mktemp("character") / "Human.blend")


@pytest.fixture(scope="module")
def elsewhere(assets: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("character") / "elsewhere.blend"
    return Character(assets, unit=0.1).dressed().save(path, ELSEWHERE)


def names_of(table: tuple[Any, ...], indices: np.ndarray) -> set[str]:
    return {table[index].name for index in np.unique(indices).tolist()}


def test_every_object_has_its_class_and_every_face_its_body_part(plain: Path) -> None:
    human, avatar = taken(plain)
    worn = {
        thing.name: (names_of(CLOTHES, mesh.garment), names_of(BODY_PARTS, mesh.part))
        for thing, mesh in zip(avatar.meshes, human.meshes, strict=True)
    }
    prefix = f"skater_{INSTANCE}_Human"
    classes = {name.removeprefix(prefix): classes for name, (classes, _) in worn.items()}
    assert classes == {
        "": {"skin"},
        ".female_vest01": {"shirt"},
        ".pleated": {"skirt"},
        ".bob01": {"hair"},
        ".high-poly": {"eyes"},
    }
    assert worn[prefix][1] == {part.name for part in BODY_PARTS} - {"background"}
    assert worn[f"{prefix}.bob01"][1] == worn[f"{prefix}.high-poly"][1] == {"head"}
    assert {"torso", "left_thigh", "right_thigh"} <= worn[f"{prefix}.pleated"][1]


def test_what_is_masked_is_not_rendered_and_not_counted(plain: Path) -> None:
    human, avatar = taken(plain)
    body = next(mesh for mesh in human.meshes if mesh.name == "body")
    # Of 13,380 vertices of skin, those under the vest are gone; helpers and joint cubes too.
    assert 12000 < len(body.vertices) < 13380
    shown = next(thing for thing in avatar.meshes if thing.name.endswith("Human"))
    assert len(shown.data.vertices) == len(body.vertices)


@pytest.mark.parametrize("rig", ["default", "game_engine", "mixamo", "rigify"])
def test_it_moves_in_blender_as_in_numpy_on_any_rig(rig: str, assets: Path, tmp_path: Path) -> None:
    human, avatar = taken(Character(assets, rig).dressed().save(tmp_path / "c.blend"))
    performance = perform(SkaterSpec(motion=MotionSpec(start=2.0)), human, 5.0, 3)
    pose_avatar(avatar, performance.track)
    for frame in (0, 2):
        bpy.context.scene.frame_set(frame)
        for mesh, thing in zip(human.meshes, avatar.meshes, strict=True):
            wanted = skin(mesh.vertices, mesh.bones, mesh.weights, human.rig.rest, performance.track.matrices[frame])
            # The vertices of cuts along the borders of body parts follow.
            assert np.abs(evaluated(thing)[: len(wanted)] - wanted).max() < 1e-4, thing.name
    # Skating, bare of foot: on the ice to some millimetres, and upright.
    lowest = performance.surface[..., 2].min(axis=1)
    assert np.abs(lowest).max() < 0.06
    assert (performance.landmarks["nose"][:, 2] > 1.0).all()


def test_one_that_stands_elsewhere_in_another_unit_is_the_same_person(plain: Path, elsewhere: Path) -> None:
    human, _ = taken(plain)
    other, moved = taken(elsewhere)
    assert np.abs(other.rig.heads - human.rig.heads).max() < 1e-4
    assert np.abs(other.rig.rest - human.rig.rest).max() < 2e-3
    for mine, theirs in zip(human.meshes, other.meshes, strict=True):
        assert np.abs(mine.vertices - theirs.vertices).max() < 1e-4
    assert np.allclose(np.array(moved.armature.matrix_world), np.eye(4))
    for mesh, thing in zip(other.meshes, moved.meshes, strict=True):
        assert np.abs(evaluated(thing)[: len(mesh.vertices)] - mesh.vertices).max() < 1e-4


@pytest.mark.parametrize("helpers", [True, False])
def test_its_landmarks_are_those_of_the_body_that_it_was_made_of(helpers: bool, assets: Path, tmp_path: Path) -> None:
    human, _ = taken(Character(assets, helpers=helpers).dressed().save(tmp_path / "c.blend"))
    body = load_body(PHENOTYPE, assets)
    wanted = landmarks(body)
    shift = human.rig.heads[human.rig.index("head")] - body.rig.heads[body.rig.index("head")]
    assert set(human.landmarks) == set(wanted)
    for name, mark in wanted.items():
        off = np.linalg.norm(human.landmarks[name].points.mean(axis=0) - mark.points.mean(axis=0) - shift)
        # Without helpers the eyeballs are gone; what is worn as eyes says where they are.
        assert off < (0.01 if name.endswith("eye") and not helpers else 1e-4), name
        assert abs(human.landmarks[name].depth - mark.depth) < 0.01


def test_it_stands_on_the_ice_on_its_lowest_points(plain: Path) -> None:
    human, _ = taken(plain)
    heights = [mark.points[:, 2] for mark in human.blades.values()]
    assert set(human.blades) == {f"{s}_{p}" for s in ("left", "right") for p in ("toe", "middle", "heel")}
    assert abs(np.min(heights)) < 1e-6 and np.max(heights) < 0.005
    assert abs(min(mesh.vertices[:, 2].min() for mesh in human.meshes)) < 1e-3
    assert human.facts["gender"] == 0.0 and 1.4 < human.facts["stature"] < 1.6


def test_every_material_says_garment_and_part_and_is_one_objects_alone(plain: Path) -> None:
    human, avatar = taken(plain)
    names = [slot.material.name for thing in avatar.meshes for slot in thing.material_slots]
    assert len(set(names)) == len(names)
    for mesh, thing in zip(human.meshes, avatar.meshes, strict=True):
        assert thing.pass_index == INSTANCE
        slots = np.empty(len(thing.data.polygons), dtype=np.int32)
        thing.data.polygons.foreach_get("material_index", slots)
        part, garment = unpack_index(np.array([slot.material.pass_index for slot in thing.material_slots])[slots])
        # All its polygons are quads, which are faces one by one.
        assert np.array_equal(part, mesh.part) and np.array_equal(garment, mesh.garment)
        assert all(slot.material.node_tree.nodes.get("Principled BSDF") for slot in thing.material_slots)


def test_what_is_half_transparent_is_cut_sharp(assets: Path, tmp_path: Path) -> None:
    """By the picture's alpha, by a mix with nothing inside a group, by a plain number."""
    character = Character(assets).dressed()
    image = bpy.data.images.new("lace", 4, 4, alpha=True)
    image.pack()
    character.paint("female_vest01", image, alpha=True)
    group = bpy.data.node_groups.new("cards", "ShaderNodeTree")
    group.interface.new_socket("Shader", in_out="OUTPUT", socket_type="NodeSocketShader")
    nothing = add_node(group, "ShaderNodeBsdfTransparent").outputs[0]
    share = add_node(group, "ShaderNodeTexCoord").outputs["UV"]
    mixed = add_node(group, "ShaderNodeMixShader", {0: share, 1: nothing})
    add_node(group, "NodeGroupOutput", {0: mixed.outputs[0]})
    for name in ("bob01", "pleated"):
        tree = character.things[name].data.materials[0].node_tree
        tree.nodes["Principled BSDF"].inputs["Alpha"].default_value = 0.3 if name == "pleated" else 0.7
        if name == "bob01":
            add_node(tree, "ShaderNodeGroup", node_tree=group)
    _, avatar = taken(character.save(tmp_path / "c.blend"))
    trees = {thing.name.rsplit(".", 1)[-1]: thing.material_slots[0].material.node_tree for thing in avatar.meshes}

    def feeds(socket: Any) -> str:
        node = socket.links[0].from_node
        return node.operation if node.bl_idname == "ShaderNodeMath" else node.bl_idname

    assert feeds(trees["female_vest01"].nodes["Principled BSDF"].inputs["Alpha"]) == "GREATER_THAN"
    alphas = {name: trees[name].nodes["Principled BSDF"].inputs["Alpha"].default_value for name in ("bob01", "pleated")}
    assert alphas == {"bob01": 1.0, "pleated": 0.0}
    inside = next(node.node_tree for node in trees["bob01"].nodes if node.bl_idname == "ShaderNodeGroup")
    assert [node.operation for node in inside.nodes if node.bl_idname == "ShaderNodeMath"] == ["GREATER_THAN"]
    assert feeds(inside.nodes["Mix Shader"].inputs[0]) == "GREATER_THAN"


def test_subdivision_is_its_own_up_to_what_the_render_wants(plain: Path) -> None:
    scene = empty_scene()
    _, avatar = adopt(SkaterSpec(character=str(plain)), RenderSpec(subdivision=2), INSTANCE, scene.collection)
    levels = {
        thing.name.rsplit(".", 1)[-1]: [m.render_levels for m in thing.modifiers if m.type == "SUBSURF"]
        for thing in avatar.meshes
    }
    assert levels["pleated"] == [1] and levels[f"skater_{INSTANCE}_Human"] == []


def test_nothing_else_of_the_file_stays(plain: Path) -> None:
    human, avatar = taken(plain)
    cuts = {thing for thing in bpy.data.objects if thing.name.endswith("_cut")}
    assert set(bpy.data.objects) == {avatar.armature, *avatar.meshes, *cuts}
    assert not bpy.data.texts and not bpy.data.actions
    assert len(bpy.data.meshes) == len(human.meshes) + len(cuts)


# What the scripts do: each makes a file of its own, named after it, in the folder of the .blend.
BOOT = """
import bpy, pathlib
folder = pathlib.Path({folder!r})
(folder / "ran_text").touch()
def register():
    (folder / "ran_register").touch()
def later(*_):
    (folder / "ran_handler").touch()
bpy.app.handlers.frame_change_post.append(later)
register()
"""
OPEN = """
import bpy, os
bpy.ops.wm.open_mainfile(filepath={path!r}, use_scripts=True)
bpy.context.scene.frame_set(3)
os._exit(0)
"""


@pytest.fixture
def armed(assets: Path, tmp_path: Path) -> Path:
    """A character whose file runs Python as soon as it is opened and evaluated."""
    character = Character(assets).dressed()
    text = bpy.data.texts.new("boot.py")
    text.write(BOOT.format(folder=str(tmp_path)))
    text.use_module = True
    body = character.things["body"]
    tree = body.data.materials[0].node_tree
    surface = tree.nodes["Principled BSDF"]
    owners = (
        (body, "location", 0, "object"),
        (body.shape_key_add(name="smile"), "value", -1, "key"),
        (surface.inputs["Roughness"], "default_value", -1, "material"),
        (character.armature.pose.bones[0], "location", 0, "bone"),
    )
    for owner, path, index, name in owners:
        driver = owner.driver_add(path, index).driver
        driver.type = "SCRIPTED"
        driver.expression = f"open(r'{tmp_path / ('ran_' + name)}', 'w').close() or frame * 0.0"
    script = tree.nodes.new("ShaderNodeScript")
    script.script = text
    return character.save(tmp_path / "armed.blend")


@pytest.fixture
def trusting() -> Iterator[None]:
    """A user who lets every file run its scripts."""
    files = bpy.context.preferences.filepaths
    before, files.use_scripts_auto_execute = files.use_scripts_auto_execute, True
    yield
    bpy.context.preferences.filepaths.use_scripts_auto_execute = before


def traces(folder: Path) -> set[str]:
    return {path.name for path in folder.glob("ran_*")}


def test_the_armed_file_would_run_if_it_were_opened(armed: Path) -> None:
    subprocess.run([sys.executable, "-c", OPEN.format(path=str(armed))], timeout=120, capture_output=True)
    assert {"ran_text", "ran_register", "ran_handler", "ran_object", "ran_bone"} <= traces(armed.parent)


def test_nothing_in_a_character_runs(armed: Path, trusting: None) -> None:
    handlers = len(bpy.app.handlers.frame_change_post)
    human, avatar = taken(armed)
    pose_avatar(avatar, perform(SkaterSpec(motion=MotionSpec(start=2.0)), human, 5.0, 2).track)
    for frame in (0, 1):
        bpy.context.scene.frame_set(frame)
        bpy.context.evaluated_depsgraph_get().update()
    assert traces(armed.parent) == set()
    assert len(bpy.app.handlers.frame_change_post) == handlers
    assert not bpy.data.texts
    assert bpy.context.preferences.filepaths.use_scripts_auto_execute
    kinds = {
        node.bl_idname for material in bpy.data.materials if material.node_tree for node in material.node_tree.nodes
    }
    assert "ShaderNodeScript" not in kinds
    driven = [key for key in bpy.data.shape_keys if key.animation_data and key.animation_data.drivers]
    driven += [thing for thing in bpy.data.objects if thing.animation_data and thing.animation_data.drivers]
    assert not driven


def test_files_that_hold_no_character_are_told_in_a_line(assets: Path, tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.blend") == f"{tmp_path / 'none.blend'}: there is no such file"
    junk = tmp_path / "junk.blend"
    junk.write_bytes(b"not Blender's")
    assert "not a .blend file that this Blender can read" in refusal(junk)
    newer = tmp_path / "newer.blend"
    newer.write_bytes(b"BLENDER99-01v9901" + bytes(100))
    assert "saved by Blender 99.1, which Blender" in refusal(newer)

    character = Character(assets)
    bpy.data.objects.remove(character.armature)
    assert "holds no armature" in refusal(character.save_as_is(tmp_path / "bare.blend"))
    character = Character(assets)
    bpy.data.objects.remove(character.things["body"])
    assert "no mesh hangs on the armature 'Human.rig'" in refusal(character.save(tmp_path / "bones.blend"))
    character = Character(assets)
    character.things["body"].vertex_groups.clear()
    character.things["body"].modifiers.clear()
    assert "no mesh has weights for the bones" in refusal(character.save(tmp_path / "loose.blend"))
    character = Character(assets, "mixamo")
    character.armature.data.bones["mixamorig:LeftHand"].name = "paw"
    line = refusal(character.save(tmp_path / "paw.blend"))
    assert "to be the 'mixamo' rig it lacks mixamorig:LeftHand." in line and "docs/characters.md" in line


def test_of_several_armatures_the_map_names_one(assets: Path, tmp_path: Path) -> None:
    character = Character(assets).dressed()
    twin = character.armature.copy()
    twin.name = "Twin"
    character.scene.collection.objects.link(twin)
    path = character.save(tmp_path / "two.blend")
    assert "several armatures: 'Human.rig', 'Twin'" in refusal(path)
    said = tmp_path / "map.yaml"
    said.write_text("armature: Human.rig\n")
    human, _ = taken(path, character_map=str(said))
    assert len(human.meshes) == 5
    said.write_text("armature: Somebody\n")
    assert "holds no armature called 'Somebody'" in refusal(path, character_map=str(said))


def test_a_map_says_what_things_are_and_what_is_left_out(plain: Path, tmp_path: Path) -> None:
    said = tmp_path / "map.yaml"
    said.write_text("objects: {'*.female_vest01': leotard, Human.pleated: none}\nmaterials: {Human.bob01: hat}\n")
    human, _ = taken(plain, character_map=str(said))
    assert sorted(name for mesh in human.meshes for name in names_of(CLOTHES, mesh.garment)) == [
        *("eyes", "hat", "leotard", "skin")
    ]


def test_its_own_bones_by_a_map(assets: Path, tmp_path: Path) -> None:
    character = Character(assets, "game_engine").dressed()
    character.armature.data.bones["hand_l"].name = "paw_l"
    path = character.save(tmp_path / "c.blend")
    source = Path(__file__).parents[2] / "blender_addon" / "makehuman" / "rigs" / "game_engine.yaml"
    (tmp_path / "rig.yaml").write_text(source.read_text().replace("left: {side: l}", "left: {side: l, hand: paw_l}"))
    (tmp_path / "map.yaml").write_text("bones: rig.yaml\n")
    human, _ = taken(path, character_map=str(tmp_path / "map.yaml"))
    assert human.bones.limbs["Left"].hand == "paw_l"
    assert "left_hand" in names_of(BODY_PARTS, np.concatenate([mesh.part for mesh in human.meshes]))


def test_textures_come_from_the_file_or_its_folder(assets: Path, tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    outside.mkdir()
    character = Character(assets).dressed()
    image = bpy.data.images.new("cloth", 4, 4)
    image.filepath_raw, image.file_format = str(outside / "cloth.png"), "PNG"
    image.save()
    character.paint("female_vest01", bpy.data.images.load(str(outside / "cloth.png")))
    path = character.save(inside / "c.blend")
    line = refusal(path)
    assert "the texture 'cloth.png' is neither in the file nor in its folder" in line and str(path) in line
    # Beside it, a picture of that name is taken.
    (inside / "textures").mkdir()
    (outside / "cloth.png").rename(inside / "textures" / "cloth.png")
    taken(path)
    (image,) = (image for image in bpy.data.images if image.name.startswith("cloth"))
    assert Path(image.filepath) == (inside / "textures" / "cloth.png").resolve() and tuple(image.size) == (4, 4)


def test_a_library_in_another_folder_is_refused(assets: Path, tmp_path: Path) -> None:
    store = Character(assets).dressed().save(tmp_path / "store" / "store.blend")
    character = Character(assets).dressed()
    with bpy.data.libraries.load(str(store), link=True) as (_, wanted):
        wanted.materials = ["Human.pleated"]
    character.things["pleated"].data.materials[0] = wanted.materials[0]
    line = refusal(character.save(tmp_path / "mine" / "linking.blend"))
    assert "store.blend" in line and "outside its folder" in line and "Make Local" in line


def test_what_is_not_made_of_faces_is_told(assets: Path, tmp_path: Path) -> None:
    character = Character(assets)
    strand = bpy.data.objects.new("Strands", bpy.data.hair_curves.new("Strands"))
    character.scene.collection.objects.link(strand)
    strand.parent = character.things["body"]
    assert "'Strands' is not made of faces" in refusal(character.save(tmp_path / "c.blend"))


def test_what_hangs_on_a_bone_or_on_nothing_goes_along(assets: Path, tmp_path: Path) -> None:
    character = Character(assets).dressed()
    glasses = character.rigid("glasses", "head")
    scarf = character.wear("scarf", "Clothes", character.body.face_masks["helper-l-eye"], 0.01)
    scarf.vertex_groups.clear()
    path = character.save(tmp_path / "c.blend")
    assert glasses and scarf
    human, avatar = taken(path)
    by_name = {thing.name: mesh for thing, mesh in zip(avatar.meshes, human.meshes, strict=True)}
    worn = by_name[f"skater_{INSTANCE}_glasses"]
    assert names_of(CLOTHES, worn.garment) == {"glasses"}
    assert {human.rig.names[bone] for bone in np.unique(worn.bones[worn.weights > 0.0])} == {"head"}
    assert by_name[f"skater_{INSTANCE}_Human.scarf"].weights.sum(axis=1) == pytest.approx(1.0)
    performance = perform(SkaterSpec(motion=MotionSpec(start=2.0)), replace(human), 5.0, 2)
    pose_avatar(avatar, performance.track)
    bpy.context.scene.frame_set(1)
    thing = next(thing for thing in avatar.meshes if thing.name.endswith("glasses"))
    wanted = skin(worn.vertices, worn.bones, worn.weights, human.rig.rest, performance.track.matrices[1])
    assert np.abs(evaluated(thing)[: len(wanted)] - wanted).max() < 1e-4

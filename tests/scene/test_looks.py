"""Every look can be made of every fabric, carries its labels, and is made once."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from blender_addon.cast import GarmentSpec, SkaterSpec, SkinSpec
from blender_addon.clip import RenderSpec
from blender_addon.labels.vocabulary import CLOTHES, CLOTHES_INDEX, GARMENTS, pack_index
from blender_addon.skater.build import build_human
from blender_addon.skater.human import SkinnedMesh
from blender_addon.skater.look_names import LOOK_NAMES, OWN_LOOKS
from blender_addon.skater.skin_fields import skin_fields
from blender_addon.skater.wardrobe.fabrics import FABRICS, GRADIENT, PANEL, SEAM
from mocap.errors import UserError

bpy = pytest.importorskip("bpy")

from empty_scene import empty_scene  # noqa: E402

from blender_addon.scene.avatar import build_avatar  # noqa: E402
from blender_addon.scene.looks import fabrics  # noqa: E402
from blender_addon.scene.looks.detail import tell_pixel_size  # noqa: E402
from blender_addon.scene.looks.nodes import RADIANS_PER_PIXEL  # noqa: E402
from blender_addon.scene.looks.table import LOOKS, Palette, make_material  # noqa: E402

TORSO, HEAD = 8, 1
SKATER = SkaterSpec(
    skin=SkinSpec(freckles=0.5),
    garments=dict.fromkeys(("leotard", "skirt", "tights", "boots"), GarmentSpec(fabric="satin")),
)


def patch(look: str = "", **fields: np.ndarray) -> SkinnedMesh:
    """One square with fields; what garment it is, is said to `make_material`."""
    square = np.array(((0.0, 0.0, 0.0), (1.0, 0.0, 0.0), (1.0, 0.0, 1.0), (0.0, 0.0, 1.0)))
    return SkinnedMesh(
        name="patch",
        vertices=square,
        faces=np.array(((0, 1, 2, 3),)),
        bones=np.zeros((4, 1), dtype=np.int64),
        weights=np.ones((4, 1)),
        garment=np.array((CLOTHES_INDEX["other"],), dtype=np.uint8),
        part=np.array((TORSO,), dtype=np.uint8),
        look=look,
        fields=fields,
    )


def wearing(fabric: str) -> SkaterSpec:
    """Somebody who wears one of everything."""
    return dataclasses.replace(SKATER, garments=dict.fromkeys(GARMENTS, GarmentSpec(fabric=fabric)))


def shared(material: object) -> object:
    """The node group of a material."""
    return next(node.node_tree for node in material.node_tree.nodes if node.type == "GROUP")


def shaders(material: object) -> list[object]:
    """The shader nodes that the material's output is reached from."""
    output = next(node for node in material.node_tree.nodes if node.type == "OUTPUT_MATERIAL")
    assert output.inputs["Surface"].links[0].from_node.type == "GROUP"
    inside = next(node for node in shared(material).nodes if node.type == "GROUP_OUTPUT")
    return [link.from_node for link in inside.inputs[0].links]


def test_the_table_has_every_look_and_every_fabric() -> None:
    assert set(LOOKS) == set(LOOK_NAMES)
    assert set(fabrics.RECIPES) == set(FABRICS)


@pytest.mark.parametrize("fields", ((), (GRADIENT, PANEL, SEAM)), ids=("without fields", "with fields"))
@pytest.mark.parametrize("fabric", FABRICS)
def test_every_look_is_made_of_every_fabric(fabric: str, fields: tuple[str, ...]) -> None:
    empty_scene()
    palette = Palette(wearing(fabric), "somebody")
    values = dict.fromkeys(fields, np.zeros(4))
    # What comes from a file has that file's look and no fabric.
    own = [look for look in OWN_LOOKS if look != "file"]
    kinds = [(c.index, "") for c in CLOTHES[1:]] + [(CLOTHES_INDEX["boots"], look) for look in own]
    for garment, look in kinds:
        material = make_material(palette, patch(look, **values), garment, TORSO)
        assert material.pass_index == pack_index(garment, TORSO)
        assert [node.type for node in shaders(material)] == ["BSDF_PRINCIPLED"]
        assert all(node.inputs["Alpha"].default_value == 1.0 for node in shaders(material))


def test_a_fabric_that_there_is_not_is_told_before_anything_is_made(assets: Path) -> None:
    spec = SkaterSpec(garments={"leotard": GarmentSpec(fabric="chain mail")})
    with pytest.raises(UserError, match="chain mail"):
        build_human(spec, assets)


def test_materials_that_differ_in_labels_alone_share_their_nodes() -> None:
    empty_scene()
    palette = Palette(SKATER, "somebody")
    cloth, skin = CLOTHES_INDEX["leotard"], CLOTHES_INDEX["skin"]
    front, back = (make_material(palette, patch(), cloth, part) for part in (TORSO, HEAD))
    assert front.pass_index != back.pass_index and shared(front) == shared(back)
    others = (
        make_material(palette, patch(), skin, TORSO),
        make_material(palette, patch(seam=np.zeros(4)), cloth, TORSO),
        make_material(Palette(SKATER, "somebody else"), patch(), cloth, TORSO),
    )
    assert len({shared(material).name for material in (front, *others)}) == 4


def test_names_of_materials_tell_people_and_meshes_apart() -> None:
    """EEVEE's mattes know materials by name alone."""
    empty_scene()
    made = [
        make_material(Palette(SKATER, name), dataclasses.replace(patch(), name=mesh), CLOTHES_INDEX["leotard"], TORSO)
        for name in ("skater_1", "skater_2")
        for mesh in ("suit", "sleeve")
    ]
    assert len({material.name for material in made}) == len(made)
    assert not any(material.name.endswith(".001") for material in made)


def test_nothing_is_left_over_when_a_skater_goes(assets: Path) -> None:
    human = build_human(SKATER, assets)
    scene = empty_scene()
    avatar = build_avatar(human, SKATER, RenderSpec(subdivision=0), 1, scene.collection, assets)
    assert len(bpy.data.node_groups) < len(bpy.data.materials)
    for thing in (*avatar.meshes, avatar.armature):
        bpy.data.objects.remove(thing)
    bpy.data.orphans_purge(do_local_ids=True, do_recursive=True)
    kinds = (bpy.data.materials, bpy.data.node_groups, bpy.data.meshes, bpy.data.images, bpy.data.armatures)
    assert [len(kind) for kind in kinds] == [0] * len(kinds)


def test_materials_read_only_fields_that_their_meshes_have(assets: Path) -> None:
    human = build_human(SKATER, assets)
    avatar = build_avatar(human, SKATER, RenderSpec(subdivision=0), 1, empty_scene().collection, assets)
    body = next(mesh for mesh in human.meshes if mesh.name == "body")
    assert set(skin_fields(body, assets)) <= set(avatar.meshes[human.meshes.index(body)].data.attributes.keys())
    for mesh in avatar.meshes:
        for material in mesh.data.materials:
            nodes = [node for node in shared(material).nodes if node.type == "ATTRIBUTE"]
            read = {node.attribute_name for node in nodes if node.attribute_type == "GEOMETRY"}
            assert read <= set(mesh.data.attributes.keys()), material.name


@pytest.mark.parametrize(
    ("fit", "width", "height"), (("HORIZONTAL", 640, 480), ("AUTO", 480, 640), ("VERTICAL", 640, 480))
)
def test_looks_are_told_how_much_a_pixel_takes_in(fit: str, width: int, height: int) -> None:
    scene = empty_scene()
    camera = bpy.data.cameras.new("camera")
    camera.lens, camera.sensor_width, camera.sensor_height, camera.sensor_fit = 85.0, 36.0, 24.0, fit
    scene.camera = bpy.data.objects.new("camera", camera)
    scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = width, height, 100
    tell_pixel_size(scene)
    sensor, pixels = (24.0, height) if fit == "VERTICAL" else (36.0, max(width, height))
    assert scene[RADIANS_PER_PIXEL] == pytest.approx(sensor / 85.0 / pixels, rel=1e-4)


def test_a_new_pixel_size_is_told_and_rounding_is_not() -> None:
    scene = empty_scene()
    camera = bpy.data.cameras.new("camera")
    scene.camera = bpy.data.objects.new("camera", camera)
    tell_pixel_size(scene)
    before = scene[RADIANS_PER_PIXEL]
    camera.lens *= 1.001
    tell_pixel_size(scene)
    assert scene[RADIANS_PER_PIXEL] == before
    camera.lens *= 2.0
    tell_pixel_size(scene)
    assert scene[RADIANS_PER_PIXEL] == pytest.approx(0.5 * before, rel=0.01)

"""MakeHuman's shared assets: .mhclo, .obj and .mhmat, right ones and wrong ones, and files of any bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_asset import SCALES, save_asset

from blender_addon.cast import GarmentSpec, HairSpec, SkaterSpec
from blender_addon.labels.vocabulary import BODY_PART_INDEX, CLOTHES_INDEX
from blender_addon.makehuman.base_mesh import METRES_PER_UNIT, read_base_mesh
from blender_addon.makehuman.body import load_body
from blender_addon.makehuman.mhclo import fitted, read_mhclo
from blender_addon.makehuman.mhmat import Mhmat, read_mhmat
from blender_addon.makehuman.obj import read_obj
from blender_addon.skater.build import build_human
from mocap.errors import UserError

LINES = "basemesh hm08\nname x\nobj_file x.obj\nverts 0\n1\n2\n3\n"
TRIANGLE = "v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"
PIXEL = bytes.fromhex("89504e470d0a1a0a")


def vest(folder: Path, assets: Path, *, alpha: bool = False) -> Path:
    base = read_base_mesh(assets)
    skin = base.vertices[base.groups["body"], 2]
    height = (base.vertices[base.faces][..., 2].mean(axis=1) - skin.min()) / np.ptp(skin)
    faces = base.face_masks["helper-tights"] & (height > 0.58) & (height < 0.82)
    return save_asset(folder, "vest", base, faces, alpha=alpha)


def shoes(folder: Path, assets: Path) -> Path:
    base = read_base_mesh(assets)
    low = base.vertices[base.faces][..., 2].max(axis=1) < base.vertices[base.groups["body"], 2].min() + 0.09
    return save_asset(folder, "shoes", base, base.face_masks["helper-tights"] & low)


def mistake(call: object, path: Path) -> str:
    assert callable(call)
    with pytest.raises(UserError) as caught:
        call(path)
    assert "\n" not in caught.value.line()
    return caught.value.line()


def write(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text)
    return folder / name


def test_a_garment_lies_where_it_was_made_on_the_base_mesh(assets: Path, tmp_path: Path) -> None:
    clothes = read_mhclo(vest(tmp_path, assets))
    base = read_base_mesh(assets)
    mesh = read_obj(clothes.obj)
    made = np.stack((mesh.vertices[:, 0], -mesh.vertices[:, 2], mesh.vertices[:, 1]), axis=-1) * METRES_PER_UNIT
    bound = fitted(clothes, base.vertices)
    offset = np.zeros_like(made)
    offset[:, 0] = METRES_PER_UNIT * clothes.offsets[:, 0]
    np.testing.assert_allclose(bound - offset, made, atol=2e-6)


def test_it_grows_with_the_body_as_the_scale_lines_say(assets: Path, tmp_path: Path) -> None:
    clothes = read_mhclo(vest(tmp_path, assets))
    base, body = read_base_mesh(assets), load_body({"age": 0.19, "gender": 0.0}, assets)
    low, high = SCALES["x_scale"]
    grown = abs(body.vertices[low, 0] - body.vertices[high, 0]) / abs(base.vertices[low, 0] - base.vertices[high, 0])
    assert 0.5 < grown < 0.95
    vertex = int(np.argmax(clothes.offsets[:, 0]))
    off = fitted(clothes, body.vertices)[vertex] - body.vertices[clothes.vertices[vertex, 0]]
    np.testing.assert_allclose(off, (METRES_PER_UNIT * clothes.offsets[vertex, 0] * grown, 0.0, 0.0), atol=1e-6)


def test_offsets_are_turned_from_makehumans_axes_to_blenders(assets: Path, tmp_path: Path) -> None:
    write(tmp_path, "x.obj", TRIANGLE)
    path = write(tmp_path, "x.mhclo", LINES.replace("\n1\n", "\n7 8 9 1 0 0 0.1 0.2 0.3\n"))
    base = read_base_mesh(assets)
    moved = fitted(read_mhclo(path), base.vertices)[0] - base.vertices[7]
    np.testing.assert_allclose(moved, (0.01, -0.03, 0.02), atol=1e-9)


def test_it_is_worn_in_its_class_and_hides_the_skin_under_it(assets: Path, tmp_path: Path) -> None:
    file = str(vest(tmp_path, assets))
    bare = build_human(SkaterSpec(), assets)
    worn = build_human(SkaterSpec(garments={"shirt": GarmentSpec(file=file)}), assets)
    (mesh,) = (mesh for mesh in worn.meshes if mesh.name == "shirt")
    assert set(mesh.garment.tolist()) == {CLOTHES_INDEX["shirt"]} and mesh.look == "file"
    assert {BODY_PART_INDEX["torso"], BODY_PART_INDEX["left_upper_arm"]} <= set(mesh.part.tolist())
    assert mesh.weights.sum(axis=1) == pytest.approx(1.0) and mesh.uv is not None
    skins = [next(m for m in human.meshes if m.name == "body") for human in (bare, worn)]
    assert 500 < len(skins[0].faces) - len(skins[1].faces) < 6000


def test_shoes_stand_on_the_ground(assets: Path, tmp_path: Path) -> None:
    file = str(shoes(tmp_path, assets))
    human = build_human(SkaterSpec(garments={"shoes": GarmentSpec(file=file)}), assets)
    lowest = min(mesh.vertices[:, 2].min() for mesh in human.meshes)
    soles = [mark.points[:, 2].min() for mark in human.blades.values()]
    assert abs(lowest) < 1e-6 and abs(min(soles)) < 1e-6 and max(soles) < 0.01
    shifted = (
        human.landmarks["left_ankle"].points[0, 2]
        - build_human(SkaterSpec(), assets).landmarks["left_ankle"].points[0, 2]
    )
    assert shifted > 0.001


def test_hair_from_a_file_takes_the_place_of_a_style(assets: Path, tmp_path: Path) -> None:
    human = build_human(SkaterSpec(hair=HairSpec(file=str(vest(tmp_path, assets)))), assets)
    (mesh,) = (mesh for mesh in human.meshes if mesh.look == "file")
    assert set(mesh.garment.tolist()) == {CLOTHES_INDEX["hair"]}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LINES.replace("hm08", "alpha_7"), ["line 1", "base mesh 'alpha_7', not hm08"]),
        (LINES.replace("x.obj", "gone.obj"), ["line 3", "'gone.obj', which this asset needs, is missing"]),
        (LINES.replace("x.obj", "../x.obj"), ["line 3", "outside the asset's folder"]),
        (LINES.replace("x.obj", "/etc/passwd"), ["outside the asset's folder"]),
        (LINES.replace("obj_file x.obj\n", ""), ["'obj_file' is missing"]),
        (LINES.split("verts")[0], ["binds no vertices"]),
        (LINES + "19158\n", ["line 8", "a vertex that hm08 has not"]),
        (LINES + "1 2 3 0.5\n", ["line 8", "by one number or by nine"]),
        (LINES + "1 2 3 x 0 0 0 0 0\n", ["line 8", "9 numbers"]),
        (LINES + "1 2 3 nan 0 0 0 0 0\n", ["9 numbers"]),
        (LINES + "material m.mhmat\n", ["line 8", "'m.mhmat', which this asset needs, is missing"]),
        (LINES + "x_scale 1 2 0\ny_scale 1 2 1\nz_scale 1 2 1\n", ["line 8", "more than 0"]),
        (LINES + "x_scale 1 99999 1\ny_scale 1 2 1\nz_scale 1 2 1\n", ["measures a vertex"]),
        (LINES + "delete_verts\n3 - 99999\n", ["line 9", "not a vertex of hm08"]),
    ],
)
def test_what_is_wrong_with_a_mhclo_is_told_in_a_line(text: str, words: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "asset"
    folder.mkdir()
    write(folder, "x.obj", TRIANGLE)
    path = write(folder, "x.mhclo", text)
    line = mistake(read_mhclo, path)
    assert str(path) in line
    for word in words:
        assert word in line


def test_a_mesh_of_another_count_is_told(assets: Path, tmp_path: Path) -> None:
    write(tmp_path, "x.obj", TRIANGLE)
    path = write(tmp_path, "x.mhclo", LINES + "4\n")
    spec = SkaterSpec(garments={"shirt": GarmentSpec(file=str(path))})
    with pytest.raises(UserError, match=r"binds 4 vertices, but x\.obj has 3"):
        build_human(spec, assets)


def test_ranges_of_hidden_vertices_may_go_on_in_the_next_line(tmp_path: Path) -> None:
    write(tmp_path, "x.obj", TRIANGLE)
    path = write(tmp_path, "x.mhclo", LINES + "\ndelete_verts\n 3 - 5 9\n 20 -\n 22\n")
    assert np.flatnonzero(read_mhclo(path).hides).tolist() == [3, 4, 5, 9, 20, 21, 22]


def test_faces_of_any_size_and_spelling_are_read(tmp_path: Path) -> None:
    corners = "v 0 0 0\nv 1 0 0\nv 2 1 0\nv 1 2 0\nv 0 2 0\nvt 0 0\nvt 1 1\n"
    path = write(
        tmp_path, "x.obj", "o thing\n" + corners + "f 1/1 2/2/7 3/1 4/2 5/1\nf -3/1 -2/2 -1/1\nf 1/1 2/1 3/1 4/1\n"
    )
    mesh = read_obj(path)
    assert mesh.faces.tolist() == [[0, 1, 2, 3], [0, 3, 4, -1], [2, 3, 4, -1], [0, 1, 2, 3]]
    assert mesh.uv is not None and mesh.uv[0].tolist() == [[0, 0], [1, 1], [0, 0], [1, 1]]
    assert read_obj(write(tmp_path, "y.obj", corners + "f 1//1 2//1 3//1\nf 1/1 2/1 3/1\n")).uv is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("v 0 0 0\n", ["no mesh"]),
        (TRIANGLE.replace("f 1 2 3", "f 1 2"), ["line 4", "three corners"]),
        (TRIANGLE.replace("f 1 2 3", "f 1 2 4"), ["line 4", "no corner 4, of 3"]),
        (TRIANGLE.replace("f 1 2 3", "f 0 1 2"), ["line 4", "no corner 0"]),
        (TRIANGLE.replace("f 1 2 3", "f a 1 2"), ["line 4", "'a' is not the number"]),
        (TRIANGLE.replace("v 1 0 0", "v 1 0"), ["line 2", "3 numbers"]),
        (TRIANGLE.replace("v 1 0 0", "v 1 inf 0"), ["line 2", "3 numbers"]),
    ],
)
def test_what_is_wrong_with_an_obj_is_told_in_a_line(text: str, words: list[str], tmp_path: Path) -> None:
    line = mistake(read_obj, write(tmp_path, "x.obj", text))
    for word in words:
        assert word in line


def test_a_material_is_read_with_its_other_names(tmp_path: Path) -> None:
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "my cloth.png").write_bytes(PIXEL)
    text = (
        "// nobody's\nDiffuseColor 0.1 2 0.3\nalbedoMapTexture maps\\my cloth.png\nroughness 0.25\ntransparent True\n"
    )
    read = read_mhmat(write(tmp_path, "m.mhmat", text))
    picture = (tmp_path / "maps" / "my cloth.png").resolve()
    assert read == Mhmat(color=(0.1, 1.0, 0.3), color_map=picture, roughness=0.25, transparent=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("diffuseTexture gone.png\n", ["line 1", "'gone.png', which this asset needs, is missing"]),
        ("diffuseTexture ../../secret.png\n", ["outside the asset's folder"]),
        ("diffuseColor 0.1 red 0.2\n", ["line 1", "3 numbers"]),
        ("roughness\n", ["line 1", "1 numbers"]),
    ],
)
def test_what_is_wrong_with_a_mhmat_is_told_in_a_line(text: str, words: list[str], tmp_path: Path) -> None:
    line = mistake(read_mhmat, write(tmp_path, "m.mhmat", text))
    for word in words:
        assert word in line


WORDS = st.sampled_from(
    [
        *("verts", "delete_verts", "obj_file", "material", "basemesh", "hm08", "x_scale", "y_scale", "z_scale"),
        *("x.obj", "m.mhmat", "..", "/", "-", "--", "0", "1", "-1", "2.5", "1e999", "19157", "19158", "9" * 20, "nan"),
        *("v", "vt", "f", "1/2/3", "1//", "//", "diffuseColor", "diffuseTexture", "roughness", "True", "#", "\\"),
        *("²", "٣", "é", "\x1c", ""),
    ]
)
TEXTS = st.lists(st.lists(WORDS, max_size=11).map(" ".join), max_size=30).map("\n".join).map(str.encode)


@given(data=TEXTS | st.binary(max_size=300), start=st.sampled_from((LINES, TRIANGLE, "")))
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_readers_take_any_bytes_or_tell_what_is_wrong(data: bytes, start: str, tmp_path: Path) -> None:
    (tmp_path / "x.obj").write_text(TRIANGLE)
    path = tmp_path / "fuzz"
    path.write_bytes(start.encode() + data)
    for read in (read_mhclo.__wrapped__, read_obj, read_mhmat.__wrapped__):
        try:
            read(path)
        except UserError as error:
            assert "\n" not in error.line()

"""The MakeHuman body: base mesh, phenotype, weights, and what is said about damaged data."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from blender_addon.makehuman.base_mesh import read_base_mesh
from blender_addon.makehuman.body import Body, load_body
from blender_addon.makehuman.targets import complete_phenotype, shape_offsets, target_shares
from mocap.errors import UserError

PHENOTYPES = ("woman", "tall_man", "girl")


@pytest.fixture(scope="module", params=PHENOTYPES)
def body(request: pytest.FixtureRequest, assets: Path, phenotypes: Mapping[str, Mapping[str, float]]) -> Body:
    return load_body(phenotypes[request.param], assets)


@pytest.fixture
def copied(assets: Path, tmp_path: Path) -> Path:
    """The part of the data that an average adult needs, as a copy to damage."""
    for name in ("3dobjs/base.obj", "rigs/standard/rig.default.json", "rigs/standard/weights.default.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(assets / name, tmp_path / name)
    macros = tmp_path / "targets" / "macrodetails"
    macros.mkdir(parents=True)
    shutil.copy(assets / "targets" / "macrodetails" / "macro.json", macros)
    for name in target_shares({}, assets):
        shutil.copy(assets / "targets" / f"{name}.target.gz", tmp_path / "targets" / f"{name}.target.gz")
    return tmp_path


def litres(body: Body) -> float:
    """Volume inside the skin, which is nearly closed; negative if wound inside out. A litre weighs about a kilo."""
    corners = body.vertices[body.faces[body.face_masks["body"]]]
    triangles = np.concatenate((corners[:, (0, 1, 2)], corners[:, (0, 2, 3)]))
    return float(np.einsum("ij,ij->", triangles[:, 0], np.cross(triangles[:, 1], triangles[:, 2])) / 6.0 * 1000.0)


def test_the_base_mesh_is_hm08_in_blenders_axes(assets: Path) -> None:
    mesh = read_base_mesh(assets)
    assert mesh.vertices.shape == (19158, 3) and mesh.faces.shape == (18486, 4) and mesh.face_uv.shape == (18486, 4, 2)
    np.testing.assert_array_equal(mesh.groups["body"], np.arange(13380))
    np.testing.assert_array_equal(mesh.groups["helper-tights"], np.arange(15328, 18002))
    np.testing.assert_array_equal(mesh.groups["helper-skirt"], np.arange(18002, 18722))
    assert all(
        len(mesh.groups[name]) == 8 for name in mesh.groups if name.startswith("joint-") and name[-6:] != "ground"
    )
    assert sum(int(mask.sum()) for mask in mesh.face_masks.values()) == len(mesh.faces)
    assert mesh.face_uv.min() >= 0.0 and mesh.face_uv.max() <= 1.0


def test_the_mesh_groups_are_those_of_mpfb(assets: Path) -> None:
    mesh = read_base_mesh(assets)
    table = json.loads((assets / "mesh_metadata" / "basemesh_vertex_groups.json").read_text())
    joints = {name: ranges for name, ranges in table.items() if name.startswith("joint-")}
    assert len(joints) > 100
    for name, ranges in joints.items():
        wanted = np.concatenate([np.arange(first, last + 1) for first, last in ranges])
        np.testing.assert_array_equal(mesh.groups[name], wanted, err_msg=name)


def test_the_body_stands_on_the_floor_facing_minus_y_with_its_left_at_plus_x(body: Body) -> None:
    skin = body.vertices[body.groups["body"]]
    assert skin[:, 2].min() == pytest.approx(0.0, abs=1e-12)
    assert body.stature == pytest.approx(np.ptp(skin[:, 2]))
    toes, heel = (
        body.vertices[body.groups["joint-l-toe-1-3"]].mean(0),
        body.vertices[body.groups["joint-l-ankle"]].mean(0),
    )
    assert toes[1] < heel[1] - 0.05
    assert body.vertices[body.groups["joint-l-knee"]].mean(0)[0] > 0.05
    assert body.vertices[body.groups["joint-r-knee"]].mean(0)[0] < -0.05


def test_the_skin_is_wound_counter_clockwise_seen_from_outside(body: Body) -> None:
    assert 15.0 < litres(body) < 130.0


def test_the_body_is_symmetric(body: Body, assets: Path) -> None:
    rows = (assets / "mesh_metadata" / "hm08.mirror").read_text().split()
    mirror = np.empty(19158, dtype=int)
    mirror[np.array(rows[0::3], dtype=int)] = np.array(rows[1::3], dtype=int)
    skin = body.groups["body"]
    apart = np.linalg.norm(body.vertices[skin] - body.vertices[mirror[skin]] * (-1.0, 1.0, 1.0), axis=1)
    assert np.percentile(apart, 99) < 0.002 and apart.max() < 0.01


# What MPFB2 2.0.17 makes of these values in Blender 4.5: vertices of nose, breast, back, toe and skirt, and the wrist.
MPFB2 = (
    (
        {
            "gender": 0.51, "age": 0.95, "muscle": 0.14, "weight": 0.95, "proportions": 0.31, "height": 0.42,
            "cupsize": 0.83, "firmness": 0.41, "asian": 0.41, "caucasian": 0.02, "african": 0.57,
        },
        (
            (0.0, -0.16451, 1.45704), (-0.11485, -0.19869, 1.10852), (0.0, 0.09896, 0.85154),
            (0.15398, -0.19249, 0.01337), (-0.25699, -0.05875, 0.12099), (0.42769, -0.19687, 1.00764),
        ),
    ),
    (
        {"gender": 1.0, "height": 0.65, "muscle": 0.7, "african": 1.0},
        (
            (0.0, -0.18646, 1.84849), (-0.10972, -0.15945, 1.49622), (0.0, 0.06771, 1.08713),
            (0.21039, -0.24532, 0.01768), (-0.33153, -0.07525, 0.13898), (0.56581, -0.25668, 1.24449),
        ),
    ),
)  # fmt: skip


@pytest.mark.parametrize(("phenotype", "wanted"), MPFB2)
def test_the_body_is_mpfb2s_for_the_same_values(
    phenotype: Mapping[str, float], wanted: tuple[tuple[float, float, float], ...], assets: Path
) -> None:
    body = load_body(phenotype, assets)
    points = (*body.vertices[[297, 1779, 4223, 12756, 18700]], body.rig.heads[body.rig.index("wrist.L")])
    np.testing.assert_allclose(points, wanted, atol=1.1e-5)


@pytest.mark.parametrize(
    ("phenotype", "low", "high"),
    [
        ({"gender": 0.0}, 1.55, 1.68),
        ({"gender": 1.0}, 1.68, 1.80),
        ({"gender": 0.0, "caucasian": 1.0}, 1.58, 1.70),
        ({"gender": 0.0, "age": 0.1875}, 1.05, 1.30),
    ],
)
def test_statures_are_plausible(phenotype: Mapping[str, float], low: float, high: float, assets: Path) -> None:
    assert low < load_body(phenotype, assets).stature < high


def test_stature_grows_with_height_and_volume_with_weight(assets: Path) -> None:
    statures = [load_body({"gender": 0.0, "height": h}, assets).stature for h in (0.2, 0.4, 0.5, 0.6, 0.8)]
    assert np.all(np.diff(statures) > 0.01)
    volumes = [litres(load_body({"gender": 0.0, "weight": w}, assets)) for w in (0.2, 0.5, 0.9)]
    assert volumes[0] * 1.05 < volumes[1] < volumes[2] / 1.05


def test_target_shares_are_those_of_mpfb(assets: Path) -> None:
    """Worked out by hand from macro.json: gender 0 lies 0.01 into a range of 1.02, so 0.9902 female, 0.0098 male."""
    shares = target_shares({"gender": 0.0, "age": 0.75, "height": 0.75, "asian": 0.75, "african": 0.25}, assets)
    old = round((0.75 - 0.49999) / 0.51001, 4)
    tall = round((0.75 - 0.51) / 0.5, 4)
    middle = "averagemuscle-averageweight"
    wanted = {
        f"macrodetails/{race}-female-{age}": share * 0.9902 * amount
        for race, share in (("asian", 0.75), ("african", 0.25))
        for age, amount in (("young", 1 - old), ("old", old))
    }
    for age, amount in (("young", 1 - old), ("old", old)):
        wanted[f"macrodetails/universal-female-{age}-{middle}"] = 0.9902 * amount
        wanted[f"macrodetails/height/female-{age}-{middle}-maxheight"] = 0.9902 * amount * tall
    assert shares == pytest.approx(wanted, abs=2e-4)


@pytest.mark.parametrize("gender", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("age", [0.0, 0.1, 0.18749985, 0.3, 0.5, 0.9])
@pytest.mark.parametrize("muscle", [0.1, 0.499985, 0.8])
def test_the_universal_targets_share_out_one_body(gender: float, age: float, muscle: float, assets: Path) -> None:
    shares = target_shares({"gender": gender, "age": age, "muscle": muscle, "weight": 0.7}, assets)
    universal = sum(share for name, share in shares.items() if "universal" in name)
    # Targets that count for less than 1% are left out, here at most eight of them.
    assert 0.92 < universal <= 1.0 + 1e-3


def test_every_target_that_can_be_asked_for_is_there(assets: Path) -> None:
    rng = np.random.default_rng(5)
    names = ("gender", "age", "muscle", "weight", "proportions", "height", "cupsize", "firmness")
    asked: set[str] = set()
    for _ in range(60):
        asked |= target_shares(dict(zip(names, rng.choice([0.0, 0.1, 0.3, 0.6, 1.0], 8), strict=True)), assets).keys()
    assert {name for name in asked if not (assets / "targets" / f"{name}.target.gz").is_file()} == set()


def test_breast_targets_count_only_where_they_are_asked_for(assets: Path) -> None:
    def breast(phenotype: Mapping[str, float]) -> dict[str, float]:
        return {n: share for n, share in target_shares(phenotype, assets).items() if n.startswith("breast/")}

    assert breast({"gender": 0.0}) == breast({"gender": 1.0}) == {}
    # Babies have none; what is left is the twentieth of a child that age 0 stands for.
    assert list(breast({"gender": 0.0, "age": 0.0, "cupsize": 1.0})) == [
        "breast/female-child-averagemuscle-averageweight-maxcup-averagefirmness"
    ]
    middle = "breast/female-young-averagemuscle-averageweight"
    # Not thinned out by the 0.9902 of gender 0: there is no male counterpart to take the rest.
    assert breast({"gender": 0.0, "cupsize": 1.0}) == pytest.approx(
        {f"{middle}-maxcup-averagefirmness": 0.98}, abs=1e-3
    )


def test_offsets_are_what_the_target_files_say(assets: Path) -> None:
    phenotype = {"gender": 0.4, "age": 0.3, "height": 0.7, "proportions": 0.9}
    wanted = np.zeros((19158, 3))
    for name, share in target_shares(phenotype, assets).items():
        for line in gzip.decompress((assets / "targets" / f"{name}.target.gz").read_bytes()).decode().splitlines():
            index, x, y, z = line.split()
            wanted[int(index)] += share * 0.1 * np.array((float(x), -float(z), float(y)))
    np.testing.assert_allclose(shape_offsets(phenotype, assets), wanted, atol=1e-12)


def test_every_vertex_hangs_on_bones(body: Body) -> None:
    assert body.bones.shape == body.weights.shape and body.bones.shape[1] <= 8
    np.testing.assert_allclose(body.weights.sum(axis=1), 1.0, atol=1e-9)
    assert body.weights.min() >= 0.0
    assert body.bones.min() >= 0 and body.bones.max() < len(body.rig.names)
    assert np.all(np.diff(body.weights, axis=1) <= 0.0)


def test_vertices_hang_on_bones_near_them(body: Body) -> None:
    main = body.rig.heads[body.bones[:, 0]], body.rig.tails[body.bones[:, 0]]
    skin = body.groups["body"]
    head, along = main[0][skin], main[1][skin] - main[0][skin]
    share = np.clip(np.sum((body.vertices[skin] - head) * along, axis=1) / np.sum(along**2, axis=1), 0.0, 1.0)
    away = np.linalg.norm(body.vertices[skin] - head - share[:, None] * along, axis=1)
    assert away.max() < 0.16 * body.stature


def test_a_vertex_without_weights_moves_with_its_neighbour(copied: Path) -> None:
    path = copied / "rigs" / "standard" / "weights.default.json"
    table = json.loads(path.read_text())
    table["weights"] = {bone: [[v, w] for v, w in entries if v < 15328] for bone, entries in table["weights"].items()}
    path.write_text(json.dumps(table))
    body = load_body({}, copied)
    np.testing.assert_allclose(body.weights.sum(axis=1), 1.0, atol=1e-9)
    tights = body.groups["helper-tights"]
    wrist = body.vertices[body.groups["joint-l-hand"]].mean(0)
    nearest = tights[np.argmin(np.linalg.norm(body.vertices[tights] - wrist, axis=1))]
    assert body.rig.names[body.bones[nearest, 0]] in ("lowerarm02.L", "wrist.L")


@pytest.mark.parametrize(
    ("phenotype", "message"),
    [
        ({"gendre": 0.5}, "no phenotype value 'gendre'"),
        ({"age": 1.5}, r"phenotype\.age: 1\.5 is not between 0 and 1"),
        ({"age": float("nan")}, "nan is not between 0 and 1"),
        ({"asian": 0.0}, "must sum to more than 0"),
        ({"asian": 1.0, "african": 1.0}, "at most 1"),
    ],
)
def test_a_bad_phenotype_is_one_line(phenotype: Mapping[str, float], message: str) -> None:
    with pytest.raises(UserError, match=message) as error:
        complete_phenotype(phenotype)
    assert "\n" not in error.value.line()


def test_unnamed_races_are_zero_where_one_is_named() -> None:
    assert complete_phenotype({})["asian"] == pytest.approx(0.33)
    named = complete_phenotype({"asian": 0.4, "african": 0.6})
    assert (named["asian"], named["african"], named["caucasian"]) == (0.4, 0.6, 0.0)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("3dobjs/base.obj", None, "base mesh cannot be read"),
        ("3dobjs/base.obj", b"v 1 2 3\nf 1/1 1/1 1/1 1/1\n", "not the MakeHuman base mesh"),
        ("3dobjs/base.obj", b"\xff\xfe\x00", "base mesh cannot be read"),
        ("targets/macrodetails/macro.json", b'{"macrotargets": {}}', "macros cannot be read"),
        ("rigs/standard/rig.default.json", b"[]", "not a JSON object"),
        ("rigs/standard/rig.default.json", b'{"a": {"parent": "a"}}', "not a MakeHuman rig"),
        ("rigs/standard/weights.default.json", b'{"weights": {"nobone": [[1, 1.0]]}}', "nobone"),
        (
            "rigs/standard/weights.default.json",
            b'{"weights": {"root": [[99999, 1.0]]}}',
            "not a MakeHuman rig's weights",
        ),
        ("rigs/standard/weights.default.json", b'{"weights": ', "cannot be read"),
    ],
)
def test_damaged_data_is_one_line_with_the_file(name: str, content: bytes | None, message: str, copied: Path) -> None:
    if content is None:
        (copied / name).unlink()
    else:
        (copied / name).write_bytes(content)
    with pytest.raises(UserError, match=message) as error:
        load_body({}, copied)
    assert str(copied / name) in error.value.line() and "\n" not in error.value.line()


@pytest.mark.parametrize(
    # Without a time, or the test would have another name in each process.
    "content",
    [b"no gzip", *(gzip.compress(text, mtime=0) for text in (b"1 2 3", b"99999 0 0 0", b"1 0 0 0\n1 0 0 0"))],
)
def test_a_damaged_target_is_one_line_with_the_file(content: bytes, copied: Path) -> None:
    name = next(iter(target_shares({}, copied)))
    path = copied / "targets" / f"{name}.target.gz"
    path.write_bytes(content)
    with pytest.raises(UserError, match="target") as error:
        load_body({}, copied)
    assert str(path) in error.value.line() and "\n" not in error.value.line()

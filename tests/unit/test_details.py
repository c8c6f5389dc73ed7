"""Detail targets and expressions: names, amounts, files from elsewhere, and what is said about bad ones."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from blender_addon.makehuman.body import Body, load_body
from blender_addon.makehuman.details import FACE_SPREAD, detail_offsets, read_details
from blender_addon.makehuman.expressions import EXPRESSIONS, expression_offsets
from blender_addon.makehuman.targets import read_target
from mocap.errors import UserError


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A target that lifts vertex 100 by a decimetre."""
    path = tmp_path / "lift.target"
    path.write_text("# basemesh hm08\n100 0 1 0\n")
    return path


def test_every_named_detail_moves_the_body_to_both_sides(assets: Path) -> None:
    details = read_details(assets)
    assert len(details) > 300
    for name, detail in details.items():
        for target in (*detail.negative, *detail.positive):
            assert len(read_target(assets, target)[0]), (name, target)


def test_the_side_of_a_slider_picks_the_target(assets: Path) -> None:
    for amount, target in ((0.3, "nose/nose-hump-incr"), (-0.7, "nose/nose-hump-decr")):
        indices, offsets = read_target(assets, target)
        wanted = np.zeros((19158, 3))
        wanted[indices] = abs(amount) * offsets
        np.testing.assert_allclose(detail_offsets({"nose-hump-decr-incr": amount}, assets), wanted)


def test_a_detail_that_the_body_has_twice_is_its_two_sides(assets: Path) -> None:
    both = detail_offsets({"cheek-bones-decr-incr": -0.5}, assets)
    sides = detail_offsets({"l-cheek-bones-decr-incr": -0.5, "r-cheek-bones-decr-incr": -0.5}, assets)
    left = detail_offsets({"l-cheek-bones-decr-incr": 1.0}, assets)
    np.testing.assert_array_equal(both, sides)
    moved = np.linalg.norm(left, axis=1) > 1e-4
    vertices = load_body({}, assets).vertices
    assert np.all(vertices[moved, 0] > 0.0)


def test_the_category_whose_opposites_the_data_leaves_out_has_them(assets: Path) -> None:
    detail = read_details(assets)["eye-eyefold-concave-convex"]
    assert detail.negative == ("eyes/l-eye-eyefold-concave", "eyes/r-eye-eyefold-concave")
    assert detail.positive == ("eyes/l-eye-eyefold-convex", "eyes/r-eye-eyefold-convex")


def test_a_detail_without_an_opposite_runs_from_zero(assets: Path) -> None:
    assert read_details(assets)["head-oval"].lowest == 0.0
    with pytest.raises(UserError, match=r"details\.head-oval: -0\.5 is not between 0 and 1"):
        detail_offsets({"head-oval": -0.5}, assets)


def test_the_spread_of_faces_names_details_that_there_are(assets: Path) -> None:
    details = read_details(assets)
    assert set(FACE_SPREAD) <= set(details)
    # A normal draw has two sides.
    assert all(details[name].lowest == -1.0 for name in FACE_SPREAD)


def test_details_move_the_joints_along(assets: Path) -> None:
    plain, long = load_body({}, assets), load_body({}, assets, details={"measure-upperarm-length-decr-incr": 1.0})

    def upper_arm(body: Body) -> float:
        rig = body.rig
        return float(np.linalg.norm(rig.heads[rig.index("lowerarm01.L")] - rig.heads[rig.index("upperarm01.L")]))

    assert upper_arm(long) > upper_arm(plain) + 0.02


def test_a_target_file_is_worn_as_it_is_or_turned_round(target: Path, assets: Path) -> None:
    packed = target.with_name("lift.target.gz")
    packed.write_bytes(gzip.compress(target.read_bytes()))
    for path, amount in ((target, -0.5), (packed, 1.0)):
        offsets = detail_offsets({str(path): amount}, assets)
        np.testing.assert_allclose(offsets[100], (0.0, 0.0, 0.1 * amount))
        assert np.count_nonzero(offsets) == 1


@pytest.mark.parametrize(
    ("name", "amount", "message"),
    [
        ("nose-hump", 0.5, r"no detail 'nose-hump'\. Did you mean 'nose-hump-decr-incr'"),
        ("nose-hump-decr-incr", 1.5, r"details\.nose-hump-decr-incr: 1\.5 is not between -1 and 1"),
        ("nose-hump-decr-incr", float("nan"), "nan is not between"),
    ],
)
def test_a_bad_detail_is_one_line(name: str, amount: float, message: str, assets: Path) -> None:
    with pytest.raises(UserError, match=message) as error:
        load_body({}, assets, details={name: amount})
    assert "\n" not in error.value.line()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot be read"),
        (b"# basemesh hm04\n100 0 1 0\n", "for the base mesh 'hm04', not hm08"),
        (b"20000 0 1 0\n", "not a target of the MakeHuman base mesh hm08"),
        (b"100 0 1\n", "not a target"),
        (b"100 0 nan 0\n", "not a target"),
        (b"1e30 0 0 0\n", "not a target"),
        (b"nan 0 0 0\n", "not a target"),
        (b"\xff\xfe", "not a target"),
        (b"100 0 1 0\n" * 1_000_000, "not a target"),
    ],
)
def test_a_bad_target_file_is_one_line_with_the_file(
    content: bytes | None, message: str, target: Path, assets: Path
) -> None:
    if content is None:
        target.unlink()
    else:
        target.write_bytes(content)
    with pytest.raises(UserError, match=message) as error:
        detail_offsets({str(target): 1.0}, assets)
    assert str(target) in error.value.line() and "\n" not in error.value.line()


@pytest.mark.parametrize(
    # Without a time, or the test would have another name in each process.
    "content",
    [b"no gzip", gzip.compress(b"0" * 10_000_000, mtime=0), gzip.compress(b"1 2 3 4\n", mtime=0)[:-9]],
)
def test_a_bad_packed_target_is_one_line_with_the_file(content: bytes, tmp_path: Path, assets: Path) -> None:
    path = tmp_path / "bad.target.gz"
    path.write_bytes(content)
    with pytest.raises(UserError, match="target") as error:
        detail_offsets({str(path): 1.0}, assets)
    assert str(path) in error.value.line() and "\n" not in error.value.line()


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "{",
        json.dumps({"nose": {"categories": [{"name": "x"}]}}),
        json.dumps({"nose": {"categories": [{"name": "x", "has_left_and_right": False, "targets": ["y"]}]}}),
        json.dumps({"nose": {"categories": 3}}),
    ],
)
def test_a_damaged_description_is_one_line_with_the_file(content: str, tmp_path: Path) -> None:
    path = tmp_path / "targets" / "target.json"
    path.parent.mkdir()
    path.write_text(content)
    with pytest.raises(UserError, match="details cannot be read") as error:
        read_details(tmp_path)
    assert str(path) in error.value.line() and "\n" not in error.value.line()


def test_an_expression_counts_by_origin_and_amount(assets: Path) -> None:
    phenotype = {"asian": 0.25, "african": 0.25}  # half of a whole, so each of them counts as half
    wanted = np.zeros((19158, 3))
    for side in ("left", "right"):
        for origin in ("asian", "african"):
            indices, offsets = read_target(assets, f"expression/units/{origin}/eye-{side}-closure")
            wanted[indices] += 0.4 * 0.5 * offsets
    vertices = load_body(phenotype, assets).vertices
    offsets = expression_offsets({"closed_eyes": 0.4}, phenotype, vertices, assets)
    np.testing.assert_allclose(offsets, wanted, atol=1e-12)


def test_a_child_opens_her_mouth_by_her_faces_size(assets: Path) -> None:
    girl, grown = ({"gender": 0.0, "age": age} for age in (0.1, 0.5))
    opened = [
        np.abs(expression_offsets({"open_mouth": 1.0}, person, load_body(person, assets).vertices, assets)).max()
        for person in (girl, grown)
    ]
    assert 0.5 < opened[0] / opened[1] < 0.9


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_an_expression_moves_the_face_alone(name: str, assets: Path) -> None:
    body = load_body({}, assets)
    moved = np.linalg.norm(expression_offsets({name: 1.0}, {}, body.vertices, assets), axis=1) > 1e-6
    chin = body.vertices[body.groups["joint-mouth"]].mean(axis=0)[2] - 0.15
    assert np.any(moved) and np.all(body.vertices[moved, 2] > chin)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ({"smiles": 0.5}, r"no expression 'smiles'\. Did you mean 'smile'"),
        ({"smile": 1.2}, r"expression\.smile: 1\.2 is not between 0 and 1"),
    ],
)
def test_a_bad_expression_is_one_line(expression: dict[str, float], message: str, assets: Path) -> None:
    with pytest.raises(UserError, match=message) as error:
        load_body({}, assets, expression=expression)
    assert "\n" not in error.value.line()


def test_a_missing_expression_unit_is_one_line_with_the_file(assets: Path, tmp_path: Path) -> None:
    (tmp_path / "3dobjs").mkdir()
    shutil.copy(assets / "3dobjs" / "base.obj", tmp_path / "3dobjs")
    vertices = load_body({}, assets).vertices
    with pytest.raises(UserError, match="target cannot be read") as error:
        expression_offsets({"open_mouth": 1.0}, {"asian": 1.0}, vertices, tmp_path)
    assert "mouth-open" in error.value.line() and "\n" not in error.value.line()

"""The fitted rig in numpy; `tests/scene/test_rig_in_blender.py` compares it with Blender's own armature."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from blender_addon.makehuman.body import Body, load_body
from blender_addon.makehuman.rig import rest_matrices
from blender_addon.makehuman.rig_files import RIG_FILES
from mocap.errors import UserError


@pytest.fixture(scope="module", params=("woman", "tall_man", "girl"))
def body(request: pytest.FixtureRequest, assets: Path, phenotypes: Mapping[str, Mapping[str, float]]) -> Body:
    return load_body(phenotypes[request.param], assets)


def test_parents_come_before_their_children(body: Body) -> None:
    assert len(body.rig.names) == len(set(body.rig.names)) == 163
    assert np.all(body.rig.parents < np.arange(len(body.rig.names)))
    assert np.flatnonzero(body.rig.parents < 0).tolist() == [body.rig.index("root")]
    assert body.rig.names[body.rig.parents[body.rig.index("lowerarm01.L")]] == "upperarm02.L"


def test_rest_matrices_are_rotations_along_the_bones(body: Body) -> None:
    turn = body.rig.rest[:, :3, :3]
    np.testing.assert_allclose(turn @ turn.transpose(0, 2, 1), np.tile(np.eye(3), (len(turn), 1, 1)), atol=1e-12)
    np.testing.assert_allclose(np.linalg.det(turn), 1.0, atol=1e-12)
    along = body.rig.tails - body.rig.heads
    length = np.linalg.norm(along, axis=1)
    assert length.min() > 1e-4
    np.testing.assert_allclose(turn[:, :, 1], along / length[:, None], atol=1e-12)
    np.testing.assert_array_equal(body.rig.rest[:, :3, 3], body.rig.heads)


@pytest.mark.parametrize(
    ("bone", "cube"),
    [("lowerarm01.L", "joint-l-elbow"), ("foot.R", "joint-r-ankle"), ("upperleg01.L", "joint-l-upper-leg")],
)
def test_joints_lie_in_their_cubes_on_the_shaped_mesh(bone: str, cube: str, body: Body) -> None:
    corners = body.vertices[body.groups[cube]]
    head = body.rig.heads[body.rig.index(bone)]
    np.testing.assert_allclose(head, corners.mean(axis=0), atol=1e-12)
    assert np.linalg.norm(corners - head, axis=1).max() < 0.03


def test_limbs_are_chains_without_gaps_and_mirror_images(body: Body) -> None:
    chains = (
        ("clavicle", "shoulder01", "upperarm01", "upperarm02", "lowerarm01", "lowerarm02", "wrist"),
        ("pelvis", "upperleg01", "upperleg02", "lowerleg01", "lowerleg02", "foot"),
    )
    for chain in chains:
        left, right = ([body.rig.index(f"{bone}.{side}") for bone in chain] for side in "LR")
        np.testing.assert_allclose(body.rig.tails[left[:-1]], body.rig.heads[left[1:]], atol=1e-9)
        np.testing.assert_allclose(body.rig.heads[left] * (-1, 1, 1), body.rig.heads[right], atol=0.003)


def test_rest_matrices_of_known_bones() -> None:
    """Blender's conventions: a bone along Y without roll is unturned, upright ones have X to the right and Z to −Y."""
    heads = np.zeros((4, 3))
    tails = np.array([[0.0, 2.0, 0.0], [0.0, 0.0, 0.5], [0.0, -1.0, 0.0], [0.0, 1.0, 0.0]])
    turns = rest_matrices(heads, tails, np.array([0.0, 0.0, 0.0, np.pi / 2]))[:, :3, :3]
    np.testing.assert_allclose(turns[0], np.eye(3), atol=1e-12)
    np.testing.assert_allclose(turns[1], [[1, 0, 0], [0, 0, -1], [0, 1, 0]], atol=1e-12)
    np.testing.assert_allclose(turns[2], np.diag((-1.0, -1.0, 1.0)), atol=1e-12)
    np.testing.assert_allclose(turns[3], [[0, 0, 1], [0, 1, 0], [-1, 0, 0]], atol=1e-12)


@pytest.mark.parametrize("rig", RIG_FILES)
def test_every_rig_stands_in_the_mesh_and_carries_all_of_it(rig: str, assets: Path) -> None:
    body, plain = load_body({}, assets, rig), load_body({}, assets)
    np.testing.assert_array_equal(body.vertices, plain.vertices)
    assert np.flatnonzero(body.rig.parents < 0).tolist() == [0], "one root, whatever constraints hold the others"
    assert np.all(body.rig.parents < np.arange(len(body.rig.names)))
    np.testing.assert_allclose(body.weights.sum(axis=1), 1.0, atol=1e-9)
    assert body.bones.max() < len(body.rig.names)
    # In metres and in the mesh's own pose, whatever the file was saved in.
    skin = plain.vertices[plain.groups["body"]]
    assert np.all(body.rig.heads >= skin.min(axis=0) - 0.05) and np.all(body.rig.heads <= skin.max(axis=0) + 0.05)


@pytest.mark.parametrize("rig", RIG_FILES)
def test_skin_hangs_on_bones_that_are_near(rig: str, assets: Path) -> None:
    """A weight that went to a stand-in far away would leave skin behind when that bone moves."""
    body = load_body({}, assets, rig)
    skin = body.groups["body"]
    bone = body.bones[skin, 0]
    head, along = body.rig.heads[bone], body.rig.tails[bone] - body.rig.heads[bone]
    share = np.clip(np.sum((body.vertices[skin] - head) * along, axis=1) / np.sum(along**2, axis=1), 0.0, 1.0)
    assert np.percentile(np.linalg.norm(body.vertices[skin] - head - share[:, None] * along, axis=1), 99.5) < 0.21


def test_a_rig_without_toes_moves_all_of_them_with_its_one_toe_bone(assets: Path) -> None:
    with_toes, without = load_body({}, assets), load_body({}, assets, "default_no_toes")
    toes = [i for i, name in enumerate(with_toes.rig.names) if name.startswith("toe") and name.endswith(".L")]
    shares = np.where(np.isin(with_toes.bones, toes), with_toes.weights, 0.0).sum(axis=1)
    one = without.rig.index("toe1-1.L")
    np.testing.assert_allclose(np.where(without.bones == one, without.weights, 0.0).sum(axis=1), shares, atol=1e-6)
    assert shares.max() > 0.99


def test_an_unknown_rig_is_named(assets: Path) -> None:
    with pytest.raises(UserError, match=r"MakeHuman has no rig 'mixxamo'. Did you mean 'mixamo'\?"):
        load_body({}, assets, "mixxamo")

"""Hair of every style on very different heads: whole, over all of the scalp, out of the face, outside the body."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial import cKDTree

from blender_addon.cast import GarmentSpec, HairSpec
from blender_addon.labels.vocabulary import BODY_PART_INDEX, CLOTHES_INDEX
from blender_addon.makehuman.body import load_body
from blender_addon.skater.chains import with_chains
from blender_addon.skater.hair.hat_room import ROOM
from blender_addon.skater.hair.head import Head, above_hairline, angles, find_head
from blender_addon.skater.hair.styles import STYLES, make_hair
from blender_addon.skater.human import SkinnedMesh, skin
from blender_addon.skater.surface import face_areas, vertex_normals
from blender_addon.skater.wardrobe.outfit import fit
from blender_addon.skater.wardrobe.piece import Fitting, Piece
from mocap.errors import UserError
from mocap.rotations import Array

PEOPLE: Mapping[str, Mapping[str, float]] = {
    "woman": {"gender": 0.0, "caucasian": 1.0},
    "strong man": {"gender": 1.0, "african": 1.0, "muscle": 0.9, "height": 0.6},
    "girl": {"gender": 0.0, "asian": 1.0, "age": 0.16},
    "heavy old man": {"gender": 1.0, "age": 0.95, "weight": 1.0},
}
WORN = tuple(style for style in STYLES if style != "none")
TIED = ("ponytail", "high_ponytail", "braid", "cornrows", "pigtails", "two_braids")
LOOSE = ("bob", "long", "half")
CUT = ("short", "side_parting", "pixie", "buzz", "curly")
# Partings and plaits close to the head show skin, but little of it.
PARTED = ("pigtails", "two_braids", "cornrows", "bob", "bob_fringe", "long", "long_fringe", "half", "side_parting")


@lru_cache(maxsize=8)
def fitting_of(assets: Path, person: str, *worn: str) -> Fitting:
    return fit(load_body(PEOPLE[person], assets), {name: GarmentSpec() for name in worn})


def head_of(fitting: Fitting) -> Head:
    return find_head(fitting.body, fitting.parts)


@lru_cache(maxsize=128)
def piece_of(assets: Path, person: str, style: str, length: float = 0.5) -> Piece:
    return make_hair(fitting_of(assets, person), HairSpec(style, length=length))


def mesh_of(piece: Piece) -> SkinnedMesh:
    (mesh,) = piece.meshes
    return mesh


def points_on(mesh: SkinnedMesh) -> Array:
    """(P, 3) points all over the mesh's faces, one to every 4 mm² or more."""
    rng = np.random.default_rng(0)
    area = np.linalg.norm(face_areas(mesh.vertices, mesh.faces), axis=1)
    corners = np.repeat(mesh.vertices[mesh.faces], np.ceil(area / 4e-6).astype(np.int64), axis=0)
    s, t = rng.random((2, len(corners), 1))
    below, above = (1 - s) * corners[:, 0] + s * corners[:, 1], (1 - s) * corners[:, 3] + s * corners[:, 2]
    return (1 - t) * below + t * above


def scalp_of(fitting: Fitting, head: Head) -> Array:
    """(S, 3) vertices of the skin well inside the hairline."""
    of_head = fitting.parts[fitting.skin.weights.argmax(axis=1)] == BODY_PART_INDEX["head"]
    skin_points = fitting.skin.vertices[of_head]
    offset = skin_points - head.middle
    on_skull = np.linalg.norm(offset, axis=1) < head.skull(offset / np.linalg.norm(offset, axis=1)[:, None]) + 0.003
    around, up = angles(offset / np.linalg.norm(offset, axis=1)[:, None])
    # The hair before the ears is too short to be combed back.
    sideburn = (np.abs(around) < 95.0) & (up < 14.0)
    return skin_points[on_skull & ~sideburn & (above_hairline(skin_points, head) > 0.012)]


@pytest.mark.parametrize("person", ("girl", "strong man"))
@pytest.mark.parametrize("style", WORN)
def test_meshes_are_whole(assets: Path, person: str, style: str) -> None:
    piece, body = piece_of(assets, person, style), fitting_of(assets, person).body
    mesh = mesh_of(piece)
    links = sum(len(chain.points) - 1 for chain in piece.chains)
    assert np.isfinite(mesh.vertices).all()
    assert mesh.faces.min() == 0
    assert mesh.faces.max() == len(mesh.vertices) - 1
    assert len(np.unique(mesh.faces)) == len(mesh.vertices)
    # A tip's last faces are narrow, but none has collapsed over its whole length.
    assert np.quantile(np.linalg.norm(face_areas(mesh.vertices, mesh.faces), axis=1), 0.01) > 1e-9
    np.testing.assert_allclose(mesh.weights.sum(axis=1), 1.0, atol=1e-9)
    assert mesh.weights.min() >= 0.0
    used = np.unique(mesh.bones[mesh.weights > 0.0])
    assert set(used) <= {body.rig.index("head"), *range(len(body.rig.names), len(body.rig.names) + links)}
    assert len(used) == 1 + links
    assert mesh.uv is not None
    assert mesh.uv.shape == (len(mesh.faces), 4, 2)
    assert np.isfinite(mesh.uv).all()
    assert (mesh.uv[..., 1].min(), mesh.uv[..., 1].max()) == (0.0, 1.0)


@pytest.mark.parametrize("style", WORN)
def test_labels_are_hair_of_the_head_wherever_it_hangs(assets: Path, style: str) -> None:
    mesh = mesh_of(piece_of(assets, "woman", style, length=1.0))
    assert set(mesh.garment) == {CLOTHES_INDEX["hair"]}
    assert set(mesh.part) == {BODY_PART_INDEX["head"]}


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("style", WORN)
def test_no_scalp_is_bare(assets: Path, person: str, style: str) -> None:
    """Over every vertex of the scalp lies hair: a point of it outside the skin, within 4 mm of the ray through both."""
    fitting = fitting_of(assets, person)
    head = head_of(fitting)
    scalp = scalp_of(fitting, head)
    assert len(scalp) > 150

    def seen_from_within(points: Array) -> tuple[Array, Array]:
        offset = points - head.middle
        distance = np.linalg.norm(offset, axis=1)
        return offset / distance[:, None], distance

    ways, heights = seen_from_within(points_on(mesh_of(piece_of(assets, person, style))))
    rays, ground = seen_from_within(scalp)
    aside, nearest = cKDTree(ways).query(rays, k=80)
    over = np.any((aside * ground[:, None] < 0.004) & (heights[nearest] > ground[:, None]), axis=1)
    bare = 1.0 - over.mean()
    assert bare <= (0.03 if style in PARTED else 0.0)


@pytest.mark.parametrize("person", ("woman", "heavy old man"))
@pytest.mark.parametrize("style", WORN)
def test_the_face_stays_free(assets: Path, person: str, style: str) -> None:
    fitting = fitting_of(assets, person)
    head, body = head_of(fitting), fitting.body
    points = points_on(mesh_of(piece_of(assets, person, style)))
    for side in "lr":
        eyeball = body.vertices[body.groups[f"helper-{side}-eye"]]
        middle = eyeball.mean(axis=0)
        radius = np.linalg.norm(eyeball - middle, axis=1).max()
        assert np.linalg.norm(points - middle, axis=1).min() > radius + 0.004
    offset = points - head.middle
    around, up = angles(offset / np.linalg.norm(offset, axis=1)[:, None])
    below = 5.0 if "fringe" in style or style in CUT else 26.0
    assert not np.any((np.abs(around) < 38.0) & (up < below) & (up > -60.0))


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("style", (*TIED, *LOOSE))
@pytest.mark.parametrize("length", (0.0, 1.0))
def test_hanging_hair_is_outside_the_body(assets: Path, person: str, style: str, length: float) -> None:
    fitting = fitting_of(assets, person)
    mesh = mesh_of(piece_of(assets, person, style, length))
    on_chains = mesh.weights[:, 0] * (mesh.bones[:, 0] >= len(fitting.body.rig.names)) > 0.5
    hanging = mesh.vertices[on_chains]
    normals = vertex_normals(fitting.skin.vertices, fitting.skin.faces)
    _, nearest = cKDTree(fitting.skin.vertices).query(hanging)
    depth = np.einsum("ni,ni->n", hanging - fitting.skin.vertices[nearest], normals[nearest])
    assert len(hanging) > 100
    assert (depth < 0.0).mean() < 0.002


@pytest.mark.parametrize("style", (*TIED, *LOOSE))
def test_chains_swing_what_hangs_and_nothing_else(assets: Path, style: str) -> None:
    """With its last bone turned, a tip moves; the hair on the skull does not."""
    piece, body = piece_of(assets, "woman", style), fitting_of(assets, "woman").body
    rig, (mesh,), chain_bones = with_chains(body.rig, (piece,))
    assert len(chain_bones) == {"pigtails": 2, "two_braids": 2, "bob": 7, "long": 7, "half": 8}.get(style, 1)
    pose = rig.rest.copy()
    turned = np.eye(4)
    turned[:3, 3] = (0.0, 0.1, 0.0)
    for bones in chain_bones:
        pose[bones] = turned @ pose[bones]
    moved = skin(mesh.vertices, mesh.bones, mesh.weights, rig.rest, pose) - mesh.vertices
    share = np.linalg.norm(moved, axis=1) / 0.1
    lowest = mesh.vertices[:, 2] < np.quantile(mesh.vertices[:, 2], 0.02)
    assert share[lowest].min() > 0.99
    head = head_of(fitting_of(assets, "woman"))
    offset = mesh.vertices - head.middle
    distance = np.linalg.norm(offset, axis=1)
    close = (distance < head.skull(offset / distance[:, None]) + 0.012) & (offset[:, 2] > 0.02) & (offset[:, 1] < 0.03)
    assert close.sum() > 400
    assert share[close].max() < 1e-9
    # No edge is held at one end and free at the other.
    edges = np.concatenate((mesh.faces[:, :2], mesh.faces[:, 1:3]))
    long = np.linalg.norm(mesh.vertices[edges[:, 0]] - mesh.vertices[edges[:, 1]], axis=1)
    assert np.abs(share[edges[:, 0]] - share[edges[:, 1]])[long < 0.01].max() < 0.8


@pytest.mark.parametrize("style", WORN)
def test_the_same_hair_is_the_same_and_another_differs(assets: Path, style: str) -> None:
    fitting, dark, fair = fitting_of(assets, "girl"), HairSpec(style), HairSpec(style, (0.5, 0.4, 0.2))
    once, again, other = (mesh_of(make_hair(fitting, spec)) for spec in (dark, dark, fair))
    assert np.array_equal(once.vertices, again.vertices)
    assert np.array_equal(once.faces, again.faces)
    assert once.vertices.shape != other.vertices.shape or np.abs(once.vertices - other.vertices).max() > 1e-3


@pytest.mark.parametrize("style", (*TIED, *LOOSE))
def test_length_is_length(assets: Path, style: str) -> None:
    """What hangs longest reaches lower, on everybody."""
    for person in ("girl", "heavy old man"):
        tips = [mesh_of(piece_of(assets, person, style, length)).vertices[:, 2].min() for length in (0.0, 0.5, 1.0)]
        assert tips[0] > tips[1] + 0.02 > tips[2] + 0.04


def test_a_bun_is_worn_low_or_high(assets: Path) -> None:
    """The bun is what stands off furthest behind."""
    heights = []
    for length in (0.0, 0.5, 1.0):
        vertices = mesh_of(piece_of(assets, "woman", "bun", length)).vertices
        head = head_of(fitting_of(assets, "woman"))
        offset = vertices - head.middle
        heights.append(offset[np.argmax(np.linalg.norm(offset, axis=1)), 2])
    assert heights[0] < 0.02 < heights[1] < heights[2]


@pytest.mark.parametrize("style", WORN)
def test_a_hat_fits_over_it(assets: Path, style: str) -> None:
    fitting = fitting_of(assets, "woman", "hat")
    head = head_of(fitting)
    vertices = mesh_of(make_hair(fitting, HairSpec(style, length=1.0))).vertices
    offset = vertices - head.middle
    distance = np.linalg.norm(offset, axis=1)
    directions = offset / distance[:, None]
    height = distance - head.skull(directions)
    assert height[angles(directions)[1] > 22.0].max() < ROOM


@pytest.mark.parametrize("style", ("braid", "long"))
def test_long_hair_lies_outside_a_jacket(assets: Path, style: str) -> None:
    tips = []
    for worn in ((), ("jacket",)):
        vertices = mesh_of(make_hair(fitting_of(assets, "woman", *worn), HairSpec(style))).vertices
        tips.append(vertices[vertices[:, 2] < np.quantile(vertices[:, 2], 0.02), 1].mean())
    assert tips[1] > tips[0] + 0.01


def test_nobody_wears_what_there_is_not(assets: Path) -> None:
    with pytest.raises(UserError, match="mohawk"):
        make_hair(fitting_of(assets, "woman"), HairSpec("mohawk"))


def test_without_hair_the_skin_stays(assets: Path) -> None:
    piece = make_hair(fitting_of(assets, "strong man"), HairSpec("none"))
    assert piece.meshes == ()
    assert piece.covers is None

"""What tells materials their work: names of looks and fabrics, and fields of the skin."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from blender_addon.cast import GarmentSpec, HairSpec, SkaterSpec
from blender_addon.labels.vocabulary import CLOTHES_INDEX
from blender_addon.makehuman.body import load_body
from blender_addon.skater.build import build_human
from blender_addon.skater.hair.styles import STYLES, make_hair
from blender_addon.skater.human import Human, SkinnedMesh
from blender_addon.skater.look_names import OWN_LOOKS, look_of
from blender_addon.skater.skin_fields import BLUSH, FRECKLES, LIDS, LIPS, MOUTH, NAILS, PALMS, skin_fields
from blender_addon.skater.wardrobe.outfit import MADE, TAILORS, fit
from blender_addon.skater.wardrobe.piece import Fitting
from mocap.errors import UserError


@pytest.fixture(scope="module")
def human(assets: Path) -> Human:
    """A woman with nothing on."""
    return build_human(SkaterSpec(phenotype={"gender": 0.0}), assets)


@pytest.fixture(scope="module")
def skin(human: Human) -> SkinnedMesh:
    """Her skin."""
    return next(mesh for mesh in human.meshes if mesh.name == "body")


@pytest.fixture(scope="module")
def fitting(assets: Path) -> Fitting:
    """Her measures, with everything there is worn."""
    worn = dict.fromkeys(MADE, GarmentSpec())
    return fit(load_body({"gender": 0.0}, assets), worn)


def _have_looks(meshes: Iterable[SkinnedMesh]) -> bool:
    return all(look_of(mesh, garment) for mesh in meshes for garment in np.unique(mesh.garment).tolist())


@pytest.mark.parametrize("garments", TAILORS, ids="-".join)
def test_every_surface_of_every_garment_has_a_look(garments: tuple[str, ...], fitting: Fitting) -> None:
    alone = dataclasses.replace(fitting, worn={name: GarmentSpec() for name in garments})
    piece = TAILORS[garments](alone)
    assert piece.meshes and _have_looks(piece.meshes)


@pytest.mark.parametrize("style", STYLES)
def test_every_surface_of_every_hair_style_has_a_look(style: str, fitting: Fitting) -> None:
    assert _have_looks(make_hair(fitting, HairSpec(style=style)).meshes)


def test_every_surface_of_the_body_has_a_look(human: Human) -> None:
    assert _have_looks(human.meshes)


def test_a_look_that_there_is_not_is_refused(skin: SkinnedMesh) -> None:
    hair = CLOTHES_INDEX["hair"]
    assert look_of(skin, hair) == "hair"
    assert [look_of(dataclasses.replace(skin, look=look), hair) for look in OWN_LOOKS] == list(OWN_LOOKS)
    with pytest.raises(KeyError, match="moustache"):
        look_of(dataclasses.replace(skin, look="moustache"), hair)


def test_fields_mark_the_places_that_they_name(skin: SkinnedMesh, assets: Path) -> None:
    fields, points = skin_fields(skin, assets), skin.vertices
    assert all(values.shape == (len(points),) for values in fields.values())
    assert all(values.min() >= 0.0 and 0.3 < values.max() <= 1.0 for values in fields.values())
    top, width = points[:, 2].max(), np.abs(points[:, 0]).max()
    # Metres under the crown and from the middle, of a woman 1.6 m tall.
    for name in (LIPS, LIDS, MOUTH):
        there = points[fields[name] > 0.5]
        assert (top - 0.26 < there[:, 2]).all() and (np.abs(there[:, 0]) < 0.07).all(), name
    for name in (NAILS, PALMS):
        there = points[fields[name] > 0.5]
        assert (np.abs(there[:, 0]) > 0.6 * width).all(), name
    lips, lids = (points[fields[name] > 0.5][:, 2].mean() for name in (LIPS, LIDS))
    assert lids - lips == pytest.approx(0.065, abs=0.02)
    in_face = points[:, 2] > top - 0.25
    assert fields[BLUSH][in_face].max() > 0.8 and fields[FRECKLES][in_face].max() > 0.8
    # Knees and elbows blush, thighs and belly do not.
    assert fields[BLUSH][np.abs(points[:, 2] - 0.27 * top) < 0.05].max() > 0.5
    assert fields[BLUSH][(np.abs(points[:, 2] - 0.6 * top) < 0.05) & (np.abs(points[:, 0]) < 0.15)].max() < 0.05


def test_both_halves_of_the_skin_are_marked_alike(skin: SkinnedMesh, assets: Path) -> None:
    for name, values in skin_fields(skin, assets).items():
        right, left = (values[side].sum() for side in (skin.vertices[:, 0] < -1e-4, skin.vertices[:, 0] > 1e-4))
        assert right == pytest.approx(left, rel=0.2), name


def test_nails_are_ten_and_on_the_backs_of_the_fingers(skin: SkinnedMesh, assets: Path) -> None:
    fields = skin_fields(skin, assets)
    nails = fields[NAILS] > 0.5
    joined = np.arange(len(nails))
    edges = np.concatenate([skin.faces[:, (k, (k + 1) % 4)] for k in range(4)])
    edges = edges[nails[edges].all(axis=1)]
    for _ in range(len(nails)):
        before = joined.copy()
        np.minimum.at(joined, edges[:, 0], joined[edges[:, 1]])
        np.minimum.at(joined, edges[:, 1], joined[edges[:, 0]])
        if np.array_equal(before, joined):
            break
    assert len(np.unique(joined[nails])) == 10
    assert fields[PALMS][nails].max() < 0.5


def test_a_missing_picture_is_named(skin: SkinnedMesh, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"mpfb_lips\.jpg"):
        skin_fields(skin, tmp_path)

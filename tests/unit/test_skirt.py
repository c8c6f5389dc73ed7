"""The skirt is cut as its spec says, on every body, and is sewn to the waist."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from blender_addon.cast import GarmentSpec
from blender_addon.labels.vocabulary import BODY_PART_INDEX, CLOTHES_INDEX
from blender_addon.makehuman.body import load_body
from blender_addon.skater.surface import face_areas, face_centers
from blender_addon.skater.wardrobe.outfit import fit
from blender_addon.skater.wardrobe.piece import Fitting, Piece
from blender_addon.skater.wardrobe.skirt import CHAINS, make_skirt

PEOPLE = ("woman", "tall_man", "girl")


@pytest.fixture(scope="module")
def fittings(assets: Path, phenotypes: Mapping[str, Mapping[str, float]]) -> dict[str, Fitting]:
    return {name: fit(load_body(phenotypes[name], assets), {}) for name in PEOPLE}


def _cut(fitting: Fitting, **cut: float) -> Piece:
    worn = {"skirt": GarmentSpec(cut=cut)}
    return make_skirt(Fitting(**{**vars(fitting), "worn": worn}))


@pytest.mark.parametrize("name", PEOPLE)
def test_length_goes_from_the_hips_to_the_knee(fittings: dict[str, Fitting], name: str) -> None:
    pattern = fittings[name].pattern
    hems = [_cut(fittings[name], length=length).meshes[0].vertices[:, 2].min() for length in (0.0, 0.5, 1.0)]
    assert pattern.hip > hems[0] > hems[1] > hems[2]
    assert hems[0] < pattern.crotch + 0.02
    assert abs(hems[2] - pattern.knee) < 0.05 * (pattern.hip - pattern.knee)


@pytest.mark.parametrize("name", PEOPLE)
def test_flare_widens_the_hem_and_lets_it_fly(fittings: dict[str, Fitting], name: str) -> None:
    straight, full = (_cut(fittings[name], flare=flare) for flare in (0.0, 1.0))

    def hem(piece: Piece) -> float:
        tips = np.stack([chain.points[-1] for chain in piece.chains])
        return float(np.linalg.norm(np.roll(tips, -1, axis=0) - tips, axis=1).sum())

    assert hem(full) > 1.15 * hem(straight)
    # What is sewn round a full circle lets it lie flat: as wide round as the waist and its length all about.
    waist = np.stack([chain.points[0] for chain in full.chains])
    round_waist = np.linalg.norm(np.roll(waist, -1, axis=0) - waist, axis=1).sum()
    long = np.mean([np.linalg.norm(np.diff(chain.points, axis=0), axis=1).sum() for chain in full.chains])
    assert hem(full) * full.chains[0].spread == pytest.approx(round_waist + 2.0 * np.pi * long, rel=0.06)


def test_asymmetry_slants_the_hem(fittings: dict[str, Fitting]) -> None:
    for slant, least in ((0.0, 0.0), (1.0, 0.05)):
        tips = np.stack([chain.points[-1] for chain in _cut(fittings["woman"], asymmetry=slant).chains])
        left, right = tips[tips[:, 0] > 0.1, 2].mean(), tips[tips[:, 0] < -0.1, 2].mean()
        assert right - left == pytest.approx(0.0, abs=1e-3) if slant == 0.0 else right - left > least


@pytest.mark.parametrize("name", PEOPLE)
def test_it_hangs_on_one_ring_and_its_seam_on_the_body(fittings: dict[str, Fitting], name: str) -> None:
    fitting = fittings[name]
    piece = _cut(fitting)
    mesh = piece.meshes[0]
    bones = len(fitting.body.rig.names)
    assert len(piece.chains) == CHAINS
    assert {chain.ring for chain in piece.chains} == {CLOTHES_INDEX["skirt"]}
    on_chains = np.where(mesh.bones >= bones, mesh.weights, 0.0).sum(axis=1)
    hem = mesh.fields["seam"] < 1e-9
    assert on_chains[mesh.fields["gradient"] == 0.0].max() == 0.0
    assert on_chains[hem].min() == pytest.approx(1.0)
    assert mesh.bones.max() < bones + sum(len(chain.points) - 1 for chain in piece.chains)
    assert np.linalg.norm(face_areas(mesh.vertices, mesh.faces), axis=1).min() > 0.0


def test_its_parts_are_those_of_the_body_that_it_hides(fittings: dict[str, Fitting]) -> None:
    mesh = _cut(fittings["woman"]).meshes[0]
    middle = face_centers(mesh.vertices, mesh.faces)
    high = middle[:, 2] > fittings["woman"].pattern.crotch
    assert set(mesh.part[high].tolist()) == {BODY_PART_INDEX["torso"]}
    assert set(mesh.part[~high & (middle[:, 0] > 0.0)].tolist()) == {BODY_PART_INDEX["left_thigh"]}
    assert set(mesh.part[~high & (middle[:, 0] < 0.0)].tolist()) == {BODY_PART_INDEX["right_thigh"]}

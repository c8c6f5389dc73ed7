"""Eyes, lashes, brows, teeth and tongue: where they lie in the face, and what an expression does to them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial import cKDTree

from blender_addon.labels.vocabulary import BODY_PART_INDEX, CLOTHES_INDEX
from blender_addon.makehuman.body import Body, load_body
from blender_addon.skater.body_parts import part_of_bones
from blender_addon.skater.face.brows import brows
from blender_addon.skater.face.eyes import eyeballs
from blender_addon.skater.face.features import face_meshes
from blender_addon.skater.face.lashes import lashes
from blender_addon.skater.face.mouth import teeth, tongue
from blender_addon.skater.surface import Surface
from mocap.rotations import Array

MILLIMETRE = 1e-3
# People whose faces are far apart, two of them with details at twice their natural spread.
FACES: Mapping[str, tuple[Mapping[str, float], Mapping[str, float]]] = {
    "woman": ({"gender": 0.0, "age": 0.4, "caucasian": 1.0}, {}),
    "man": ({"gender": 1.0, "age": 0.6, "african": 1.0, "weight": 0.9}, {}),
    "girl": ({"gender": 0.0, "age": 0.08, "asian": 1.0}, {}),
    "old": ({"gender": 0.5, "age": 1.0, "weight": 0.1}, {}),
    "wide_eyes": ({"gender": 0.0, "age": 0.3}, {"eye-scale-decr-incr": 0.5, "eye-height2-decr-incr": 0.5}),
    "small_mouth": ({"gender": 1.0, "age": 0.5}, {"mouth-scale-horiz-decr-incr": -0.6, "chin-height-decr-incr": -0.4}),
}


def body_of(name: str, assets: Path, **expression: float) -> Body:
    phenotype, details = FACES[name]
    return load_body(phenotype, assets, details=details, expression=expression)


def before(surface: Surface, points: Array) -> Array:
    """(N,) metres by which the foremost part of a surface lies before points (N, 3); −inf where it does not."""
    triangles = surface.vertices[np.concatenate((surface.faces[:, (0, 1, 2)], surface.faces[:, (0, 2, 3)]))]
    low, high = points.min(axis=0), points.max(axis=0)
    beside = (triangles.max(axis=1) < low) | (triangles.min(axis=1) > high)
    a, b, c = np.moveaxis(triangles[~np.any(beside[:, (0, 2)], axis=1)], 1, 0)
    # Barycentric coordinates in the plane that a picture from before the face shows.
    ab, ac = b - a, c - a
    area = ab[:, 0] * ac[:, 2] - ac[:, 0] * ab[:, 2]
    a, ab, ac, area = (value[np.abs(area) > 1e-12] for value in (a, ab, ac, area))
    x, z = points[:, None, 0] - a[:, 0], points[:, None, 2] - a[:, 2]
    u, v = (x * ac[:, 2] - ac[:, 0] * z) / area, (ab[:, 0] * z - x * ab[:, 2]) / area
    depth = a[:, 1] + u * ab[:, 1] + v * ac[:, 1]
    inside = (u >= 0.0) & (v >= 0.0) & (u + v <= 1.0)
    return np.asarray(points[:, 1] - np.where(inside, depth, np.inf).min(axis=1))


def skin_of(body: Body) -> Surface:
    return Surface(body.vertices, body.faces[body.face_masks["body"]], np.zeros((len(body.vertices), 0)))


@pytest.mark.parametrize("name", FACES)
def test_closed_lids_cover_the_eyeballs(name: str, assets: Path) -> None:
    body = body_of(name, assets, closed_eyes=1.0)
    balls, _ = eyeballs(body)
    for ball in np.split(balls.vertices, 2):
        front = ball[ball[:, 1] < ball[:, 1].mean()]
        assert before(skin_of(body), front).min() > 0.0


@pytest.mark.parametrize("name", FACES)
def test_open_lids_show_the_pupils(name: str, assets: Path) -> None:
    body = body_of(name, assets)
    balls, _ = eyeballs(body)
    for ball in np.split(balls.vertices, 2):
        pupil = ball[np.argsort(ball[:, 1])[:16]].mean(axis=0)
        assert before(skin_of(body), pupil[None]) < 0.0


def test_the_pupil_is_the_middle_of_the_eyes_texture(assets: Path) -> None:
    balls, uv = eyeballs(body_of("woman", assets))
    radius = np.linalg.norm(uv - 0.5, axis=-1)
    assert radius.max() == pytest.approx(0.5, abs=0.005)
    middle = balls.vertices[balls.faces[radius.min(axis=1) < 0.05]].reshape(-1, 3)
    for ball in np.split(balls.vertices, 2):
        foremost = ball[ball[:, 1].argmin()]
        assert np.linalg.norm(middle - foremost, axis=1).min() < MILLIMETRE


@pytest.mark.parametrize("name", FACES)
def test_a_closed_mouth_keeps_teeth_and_tongue_behind_the_lips(name: str, assets: Path) -> None:
    body = body_of(name, assets)
    for surface in (teeth(body), tongue(body)):
        # A look between the lips meets the mouth's far end.
        assert np.abs(before(skin_of(body), surface.vertices)).min() > 2.0 * MILLIMETRE
        assert not np.any(np.isneginf(before(skin_of(body), surface.vertices)))


@pytest.mark.parametrize("name", FACES)
def test_an_open_mouth_shows_both_rows_of_teeth_and_the_tongue(name: str, assets: Path) -> None:
    body = body_of(name, assets, open_mouth=1.0)
    rows, skin = teeth(body), skin_of(body)
    half = len(rows.vertices) // 2
    for points in (rows.vertices[half:], tongue(body).vertices):
        assert before(skin, points).min() < -20.0 * MILLIMETRE
    # Upper teeth are seen in a smile; in a wide open mouth from below.
    smiling = body_of(name, assets, smile=1.0)
    assert before(skin_of(smiling), teeth(smiling).vertices[:half]).min() < -20.0 * MILLIMETRE


def test_the_tongue_lies_in_the_lower_jaw(assets: Path) -> None:
    """Its tip stays by the lower teeth, within what they are apart in a closed mouth."""
    for name in FACES:
        apart = []
        for opened in (0.0, 0.5, 1.0):
            body = body_of(name, assets, open_mouth=opened)
            lower, points = np.split(teeth(body).vertices, 2)[1], tongue(body).vertices
            front = lower[lower[:, 1] < lower[:, 1].min() + 8.0 * MILLIMETRE]
            apart.append(front[:, 2].mean() - points[points[:, 1].argmin(), 2])
        assert np.abs(np.diff(apart)).max() < 3.0 * MILLIMETRE, name


@pytest.mark.parametrize("name", FACES)
@pytest.mark.parametrize("closed", [0.0, 0.5, 1.0])
def test_lashes_grow_on_the_lids(name: str, closed: float, assets: Path) -> None:
    body = body_of(name, assets, closed_eyes=closed)
    root = lashes(body).vertices.reshape(-1, 5, 3)[:, :2].mean(axis=1)
    away, _ = cKDTree(body.vertices[body.groups["body"]]).query(root)
    assert away.max() < 3.0 * MILLIMETRE


def test_closing_the_eyes_takes_the_upper_lashes_down(assets: Path) -> None:
    opened, closed = (lashes(body_of("woman", assets, closed_eyes=share)).vertices for share in (0.0, 1.0))
    upper = opened[:, 2] > opened[:, 2].mean()
    assert np.mean(opened[upper, 2] - closed[upper, 2]) > 4.0 * MILLIMETRE


@pytest.mark.parametrize("name", FACES)
@pytest.mark.parametrize("expression", [{}, {"surprise": 1.0}, {"effort": 1.0}])
def test_brows_lie_on_the_skin_whatever_the_face_does(name: str, expression: dict[str, float], assets: Path) -> None:
    body = body_of(name, assets, **expression)
    points = brows(body).vertices
    ahead = -before(skin_of(body), points)
    assert ahead.min() > -0.3 * MILLIMETRE and ahead.max() < 3.0 * MILLIMETRE


def test_surprise_lifts_the_brows(assets: Path) -> None:
    calm, surprised = (brows(body_of("woman", assets, surprise=share)).vertices[:, 2] for share in (0.0, 1.0))
    assert np.mean(surprised - calm) > 2.0 * MILLIMETRE


def test_a_man_has_broader_brows_than_a_woman(assets: Path) -> None:
    def height(gender: float) -> float:
        points = brows(load_body({"gender": gender}, assets)).vertices
        inner = np.abs(points[:, 0]) < np.abs(points[:, 0]).min() + 0.02
        return float(np.ptp(points[inner, 2]))

    assert height(1.0) > 1.1 * height(0.0)


@pytest.mark.parametrize("name", FACES)
def test_features_are_labelled_and_part_of_the_head(name: str, assets: Path) -> None:
    body = body_of(name, assets)
    meshes = face_meshes(body, part_of_bones(body.rig))
    classes = {"eyes": "eyes", "lashes": "hair", "brows": "hair", "teeth": "mouth", "tongue": "mouth"}
    assert {mesh.name: set(mesh.garment.tolist()) for mesh in meshes} == {
        feature: {CLOTHES_INDEX[garment]} for feature, garment in classes.items()
    }
    height = {mesh.name: mesh.vertices[:, 2].mean() for mesh in meshes}
    assert max(height["teeth"], height["tongue"]) < height["eyes"] < height["brows"]
    assert abs(height["lashes"] - height["eyes"]) < 5.0 * MILLIMETRE
    for mesh in meshes:
        assert set(mesh.part.tolist()) == {BODY_PART_INDEX["head"]}
        np.testing.assert_allclose(mesh.weights.sum(axis=1), 1.0)
        # Both sides alike: as much to the left as to the right of the face.
        assert abs(mesh.vertices[:, 0].min() + mesh.vertices[:, 0].max()) < 1.5 * MILLIMETRE

"""Borders of body parts on bodies far apart, and cutting along them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from blender_addon.labels.vocabulary import BODY_PART_INDEX, BODY_PARTS
from blender_addon.makehuman.body import Body, load_body
from blender_addon.makehuman.reference_bodies import BODIES
from blender_addon.makehuman.rig_files import DEFAULT_RIG
from blender_addon.makehuman.rig_maps import RIGS
from blender_addon.skater.anatomy_borders import part_borders
from blender_addon.skater.cutting import cut_faces
from blender_addon.skater.landmarks.joints import joint_center
from blender_addon.skater.part_borders import PartBorder, PartBorders
from blender_addon.skater.surface import face_areas, face_centers, open_edges

NAMES = RIGS[DEFAULT_RIG]
# Joints, with the part that ends there and the one that begins.
LIMBS = (
    ("elbow", "upper_arm", "forearm"),
    ("wrist", "forearm", "hand"),
    ("knee", "thigh", "lower_leg"),
    ("ankle", "lower_leg", "foot"),
)


@pytest.fixture(scope="module", params=[*BODIES, "long arms"])
def body(request: pytest.FixtureRequest, assets: Path) -> Body:
    if request.param == "long arms":
        return load_body({}, assets, lengths={"arms": 1.15, "legs": 0.9})
    return load_body(BODIES[request.param], assets)


def skin_of(body: Body) -> np.ndarray:
    return body.faces[body.face_masks["body"]]


def test_parts_change_at_the_joints(body: Body) -> None:
    borders = part_borders(body.rig, NAMES, body.vertices)
    for side in ("left", "right"):
        at = {joint: joint_center(joint, side, body.vertices) for joint in ("elbow", "wrist", "knee", "ankle")}
        before = {"elbow": "shoulder", "wrist": "elbow", "knee": "hip", "ankle": "knee"}
        for joint, near, far in LIMBS:
            start = joint_center(before[joint], side, body.vertices)
            along = (at[joint] - start) / np.linalg.norm(at[joint] - start)
            found = borders.parts_at(at[joint] + np.array((-0.002, 0.002))[:, None] * along)
            assert [BODY_PARTS[part].name for part in found] == [f"{side}_{near}", f"{side}_{far}"], joint


def test_parts_meet_only_where_limbs_do(body: Body) -> None:
    borders = part_borders(body.rig, NAMES, body.vertices)
    faces = skin_of(body)
    part = borders.parts_at(face_centers(body.vertices, faces))
    assert set(part.tolist()) == set(range(1, len(BODY_PARTS)))
    edges = np.sort(np.stack((faces, np.roll(faces, -1, axis=1)), axis=-1), axis=-1).reshape(-1, 2)
    owner = np.repeat(part, 4)
    _, number, uses = np.unique(edges, axis=0, return_inverse=True, return_counts=True)
    pairs = neighbours(owner, number.ravel(), uses)
    name = [entry.name for entry in BODY_PARTS]
    limbs = {
        frozenset(pair)
        for side in ("left", "right")
        for pair in (
            ("torso", f"{side}_upper_arm"),
            (f"{side}_upper_arm", f"{side}_forearm"),
            (f"{side}_forearm", f"{side}_hand"),
            ("torso", f"{side}_thigh"),
            (f"{side}_thigh", f"{side}_lower_leg"),
            (f"{side}_lower_leg", f"{side}_foot"),
        )
    }
    assert {frozenset(name[part] for part in pair) for pair in pairs} == {frozenset(("torso", "head")), *limbs}


def neighbours(owner: np.ndarray, number: np.ndarray, uses: np.ndarray) -> set[frozenset[int]]:
    """Pairs of parts whose faces share an edge."""
    order = np.argsort(number, kind="stable")
    shared = np.isin(number[order], np.flatnonzero(uses == 2))
    a, b = owner[order][shared].reshape(-1, 2).T
    return {frozenset(pair) for pair in zip(a[a != b].tolist(), b[a != b].tolist(), strict=True)}


def test_left_and_right_are_mirrored(body: Body) -> None:
    borders = part_borders(body.rig, NAMES, body.vertices)
    places = face_centers(body.vertices, skin_of(body))
    mirror = {
        name: name.replace("left", "?").replace("right", "left").replace("?", "right") for name in BODY_PART_INDEX
    }
    swapped = np.array([BODY_PART_INDEX[mirror[entry.name]] for entry in BODY_PARTS])
    # The default rig's heads are mirrored to a tenth of a millimetre or so.
    assert np.mean(swapped[borders.parts_at(places * (-1.0, 1.0, 1.0))] != borders.parts_at(places)) < 0.001


def test_joints_alone_say_nearly_the_same(body: Body) -> None:
    faces = skin_of(body)
    places, area = face_centers(body.vertices, faces), np.linalg.norm(face_areas(body.vertices, faces), axis=1)
    known, guessed = (part_borders(body.rig, NAMES, shape).parts_at(places) for shape in (body.vertices, None))
    assert area[known == guessed].sum() > 0.96 * area.sum()


def grid(size: int) -> tuple[np.ndarray, np.ndarray]:
    x, y = (g.ravel().astype(float) for g in np.meshgrid(np.arange(size), np.arange(size)))
    first = (np.arange(size - 1)[:, None] * size + np.arange(size - 1)).ravel()
    return np.stack((x, y, 0.3 * np.sin(x)), axis=1), np.stack(
        (first, first + 1, first + size + 1, first + size), axis=1
    )


@pytest.mark.parametrize("slope", [0.0, 0.37, 1.0, 2.9])
def test_a_cut_leaves_no_face_on_both_sides_and_no_gap(slope: float) -> None:
    points, faces = grid(9)
    faces[::5, 3] = -1
    field = points[:, 0] - slope * points[:, 1] - 1.3
    made = cut_faces(faces, field)
    places, value = made.of_vertices(points), made.of_vertices(field)
    assert np.array_equal(places[: len(points)], points)
    seen = np.where(made.faces >= 0, value[made.faces], np.nan)
    assert np.nanmin(seen[made.side]) >= -1e-12 and np.nanmax(seen[~made.side]) <= 1e-12
    flat = points * (1.0, 1.0, 0.0)
    whole, pieces = (flat, faces), (made.of_vertices(flat), made.faces)
    before, after = (np.linalg.norm(face_areas(p, f), axis=1).sum() for p, f in (whole, pieces))
    assert after == pytest.approx(before)
    # A crack would be a new outline; the old one only gets more points.
    ends, cut_ends = (p[open_edges(f)[0]] for p, f in (whole, pieces))
    assert np.linalg.norm(cut_ends[:, 1] - cut_ends[:, 0], axis=1).sum() == pytest.approx(
        np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1).sum()
    )
    # What is linear over the surface stays so: texture coordinates, shares of bones.
    sizes = (faces >= 0).sum(axis=1)
    uv = made.of_corners(flat[faces][..., :2] * 0.1, sizes)
    assert np.abs(uv - 0.1 * made.of_vertices(flat)[made.faces][..., :2])[made.faces >= 0].max() < 1e-12
    shares = made.of_vertices(np.stack((points[:, 0] / 8.0, 1.0 - points[:, 0] / 8.0), axis=1))
    assert np.abs(shares.sum(axis=1) - 1.0).max() < 1e-12


def test_where_only_some_faces_are_cut_the_others_close_up_to_them() -> None:
    points, faces = grid(9)
    flat, where = points * (1.0, 1.0, 0.0), points[faces[:, 0], 1] < 4.0
    made = cut_faces(faces, points[:, 0] - 0.4 * points[:, 1] - 2.3, where)
    places = made.of_vertices(flat)
    ends = places[open_edges(made.faces)[0]]
    assert np.linalg.norm(ends[:, 1] - ends[:, 0], axis=1).sum() == pytest.approx(4 * 8.0)
    assert np.linalg.norm(face_areas(places, made.faces), axis=1).sum() == pytest.approx(64.0)
    assert len(made.faces) > len(faces) + 5


def test_pieces_do_not_overlap_where_the_line_runs_along_an_edge_and_leaves_it() -> None:
    points, faces = grid(2)
    for field in ((1.0, 0.0, -1.0, 0.0), (-1.0, 0.0, 1.0, 0.0), (1.0, 0.0, 0.0, -1.0)):
        made = cut_faces(faces, np.array(field))
        flat = made.of_vertices(points * (1.0, 1.0, 0.0))
        assert np.linalg.norm(face_areas(flat, made.faces), axis=1).sum() == pytest.approx(1.0), field
        assert set(made.side.tolist()) == {True, False}


def test_planes_that_meet_are_rounded_inwards() -> None:
    planes = np.array(((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)))
    edge = PartBorder(1, 2, np.zeros((2, 3)), planes)
    rounded = PartBorder(1, 2, np.zeros((2, 3)), planes, round_by=0.4)
    at = np.array(((0.05, 0.05, 0.0), (0.05, 1.0, 0.0), (1.0, -0.05, 0.0)))
    assert PartBorders(1, (edge,)).parts_at(at).tolist() == [2, 2, 1]
    assert PartBorders(1, (rounded,)).parts_at(at).tolist() == [1, 2, 1]


def test_borders_move_with_the_body(phenotypes: Mapping[str, Mapping[str, float]], assets: Path) -> None:
    body = load_body(phenotypes["girl"], assets)
    borders, lift = part_borders(body.rig, NAMES, body.vertices), np.array((0.0, 0.0, 0.4))
    places = face_centers(body.vertices, skin_of(body))
    assert np.array_equal(borders.moved(lift).parts_at(places + lift), borders.parts_at(places))
    assert not np.array_equal(borders.parts_at(places + lift), borders.parts_at(places))

"""Anatomy of landmarks and body parts on bodies that are far apart."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from joint_routes import axes, routes

from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.vocabulary import BODY_PART_INDEX, BODY_PARTS
from blender_addon.makehuman.body import Body, load_body
from blender_addon.skater.body_parts import face_parts, part_of_bones
from blender_addon.skater.face.eyes import eyeballs
from blender_addon.skater.human import Landmark, place_landmark
from blender_addon.skater.landmarks import landmarks
from blender_addon.skater.landmarks.joints import joint_vertices
from blender_addon.skater.skates import edge_landmarks
from mocap.rotations import from_axis_angle, to_matrix

JOINTS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
SIDES = ("left", "right")


@pytest.fixture(scope="module", params=("woman", "tall_man", "girl"))
def body(request: pytest.FixtureRequest, assets: Path, phenotypes: Mapping[str, Mapping[str, float]]) -> Body:
    return load_body(phenotypes[request.param], assets)


@pytest.fixture(scope="module")
def marks(body: Body) -> dict[str, Landmark]:
    return landmarks(body)


@pytest.fixture(scope="module")
def places(marks: dict[str, Landmark]) -> dict[str, np.ndarray]:
    return {name: mark.points.mean(axis=0) for name, mark in marks.items()}


@pytest.fixture(scope="module")
def skin_parts(body: Body) -> np.ndarray:
    """(N,) part of every vertex."""
    alone = np.repeat(np.arange(len(body.bones))[:, None], 4, axis=1)
    return face_parts(alone, body.bones, body.weights, part_of_bones(body.rig))


def winding(point: np.ndarray, body: Body) -> float:
    """How often the skin goes round a point: about 1 inside, about 0 outside (sum of the triangles' solid angles)."""
    corners = body.vertices[body.faces[body.face_masks["body"]]] - point
    a, b, c = np.concatenate((corners[:, (0, 1, 2)], corners[:, (0, 2, 3)])).transpose(1, 0, 2)
    la, lb, lc = (np.linalg.norm(v, axis=1) for v in (a, b, c))
    over = np.einsum("ij,ij->i", a, np.cross(b, c))
    dots = (np.einsum("ij,ij->i", u, v) * w for u, v, w in ((a, b, lc), (b, c, la), (c, a, lb)))
    return float(2.0 * np.arctan2(over, la * lb * lc + sum(dots)).sum() / (4.0 * np.pi))


def test_every_keypoint_set_finds_its_landmarks(marks: dict[str, Landmark], body: Body) -> None:
    there = marks.keys() | edge_landmarks(body).keys()
    for points in KEYPOINT_SETS.values():
        assert {name for names in points.landmarks for name in names} <= there


@pytest.mark.parametrize("joint", JOINTS)
def test_joints_lie_inside_the_body(joint: str, places: dict[str, np.ndarray], body: Body) -> None:
    for side in SIDES:
        assert winding(places[f"{side}_{joint}"], body) > 0.9
        assert winding(places[f"{side}_{joint}"] + (0.0, -0.4, 0.0), body) < 0.1


def test_left_and_right_are_mirror_images_and_left_is_at_plus_x(places: dict[str, np.ndarray]) -> None:
    for name, place in places.items():
        if name.startswith("left_"):
            assert place[0] > 0.0
            np.testing.assert_allclose(places["right_" + name[5:]], place * (-1, 1, 1), atol=0.003, err_msg=name)


# Millimetres at 1.65 m from a keypoint to where other ways find the joint; docs/keypoints.md explains what is large.
PAIR = {"shoulder": 32.0, "elbow": 15.0, "wrist": 16.0, "hip": 40.0, "knee": 30.0, "ankle": 16.0}
ELLIPSE = {"elbow": 10.0, "wrist": 5.0, "knee": 13.0, "ankle": 15.0}


def test_joints_lie_where_other_ways_find_them(body: Body, marks: dict[str, Landmark]) -> None:
    unit = body.stature / 1650.0
    for name, route in routes(body, marks).items():
        joint, place = name.split("_")[1], marks[name].points[0]
        assert np.linalg.norm(place - route.pair) < PAIR[joint] * unit, name
        if route.ellipse is not None:
            assert np.linalg.norm(place - route.ellipse) < ELLIPSE[joint] * unit, name


def test_knobs_of_bone_stand_out_on_either_side(body: Body) -> None:
    """Of hinges, the vertices are on opposite sides of the bones, and the lateral or radial one comes first."""
    for joint in ("elbow", "wrist", "knee", "ankle"):
        for side in SIDES:
            first, second = (body.vertices[vertex] for vertex in joint_vertices(joint, side))
            _, across = axes(body, joint, side)
            apart = first - second
            assert abs(apart @ across) > 0.85 * np.linalg.norm(apart) > 0.03 * body.stature / 1.65
            if joint in ("knee", "ankle"):
                assert abs(first[0]) > abs(second[0])
    thumb = body.rig.heads[body.rig.index("finger1-3.L")]
    radius, ulna = (body.vertices[vertex] for vertex in joint_vertices("wrist", "left"))
    assert np.linalg.norm(thumb - radius) < np.linalg.norm(thumb - ulna)


def test_an_eye_is_the_pupil_that_is_drawn(body: Body, places: dict[str, np.ndarray]) -> None:
    balls, uv = eyeballs(body)
    radius = np.linalg.norm(uv - 0.5, axis=-1)
    innermost = balls.vertices[np.unique(balls.faces[radius < radius.min() + 1e-6])]
    for side, sign in (("left", 1.0), ("right", -1.0)):
        pupil = innermost[sign * innermost[:, 0] > 0.0].mean(axis=0)
        np.testing.assert_allclose(places[f"{side}_eye"], pupil, atol=1e-4)


def test_segments_have_the_proportions_of_people(places: dict[str, np.ndarray], body: Body) -> None:
    """Shares of stature after Drillis and Contini's table (as in Winter's biomechanics), with room for children."""

    def length(a: str, b: str) -> float:
        return float(np.linalg.norm(places[a] - places[b])) / body.stature

    assert 0.14 < length("left_shoulder", "left_elbow") < 0.20
    assert 0.12 < length("left_elbow", "left_wrist") < 0.17
    assert 0.21 < length("left_hip", "left_knee") < 0.28
    assert 0.21 < length("left_knee", "left_ankle") < 0.275
    assert 0.09 < length("left_hip", "right_hip") < 0.15
    assert 0.16 < length("left_shoulder", "right_shoulder") < 0.26
    assert 0.48 < places["left_hip"][2] / body.stature < 0.56


def test_the_face_is_where_it_should_be(places: dict[str, np.ndarray], body: Body) -> None:
    skin = body.vertices[body.groups["body"]]
    face = skin[(np.abs(skin[:, 0]) < 0.05) & (skin[:, 2] > places["left_shoulder"][2] + 0.1)]
    assert places["nose"][1] < face[:, 1].min() + 0.015 and abs(places["nose"][0]) < 0.002
    for side in SIDES:
        eye, ear = places[f"{side}_eye"], places[f"{side}_ear"]
        ball = body.vertices[body.groups[f"helper-{side[0]}-eye"]]
        assert eye[1] < ball[:, 1].min() + 0.001
        np.testing.assert_allclose(eye[[0, 2]], ball.mean(axis=0)[[0, 2]], atol=0.003)
        assert abs(ear[0]) > 1.5 * abs(eye[0]) and ear[1] > eye[1] + 0.04
        assert places["nose"][2] - 0.02 < ear[2] < eye[2] + 0.01
        assert np.linalg.norm(skin - ear, axis=1).min() < 1e-9


@pytest.mark.parametrize("side", SIDES)
def test_toes_and_heel_are_the_ends_of_the_foot(
    side: str, places: dict[str, np.ndarray], body: Body, skin_parts: np.ndarray
) -> None:
    skin = body.groups["body"]
    foot = body.vertices[skin][skin_parts[skin] == BODY_PART_INDEX[f"{side}_foot"]]
    low = foot[foot[:, 2] < 0.04]
    big, small, heel = (places[f"{side}_{name}"] for name in ("big_toe", "small_toe", "heel"))
    assert big[1] < foot[:, 1].min() + 0.004
    assert heel[1] > low[:, 1].max() - 0.006
    assert abs(small[0]) > abs(big[0]) + 0.03 and abs(small[0]) > np.abs(low[:, 0]).max() - 0.02
    assert max(big[2], small[2], heel[2]) < 0.03
    ankle = places[f"{side}_ankle"]
    assert heel[1] > ankle[1] > big[1]


def test_landmarks_follow_their_bones(body: Body, marks: dict[str, Landmark]) -> None:
    rng = np.random.default_rng(11)
    pose = np.empty_like(body.rig.rest)
    turns = to_matrix(from_axis_angle(rng.normal(size=(len(pose), 3)), rng.uniform(-0.8, 0.8, len(pose))))
    for i, parent in enumerate(body.rig.parents):
        turned = body.rig.rest[i].copy()
        turned[:3, :3] = turned[:3, :3] @ turns[i]
        pose[i] = turned if parent < 0 else pose[parent] @ np.linalg.inv(body.rig.rest[parent]) @ turned

    # A joint is carried half by the bone before it and half by the one after it, which meet where the latter turns.
    heads = ("upperarm01", "lowerarm01", "wrist", "upperleg01", "lowerleg01", "foot")
    for joint, bone in zip(JOINTS, heads, strict=True):
        for side in SIDES:
            mark, turning = marks[f"{side}_{joint}"], body.rig.index(f"{bone}.{side[0].upper()}")
            off = mark.points[0] - body.rig.heads[turning]
            moved = place_landmark(mark, body.rig.rest, pose) - pose[turning, :3, 3]
            assert mark.bones[0, 1] == turning and mark.weights.tolist() == [[0.5, 0.5]]
            # Bones between the two may turn besides; an ankle's and a wrist's do not.
            if joint in ("elbow", "wrist", "knee", "ankle"):
                assert body.rig.parents[turning] == mark.bones[0, 0]
                assert 0.3 * np.linalg.norm(off) < np.linalg.norm(moved) < np.linalg.norm(off) + 1e-9
    # The tip of the nose moves with the head, but for what the face's own bones add.
    head = body.rig.index("head")
    tip = np.append(marks["nose"].points.mean(axis=0), 1.0)
    carried = (pose[head] @ np.linalg.inv(body.rig.rest[head]) @ tip)[:3]
    assert np.linalg.norm(carried - tip[:3]) > 0.05
    assert np.linalg.norm(place_landmark(marks["nose"], body.rig.rest, pose) - carried) < 0.04


def test_depth_is_the_flesh_over_a_joint(assets: Path) -> None:
    thin = landmarks(load_body({"gender": 1.0, "muscle": 0.2, "weight": 0.1}, assets))
    strong = landmarks(load_body({"gender": 1.0, "muscle": 0.9, "weight": 0.9}, assets))
    ranges = {"wrist": (0.012, 0.035), "elbow": (0.02, 0.06), "knee": (0.035, 0.08), "hip": (0.07, 0.17)}
    for joint, (low, high) in ranges.items():
        assert low < thin[f"left_{joint}"].depth < strong[f"left_{joint}"].depth < high
    assert thin["left_wrist"].depth < thin["left_elbow"].depth < thin["left_knee"].depth < thin["left_hip"].depth
    apart = np.linalg.norm(thin["left_eye"].points.mean(axis=0) - thin["right_eye"].points.mean(axis=0))
    assert 0.0 < thin["left_eye"].depth < 0.1 * apart


def test_parts_are_those_a_landmark_is_seen_on(marks: dict[str, Landmark]) -> None:
    def names(mark: str) -> set[str]:
        return {BODY_PARTS[index].name for index in marks[mark].parts}

    assert names("nose") == names("left_ear") == {"head"}
    assert names("left_elbow") == {"left_upper_arm", "left_forearm"}
    assert names("right_hip") == {"torso", "right_thigh"}
    assert names("right_heel") == {"right_foot"}


def test_bones_belong_to_the_part_they_move(body: Body) -> None:
    parts = part_of_bones(body.rig)
    for bone, part in {
        "root": "torso",
        "pelvis.R": "torso",
        "clavicle.L": "torso",
        "shoulder01.L": "torso",
        "breast.R": "torso",
        "neck01": "head",
        "tongue05.L": "head",
        "eye.R": "head",
        "upperarm02.R": "right_upper_arm",
        "lowerarm02.L": "left_forearm",
        "metacarpal3.R": "right_hand",
        "finger5-3.L": "left_hand",
        "upperleg02.R": "right_thigh",
        "lowerleg02.L": "left_lower_leg",
        "toe5-3.R": "right_foot",
    }.items():
        assert BODY_PARTS[parts[body.rig.index(bone)]].name == part
    assert set(parts) == set(range(1, 15))


@pytest.mark.parametrize(
    ("group", "joint", "bone", "upper", "lower"),
    [
        ("body", "elbow", "upperarm02", "upper_arm", "forearm"),
        ("body", "wrist", "lowerarm02", "forearm", "hand"),
        ("body", "knee", "upperleg02", "thigh", "lower_leg"),
        ("body", "ankle", "lowerleg02", "lower_leg", "foot"),
        ("helper-tights", "elbow", "upperarm02", "upper_arm", "forearm"),
        ("helper-tights", "knee", "upperleg02", "thigh", "lower_leg"),
        ("helper-tights", "ankle", "lowerleg02", "lower_leg", "foot"),
    ],
)
def test_parts_meet_at_the_joints(
    group: str,
    joint: str,
    bone: str,
    upper: str,
    lower: str,
    body: Body,
    places: dict[str, np.ndarray],
    skin_parts: np.ndarray,
) -> None:
    chosen = body.groups[group]
    for side in SIDES:
        limb = body.rig.index(f"{bone}.{side[0].upper()}")
        along = body.rig.tails[limb] - body.rig.heads[limb]
        past = (body.vertices[chosen] - places[f"{side}_{joint}"]) @ (along / np.linalg.norm(along))
        part = skin_parts[chosen]
        margin = 0.045 * body.stature / 1.6
        assert past[part == BODY_PART_INDEX[f"{side}_{upper}"]].max() < margin
        # The heel and the hollow of the knee reach up beside the joint; nothing does further than the limb is thick.
        assert past[part == BODY_PART_INDEX[f"{side}_{lower}"]].min() > -margin


def test_head_shoulder_and_groin_lines(body: Body, skin_parts: np.ndarray, places: dict[str, np.ndarray]) -> None:
    skin = body.groups["body"]
    at = {c.name: body.vertices[skin][skin_parts[skin] == c.index] for c in BODY_PARTS}
    scale = body.stature / 1.6
    collar = body.vertices[body.groups["joint-neck"]].mean(axis=0)[2]
    assert collar - 0.03 * scale < at["head"][:, 2].min()
    assert at["torso"][:, 2].max() < collar + 0.05 * scale
    for side, sign in (("left", 1.0), ("right", -1.0)):
        shoulder, hip = places[f"{side}_shoulder"], places[f"{side}_hip"]
        assert (sign * at[f"{side}_upper_arm"][:, 0]).min() > sign * shoulder[0] - 0.04 * scale
        thigh = at[f"{side}_thigh"]
        outer = thigh[sign * thigh[:, 0] > sign * hip[0] + 0.04 * scale]
        inner = thigh[sign * thigh[:, 0] < sign * hip[0] - 0.06 * scale]
        # From the crest of the hip down to the crotch.
        assert inner[:, 2].max() < outer[:, 2].max() - 0.03 * scale
        assert outer[:, 2].max() < hip[2] + 0.06 * scale
        assert (sign * thigh[:, 0]).min() > -0.005


def test_parts_of_faces_are_symmetric(body: Body) -> None:
    faces = body.faces[body.face_masks["body"]]
    parts = face_parts(faces, body.bones, body.weights, part_of_bones(body.rig))
    count = np.bincount(parts, minlength=len(BODY_PARTS))
    assert count[0] == 0 and count[1:].min() > 100
    for entry in BODY_PARTS:
        if entry.name.startswith("left_"):
            other = count[BODY_PART_INDEX["right_" + entry.name[5:]]]
            assert abs(int(count[entry.index]) - int(other)) <= 0.02 * other


def test_a_face_belongs_to_the_part_of_most_of_its_weight() -> None:
    bone_parts = np.array([8, 9, 9], dtype=np.uint8)
    bones = np.array([[0, 1], [0, 1], [1, 2], [0, 0]])
    weights = np.array([[1.0, 0.0], [0.6, 0.4], [0.5, 0.5], [1.0, 0.0]])
    # The third vertex hangs on two bones of one part, neither of which outweighs the torso alone.
    faces = np.array([[0, 1, 2, 3], [1, 2, 2, -1], [0, 1, 2, -1], [2, 2, 2, -1]])
    assert face_parts(faces, bones, weights, bone_parts).tolist() == [8, 9, 8, 9]

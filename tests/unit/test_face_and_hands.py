"""Points of face and hands on faces and hands that are far apart: order, sides, anatomy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial import cKDTree

from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.vocabulary import BODY_PARTS
from blender_addon.makehuman.body import Body, load_body
from blender_addon.makehuman.rig_maps import RIGS
from blender_addon.skater.human import Landmark
from blender_addon.skater.landmarks import landmarks
from blender_addon.skater.landmarks.face import FACE_POINTS
from blender_addon.skater.landmarks.hands import _POINTS as HAND_POINTS
from blender_addon.skater.landmarks.hands import finger_bones
from blender_addon.skater.skin_fields import LIPS, _marks, _sample

FACES = ("plain", "open_mouth", "smile", "frown", "closed_eyes", "surprise")
FINGERS = ("thumb", "index", "middle", "ring", "little")
SIDES = ("left", "right")


@pytest.fixture(scope="module", params=("woman", "tall_man", "girl"))
def shape(request: pytest.FixtureRequest, phenotypes: Mapping[str, Mapping[str, float]]) -> Mapping[str, float]:
    return phenotypes[request.param]


@pytest.fixture(scope="module")
def body(shape: Mapping[str, float], assets: Path) -> Body:
    return load_body(shape, assets)


@pytest.fixture(scope="module")
def marks(body: Body) -> dict[str, Landmark]:
    return landmarks(body)


@pytest.fixture(scope="module")
def places(marks: dict[str, Landmark]) -> dict[str, np.ndarray]:
    return {name: mark.points.mean(axis=0) for name, mark in marks.items()}


@pytest.fixture(scope="module", params=FACES)
def face(request: pytest.FixtureRequest, shape: Mapping[str, float], assets: Path) -> np.ndarray:
    """(70, 2) a face's points as seen from the front: to the person's left, up (mm)."""
    # As much of it as faces that are drawn have at most.
    made = load_body(shape, assets, expression={} if request.param == "plain" else {request.param: 0.8})
    found = landmarks(made)
    rows = [found[names[0]].points.mean(axis=0) for names in KEYPOINT_SETS["face_70"].landmarks]
    return 1000.0 * np.array(rows)[:, (0, 2)]


def test_right_vertices_are_the_mirror_images_of_left_ones(assets: Path) -> None:
    lines = (assets / "mesh_metadata" / "hm08.mirror").read_text().splitlines()
    mirror = {int(a): int(b) for a, b, _ in (line.split() for line in lines if line)}
    for name, point in (FACE_POINTS | HAND_POINTS).items():
        assert [mirror[v] for v in point.left] == list(point.right or point.left), name


def test_sets_are_as_long_and_in_the_order_of_their_formats() -> None:
    face, whole = KEYPOINT_SETS["face_70"], KEYPOINT_SETS["coco_wholebody"]
    assert len(face.points) == len(set(face.points)) == 70 and len(whole.points) == len(set(whole.points)) == 133
    at = {names[0]: k for k, names in enumerate(face.landmarks)}
    assert [at[name] for name in ("right_jaw_8", "chin", "right_brow_5", "left_brow_1", "nose_root")] == [
        0,
        8,
        17,
        22,
        27,
    ]
    assert [at[name] for name in ("right_nose_wing", "subnasale", "right_eye_outer", "left_eye_inner")] == [
        31,
        33,
        36,
        42,
    ]
    assert [at[name] for name in ("right_lip_corner", "lower_lip", "right_mouth_corner", "right_eye")] == [
        48,
        57,
        60,
        68,
    ]
    for side, start in (("left", 91), ("right", 112)):
        hand = KEYPOINT_SETS[f"hand_{side}"]
        assert hand.landmarks[0] == (f"{side}_wrist",) and whole.landmarks[start : start + 21] == hand.landmarks
        assert [hand.landmarks[k][0] for k in (4, 8, 12, 16, 20)] == [f"{side}_{finger}_tip" for finger in FINGERS]
        assert {a for a, _ in hand.limbs} == set(range(20)) - {4, 8, 12, 16}
    assert whole.landmarks[:17] == KEYPOINT_SETS["coco_17"].landmarks
    assert whole.landmarks[17:23] == tuple(
        (f"{side}_{name}",) for side in SIDES for name in ("big_toe", "small_toe", "heel")
    )
    assert whole.landmarks[23:91] == face.landmarks[:68]


def test_the_contour_goes_down_to_the_chin_and_up_again(face: np.ndarray) -> None:
    contour = face[:17]
    assert (np.diff(contour[:, 0]) > 0.0)[3:-3].all() and contour[:, 1].argmin() == 8
    assert (np.diff(contour[:9, 1]) < 0.0).all() and (np.diff(contour[8:, 1]) > 0.0).all()
    # Everything else lies inside.
    assert face[17:, 0].min() > contour[:, 0].min() and face[17:, 0].max() < contour[:, 0].max()
    assert face[17:, 1].min() > contour[8, 1] + 5.0
    steps = np.linalg.norm(np.diff(contour, axis=0), axis=1)
    assert steps.max() < 2.2 * steps.min()


def test_brows_lie_over_the_eyes_and_run_outwards(face: np.ndarray) -> None:
    assert (np.diff(face[17:27, 0]) > 0.0).all()
    for brow, eye in ((face[17:22], face[36:42]), (face[22:27], face[42:48])):
        assert brow[:, 1].min() > eye[:, 1].max() + 2.0
        assert brow[:, 0].min() < eye[:, 0].min() + 3.0 and brow[:, 0].max() > eye[:, 0].max() - 2.0


def test_lids_lie_between_the_corners_of_the_eye_and_open_over_the_pupil(face: np.ndarray) -> None:
    for first, pupil in ((36, 68), (42, 69)):
        eye = face[first : first + 6]
        x = (eye[:, 0] - eye[0, 0]) / (eye[3, 0] - eye[0, 0])
        assert (abs(x[[1, 5]] - 1.0 / 3.0) < 0.08).all() and (abs(x[[2, 4]] - 2.0 / 3.0) < 0.08).all()
        # Closed lids meet; two edges of each margin have their thickness.
        assert (eye[[1, 2], 1] > eye[[5, 4], 1] - 1.5).all()
        assert 0.35 < (face[pupil, 0] - eye[0, 0]) / (eye[3, 0] - eye[0, 0]) < 0.65


def test_the_nose_goes_down_to_its_base(face: np.ndarray) -> None:
    assert (np.diff(face[27:31, 1]) < -5.0).all() and abs(face[27:31, 0]).max() < 0.5
    assert (np.diff(face[31:36, 0]) > 3.0).all()
    assert face[31:36, 1].max() < face[30, 1] and face[33, 1] > face[51, 1]


def test_lips_are_round_the_mouth(face: np.ndarray) -> None:
    upper, lower = face[48:55], face[[48, 59, 58, 57, 56, 55, 54]]
    inner_upper, inner_lower = face[60:65], face[[60, 67, 66, 65, 64]]
    for row in (upper, lower, inner_upper, inner_lower):
        assert (np.diff(row[:, 0]) > 0.0).all()
    assert face[48, 0] <= face[60, 0] + 1.0 and face[54, 0] >= face[64, 0] - 1.0
    heights = np.array((upper[3, 1], inner_upper[2, 1], inner_lower[2, 1], lower[3, 1]))
    # Closed lips meet.
    assert (np.diff(heights) < (-2.0, 1.0, -2.0)).all()


def test_an_open_mouth_opens_its_inner_points(shape: Mapping[str, float], assets: Path) -> None:
    def gap(expression: Mapping[str, float]) -> float:
        found = landmarks(load_body(shape, assets, expression=expression))
        return float(np.ptp([found[f"{lip}_lip_middle"].points[0, 2] for lip in ("upper", "lower")]))

    assert gap({}) < 0.005 and gap({"open_mouth": 0.8}) > 0.01


def test_the_outer_mouth_is_the_edge_of_the_red(body: Body, marks: dict[str, Landmark], assets: Path) -> None:
    """MakeHuman's picture of the lips is half there, as on an edge between skin and red."""
    faces = body.face_masks["body"]
    uv = np.zeros((len(body.vertices), 2))
    uv[body.faces[faces]] = body.face_uv[faces]
    red = _sample(_marks(assets)[LIPS], uv)
    at = dict(zip(range(70), KEYPOINT_SETS["face_70"].landmarks, strict=True))
    for k in (*range(49, 54), *range(55, 60)):
        name = at[k][0].partition("_")
        point = FACE_POINTS[name[2] if name[0] in SIDES else at[k][0]]
        assert 0.35 < red[list(point.left)].mean() < 0.7, at[k]


def test_points_of_the_face_lie_on_the_skin(body: Body, places: dict[str, np.ndarray]) -> None:
    skin = cKDTree(body.vertices[body.groups["body"]])
    for names in KEYPOINT_SETS["face_70"].landmarks[:68]:
        assert skin.query(places[names[0]])[0] < 0.006, names


@pytest.mark.parametrize("side", SIDES)
def test_fingers_run_from_the_wrist_to_their_tips(side: str, places: dict[str, np.ndarray]) -> None:
    for finger in FINGERS:
        joints = ("cmc", "mcp", "ip", "tip") if finger == "thumb" else ("mcp", "pip", "dip", "tip")
        row = np.array([places[f"{side}_{finger}_{joint}"] for joint in joints])
        away = np.linalg.norm(row - places[f"{side}_wrist"], axis=1)
        assert (np.diff(away) > 0.005).all(), finger
        first, second, third = np.linalg.norm(np.diff(row, axis=0), axis=1)
        assert first > 0.95 * second > 0.6 * third, finger
    across = np.array([places[f"{side}_{finger}_mcp"] for finger in FINGERS[1:]])
    assert (np.linalg.norm(np.diff(across, axis=0), axis=1) > 0.01).all()


@pytest.mark.parametrize("finger", FINGERS[1:])
@pytest.mark.parametrize("joint", ["pip", "dip"])
def test_joints_of_fingers_lie_in_the_middle_of_the_finger(
    finger: str, joint: str, body: Body, places: dict[str, np.ndarray], marks: dict[str, Landmark]
) -> None:
    skin = body.vertices[body.groups["body"]]
    for side in SIDES:
        here = places[f"{side}_{finger}_{joint}"]
        along = places[f"{side}_{finger}_tip"] - here
        along /= np.linalg.norm(along)
        near = skin[np.linalg.norm(skin - here, axis=1) < 1.4 * marks[f"{side}_{finger}_{joint}"].depth] - here
        ring = near[np.abs(near @ along) < 0.003]
        reach = np.linalg.norm(ring - np.outer(ring @ along, along), axis=1)
        assert len(ring) > 8 and reach.max() < 1.5 * reach.min()
        # The rig's bone lies nearer to the skin.
        bone = {"pip": 2, "dip": 3}[joint]
        head = body.rig.heads[body.rig.index(f"finger{FINGERS.index(finger) + 1}-{bone}.{side[0].upper()}")]
        assert np.linalg.norm(skin - head, axis=1).min() < 0.8 * np.linalg.norm(skin - here, axis=1).min()


def test_hands_are_seen_on_hands_and_faces_on_heads(marks: dict[str, Landmark]) -> None:
    def names(mark: str) -> set[str]:
        return {BODY_PARTS[index].name for index in marks[mark].parts}

    assert names("left_thumb_cmc") == {"left_forearm", "left_hand"}
    assert names("right_little_tip") == {"right_hand"}
    assert all(names(points[0]) == {"head"} for points in KEYPOINT_SETS["face_70"].landmarks)


def test_depths_are_those_of_fingers_and_leave_the_far_eye_hidden(
    marks: dict[str, Landmark], places: dict[str, np.ndarray]
) -> None:
    depth = {name.removeprefix("left_"): mark.depth for name, mark in marks.items()}
    assert 0.003 < depth["index_tip"] < depth["index_dip"] < depth["index_pip"] < depth["thumb_cmc"] < 0.025
    assert depth["little_pip"] < depth["middle_pip"]
    bridge = np.linalg.norm(places["left_eye_inner"] - places["right_eye_inner"])
    assert all(depth[name] < 0.25 * bridge for name in ("eye_inner", "upper_lid_inner", "lower_lid_inner"))


def test_fingers_of_another_rig_are_its_bones(body: Body, places: dict[str, np.ndarray], assets: Path) -> None:
    other = load_body(body.phenotype, assets, rig="mixamo")
    found = finger_bones(other.rig, RIGS["mixamo"])
    assert set(found) == {f"{side}_{name}" for side in SIDES for name in HAND_POINTS}
    for name, mark in found.items():
        assert np.linalg.norm(mark.points[0] - places[name]) < 0.04, name

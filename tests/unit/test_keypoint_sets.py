"""The tables of keypoints, against what is published of their formats."""

from __future__ import annotations

import pytest

from blender_addon.labels.dense import DENSE_LABELS
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS, KeypointSet
from blender_addon.labels.keypoint_sets.human36m import HUMAN36M_17, HUMAN36M_32
from blender_addon.labels.keypoint_sets.kinect import KINECT_20
from blender_addon.labels.keypoint_sets.skate import SKATE
from blender_addon.labels.words import AMODAL_WORDS, DENSE_WORDS, KEYPOINT_GROUPS, KEYPOINT_WORDS

SETS = list(KEYPOINT_SETS.values())
BODY_25, COCO_17, COCO_18, MPII_16, MPI_15 = (
    KEYPOINT_SETS[name] for name in ("body_25", "coco_17", "coco_18", "mpii_16", "mpi_15")
)
SIZES = {
    "body_25": 25, "coco_17": 17, "coco_18": 18, "mpii_16": 16, "mpi_15": 15, "h36m_32": 32, "h36m_17": 17,
    "kinect_20": 20, "skate": 17, "3dpeople_67": 67,
}  # fmt: skip


@pytest.mark.parametrize("points", SETS, ids=lambda points: points.name)
def test_a_set_is_whole(points: KeypointSet) -> None:
    count = len(points.points)
    assert count == len(points.landmarks) == SIZES.get(points.name, count)
    assert len(set(points.points)) == count and all(points.landmarks)
    assert {index for limb in points.limbs for index in limb} <= set(range(count))
    assert len(set(map(frozenset, points.limbs))) == len(points.limbs)


@pytest.mark.parametrize("points", SETS, ids=lambda points: points.name)
def test_a_mirror_swaps_sides_and_keeps_limbs(points: KeypointSet) -> None:
    mirror = points.mirror
    if points.name.startswith("hand"):
        assert mirror == tuple(range(len(mirror)))
        return  # one hand alone has no other side
    assert sorted(mirror) == list(range(len(mirror)))
    assert all(mirror[mirror[k]] == k for k in range(len(mirror)))
    sides = [any(name.startswith(("left_", "right_")) for name in names) for names in points.landmarks]
    for k, (names, own) in enumerate(zip(points.landmarks, sides, strict=True)):
        one_sided = own and len({name.split("_")[0] for name in names if name.startswith(("left", "right"))}) == 1
        assert (mirror[k] != k) == one_sided, points.points[k]
    if points.name == "h36m_32":
        return  # its shoulders' roots all lie on the thorax, so that each is its own image
    limbs = set(map(frozenset, points.limbs))
    assert {frozenset(mirror[k] for k in limb) for limb in limbs} == limbs


def test_coco_is_body_25_in_another_order() -> None:
    order = [0, 16, 15, 18, 17, 5, 2, 6, 3, 7, 4, 12, 9, 13, 10, 14, 11]
    assert COCO_17.landmarks == tuple(BODY_25.landmarks[k] for k in order)
    order = [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]
    assert COCO_18.landmarks == tuple(BODY_25.landmarks[k] for k in order)
    assert COCO_18.points == tuple(BODY_25.points[k] for k in order)


def test_mpi_is_learnt_from_mpii() -> None:
    order = [9, 8, 12, 11, 10, 13, 14, 15, 2, 1, 0, 3, 4, 5]
    assert MPI_15.landmarks[:14] == tuple(MPII_16.landmarks[k] for k in order)
    # The chest is the middle between pelvis and thorax.
    assert sorted(MPI_15.landmarks[14]) == ["left_hip", "right_hip", "thorax", "thorax"]
    assert MPII_16.points[6:10] == ("pelvis", "thorax", "upper_neck", "head_top")


def test_human36m_17_are_those_that_videopose3d_takes() -> None:
    used = [0, 1, 2, 3, 6, 7, 8, 12, 13, 14, 15, 17, 18, 19, 25, 26, 27]
    assert HUMAN36M_17.points == tuple(HUMAN36M_32.points[k] for k in used)
    # Parents as VideoPose3D's skeleton has them once the others are taken away.
    parents = {b: a for a, b in HUMAN36M_17.limbs}
    assert [parents.get(k, -1) for k in range(17)] == [-1, 0, 1, 2, 0, 4, 5, 0, 7, 8, 9, 8, 11, 12, 8, 14, 15]
    # Joints that the recordings have twice.
    for one, other in ((11, 0), (16, 13), (24, 13), (20, 19), (28, 27), (23, 22), (31, 30)):
        assert HUMAN36M_32.landmarks[one] == HUMAN36M_32.landmarks[other]


def test_kinect_and_skate_begin_and_end_as_published() -> None:
    assert KINECT_20.points[:4] == ("HipCenter", "Spine", "ShoulderCenter", "Head")
    assert KINECT_20.points[11] == "HandRight" and KINECT_20.points[19] == "FootRight"
    assert [SKATE.points[k] for k in (0, 1, 3, 8)] == ["RToePick", "RBladeToe", "RBladeHeel", "LToePick"]


def test_3dpeople_is_a_rig_with_mirrored_hands() -> None:
    points = KEYPOINT_SETS["3dpeople_67"]
    parents = {b: a for a, b in points.limbs}
    assert set(parents) == set(range(1, 67)), "a tree from the hips"
    assert points.points[6:9] == ("RightEye", "LeftEye", "HeadTop_End")
    # Fingers go from the thumb outwards at the left hand and end with it at the right one.
    assert [points.points[k] for k in (13, 29, 37, 53)] == [
        "LeftHandThumb1", "LeftHandPinky1", "RightHandPinky1", "RightHandThumb1",
    ]  # fmt: skip
    assert [points.points[k] for k in (57, 61, 62, 66)] == ["LeftUpLeg", "LeftToe_End", "RightUpLeg", "RightToe_End"]


def test_every_label_that_can_be_chosen_has_words() -> None:
    assert set(KEYPOINT_WORDS) == set(KEYPOINT_SETS)
    assert sorted(name for names in KEYPOINT_GROUPS.values() for name in names) == sorted(KEYPOINT_SETS)
    assert set(DENSE_WORDS) == set(DENSE_LABELS)
    for words in (*KEYPOINT_WORDS.values(), *DENSE_WORDS.values(), AMODAL_WORDS):
        # Blender puts the full stop behind a tooltip itself.
        assert words.title and words.about and words.cost and not (words.about + words.cost).endswith(".")
    titles = [words.title for words in (*KEYPOINT_WORDS.values(), *DENSE_WORDS.values(), AMODAL_WORDS)]
    assert len(set(titles)) == len(titles)

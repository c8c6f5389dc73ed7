"""Which parts a keypoint is seen on, as names alone tell, against bodies; and the share of those that are on them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from blender_addon.cast import SkaterSpec
from blender_addon.labels.keypoint_sets import KEYPOINT_SETS
from blender_addon.labels.own_part import own_part_share, parts_of_landmark, parts_of_set
from blender_addon.labels.vocabulary import BODY_PART_INDEX, PART_BASE
from blender_addon.skater.build import build_human
from blender_addon.skater.human import blade_name

HEAD, TORSO = BODY_PART_INDEX["head"], BODY_PART_INDEX["torso"]
LEFT, RIGHT = BODY_PART_INDEX["left_upper_arm"], BODY_PART_INDEX["right_upper_arm"]


def test_landmarks_are_seen_where_a_body_says(assets: Path) -> None:
    human = build_human(SkaterSpec(), assets)
    marks = {**human.landmarks, **{blade_name(name): mark for name, mark in human.blades.items()}}
    assert {name: set(parts_of_landmark(name)) for name in marks} == {name: set(m.parts) for name, m in marks.items()}


@pytest.mark.parametrize("name", sorted(KEYPOINT_SETS))
def test_every_point_of_every_set_is_seen_somewhere(name: str) -> None:
    table = parts_of_set(name)
    assert table.shape == (len(KEYPOINT_SETS[name].points), PART_BASE)
    assert table.any(axis=1).all() and not table[:, 0].any()


def test_a_midpoint_is_seen_on_the_parts_of_all_its_landmarks_and_the_neck_on_its_own_skin() -> None:
    table, points = parts_of_set("body_25"), KEYPOINT_SETS["body_25"].points
    thighs = BODY_PART_INDEX["left_thigh"], BODY_PART_INDEX["right_thigh"]
    assert np.flatnonzero(table[points.index("MidHip")]).tolist() == sorted((TORSO, *thighs))
    assert np.flatnonzero(table[points.index("Neck")]).tolist() == sorted((HEAD, TORSO, LEFT, RIGHT))


def test_share_counts_visible_points_on_their_own_person_and_part() -> None:
    body = np.full((4, 6), TORSO, np.uint8)
    body[:, 3:] = HEAD
    instance = np.full((4, 6), 2, np.uint8)
    instance[3] = 1
    count = len(KEYPOINT_SETS["coco_17"].points)
    xy, visibility = np.zeros((count, 2)), np.zeros(count, dtype=int)
    # The nose on the head, on the torso, on somebody else, and one that is hidden.
    for place, seen, expected in (
        ((4.5, 1.5), 2, (1, 1)),
        ((1.5, 1.5), 2, (0, 1)),
        ((4.5, 3.5), 2, (0, 1)),
        ((4.5, 1.5), 1, (0, 0)),
    ):
        xy[0], visibility[0] = place, seen
        facts = {"instance": 2, "keypoints": {"coco_17": {"xy": xy.tolist(), "visibility": visibility.tolist()}}}
        assert own_part_share(facts, body, instance) == expected
        assert own_part_share(facts, body, instance, sets=("body_25",)) == (0, 0)

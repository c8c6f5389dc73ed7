"""Keypoints of several sets out of one body's landmarks."""

from __future__ import annotations

import numpy as np
import pytest

from blender_addon.labels.annotate import mixture_of, positions_of
from blender_addon.labels.keypoint_sets import BODY_25, KEYPOINT_SETS


def test_points_are_means_of_their_landmarks() -> None:
    mixture = mixture_of(("body_25", "coco_17"))
    rng = np.random.default_rng(1)
    marks = {name: rng.normal(size=3) for name in mixture.names}
    places, apart = positions_of(mixture, marks)
    # What the sets have in common is there once.
    assert len(places) == len({*BODY_25.landmarks, *KEYPOINT_SETS["coco_17"].landmarks}) < 25 + 17
    for set_name, chosen in mixture.chosen.items():
        for number, names in zip(chosen.tolist(), KEYPOINT_SETS[set_name].landmarks, strict=True):
            middle = np.mean([marks[name] for name in names], axis=0)
            assert places[number] == pytest.approx(middle)
            assert apart[number] == pytest.approx(max(np.linalg.norm(marks[name] - middle) for name in names))


def test_of_somebody_who_moves_all_instants_are_placed() -> None:
    mixture = mixture_of(("body_25",))
    rng = np.random.default_rng(2)
    marks = {name: rng.normal(size=(5, 3)) for name in mixture.names}
    places, apart = positions_of(mixture, marks)
    now, apart_now = positions_of(mixture, {name: track[2] for name, track in marks.items()})
    assert places.shape == (5, len(BODY_25.points), 3)
    assert np.array_equal(places[2], now) and np.array_equal(apart, apart_now)


def test_what_a_body_lacks_has_no_place_nor_has_a_midpoint_of_it() -> None:
    mixture = mixture_of(("body_25",))
    marks = {name: np.zeros(3) for name in mixture.names if name != "left_hip"}
    places, _ = positions_of(mixture, marks)
    lost = {BODY_25.points[number] for number in np.flatnonzero(np.isnan(places).any(axis=1)).tolist()}
    assert lost == {"LHip", "MidHip"}

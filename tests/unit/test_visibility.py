"""Visibility and its cause against pictures small enough to reason about."""

from __future__ import annotations

import numpy as np
import pytest

from blender_addon.labels.visibility import Flesh, Surfaces, judge
from blender_addon.labels.vocabulary import BODY_PART_INDEX, CLOTHES_INDEX, Cause, Visibility

PART = BODY_PART_INDEX["right_forearm"]
OTHER_PART = BODY_PART_INDEX["torso"]


def picture(depth: float, instance: int, body: int = 0, clothes: int = 0) -> Surfaces:
    shape = (10, 20)
    return Surfaces(
        depth=np.full(shape, depth, np.float32),
        instance=np.full(shape, instance, np.uint8),
        body=np.full(shape, body, np.uint8),
        clothes=np.full(shape, clothes, np.uint8),
    )


def flesh(depth: float = 0.05, span: float = 0.0) -> Flesh:
    own = np.zeros((1, 256), bool)
    own[0, PART] = True
    return Flesh(np.array([depth]), own, np.array([span]))


def one(xy: tuple[float, float], z: float, seen: Surfaces, over: Flesh | None = None) -> tuple[int, int]:
    visibility, cause = judge(np.array([xy]), np.array([[0.0, 0.0, z]]), over or flesh(), seen, instance=1)
    return int(visibility[0]), int(cause[0])


@pytest.mark.parametrize(
    ("seen", "z", "expected"),
    [
        (picture(4.0, 1, PART), 4.05, Cause.VISIBLE),
        (picture(4.0, 1, PART), 4.30, Cause.OWN_BODY),
        (picture(4.0, 1, OTHER_PART), 4.085, Cause.OWN_BODY),
        (picture(4.0, 1, OTHER_PART, CLOTHES_INDEX["skirt"]), 4.085, Cause.OWN_CLOTHING),
        (picture(3.0, 2, PART), 4.0, Cause.OTHER_PERSON),
        (picture(6.0, 2, PART), 4.0, Cause.VISIBLE),
        (picture(3.0, 0), 4.0, Cause.SCENE),
        (picture(0.0, 0), 4.0, Cause.VISIBLE),
    ],
)
def test_cause(seen: Surfaces, z: float, expected: Cause) -> None:
    visibility, cause = one((5.5, 5.5), z, seen)
    assert cause == expected
    assert visibility == (Visibility.VISIBLE if expected == Cause.VISIBLE else Visibility.HIDDEN)


def test_midpoint_may_lie_as_deep_as_its_landmarks_are_apart() -> None:
    seen = picture(4.0, 1, PART)
    assert one((5.5, 5.5), 4.25, seen, flesh(0.05, span=0.18))[1] == Cause.VISIBLE
    assert one((5.5, 5.5), 4.25, seen, flesh(0.05))[1] == Cause.OWN_BODY


@pytest.mark.parametrize("xy", [(-0.01, 5.0), (20.0, 5.0), (5.0, 10.0), (np.nan, np.nan)])
def test_outside_the_picture(xy: tuple[float, float]) -> None:
    assert one(xy, 4.0, picture(5.0, 0)) == (Visibility.OUTSIDE, Cause.OUT_OF_FRAME)


def test_behind_the_camera_is_said_apart() -> None:
    assert one((5.0, 5.0), -1.0, picture(5.0, 0)) == (Visibility.OUTSIDE, Cause.BEHIND_CAMERA)

"""Visibility and its cause against pictures small enough to reason about."""

from __future__ import annotations

import numpy as np
import pytest

from blender_addon.labels.visibility import Surfaces, judge
from blender_addon.labels.vocabulary import BODY_PART_INDEX, CLOTHES, CLOTHES_INDEX, Cause, Visibility

FOREARM, FOOT = BODY_PART_INDEX["right_forearm"], BODY_PART_INDEX["right_foot"]
SKIN, SKIRT, UNITARD, TROUSERS = (CLOTHES_INDEX[name] for name in ("skin", "skirt", "unitard", "trousers"))
# Pixels; half a pixel is 2 mm at 4 m.
FOCAL = 1000.0


def picture(depth: float, instance: int, clothes: int = 0, body: int = FOREARM) -> Surfaces:
    shape = (10, 20)
    return Surfaces(
        depth=np.full(shape, depth, np.float32),
        instance=np.full(shape, instance, np.uint8),
        body=np.full(shape, body, np.uint8),
        clothes=np.full(shape, clothes, np.uint8),
    )


def one(xy: tuple[float, float], z: float, seen: Surfaces, inner: float = 0.05, most: float = 0.1) -> tuple[int, int]:
    visibility, cause = judge(
        np.array([xy]), np.array([[0.0, 0.0, z]]), np.array([inner]), np.array([most]), seen, 1, FOCAL
    )
    return int(visibility[0]), int(cause[0])


@pytest.mark.parametrize(
    ("seen", "z", "expected"),
    [
        (picture(4.0, 1, SKIN), 4.05, Cause.VISIBLE),
        (picture(4.0, 1, SKIN), 4.08, Cause.OWN_BODY),
        (picture(4.0, 1, UNITARD), 4.08, Cause.VISIBLE),
        (picture(4.0, 1, UNITARD), 4.105, Cause.OWN_BODY),
        (picture(4.0, 1, UNITARD, FOOT), 4.105, Cause.VISIBLE),
        (picture(4.0, 1, TROUSERS), 4.105, Cause.VISIBLE),
        (picture(4.0, 1, SKIRT), 4.15, Cause.OWN_CLOTHING),
        (picture(3.0, 2, SKIN), 4.0, Cause.OTHER_PERSON),
        (picture(3.99, 2, TROUSERS), 4.0, Cause.OTHER_PERSON),
        (picture(6.0, 2, SKIN), 4.0, Cause.VISIBLE),
        (picture(3.0, 0), 4.0, Cause.SCENE),
        (picture(3.998, 0), 4.0, Cause.VISIBLE),
        (picture(0.0, 0), 4.0, Cause.VISIBLE),
    ],
)
def test_cause(seen: Surfaces, z: float, expected: Cause) -> None:
    visibility, cause = one((5.5, 5.5), z, seen)
    assert cause == expected
    assert visibility == (Visibility.VISIBLE if expected == Cause.VISIBLE else Visibility.HIDDEN)


def test_behind_more_flesh_than_is_its_own_a_joint_is_hidden_by_its_own_body() -> None:
    seen = picture(4.0, 1, SKIN)
    assert one((5.5, 5.5), 4.15, seen, inner=0.15, most=0.16)[1] == Cause.VISIBLE
    assert one((5.5, 5.5), 4.15, seen, inner=0.15, most=0.14)[1] == Cause.OWN_BODY
    # Somebody else in front is met first.
    assert one((5.5, 5.5), 4.15, picture(3.0, 2), inner=np.inf)[1] == Cause.OTHER_PERSON


def test_flesh_is_measured_along_the_ray() -> None:
    # At 60° from the axis a gap of 5 cm in depth is 10 cm along the ray.
    wide = np.array([[4.05 * np.tan(np.radians(60.0)), 0.0, 4.05]])
    xy, most = np.array([[5.5, 5.5]]), np.array([1.0])
    for inner, expected in ((0.1, Cause.VISIBLE), (0.06, Cause.OWN_BODY)):
        assert judge(xy, wide, np.array([inner]), most, picture(4.0, 1, SKIN), 1, FOCAL)[1] == expected


def test_a_slope_is_followed_to_the_place_within_the_pixel() -> None:
    # A surface that falls away by 6 cm a pixel: 3 cm nearer at the pixel's left edge than in its middle.
    seen = picture(4.0, 1, SKIN)
    depth = 4.0 + 0.06 * (np.arange(20) - 5.0)
    sloped = Surfaces(np.tile(depth, (10, 1)).astype(np.float32), seen.instance, seen.body, seen.clothes)
    assert one((5.02, 5.5), 4.05 - 0.029, sloped)[1] == Cause.VISIBLE
    assert one((5.98, 5.5), 4.05 - 0.029 + 0.058, sloped)[1] == Cause.VISIBLE
    assert one((5.02, 5.5), 4.05, sloped)[1] == Cause.OWN_BODY


@pytest.mark.parametrize("xy", [(-0.01, 5.0), (20.0, 5.0), (5.0, 10.0), (np.nan, np.nan)])
def test_outside_the_picture(xy: tuple[float, float]) -> None:
    assert one(xy, 4.0, picture(5.0, 0)) == (Visibility.OUTSIDE, Cause.OUT_OF_FRAME)


def test_behind_the_camera_is_said_apart() -> None:
    assert one((5.0, 5.0), -1.0, picture(5.0, 0)) == (Visibility.OUTSIDE, Cause.BEHIND_CAMERA)


def test_a_point_that_there_is_not_is_absent() -> None:
    assert one((np.nan, np.nan), np.nan, picture(5.0, 0)) == (Visibility.OUTSIDE, Cause.ABSENT)


def test_only_what_is_worn_covers() -> None:
    covers = {entry.name: entry.cover for entry in CLOTHES}
    assert covers.pop("background") == 0.0 and min(covers.values()) > 0.0
    assert max(covers.values()) == covers["blades"] < 0.1

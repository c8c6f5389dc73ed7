"""Visibility and its cause against pictures small enough to reason about."""

from __future__ import annotations

import numpy as np
import pytest

from blender_addon.labels.visibility import Before, Flesh, Surfaces, judge
from blender_addon.labels.vocabulary import BODY_PART_INDEX, CLOTHES, CLOTHES_INDEX, PART_BASE, Cause, Visibility

FOREARM, FOOT, HAND = (BODY_PART_INDEX[name] for name in ("right_forearm", "right_foot", "right_hand"))
SKIN, SKIRT, UNITARD, TROUSERS, BOOTS, HAIR = (
    CLOTHES_INDEX[name] for name in ("skin", "skirt", "unitard", "trousers", "boots", "hair")
)
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


def one(
    xy: tuple[float, float],
    z: float,
    seen: Surfaces,
    own: float = 0.05,
    most: float = 0.1,
    every: float | None = None,
    part: int = FOREARM,
) -> tuple[int, int]:
    """`every`: as much as `own`."""
    before = Before(np.array([own]), np.array([own if every is None else every]))
    flesh = Flesh(np.array([most]), np.arange(PART_BASE)[None] == part)
    visibility, cause = judge(np.array([xy]), np.array([[0.0, 0.0, z]]), before, flesh, seen, 1, FOCAL)
    return int(visibility[0]), int(cause[0])


@pytest.mark.parametrize(
    ("seen", "z", "expected"),
    [
        (picture(4.0, 1, HAIR), 4.09, Cause.VISIBLE),
        (picture(4.0, 1, HAIR), 4.1, Cause.OWN_BODY),
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
    assert one((5.5, 5.5), 4.15, seen, own=0.15, most=0.16)[1] == Cause.VISIBLE
    assert one((5.5, 5.5), 4.15, seen, own=0.15, most=0.14)[1] == Cause.OWN_BODY
    # Somebody else in front is met first.
    assert one((5.5, 5.5), 4.15, picture(3.0, 2), own=0.15, most=0.14)[1] == Cause.OTHER_PERSON


@pytest.mark.parametrize("clothes", [SKIN, UNITARD])
def test_what_skin_tells_no_pixel_gainsays(clothes: int) -> None:
    # An arm at 3.9 m covers the pixel's middle; the point's own ray passes it, or the other way round.
    arm, behind = picture(3.9, 1, clothes), picture(4.0, 1, clothes)
    assert one((5.5, 5.5), 4.05, arm)[1] == Cause.VISIBLE
    assert one((5.5, 5.5), 4.05, behind, every=0.15)[1] == Cause.OWN_BODY
    assert one((5.5, 5.5), 4.05, picture(9.0, 0), every=0.15)[1] == Cause.OWN_BODY
    # Where there is no skin to go by, the pixel tells.
    assert one((5.5, 5.5), 4.05, arm, every=np.nan)[1] == Cause.OWN_BODY
    assert one((5.5, 5.5), 4.05, behind, every=np.nan)[1] == Cause.VISIBLE


def test_an_arm_in_a_loose_sleeve_is_clothing() -> None:
    assert one((5.5, 5.5), 4.15, picture(3.9, 1, TROUSERS), every=0.2)[1] == Cause.OWN_CLOTHING


def test_a_fold_of_the_own_flesh_is_not_another_part() -> None:
    assert one((5.5, 5.5), 4.05, picture(4.0, 1, SKIN), every=0.063)[1] == Cause.VISIBLE
    assert one((5.5, 5.5), 4.05, picture(4.0, 1, SKIN), every=0.065)[1] == Cause.OWN_BODY


def test_tights_over_a_boot_stand_off_from_the_skin() -> None:
    assert one((5.5, 5.5), 4.105, picture(4.0, 1, UNITARD, FOOT), part=FOOT)[1] == Cause.VISIBLE
    assert one((5.5, 5.5), 4.115, picture(4.0, 1, UNITARD, FOOT), part=FOOT)[1] == Cause.OWN_BODY


def test_a_boot_is_worn_on_its_foot_and_hides_the_hand_that_holds_it() -> None:
    boot = picture(4.0, 1, BOOTS, FOOT)
    assert one((5.5, 5.5), 4.03, boot, own=0.01, part=FOOT)[1] == Cause.VISIBLE
    assert one((5.5, 5.5), 4.03, boot, own=0.01, part=HAND)[1] == Cause.OWN_BODY
    assert one((5.5, 5.5), 4.012, boot, own=0.01, part=HAND)[1] == Cause.VISIBLE


def test_flesh_is_measured_along_the_ray() -> None:
    # At 60° from the axis a gap of 5 cm in depth is 10 cm along the ray.
    wide = np.array([[4.05 * np.tan(np.radians(60.0)), 0.0, 4.05]])
    flesh = Flesh(np.array([1.0]), np.zeros((1, PART_BASE), dtype=bool))
    for own, expected in ((0.06, Cause.VISIBLE), (0.04, Cause.OWN_BODY)):
        before = Before(np.array([own]), np.array([own]))
        assert judge(np.array([[5.5, 5.5]]), wide, before, flesh, picture(4.0, 1, HAIR), 1, FOCAL)[1] == expected


def test_a_slope_is_followed_to_the_place_within_the_pixel() -> None:
    # A surface that falls away by 6 cm a pixel: 3 cm nearer at the pixel's left edge than in its middle.
    seen = picture(4.0, 1, HAIR)
    depth = 4.0 + 0.06 * (np.arange(20) - 5.0)
    sloped = Surfaces(np.tile(depth, (10, 1)).astype(np.float32), seen.instance, seen.body, seen.clothes)
    assert one((5.02, 5.5), 4.09 - 0.029, sloped)[1] == Cause.VISIBLE
    assert one((5.98, 5.5), 4.09 - 0.029 + 0.058, sloped)[1] == Cause.VISIBLE
    assert one((5.02, 5.5), 4.09, sloped)[1] == Cause.OWN_BODY


def test_ice_beside_a_blade_slopes_on_as_it_does_on_its_other_side() -> None:
    depth = np.tile(4.0 - 0.06 * (np.arange(10.0) - 5.0)[:, None], (1, 20)).astype(np.float32)
    who = np.zeros((10, 20), np.uint8)
    who[:5] = 1
    ice = Surfaces(depth, who, np.zeros_like(who), np.zeros_like(who))
    assert one((5.5, 5.1), 4.02, ice, own=0.0)[1] == Cause.VISIBLE
    assert one((5.5, 5.9), 4.02, ice, own=0.0)[1] == Cause.SCENE


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

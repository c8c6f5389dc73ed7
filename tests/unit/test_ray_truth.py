"""The brute-force judge of visibility, on scenes whose answer is plain."""

from __future__ import annotations

import numpy as np
import pytest
from ray_truth import Shell, hits, judge

from blender_addon.labels.vocabulary import BODY_PART_INDEX, CLOTHES_INDEX, PART_BASE, Cause

TORSO, FOOT = BODY_PART_INDEX["torso"], BODY_PART_INDEX["left_foot"]


def plate(z: float, facing: float = -1.0, size: float = 1.0) -> np.ndarray:
    """(2, 3, 3) a square across the axis; `facing` −1 turns its outside to the camera."""
    a, b, c, d = (size * np.array(corner) for corner in ((-1, -1, 0), (-1, 1, 0), (1, 1, 0), (1, -1, 0)))
    triangles = np.array(((a, b, c), (a, c, d))) + np.array((0.0, 0.0, z))
    return triangles if facing < 0.0 else triangles[:, ::-1]


def shell(z: float, instance: int, garment: str = "skin", part: int = TORSO) -> Shell:
    return Shell(plate(z), instance, np.full(2, CLOTHES_INDEX[garment]), np.full(2, part))


# A slab of flesh from 5 m to 5.2 m.
SLAB = np.concatenate((plate(5.0), plate(5.2, 1.0)))


def cause(z: float, *shells: Shell, bare: np.ndarray = SLAB, most: float = 0.15, part: int = FOOT) -> int:
    parts = np.arange(PART_BASE)[None] == part
    return int(judge(np.array([[0.1, 0.2, z]]), np.array([most]), parts, 1, shells, bare)[0][0])


def test_rays_meet_triangles_where_they_are() -> None:
    met = hits(np.array([[0.1, 0.2, 10.0], [3.0, 0.0, 1.0]]), SLAB)
    assert met.ray.tolist() == [0, 0]
    assert sorted(zip(met.share.round(6).tolist(), met.outside.tolist(), strict=True)) == [(0.5, True), (0.52, False)]
    # One that passes the camera on either side.
    floor = np.array([[[-9.0, 1.0, -9.0], [9.0, 1.0, -9.0], [0.0, 1.0, 90.0]]])
    assert hits(np.array([[0.0, 1.0, 4.0], [0.0, -1.0, 4.0]]), floor).share.tolist() == pytest.approx([1.0])


@pytest.mark.parametrize(
    ("z", "shells", "expected"),
    [
        (5.1, (shell(5.0, 1),), Cause.VISIBLE),
        (5.1, (shell(4.98, 1, "leotard"), shell(5.0, 1)), Cause.VISIBLE),
        (5.1, (shell(4.9, 1, "leotard"), shell(5.0, 1)), Cause.OWN_BODY),
        (5.1, (shell(4.9, 1, "skirt"), shell(5.0, 1)), Cause.OWN_CLOTHING),
        (5.1, (shell(4.96, 1), shell(5.0, 1)), Cause.OWN_BODY),
        (5.1, (shell(4.96, 1, "tights", FOOT), shell(5.0, 1)), Cause.VISIBLE),
        (5.1, (shell(4.9, 2, "skirt"), shell(4.8, 1, "skirt")), Cause.OWN_CLOTHING),
        (5.1, (shell(4.7, 2, "skirt"), shell(4.8, 1, "skirt")), Cause.OTHER_PERSON),
        (5.1, (shell(1.0, 0), shell(4.7, 2)), Cause.SCENE),
        (5.1, (shell(5.3, 0), shell(5.4, 2)), Cause.VISIBLE),
        (5.18, (shell(5.0, 1),), Cause.OWN_BODY),
    ],
)
def test_cause(z: float, shells: tuple[Shell, ...], expected: Cause) -> None:
    assert cause(z, *shells) == expected


def test_a_boot_is_worn_on_its_own_foot_alone() -> None:
    boot = shell(4.96, 1, "boots", FOOT)
    assert cause(5.1, boot, part=FOOT) == Cause.VISIBLE
    assert cause(5.1, boot, part=BODY_PART_INDEX["right_hand"]) == Cause.OWN_BODY


def test_another_fold_of_the_body_hides_but_a_crease_does_not() -> None:
    for space, expected in ((0.05, Cause.OWN_BODY), (0.005, Cause.VISIBLE)):
        arm = np.concatenate((plate(4.9), plate(5.0 - space, 1.0)))
        own = Shell(arm, 1, np.full(4, CLOTHES_INDEX["skin"]), np.full(4, TORSO))
        assert cause(5.02, own, bare=np.concatenate((arm, SLAB))) == expected

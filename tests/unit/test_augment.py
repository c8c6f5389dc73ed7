"""Mirrored, faster, shaken: what must stay the same, and what must not."""

from __future__ import annotations

import numpy as np
import pytest

from mocap.augment import at_speed, mirrored, shaken
from mocap.closure import closure_error
from mocap.elements.demo import demo_take
from mocap.elements.library import element_take
from mocap.metrics.bodies import recorded_body
from mocap.metrics.limits import excess
from mocap.motion import Motion
from mocap.rotations import conjugate, multiply, rotate


@pytest.fixture(scope="module")
def take() -> Motion:
    return demo_take()


def flexion(motion: Motion, upper: str, lower: str, axis: tuple[float, float, float]) -> np.ndarray:
    j = motion.skeleton.index
    local = multiply(conjugate(motion.orientations[:, j(upper)]), motion.orientations[:, j(lower)])
    angle = 2.0 * np.degrees(np.arctan2(local[:, 1:] @ np.array(axis), local[:, 0]))
    return (angle + 180.0) % 360.0 - 180.0


def test_a_mirror_exchanges_the_sides(take: Motion) -> None:
    other = mirrored(take)
    left, right = (take.skeleton.index(name) for name in ("LeftHand", "RightHand"))
    np.testing.assert_allclose(other.positions[:, left], take.positions[:, right] * (-1, 1, 1))
    np.testing.assert_array_equal(other.contacts[:, :2], take.contacts[:, 2:])
    names = [event.name for event in other.events]
    assert "left back outside running edge" in names and "right back outside running edge" not in names
    tip = other.point("LeftHand", "pLeftTopOfHand")
    np.testing.assert_allclose(tip, take.point("RightHand", "pRightTopOfHand") * (-1, 1, 1), atol=1e-12)


def test_a_mirrored_body_holds_together_and_turns_the_other_way(take: Motion) -> None:
    other = mirrored(take)
    assert closure_error(other.skeleton, other.orientations, other.positions).max() < 1e-9
    turned = []
    for motion in (take, other):
        left = rotate(motion.orientations[:, 0], np.array((1.0, 0.0, 0.0)))
        turned.append(float(np.ptp(np.unwrap(np.arctan2(left[:, 1], left[:, 0])))))
        jump = next(e for e in motion.events if e.type == "jump")
        yaw = np.unwrap(np.arctan2(left[:, 1], left[:, 0]))[jump.start : jump.end + 1]
        turned.append(float(yaw[-1] - yaw[0]))
    assert turned[0] == pytest.approx(turned[2]) and turned[1] == pytest.approx(-turned[3]) and turned[1] > 5.0


def test_two_mirrors_give_the_take_back(take: Motion) -> None:
    twice = mirrored(mirrored(take))
    np.testing.assert_array_equal(twice.orientations, take.orientations)
    np.testing.assert_array_equal(twice.positions, take.positions)
    assert twice.events == take.events


def test_speed_changes_the_clock_alone(take: Motion) -> None:
    fast = at_speed(take, 1.25)
    assert fast.duration == pytest.approx(take.duration / 1.25)
    assert fast.positions is take.positions and fast.events == take.events


def test_noise_is_as_large_as_asked_for_and_follows_from_its_seed(take: Motion) -> None:
    noisy, again, other = shaken(take, 3.0, 1), shaken(take, 3.0, 1), shaken(take, 3.0, 2)
    np.testing.assert_array_equal(noisy.orientations, again.orientations)
    assert np.abs(noisy.orientations - other.orientations).max() > 0.01
    j = take.skeleton.index
    pair = [
        multiply(conjugate(m.orientations[:, j("T8")]), m.orientations[:, j("LeftShoulder")]) for m in (take, noisy)
    ]
    off = 2.0 * multiply(conjugate(pair[0]), pair[1])[:, 1:]
    assert np.degrees(np.sqrt((off**2).mean())) == pytest.approx(3.0, rel=0.4)


@pytest.mark.parametrize("degrees", [2.0, 8.0])
def test_noise_bends_no_joint_backwards_and_leaves_the_feet_that_are_down(take: Motion, degrees: float) -> None:
    for seed in range(5):
        noisy = shaken(take, degrees, seed)
        for side, elbow in (("Left", (0, 0, -1.0)), ("Right", (0, 0, 1.0))):
            assert flexion(noisy, f"{side}UpperLeg", f"{side}LowerLeg", (1, 0, 0)).min() > 0.0
            assert flexion(noisy, f"{side}UpperArm", f"{side}ForeArm", elbow).min() > -1.0
        foot = take.skeleton.index("RightFoot")
        held = slice(*(round(s * take.rate) for s in (5.4, 6.05)))
        assert np.linalg.norm(noisy.positions[held, foot] - take.positions[held, foot], axis=1).max() < 0.005
        off = multiply(conjugate(noisy.orientations[held, foot]), take.orientations[held, foot])
        assert np.degrees(2.0 * np.linalg.norm(off[:, 1:], axis=1)).max() < 1.0
        assert closure_error(noisy.skeleton, noisy.orientations, noisy.positions).max() < 1e-9


def test_noise_is_smooth(take: Motion) -> None:
    """A body sways: accelerations stay of the size that they had."""
    noisy = shaken(take, 3.0, 4)
    hand = take.skeleton.index("LeftHand")
    size = [
        np.linalg.norm(np.diff(m.positions[:, hand], 2, axis=0), axis=1).max() * take.rate**2 for m in (take, noisy)
    ]
    assert size[1] < 2.0 * size[0]


def test_noise_takes_no_joint_beyond_what_is_possible() -> None:
    """The Biellmann holds hips and shoulders near the end of what a body can do."""
    take = element_take("Biellmann spin")
    before = excess(recorded_body(take))
    plain = {joint: np.maximum(possible, 0.0) for joint, (_, possible) in before.items()}
    for seed in range(3):
        after = excess(recorded_body(shaken(take, 10.0, seed)))
        for joint, (_, possible) in after.items():
            assert (np.maximum(possible, 0.0) - plain[joint]).max() < 0.5, joint

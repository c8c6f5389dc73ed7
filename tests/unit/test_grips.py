"""Hands that hold a blade in the take hold it on the avatar, whatever its proportions."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mocap.elements.demo import demo_take
from mocap.elements.library import element_take
from mocap.motion import Motion
from mocap.retarget import retarget
from mocap.rig import PoseTrack
from mocap.rotations import from_matrix, multiply, rotate
from render_scripts.quality import Avatar, avatar


@pytest.fixture(scope="module")
def biellmann() -> Motion:
    return element_take("Biellmann spin")


def gap(a: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """(T,) metres from points to the segments between others."""
    line = end - start
    share = np.clip(np.sum((a - start) * line, axis=-1) / np.sum(line**2, axis=-1), 0.0, 1.0)
    return np.linalg.norm(a - start - share[:, None] * line, axis=-1)


def recorded_gap(motion: Motion, hand: str, foot: str) -> np.ndarray:
    """(T,) from the middle of the hand to the line of the sole."""
    j, f = motion.skeleton.index(f"{hand}Hand"), motion.skeleton.index(f"{foot}Foot")
    tip = motion.skeleton.points[f"{hand}Hand"][f"p{hand}TopOfHand"]
    palm = motion.positions[:, j] + rotate(motion.orientations[:, j], 0.5 * tip)
    toe = motion.skeleton.offsets[f + 1] + motion.skeleton.points[f"{foot}Toe"][f"p{foot}Toe"]
    heel = motion.skeleton.points[f"{foot}Foot"][f"p{foot}HeelFoot"]
    ends = [motion.positions[:, f] + rotate(motion.orientations[:, f], end * (0, 1, 1)) for end in (heel, toe)]
    return gap(palm, *ends)


def avatar_gap(track: PoseTrack, onto: Avatar, hand: str, foot: str) -> np.ndarray:
    """(T,) from where the fingers begin to the blade."""
    rig, limbs = onto.rig, onto.bones.limbs
    at = track.matrices[:, rig.index(limbs[foot].foot)] @ np.linalg.inv(rig.rest[rig.index(limbs[foot].foot)])
    toe, heel = (at[:, :3, :3] @ end + at[:, :3, 3] for end in onto.soles.points[foot][[0, -1]])
    return gap(track.matrices[:, rig.index(str(limbs[hand].knuckle("middle"))), :3, 3], heel, toe)


@pytest.mark.parametrize("body", ["tall", "short"])
@pytest.mark.parametrize("rig", ["default", "game_engine"])
def test_a_blade_that_is_held_stays_in_the_hand(biellmann: Motion, assets: Path, body: str, rig: str) -> None:
    """Without holds, the tall body's right hand is 11 cm from where it should be."""
    onto = avatar(body, rig, assets)
    track = retarget(biellmann, onto.rig, onto.bones, onto.soles, onto.volume)
    for hand in ("Left", "Right"):
        recorded = recorded_gap(biellmann, hand, "Right")
        held = recorded < 0.06
        assert held.sum() > 40
        assert np.abs(avatar_gap(track, onto, hand, "Right") - recorded)[held].max() < 0.01


def test_the_arm_keeps_its_length_and_does_not_jump(biellmann: Motion, assets: Path) -> None:
    onto = avatar("tall", "default", assets)
    track = retarget(biellmann, onto.rig, onto.bones, onto.soles, onto.volume)
    limbs = onto.bones.limbs["Right"]
    joints = [onto.rig.index(name) for name in (limbs.upper_arm[0], limbs.forearm[0], limbs.hand)]
    at = track.matrices[:, joints][..., :3, 3]
    lengths = np.linalg.norm(np.diff(at, axis=1), axis=-1)
    np.testing.assert_allclose(lengths, lengths[:1].repeat(len(lengths), axis=0), atol=2e-3)
    recorded = biellmann.positions[:, biellmann.skeleton.index("RightHand")]
    fastest = [np.linalg.norm(np.diff(p, axis=0), axis=1).max() for p in (recorded, at[:, 2])]
    assert fastest[1] < 1.6 * fastest[0]


def test_hands_that_hold_nothing_stay_as_recorded(assets: Path) -> None:
    """In the demo no hand comes near a foot: every arm turns exactly as its segments do."""
    motion = demo_take()
    onto = avatar("tall", "game_engine", assets)
    track = retarget(motion, onto.rig, onto.bones, onto.soles)
    limbs = onto.bones.limbs["Left"]
    bone = onto.rig.index(limbs.hand)
    turned = from_matrix(track.matrices[:, bone, :3, :3] @ onto.rig.rest[bone, :3, :3].T)
    hand = motion.orientations[:, motion.skeleton.index("LeftHand")]
    apart = multiply(hand * (1, -1, -1, -1), turned)
    assert np.ptp(np.abs(apart[:, 0])) < 1e-6

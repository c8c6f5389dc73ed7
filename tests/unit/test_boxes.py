"""Boxes round people in the world."""

from __future__ import annotations

import numpy as np
import pytest
from skater_poses import LANDING, SIT_SPIN, SPIRAL, pose

from blender_addon.cast import GarmentSpec, SkaterSpec
from blender_addon.labels.boxes import Box3D, box_of, facing_of
from blender_addon.skater.build import build_human
from blender_addon.skater.human import Human, skin
from mocap.axes import FORWARD

NOWHERE = np.empty((0, 3))


@pytest.fixture(scope="module")
def human(assets: object) -> Human:
    worn = ("leotard", "skirt", "tights", "boots", "blades")
    return build_human(SkaterSpec(garments={name: GarmentSpec() for name in worn}), assets)  # type: ignore[arg-type]


def turned(angle: float, about: str = "z") -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    first, second = {"z": (0, 1), "x": (1, 2)}[about]
    out = np.eye(4)
    out[first, first], out[first, second], out[second, first], out[second, second] = c, -s, s, c
    return out


def within(box: Box3D, points: np.ndarray) -> np.ndarray:
    """(N, 3) how far points are from the middle, in halves of the box."""
    c, s = np.cos(box.yaw), np.sin(box.yaw)
    axes = np.array(((c, s, 0.0), (-s, c, 0.0), (0.0, 0.0, 1.0)))
    return (points - np.array(box.center)) @ axes.T / (0.5 * np.array(box.size))


@pytest.mark.parametrize("turns", [{}, SIT_SPIN, SPIRAL, LANDING])
def test_a_box_holds_everything_and_no_more(human: Human, turns: dict[str, tuple[np.ndarray, float]]) -> None:
    bones = turned(0.7) @ pose(human.rig, turns).matrices[0]
    box = box_of(human, bones, NOWHERE)
    every = np.concatenate([skin(m.vertices, m.bones, m.weights, human.rig.rest, bones) for m in human.meshes])
    out = within(box, every) * 0.5 * np.array(box.size)
    assert np.abs(out.max(axis=0) - 0.5 * np.array(box.size)).max() < 0.002
    assert np.abs(out.min(axis=0) + 0.5 * np.array(box.size)).max() < 0.002


def test_a_box_turns_with_the_person_and_keeps_its_size(human: Human) -> None:
    rest = human.rig.rest
    still = box_of(human, rest, NOWHERE)
    assert still.yaw == pytest.approx(np.arctan2(FORWARD[1], FORWARD[0]))
    assert still.size[1] > still.size[0]
    assert still.center[2] == pytest.approx(0.5 * still.size[2], abs=0.002)
    for angle in (0.4, -1.3):
        box = box_of(human, turned(angle) @ rest, NOWHERE)
        assert box.size == pytest.approx(still.size, abs=1e-9)
        assert np.angle(np.exp(1j * (box.yaw - still.yaw - angle))) == pytest.approx(0.0, abs=1e-9)


def test_lying_forward_or_bent_back_a_skater_still_faces_the_same_way(human: Human) -> None:
    for lean in (80.0, 90.0, 120.0, -60.0):
        yaw = facing_of(human, turned(np.radians(lean), "x") @ human.rig.rest)
        assert yaw == pytest.approx(-0.5 * np.pi, abs=1e-6)


def test_cloth_that_is_elsewhere_is_in_the_box(human: Human) -> None:
    far = np.array([[3.0, -0.2, 1.0]])
    box = box_of(human, human.rig.rest, far)
    assert np.abs(within(box, far)).max() == pytest.approx(1.0)

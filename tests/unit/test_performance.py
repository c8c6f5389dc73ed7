"""From a spec to a moving skater: what a clip asks of its motion is what the skater does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from blender_addon.cast import GarmentSpec, MotionSpec, PlacementSpec, SkaterSpec
from blender_addon.skater.build import build_human
from blender_addon.skater.performance import Performance, load_motion, perform
from mocap.elements.library import ELEMENTS
from mocap.errors import UserError
from mocap.travel import along, curve_through

SMALL = SkaterSpec(phenotype={"age": 0.25, "height": 0.3}, garments={"boots": GarmentSpec()})


def pelvis(performance: Performance) -> np.ndarray:
    root = performance.human.rig.names.index("root")
    return performance.track.matrices[:, root, :3, 3]


def test_a_path_is_followed_in_metres_by_a_child_too(assets: Path) -> None:
    points = ((-20.0, -8.0), (0.0, 6.0), (20.0, -8.0))
    spec = replace(SMALL, placement=PlacementSpec(root="path", path=points, pace=3.0))
    at = pelvis(perform(spec, build_human(spec, assets), 10.0, 61))
    expected, _ = along(curve_through(points), 3.0 * np.arange(61) / 10.0)
    assert np.linalg.norm(at[:, :2] - expected, axis=1).max() < 0.5
    assert np.linalg.norm(at[0, :2] - points[0]) < 0.2


def test_a_take_lies_where_it_was_put(assets: Path) -> None:
    spec = replace(SMALL, placement=PlacementSpec(x=15.0, y=-6.0, heading=1.0))
    at = pelvis(perform(spec, build_human(spec, assets), 10.0, 41))[:, :2]
    assert np.abs(0.5 * (at.min(axis=0) + at.max(axis=0)) - (15.0, -6.0)).max() < 0.15


def test_in_place_stays_in_place(assets: Path) -> None:
    spec = replace(SMALL, placement=PlacementSpec(x=3.0, root="in_place"))
    assert np.ptp(pelvis(perform(spec, build_human(spec, assets), 10.0, 41))[:, :2], axis=0).max() < 0.7


def test_mirror_speed_and_noise_reach_the_motion() -> None:
    plain = load_motion(MotionSpec())
    changed = load_motion(MotionSpec(mirror=True, speed=1.2, noise=2.0, seed=3))
    assert changed.duration == pytest.approx(plain.duration / 1.2)
    assert any("left back outside" in event.name for event in changed.events)
    assert not np.allclose(changed.orientations, load_motion(MotionSpec(mirror=True)).orientations, atol=1e-3)


def test_an_element_is_a_motion_like_any_other() -> None:
    short = load_motion(MotionSpec(element="axel", parameters={"turns": 1.0}))
    long = load_motion(MotionSpec(element="axel", parameters={"turns": 3.0}))
    turns = [next(e.turns for e in motion.events if e.type == "jump") for motion in (short, long)]
    assert turns == [1.5, 3.5] and "axel" in ELEMENTS
    with pytest.raises(UserError, match="Did you mean 'axel'"):
        load_motion(MotionSpec(element="axle"))


def test_lengths_change_the_body_and_are_told(assets: Path) -> None:
    plain, long = (build_human(replace(SMALL, lengths=lengths), assets) for lengths in ({}, {"legs": 1.2}))
    assert plain.facts["legs_factor"] == 1.0 and long.facts["legs_factor"] == 1.2
    assert long.facts["stature"] > plain.facts["stature"] + 0.08
    assert set(plain.facts) == set(long.facts)
